package connect_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
)

const outboundSecret = "secret-0123456789abcdef0123456789"

var outboundNow = time.Unix(1700000000, 0)

func outboundTenant(baseURL string) *connect.Tenant {
	return &connect.Tenant{
		ID: "tenant-1", ClientKey: "client-key-1", BaseURL: baseURL, State: connect.StateActive,
		SharedSecret: connect.NewSecret(outboundSecret), OAuthClientID: "oauth-client-1", Generation: 1,
	}
}

// wire is a network that records what is sent and answers 204.
type wire struct{ sent []*http.Request }

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	w.sent = append(w.sent, req)
	return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody, Request: req}, nil
}

func newOutbound(base http.RoundTripper) *connect.Outbound {
	return &connect.Outbound{
		AppKey: "com.example.app", UserAgent: "sightline/test", Base: base,
		Now: func() time.Time { return outboundNow },
	}
}

// payload is what a token claims, once its signature has been checked.
func payload(t *testing.T, token string) map[string]any {
	t.Helper()
	key := func(*jwt.Token) (any, error) { return []byte(outboundSecret), nil }
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithoutClaimsValidation())
	if _, err := parser.Parse(token, key); err != nil {
		t.Fatalf("parse token: %v", err)
	}
	data, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(data, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func outboundGet(t *testing.T, rt http.RoundTripper, address string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := rt.RoundTrip(req)
	if err == nil {
		t.Cleanup(func() { _ = resp.Body.Close() })
	}
	return resp, err
}

func TestAppSignsEachCall(t *testing.T) {
	t.Parallel()
	hash := func(canonical string) string {
		sum := sha256.Sum256([]byte(canonical))
		return hex.EncodeToString(sum[:])
	}
	cases := []struct{ name, base, address, qsh string }{
		{
			"reference", "https://acme.atlassian.net",
			"https://acme.atlassian.net/rest/api/3/search/jql?jql=project%20%3D%20ABC&maxResults=50",
			"c590615431cddad69dc46f80366374b550a60760305fd5ee028dee011a707373",
		},
		{
			"plus for space", "https://acme.atlassian.net",
			"https://acme.atlassian.net/rest/api/3/search/jql?maxResults=50&jql=project+%3D+ABC",
			"c590615431cddad69dc46f80366374b550a60760305fd5ee028dee011a707373",
		},
		{
			"base path", "https://acme.atlassian.net/wiki",
			"https://acme.atlassian.net/wiki/rest/api/user?b=2&a=1",
			hash("GET&/rest/api/user&a=1&b=2"),
		},
		{
			"encoded slash and ampersand", "https://acme.atlassian.net",
			"https://acme.atlassian.net/x/a%2Fb&c", hash("GET&/x/a%2Fb%26c&"),
		},
		{"no path", "https://acme.atlassian.net", "https://acme.atlassian.net", hash("GET&/&")},
		{"default port", "https://acme.atlassian.net", "https://ACME.atlassian.net:443/", hash("GET&/&")},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			net := &wire{}
			if _, err := outboundGet(t, newOutbound(net).App(outboundTenant(tc.base)), tc.address); err != nil {
				t.Fatal(err)
			}
			scheme, token, _ := strings.Cut(net.sent[0].Header.Get("Authorization"), " ")
			if scheme != "JWT" {
				t.Errorf("scheme: got %q, want JWT", scheme)
			}
			want := map[string]any{
				"iss": "com.example.app", "iat": 1700000000.0, "exp": 1700000180.0,
				"aud": []any{"client-key-1"}, "qsh": tc.qsh,
			}
			if diff := cmp.Diff(want, payload(t, token)); diff != "" {
				t.Errorf("claims (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAppSignsAnew(t *testing.T) {
	t.Parallel()
	net, now := &wire{}, outboundNow
	out := newOutbound(net)
	out.Now = func() time.Time { return now }
	rt := out.App(outboundTenant("https://acme.atlassian.net"))
	for range 2 {
		if _, err := outboundGet(t, rt, "https://acme.atlassian.net/"); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Hour)
	}
	first, second := net.sent[0].Header.Get("Authorization"), net.sent[1].Header.Get("Authorization")
	if first == second {
		t.Error("two calls an hour apart carry the same token")
	}
}

func TestOutboundLeavesTheRequestAlone(t *testing.T) {
	t.Parallel()
	net := &wire{}
	rt := newOutbound(net).App(outboundTenant("https://acme.atlassian.net"))
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://acme.atlassian.net/x", strings.NewReader("{}"))
	req.Header.Set("Accept", "text/plain")
	req.Header.Set("Authorization", "Basic caller")
	before := req.Header.Clone()
	if _, err := rt.RoundTrip(req); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, req.Header); diff != "" {
		t.Errorf("request changed (-before +after):\n%s", diff)
	}
	sent := net.sent[0].Header
	if got, want := sent.Get("Accept"), "text/plain"; got != want {
		t.Errorf("Accept: got %q, want %q", got, want)
	}
	if got, want := sent.Get("User-Agent"), "sightline/test"; got != want {
		t.Errorf("User-Agent: got %q, want %q", got, want)
	}
	if got := sent.Values("Authorization"); len(got) != 1 || !strings.HasPrefix(got[0], "JWT ") {
		t.Errorf("Authorization: got %d values, want one JWT", len(got))
	}
}

// closing is a body that knows whether it was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

type refusedCall struct {
	name, base, address string
	change              func(*http.Request)
	foreign             bool
}

func refusedCalls() []refusedCall {
	const home = "https://acme.atlassian.net"
	return []refusedCall{
		{name: "other host", base: home, address: "https://evil.example/", foreign: true},
		{name: "subdomain", base: home, address: "https://a.acme.atlassian.net/", foreign: true},
		{name: "trailing dot", base: home, address: "https://acme.atlassian.net./", foreign: true},
		{name: "other port", base: home, address: "https://acme.atlassian.net:8443/", foreign: true},
		{name: "other scheme", base: home, address: "http://acme.atlassian.net/", foreign: true},
		{name: "same port, other scheme", base: home, address: "http://acme.atlassian.net:443/", foreign: true},
		{name: "user info", base: home, address: "https://acme.atlassian.net@evil.example/", foreign: true},
		{name: "ftp", base: "ftp://acme.atlassian.net", address: "ftp://acme.atlassian.net/", foreign: true},
		{name: "tenant without url", base: "", address: "https://acme.atlassian.net/", foreign: true},
		{name: "tenant with broken url", base: "https://%zz", address: "https://acme.atlassian.net/", foreign: true},
		{
			name: "host header", base: home, address: home + "/", foreign: true,
			change: func(r *http.Request) { r.Host = "evil.example" },
		},
		{
			name: "opaque", base: home, address: home + "/", foreign: true,
			change: func(r *http.Request) { r.URL.Opaque = "//evil.example/" },
		},
		{name: "body on get", base: home, address: home + "/", change: func(r *http.Request) { r.Method = "GET" }},
		{name: "body on nameless get", base: home, address: home + "/", change: func(r *http.Request) { r.Method = "" }},
		{name: "body on head", base: home, address: home + "/", change: func(r *http.Request) { r.Method = "HEAD" }},
	}
}

func TestOutboundRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range refusedCalls() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			net := &wire{}
			out, tenant := newOutbound(net), outboundTenant(tc.base)
			for name, rt := range map[string]http.RoundTripper{"app": out.App(tenant), "user": out.User(tenant, "ann")} {
				body := &closing{Reader: strings.NewReader("{}")}
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, tc.address, body)
				if err != nil {
					t.Fatal(err)
				}
				if tc.change != nil {
					tc.change(req)
				}
				resp, err := rt.RoundTrip(req)
				if err == nil {
					_ = resp.Body.Close()
					t.Fatalf("%s: sent", name)
				}
				if got := errors.Is(err, connect.ErrForeignOrigin); got != tc.foreign {
					t.Errorf("%s: is ErrForeignOrigin: got %v, want %v (%v)", name, got, tc.foreign, err)
				}
				if !strings.Contains(err.Error(), "tenant-1") {
					t.Errorf("%s: error does not name the tenant: %v", name, err)
				}
				if !body.closed {
					t.Errorf("%s: body left open", name)
				}
			}
			if len(net.sent) != 0 {
				t.Errorf("sent %d requests, want none", len(net.sent))
			}
		})
	}
}

