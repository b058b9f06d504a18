package states

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// asJira are the headers of a fault's answer.
func asJira() map[string]string { return map[string]string{"Content-Type": "application/json"} }

// failing sets up a gadget of the project HARB and then makes the site fail.
func failing(module string, fault connecttest.Fault) func(*testing.T, *harness.Stage) string {
	return func(t *testing.T, s *harness.Stage) string {
		address := s.Showing(t, module, "HARB")
		s.Fault(t, fault)
		return address
	}
}

// showing sets up a gadget of projects.
func showing(module string, projects ...string) func(*testing.T, *harness.Stage) string {
	return func(t *testing.T, s *harness.Stage) string { return s.Showing(t, module, projects...) }
}

// known is a page that was seen before. Since then an issue has changed, and now
// the site fails.
func known(module string, fault connecttest.Fault) func(*testing.T, *harness.Stage) string {
	return func(t *testing.T, s *harness.Stage) string {
		s.Showing(t, module, "HARB")
		address := s.Seen(t, module)
		s.FinishOneIssue(t, s.Dashboard.Owner, "HARB")
		if err := s.Site.WaitIdle(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.Fault(t, fault)
		return address
	}
}

func clicks(selectors ...string) func(*testing.T, *harness.Stage, *browsertest.Frame) {
	return func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
		for _, selector := range selectors {
			page.Click(selector)
		}
	}
}

const anyMessage = "[data-fragment=message]"

const freshTeam = "[data-fragment=workload]:not([data-stale]) tbody [data-person]"

// slowly is longer than a test waits, in milliseconds.
const slowly = 20_000

