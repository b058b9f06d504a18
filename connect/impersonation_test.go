package connect_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
)

// actSite is a site with its token endpoint. Each token is named after its
// number; the API takes those that accept allows.
type actSite struct {
	*httptest.Server
	exchanges atomic.Int64
	calls     atomic.Int64
	lifetime  int
	accept    func(token string) bool
	onToken   func(http.ResponseWriter, *http.Request) bool // true: answered
	onCall    func(*http.Request)

	mu    sync.Mutex
	forms []map[string]string
}

func newActSite(t *testing.T) *actSite {
	t.Helper()
	s := &actSite{lifetime: 900, accept: func(string) bool { return true }}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth2/token", s.token)
	mux.HandleFunc("/rest/", s.call)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *actSite) token(w http.ResponseWriter, r *http.Request) {
	n := s.exchanges.Add(1)
	if s.onToken != nil && s.onToken(w, r) {
		return
	}
	s.mu.Lock()
	s.forms = append(s.forms, map[string]string{
		"type": r.Header.Get("Content-Type"), "grant_type": r.FormValue("grant_type"),
		"assertion": r.FormValue("assertion"), "scope": r.FormValue("scope"),
	})
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","expires_in":%d,"token_type":"Bearer"}`, n, s.lifetime)
}

func (s *actSite) call(w http.ResponseWriter, r *http.Request) {
	s.calls.Add(1)
	if s.onCall != nil {
		s.onCall(r)
	}
	if !s.accept(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	_, _ = io.Copy(w, r.Body)
}

func (s *actSite) outbound() *connect.Outbound {
	out := newOutbound(s.Client().Transport)
	out.TokenURL = s.URL + "/oauth2/token"
	return out
}

// status makes a call and returns its status.
func (s *actSite) status(t *testing.T, rt http.RoundTripper) int {
	t.Helper()
	resp, err := outboundGet(t, rt, s.URL+"/rest/x")
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}

func wantCount(t *testing.T, what string, got *atomic.Int64, want int64) {
	t.Helper()
	if got.Load() != want {
		t.Errorf("%s: got %d, want %d", what, got.Load(), want)
	}
}

func TestUserAssertion(t *testing.T) {
	t.Parallel()
	site := newActSite(t)
	tenant := outboundTenant(site.URL)
	site.status(t, site.outbound().User(tenant, "557058:ann", "write", "READ", "write"))
	form := site.forms[0]
	claims := payload(t, form["assertion"])
	delete(form, "assertion")
	wantForm := map[string]string{
		"type": "application/x-www-form-urlencoded", "scope": "READ WRITE",
		"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
	}
	if diff := cmp.Diff(wantForm, form); diff != "" {
		t.Errorf("form (-want +got):\n%s", diff)
	}
	wantClaims := map[string]any{
		"iss": "urn:atlassian:connect:clientid:oauth-client-1", "sub": "urn:atlassian:connect:useraccountid:557058:ann",
		"tnt": site.URL, "aud": site.URL, "iat": 1700000000.0, "exp": 1700000060.0,
	}
	if diff := cmp.Diff(wantClaims, claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

type refusedToken struct {
	name   string
	answer func(http.ResponseWriter, *http.Request) bool
	want   connect.TokenError
}

func refusedTokens() []refusedToken {
	reply := func(status int, body string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
			return true
		}
	}
	endless := func(w http.ResponseWriter, r *http.Request) bool {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, `{"access_token":"`+strings.Repeat("a", 4096)); err != nil {
				break
			}
		}
		return true
	}
	return []refusedToken{
		{"invalid grant", reply(400, `{"error":"invalid_grant","error_description":"secret words"}`), connect.TokenError{Status: 400, Code: "invalid_grant"}},
		{"unauthorized", reply(401, `{"error":"unauthorized_client"}`), connect.TokenError{Status: 401, Code: "unauthorized_client"}},
		{"server error", reply(500, `oops`), connect.TokenError{Status: 500}},
		{"code is no word", reply(400, `{"error":"<script>secret words"}`), connect.TokenError{Status: 400}},
		{"code is long", reply(400, `{"error":"`+strings.Repeat("x", 65)+`"}`), connect.TokenError{Status: 400}},
		{"code is no text", reply(400, `{"error":{"a":1}}`), connect.TokenError{Status: 400}},
		{"html", reply(200, `<html>secret words</html>`), connect.TokenError{Status: 200}},
		{"empty", reply(200, ``), connect.TokenError{Status: 200}},
		{"no token", reply(200, `{"expires_in":900}`), connect.TokenError{Status: 200}},
		{"token breaks the header", reply(200, `{"access_token":"a\r\nX: y","expires_in":900}`), connect.TokenError{Status: 200}},
		{"truncated", reply(200, `{"access_token":"abc`), connect.TokenError{Status: 200}},
		{"created", reply(201, `{"access_token":"abc","expires_in":900}`), connect.TokenError{Status: 201}},
		{"endless", endless, connect.TokenError{Status: 200}},
		{"redirect", func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "/rest/steal", http.StatusTemporaryRedirect)
			return true
		}, connect.TokenError{Status: 307}},
	}
}

func TestUserTokenRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range refusedTokens() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			site := newActSite(t)
			site.onToken = tc.answer
			_, err := outboundGet(t, site.outbound().User(outboundTenant(site.URL), "ann"), site.URL+"/rest/x")
			var got *connect.TokenError
			if !errors.As(err, &got) || !errors.Is(err, connect.ErrImpersonation) {
				t.Fatalf("got %v, want a TokenError that is ErrImpersonation", err)
			}
			if *got != tc.want {
				t.Errorf("got %+v, want %+v", *got, tc.want)
			}
			text := err.Error()
			if !strings.Contains(text, "tenant-1") || strings.Contains(text, "secret words") || strings.Contains(text, "eyJ") {
				t.Errorf("got %q, want the tenant and nothing of the exchange", text)
			}
			wantCount(t, "calls", &site.calls, 0)
		})
	}
}

func TestUserCannotBeActedAs(t *testing.T) {
	t.Parallel()
	const home = "https://acme.atlassian.net"
	noClient, noSecret := outboundTenant(home), outboundTenant(home)
	noClient.OAuthClientID = ""
	noSecret.SharedSecret = connect.Secret{}
	cases := []struct {
		name          string
		tenant        *connect.Tenant
		account       connect.AccountID
		tokenURL      string
		impersonation bool
	}{
		{"anonymous", outboundTenant(home), "", "", true},
		{"no oauth client", noClient, "ann", "", true},
		{"no secret", noSecret, "ann", "", false},
		{"bad token url", outboundTenant(home), "ann", "ftp://x", false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			net := &wire{}
			out := newOutbound(net)
			out.TokenURL = tc.tokenURL
			_, err := outboundGet(t, out.User(tc.tenant, tc.account), home)
			if err == nil || errors.Is(err, connect.ErrImpersonation) != tc.impersonation {
				t.Errorf("got %v, want an error, ErrImpersonation: %v", err, tc.impersonation)
			}
			if len(net.sent) != 0 {
				t.Errorf("sent %d requests, want none", len(net.sent))
			}
		})
	}
}
