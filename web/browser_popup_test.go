package web

import (
	"fmt"
	"testing"

	"github.com/sightline-go/sightline/internal/browsertest"
)

// weighing is a form whose part about load and working time is open.
func weighing() ConfigForm {
	f := form(FormGadget)
	f.Save = "/call/save"
	ann := CrewRow{Account: "a-1", Name: "Ann", Usual: "8", Days: []Option{{"1", "Mon", true}}}
	f.Load = &LoadForm{
		Open: true, Rules: []Option{{"count", "By issues", true}},
		Regions:  []Option{{"", "None", true}, {"de", "Germany", false}},
		Holidays: Holidays{L: f.L, URL: "/call/holidays?item=1"},
		Crew:     Crew{URL: "/call/crew?item=1", Max: 20, Found: CrewFound{L: f.L, Found: []CrewRow{ann}}},
	}
	f.Columns = []Option{{"open", "Open", true}, {"load", "Load", true}, {"due", "Due", true}}
	return f
}

// isCrewList says whether the list of people is open.
const isCrewList = `document.querySelector("#sl-who").ariaExpanded + " " + document.querySelector("#sl-crew-found").checkVisibility()`

// popupScenarios press on what stands beside an open list, or below what an answer
// makes taller.
func popupScenarios(t *testing.T) map[string]scenario {
	scenarios := map[string]scenario{}
	for _, width := range []int64{320, 480, 800} {
		scenarios[fmt.Sprintf("save while the list of people is open, %d px", width)] = saveOverCrew(t, width)
		scenarios[fmt.Sprintf("holidays arrive during a press on Save, %d px", width)] = saveUnderHolidays(t, width)
		scenarios[fmt.Sprintf("a table arrives during a press on Copy, %d px", width)] = copyUnderTable(t, width)
		scenarios[fmt.Sprintf("columns by the mouse, %d px", width)] = orderByMouse(t, width)
	}
	scenarios["a person of the list by the mouse while their list is asked for anew"] = choosesPerson(t)
	return scenarios
}

func saveOverCrew(t *testing.T, width int64) scenario {
	return scenario{
		shell: gadget(ConfigView(weighing())), answers: []answer{fragment(t, 200, titled("Saved", false))},
		act: func(b *tab, _ *site) {
			b.Until(`window.edit`)
			b.Resize(width, 2400)
			b.Mouse("#sl-who", nil)
			b.want(isCrewList, "true true")
			b.Mouse("#sl-save", func() { b.want(isCrewList, "true true") })
			b.Until(isWorkload)
		},
		calls: []string{"POST /save JWT session"},
	}
}

func saveUnderHolidays(t *testing.T, width int64) scenario {
	days := Holidays{L: english(), URL: "/call/holidays?item=1"}
	for i := range 12 {
		days.Days = append(days.Days, Option{fmt.Sprintf("2026-%02d-01", i+1), "A day off", true})
	}
	list, comes := held(fragment(t, 200, HolidaysView(days)))
	return scenario{
		shell: gadget(ConfigView(weighing())), answers: []answer{list, fragment(t, 200, titled("Saved", false))},
		act: func(b *tab, s *site) {
			b.Until(`window.edit`)
			b.Resize(width, 2400)
			b.Do(`const r = document.querySelector("[name=region]"); r.value = "de"; r.dispatchEvent(new Event("input", { bubbles: true }))`)
			s.until(t, 1)
			b.Mouse("#sl-save", func() {
				close(comes)
				answered(b)
				b.want(`document.querySelectorAll("#sl-holidays input").length`, "0")
			})
			b.Until(isWorkload)
		},
		calls: []string{
			"GET /holidays?item=1&" + weighed("de", "") + " JWT session",
			"POST /save JWT session",
		},
	}
}

func copyUnderTable(t *testing.T, width int64) scenario {
	long := taken().Taken
	long.Notes = []string{"This table leaves something out.", "And something else."}
	table, comes := held(fragment(t, 200, TakenView(long)))
	return scenario{
		shell: gadget(ExportView(taken())), answers: []answer{table},
		act: func(b *tab, s *site) {
			b.Until(`window.edit`)
			b.Resize(width, 900)
			b.Do(`const f = document.querySelector("#sl-format"); f.value = "comma"; f.dispatchEvent(new Event("input", { bubbles: true }))`)
			s.until(t, 1)
			b.Mouse("#sl-copy", func() {
				close(comes)
				answered(b)
				b.want(`document.querySelector("#sl-taken .note") === null`, "true")
			})
			b.Until(`document.querySelector("#sl-taken .note")`)
			b.Until(says + ` === ` + fmt.Sprintf("%q", english().Export.Copied))
		},
		calls: []string{"GET /table?x=1&format=comma JWT session"},
	}
}

// orderByMouse opens the columns and moves one, each by one press.
func orderByMouse(t *testing.T, width int64) scenario {
	return scenario{
		shell: gadget(ConfigView(weighing())), answers: []answer{fragment(t, 200, titled("Saved", false))},
		act: func(b *tab, _ *site) {
			names := `[...document.querySelectorAll("[data-order] [data-name]")].map((n) => n.textContent).join()`
			b.Until(`window.edit`)
			b.Resize(width, 2400)
			b.Mouse("details.columns > summary", func() { b.want(`document.querySelector("details.columns").open`, "false") })
			b.Until(`document.querySelector("details.columns").open`)
			b.Mouse("[data-order] li:first-child [data-move='1']", func() { b.want(names, "Open,Load,Due") })
			b.Until(names + ` === "Load,Open,Due"`)
			b.Mouse("[data-order] li:nth-child(2) [data-move='1']", nil)
			b.Until(names + ` === "Load,Due,Open"`)
			b.Mouse("#sl-save", nil)
			b.Until(isWorkload)
		},
		calls: []string{"POST /save JWT session"},
	}
}

func choosesPerson(t *testing.T) scenario {
	list, comes := held(fragment(t, 200, CrewView(CrewFound{L: english(), Typed: "an"})))
	return scenario{
		shell:   gadget(ConfigView(weighing())),
		answers: []answer{list, fragment(t, 200, CrewView(CrewFound{L: english()})), fragment(t, 200, titled("Saved", false))},
		act: func(b *tab, s *site) {
			b.Until(`window.edit`)
			b.Resize(480, 2400)
			b.Mouse("#sl-who", nil)
			b.want(isCrewList, "true true")
			b.Press("a", "n")
			s.until(t, 1)
			b.Mouse("#sl-crew-found [role=option]", func() {
				close(comes)
				answered(b)
			})
			b.Until(`document.querySelector("[data-picks] .crew-name")`)
			b.want(`document.querySelector("[data-picks] .crew-name").textContent`, "Ann")
			s.until(t, 2) // the field is empty now
			b.Press(browsertest.KeyEscape)
			b.Mouse("#sl-save", nil)
			b.Until(isWorkload)
		},
		calls: []string{
			"GET /crew?item=1&" + weighed("", "an") + " JWT session",
			"GET /crew?item=1&" + weighed("", "") + " JWT session",
			"POST /save JWT session",
		},
	}
}

// weighed is what the form of weighing asks with, once a region is chosen or a name
// is typed.
func weighed(region, typed string) string {
	return "projects=DEF&projects=OLD&q=&team=role&role=&query=is+assignee+of+ABC&window=14&unit=hours&title=My+team&refresh=15" +
		"&columns=&columns=open&columns=load&columns=due&load=count&heavy=&light=&dueSoon=&region=" + region + "&daysOff=&who=" + typed + "&cancel=1"
}
