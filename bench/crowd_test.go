package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// The crowd installs each tenant once and sends an event of each; its key host
// knows its own key and asks the site for others.
func TestCrowd(t *testing.T) {
	t.Parallel()
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/install-keys/of-the-site" {
			http.NotFound(w, r)
		}
		_, _ = w.Write([]byte("the site's key"))
	}))
	t.Cleanup(keys.Close)
	c, err := newCrowd(t.Context(), &site{url: keys.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	var mu sync.Mutex
	seen := map[string]int{}
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen[r.URL.Path]++
		mu.Unlock()
		if parts := strings.Split(strings.TrimPrefix(r.Header.Get("Authorization"), "JWT "), "."); len(parts) != 3 {
			t.Errorf("%s: a token of %d parts", r.URL.Path, len(parts))
		}
		if r.URL.Path == "/lifecycle/installed" {
			if _, err := get(r.Context(), c.client, "http://"+c.host+"/_edge/tenant_info", ""); err != nil {
				t.Error(err)
			}
		}
	}))
	t.Cleanup(app.Close)
	if err := c.install(t.Context(), app.URL, 20); err != nil {
		t.Fatal(err)
	}
	if err := c.events(t.Context(), app.URL, 20); err != nil {
		t.Fatal(err)
	}
	if seen["/lifecycle/installed"] != 20 || seen["/webhooks/issue"] != 20 {
		t.Errorf("got %v", seen)
	}
	for id, want := range map[string]string{crowdKey: "-----BEGIN PUBLIC KEY", "of-the-site": "the site's key"} {
		if got, err := get(t.Context(), c.client, c.keyHost+"/"+id, ""); err != nil || !strings.HasPrefix(string(got), want) {
			t.Errorf("key %s: got %q, %v", id, got, err)
		}
	}
	if _, err := get(t.Context(), c.client, c.keyHost+"/nobodys", ""); err == nil {
		t.Error("a key that nobody has: no error")
	}
}
