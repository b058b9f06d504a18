package connect_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// forgeAPI notes who calls, and refuses the tokens that are named bad.
type forgeAPI struct {
	mu    sync.Mutex
	calls []string
	bad   []string
	// narrow are tokens without the scopes for any call.
	narrow []string
	// offline is what the GraphQL API answers.
	offline string
}

func (a *forgeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	body, _ := io.ReadAll(r.Body)
	a.calls = append(a.calls, r.URL.Path+" "+token+" "+r.Header.Get("User-Agent"))
	switch {
	case slices.Contains(a.narrow, token):
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprint(w, `{"code":401,"message":"Unauthorized; scope does not match"}`)
	case slices.Contains(a.bad, token):
		w.WriteHeader(http.StatusUnauthorized)
	case r.URL.Path == "/graphql":
		_, _ = fmt.Fprint(w, a.offline)
		a.calls = append(a.calls, string(body))
	}
}

func (a *forgeAPI) refuses(tokens ...string) { a.mu.Lock(); defer a.mu.Unlock(); a.bad = tokens }

func (a *forgeAPI) lacksScope(tokens ...string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.narrow = tokens
}

func (a *forgeAPI) seen() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := a.calls
	a.calls = nil
	return list
}

func newForgeAPI(t *testing.T) (*forgeAPI, *forgeSide, *connect.Tenant) {
	t.Helper()
	a := new(forgeAPI)
	f := newForgeSide(t, a.ServeHTTP)
	caller, err := f.Caller(t.Context(), f.call(t, pageInvocation(), "", ""), connect.ForgePage)
	if err != nil {
		t.Fatal(err)
	}
	return a, f, caller.Tenant()
}

