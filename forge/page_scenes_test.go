package forge_test

import (
	"strconv"
	"testing"

	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

const first = "GET /forge/ui/workload-gadget?entry=view"

// workload is a view with a person, whose issues can be opened.
func workload(t *testing.T) string {
	t.Helper()
	l := lang.New().English()
	number := web.Number{N: 5, Href: "https://site.example/issues?jql=x"}
	return draw(t, web.WorkloadView(web.Workload{
		L: l, Title: "Team workload", Heading: "My team", Window: "last 14 days", Unit: "hours", Age: "Updated just now",
		Rows: []web.Row{{
			ID: "a", Name: "Ann", Initials: "A", Issues: "/forge/ui/gadget/workload/person?account=a",
			Open: number, ToDo: number, InProgress: number, Overdue: number, DueSoon: number,
		}},
		Preferences: "/forge/ui/gadget/workload/preferences",
	}))
}

// form is the configuration form, with errors if there are any.
func form(t *testing.T, wrong map[string]string) string {
	t.Helper()
	l := lang.New().English()
	return draw(t, web.ConfigView(web.ConfigForm{
		L: l, Kind: web.FormGadget, Save: "/forge/ui/gadget/workload/form",
		Projects: web.ProjectPicker{
			URL: "/forge/ui/gadget/workload/projects", Max: 20, Chosen: []web.Project{{Key: "ABC", Name: "Alpha"}},
			Found: web.Projects{L: l},
		},
		Windows: []web.Option{{Value: "14", Label: "14 days", Selected: true}}, Units: []web.Option{{Value: "hours", Label: "Hours", Selected: true}},
		Refreshes: []web.Option{{Value: "15", Label: "Every 15 minutes", Selected: true}},
		Title:     "My team", DefaultTitle: "Team workload", Errors: wrong,
	}))
}

func message(t *testing.T, m web.Message) string {
	t.Helper()
	return draw(t, web.MessageView(m))
}

const says = `document.querySelector("[data-status]").textContent`

func viewScenes(t *testing.T) map[string]scene {
	t.Helper()
	view, issues := fragment(200, workload(t)), fragment(200, `<section data-fragment="issues"><h2>Issues</h2><button data-action="back">Back</button></section>`)
	return map[string]scene{
		"a view": {
			plan: plan{Context: gadget("view"), Answers: []any{view}},
			act: func(tab *browsertest.Tab) {
				tab.Until(`document.querySelector("h2").textContent === "My team"`)
				tab.Until(`document.documentElement.lang === "en"`)
			},
			asked: []string{first},
		},
		"an answer that the host passes on as it is": {
			plan: plan{Context: gadget("view"), Answers: []any{
				map[string]any{"success": true, "payload": map[string]any{"code": 200, "html": workload(t)}},
			}},
			act:   func(tab *browsertest.Tab) { tab.Until(`document.querySelector("[data-fragment=workload]")`) },
			asked: []string{first},
		},
		"old numbers are refreshed": {
			plan: plan{Context: gadget("view"), Answers: []any{
				fragment(200, `<section data-fragment="workload" data-stale><h2>Old</h2></section>`), view,
			}},
			act:   func(tab *browsertest.Tab) { tab.Until(`document.querySelector("h2").textContent === "My team"`) },
			asked: []string{first, first + "&fresh=1"},
		},
		"a person's issues, and back": {
			plan: plan{Context: gadget("view"), Answers: []any{view, issues}},
			act: func(tab *browsertest.Tab) {
				tab.Click("[data-open]")
				tab.Until(`document.querySelector("[data-fragment=issues]")`)
				tab.Click("[data-action=back]")
				tab.Until(`document.querySelector("[data-fragment=workload]")`)
			},
			asked: []string{first, "GET /forge/ui/gadget/workload/person?account=a"},
		},
		"a viewer's choice": {
			plan: plan{Context: gadget("view"), Answers: []any{
				fragment(200, `<section data-fragment="workload"><button data-post="/forge/ui/x" name="sort" value="open up">Open</button></section>`), view,
			}},
			act: func(tab *browsertest.Tab) {
				tab.Click("[data-post]")
				tab.Until(`document.querySelector("h2")?.textContent === "My team"`)
			},
			asked: []string{first, "POST /forge/ui/x sort=open+up"},
		},
		"links lead out of the frame": {
			plan: plan{Context: gadget("view"), Answers: []any{
				fragment(200, `<section data-fragment="workload"><a id="top" target="_top" href="https://site.example/browse/ABC-1">1</a>
					<a id="tab" href="https://slack.example/a">2</a></section>`),
			}},
			act: func(tab *browsertest.Tab) {
				tab.Click("#top")
				tab.Click("#tab")
			},
			asked: []string{
				first, `navigate {"url":"https://site.example/browse/ABC-1","type":"same-tab"}`,
				`navigate {"url":"https://slack.example/a","type":"new-tab"}`,
			},
		},
		"a page with a code in its address": {
			plan: plan{
				Context: hostContext{
					ModuleKey: "slack-connect-page", Locale: "de-DE",
					Extension: map[string]any{"location": "https://site.example/jira/apps/a/b?code=c%26d"},
				},
				Answers: []any{fragment(200, message(t, web.Message{Kind: web.MessageInfo, Title: "Sind Sie das?"}))},
			},
			act:   func(tab *browsertest.Tab) { tab.Until(`document.documentElement.lang === "de"`) },
			asked: []string{"GET /forge/ui/slack-connect-page?code=c%26d&entry=view"},
		},
	}
}

func editScenes(t *testing.T) map[string]scene {
	t.Helper()
	const edit = "GET /forge/ui/workload-gadget?entry=edit"
	const posted = "POST /forge/ui/gadget/workload/form projects=ABC&q=&window=14&unit=hours&title=My+team&refresh=15"
	shown := fragment(200, form(t, nil))
	kept := answered(map[string]any{"code": 200, "submit": map[string]any{"projects": []string{"ABC"}, "refresh": 15}})
	refused := false
	return map[string]scene{
		"a correct form": {
			plan: plan{Context: gadget("edit"), Answers: []any{shown, kept}},
			act: func(tab *browsertest.Tab) {
				tab.Click("[type=submit]")
				tab.Until(`asked.some((call) => call.startsWith("submit"))`)
			},
			asked: []string{edit, posted, `submit {"projects":["ABC"],"refresh":15}`},
		},
		"a form with errors": {
			plan: plan{Context: gadget("edit"), Answers: []any{shown, fragment(422, form(t, map[string]string{web.FieldTitle: "Too long."}))}},
			act: func(tab *browsertest.Tab) {
				tab.Click("[type=submit]")
				tab.Until(`document.activeElement.name === "title" && document.querySelector("#sl-title-error").textContent === "Too long."`)
			},
			asked: []string{edit, posted},
		},
		"a configuration that Jira refuses": {
			plan: plan{Context: gadget("edit"), Answers: []any{shown, kept}, Submit: &refused},
			act: func(tab *browsertest.Tab) {
				tab.Click("[type=submit]")
				tab.Until(says + ` === "Could not save. Something went wrong. Try again in a moment."`)
				tab.Until(`document.querySelector("[name=title]").value === "My team"`)
			},
			asked: []string{edit, posted, `submit {"projects":["ABC"],"refresh":15}`},
		},
		"a form that is left with Escape": {
			plan: plan{Context: gadget("edit"), Answers: []any{shown}},
			act: func(tab *browsertest.Tab) {
				tab.Until(`document.activeElement.matches("[role=combobox]")`)
				tab.Press(browsertest.KeyEscape)
				tab.Until(`asked.includes("close")`)
			},
			asked: []string{edit, "close"},
		},
		"a form that is cancelled": {
			plan: plan{Context: gadget("edit"), Answers: []any{
				fragment(200, `<form data-fragment="config"><input name="title"><button type="button" data-action="cancel">Cancel</button></form>`),
			}},
			act: func(tab *browsertest.Tab) {
				tab.Click("[data-action=cancel]")
				tab.Until(`asked.includes("close")`)
			},
			asked: []string{edit, "close"},
		},
		"a search while somebody types": {
			plan: plan{Context: gadget("edit"), Answers: []any{shown, fragment(200, `<ul id="sl-found" data-fragment="projects"><li class="found">Delta</li></ul>`)}},
			act: func(tab *browsertest.Tab) {
				tab.Fill("[role=combobox]", "del")
				tab.Until(`document.querySelector("#sl-found .found")`)
			},
			asked: []string{edit, "GET /forge/ui/gadget/workload/projects?projects=ABC&q=del&window=14&unit=hours&title=My+team&refresh=15"},
		},
	}
}

// failureScenes are calls that fail: on the way, where the bridge does not throw,
// or in the app.
func failureScenes(t *testing.T) map[string]scene {
	t.Helper()
	shows := func(text string) func(*browsertest.Tab) {
		return func(tab *browsertest.Tab) {
			tab.Until(`document.querySelector("[role=alert] p").textContent === ` + strconv.Quote(text))
		}
	}
	opening := func(answer any, text string) scene {
		return scene{plan: plan{Context: gadget("view"), Answers: []any{answer}}, act: shows(text), asked: []string{first}}
	}
	const wentWrong = "Could not open this. Something went wrong. Try again in a moment."
	german := gadget("view")
	german.Locale = "de-DE"
	inGerman := opening(failed(403), "Das ließ sich nicht öffnen. Das dürfen Sie nicht.")
	inGerman.plan.Context = german
	return map[string]scene{
		"the host says that it failed":      opening(failed(500), wentWrong),
		"the token is refused":              opening(failed(401), "Could not open this. "+lang.New().English().Script.SignedOut),
		"the host says it in German":        inGerman,
		"the answer is a text":              opening(map[string]any{"success": true, "payload": "<section data-fragment=workload>"}, "Could not open this. Sightline did not answer. Try again in a moment."),
		"the answer is empty":               opening(map[string]any{}, "Could not open this. Sightline did not answer. Try again in a moment."),
		"the answer has only a status":      opening(map[string]any{"success": true, "payload": map[string]any{"status": 200}}, wentWrong),
		"the app explains it in a sentence": opening(answered(map[string]any{"code": 429, "detail": "Jira takes no more."}), "Could not open this. Jira takes no more."),
		"the app explains it in a fragment": {
			plan: plan{Context: gadget("view"), Answers: []any{
				fragment(502, message(t, web.Message{Kind: web.MessageWarning, Title: "Down", Text: "No answer.", Retry: 1})), fragment(200, workload(t)),
			}},
			act:   func(tab *browsertest.Tab) { tab.Until(`document.querySelector("h2").textContent === "My team"`) },
			asked: []string{first, first + "&fresh=1"},
		},
		"old numbers stay when a refresh fails": {
			plan: plan{Context: gadget("view"), Answers: []any{
				fragment(200, `<section data-fragment="workload" data-stale><h2>Old</h2></section>`), failed(504),
			}},
			act: func(tab *browsertest.Tab) {
				tab.Until(says + ` === "Could not update the numbers. Something went wrong. Try again in a moment."`)
				tab.Until(`document.querySelector("h2").textContent === "Old"`)
			},
			asked: []string{first, first + "&fresh=1"},
		},
	}
}
