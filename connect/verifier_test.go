package connect_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

func hexSHA256(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func TestHost(t *testing.T) {
	t.Parallel()
	a := newApp()
	c, err := a.Host(page(gadgetPath, hostToken(pageClaims())))
	if err != nil {
		t.Fatal(err)
	}
	if c.Tenant().ID != "tenant-1" || c.Account() != testAccount || !c.Item().IsZero() {
		t.Errorf("got %v, %v, %v", c.Tenant().ID, c.Account(), c.Item())
	}
	c, err = a.Host(page(gadgetPath, hostToken(pageClaims().with(claimSet{"sub": absent{}}))))
	if err != nil || c.Account() != "" {
		t.Errorf("anonymous viewer: got %v, %v", c, err)
	}
	if a.store.reads != 1 {
		t.Errorf("got %d reads of the store, want 1", a.store.reads)
	}
}

// Tokens made by Atlassian's own library.
func TestHostForeignTokens(t *testing.T) {
	t.Parallel()
	const (
		pageToken    = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJjbGllbnQta2V5LTEiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDE4MCwic3ViIjoiNWIxMGFjOGQ4MmUwNWIyMmNjN2Q0ZWY1IiwicXNoIjoiZDM3NTU4OTkzOTA1ZDY1ZjU5YzI5ZGMwNTllZDEzNDFjZTg0NzkxYTdlMWNkZjQ2ZDA1ZDkxOTI5NWY4NTdlOSJ9.lAShKafZBN95xf4shYNe-O9_ie13ZhXmeqQMKIJ9M0Q"
		contextToken = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJjbGllbnQta2V5LTEiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDE4MCwic3ViIjoiNWIxMGFjOGQ4MmUwNWIyMmNjN2Q0ZWY1IiwicXNoIjoiY29udGV4dC1xc2giLCJjb250ZXh0Ijp7ImppcmEiOnsiaXNzdWUiOnsiaWQiOiIxMDAwMSIsImtleSI6IkFCQy0xIn0sInByb2plY3QiOnsiaWQiOiIxMDAwMCIsImtleSI6IkFCQyJ9fX19.9eTr-fOJ9q56ymYfOEI0WLHs1kHLC9HDWPqhb4bvmpE"
		ownToken     = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJjb20uZXhhbXBsZS5hcHAiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDE4MCwicXNoIjoiYzU5MDYxNTQzMWNkZGFkNjlkYzQ2ZjgwMzY2Mzc0YjU1MGE2MDc2MDMwNWZkNWVlMDI4ZGVlMDExYTcwNzM3MyIsImF1ZCI6WyJjbGllbnQta2V5LTEiXX0.1BbxArUX7tupDBIBQF0XTSiKyeD5FvWDy9HXIYBFoBc"
	)
	tests := []struct {
		name, token   string
		host, context string
	}{
		{"page", pageToken, "", connect.CodeQSHNotContext},
		{"context", contextToken, connect.CodeQSHContext, ""},
		{"the app's own", ownToken, connect.CodeIssuer, connect.CodeIssuer},
	}
	for _, tt := range tests {
		a := newApp()
		c, err := a.Host(page(gadgetPath, tt.token))
		wantCode(t, err, tt.host)
		if err == nil && c.Account() != testAccount {
			t.Errorf("%s: got %q", tt.name, c.Account())
		}
		_, err = a.Context(call("GET", "/connect/api", tt.token, ""))
		wantCode(t, err, tt.context)
		_, err = a.Session(call("GET", "/connect/api", tt.token, ""))
		if err == nil {
			t.Errorf("%s: accepted as a session", tt.name)
		}
	}
}

func TestHostRefusesClaims(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) int64 { return testStart.Add(d).Unix() }
	tests := []struct {
		name   string
		change claimSet
		want   string
	}{
		{"no issuer", claimSet{"iss": absent{}}, connect.CodeIssuer},
		{"issuer is a number", claimSet{"iss": 1}, connect.CodeMalformed},
		{"issuer is the app", claimSet{"iss": testAppKey}, connect.CodeIssuer},
		{"unknown issuer", claimSet{"iss": "client-key-2"}, connect.CodeUnknownTenant},
		{"audience is the tenant", claimSet{"aud": testClientKey}, ""},
		{"audience is another", claimSet{"aud": []string{"other", testClientKey}}, connect.CodeAudience},
		{"audience is a number", claimSet{"aud": 5}, connect.CodeMalformed},
		{"subject is an object", claimSet{"sub": claimSet{}}, connect.CodeMalformed},

		{"no qsh", claimSet{"qsh": absent{}}, connect.CodeQSHMissing},
		{"null qsh", claimSet{"qsh": nil}, connect.CodeQSHMissing},
		{"empty qsh", claimSet{"qsh": ""}, connect.CodeQSHMissing},
		{"number qsh", claimSet{"qsh": 5}, connect.CodeMalformed},
		{"wrong qsh", claimSet{"qsh": hexSHA256("")}, connect.CodeQSHMismatch},
		{"upper case qsh", claimSet{"qsh": strings.ToUpper(gadgetQSH)}, connect.CodeQSHMismatch},
		{"shortened qsh", claimSet{"qsh": gadgetQSH[:63]}, connect.CodeQSHMismatch},
		{"qsh of another method", claimSet{"qsh": connect.QSH("POST", "/gadget", "x=1", "")}, connect.CodeQSHMismatch},
		{"qsh of another path", claimSet{"qsh": connect.QSH("GET", "/gadgets", "x=1", "")}, connect.CodeQSHMismatch},
		{"qsh under the other base URL", claimSet{"qsh": connect.QSH("GET", "/connect/gadget", "x=1", "/none")}, ""},
		{"qsh of another query", claimSet{"qsh": connect.QSH("GET", "/gadget", "x=2", "")}, connect.CodeQSHMismatch},
		{"context-qsh", claimSet{"qsh": "context-qsh"}, connect.CodeQSHContext},

		{"no exp", claimSet{"exp": absent{}}, connect.CodeNoExpiry},
		{"null exp", claimSet{"exp": nil}, connect.CodeNoExpiry},
		{"exp within the leeway", claimSet{"exp": at(-29 * time.Second)}, ""},
		{"exp past", claimSet{"exp": at(-30 * time.Second)}, connect.CodeExpired},
		{"clock three minutes behind", claimSet{"iat": at(3 * time.Minute), "exp": at(6 * time.Minute)}, connect.CodeNotYet},
		{"clock three minutes ahead", claimSet{"iat": at(-6 * time.Minute), "exp": at(-3 * time.Minute)}, connect.CodeExpired},
		{"exp with a fraction", claimSet{"exp": float64(at(0)) + 60.5}, connect.CodeMalformed},
		{"exp is a text", claimSet{"exp": "1700000180"}, connect.CodeMalformed},
		{"exp negative", claimSet{"exp": -1}, connect.CodeExpired},
		{"exp in the year 9999", claimSet{"exp": 253402300799}, connect.CodeLifetime},
		{"exp out of range", claimSet{"exp": 1e300}, connect.CodeMalformed},
		{"exp is the greatest number", claimSet{"exp": int64(1<<63 - 1)}, connect.CodeExpired},
		{"exp in a day", claimSet{"exp": at(24 * time.Hour)}, ""},
		{"no iat", claimSet{"iat": absent{}}, connect.CodeMalformed},
		{"iat within the leeway", claimSet{"iat": at(30 * time.Second)}, ""},
		{"iat in the future", claimSet{"iat": at(31 * time.Second)}, connect.CodeNotYet},
		{"nbf within the leeway", claimSet{"nbf": at(30 * time.Second)}, ""},
		{"nbf in the future", claimSet{"nbf": at(31 * time.Second)}, connect.CodeNotYet},
		{"nbf is a text", claimSet{"nbf": "soon"}, connect.CodeMalformed},
		{"unknown claims", claimSet{"context": claimSet{"jira": claimSet{}}, "x": []int{1}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := newApp().Host(page(gadgetPath, hostToken(pageClaims().with(tt.change))))
			wantCode(t, err, tt.want)
		})
	}
}

