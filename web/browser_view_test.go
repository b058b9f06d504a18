package web

import (
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/lang"
)

const said = `document.querySelector("[data-announce]").textContent`

// choosing is a gadget whose viewer can sort, pin and look at issues.
func choosing(change func(*Workload)) templ.Component {
	return WorkloadView(choices(func(w *Workload) {
		w.Preferences = "/call/preferences"
		for i := range w.Rows {
			w.Rows[i].AvatarURL = ""
			w.Rows[i].Issues = "/call/person?account=" + w.Rows[i].Name
		}
		w.Unassigned.AvatarURL = ""
		change(w)
	}))
}

func unchanged(*Workload) {}

func choiceScenarios(t *testing.T) map[string]scenario {
	byOverdue := choosing(func(w *Workload) { w.Sort = Sort{By: "overdue", Desc: true} })
	pinned := choosing(func(w *Workload) { w.Rows[1].Pinned = true })
	return map[string]scenario{
		"sort with the keyboard": {
			shell:   gadget(choosing(unchanged)),
			answers: []answer{fragment(t, 200, byOverdue)},
			act: func(b *tab, s *site) {
				b.Until(`window.edit`)
				b.Do(`document.querySelector("#sl-sort-overdue").focus(); document.activeElement.click()`)
				b.Until(`document.querySelector("#sl-sort-overdue").closest("th").ariaSort === "descending"`)
				b.Until(said + ` !== ""`)
				b.want(said, "Sorted by Overdue, descending.")
				b.want(`document.activeElement.id`, "sl-sort-overdue")
				if got := s.call(0).body; got != "sort=overdue" {
					b.t.Errorf("sent %q", got)
				}
			},
			calls: []string{"POST /preferences JWT session"},
		},
		"pin, and unpin": {
			shell:   gadget(choosing(unchanged)),
			answers: []answer{fragment(t, 200, pinned), fragment(t, 200, choosing(unchanged))},
			act: func(b *tab, s *site) {
				b.Until(`window.edit`)
				b.Do(`const star = document.getElementById("sl-pin-id:Ben"); star.focus(); star.click()`)
				b.Until(said + ` === "Ben is pinned."`)
				b.want(`document.activeElement.id`, "sl-pin-id:Ben")
				b.want(`getComputedStyle(document.activeElement).opacity`, "1")
				b.Do(`document.activeElement.click()`)
				b.Until(said + ` === "Ben is no longer pinned."`)
				if got := s.call(0).body + " " + s.call(1).body; got != "pin=id%3ABen unpin=id%3ABen" {
					b.t.Errorf("sent %q", got)
				}
			},
			calls: []string{"POST /preferences JWT session", "POST /preferences JWT session"},
		},
		"a choice that fails": {
			shell:   gadget(choosing(unchanged)),
			answers: []answer{problem(422, "You cannot pin more people.")},
			act: func(b *tab, _ *site) {
				b.Click("[name=pin]")
				b.Until(says + ` !== ""`)
				b.want(says, "Could not save. You cannot pin more people.")
				b.want(said, "")
			},
			calls: []string{"POST /preferences JWT session"},
		},
		"a refresh with other numbers is said": {
			shell:   gadget(choosing(func(w *Workload) { w.Stale = true })),
			answers: []answer{fragment(t, 200, choosing(func(w *Workload) { w.Totals.Open.N = 31 }))},
			act:     func(b *tab, _ *site) { b.Until(said + ` === "Numbers updated."`) },
			calls:   []string{"GET /view?x=1&fresh=1 JWT session"},
		},
		"a refresh with the same numbers is not": {
			shell:   gadget(choosing(func(w *Workload) { w.Stale, w.Title = true, "Old" })),
			answers: []answer{fragment(t, 200, choosing(unchanged))},
			act: func(b *tab, _ *site) {
				b.Until(`asked.includes("title Team workload")`)
				b.want(said, "")
			},
			calls: []string{"GET /view?x=1&fresh=1 JWT session"},
		},
		"a timer refreshes": {
			shell:   gadget(choosing(func(w *Workload) { w.Refresh = 1 })),
			answers: []answer{fragment(t, 200, choosing(func(w *Workload) { w.Totals.Open.N = 31 }))},
			act:     func(b *tab, _ *site) { b.Until(said + ` === "Numbers updated."`) },
			calls:   []string{"GET /view?x=1&fresh=1 JWT session"},
		},
		"data that was not there in time": {
			shell:   gadget(LoadingView(english(), "Workload")),
			answers: []answer{fragment(t, 200, choosing(unchanged))},
			act: func(b *tab, _ *site) {
				b.Until(isWorkload)
				b.want(said, "")
			},
			calls: []string{"GET /view?x=1&fresh=1 JWT session"},
		},
		"an age goes on counting": {
			shell: gadget(choosing(func(w *Workload) { w.Age, w.ReadAt = "Updated just now", time.Now().Add(-3*time.Hour) })),
			act: func(b *tab, _ *site) {
				b.Until(`document.querySelector("time").textContent === "Updated 3 hours ago"`)
				b.Do(`const age = document.querySelector("script[type=module]").src.replace("gadget.js", "age.js");
					import(age).then(({ tick }) => {
						const slot = document.querySelector("[data-slot]");
						const after = (seconds) => { tick(slot, Date.parse(slot.querySelector("time").dateTime) + seconds * 1000); return slot.querySelector("time").textContent; };
						const english = [after(60), after(59 * 60 + 59), after(25 * 3600), after(30)];
						document.documentElement.lang = "de";
						slot.querySelector("time").dataset.age = "{age} aktualisiert";
						window.ages = [...english, after(180)].join("; ");
					});`)
				b.Until(`window.ages`)
				b.want(`window.ages`, "Updated 1 minute ago; Updated 59 minutes ago; Updated 1 day ago; Updated 1 day ago; Vor 3 Minuten aktualisiert")
			},
		},
	}
}

