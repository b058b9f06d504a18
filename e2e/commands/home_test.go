package commands

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
)

// TestHome: the app's own address says what is here, and each link leads there.
func TestHome(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	for door, c := range map[string]struct {
		program *harness.Running
		links   []string
	}{
		"all but Forge": {harness.Furnished(t), []string{"/atlassian-connect.json", "/atlassian-chat.json", "/readyz"}},
		"Forge alone": {
			harness.Start(t, site, harness.OnForge(site), func(f *app.ServeFlags) { f.Connect, f.ChatClientID, f.ChatClientSecret = "off", "", "" }),
			[]string{"/forge/manifest.yml", "/readyz"},
		},
	} {
		for language, words := range map[string]string{"en": "shows a team who is carrying what", "de": "wer was zu tun hat"} {
			req := harness.NewRequest(t, http.MethodGet, c.program.URL+"/", nil)
			req.Header.Set("Accept-Language", language)
			status, page := harness.Fetch(t, req)
			if status != http.StatusOK || !strings.Contains(page, words) {
				t.Fatalf("%s, %s: %d\n%s", door, language, status, page)
			}
			var links []string
			for _, link := range regexp.MustCompile(`<a href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
				links = append(links, link[1])
			}
			if diff := cmp.Diff(c.links, links); diff != "" {
				t.Errorf("%s, %s: %s", door, language, diff)
			}
		}
		for _, link := range c.links {
			if status, body := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, c.program.URL+link, nil)); status != http.StatusOK {
				t.Errorf("%s: %s: %d %s", door, link, status, body)
			}
		}
		if status, _ := harness.Fetch(t, harness.NewRequest(t, http.MethodPost, c.program.URL+"/", nil)); status != http.StatusMethodNotAllowed {
			t.Errorf("%s: POST: %d", door, status)
		}
	}
}