func TestOutboundDoesNotFollowAway(t *testing.T) {
	t.Parallel()
	reached := make(chan struct{}, 1)
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached <- struct{}{} }))
	defer other.Close()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/home" {
			http.Redirect(w, r, "/here", http.StatusFound)
		} else if r.URL.Path == "/away" {
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		}
	}))
	defer site.Close()
	client := &http.Client{Transport: newOutbound(site.Client().Transport).App(outboundTenant(site.URL))}

	resp, err := client.Get(site.URL + "/home")
	if err != nil {
		t.Fatalf("redirect within the site: %v", err)
	}
	_ = resp.Body.Close()
	resp, err = client.Get(site.URL + "/away")
	if err == nil {
		_ = resp.Body.Close()
	}
	if !errors.Is(err, connect.ErrForeignOrigin) {
		t.Errorf("redirect away: got %v, want ErrForeignOrigin", err)
	}
	select {
	case <-reached:
		t.Error("the other server was called")
	default:
	}
}

func TestOutboundErrorsKeepSecrets(t *testing.T) {
	t.Parallel()
	site := httptest.NewServer(http.NotFoundHandler())
	address := site.URL
	site.Close()
	_, err := outboundGet(t, newOutbound(http.DefaultTransport).App(outboundTenant(address)), address+"/x?token=abc")
	if err == nil {
		t.Fatal("call to a closed server succeeded")
	}
	if text := err.Error(); !strings.Contains(text, "tenant-1") || strings.Contains(text, outboundSecret) || strings.Contains(text, "eyJ") {
		t.Errorf("got %q, want the tenant and no secret", text)
	}
	gone := outboundTenant("https://acme.atlassian.net")
	gone.SharedSecret = connect.Secret{}
	gone.ID = ""
	_, err = outboundGet(t, newOutbound(&wire{}).App(gone), "https://acme.atlassian.net/")
	if err == nil || !strings.Contains(err.Error(), "client-key-1") {
		t.Errorf("tenant without secret: got %v, want an error that names the client key", err)
	}
}
