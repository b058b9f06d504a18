package absence_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/internal/absence"
)

const file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test\r\nEND:VCALENDAR\r\n"

// internet is a small one: names with addresses, and servers at some of these.
type internet struct {
	names   map[string][]string
	servers map[string]string // where an address is really served
	dialled []string
}

func (i *internet) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	var found []netip.Addr
	for _, text := range i.names[host] {
		found = append(found, netip.MustParseAddr(text))
	}
	if found == nil {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return found, nil
}

func (i *internet) dial(ctx context.Context, network, address string) (net.Conn, error) {
	i.dialled = append(i.dialled, address)
	at, ok := i.servers[address]
	if !ok {
		return nil, errors.New("nobody there")
	}
	return (&net.Dialer{}).DialContext(ctx, network, at)
}

func (i *internet) fetcher(hosts ...string) absence.Fetcher {
	return absence.Fetcher{Hosts: hosts, Resolver: i, Dial: i.dial, TLS: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // a test's own server
}

// serve serves on the internet, at an address.
func (i *internet) serve(t *testing.T, address string, h http.HandlerFunc) {
	t.Helper()
	server := httptest.NewTLSServer(h)
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	i.servers[address] = u.Host
}

func newInternet(t *testing.T) *internet {
	t.Helper()
	i := &internet{
		names: map[string][]string{
			"calendar.example": {"93.184.216.34"}, "moved.example": {"93.184.216.35"}, "intranet.example": {"10.0.0.7"},
			"both.example": {"93.184.216.34", "127.0.0.1"}, "metadata.example": {"169.254.169.254"}, "six.example": {"fd00::7"},
			"mapped.example": {"::ffff:10.0.0.7"}, "gateway.example": {"64:ff9b::a00:7"}, "shared.example": {"100.64.0.1"},
		},
		servers: map[string]string{},
	}
	i.serve(t, "93.184.216.34:443", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/team.ics":
			_, _ = w.Write([]byte(file))
		case "/large":
			_, _ = w.Write(make([]byte, 1<<20+1))
		case "/full":
			_, _ = w.Write([]byte(strings.Repeat(" ", 1<<20)))
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/to":
			http.Redirect(w, r, r.URL.Query().Get("u"), http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	})
	i.serve(t, "93.184.216.35:443", func(w http.ResponseWriter, r *http.Request) {
		if r.Referer() != "" {
			t.Errorf("the address was told to another host: %s", r.Referer())
		}
		_, _ = w.Write([]byte(file))
	})
	private := func(http.ResponseWriter, *http.Request) { t.Error("a private server was asked") }
	for _, address := range []string{"10.0.0.7:443", "127.0.0.1:443", "169.254.169.254:443", "[fd00::7]:443", "[::1]:443"} {
		i.serve(t, address, private)
	}
	return i
}

func TestFetch(t *testing.T) {
	t.Parallel()
	i := newInternet(t)
	to := func(u string) string { return "https://calendar.example/to?u=" + url.QueryEscape(u) }
	for address, want := range map[string]error{
		"https://calendar.example/team.ics":  nil,
		"webcal://calendar.example/team.ics": nil,
		"https://93.184.216.34/team.ics":     nil,
		"https://calendar.example/full":      nil,
		to("https://moved.example/x?y=z"):    nil,
		to("/team.ics"):                      nil,

		"https://calendar.example/large":   absence.TooLarge,
		"https://calendar.example/nothing": absence.Refused,
		"https://calendar.example/round":   absence.Refused,
		"https://calendar.example:444/":    absence.Unreachable,
		"https://nobody.example/":          absence.Unreachable,

		"https://intranet.example/":     absence.Private,
		"https://both.example/":         absence.Private, // one address is enough
		"https://metadata.example/":     absence.Private,
		"https://six.example/":          absence.Private,
		"https://mapped.example/":       absence.Private,
		"https://gateway.example/":      absence.Private,
		"https://shared.example/":       absence.Private,
		"https://127.0.0.1/":            absence.Private,
		"https://[::1]/":                absence.Private,
		"https://[fe80::1%25eth0]/":     absence.Private,
		"https://0.0.0.0/":              absence.Private,
		to("https://intranet.example/"): absence.Private,
		to("https://127.0.0.1:443/"):    absence.Private,
		to("https://both.example/"):     absence.Private,
		to("https://[::1]/"):            absence.Private,
		to("http://moved.example/"):     absence.NotAddress,
		to("file:///etc/passwd"):        absence.NotAddress,

		"":                                       absence.NotAddress,
		"http://calendar.example/team.ics":       absence.NotAddress,
		"file:///etc/passwd":                     absence.NotAddress,
		"https:calendar.example":                 absence.NotAddress,
		"https:///team.ics":                      absence.NotAddress,
		"https://calendar.example/\x00":          absence.NotAddress,
		"https://a/" + strings.Repeat("x", 2000): absence.NotAddress,
	} {
		body, err := i.fetcher().Fetch(t.Context(), address)
		if !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%q: %v, want %v", address, err, want)
		}
		if err == nil && len(body) == 0 {
			t.Errorf("%q: nothing", address)
		}
		if err != nil && strings.Contains(err.Error(), "example") {
			t.Errorf("%q: the error names the address: %v", address, err)
		}
	}
}

// TestFetchFromAllowedHosts lets an operator's own hosts be private, those only.
func TestFetchFromAllowedHosts(t *testing.T) {
	t.Parallel()
	i := newInternet(t)
	answer := func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(file)) }
	i.serve(t, "10.0.0.7:443", answer)
	i.serve(t, "10.0.0.7:8443", answer)
	for _, tc := range []struct {
		address, host string
		want          error
	}{
		{"https://intranet.example/a", "intranet.example", nil},
		{"https://INTRANET.example./a", "Intranet.Example", absence.Unreachable}, // allowed, but no such name
		{"https://intranet.example:8443/a", "intranet.example:8443", nil},
		{"https://intranet.example/a", "intranet.example:8443", absence.Private},
		{"https://intranet.example/a", "other.example", absence.Private},
		{"https://10.0.0.7/a", "10.0.0.7", nil},
		{"https://10.0.0.7/a", "intranet.example", absence.Private}, // the name is allowed, not the address
		{"https://calendar.example/to?u=https://intranet.example/", "intranet.example", nil},
	} {
		if _, err := i.fetcher(tc.host).Fetch(t.Context(), tc.address); !errors.Is(err, tc.want) {
			t.Errorf("%s with %s: %v, want %v", tc.address, tc.host, err, tc.want)
		}
	}
}

// TestFetchChecksWhatItDials resolves once: a name that answers otherwise the second
// time is dialled at the address that was checked.
func TestFetchChecksWhatItDials(t *testing.T) {
	t.Parallel()
	i := newInternet(t)
	if _, err := i.fetcher().Fetch(t.Context(), "https://calendar.example/team.ics"); err != nil {
		t.Fatal(err)
	}
	if len(i.dialled) != 1 || i.dialled[0] != "93.184.216.34:443" {
		t.Errorf("dialled %v", i.dialled)
	}
}

func TestFetchEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	i := newInternet(t)
	ctx, cancel := context.WithCancel(t.Context())
	i.serve(t, "93.184.216.36:443", func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	i.names["slow.example"] = []string{"93.184.216.36"}
	if _, err := i.fetcher().Fetch(ctx, "https://slow.example/"); !errors.Is(err, absence.Unreachable) {
		t.Error(err)
	}
}