func TestHostRefusesShapes(t *testing.T) {
	t.Parallel()
	for name, tt := range shapes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newApp().Host(page(gadgetPath, tt.token))
			wantCode(t, err, tt.want)
			_, err = newApp().Context(page(gadgetPath, tt.token))
			wantCode(t, err, tt.want)
		})
	}
}

func TestHostTokenPlaces(t *testing.T) {
	t.Parallel()
	ok := hostToken(pageClaims())
	tests := []struct {
		name    string
		target  string
		headers []string
		cookie  bool
		want    string
	}{
		{"nowhere", gadgetPath, nil, false, connect.CodeMissing},
		{"header", gadgetPath, []string{"JWT " + ok}, false, ""},
		{"query", gadgetPath + "&jwt=" + ok, nil, false, ""},
		{"query and other authentication", gadgetPath + "&jwt=" + ok, []string{"Basic eDp5"}, false, ""},
		{"query and header", gadgetPath + "&jwt=" + ok, []string{"JWT " + ok}, false, connect.CodeTwoTokens},
		{"query twice", gadgetPath + "&jwt=" + ok + "&jwt=" + ok, nil, false, connect.CodeTwoTokens},
		{"query twice, one empty", gadgetPath + "&jwt=" + ok + "&jwt=", nil, false, connect.CodeTwoTokens},
		{"two headers", gadgetPath, []string{"JWT " + ok, "JWT " + ok}, false, connect.CodeTwoTokens},
		{"two headers, one other", gadgetPath, []string{"Basic eDp5", "JWT " + ok}, false, connect.CodeTwoTokens},
		{"lower-case scheme", gadgetPath, []string{"jwt " + ok}, false, connect.CodeMissing},
		{"Bearer", gadgetPath, []string{"Bearer " + ok}, false, connect.CodeMissing},
		{"no scheme", gadgetPath, []string{ok}, false, connect.CodeMissing},
		{"scheme without token", gadgetPath, []string{"JWT "}, false, connect.CodeMissing},
		{"two spaces", gadgetPath, []string{"JWT  " + ok}, false, connect.CodeMalformed},
		{"upper-case parameter", gadgetPath + "&JWT=" + ok, nil, false, connect.CodeMissing},
		{"cookie", gadgetPath, nil, true, connect.CodeMissing},
	}
	for _, tt := range tests {
		r := httptest.NewRequest(http.MethodGet, tt.target, nil)
		r.Header["Authorization"] = tt.headers
		if tt.cookie {
			r.AddCookie(&http.Cookie{Name: "jwt", Value: ok})
		}
		_, err := newApp().Host(r)
		if got := code(err); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestHostMismatchExplains(t *testing.T) {
	t.Parallel()
	_, err := newApp().Host(page("/connect/gadget?x=2", hostToken(pageClaims())))
	var refused *connect.AuthError
	if !errors.As(err, &refused) || refused.Got != gadgetQSH || refused.Want != "GET&/gadget&x=2" {
		t.Errorf("got %+v", err)
	}
}

// What a proxy or client says about the address counts for nothing.
func TestHostIgnoresForwarding(t *testing.T) {
	t.Parallel()
	a := newApp()
	r := page(gadgetPath, hostToken(pageClaims()))
	r.Host = "evil.example.com"
	for name, value := range map[string]string{
		"X-Forwarded-Host": "evil.example.com", "X-Forwarded-Proto": "http", "X-Forwarded-Prefix": "/evil",
		"Forwarded": "host=evil.example.com;proto=http", "X-Original-Url": "/other", "X-Rewrite-Url": "/other",
		"X-Http-Method-Override": "POST",
	} {
		r.Header.Set(name, value)
	}
	if _, err := a.Host(r); err != nil {
		t.Error(err)
	}
	r = call("POST", "/connect/installed", installToken(installClaims("/connect/installed").with(claimSet{"aud": "https://evil.example.com"})), installBody(nil))
	r.Host = "evil.example.com"
	r.Header.Set("X-Forwarded-Host", "evil.example.com")
	_, err := a.Install(r, []byte(installBody(nil)))
	wantCode(t, err, connect.CodeAudience)
}

// Handlers in front of the verifier may cut the URL's path.
func TestHostBehindStripPrefix(t *testing.T) {
	t.Parallel()
	a := newApp()
	var got error
	h := http.StripPrefix("/connect", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, got = a.Host(r) }))
	h.ServeHTTP(httptest.NewRecorder(), page(gadgetPath, hostToken(pageClaims())))
	if got != nil {
		t.Error(got)
	}
}

