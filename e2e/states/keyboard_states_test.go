package states

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/browsertest/hosts"
)

// keys is a person at a dashboard who uses only a keyboard.
type keys struct {
	*hosts.Dashboard
	t *testing.T
	// forge says that the form is a page in another frame.
	forge bool
}

// eachKeyboard runs a keyboard test on Connect and on Forge.
func eachKeyboard(t *testing.T, test func(t *testing.T, h host, browser *browsertest.Browser)) {
	t.Helper()
	t.Parallel()
	browser := browsertest.Start(t)
	for name, h := range map[string]host{"Connect": onConnect{}, "Forge": onForge{}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, h, browser)
		})
	}
}

// afterForm waits for the view after the form. On Forge Jira puts another frame
// in the place of the form's, and decides where the focus goes.
func (k keys) afterForm(selector string) {
	k.t.Helper()
	if k.forge {
		k.Shown(selector)
	} else {
		k.shown(selector)
	}
}

// press presses keys and checks that the focus is visible.
func (k keys) press(list ...browsertest.Key) {
	k.t.Helper()
	k.Press(list...)
	k.kept()
}

// kept checks that something has the focus and shows it.
func (k keys) kept() {
	k.t.Helper()
	if focus := k.Focused(); focus.Role == "RootWebArea" {
		k.t.Errorf("the focus is lost: %s", focus)
	}
	seen := browsertest.FrameEval[string](k.Gadget, `(() => {
		const e = document.activeElement;
		if (!e || e === document.body) return "";
		if (e.matches("[data-fragment]")) return ""; // the fragment itself, before its first control
		const box = e.closest(".picker-box") ?? (e.matches(".sr") ? e.nextElementSibling ?? e : e), style = getComputedStyle(box);
		return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== "none" ? "" : e.outerHTML.slice(0, 160);
	})()`)
	if seen != "" {
		k.t.Errorf("the focus is not visible on %s", seen)
	}
}

// to presses a key until the focused element has the text.
func (k keys) to(key browsertest.Key, text string) {
	k.t.Helper()
	harness.TabTo(k.t, k.Tab, key, text)
	k.kept()
}

// at presses Tab until the gadget's control with the id has the focus.
func (k keys) at(id string) {
	k.t.Helper()
	for range 100 {
		if browsertest.FrameEval[string](k.Gadget, "document.activeElement.id") == id {
			k.kept()
			return
		}
		k.Press(browsertest.KeyTab)
	}
	k.t.Fatalf("Tab never reaches %s", id)
}

// shown waits for a fragment, and checks that the focus is in it.
func (k keys) shown(selector string) {
	k.t.Helper()
	k.Shown(selector)
	k.Gadget.Until(`document.activeElement !== document.body`)
	k.kept()
}

// TestWorkloadByKeyboard uses only keys: the host's menu, the form, a search,
// saving, sorting, pinning, a person, an issue, and back.
func TestWorkloadByKeyboard(t *testing.T) { eachKeyboard(t, workloadByKeyboard) }

