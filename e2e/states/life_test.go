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

// onStage starts the program and opens its workload gadget of the project HARB on
// the local site's dashboard.
func onStage(t *testing.T, h host, browser *browsertest.Browser, before func(s *harness.Stage)) (*harness.Stage, *hosts.Dashboard) {
	t.Helper()
	s := h.stage(t, harness.Scene{})
	s.Showing(t, "workload", "HARB")
	before(s)
	return s, hosts.Open(t, hosts.All()[0], browser, s.Site, hosts.View{
		Account: s.Viewer, Dashboard: s.Dashboard.ID, Item: s.Item(t, "workload"), Columns: 1,
	})
}

// TestStatesPass: states that end by themselves end on the open page, without a
// reload.
func TestStatesPass(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	for name, h := range map[string]host{"Connect": onConnect{}, "Forge": onForge{}} {
		t.Run("refreshed while it is open on "+name, func(t *testing.T) { refreshedBehind(t, h, browser) })
		t.Run("a pause that Jira asked for on "+name, func(t *testing.T) { paused(t, h, browser) })
	}
	t.Run("an expired session", func(t *testing.T) { outdated(t, browser) })
	t.Run("an expired token of a person", func(t *testing.T) { outdatedOnForge(t, browser) })
	t.Run("a room that is set up meanwhile", func(t *testing.T) { setUpMeanwhile(t, browser) })
}

// refreshedBehind: the page shows the last numbers at once. The new ones replace
// them without a reload and are announced.
func refreshedBehind(t *testing.T, h host, browser *browsertest.Browser) {
	sc := harness.Scene{Waits: true, Set: known("workload", connecttest.Fault{Path: harness.SearchPath, DelayMs: 6000})}
	s := h.stage(t, sc)
	address := sc.Set(t, s)
	page := h.visit(t, s, browser.Open(t, "about:blank", 480, 900), sc, address)
	page.Until(`document.querySelector("[data-stale]")`)
	open := `Number(document.querySelector("[data-count=open]").textContent)`
	before := browsertest.FrameEval[int](page, open)
	page.Do("window.same = true")
	page.Until(fmt.Sprintf(`%s === %d && !document.querySelector("[data-stale]")`, open, before-1))
	if !browsertest.FrameEval[bool](page, "window.same === true") {
		t.Error("the page was reloaded")
	}
	page.Until(`document.querySelector("[data-announce][role=status]").textContent === "Numbers updated."`)
	if said := browsertest.FrameEval[string](page, `document.querySelector("[data-status]").textContent`); said != "" {
		t.Errorf("the page says %q", said)
	}
}

