package timelog

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/browsertest/hosts"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestTimelogByKeyboard opens a cell, corrects a worklog and sees the new
// number with only the keyboard, on both hosts.
func TestTimelogByKeyboard(t *testing.T) {
	t.Parallel()
	hosts.Each(t, func(t *testing.T, host hosts.Host) {
		browser := browsertest.Start(t)
		r, dashboard := timelogged(t, workload.Month)
		k := r.Timekeeper(t, dashboard, "mlindqvist")
		k.Pinned(t)
		entry := k.Own(t, "HARB", 9, nil)
		day := entry.Started.Format("Mon 2 Jan 2006")
		was := harness.ReadSheet(t, k.Page(t))
		cell := func(hours string) string { return hours + " hours, " + k.DisplayName + ", " + day }
		before := was.Hours[k.AccountID][entry.Started.Format(time.DateOnly)]
		after := add(t, before, 1.5)

		d := hosts.Open(t, host, browser, r.Site, hosts.View{Account: k.AccountID, Dashboard: k.Dashboard, Item: k.Item, Width: 640, Height: 900})
		d.Shown("[data-fragment=timelog]")
		d.Gadget.Until(`document.querySelector("#sl-sheet").scrollLeft > 0`) // begins with today
		harness.TabTo(t, d.Tab, browsertest.KeyTab, k.DisplayName+", ")      // the cell of today, which may be empty
		d.Press(browsertest.KeyHome)
		harness.TabTo(t, d.Tab, browsertest.KeyRight, cell(before))
		d.Press(browsertest.KeyEnter)
		d.Shown("[data-fragment=worklogs]")
		harness.TabTo(t, d.Tab, browsertest.KeyTab, "Edit HARB-1, 12:00")
		d.Press(browsertest.KeyEnter)
		d.Shown("[data-fragment=worklog]")

		d.Press(browsertest.KeyEnd, kb.Backspace, kb.Backspace, kb.Backspace, "soon", browsertest.KeyEnter)
		d.Shown("#sl-spent-error")
		if focus := d.Focused(); focus.Name != "Time spent" {
			t.Errorf("after a mistake the focus is on %s", focus)
		}
		d.Press(browsertest.KeyEnd, kb.Backspace, kb.Backspace, kb.Backspace, kb.Backspace, "2h 30m", browsertest.KeyEnter)
		d.Shown("[data-fragment=worklogs] .saved")
		d.Gadget.Until(fmt.Sprintf(`document.querySelector("[data-worklog='%s'] [data-count=spent]").textContent === "2 h 30 min"`, entry.ID))
		d.Press(browsertest.KeyEscape)
		d.Shown("[data-fragment=timelog]")
		d.Gadget.Until(fmt.Sprintf(`document.activeElement.getAttribute("aria-label") === %q`, cell(after)))
		d.Gadget.Until(fmt.Sprintf(`document.querySelector("[data-count=total]").textContent.replace(",", "") === %q`, add(t, was.Total, 1.5)))
		d.Excuse("422")
		d.Clean(r.URL)
	})
}

// oneLine says that the headings of all days begin at the same height.
const oneLine = `new Set([...document.querySelectorAll("#sl-sheet th[data-day]")].map(th => Math.round(th.getBoundingClientRect().top))).size === 1`

