package connect_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
)

// hello runs the example's app under a base path, on a site of its own.
func hello(t *testing.T, path string) (*connecttest.Site, *connect.Memory, string) {
	t.Helper()
	site := connecttest.NewSite(t)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	hosts, err := connect.ParseHostPatterns([]string{strings.TrimPrefix(site.URL(), "http://")})
	if err != nil {
		t.Fatal(err)
	}
	store := &connect.Memory{}
	app, err := connect.NewApp(connect.AppConfig{
		Descriptor: []byte(helloDescriptor), BaseURL: server.URL + path, Store: store, Hosts: hosts,
		KeysURL: site.URL() + "/install-keys", TokenURL: site.URL() + "/oauth2/token",
	})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/", app)
	mux.Handle("GET "+path+"/page", app.Page(func(w http.ResponseWriter, _ *http.Request, c *connect.Caller) error {
		_, err := fmt.Fprint(w, c.Account())
		return err
	}))
	return site, store, server.URL + path
}

func TestAppInstallsAndServesPages(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "/some/where"} {
		t.Run("under "+path, func(t *testing.T) {
			t.Parallel()
			site, store, address := hello(t, path)
			app, err := site.Install(t.Context(), address+connect.DescriptorPath)
			if err != nil {
				t.Fatal(err)
			}
			account := site.People()[0].AccountID
			page, err := site.ModuleURL("hello", "page", account, "", "")
			if err != nil {
				t.Fatal(err)
			}
			framedBySite(t, page, site.URL())
			framedBySite(t, address+"/page", "'none'") // refused
			if status, body := get(t, page); status != http.StatusOK || body != account {
				t.Errorf("page: %d %q, want %q", status, body, account)
			}
			if status, _ := get(t, page+"&changed=1"); status != http.StatusUnauthorized {
				t.Errorf("changed page: %d, want 401", status)
			}
			if _, err := site.Rotate(t.Context(), "hello"); err != nil {
				t.Fatal(err)
			}
			if status, _ := get(t, page); status != http.StatusUnauthorized {
				t.Errorf("page signed with the old secret: %d, want 401", status)
			}
			if tenant, err := store.TenantByClientKey(t.Context(), connect.ClientKey(app.ClientKey)); err != nil || tenant.Generation != 2 {
				t.Errorf("after a rotation: %+v, %v", tenant, err)
			}
		})
	}
}

