package states

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/browsertest/hosts"
)

// onStage opens the dashboard of a stage on the local site's own page, with its
// workload of HARB.
func onStage(t *testing.T, browser *browsertest.Browser, before func(s *harness.Stage)) (*harness.Stage, *hosts.Dashboard) {
	t.Helper()
	s := harness.Scene{}.Stage(t)
	s.Showing(t, "workload", "HARB")
	before(s)
	return s, hosts.Open(t, hosts.All()[0], browser, s.Site, hosts.View{
		Account: s.Viewer, Dashboard: s.Dashboard.ID, Item: s.Item(t, "workload"), Columns: 1,
	})
}

// TestStatesPass: what passes by itself passes on the page that is open, and
// says so politely.
func TestStatesPass(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	t.Run("refreshed behind the back", func(t *testing.T) { refreshedBehind(t, browser) })
	t.Run("a pause that Jira asked for", func(t *testing.T) { paused(t, browser) })
	t.Run("a token that is out of date", func(t *testing.T) { outdated(t, browser) })
	t.Run("a room that was set up", func(t *testing.T) { setUpMeanwhile(t, browser) })
}

// refreshedBehind: the last numbers are there at once; the new ones come
// without a reload and are announced.
func refreshedBehind(t *testing.T, browser *browsertest.Browser) {
	s := harness.Scene{Waits: true}.Stage(t)
	address := known("workload", connecttest.Fault{Path: harness.SearchPath, DelayMs: 1500})(t, s)
	tab := browser.Open(t, address, 480, 900)
	tab.Until(harness.Loaded + `document.querySelector("[data-stale]")`)
	open := `Number(document.querySelector("[data-count=open]").textContent)`
	before := browsertest.Eval[int](tab, open)
	tab.Do("window.same = true")
	tab.Until(fmt.Sprintf(`%s === %d && !document.querySelector("[data-stale]")`, open, before-1))
	if !browsertest.Eval[bool](tab, "window.same === true") {
		t.Error("the page was loaded anew")
	}
	tab.Until(`document.querySelector("[data-announce][role=status]").textContent === "Numbers updated."`)
	if said := browsertest.Eval[string](tab, `document.querySelector("[data-status]").textContent`); said != "" {
		t.Errorf("the page says %q", said)
	}
}

// paused: the page says when it tries again and has a timer for it; whoever
// does not wait may try at once, without a session yet.
func paused(t *testing.T, browser *browsertest.Browser) {
	s, d := onStage(t, browser, func(s *harness.Stage) {
		s.Fault(t, connecttest.Fault{Path: harness.SearchPath, Status: 429, RetryAfter: 90})
	})
	d.Shown(anyMessage)
	if got := browsertest.FrameEval[string](d.Gadget, `document.querySelector("[data-fragment]").dataset.retry`); got != "90" {
		t.Errorf("the page tries again in %q s, want 90", got)
	}
	if text := d.Gadget.Text(); !strings.Contains(text, "tries again in 90 s") {
		t.Errorf("it says\n%s", text)
	}
	s.Site.ClearFaults()
	d.Gadget.Click("[data-action=view]")
	d.Shown(hosts.Workload)
	if got := d.Tokens.Asked(); got != 1 {
		t.Errorf("the host was asked for %d tokens, want 1", got)
	}
	d.Excuse("429")
	d.Clean(s.URL)
}

// outdated: a token that the app does not take any more costs one call and one
// new token, and nobody hears of it.
func outdated(t *testing.T, browser *browsertest.Browser) {
	s, d := onStage(t, browser, func(*harness.Stage) {})
	d.Shown(hosts.Workload)
	d.EndSessions(harness.AppKey)
	d.Gadget.Click("button.person-name")
	d.Shown("[data-fragment=issues]")
	asked := 0
	for _, address := range d.Requests() {
		if strings.Contains(address, "/gadget/workload/person") {
			asked++
		}
	}
	if asked != 2 || d.Tokens.Asked() != 1 {
		t.Errorf("%d calls and %d tokens, want 2 and 1", asked, d.Tokens.Asked())
	}
	if said := browsertest.FrameEval[string](d.Gadget, `[...document.querySelectorAll("[role=status]")].map((e) => e.textContent).join("")`); said != "" {
		t.Errorf("the page says %q", said)
	}
	d.Excuse("401")
	d.Clean(s.URL)
}