// TestNothingOverflows shows every view at every width of a gadget: nothing is
// wider than the page, and nothing to speak of moves after it was first painted.
func TestNothingOverflows(t *testing.T) {
	t.Parallel()
	chromium := browsertest.Start(t)
	long := "Wilhelmina-Alexandrina Featherstonehaugh-Cholmondeley"
	word := strings.Repeat("Donaudampfschifffahrt", 8)
	due := Due{"26 Nov 2026", true}
	views := map[string]templ.Component{
		"workload": choosing(func(w *Workload) {
			w.Rows[0].Name, w.Rows[1].Name = long, word
			w.Rows[0].Meter = Meter{Share: 2, Text: "160 of 80"}
			w.Rows[0].Open.N, w.Totals.Open.N, w.Totals.Remaining.Text, w.Rows[0].Remaining.Text = 1234, 12345, "123,456.5", "23,456.5"
			w.Apps, w.HasApps, w.Unsaved, w.ReadAt = w.Rows[:1], true, "Not saved in Jira yet; trying again.", time.Now()
		}),
		"compact": choosing(func(w *Workload) { w.Compact, w.Rows[0].Name, w.Rows[1].Name = true, long, word }),
		"German":  choosing(func(w *Workload) { w.L = lang.New().Of("de"); w.Rows[0].LoadText = "Ausgewogen" }),
		"loading": LoadingView(english(), "Workload"),
		"issues": IssueListView(IssueList{L: english(), Person: word, Search: "https://a", Rest: 9, Count: 109, Groups: []IssueGroup{{Name: word, Count: 9, Issues: []ListedIssue{
			{Key: "LONGPROJECT-123456", Summary: word, Open: "/x", Status: Status{"Waiting for customer approval", "new"}, Due: due, Priority: Priority{Name: "Highest"}, Files: 12},
		}}}}),
		"issue": IssueView(IssueDetails{
			L: english(), Key: "LONGPROJECT-123456", Summary: word, Status: Status{word, "done"}, Due: due, Assignee: word, Labels: []string{word},
			Description: word + "\n\t" + word, Files: []File{{Name: word + ".png", Size: "2 MB", Href: "https://a"}},
		}),
	}
	for name, view := range views {
		for _, width := range []int64{320, 480, 800, 1200} {
			s := newSite(t, Shell{L: english(), Kind: KindPage, Body: view}, hostScript)
			b := &tab{chromium.Open(t, s.URL+"/page", width, 900), t}
			b.Do(`window.moved = 0; window.movers = []; new PerformanceObserver((list) => { for (const e of list.getEntries()) { moved += e.value; for (const o of e.sources) movers.push(o.node?.className + " " + JSON.stringify(o.previousRect) + JSON.stringify(o.currentRect)); } }).observe({ type: "layout-shift", buffered: true })`)
			b.Do(`requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = true; }))`)
			b.Until(`window.painted`)
			if got := browsertest.Eval[string](b.Tab, `[document.documentElement.scrollWidth <= innerWidth, moved < 0.001, ...(moved < 0.001 ? [] : movers),
				...(document.documentElement.scrollWidth <= innerWidth ? [] : [document.documentElement.scrollWidth, innerWidth, ...[...document.querySelectorAll("body *")]
					.filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => e.outerHTML.slice(0, 120))])].join()`); got != "true,true" {
				t.Errorf("%s at %d px: fits and stays: %s, want true,true", name, width, got)
			}
		}
	}
}

func issueScenarios(t *testing.T) map[string]scenario {
	list := IssueListView(IssueList{
		L: english(), Person: "Ben", Rest: 3, Search: "https://site.example/issues/?jql=x",
		Groups: []IssueGroup{{Issues: []ListedIssue{
			{Key: "ABC-1", Summary: "First", Open: "/call/issue?key=ABC-1", Status: Status{"To Do", "new"}, Due: Due{"1 Mar 2026", true}, Files: 2},
			{Key: "ABC-2", Summary: "Second", Open: "/call/issue?key=ABC-2", Status: Status{"Doing", "indeterminate"}},
		}}},
	})
	details := IssueView(IssueDetails{L: english(), Key: "ABC-2", Summary: "Second", Href: "https://site.example/browse/ABC-2"})
	isKind := func(kind string) string { return `document.querySelector("[data-fragment=` + kind + `]") !== null` }
	return map[string]scenario{
		"a person's issues, one of them, and back": {
			shell:   gadget(choosing(unchanged)),
			answers: []answer{fragment(t, 200, list), fragment(t, 200, details)},
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.Do(`const person = document.getElementById("sl-person-id:Ben"); person.focus(); person.click()`)
				b.Until(isKind("issues"))
				b.want(`document.activeElement.dataset.fragment`, "issues")
				b.Do(`const issue = document.getElementById("sl-issue-ABC-2"); issue.focus(); issue.click()`)
				b.Until(isKind("issue"))
				b.want(`document.activeElement.dataset.fragment`, "issue")
				b.Click("[data-action=back]")
				b.Until(isKind("issues"))
				b.want(`document.activeElement.id`, "sl-issue-ABC-2")
				b.Do(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }))`)
				b.Until(isWorkload)
				b.want(`document.activeElement.id`, "sl-person-id:Ben")
			},
			calls: []string{"GET /person?account=Ben JWT session", "GET /issue?key=ABC-2 JWT session"},
		},
	}
}
