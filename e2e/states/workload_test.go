package states

import (
	"net/http"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
)

// asJira are the headers of an answer that a fault makes up.
func asJira() map[string]string { return map[string]string{"Content-Type": "application/json"} }

// failing sets up a gadget of HARB on a site that fails.
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

// known is a page that was seen, of a Jira that changed since and fails now.
func known(module string, fault connecttest.Fault) func(*testing.T, *harness.Stage) string {
	return func(t *testing.T, s *harness.Stage) string {
		address := s.Seen(t, s.Showing(t, module, "HARB"))
		s.FinishOneIssue(t, s.Dashboard.Owner, "HARB")
		if err := s.Site.WaitIdle(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.Fault(t, fault)
		return address
	}
}

func clicks(selectors ...string) func(*testing.T, *harness.Stage, *browsertest.Tab) {
	return func(_ *testing.T, _ *harness.Stage, tab *browsertest.Tab) {
		for _, selector := range selectors {
			tab.Click(selector)
		}
	}
}

const anyMessage = "[data-fragment=message]"

const freshTeam = "[data-fragment=workload]:not([data-stale]) tbody [data-person]"

// slowly is longer than a test looks.
const slowly = 20_000

// workloadScenes are what a person may see of the workload whoever they are.
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
		{Name: "not set up for a viewer", Viewer: "praghunathan", Set: openAt("workload"), Shown: anyMessage, Says: []string{"This gadget is not set up yet"}},
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
			Name: "impersonation not granted", Set: failing("workload", connecttest.Fault{Path: "/oauth2/token", Status: 400, Headers: asJira(), Body: `{"error":"invalid_grant"}`}),
			Shown: anyMessage, Says: []string{"Ask a Jira admin"}, Complains: []string{"403"}, Speechless: true,
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
		{Name: "issue list", Set: showing("workload", "HARB"), Act: clicks("button.person-name"), Shown: "[data-fragment=issues]"},
		{Name: "issue", Set: showing("workload", "HARB"), Act: clicks("button.person-name", ".issue-open"), Shown: "[data-fragment=issue] .facts"},
	}
}

func openAt(module string) func(*testing.T, *harness.Stage) string {
	return func(t *testing.T, s *harness.Stage) string { return s.Address(t, module) }
}

// chosen clicks one after the other, each after the answer of the one before.
func chosen(selectors ...string) func(*testing.T, *harness.Stage, *browsertest.Tab) {
	return func(_ *testing.T, _ *harness.Stage, tab *browsertest.Tab) {
		for _, selector := range selectors {
			tab.Do(`document.querySelector("[data-fragment]").dataset.old = "1"`)
			tab.Click(selector)
			tab.Until(`!document.querySelector("[data-fragment]").dataset.old`)
		}
	}
}

// rightsScenes are about what one person may see and another may not.
func rightsScenes() []harness.Scene {
	return []harness.Scene{
		{Name: "some projects hidden", Viewer: "rpetrie", Set: showing("workload", "HARB", "LANT", "VALT"), Shown: freshTeam, Says: []string{"2 of 3 projects shown. You cannot see VALT."}},
		{Name: "all projects hidden", Viewer: "rpetrie", Set: showing("workload", "VALT"), Shown: "td.nobody", Says: []string{"0 of 1 projects shown. You cannot see VALT."}},
		{Name: "anonymous", Viewer: "-", Set: showing("workload", "HARB"), Shown: anyMessage, Says: []string{"Log in to see this gadget"}},
		{
			Name: "hidden issue", Viewer: "rpetrie", Set: showing("workload", "HARB"), Shown: "[data-fragment=issue]", Says: []string{"You cannot see this issue"},
			Act: func(_ *testing.T, _ *harness.Stage, tab *browsertest.Tab) {
				tab.Click("button.person-name")
				tab.Until(`document.querySelector(".issue-open")`)
				tab.Do(`const issue = document.querySelector(".issue-open"); issue.dataset.open = issue.dataset.open.replace(/key=[^&]+/, "key=VALT-1")`)
				tab.Click(".issue-open")
			},
		},
		{
			Name: "uninstalled meanwhile", Set: showing("workload", "HARB"), Shown: "[data-status]:not(:empty)", Complains: []string{"401"},
			Says: []string{"Your session has ended, or Sightline was removed from this site. Reload the page."},
			Act: func(t *testing.T, s *harness.Stage, tab *browsertest.Tab) {
				if _, err := s.Site.Uninstall(t.Context(), harness.AppKey); err != nil {
					t.Fatal(err)
				}
				tab.Click("button.person-name")
			},
		},
		{
			Name: "uninstalled before", Shown: anyMessage, Says: []string{"could not be verified"}, Complains: []string{"401"},
			Set: func(t *testing.T, s *harness.Stage) string {
				address := s.Showing(t, "workload", "HARB")
				if _, err := s.Site.Uninstall(t.Context(), harness.AppKey); err != nil {
					t.Fatal(err)
				}
				return address
			},
		},
		{Name: "directory", Set: signedAt("/gadget/workload?view=directory"), Shown: ".lozenge-sample", Says: []string{"Sample data", "Ada Moreno"}},
		{Name: "directory of the time logged", Set: signedAt("/gadget/timelog?view=directory"), Shown: ".lozenge-sample", Says: []string{"Sample data", "Ada Moreno"}},
		{Name: "what an admin sees", Set: signedAt("/configure"), Shown: anyMessage, Says: []string{"Sightline is installed"}},
	}
}