// workloadScenes are the workload's states that do not depend on the person.
func workloadScenes() []harness.Scene {
	return []harness.Scene{
		{Name: "loading", Waits: true, Set: failing("workload", connecttest.Fault{Path: harness.SearchPath, DelayMs: slowly}), Shown: "[data-fragment=loading]"},
		{Name: "fresh", Set: showing("workload", "HARB", "LANT"), Shown: freshTeam},
		{
			Name: "older while it refreshes", Waits: true, Set: known("workload", connecttest.Fault{Path: harness.SearchPath, DelayMs: slowly}),
			Shown: "[data-slot][aria-busy] [data-stale]", Says: []string{"Updated just now"},
		},
		{
			Name: "nobody has anything", Set: failing("workload", connecttest.Fault{Path: harness.SearchPath, Status: 200, Headers: asJira(), Body: `{"issues":[],"isLast":true}`}),
			Shown: "td.nobody", Says: []string{"Nobody has open issues here."},
		},
		{Name: "not set up for a viewer", Viewer: "praghunathan", Set: openAt("workload"), Shown: anyMessage, Says: []string{"This gadget is not set up yet", "The owner of this dashboard can choose"}},
		{
			Name: "rate limited", Set: failing("workload", connecttest.Fault{Path: harness.SearchPath, Status: 429, RetryAfter: 120}),
			Shown: anyMessage, Says: []string{"Jira asks for a pause", "tries again in 2 min", "Try now"}, Complains: []string{"429"},
		},
		{
			Name: "down and nothing known", Set: failing("workload", connecttest.Fault{Path: harness.SearchPath, Status: 500}),
			Shown: anyMessage, Says: []string{"Jira could not answer.", "tries again in 30 s"}, Complains: []string{"502"},
		},
		{
			Name: "down and known", Set: known("workload", connecttest.Fault{Path: harness.SearchPath, Status: 500}),
			Shown: "[data-status]:not(:empty)", Says: []string{"Could not update the numbers. Jira could not answer."}, Complains: []string{"502"},
		},
		{
			Name: "no points left and known", Set: known("workload", connecttest.Fault{
				Path: harness.SearchPath, Status: 429, Headers: map[string]string{"RateLimit-Reason": "jira-quota-global-based"},
			}),
			Shown: "[data-status]:not(:empty)", Says: []string{"These numbers are older", "New numbers come after"}, Complains: []string{"429"},
		},
		{
			Name: "impersonation not granted", Set: failing("workload", connecttest.Fault{Path: "/oauth2/token", Status: 400, Headers: asJira(), Body: `{"error":"invalid_grant"}`}),
			Shown: anyMessage, Says: []string{"Ask a Jira admin"}, Complains: []string{"403"}, Speechless: true,
			ConnectOnly: "on Forge each person consents: see the scene no consent",
		},
		{
			Name: "all at once", Set: showing("workload", "HARB", "LANT"),
			Act:   chosen("#sl-compact", `[name=bots]`, "#sl-sort-overdue", "tbody tr:last-child .pin"),
			Shown: ".compact .apps [data-person]",
		},
		{
			Name: "not saved yet", Set: failing("workload", connecttest.Fault{Method: http.MethodPut, Path: harness.PropertyPath, Status: 503}),
			Act: clicks("#sl-compact"), Shown: ".unsaved", Says: []string{"Not saved in Jira yet"},
		},
		{
			Name: "only people who left", Set: showing("workload", "HARB", "LANT"), Act: clicks("#sl-left"), Shown: ".left-people :checked",
			Says: []string{"Deactivated", "Open issues of people who left"},
		},
		{Name: "counted in story points", Set: inPoints, Shown: freshTeam + " [data-count=blank] a", Says: []string{"points", "Not estimated"}},
		{
			Name: "a saved filter", Shown: freshTeam, Says: []string{"Harbour, open"},
			Set: func(t *testing.T, s *harness.Stage) string {
				return s.ShowingAs(t, "workload", func(c *workload.GadgetConfig) { c.Filter, c.Narrow.Sprint = "10200", workload.SprintActive })
			},
		},
		{
			Name: "a query that Jira refuses", Shown: ".note", Says: []string{"left out, because Jira refuses it"},
			Set: func(t *testing.T, s *harness.Stage) string {
				return s.ShowingAs(t, "workload", func(c *workload.GadgetConfig) { c.JQL = "project = NONE" })
			},
		},
		{Name: "load by capacity", Set: byCapacity, Shown: freshTeam + " .weeks .week-over", Says: []string{"Heavy"}},
		{Name: "trend", Settings: keeping(), Set: lookingBack, Shown: freshTeam + " .trend", Says: []string{"than four weeks ago"}},
		{Name: "trend that cannot be told", Set: showingTrend, Shown: freshTeam, Says: []string{"cannot be told here"}},
		{Name: "trend that cannot be told yet", Settings: keeping(), Set: showingTrend, Shown: freshTeam, Says: []string{"cannot be told yet"}},
		{Name: "issue list", Set: showing("workload", "HARB"), Act: clicks("button.person-name"), Shown: "[data-fragment=issues]"},
		{Name: "hand over", Set: showing("workload", "HARB"), Act: clicks("button.person-name", ".handover [data-open]"), Shown: "[data-fragment=handover] [name=issue]"},
		{
			Name: "hand over with errors", Set: showing("workload", "HARB"), Shown: "#sl-to-error", Complains: []string{"422"},
			Act: clicks("button.person-name", ".handover [data-open]", "[data-fragment=handover] [type=submit]"),
		},
		{
			Name: "handed over", Set: showing("workload", "HARB"), Shown: ".saved [data-post]", Says: []string{"1 issue is now"},
			Act: func(t *testing.T, s *harness.Stage, page *browsertest.Frame) {
				clicks("button.person-name", ".handover [data-open]", "[data-fragment=handover] [name=issue]")(t, s, page)
				page.Do(`const to = document.querySelector("[name=to]"); to.value = [...to.options].find((o) => o.value.length > 1).value;`)
				page.Click("[data-fragment=handover] [type=submit]")
			},
		},
		{
			Name: "issue list by project", Set: showing("workload", "HARB", "LANT"), Shown: ".issue-group", Says: []string{"Open in Jira search"},
			Act: func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
				page.Click("button.person-name")
				page.Until(`document.querySelector("#sl-group")`)
				page.Do(`const list = document.querySelector("#sl-list"); list.dataset.old = "1"; const by = document.querySelector("#sl-group"); by.value = "project"; by.dispatchEvent(new Event("input", { bubbles: true }))`)
				page.Until(`!document.querySelector("#sl-list").dataset.old`)
			},
		},
		{Name: "export", Set: showing("workload", "HARB", "LANT"), Act: clicks("#sl-take"), Shown: "[data-fragment=export] tbody td.num", Says: []string{"Download CSV", "As of"}},
		{Name: "export of issues", Set: showing("workload", "HARB"), Act: clicks("button.person-name", ".issue-footer [data-open]"), Shown: "[data-fragment=export] tbody td", Says: []string{"Open issues: "}},
		{
			Name: "file as text", Set: showing("workload", "HARB"), Act: clicks("#sl-take", "#sl-file"), Shown: "[data-text]:not([hidden])",
			Says: []string{"The file is ready."},
		},
		{
			Name: "columns of its own", Shown: freshTeam + " [data-count=overdue]",
			Set: func(t *testing.T, s *harness.Stage) string {
				config := workload.NewGadgetConfig()
				config.Projects, config.Columns = []string{"HARB"}, []workload.Column{workload.ByOverdue, workload.ByLoad, workload.ByOpen}
				s.SetUp(t, "workload", config)
				return s.Address(t, "workload")
			},
		},
		{
			Name: "wallboard", Shown: ".wallboard:not([data-stale]) tbody [data-person]", Set: onWall("workload"), Says: []string{"Updated"},
		},
		{Name: "issue", Set: showing("workload", "HARB"), Act: clicks("button.person-name", ".issue-open"), Shown: "[data-fragment=issue] .facts"},
	}
}

