package gadget

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestFormByKeyboard sets up a new gadget with only the keyboard.
func TestFormByKeyboard(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	dashboard := r.Site.Objects().Dashboards[0]
	b := harness.Board{Running: r, Dashboard: dashboard, Item: dashboard.Items[0].ID}
	address, err := r.Site.ModuleURL(harness.AppKey, "workload", dashboard.Owner, dashboard.ID, b.Item)
	if err != nil {
		t.Fatal(err)
	}
	tab := browser.Open(t, address, 320, 800)
	tab.Until(harness.Loaded + `document.querySelector("[data-fragment=config]")`)
	chosen := func(want string) {
		t.Helper()
		tab.Until(fmt.Sprintf(`[...document.querySelectorAll("[data-picks] input")].map((p) => p.value).join() === %q`, want))
	}
	focus := func(want string) {
		t.Helper()
		tab.Until(fmt.Sprintf(`document.activeElement.id === %q`, want))
	}

	tab.Press(browsertest.KeyTab)
	focus("sl-scope-projects")
	tab.Press(browsertest.KeyTab)
	focus("sl-search")
	tab.Press("l", "a", "n")
	tab.Until(`document.querySelector("#sl-found").dataset.for === "lan"`)
	tab.Press(browsertest.KeyEnter)
	chosen("LANT")
	tab.Until(`document.querySelector("#sl-search").value === "" && document.querySelector("#sl-option-HARB")`)
	tab.Press(browsertest.KeyDown, browsertest.KeyEnter)
	chosen("LANT,HARB")
	tab.Press(browsertest.KeyDown, browsertest.KeyEnter)
	chosen("LANT,HARB,VALT")
	tab.Press("\b") // in an empty search field it removes the last project
	chosen("LANT,HARB")
	tab.Until(`document.querySelector("#sl-option-VALT")`)
	tab.Press(browsertest.KeyShiftTab, browsertest.KeyShiftTab, browsertest.KeyEnter) // the button on LANT
	chosen("HARB")
	focus("sl-search")

	tab.Press(browsertest.KeyTab) // what narrows is folded away
	tab.Until(`document.activeElement.matches("#sl-narrow summary")`)
	tab.Press(browsertest.KeyTab)
	focus("sl-team-all")
	tab.Press(browsertest.KeyDown, browsertest.KeyDown)
	focus("sl-team-group")
	tab.Press(browsertest.KeyDown, browsertest.KeyDown)
	focus("sl-team-query")
	tab.Press(browsertest.KeyTab)
	focus("sl-query")
	for _, letter := range "is assignee of HARB" {
		tab.Press(browsertest.Key(letter))
	}
	tab.Until(`document.querySelector("#sl-people").textContent.includes("Finds 7 people")`)
	for _, id := range []string{"sl-measure", "sl-window", "sl-unit", "sl-title"} {
		tab.Press(browsertest.KeyTab)
		focus(id)
	}
	tab.Press("C", "r", "e", "w", browsertest.KeyEnter)
	tab.Until(`document.querySelector("[data-fragment=workload]")`)
	want := workload.GadgetConfig{
		Projects: []string{"HARB"}, Query: "is assignee of HARB", Window: workload.Fortnight,
		Unit: workload.UnitHours, Title: "Crew", Refresh: workload.RefreshQuarterly,
	}
	if got := saved(t, b); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("saved %+v, want %+v", got, want)
	}
	for _, problem := range tab.Problems() {
		if !strings.Contains(problem, "favicon") {
			t.Errorf("the console complains: %s", problem)
		}
	}
}