func signedAt(address string) func(*testing.T, *harness.Stage) string {
	return func(t *testing.T, s *harness.Stage) string { return signedPage(t, s, address) }
}

// formScenes are the configuration form and what it finds.
func formScenes() []harness.Scene {
	query := func(text string) func(*testing.T, *harness.Stage, *browsertest.Tab) {
		return func(_ *testing.T, _ *harness.Stage, tab *browsertest.Tab) {
			tab.Click("#sl-team-query")
			tab.Fill("#sl-query", text)
		}
	}
	return []harness.Scene{
		{Name: "form", Set: editable, Shown: "[data-fragment=config]"},
		{Name: "form with a search", Set: editable, Act: typed("#sl-search", "ha"), Shown: `#sl-found[data-for=ha] [role=option][data-key]`},
		{Name: "form that finds nothing", Set: editable, Act: typed("#sl-search", "zzz"), Shown: `#sl-found[data-for=zzz] .none`},
		{Name: "form with people found", Set: editable, Act: query("is assignee of HARB"), Shown: ".person-found"},
		{Name: "form with a wrong query", Set: editable, Act: query("is assignee of HARB AND"), Shown: "#sl-query-error"},
		{
			Name: "form with errors", Set: editable, Shown: "#sl-projects-error", Complains: []string{"422"},
			Act: func(_ *testing.T, _ *harness.Stage, tab *browsertest.Tab) {
				tab.Click("#sl-team-query")
				tab.Click("#sl-save")
			},
		},
	}
}

// editable is a new gadget on a dashboard that who looks may edit.
func editable(t *testing.T, s *harness.Stage) string {
	if s.Viewer != s.Dashboard.Owner {
		s.Fault(t, connecttest.Fault{
			Method: http.MethodGet, Path: "/rest/api/3/dashboard/" + s.Dashboard.ID, Status: 200, Headers: asJira(),
			Body: `{"id":"` + s.Dashboard.ID + `","isWritable":true}`,
		})
	}
	return s.Address(t, "workload")
}

func typed(selector, text string) func(*testing.T, *harness.Stage, *browsertest.Tab) {
	return func(_ *testing.T, _ *harness.Stage, tab *browsertest.Tab) {
		tab.Click(selector)
		tab.Fill(selector, text)
	}
}

// TestStatesOfWorkload plays every state of the workload, its form included.
func TestStatesOfWorkload(t *testing.T) {
	scenes := append(workloadScenes(), rightsScenes()...)
	scenes = append(scenes, formScenes()...)
	scenes = append(scenes, harness.Scene{
		Name: "a team of eighty", Site: connecttest.Options{Large: true}, Shown: "#sl-all", Set: large,
		Says: []string{"Show all "},
	})
	play(t, scenes)
}

// TestStatesInGerman plays the states that have the longest words in German.
func TestStatesInGerman(t *testing.T) {
	play(t, inGerman(append(workloadScenes(), formScenes()...)))
}

// large puts a gadget of the team of eighty on a dashboard.
func large(t *testing.T, s *harness.Stage) string {
	return s.Showing(t, "workload", "FLEET")
}