// onWall sets up a wallboard.
func onWall(module string) func(*testing.T, *harness.Stage) string {
	return func(t *testing.T, s *harness.Stage) string {
		config := workload.NewGadgetConfig()
		config.Projects, config.Wallboard = []string{"HARB", "LANT"}, true
		s.SetUp(t, module, config)
		return s.Address(t, module)
	}
}

func openAt(module string) func(*testing.T, *harness.Stage) string {
	return func(t *testing.T, s *harness.Stage) string { return s.Address(t, module) }
}

// chosen clicks one element after the other, each after the answer to the last click.
func chosen(selectors ...string) func(*testing.T, *harness.Stage, *browsertest.Frame) {
	return func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
		for _, selector := range selectors {
			page.Do(`document.querySelector("[data-fragment]").dataset.old = "1"`)
			page.Click(selector)
			page.Until(`!document.querySelector("[data-fragment]").dataset.old`)
		}
	}
}

// rightsScenes are the states that depend on what a person may see.
func rightsScenes() []harness.Scene {
	return []harness.Scene{
		{Name: "some projects hidden", Viewer: "rpetrie", Set: showing("workload", "HARB", "LANT", "VALT"), Shown: freshTeam, Says: []string{"2 of 3 projects shown. You cannot see VALT."}},
		{Name: "all projects hidden", Viewer: "rpetrie", Set: showing("workload", "VALT"), Shown: "td.nobody", Says: []string{"0 of 1 projects shown. You cannot see VALT."}},
		{Name: "anonymous", Viewer: "-", Set: showing("workload", "HARB"), Shown: anyMessage, Says: []string{"Log in to see this gadget"}, Speechless: true},
		{
			Name: "hidden issue", Viewer: "rpetrie", Set: showing("workload", "HARB"), Shown: "[data-fragment=issue]", Says: []string{"You cannot see this issue"},
			Act: func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
				page.Click("button.person-name")
				page.Until(`document.querySelector(".issue-open")`)
				page.Do(`const issue = document.querySelector(".issue-open"); issue.dataset.open = issue.dataset.open.replace(/key=[^&]+/, "key=VALT-1")`)
				page.Click(".issue-open")
			},
		},
		{
			Name: "uninstalled meanwhile", Set: showing("workload", "HARB"), Shown: "[data-status]:not(:empty)", Complains: []string{"401"},
			Says:        []string{"Your session has ended, or Sightline was removed from this site. Reload the page."},
			ConnectOnly: "Forge makes no calls for an app that is gone: see the scene uninstalled while it is open",
			Act: func(t *testing.T, s *harness.Stage, page *browsertest.Frame) {
				if _, err := s.Site.Uninstall(t.Context(), harness.AppKey); err != nil {
					t.Fatal(err)
				}
				page.Click("button.person-name")
			},
		},
		{
			Name: "uninstalled before", ConnectOnly: "Jira shows no page of a Forge app that is gone", Shown: anyMessage, Says: []string{"could not be verified"}, Complains: []string{"401"},
			Set: func(t *testing.T, s *harness.Stage) string {
				address := s.Showing(t, "workload", "HARB")
				if _, err := s.Site.Uninstall(t.Context(), harness.AppKey); err != nil {
					t.Fatal(err)
				}
				return address
			},
		},
		{Name: "directory", ConnectOnly: noPreview, Set: signedAt("/gadget/workload?view=directory"), Shown: ".lozenge-sample", Says: []string{"Sample data", "Ada Moreno"}},
		{Name: "directory of the time logged", ConnectOnly: noPreview, Set: signedAt("/gadget/timelog?view=directory"), Shown: ".lozenge-sample", Says: []string{"Sample data", "Ada Moreno"}},
	}
}

// noPreview is why only Connect has the directory's scenes.
const noPreview = "Jira shows no gadget of Forge in its directory"

