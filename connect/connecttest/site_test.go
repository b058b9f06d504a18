package connecttest

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
)

func TestSetBaseURLRefusals(t *testing.T) {
	t.Parallel()
	site, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	for _, bad := range []string{"", "host", "http://host/path", "http://host?x", "http://host#x", "http://ho st"} {
		if err := site.SetBaseURL(bad); err == nil {
			t.Errorf("%q: got no error", bad)
		}
	}
	if err := site.SetBaseURL("http://127.0.0.1:2991/"); err != nil || site.URL() != "http://127.0.0.1:2991" {
		t.Errorf("got %s, %v", site.URL(), err)
	}
}

func TestPathsThatAnswer(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	for path, want := range map[string]int{
		"/":                         http.StatusFound,
		"/jira/dashboards":          http.StatusOK,
		"/chat":                     http.StatusOK,
		"/issues/":                  http.StatusOK,
		"/atlassian-connect/all.js": http.StatusOK,
		"/-/assets/api.js":          http.StatusOK,
		"/_edge/tenant_info":        http.StatusOK,
		"/rest/api/3/serverInfo":    http.StatusOK,
		"/avatar/" + admin(site).AccountID + ".svg": http.StatusOK,
		"/rest/api/3/myself":                        http.StatusUnauthorized,
		"/rest/api/3/nothing":                       http.StatusNotFound,
		"/rest/other/1/nothing":                     http.StatusNotFound,
		"/wiki/rest/api/space":                      http.StatusNotFound,
		"/dc/rest/api/2/mynose":                     http.StatusNotFound,
		"/nothing":                                  http.StatusNotFound,
		"/me":                                       http.StatusUnauthorized,
	} {
		if got := get(t, site.URL()+path, ""); got.status != want {
			t.Errorf("%s: got %d, want %d", path, got.status, want)
		}
	}
	if got := get(t, site.URL()+"/rest/api/3/myself", basic(admin(site))); got.str("accountId") != admin(site).AccountID {
		t.Errorf("basic: got %d %s", got.status, got.body)
	}
}

func TestData(t *testing.T) {
	t.Parallel()
	if _, err := New(Options{Data: strings.NewReader("{")}); err == nil {
		t.Error("broken data: got no error")
	}
	file, err := os.Open("../../../shared/data/real-jira.json")
	if err != nil {
		t.Skip("the real data is not on this machine")
	}
	defer file.Close()
	site, app := NewSite(t, Options{Data: file}), newTestApp(t)
	app.mustInstall(t, site)
	app.mustInstallChat(t, site, "")
	key, _ := anIssue(site)
	if got := fire(t, site, Webhook{Event: "jira:issue_updated", Issue: key}); got != 1 {
		t.Errorf("webhooks: got %d, want 1", got)
	}
	for _, c := range site.Objects().Conversations {
		if len(c.Members) < 2 {
			t.Errorf("room %s: got %d members", c.Name, len(c.Members))
		}
	}
}

// TestHandle checks that a page of the caller's own goes before the site's,
// and that everything else stays as it was.
func TestHandle(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	own := func(text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, text+r.PathValue("id")) })
	}
	site.Handle("GET /host/{id}", own("mine "))
	site.Handle("GET /atlassian-connect/all.js", own("script"))
	for path, want := range map[string]string{"/host/7": "mine 7", "/atlassian-connect/all.js": "script"} {
		if got := body(t, site, path, http.StatusOK); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	body(t, site, "/host/7/more", http.StatusNotFound)
	body(t, site, "/jira/dashboards", http.StatusOK)
}

func body(t *testing.T, site *Site, path string, status int) string {
	t.Helper()
	resp, err := site.Client().Get(site.URL() + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != status {
		t.Errorf("%s: status %d, want %d", path, resp.StatusCode, status)
	}
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestLargeSite(t *testing.T) {
	t.Parallel()
	site := NewSite(t, Options{Large: true})
	if got := len(site.People()); got != 93 {
		t.Errorf("got %d people", got)
	}
	if _, err := New(Options{Large: true, Data: strings.NewReader("{}")}); err == nil {
		t.Error("the large sample and data of one's own: got no error")
	}
}

// TestLocale: everybody has the same, after a reset too.
func TestLocale(t *testing.T) {
	t.Parallel()
	site := NewSite(t, Options{Locale: "de_DE"})
	site.Reset()
	for _, p := range site.People() {
		if p.Locale != "de_DE" {
			t.Errorf("%s has %s", p.Username, p.Locale)
		}
	}
}
