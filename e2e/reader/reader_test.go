package reader

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
)

// start installs the app on a site of Forge alone, with both gadgets set up.
func start(t *testing.T, o connecttest.Options, changes ...func(*app.ServeFlags)) harness.Forge {
	t.Helper()
	site := connecttest.NewSite(t, o)
	r := harness.Start(t, site, append(changes, harness.OnForge(site), harness.WithoutConnect)...)
	f := r.InstallForge(t, forge.StageForge, "")
	for _, gadget := range gadgets() {
		f.Configure(t, gadget, "HARB", "LANT", "VALT")
	}
	return f
}

func gadgets() []string { return []string{"workload", "timelog"} }

// own are the calls of Jira's REST API that the app itself has made since then.
func own(f harness.Forge, seq int) []connecttest.Request {
	return slices.DeleteFunc(f.Site.Requests(seq), func(q connecttest.Request) bool {
		return q.From != f.App.Key || !strings.Contains(q.Path, "/rest/api/")
	})
}

// TestSameNumbers: the page's reading and the server's show the same, to whoever
// looks, hidden projects included.
func TestSameNumbers(t *testing.T) {
	t.Parallel()
	f := start(t, connecttest.Options{}, harness.InBrowser)
	for _, person := range []int{0, 3, 9} { // the last one does not see VALT
		viewer := f.Person(person)
		for _, gadget := range gadgets() {
			page := f.Reader(viewer, gadget)
			seen := f.Meter().Seq
			shown := page.View(t)
			if calls := own(f, seen); len(calls) > 0 {
				t.Errorf("%s: the app itself called Jira: %+v", gadget, calls)
			}
			seen = f.Meter().Seq
			served := f.Call(t, viewer, gadget, "/view?fresh=1").HTML
			if calls := own(f, seen); len(calls) == 0 {
				t.Errorf("%s: the server did not read", gadget)
			}
			if person == 9 && !strings.Contains(shown, "VALT") {
				t.Errorf("%s does not name the hidden project", gadget)
			}
			if gadget == "workload" {
				if diff := cmp.Diff(harness.ReadTeam(t, served), harness.ReadTeam(t, shown)); diff != "" {
					t.Errorf("workload (-server +page):\n%s", diff)
				}
			} else if diff := cmp.Diff(harness.ReadSheet(t, served), harness.ReadSheet(t, shown)); diff != "" {
				t.Errorf("timelog (-server +page):\n%s", diff)
			}
			t.Logf("%s: %d calls, %d waves, %d requests, largest part %d bytes", gadget, page.Calls, page.Waves, len(page.Asked), page.Sent)
			if again := page.First(t); again.Read != nil || again.Code != http.StatusOK {
				t.Errorf("%s, a moment later: %+v", gadget, again)
			}
		}
	}
}