func TestAppRefuses(t *testing.T) {
	t.Parallel()
	_, _, address := hello(t, "")
	for _, tc := range []struct {
		method, path, body string
		want               int
	}{
		{http.MethodPost, "/installed", `{"clientKey":"a"}`, http.StatusUnauthorized},
		{http.MethodPost, "/installed", `[]`, http.StatusUnauthorized},
		{http.MethodPost, "/installed", strings.Repeat("x", 1<<20), http.StatusRequestEntityTooLarge},
		{http.MethodGet, "/installed", "", http.StatusNotFound},
		{http.MethodPost, "/uninstalled", "{}", http.StatusNotFound},
		{http.MethodPost, "/", "{}", http.StatusNotFound},
		{http.MethodPost, connect.DescriptorPath, "{}", http.StatusNotFound},
		{http.MethodGet, connect.DescriptorPath, "", http.StatusOK},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tc.method, address+tc.path, strings.NewReader(tc.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != tc.want {
			t.Errorf("%s %s: %d, want %d", tc.method, tc.path, resp.StatusCode, tc.want)
		}
	}
}

func TestNewAppChecksTheDescriptor(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]connect.AppConfig{
		"no descriptor": {BaseURL: "https://app.example"},
		"plain http":    {Descriptor: []byte(helloDescriptor), BaseURL: "http://app.example"},
		"not a url":     {Descriptor: []byte(helloDescriptor), BaseURL: "https://app.example\x00"},
	} {
		if _, err := connect.NewApp(config); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestMemory(t *testing.T) {
	t.Parallel()
	var m connect.Memory
	ctx := t.Context()
	if _, err := m.TenantByClientKey(ctx, "a"); !errors.Is(err, connect.ErrNotFound) {
		t.Errorf("unknown tenant: %v", err)
	}
	if _, err := m.SetState(ctx, "a", connect.StateDisabled, time.Time{}); !errors.Is(err, connect.ErrNotFound) {
		t.Errorf("state of an unknown tenant: %v", err)
	}
	save := func(secret string) *connect.Tenant {
		tenant, err := m.SaveInstall(ctx, connect.Install{ClientKey: "a", SharedSecret: connect.NewSecret(secret)})
		if err != nil {
			t.Fatal(err)
		}
		return tenant
	}
	first, second := save("one"), save("two")
	if second.Generation <= first.Generation || second.SharedSecret.Reveal() != "two" {
		t.Errorf("reinstall: generation %d after %d", second.Generation, first.Generation)
	}
	for _, state := range []connect.State{connect.StateUninstalled, connect.StateDisabled, connect.StateActive} {
		tenant, err := m.SetState(ctx, "a", state, time.Time{})
		if err != nil || tenant.State != connect.StateUninstalled || !tenant.SharedSecret.IsZero() {
			t.Errorf("after uninstall and %s: %+v, %v", state, tenant, err)
		}
	}
	if third := save("three"); third.State != connect.StateActive {
		t.Errorf("reinstall after uninstall: %s", third.State)
	}
}

func get(t *testing.T, address string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// What the configuration puts around the signing transport carries the calls
// of both clients, and gets signed ones through.
func TestAppAround(t *testing.T) {
	t.Parallel()
	var seen []string
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"access_token":"abc","expires_in":900}`)
			return
		}
		scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		seen = append(seen, r.Header.Get("X-Around")+" "+scheme)
	}))
	defer host.Close()
	app, err := connect.NewApp(connect.AppConfig{
		Descriptor: []byte(helloDescriptor), BaseURL: "https://app.example", Store: &connect.Memory{}, TokenURL: host.URL + "/token",
		Around: func(tenant *connect.Tenant, signed http.RoundTripper) http.RoundTripper {
			return around{string(tenant.ID), signed}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	tenant := &connect.Tenant{ID: "one", BaseURL: host.URL, SharedSecret: connect.NewSecret("s"), OAuthClientID: "o"}
	for _, client := range []*http.Client{app.Client(tenant), app.UserClient(tenant, "ann", "READ")} {
		resp, err := client.Get(host.URL + "/rest")
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
	}
	if want := []string{"one JWT", "one Bearer"}; !slices.Equal(seen, want) {
		t.Errorf("got %q, want %q", seen, want)
	}
}

type around struct {
	tenant string
	signed http.RoundTripper
}

func (a around) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Around", a.tenant)
	return a.signed.RoundTrip(r)
}

// framedBySite checks the headers of a page.
func framedBySite(t *testing.T, address, ancestor string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	h := resp.Header
	if got := h.Get("Content-Security-Policy"); !strings.HasPrefix(got, "frame-ancestors "+ancestor) {
		t.Errorf("%s: got %q, want it framed by %s alone", address, got, ancestor)
	}
	if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%s: got %v", address, h)
	}
}

// The calls of a page's script, with either kind of token; neither passes for the
// other, and a handler that fails says nothing of why.
func TestAppScriptCalls(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	var log strings.Builder
	app, err := connect.NewApp(connect.AppConfig{
		Descriptor: []byte(helloDescriptor), BaseURL: server.URL, Store: &connect.Memory{}, SessionKeys: [][]byte{make([]byte, 32)},
		KeysURL: site.URL() + "/install-keys", Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	who := func(w http.ResponseWriter, _ *http.Request, c *connect.Caller) error {
		_, err := fmt.Fprint(w, c.Account(), " ", c.Item().Item)
		return err
	}
	mux.Handle("/", app)
	mux.Handle("/context", app.Context(who))
	mux.Handle("/session", app.Session(who))
	mux.Handle("/page", app.Page(func(w http.ResponseWriter, _ *http.Request, c *connect.Caller) error {
		token, err := app.Sessions.Mint(c, connect.DashboardItem{Dashboard: "1", Item: "2"})
		if err == nil {
			_, err = fmt.Fprint(w, token.Reveal())
		}
		return err
	}))
	mux.Handle("/fails", app.Context(func(http.ResponseWriter, *http.Request, *connect.Caller) error { return errors.New("disk full") }))
	if _, err := site.Install(t.Context(), server.URL+connect.DescriptorPath); err != nil {
		t.Fatal(err) // the key address admitted the site
	}
	account := site.People()[0].AccountID
	page, err := site.ModuleURL("hello", "page", account, "", "")
	if err != nil {
		t.Fatal(err)
	}
	_, session := get(t, page)
	token, err := site.ContextToken("hello", account)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		path, token string
		status      int
		body        string
	}{
		{"/context", token, http.StatusOK, account + " "},
		{"/session", session, http.StatusOK, account + " 2"},
		{"/context", session, http.StatusUnauthorized, "the request could not be verified\n"},
		{"/session", token, http.StatusUnauthorized, "the request could not be verified\n"},
		{"/page", token, http.StatusUnauthorized, "the request could not be verified\n"},
		{"/fails", token, http.StatusInternalServerError, "the request could not be answered\n"},
	} {
		req := httptest.NewRequest(http.MethodGet, tt.path, nil)
		req.Header.Set("Authorization", "JWT "+tt.token)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, req)
		if w.Code != tt.status || w.Body.String() != tt.body {
			t.Errorf("%s: got %d %q, want %d %q", tt.path, w.Code, w.Body, tt.status, tt.body)
		}
	}
	for _, want := range []string{connect.CodeQSHContext, connect.CodeNotSession, "disk full"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s: %s", want, &log)
		}
	}
	if strings.Contains(log.String(), token) || strings.Contains(log.String(), session) {
		t.Error("a token is in the log")
	}
}

// A key address on this machine admits its own host and no other; Atlassian's
// admits none.
func TestAppDefaultHosts(t *testing.T) {
	t.Parallel()
	for keys, want := range map[string]string{
		"": "*.atlassian.net, *.jira.com", "http://127.0.0.1:2990/install-keys": "*.atlassian.net, *.jira.com, 127.0.0.1:2990",
		"http://localhost:80/k": "*.atlassian.net, *.jira.com, localhost:80", "http://[::1]:2990/k": "*.atlassian.net, *.jira.com, [::1]:2990",
		"https://keys.example.com/k": "*.atlassian.net, *.jira.com", "http://127.0.0.1.example.com": "*.atlassian.net, *.jira.com",
	} {
		app, err := connect.NewApp(connect.AppConfig{
			Descriptor: []byte(helloDescriptor), BaseURL: "https://hello.example.com", Store: &connect.Memory{}, KeysURL: keys,
		})
		if err != nil || app.Verifier.Hosts.String() != want {
			t.Errorf("%q: got %s, %v, want %s", keys, app.Verifier.Hosts, err, want)
		}
	}
}

// Who verifies without an App has no client of an App.
func TestCallerWithoutApp(t *testing.T) {
	t.Parallel()
	site, store, address := hello(t, "")
	app, err := site.Install(t.Context(), address+connect.DescriptorPath)
	if err != nil {
		t.Fatal(err)
	}
	token, err := site.ContextToken(app.Key, site.People()[0].AccountID)
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	req.Header.Set("Authorization", "JWT "+token)
	c, err := (&connect.Verifier{AppKey: app.Key, Tenants: store}).Context(req)
	if err != nil {
		t.Fatal(err)
	}
	client, base := c.API()
	if _, err := client.Get(base); err == nil || !strings.Contains(err.Error(), "without an App") {
		t.Errorf("got %v", err)
	}
}