// TestFormEscapes leaves the form without saving, and shows a person who may
// not edit the dashboard a sentence instead of the form.
func TestFormEscapes(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	tab := browser.Open(t, b.Site.URL()+"/jira/dashboards/"+b.Dashboard.ID, 1280, 900)
	gadget := tab.Frame("/gadget/workload")
	gadget.Until(harness.Loaded + `document.querySelector("[data-fragment=workload]")`)
	tab.Click(`.gadget [aria-label^="More actions"]`)
	tab.ClickText("Configure")
	gadget.Until(`document.querySelector("#sl-search") === document.activeElement`)
	browsertest.FrameEval[any](gadget, `(document.querySelector("#sl-title").value = "typed", document.querySelector("#sl-search").click(), null)`)
	gadget.Until(`document.querySelector("#sl-search").ariaExpanded === "true"`)
	browsertest.FrameEval[any](gadget, escape)
	gadget.Until(`document.querySelector("#sl-search").ariaExpanded === "false"`)
	browsertest.FrameEval[any](gadget, escape)
	gadget.Until(`document.querySelector("[data-fragment=workload]")`)
	if got := saved(t, b); got.Title != "" {
		t.Errorf("saved %+v", got)
	}

	viewer := r.Viewer(t, b.Dashboard)
	address, err := r.Site.ModuleURL(harness.AppKey, "workload", viewer, b.Dashboard.ID, b.Item)
	if err != nil {
		t.Fatal(err)
	}
	tab = browser.Open(t, address, 480, 800)
	tab.Until(harness.Loaded + `document.querySelector("[data-fragment=workload]")`)
	tab.Do(`const edit = document.createElement("button"); edit.dataset.action = "edit"; document.querySelector("[data-slot]").append(edit); edit.click()`)
	tab.Until(`document.querySelector("[data-status]").textContent.includes("Only people who can edit this dashboard")`)
	if browsertest.Eval[bool](tab, `document.querySelector("form") !== null`) {
		t.Error("a viewer gets the form")
	}
}

const escape = `(document.querySelector("#sl-search").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true })), null)`

// TestFormFits opens the form in a narrow gadget, in the chat's dialog, and at
// twice the size: nothing is cut off or scrolls sideways.
func TestFormFits(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.Board{Running: r, Dashboard: r.Site.Objects().Dashboards[0]}
	b.Item = b.Dashboard.Items[0].ID
	gadget, err := r.Site.ModuleURL(harness.AppKey, "workload", b.Dashboard.Owner, b.Dashboard.ID, b.Item)
	if err != nil {
		t.Fatal(err)
	}
	room := r.Site.Objects().Conversations[0]
	r.SetUpRoom(t, harness.AppKey, room, "HARB")
	dialog, err := r.Site.ChatPageURL(harness.AppKey, "setup-dialog", room.ID, room.Members[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []struct {
		address       string
		width, height int64
	}{{gadget, 320, 800}, {gadget, 240, 400}, {dialog, 520, 560}, {dialog, 260, 280}} { // half as wide is twice the size
		tab := browser.Open(t, page.address, page.width, page.height)
		tab.Until(harness.Loaded + `document.querySelector("[data-fragment=config]")`)
		tab.Click("#sl-search")
		tab.Do(`document.querySelector("#sl-team-query")?.click()`)
		wide := browsertest.Eval[[]string](tab, `[...document.querySelectorAll("form *")].filter((e) => e.checkVisibility() && !e.closest(".sr") &&
			e.getBoundingClientRect().right > document.documentElement.clientWidth).map((e) => e.outerHTML.slice(0, 120))`)
		if len(wide) > 0 || browsertest.Eval[bool](tab, `document.documentElement.scrollWidth > document.documentElement.clientWidth`) {
			t.Errorf("%d × %d: cut off: %q", page.width, page.height, wide)
		}
		small := browsertest.Eval[[]string](tab, `[...document.querySelectorAll("form :is(button, select, textarea, input:not([type=hidden]), [role=option], label:is(.choice, .choice-line))")].filter((e) => e.checkVisibility() &&
			!e.matches("label:is(.choice, .choice-line) input") && Math.min(e.offsetWidth, e.offsetHeight) < 24).map((e) => e.outerHTML.slice(0, 120))`)
		if len(small) > 0 {
			t.Errorf("%d × %d: too small to hit: %q", page.width, page.height, small)
		}
	}
}
