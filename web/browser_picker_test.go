package web

import (
	"testing"

	"github.com/sightline-go/sightline/internal/browsertest"
)

// What the pages show of the picker.
const (
	chosen = `[...document.querySelectorAll("[data-picks] input")].map((pick) => pick.value).join()`
	active = `document.getElementById(document.querySelector("#sl-search").getAttribute("aria-activedescendant"))?.dataset.key`
	isList = `document.querySelector("#sl-search").ariaExpanded + " " + document.querySelector("#sl-found").checkVisibility()`
	offers = `[...document.querySelectorAll("[role=option][data-key]")].map((option) => option.dataset.key).join()`
	seen   = `document.activeElement.id`
)

func TestPicker(t *testing.T) {
	t.Parallel()
	chromium := browsertest.Start(t)
	for name, tt := range pickerScenarios(t) {
		t.Run(name, func(t *testing.T) { tt.play(t, chromium) })
	}
}

// picking is a form that offers projects, two of them chosen.
func picking(keys ...string) ConfigForm {
	f := form(FormGadget)
	f.Save, f.Projects.Found.Found = "/call/save", offered(keys...)
	return f
}

func offered(keys ...string) []Project {
	var list []Project
	for _, key := range keys {
		list = append(list, Project{Key: key, Name: "Project " + key})
	}
	return list
}

func found(t *testing.T, typed string, keys ...string) answer {
	t.Helper()
	return fragment(t, 200, ProjectsView(Projects{L: english(), Typed: typed, Found: offered(keys...)}))
}

func roles(t *testing.T, names ...string) answer {
	t.Helper()
	field := RoleField{L: english(), URL: "/call/roles?item=1", Roles: []Option{{"", "Choose a role", true}}}
	for _, name := range names {
		field.Roles = append(field.Roles, Option{name, name, false})
	}
	return fragment(t, 200, RoleView(field))
}

func people(t *testing.T, p People) answer {
	t.Helper()
	p.L = english()
	return fragment(t, 200, PeopleView(p))
}