func TestHostTenantStates(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*memoryStore)
		want   string
	}{
		{"disabled", func(s *memoryStore) { setTenant(s, connect.StateDisabled, testSecret) }, connect.CodeInactiveTenant},
		{"uninstalled", func(s *memoryStore) { setTenant(s, connect.StateUninstalled, "") }, connect.CodeInactiveTenant},
		{"without a secret", func(s *memoryStore) { setTenant(s, connect.StateActive, "") }, connect.CodeInactiveTenant},
		{"store down", func(s *memoryStore) { s.err = errStore }, "failure: find tenant: the store is down"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newApp()
			tt.change(a.store)
			_, err := a.Host(page(gadgetPath, hs256(claimSet{"alg": "HS256"}, pageClaims(), "")))
			wantCode(t, err, tt.want)
			_, err = a.Context(page(gadgetPath, hostToken(contextClaims())))
			wantCode(t, err, tt.want)
		})
	}
}

func setTenant(s *memoryStore, state connect.State, secret string) {
	t := s.tenants[testClientKey]
	t.State, t.SharedSecret = state, connect.NewSecret(secret)
	s.tenants[testClientKey] = t
}

func TestContext(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change claimSet
		want   string
	}{
		{"right", nil, ""},
		{"anonymous", claimSet{"sub": absent{}}, ""},
		{"signed page", claimSet{"qsh": gadgetQSH}, connect.CodeQSHNotContext},
		{"no qsh", claimSet{"qsh": absent{}}, connect.CodeQSHMissing},
		{"other case", claimSet{"qsh": "Context-QSH"}, connect.CodeQSHNotContext},
		{"from the app", claimSet{"iss": testAppKey}, connect.CodeIssuer},
		{"expired", claimSet{"exp": testStart.Unix() - 60}, connect.CodeExpired},
	}
	for _, tt := range tests {
		_, err := newApp().Context(call("POST", gadgetPath, hostToken(contextClaims().with(tt.change)), ""))
		if got := code(err); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
