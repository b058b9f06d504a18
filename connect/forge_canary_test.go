package connect_test

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// forgedAddresses are values of apiBaseUrl that would bring a call to a host of
// the sender's choice, or to another place of the API's.
func forgedAddresses(api, canary string) []string {
	const path = "/ex/jira/" + forgeCloud
	a, c := strings.TrimPrefix(api, "http://"), strings.TrimPrefix(canary, "http://")
	host, _, _ := net.SplitHostPort(a)
	addresses := []string{
		canary + path, canary, canary + "/" + api + path, "http://" + a + "@" + c + path, "http://" + a + ":x@" + c + path,
		"http://user@" + a + path, "http://" + c + "@" + a + path, api + "@" + c + path, api + `\@` + c + path, api + "%40" + c + path,
		api + "." + c + path, api + "%00." + c + path, api + "#@" + c + path, api + "?@" + c + path, api + "#" + path, api + "?" + path,
		"//" + c + path, `\\` + c + path, "http:" + c + path, "http:///" + c + path, "http:/" + c + path, "HTTP://" + c + path,
		"http://" + host + path, "http://" + host + ":1" + path, api + "0" + path, api + ":80" + path, api + ".:80" + path,
		"https://" + a + path, "ftp://" + c + path, "file://" + c + path, "javascript:" + path,
		"http://localhost:" + c[strings.LastIndexByte(c, ':')+1:] + path, "http://[::ffff:" + host + "]" + c[len(host):] + path,
		"http://2130706433" + c[len(host):] + path, "http://0177.0.0.1" + c[len(host):] + path, "http://127.1" + c[len(host):] + path,
		"http://169.254.169.254" + path, "http://[::1]" + path, "http://0.0.0.0" + c[len(host):] + path,
		api, api + "/", api + "/ex/jira", api + "/ex/jira/", api + "//" + c + path, api + "/../" + c + path, api + "/ex/jira/../.." + path,
		api + "/ex/jira/..", api + "/ex/jira/.", api + "/ex/jira/%2e%2e", api + "/ex/jira/x%2f..%2f" + forgeCloud, api + "/ex//jira/" + forgeCloud,
		api + "/EX/jira/" + forgeCloud, api + "/ex/files/" + forgeCloud, api + path + "/", api + path + "/..", api + path + "/rest", api + path + "//" + c,
		api + path + "?x=" + canary, api + path + "#" + canary, api + path + ";" + canary, api + path + "@" + c, api + path + "\r\nHost: " + c,
		api + path + "\n", api + path + " ", " " + api + path, "\t" + api + path, api + "/ex/jira/" + strings.Repeat("a", 65), api + "/ex/jira/ü", api + "/ex/jira/%",
	}
	// The last part of a good address is the site's id, which must not become
	// a way elsewhere either.
	for _, id := range []string{"@" + c, ":80", "." + c, `\` + c, "?", "#", "%0a", "\x00", "*", "a b", "a,b", "a'b", "a\"b", "<a>"} {
		addresses = append(addresses, api+"/ex/jira/"+id)
	}
	return addresses
}

// watched carries calls and notes to which host and address they go.
type watched struct {
	mu    sync.Mutex
	hosts []string
	plain http.Transport
}

func newWatched() *watched {
	w := new(watched)
	w.plain.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		w.note("dial " + address)
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	return w
}

func (w *watched) note(host string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hosts = append(w.hosts, host)
}

func (w *watched) RoundTrip(r *http.Request) (*http.Response, error) {
	w.note(r.URL.Host)
	return w.plain.RoundTrip(r)
}

func (w *watched) seen() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.hosts)
}

// drive takes a call through all that would use its address: the question for
// the Connect tenant, and calls of the app and of the person.
func (f *forgeSide) drive(t *testing.T, v *connect.ForgeVerifier, c claimSet) error {
	t.Helper()
	r := invoke(forgeToken(c))
	r.Header.Set("X-Forge-Oauth-System", oauth("system", time.Hour))
	r.Header.Set("X-Forge-Oauth-User", oauth("user", time.Hour))
	i, err := v.Verify(r, forgeGadget())
	if err != nil {
		return err
	}
	caller, err := f.Caller(t.Context(), i, connect.ForgePage)
	if err != nil {
		return err
	}
	tenant := caller.Tenant()
	for _, through := range []http.RoundTripper{f.Outbound.App(tenant), f.Outbound.User(tenant, caller.Account()), f.Outbound.User(tenant, "absent")} {
		if address, err := url.Parse(tenant.APIBaseURL + "/rest/api/3/myself"); err == nil {
			_, _ = getAs(t, through, address.String())
		}
	}
	return nil
}

// No address that a token names, however well signed, makes us call anything but
// the one API.
func TestForgeCanary(t *testing.T) {
	t.Parallel()
	canary, canaryCalls := keyHost(t, text(`{"value":"stolen"}`))
	api, apiCalls := keyHost(t, http.NotFound)
	f, w := newForgeSide(t, http.NotFound), newWatched()
	f.ConnectKey, f.Outbound.Base, f.Outbound.GraphQLURL = testAppKey, w, api.URL+"/graphql"
	v := newForge()
	v.APIURL = api.URL
	named := func(address string) claimSet {
		return pageInvocation().inApp(claimSet{"apiBaseUrl": address, "installation": absent{}}).inContext(claimSet{"cloudId": absent{}})
	}
	for _, address := range forgedAddresses(api.URL, canary.URL) {
		if err := f.drive(t, v, named(address)); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
	if got := w.seen(); len(got) > 0 || canaryCalls.Load()+apiCalls.Load() > 0 || len(f.store.saved) > 0 {
		t.Errorf("called %v, stored %d installations", got, len(f.store.saved))
	}

	if err := f.drive(t, v, named(api.URL+"/ex/jira/"+forgeCloud)); err != nil {
		t.Error(err)
	}
	own := strings.TrimPrefix(api.URL, "http://")
	for _, host := range w.seen() {
		if strings.TrimPrefix(host, "dial ") != own {
			t.Errorf("called %s", host)
		}
	}
	if canaryCalls.Load() > 0 || apiCalls.Load() < 3 {
		t.Errorf("%d calls of the canary, %d of the API", canaryCalls.Load(), apiCalls.Load())
	}
}