// paused: the page says when it tries again and has a timer for it; whoever
// does not wait may try at once, on Connect without a session yet.
func paused(t *testing.T, h host, browser *browsertest.Browser) {
	s, d := onStage(t, h, browser, func(s *harness.Stage) {
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
	if s.Forge != nil {
		d.Clean()
		return
	}
	if got := d.Tokens.Asked(); got != 1 {
		t.Errorf("the host was asked for %d tokens, want 1", got)
	}
	d.Excuse("429")
	d.Clean(s.URL)
}

// outdated: an expired session token costs one more call and one new token. The
// person does not notice.
func outdated(t *testing.T, browser *browsertest.Browser) {
	s, d := onStage(t, onConnect{}, browser, func(*harness.Stage) {})
	d.Shown(hosts.Workload)
	d.EndSessions(harness.AppKey)
	d.Gadget.Click("button.person-name")
	d.Shown("[data-fragment=issues]")
	if asked := calls(d, "/gadget/workload/person"); asked != 2 || d.Tokens.Asked() != 1 {
		t.Errorf("%d calls and %d tokens, want 2 and 1", asked, d.Tokens.Asked())
	}
	quiet(t, d)
	d.Excuse("401")
	d.Clean(s.URL)
}

// outdatedOnForge: Jira ends a person's token while they look; the next call
// brings another.
func outdatedOnForge(t *testing.T, browser *browsertest.Browser) {
	s, d := onStage(t, onForge{}, browser, func(*harness.Stage) {})
	d.Shown(hosts.Workload)
	before := calls(d, "/-/ui/forge/invoke")
	if err := s.Site.ExpireForgeTokens(""); err != nil {
		t.Fatal(err)
	}
	d.Gadget.Click("button.person-name")
	d.Shown("[data-fragment=issues]")
	if asked := calls(d, "/-/ui/forge/invoke") - before; asked != 1 {
		t.Errorf("%d calls, want 1", asked)
	}
	quiet(t, d)
	d.Clean()
}

// calls counts the requests so far whose addresses have a part.
func calls(d *hosts.Dashboard, part string) (n int) {
	for _, address := range d.Requests() {
		if strings.Contains(address, part) {
			n++
		}
	}
	return n
}

// quiet checks that the gadget shows no status text.
func quiet(t *testing.T, d *hosts.Dashboard) {
	t.Helper()
	if said := browsertest.FrameEval[string](d.Gadget, `[...document.querySelectorAll("[role=status]")].map((e) => e.textContent).join("")`); said != "" {
		t.Errorf("the page says %q", said)
	}
}

// setUpMeanwhile: a sidebar that had nothing to show checks again by itself.
func setUpMeanwhile(t *testing.T, browser *browsertest.Browser) {
	s := harness.Scene{Viewer: "iokonjo"}.Stage(t)
	tab := browser.Open(t, stageRoom(t, s, "workload-sidebar", nil), 320, 800)
	tab.Until(harness.Loaded + `document.querySelector("[data-fragment=message][data-retry]")`)
	withToken(t, s, tab)
	stageRoom(t, s, "workload-sidebar", []string{"HARB"})
	tab.Until(`document.querySelector("[data-fragment=workload]")`)
}

// TestStatesForEyes: nothing is cut off at 200 % zoom, nothing moves with reduced
// motion, and everything stays visible with forced colours.
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
				sc.Act(t, s, tab.Main())
			}
			tab.Until(fmt.Sprintf("document.querySelector(%q)", sc.Shown))
			// Animations that follow scrolling move only when the person scrolls.
			if moving := browsertest.Eval[[]string](tab, `document.getAnimations().filter((a) => a.timeline === document.timeline && a.playState === "running").map((a) => a.animationName ?? a.transitionProperty)`); len(moving) > 0 {
				t.Errorf("it moves: %q", moving)
			}
			tab.Zoom(640, 900, 2)
			if cut := browsertest.Eval[int](tab, "document.documentElement.scrollWidth - innerWidth"); cut > 0 {
				t.Errorf("at 200 %% zoom %d px are cut off", cut)
			}
			tab.Shot("eyes zoom " + sc.Name)
			tab.Resize(480, 900)
			tab.Prefer(browsertest.Prefers{ForcedColors: true})
			if bad := browsertest.Eval[[]string](tab, forced); len(bad) > 0 {
				t.Errorf("with forced colours these are not visible: %q", bad)
			}
			tab.Shot("eyes forced " + sc.Name)
		})
	}
}

// forced finds text in the colour of its background, and controls without a border.
const forced = `(() => {
	const ground = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/, 0\)$/.test(c)) return c; } return "rgb(255, 255, 255)"; };
	const bare = [...document.querySelectorAll(".button:not(.link, .back), .lozenge, .chip, .skeleton, .totals, input, select, textarea")]
		.filter((e) => e.checkVisibility() && !e.matches(".sr, #sl-search, [type=radio], [type=checkbox], [type=hidden]") && getComputedStyle(e).borderTopStyle === "none");
	return [...bare, ...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && !e.closest("svg, .sr, [aria-hidden]"))
		.filter((e) => bare.includes(e) || [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && getComputedStyle(e).color === ground(e))
		.map((e) => e.outerHTML.slice(0, 100));
})()`