// TestTodayStaysInView: the days begin at their end, with today, and stay there when
// the gadget becomes narrower; who has scrolled back stays where they are.
func TestTodayStaysInView(t *testing.T) {
	t.Parallel()
	const high = 3000 // browsers lay out what is out of view later
	hosts.Each(t, func(t *testing.T, host hosts.Host) {
		browser := browsertest.Start(t)
		r, dashboard := timelogged(t, workload.Month)
		k := r.Timekeeper(t, dashboard, "mlindqvist")
		d := hosts.Open(t, host, browser, r.Site, hosts.View{Account: k.AccountID, Dashboard: k.Dashboard, Item: k.Item, Width: 800, Height: high})
		d.Shown("[data-fragment=timelog]")
		d.Gadget.Until(oneLine)
		const sheet = `document.querySelector("#sl-sheet")`
		is := func(what string) string {
			return fmt.Sprintf(`(s => s.scrollWidth > s.clientWidth && %s)(%s)`, what, sheet)
		}
		width := int64(800)
		narrower := func(what string) {
			t.Helper()
			before := browsertest.FrameEval[int64](d.Gadget, sheet+".clientWidth")
			width -= 47
			d.Resize(width, high)
			d.Gadget.Until(is(fmt.Sprintf("s.clientWidth < %d && %s", before, what)))
		}
		const atEnd = "s.scrollLeft + s.clientWidth >= s.scrollWidth - 1"
		d.Gadget.Until(is(atEnd))
		narrower(atEnd)
		narrower(atEnd)
		browsertest.FrameEval[bool](d.Gadget, "("+sheet+`.scrollTo({left: 0, behavior: "instant"}), true)`)
		d.Gadget.Drawn() // the page has been told of it
		d.Gadget.Until(is("s.scrollLeft === 0"))
		narrower("s.scrollLeft === 0")
	})
}

// TestTimelogFits: at every width no day is cut in two, no page is wider than
// its frame, and axe-core finds no barrier.
func TestTimelogFits(t *testing.T) {
	t.Parallel()
	packages := browsertest.NeedPackages(t)
	browser := browsertest.Start(t)
	r, dashboard := timelogged(t, workload.Month)
	k := r.Timekeeper(t, dashboard, "mlindqvist")
	entry := k.Own(t, "HARB", 0, nil)
	for mode, widths := range map[string][]int64{"light": {320, 480, 1200}, "dark": {800}} {
		for _, width := range widths {
			address, err := r.Site.ModuleURL(harness.AppKey, "timelog", k.AccountID, k.Dashboard, k.Item)
			if err != nil {
				t.Fatal(err)
			}
			tab := browser.Open(t, "about:blank", width, 800)
			tab.Prefer(browsertest.Prefers{ColorScheme: mode})
			tab.Visit(address)
			look := func(what string) {
				t.Helper()
				if wide := browsertest.Eval[int](tab, "document.documentElement.scrollWidth"); int64(wide) > width {
					t.Errorf("%s at %d px is %d px wide", what, width, wide)
				}
				if width != 320 && mode != "dark" {
					return // the same markup and colours
				}
				if found := tab.Axe(packages); len(found) > 0 {
					t.Errorf("%s at %d px, %s:\n%s", what, width, mode, browsertest.Barriers(found))
				}
			}
			tab.Until(`document.querySelector("[data-grid] td button[tabindex='0']")`)
			if cut := browsertest.Eval[float64](tab, daysCut); cut > 1 {
				t.Errorf("at %d px a day is cut by %v px", width, cut)
			}
			look("the table")
			tab.Click(fmt.Sprintf(`[data-person="%s"] td:nth-last-child(2) button`, k.AccountID))
			tab.Until(`document.querySelector("[data-fragment=worklogs]")`)
			look("the list")
			tab.Click(fmt.Sprintf(`[data-worklog="%s"] .entry-edit button`, entry.ID))
			tab.Until(`document.querySelector("[data-fragment=worklog]")`)
			tab.Fill("[name=spent]", "soon")
			tab.Click("[type=submit]")
			tab.Until(`document.querySelector(".error")`)
			look("the form")
		}
	}
}

// daysCut is how much of a day's heading is hidden under the first column.
const daysCut = `(() => {
	const edge = document.querySelector(".sheet thead tr:last-child th").getBoundingClientRect().right;
	const cut = [...document.querySelectorAll(".sheet th.day")].map((day) => day.getBoundingClientRect())
		.filter((day) => day.left < edge && day.right > edge).map((day) => Math.min(edge - day.left, day.right - edge));
	return Math.max(0, ...cut);
})()`
