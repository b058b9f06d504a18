package isolation

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
)

// TestHeadersOfEveryRoute requests every address, as nobody, with a wrong token
// and with valid ones, as a page and as a program: whatever the answer, it has
// the headers that the platform requires.
func TestHeadersOfEveryRoute(t *testing.T) {
	t.Parallel()
	r := harness.NewRoom(t)
	b := harness.NewBoard(t, r.Running, "HARB")
	session := harness.Attribute(t, b.Look(t, b.Dashboard.Owner).Body, "data-session")
	kinds := map[int]int{}
	for _, route := range r.App.Server().Routes() {
		path := strings.ReplaceAll(route.Path, "*file", "icon.svg")
		for _, token := range []string{"", "JWT x.y.z", "JWT " + session, "Bearer " + r.Sign(t, r.Claims())} {
			for _, accept := range []string{"text/html", "application/json"} {
				req := harness.NewRequest(t, route.Method, r.URL+b.Address(path), strings.NewReader("sort=name"))
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				req.Header.Set("Accept", accept)
				if token != "" {
					req.Header.Set("Authorization", token)
				}
				p := harness.Ask(t, req)
				kinds[p.Status/100]++
				if wrong := wrongHeaders(p.Header, path); wrong != "" {
					t.Errorf("%s %s as %.10q for %s: %d, %s", route.Method, path, token, accept, p.Status, wrong)
				}
			}
		}
	}
	if kinds[2] < 20 || kinds[4] < 20 || kinds[5] > 0 {
		t.Errorf("answers by kind: %v", kinds)
	}
}

// TestTransportSecurityOfEveryRoute is the same for the header that only https
// has.
func TestTransportSecurityOfEveryRoute(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t), func(f *app.ServeFlags) { f.BaseURL = "https://app.example" })
	for _, route := range r.App.Server().Routes() {
		w := httptest.NewRecorder()
		r.Handler.ServeHTTP(w, httptest.NewRequest(route.Method, strings.ReplaceAll(route.Path, "*file", "icon.svg"), nil))
		if got := w.Header().Get("Strict-Transport-Security"); got != "max-age=31536000" {
			t.Errorf("%s %s: Strict-Transport-Security %q", route.Method, route.Path, got)
		}
	}
}

// TestHeadOfPublicRoutes: what anybody may GET answers HEAD with the same status
// and headers and without a body, and nothing else does.
func TestHeadOfPublicRoutes(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t), func(f *app.ServeFlags) { f.ForgeFlags = onsite.ForgeFlags("http://127.0.0.1:1") })
	server := httptest.NewServer(r.Handler)
	defer server.Close()
	ask := func(method, path string) (*http.Response, string) {
		t.Helper()
		req := harness.NewRequest(t, method, server.URL+path, nil)
		req.Header.Set("Accept-Encoding", "gzip") // by itself the client asks for it only with GET
		resp, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(body)
	}
	var paths []string
	for _, route := range r.App.Server().Routes() {
		if route.Method == http.MethodHead {
			paths = append(paths, route.Path)
		}
	}
	slices.Sort(paths)
	want := []string{"/", "/atlassian-chat.json", "/atlassian-connect.json", "/forge/manifest.yml", "/healthz", "/readyz", "/static/*file"}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Error(diff)
	}
	for _, path := range append(paths, "/static/nothing") {
		path = strings.ReplaceAll(path, "*file", "icon.svg")
		get, body := ask(http.MethodGet, path)
		head, none := ask(http.MethodHead, path)
		for _, h := range []http.Header{get.Header, head.Header} {
			for _, name := range []string{"Date", "X-Request-Id", "Content-Length"} {
				h.Del(name)
			}
		}
		if diff := cmp.Diff(get.Header, head.Header); diff != "" || head.StatusCode != get.StatusCode || none != "" || body == "" {
			t.Errorf("HEAD %s: %d, body %q; GET %d, body %.20q\n%s", path, head.StatusCode, none, get.StatusCode, body, diff)
		}
	}
}

// wrongHeaders says what is wrong with an answer's headers, "" if nothing is.
func wrongHeaders(h http.Header, path string) string {
	policy := h.Get("Content-Security-Policy")
	_, frames, framed := strings.Cut(policy, "frame-ancestors ")
	for _, tc := range []struct {
		what string
		ok   bool
	}{
		{"X-Content-Type-Options", h.Get("X-Content-Type-Options") == "nosniff"},
		{"Referrer-Policy", h.Get("Referrer-Policy") == "no-referrer"},
		{"Cache-Control " + h.Get("Cache-Control"), strings.HasPrefix(path, "/static/") || h.Get("Cache-Control") == "no-cache, no-store"},
		{"policy " + policy, strings.HasPrefix(policy, "default-src 'none'") && !strings.Contains(policy, "unsafe")},
		{"frames " + policy, framed && frames != "" && !strings.Contains(frames, "*;") && frames != "*"},
		{"X-Frame-Options", h.Get("X-Frame-Options") == ""},
		{"Set-Cookie", h.Get("Set-Cookie") == ""},
		{"Server", h.Get("Server") == "" && h.Get("X-Powered-By") == ""},
	} {
		if !tc.ok {
			return tc.what
		}
	}
	return ""
}