func pickerScenarios(t *testing.T) map[string]scenario {
	held := make(chan struct{})
	late := fragment(t, 200, titled("Saved", false))
	late.wait = held
	return map[string]scenario{
		"choose with the keyboard": {
			shell:   gadget(ConfigView(picking("ABC", "XYZ"))),
			answers: []answer{roles(t, "one", "two")},
			act:     chooseByKey,
			calls: []string{
				"GET /roles?item=1&projects=DEF&projects=OLD&projects=XYZ&q=&team=role&role=&query=is+assignee+of+ABC&window=14&unit=hours&title=My+team&refresh=15&cancel=1 JWT session",
			},
		},
		"nothing is chosen before it is found": {
			shell:   gadget(ConfigView(picking("ABC", "XYZ"))),
			answers: []answer{found(t, "xy", "XYZ")},
			act:     typeAhead,
			calls: []string{
				"GET /projects?item=1&projects=DEF&projects=OLD&q=xy&team=all&role=&query=is+assignee+of+ABC&window=14&unit=hours&title=My+team&refresh=15&cancel=1 JWT session",
			},
		},
		"no more than fit": {
			shell: gadget(ConfigView(func() ConfigForm {
				f := picking("ABC")
				f.Projects.Max = 2
				return f
			}())),
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.Do(`document.querySelector("#sl-search").focus()`)
				b.Press(browsertest.KeyDown, browsertest.KeyEnter)
				b.want(chosen, "DEF,OLD")
				b.want(`document.querySelector("[data-full]").textContent`, "Choose at most 2 projects.")
				b.want(offers, "ABC")
			},
		},
		"choose with the mouse": {
			shell:   gadget(ConfigView(picking("ABC", "XYZ"))),
			answers: []answer{roles(t, "one", "two"), roles(t, "one")},
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.want(isList, "false false")
				b.Click("#sl-search")
				b.want(isList, "true true")
				b.Click("#sl-option-ABC")
				b.want(chosen, "DEF,OLD,ABC")
				b.want(offers, "XYZ")
				b.want(`document.querySelector("[data-count]").textContent`, "3")
				b.Until(`document.querySelectorAll("#sl-role option").length === 3`)
				b.Click("#sl-option-XYZ") // the last one: no empty list stays
				b.want(isList, "false false")
				b.Click("#sl-search")
				b.want(isList, "false false")
				b.Until(`document.querySelectorAll("#sl-role option").length === 2`)
			},
			calls: []string{
				"GET /roles?item=1&projects=DEF&projects=OLD&projects=ABC&q=&team=role&role=&query=is+assignee+of+ABC&window=14&unit=hours&title=My+team&refresh=15&cancel=1 JWT session",
				"GET /roles?item=1&projects=DEF&projects=OLD&projects=ABC&projects=XYZ&q=&team=role&role=&query=is+assignee+of+ABC&window=14&unit=hours&title=My+team&refresh=15&cancel=1 JWT session",
			},
		},
		"a double click saves once": {
			shell:   gadget(ConfigView(picking())),
			answers: []answer{late},
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.Do(`document.querySelector("[type=submit]").click(); document.querySelector("[type=submit]").click()`)
				b.Until(`document.querySelector("[data-slot]").ariaBusy === "true"`)
				b.Do(`document.querySelector("[type=submit]").click()`)
				close(held)
				b.Until(isWorkload)
			},
			calls: []string{"POST /save JWT session"},
		},
		"a form that was not saved says why on top": {
			shell: gadget(ConfigView(picking())),
			answers: []answer{fragment(t, 502, ConfigView(func() ConfigForm {
				f := picking()
				f.Problem, f.Title = "Jira could not answer.", "typed"
				return f
			}()))},
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.Do(`document.querySelector("#sl-save").focus()`)
				b.Press(browsertest.KeyEnter)
				b.Until(`document.querySelector(".problem[role=alert]")`)
				b.want(`document.querySelector("form").firstElementChild.textContent`, "Jira could not answer.")
				b.want(`document.querySelector("#sl-title").value`, "typed")
				b.want(seen, "sl-save")
				b.want(says, "")
			},
			calls: []string{"POST /save JWT session"},
		},
		"the first wrong field has the focus": {
			shell: gadget(ConfigView(picking())),
			answers: []answer{fragment(t, 422, ConfigView(func() ConfigForm {
				f := picking()
				f.Team.Choice = TeamQuery
				f.Errors = map[string]string{FieldQuery: "No query.", FieldTitle: "Too long."}
				return f
			}()))},
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.Click("[type=submit]")
				b.Until(`document.querySelector("#sl-query-error")`)
				b.want(seen, "sl-query")
			},
			calls: []string{"POST /save JWT session"},
		},
		"people as somebody types": {
			shell: gadget(ConfigView(picking())),
			answers: []answer{
				people(t, People{Error: "No query."}),
				people(t, People{Count: "Finds 1 person", First: []Person{{"Ann", "", "A"}}}),
			},
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.want(`document.querySelector("#sl-query").checkVisibility()`, "false")
				b.Click("#sl-team-query")
				b.want(`document.querySelector("#sl-query").checkVisibility()`, "true")
				b.want(`document.querySelector("#sl-role").checkVisibility()`, "false")
				b.Fill("#sl-query", "is")
				b.Until(`document.querySelector("#sl-query-error")?.textContent === "No query."`)
				b.Fill("#sl-query", "is voter of A")
				b.Until(`document.querySelector("#sl-people .person-found")?.textContent.includes("Ann")`)
				b.want(`document.querySelector("#sl-query").value`, "is voter of A")
			},
			calls: []string{
				"GET /people?item=1&projects=DEF&projects=OLD&q=&role=&team=query&query=is&window=14&unit=hours&title=My+team&refresh=15&cancel=1 JWT session",
				"GET /people?item=1&projects=DEF&projects=OLD&q=&role=&team=query&query=is+voter+of+A&window=14&unit=hours&title=My+team&refresh=15&cancel=1 JWT session",
			},
		},
	}
}

func chooseByKey(b *tab, _ *site) {
	b.Until(`window.edit`)
	b.Do(`document.querySelector("#sl-search").focus()`)
	b.want(isList, "false false")
	b.Press(browsertest.KeyDown)
	b.want(isList, "true true")
	b.want(active, "ABC")
	b.Press(browsertest.KeyDown, browsertest.KeyDown, browsertest.KeyUp)
	b.want(active, "XYZ")
	b.Press(browsertest.KeyEnter)
	b.want(chosen, "DEF,OLD,XYZ")
	b.want(active, "ABC")
	b.Until(`document.querySelectorAll("#sl-role option").length === 3`)
	b.Press(browsertest.KeyEscape)
	b.want(isList, "false false")
	b.want(isForm, "true")
}

func typeAhead(b *tab, _ *site) {
	b.Until(`window.edit`)
	b.Click("#sl-team-all")
	b.Do(`document.querySelector("#sl-search").focus()`)
	b.Press("x", "y")
	b.want(isList, "true true")
	b.Press(browsertest.KeyEnter) // nothing answers this yet
	b.want(chosen, "DEF,OLD")
	b.Until(offers + ` === "XYZ"`)
	b.want(active, "undefined")
	b.want(seen, "sl-search")
}