// setUpMeanwhile: a sidebar that had nothing to show looks again by itself.
func setUpMeanwhile(t *testing.T, browser *browsertest.Browser) {
	s := harness.Scene{Viewer: "iokonjo"}.Stage(t)
	tab := browser.Open(t, stageRoom(t, s, "workload-sidebar", nil), 320, 800)
	tab.Until(harness.Loaded + `document.querySelector("[data-fragment=message][data-retry]")`)
	hosted(func(*testing.T, *harness.Stage, *browsertest.Tab) {})(t, s, tab)
	stageRoom(t, s, "workload-sidebar", []string{"HARB"})
	tab.Until(`document.querySelector("[data-fragment=workload]")`)
}

// TestStatesForEyes: nothing is lost at twice the size, nothing moves for who
// does not want it, and in the system's own colours everything still stands
// out.
func TestStatesForEyes(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	for _, sc := range []harness.Scene{
		{Name: "workload", Set: showing("workload", "HARB", "LANT"), Shown: freshTeam},
		{Name: "timelog", Set: showing("timelog", "HARB", "LANT"), Shown: "[data-fragment=timelog] [data-person]"},
		{Name: "form", Set: editable, Shown: "[data-fragment=config]"},
		{Name: "loading", Waits: true, Set: failing("workload", connecttest.Fault{Path: harness.SearchPath, DelayMs: slowly}), Shown: "[data-fragment=loading]"},
		{Name: "entry", Set: withOwnLog, Act: clicks(ownCell, `.entry-edit [aria-label^="Edit HARB-1, 12:00"]`), Shown: "[data-fragment=worklog]"},
	} {
		t.Run(sc.Name, func(t *testing.T) {
			s := sc.Stage(t)
			address := sc.Set(t, s)
			tab := browser.Open(t, "about:blank", 480, 900)
			tab.Prefer(browsertest.Prefers{ReducedMotion: true})
			tab.Visit(address)
			tab.Until(harness.Loaded + fmt.Sprintf("document.querySelector(%q)", "[data-fragment]"))
			if sc.Act != nil {
				sc.Act(t, s, tab)
			}
			tab.Until(fmt.Sprintf("document.querySelector(%q)", sc.Shown))
			// What follows scrolling moves only as the person does.
			if moving := browsertest.Eval[[]string](tab, `document.getAnimations().filter((a) => a.timeline === document.timeline && a.playState === "running").map((a) => a.animationName ?? a.transitionProperty)`); len(moving) > 0 {
				t.Errorf("it moves: %q", moving)
			}
			tab.Zoom(640, 900, 2)
			if cut := browsertest.Eval[int](tab, "document.documentElement.scrollWidth - innerWidth"); cut > 0 {
				t.Errorf("at twice the size %d px are cut off", cut)
			}
			tab.Shot("eyes zoom " + sc.Name)
			tab.Resize(480, 900)
			tab.Prefer(browsertest.Prefers{ForcedColors: true})
			if bad := browsertest.Eval[[]string](tab, forced); len(bad) > 0 {
				t.Errorf("with the system's colours these are not seen: %q", bad)
			}
			tab.Shot("eyes forced " + sc.Name)
		})
	}
}

// forced finds words whose colour is that of their ground, and buttons without
// a border or words.
const forced = `(() => {
	const ground = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/, 0\)$/.test(c)) return c; } return "rgb(255, 255, 255)"; };
	const bare = [...document.querySelectorAll(".button:not(.link, .back), .lozenge, .chip, .skeleton, .totals, input, select, textarea")]
		.filter((e) => e.checkVisibility() && !e.matches(".sr, #sl-search, [type=radio], [type=checkbox], [type=hidden]") && getComputedStyle(e).borderTopStyle === "none");
	return [...bare, ...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && !e.closest("svg, .sr, [aria-hidden]"))
		.filter((e) => bare.includes(e) || [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && getComputedStyle(e).color === ground(e))
		.map((e) => e.outerHTML.slice(0, 100));
})()`
