package reader

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
)

// board is a dashboard in a browser, with both gadgets.
type board struct {
	*browsertest.Tab
	f                 harness.Forge
	workload, timelog *browsertest.Frame
}

// open opens the dashboard for a person.
func open(t *testing.T, f harness.Forge, person string) board {
	t.Helper()
	tab := browsertest.Start(t).Open(t, f.Site.URL()+"/jira/dashboards/"+f.Dashboard.ID+"?as="+person, 1280, 900)
	frame := func(gadget string) *browsertest.Frame {
		return tab.FrameAt("[data-item='" + f.Item(t, gadget) + "'] iframe")
	}
	return board{tab, f, frame("workload"), frame("timelog")}
}

const (
	team  = "[data-fragment=workload]:not([data-stale])"
	sheet = "[data-fragment=timelog]:not([data-stale])"
)

func shown(frame *browsertest.Frame, selector string) string {
	frame.Until(fmt.Sprintf("document.querySelector(%q)", selector))
	return browsertest.FrameEval[string](frame, fmt.Sprintf("document.querySelector(%q).outerHTML", selector))
}

// eachPage runs a test with the page as it is written and as "npm ci" builds it
// with Atlassian's bridge.
func eachPage(t *testing.T, test func(t *testing.T, put func(harness.Forge) harness.Forge)) {
	t.Helper()
	t.Run("written", func(t *testing.T) {
		t.Parallel()
		test(t, func(f harness.Forge) harness.Forge { return f })
	})
	t.Run("built", func(t *testing.T) {
		t.Parallel()
		built := harness.BuildPage(t)
		test(t, func(f harness.Forge) harness.Forge {
			harness.PutPage(t, f.Folder, built)
			f.InstallFolder(t, f.Folder)
			return f
		})
	})
}

// TestInBrowser opens both gadgets at once, in English and German: the pages read
// Jira, the app does not, and the numbers are those of the server's reading.
func TestInBrowser(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	eachPage(t, func(t *testing.T, put func(harness.Forge) harness.Forge) {
		for _, locale := range []string{"en_US", "de_DE"} {
			f := put(start(t, connecttest.Options{Locale: locale}, harness.InBrowser))
			viewer, seen := f.Person(9), f.Meter().Seq // they do not see VALT
			b := open(t, f, viewer)
			people, hours := shown(b.workload, team), shown(b.timelog, sheet)
			if calls := own(f, seen); len(calls) > 0 {
				t.Errorf("the app itself called Jira: %+v", calls)
			}
			if !strings.Contains(people, "VALT") || !strings.Contains(hours, "VALT") {
				t.Error("a gadget does not name the hidden project")
			}
			served := f.Call(t, viewer, "workload", "/view?fresh=1").HTML
			if diff := cmp.Diff(harness.ReadTeam(t, normal(served)), harness.ReadTeam(t, normal(people))); diff != "" {
				t.Errorf("workload (-server +page):\n%s", diff)
			}
			served = f.Call(t, viewer, "timelog", "/view?fresh=1").HTML
			if diff := cmp.Diff(harness.ReadSheet(t, normal(served)), harness.ReadSheet(t, normal(hours))); diff != "" {
				t.Errorf("timelog (-server +page):\n%s", diff)
			}
			if problems := b.Problems(); len(problems) > 0 {
				t.Errorf("problems: %q", problems)
			}
			f.LeaksNothing(t)
		}
	})
}

// normal writes markup as the app does: a browser's has other quotes.
func normal(markup string) string {
	return strings.NewReplacer(`=""`, "", "&nbsp;", "\u00a0").Replace(markup)
}