func getAs(t *testing.T, through http.RoundTripper, address string) (int, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := through.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

func TestForgeUser(t *testing.T) {
	t.Parallel()
	a, f, tenant := newForgeAPI(t)
	address := tenant.APIBaseURL + "/rest/api/3/myself"
	f.Outbound.GraphQLURL = ""
	if _, err := getAs(t, f.Outbound.User(tenant, testAccount), address); !errors.Is(err, connect.ErrNoConsent) || !errors.Is(err, connect.ErrImpersonation) {
		t.Errorf("without a token: got %v", err)
	}
	user := oauth("user", time.Hour)
	if _, err := f.Caller(t.Context(), f.call(t, pageInvocation(), "", user), connect.ForgePage); err != nil {
		t.Fatal(err)
	}
	if status, err := getAs(t, f.Outbound.User(tenant, testAccount), address); err != nil || status != 200 {
		t.Errorf("got %d, %v", status, err)
	}
	if got, want := fmt.Sprint(a.seen()), "[/ex/jira/"+forgeCloud+"/rest/api/3/myself "+user+" test/1]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for name, through := range map[string]http.RoundTripper{
		"somebody else": f.Outbound.User(tenant, "somebody"), "nobody": f.Outbound.User(tenant, ""),
	} {
		if _, err := getAs(t, through, address); !errors.Is(err, connect.ErrNoConsent) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	// One that ends is not used, one that Jira refuses neither.
	f.now = testStart.Add(time.Hour - 20*time.Second)
	if _, err := getAs(t, f.Outbound.User(tenant, testAccount), address); !errors.Is(err, connect.ErrNoConsent) {
		t.Errorf("ended: got %v", err)
	}
	f.now = testStart
	a.refuses(user)
	if _, err := getAs(t, f.Outbound.User(tenant, testAccount), address); !errors.Is(err, connect.ErrNoConsent) {
		t.Errorf("refused: got %v", err)
	}
	if f.Outbound.Knows(tenant, testAccount) {
		t.Error("a refused token is kept")
	}
}

// A good token that lacks a scope is kept, another token would not help, and
// the installation is not gone: an admin has to approve a new version.
func TestForgeMissingScope(t *testing.T) {
	t.Parallel()
	a, f, tenant := newForgeAPI(t)
	address := tenant.APIBaseURL + "/rest/api/3/myself"
	user, system := oauth("user", time.Hour), oauth("system", time.Hour)
	f.store.token, f.store.expires = connect.NewSecret(system), testStart.Add(time.Hour)
	if _, err := f.Caller(t.Context(), f.call(t, pageInvocation(), "", user), connect.ForgePage); err != nil {
		t.Fatal(err)
	}
	a.seen()
	a.lacksScope(user, system)
	for name, through := range map[string]http.RoundTripper{"person": f.Outbound.User(tenant, testAccount), "app": f.Outbound.App(tenant)} {
		if status, err := getAs(t, through, address); err != nil || status != http.StatusUnauthorized {
			t.Errorf("%s: got %d, %v", name, status, err)
		}
		if calls := a.seen(); len(calls) != 1 {
			t.Errorf("%s: %d calls, want 1: %q", name, len(calls), calls)
		}
	}
	if !f.Outbound.Knows(tenant, testAccount) {
		t.Error("a good token is gone")
	}
	if f.store.refused > 0 {
		t.Errorf("%d refusals are counted", f.store.refused)
	}
}

// Jira may end a person's token and give another one in the same second: of two
// that expire together the one that came last is used.
func TestForgeUserAnew(t *testing.T) {
	t.Parallel()
	a, f, tenant := newForgeAPI(t)
	first, second := oauth("first", time.Hour), oauth("second", time.Hour)
	for _, token := range []string{first, second} {
		if _, err := f.Caller(t.Context(), f.call(t, pageInvocation(), "", token), connect.ForgePage); err != nil {
			t.Fatal(err)
		}
	}
	a.refuses(first)
	if status, err := getAs(t, f.Outbound.User(tenant, testAccount), tenant.APIBaseURL+"/rest/api/3/myself"); err != nil || status != 200 {
		t.Errorf("got %d, %v", status, err)
	}
}

// A call goes below the tenant's API alone: all sites share one origin.
func TestForgeStaysBelow(t *testing.T) {
	t.Parallel()
	a, f, tenant := newForgeAPI(t)
	f.store.token, f.store.expires = connect.NewSecret(oauth("system", time.Hour)), testStart.Add(time.Hour)
	base := strings.TrimSuffix(tenant.APIBaseURL, "/ex/jira/"+forgeCloud)
	for _, address := range []string{
		base + "/ex/jira/other/rest/api/3/myself", base + "/graphql", base + "/", tenant.APIBaseURL,
		tenant.APIBaseURL + "-2/rest", tenant.APIBaseURL + "/../other/rest", tenant.APIBaseURL + "/%2e%2e/other",
		"http://127.0.0.1:1/ex/jira/" + forgeCloud + "/rest", "https://evil.example/ex/jira/" + forgeCloud + "/rest",
	} {
		if _, err := getAs(t, f.Outbound.App(tenant), address); !errors.Is(err, connect.ErrForeignOrigin) {
			t.Errorf("%s: got %v", address, err)
		}
	}
	nowhere := *tenant
	nowhere.APIBaseURL = ""
	if _, err := getAs(t, f.Outbound.App(&nowhere), base+"/rest"); !errors.Is(err, connect.ErrForeignOrigin) {
		t.Errorf("got %v", err)
	}
	if calls := a.seen(); len(calls) > 0 {
		t.Errorf("sent %v", calls)
	}
}

func TestForgeApp(t *testing.T) {
	t.Parallel()
	a, f, tenant := newForgeAPI(t)
	address := tenant.APIBaseURL + "/rest/api/3/search"
	if _, err := getAs(t, f.Outbound.App(tenant), address); !errors.Is(err, connect.ErrNoAppToken) {
		t.Errorf("without a token: got %v", err)
	}
	old, renewed := oauth("system", time.Hour), oauth("newer", 2*time.Hour)
	f.store.token, f.store.expires = connect.NewSecret(old), testStart.Add(time.Hour)
	if status, err := getAs(t, f.Outbound.App(tenant), address); err != nil || status != 200 {
		t.Errorf("got %d, %v", status, err)
	}
	// Jira refuses it; another process has stored a new one meanwhile.
	a.refuses(old)
	a.seen()
	f.store.token, f.store.expires = connect.NewSecret(renewed), testStart.Add(2*time.Hour)
	if status, err := getAs(t, f.Outbound.App(tenant), address); err != nil || status != 200 || len(a.seen()) != 2 {
		t.Errorf("got %d, %v", status, err)
	}
	// It refuses that, too: two calls at most, counted once in ten minutes.
	a.refuses(old, renewed)
	f.Outbound.Forget(tenant.ID)
	f.store.refused = 0
	for range 3 {
		if status, err := getAs(t, f.Outbound.App(tenant), address); err != nil || status != 401 {
			t.Errorf("got %d, %v", status, err)
		}
	}
	if f.store.refused != 1 {
		t.Errorf("counted %d refusals, want 1", f.store.refused)
	}
	f.now = testStart.Add(3 * time.Hour)
	if _, err := getAs(t, f.Outbound.App(tenant), address); !errors.Is(err, connect.ErrNoAppToken) {
		t.Errorf("ended: got %v", err)
	}
}

// A person who is not there: Forge gives a token where it was granted.
func TestForgeOffline(t *testing.T) {
	t.Parallel()
	a, f, tenant := newForgeAPI(t)
	system, user := oauth("system", time.Hour), oauth("offline", time.Hour)
	f.store.token, f.store.expires = connect.NewSecret(system), testStart.Add(time.Hour)
	address := tenant.APIBaseURL + "/rest/api/3/myself"
	a.offline = `{"data":{"offlineUserAuthToken":{"success":true,"authToken":{"token":"` + user + `","ttl":3600}}}}`
	for range 3 {
		if status, err := getAs(t, f.Outbound.User(tenant, testAccount), address); err != nil || status != 200 {
			t.Errorf("got %d, %v", status, err)
		}
	}
	calls := a.seen()
	if len(calls) != 5 || calls[0] != "/graphql "+system+" test/1" ||
		!strings.Contains(calls[1], `"contextIds":["ari:cloud:jira::site/`+forgeCloud+`"],"userId":"`+testAccount+`"`) {
		t.Errorf("got %q", calls)
	}
	// Not granted: asked once an hour, for whomever.
	a.offline = `{"data":{"offlineUserAuthToken":{"success":false,"errors":[{"message":"no"}]}}}`
	for _, account := range []connect.AccountID{"a", "b", "c"} {
		if _, err := getAs(t, f.Outbound.User(tenant, account), address); !errors.Is(err, connect.ErrNoConsent) {
			t.Errorf("got %v", err)
		}
	}
	if calls := a.seen(); len(calls) != 2 {
		t.Errorf("got %q", calls)
	}
}

// A thousand people in any minute, over the whole app.
func TestForgeOfflineLimit(t *testing.T) {
	t.Parallel()
	a, f, tenant := newForgeAPI(t)
	other := *tenant
	other.ID = "another"
	f.store.token, f.store.expires = connect.NewSecret(oauth("system", time.Hour)), testStart.Add(time.Hour)
	a.offline = `{"data":{"offlineUserAuthToken":{"success":true,"authToken":{"token":"x","ttl":3600}}}}`
	people := 0
	for _, step := range []struct {
		at         time.Duration
		ask, given int
	}{
		{0, 300, 300},
		{59 * time.Second, 710, 700},
		{time.Minute - time.Millisecond, 10, 0},
		{time.Minute, 310, 300},
		{119 * time.Second, 710, 700},
	} {
		f.now = testStart.Add(step.at)
		given := 0
		for range step.ask {
			people++
			of := tenant
			if people%2 == 0 {
				of = &other
			}
			_, err := getAs(t, f.Outbound.User(of, connect.AccountID(fmt.Sprint("p", people))), of.APIBaseURL+"/x")
			switch {
			case err == nil:
				given++
			case !isBusy(err):
				t.Fatal(err)
			}
		}
		if given != step.given {
			t.Errorf("after %s: %d of %d got a token, want %d", step.at, given, step.ask, step.given)
		}
	}
}

// A person's token is theirs alone, in one installation.
func TestForgeOfflineKept(t *testing.T) {
	t.Parallel()
	a, f, tenant := newForgeAPI(t)
	f.store.token, f.store.expires = connect.NewSecret(oauth("system", time.Hour)), testStart.Add(time.Hour)
	a.offline = `{"data":{"offlineUserAuthToken":{"success":true,"authToken":{"token":"x","ttl":3600}}}}`
	asks := func(name string, of *connect.Tenant, account connect.AccountID, want bool) {
		t.Helper()
		a.seen()
		if _, err := getAs(t, f.Outbound.User(of, account), of.APIBaseURL+"/x"); err != nil {
			t.Fatal(err)
		}
		if got := strings.HasPrefix(a.seen()[0], "/graphql"); got != want {
			t.Errorf("%s: asked %t, want %t", name, got, want)
		}
	}
	moved := *tenant
	moved.ForgeInstallation = "another"
	asks("the first call", tenant, "one", true)
	asks("the same person", tenant, "one", false)
	asks("another person", tenant, "two", true)
	asks("the same person at another installation", &moved, "one", true)
	f.now = testStart.Add(58 * time.Minute)
	asks("before it ends", tenant, "one", false)
	f.now = testStart.Add(time.Hour)
	f.store.token, f.store.expires = connect.NewSecret(oauth("system", 2*time.Hour)), testStart.Add(2*time.Hour)
	asks("after it ended", tenant, "one", true)
}