func workloadByKeyboard(t *testing.T, h host, browser *browsertest.Browser) {
	s, d := onStage(t, h, browser, func(*harness.Stage) {})
	k := keys{d, t, s.Forge != nil}
	d.Shown(hosts.Workload)
	d.Gadget.Until(`document.readyState === "complete"`)

	// Configure, from the host's menu.
	k.to(browsertest.KeyTab, "More actions")
	d.Press(browsertest.KeyEnter)
	d.Until(`document.activeElement.matches(".popup [role=menuitem]")`)
	harness.TabTo(t, d.Tab, browsertest.KeyDown, "Configure")
	d.Press(browsertest.KeyEnter)
	k.shown(hosts.Config)
	d.Gadget.Until(`document.activeElement.id === "sl-search"`)
	d.Press("l", "a", "n")
	d.Gadget.Until(`document.querySelector("#sl-found").dataset.for === "lan"`)
	k.press(browsertest.KeyEnter)
	d.Gadget.Until(`document.querySelectorAll("[data-picks] input").length === 2`)
	k.to(browsertest.KeyTab, "Save")
	d.Press(browsertest.KeyEnter)
	k.afterForm(hosts.Workload)

	// Sort and pin.
	k.at("sl-sort-overdue")
	d.Press(browsertest.KeyEnter)
	d.Gadget.Until(`document.querySelector("[aria-sort=descending] #sl-sort-overdue")`)
	d.Gadget.Until(`document.activeElement.id === "sl-sort-overdue"`)
	k.kept()
	k.to(browsertest.KeyTab, "Pin Rowan Petrie")
	d.Press(browsertest.KeySpace)
	d.Gadget.Until(`document.querySelector("tbody tr:first-child.pinned .pin") === document.activeElement`)
	k.kept()

	// A person, an issue, and back twice.
	k.to(browsertest.KeyShiftTab, "Show the open issues: Rowan Petrie")
	d.Press(browsertest.KeyEnter)
	k.shown("[data-fragment=issues]")
	k.to(browsertest.KeyTab, "Back")
	k.press(browsertest.KeyTab, browsertest.KeyTab, browsertest.KeyTab) // over what sorts and groups
	issue := d.Focused().Name
	d.Press(browsertest.KeyEnter)
	k.shown("[data-fragment=issue]")
	d.Press(browsertest.KeyEscape)
	k.shown("[data-fragment=issues]")
	if got := d.Focused().Name; got != issue {
		t.Errorf("back from the issue the focus is on %q, want %q", got, issue)
	}
	d.Press(browsertest.KeyEscape)
	k.shown(hosts.Workload)
	if got := d.Focused().Name; got != "Show the open issues: Rowan Petrie" {
		t.Errorf("back from the person the focus is on %q", got)
	}
	// Escape leaves the form.
	d.Configure()
	k.shown(hosts.Config)
	d.Press(browsertest.KeyEscape, browsertest.KeyEscape)
	k.afterForm(hosts.Workload)
	d.Clean(s.URL)
}

// TestEntryByKeyboard corrects a work log and returns to its cell. The focus is
// visible at every step.
func TestEntryByKeyboard(t *testing.T) { eachKeyboard(t, entryByKeyboard) }

func entryByKeyboard(t *testing.T, h host, browser *browsertest.Browser) {
	s := h.stage(t, harness.Scene{})
	withOwnLog(t, s)
	entry := s.Timekeeper(t, s.Dashboard, s.Viewer)
	day := time.Now().In(entry.Zone).AddDate(0, 0, -2).Format("Mon 2 Jan 2006")
	d := hosts.Open(t, hosts.All()[0], browser, s.Site, hosts.View{Account: s.Viewer, Dashboard: s.Dashboard.ID, Item: s.Item(t, "timelog"), Columns: 1})
	k := keys{d, t, s.Forge != nil}
	d.Shown("[data-fragment=timelog]")
	d.Gadget.Until(`document.readyState === "complete" && document.querySelector("[data-grid] td button[tabindex='0']")`)
	k.to(browsertest.KeyTab, "Mara Lindqvist, ")
	k.press(browsertest.KeyHome)
	k.to(browsertest.KeyRight, day)
	d.Press(browsertest.KeyEnter)
	k.shown("[data-fragment=worklogs]")
	k.to(browsertest.KeyTab, "Edit HARB-1, 12:00")
	d.Press(browsertest.KeyEnter)
	k.shown("[data-fragment=worklog]")
	k.press(browsertest.KeyEnd, kb.Backspace, kb.Backspace, kb.Backspace, "2h")
	d.Press(browsertest.KeyEnter)
	k.shown("[data-fragment=worklogs] .saved")
	d.Press(browsertest.KeyEscape)
	k.shown("[data-fragment=timelog]")
	d.Gadget.Until(fmt.Sprintf(`document.activeElement.getAttribute("aria-label").endsWith(%q)`, day))
	d.Clean(s.URL)
}
