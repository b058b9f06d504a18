package web

import (
	"fmt"
	"testing"

	"github.com/sightline-go/sightline/internal/browsertest"
)

// TestPresses: nothing moves between a press and its release, so no click is
// lost.
func TestPresses(t *testing.T) {
	t.Parallel()
	chromium := browsertest.Start(t)
	for _, scenarios := range []map[string]scenario{pressScenarios(t), popupScenarios(t)} {
		for name, tt := range scenarios {
			t.Run(name, func(t *testing.T) { tt.play(t, chromium) })
		}
	}
}

// held answers late: after the press has begun.
func held(a answer) (answer, chan struct{}) {
	wait := make(chan struct{})
	a.wait = wait
	return a, wait
}

// answered waits until the page would have shown an answer that it has.
func answered(b *tab) {
	b.Do(`window.passed = false; setTimeout(() => { window.passed = true }, 150)`)
	b.Until(`window.passed`)
}

func pressScenarios(t *testing.T) map[string]scenario {
	scenarios := map[string]scenario{}
	for _, width := range []int64{320, 480, 800} {
		scenarios[fmt.Sprintf("save while the list is open, %d px", width)] = saveOverList(t, width)
	}
	fresh, freshComes := held(fragment(t, 200, titled("Fresh", false)))
	scenarios["fresh numbers arrive during a press"] = scenario{
		shell:   gadget(titled("Old", true)),
		answers: []answer{fresh, fragment(t, 200, callForm(nil))},
		act: func(b *tab, _ *site) {
			b.Until(`window.edit`)
			b.Do(`const edit = document.createElement("button"); edit.dataset.action = "edit"; edit.id = "edit"; edit.textContent = "Edit"; document.querySelector("[data-slot] > *").prepend(edit)`)
			b.Mouse("#edit", func() {
				close(freshComes)
				answered(b)
				b.want(`document.querySelector("#edit") !== null`, "true")
			})
			b.Until(isForm)
		},
		calls: []string{"GET /view?x=1&fresh=1 JWT session", "GET /form JWT session"},
	}
	list, listComes := held(found(t, "ab", "ABC"))
	scenarios["a search answers during a press on Save"] = scenario{
		shell:   gadget(ConfigView(picking("ABC", "XYZ", "ONE"))),
		answers: []answer{list, fragment(t, 200, titled("Saved", false))},
		act: func(b *tab, s *site) {
			b.Until(`window.edit`)
			b.Resize(800, 1600)
			b.Mouse("#sl-search", nil)
			b.Press("a", "b")
			s.until(t, 1)
			b.Mouse("#sl-save", func() {
				close(listComes)
				answered(b)
			})
			b.Until(isWorkload)
		},
		calls: []string{
			"GET /projects?item=1&projects=DEF&projects=OLD&q=ab&team=role&role=&query=is+assignee+of+ABC&window=14&unit=hours&title=My+team&refresh=15&cancel=1 JWT session",
			"POST /save JWT session",
		},
	}
	scenarios["the space bar on Save while the list is open"] = scenario{
		shell:   gadget(ConfigView(picking("ABC", "XYZ"))),
		answers: []answer{fragment(t, 200, titled("Saved", false))},
		act: func(b *tab, _ *site) {
			b.Until(`window.edit`)
			b.Mouse("#sl-search", nil)
			b.want(isList, "true true")
			b.Do(`document.querySelector("#sl-save").focus()`)
			b.Until(isList + ` === "false false"`)
			b.Press(browsertest.KeySpace)
			b.Until(isWorkload)
		},
		calls: []string{"POST /save JWT session"},
	}
	return scenarios
}

func saveOverList(t *testing.T, width int64) scenario {
	return scenario{
		shell:   gadget(ConfigView(picking("ABC", "XYZ", "ONE", "TWO"))),
		answers: []answer{fragment(t, 200, titled("Saved", false))},
		act: func(b *tab, _ *site) {
			b.Until(`window.edit`)
			b.Resize(width, 1600) // nothing scrolls, as in a frame as tall as its page
			b.Mouse("#sl-search", nil)
			b.want(isList, "true true")
			b.Mouse("#sl-save", func() { b.want(isList, "true true") })
			b.Until(isWorkload)
		},
		calls: []string{"POST /save JWT session"},
	}
}