func signedAt(address string) func(*testing.T, *harness.Stage) string {
	return func(t *testing.T, s *harness.Stage) string { return signedPage(t, s, address) }
}

// formScenes are the states of the configuration form.
func formScenes() []harness.Scene {
	query := func(text string) func(*testing.T, *harness.Stage, *browsertest.Frame) {
		return func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
			page.Click("#sl-team-query")
			page.Fill("#sl-query", text)
		}
	}
	scenes := []harness.Scene{
		{Name: "form", Set: editable, Shown: "[data-fragment=config]"},
		{Name: "form with a search", Set: editable, Act: typed("#sl-search", "ha"), Shown: `#sl-found[data-for=ha] [role=option][data-key]`},
		{Name: "form that finds nothing", Set: editable, Act: typed("#sl-search", "zzz"), Shown: `#sl-found[data-for=zzz] .none`},
		{Name: "form with people found", Set: editable, Act: query("is assignee of HARB"), Shown: ".person-found"},
		{
			Name: "form with columns", Set: editable, Shown: ".columns[open] li:nth-child(2) [value=open]",
			Act: clicks(".columns summary", `[aria-label="Move Open down"], [aria-label="Offen nach unten"]`),
		},
		{
			Name: "form that counts points", Set: editable, Shown: "#sl-preview [name=points]", Says: []string{"of them without an estimate"},
			Act: countingPoints,
		},
		{
			Name: "form with a saved filter", Set: editable, Shown: "[name=filter]",
			Act: func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
				page.Click("#sl-scope-filter")
				page.Click("#sl-filter-search")
				page.Fill("#sl-filter-search", "week")
				page.Until(`document.querySelector("#sl-filter-found[data-for=week] [data-key]")`)
				page.Click("#sl-filter-found [data-key]")
				page.Until(`document.querySelector("#sl-filter-found[data-for='']")`)
				page.Until(`document.querySelector("#sl-preview-text").textContent`)
			},
		},
		{
			Name: "form with a query that Jira refuses", Set: editable, Shown: "#sl-jql-error", Says: []string{refusedByJira},
			Act: func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
				page.Click("#sl-scope-jql")
				page.Fill("#sl-jql", "project = NONE")
			},
		},
		{
			Name: "form that narrows", Set: editable, Shown: "[name=labels]",
			Act: func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
				page.Click("#sl-narrow summary")
				page.Click("#sl-labels-search")
				page.Fill("#sl-labels-search", "quick")
				page.Until(`document.querySelector("#sl-labels-found[data-for=quick] [data-key]")`)
				page.Click("#sl-labels-found [data-key]")
				page.Until(`document.querySelector("#sl-labels-found[data-for='']")`)
			},
		},
		{Name: "form with a group", Set: editable, Shown: "[name=groupName]", Act: picked("group", "team-l"), Says: []string{"team-LANT"}},
		{Name: "form with a team", Set: editable, Shown: "[name=atlassianTeamName]", Act: picked("atlassianTeam", "quay"), Says: []string{"Quayside"}},
		{
			Name: "form with a range", Set: editable, Shown: "#sl-window-error", Complains: []string{"422"},
			Act: func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
				page.Do(`const days = document.querySelector("#sl-window"); days.value = "range"; days.dispatchEvent(new Event("input", { bubbles: true }))`)
				page.Click("#sl-save")
			},
		},
		{Name: "form with a wrong query", Set: editable, Act: query("is assignee of HARB AND"), Shown: "#sl-query-error"},
		{
			Name: "form with working time", Set: editable, Shown: ".holiday-list [type=checkbox]", Says: []string{"Weihnachtstag"},
			Act: func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
				page.Click("#sl-load-fields summary")
				page.Do(`const region = document.querySelector("#sl-region"); region.value = "DE-BY"; region.dispatchEvent(new Event("input", { bubbles: true }))`)
			},
		},
		{
			Name: "form with hours of a person", Set: editable, Shown: ".crew-row .crew-hours",
			Act: func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
				page.Click("#sl-search")
				page.Fill("#sl-search", "harb")
				page.Until(`document.querySelector("#sl-found[data-for=harb] [data-key]")`)
				page.Click("#sl-found [data-key]")
				page.Click("#sl-load-fields summary")
				page.Click("#sl-who")
				page.Fill("#sl-who", "a")
				page.Until(`document.querySelector("#sl-crew-found[data-for=a] [data-key]")`)
				page.Click("#sl-crew-found [data-key]")
				page.Until(`document.querySelector("#sl-crew-found[data-for=''] .none")`) // searches for nothing again
			},
		},
		{
			Name: "form with errors", Set: editable, Shown: "#sl-projects-error", Complains: []string{"422"},
			Act: func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
				page.Click("#sl-team-query")
				page.Click("#sl-save")
			},
		},
	}
	for i := range scenes {
		scenes[i].Edits = true
	}
	return scenes
}

