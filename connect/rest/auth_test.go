package rest_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/rest"
)

const secret = "s3cret-token"

func giveSecret() string { return secret }

// authorized answers what it was sent as Authorization, and sends /away to
// another origin.
func authorized(t *testing.T) (home, away *httptest.Server, leaked *string) {
	t.Helper()
	leaked = new(string)
	away = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		*leaked += "called " + r.Header.Get("Authorization")
	}))
	t.Cleanup(away.Close)
	home = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, away.URL, http.StatusFound)
			return
		}
		w.Header().Set("X-Seen", r.Header.Get("Authorization"))
	}))
	t.Cleanup(home.Close)
	return home, away, leaked
}

func get(t *testing.T, rt http.RoundTripper, address string) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{Transport: rt}).Do(req)
	if err != nil {
		return "", err
	}
	_ = resp.Body.Close()
	if len(req.Header) != 0 {
		t.Errorf("the caller's request was changed: %v", req.Header)
	}
	return resp.Header.Get("X-Seen"), nil
}

func TestAuthorize(t *testing.T) {
	t.Parallel()
	home, away, leaked := authorized(t)
	cases := []struct {
		name string
		rt   http.RoundTripper
		want string
	}{
		{"basic", &rest.Basic{Origin: home.URL + "/wiki", User: "ann@example.com", Token: giveSecret}, "Basic YW5uQGV4YW1wbGUuY29tOnMzY3JldC10b2tlbg=="},
		{"bearer", &rest.Bearer{Origin: home.URL, Token: giveSecret}, "Bearer " + secret},
	}
	for _, tc := range cases {
		if got, err := get(t, tc.rt, home.URL+"/rest"); err != nil || got != tc.want {
			t.Errorf("%s: got %q, %v, want %q", tc.name, got, err, tc.want)
		}
		for _, address := range []string{away.URL, home.URL + "/away", strings.Replace(home.URL, "http:", "https:", 1)} {
			_, err := get(t, tc.rt, address)
			if !errors.Is(err, rest.ErrForeignOrigin) || strings.Contains(err.Error(), secret) {
				t.Errorf("%s to %s: got %v, want ErrForeignOrigin", tc.name, address, err)
			}
		}
		for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
			if text := fmt.Sprintf(format, tc.rt); strings.Contains(text, secret) {
				t.Errorf("%s prints its secret: %s", tc.name, text)
			}
		}
	}
	if *leaked != "" {
		t.Errorf("the other origin was %s", *leaked)
	}
}

func TestAuthorizeRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]http.RoundTripper{
		"no token":      &rest.Bearer{Origin: "http://127.0.0.1:1"},
		"no origin":     &rest.Bearer{Token: giveSecret},
		"a bad origin":  &rest.Basic{Origin: "127.0.0.1:1", User: "ann", Token: giveSecret},
		"a user with :": &rest.Basic{Origin: "http://127.0.0.1:1", User: "ann:bob", Token: giveSecret},
		"a token with a line break": &rest.Bearer{
			Origin: "http://127.0.0.1:1", Token: func() string { return secret + "\r\nX: y" },
		},
	}
	for name, rt := range cases {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:1/", strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := rt.RoundTrip(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		if err == nil || strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "connection refused") {
			t.Errorf("%s: got %v, want an error before any call", name, err)
		}
	}
}

func TestCheckOrigin(t *testing.T) {
	t.Parallel()
	cases := []struct {
		url, host, home string
		foreign         bool
	}{
		{"https://acme.atlassian.net/x", "", "https://ACME.atlassian.net:443/wiki", false},
		{"http://acme.test:80/x", "acme.test:80", "http://acme.test", false},
		{"https://acme.atlassian.net/x", "evil.example", "https://acme.atlassian.net", true},
		{"https://acme.atlassian.net.evil.example/", "", "https://acme.atlassian.net", true},
		{"https://acme.atlassian.net:8443/", "", "https://acme.atlassian.net", true},
		{"http://acme.atlassian.net/", "", "https://acme.atlassian.net", true},
	}
	for _, tc := range cases {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tc.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = tc.host
		if err := rest.CheckOrigin(req, tc.home); errors.Is(err, rest.ErrForeignOrigin) != tc.foreign || (err != nil) != tc.foreign {
			t.Errorf("%s (%s) at %s: got %v, want foreign: %v", tc.url, tc.host, tc.home, err, tc.foreign)
		}
	}
}