// picked finds a group or an Atlassian team by typing, and takes it.
func picked(field, text string) func(*testing.T, *harness.Stage, *browsertest.Frame) {
	return func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
		page.Click("#sl-team-" + map[string]string{"group": "group", "atlassianTeam": "atlassian"}[field])
		page.Click("#sl-" + field + "-search")
		page.Fill("#sl-"+field+"-search", text)
		page.Until(`document.querySelector("#sl-` + field + `-found[data-for='` + text + `'] [data-key]")`)
		page.Click("#sl-" + field + "-found [data-key]")
		page.Until(`document.querySelector("#sl-` + field + `-found[data-for='']")`)
	}
}

// refusedByJira is what the site says against a query of the project NONE, in whatever
// language.
const refusedByJira = "The value 'NONE' does not exist for the field 'project'."

// inPoints counts in story points.
func inPoints(t *testing.T, s *harness.Stage) string {
	return s.ShowingAs(t, "workload", func(c *workload.GadgetConfig) {
		c.Projects, c.Measure, c.Points = []string{"HARB", "LANT"}, workload.MeasurePoints, []string{"customfield_10016", "customfield_10026"}
	})
}

// byCapacity judges loads by working time.
func byCapacity(t *testing.T, s *harness.Stage) string {
	return s.ShowingAs(t, "workload", func(c *workload.GadgetConfig) {
		c.Projects, c.Load, c.Region = []string{"HARB", "LANT"}, workload.LoadByCapacity, "DE-BY"
	})
}

// keeping keeps an index.
func keeping() []func(*app.ServeFlags) {
	return []func(*app.ServeFlags){func(f *app.ServeFlags) { f.Index = "on" }}
}

func showingTrend(t *testing.T, s *harness.Stage) string {
	return s.ShowingAs(t, "workload", func(c *workload.GadgetConfig) {
		c.Projects, c.Trend = []string{"HARB", "LANT"}, workload.TrendMonth
	})
}

// lookingBack waits until it is known how the issues were.
func lookingBack(t *testing.T, s *harness.Stage) string {
	address := showingTrend(t, s)
	tenant, projects := s.OnlyTenant(t).ID, []string{"HARB", "LANT"}
	config := harness.AsJSON(workload.GadgetConfig{Projects: projects, Trend: workload.TrendMonth})
	at := connect.DashboardItem{Dashboard: s.Dashboard.ID, Item: s.Item(t, "workload")}
	if err := s.Store.Gadgets.SaveGadgetConfig(t.Context(), tenant, at, []byte(config), time.Now()); err != nil {
		t.Fatal(err)
	}
	feed := s.App.Feed()
	feed.Survey()
	harness.Eventually(t, "the past is known", func() bool {
		times := workload.TrendMonth.Times(time.Now())
		return len(feed.Facts(string(tenant)).Past(t.Context(), source.PastScope{Projects: projects, At: times})) == len(times)
	})
	return address
}

// editable is a new gadget on the viewer's own dashboard.
func editable(t *testing.T, s *harness.Stage) string { return s.Address(t, "workload") }

func typed(selector, text string) func(*testing.T, *harness.Stage, *browsertest.Frame) {
	return func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
		page.Click(selector)
		page.Fill(selector, text)
	}
}

// TestStatesOfWorkload plays every state of the workload, its form included.
func TestStatesOfWorkload(t *testing.T) {
	scenes := append(workloadScenes(), rightsScenes()...)
	scenes = append(scenes, formScenes()...)
	scenes = append(scenes, countScenes()...)
	scenes = append(scenes, pageScenes()...)
	play(t, onConnect{}, append(scenes, largeScene()))
}

// TestStatesInGerman plays the states with the longest words in German.
func TestStatesInGerman(t *testing.T) {
	play(t, onConnect{}, inGerman(slices.Concat(workloadScenes(), formScenes(), countScenes(), pageScenes())))
}

// largeScene is a gadget with the team of eighty.
func largeScene() harness.Scene {
	return harness.Scene{
		Name: "a team of eighty", Site: connecttest.Options{Large: true}, Set: showing("workload", "FLEET"), Shown: "#sl-all",
		Says: []string{"Show all "},
	}
}
