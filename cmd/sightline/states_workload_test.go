package main

import (
	"net/http"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/browsertest"
)

// asJira are the headers of an answer that a fault makes up.
func asJira() map[string]string { return map[string]string{"Content-Type": "application/json"} }

// failing sets up a gadget of HARB on a site that fails.
func failing(module string, fault connecttest.Fault) func(*testing.T, *stage) string {
	return func(t *testing.T, s *stage) string {
		address := s.showing(t, module, "HARB")
		s.fault(t, fault)
		return address
	}
}

// showing sets up a gadget of projects.
func showing(module string, projects ...string) func(*testing.T, *stage) string {
	return func(t *testing.T, s *stage) string { return s.showing(t, module, projects...) }
}

// known is a page that was seen, of a Jira that changed since and fails now.
func known(module string, fault connecttest.Fault) func(*testing.T, *stage) string {
	return func(t *testing.T, s *stage) string {
		address := s.seen(t, s.showing(t, module, "HARB"))
		s.finishOneIssue(t, s.dashboard.Owner, "HARB")
		if err := s.site.WaitIdle(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.fault(t, fault)
		return address
	}
}

func clicks(selectors ...string) func(*testing.T, *stage, *browsertest.Tab) {
	return func(_ *testing.T, _ *stage, tab *browsertest.Tab) {
		for _, selector := range selectors {
			tab.Click(selector)
		}
	}
}

const (
	anyMessage = "[data-fragment=message]"
	freshTeam  = "[data-fragment=workload]:not([data-stale]) tbody [data-person]"
	// slowly is longer than a test looks.
	slowly = 20_000
)

// workloadScenes are what a person may see of the workload whoever they are.
func workloadScenes() []scene {
	return []scene{
		{name: "loading", waits: true, set: failing("workload", connecttest.Fault{Path: searchPath, DelayMs: slowly}), shown: "[data-fragment=loading]"},
		{name: "fresh", set: showing("workload", "HARB", "LANT"), shown: freshTeam},
		{
			name: "older while it refreshes", waits: true, set: known("workload", connecttest.Fault{Path: searchPath, DelayMs: slowly}),
			shown: "[data-slot][aria-busy] [data-stale]", says: []string{"Updated just now"},
		},
		{
			name: "nobody has anything", set: failing("workload", connecttest.Fault{Path: searchPath, Status: 200, Headers: asJira(), Body: `{"issues":[],"isLast":true}`}),
			shown: "td.nobody", says: []string{"Nobody has open issues here."},
		},
		{name: "not set up for a viewer", viewer: "praghunathan", set: openAt("workload"), shown: anyMessage, says: []string{"This gadget is not set up yet"}},
		{
			name: "rate limited", set: failing("workload", connecttest.Fault{Path: searchPath, Status: 429, RetryAfter: 120}),
			shown: anyMessage, says: []string{"Jira asks for a pause", "tries again in 2 min", "Try now"}, complains: []string{"429"},
		},
		{
			name: "down and nothing known", set: failing("workload", connecttest.Fault{Path: searchPath, Status: 500}),
			shown: anyMessage, says: []string{"Jira could not answer.", "tries again in 30 s"}, complains: []string{"502"},
		},
		{
			name: "down and known", set: known("workload", connecttest.Fault{Path: searchPath, Status: 500}),
			shown: "[data-status]:not(:empty)", says: []string{"Could not update the numbers. Jira could not answer."}, complains: []string{"502"},
		},
		{
			name: "impersonation not granted", set: failing("workload", connecttest.Fault{Path: "/oauth2/token", Status: 400, Headers: asJira(), Body: `{"error":"invalid_grant"}`}),
			shown: anyMessage, says: []string{"Ask a Jira admin"}, complains: []string{"403"}, speechless: true,
		},
		{
			name: "all at once", set: showing("workload", "HARB", "LANT"),
			act:   chosen("#sl-compact", `[name=bots]`, "#sl-sort-overdue", "tbody tr:last-child .pin"),
			shown: ".compact .apps [data-person]",
		},
		{
			name: "not saved yet", set: failing("workload", connecttest.Fault{Method: http.MethodPut, Path: propertyPath, Status: 503}),
			act: clicks("#sl-compact"), shown: ".unsaved", says: []string{"Not saved in Jira yet"},
		},
		{name: "peek", set: showing("workload", "HARB"), act: clicks("button.who"), shown: "[data-fragment=peek]"},
		{name: "issue", set: showing("workload", "HARB"), act: clicks("button.who", ".issue-open"), shown: "[data-fragment=issue] .facts"},
	}
}

func openAt(module string) func(*testing.T, *stage) string {
	return func(t *testing.T, s *stage) string { return s.address(t, module) }
}

// chosen clicks one after the other, each after the answer of the one before.
func chosen(selectors ...string) func(*testing.T, *stage, *browsertest.Tab) {
	return func(_ *testing.T, _ *stage, tab *browsertest.Tab) {
		for _, selector := range selectors {
			tab.Do(`document.querySelector("[data-fragment]").dataset.old = "1"`)
			tab.Click(selector)
			tab.Until(`!document.querySelector("[data-fragment]").dataset.old`)
		}
	}
}

// rightsScenes are about what one person may see and another may not.
func rightsScenes() []scene {
	return []scene{
		{name: "some projects hidden", viewer: "rpetrie", set: showing("workload", "HARB", "LANT", "VALT"), shown: freshTeam, says: []string{"2 of 3 projects shown. You cannot see VALT."}},
		{name: "all projects hidden", viewer: "rpetrie", set: showing("workload", "VALT"), shown: "td.nobody", says: []string{"0 of 1 projects shown. You cannot see VALT."}},
		{name: "anonymous", viewer: "-", set: showing("workload", "HARB"), shown: anyMessage, says: []string{"Log in to see this gadget"}},
		{
			name: "hidden issue", viewer: "rpetrie", set: showing("workload", "HARB"), shown: "[data-fragment=issue]", says: []string{"You cannot see this issue"},
			act: func(_ *testing.T, _ *stage, tab *browsertest.Tab) {
				tab.Click("button.who")
				tab.Until(`document.querySelector(".issue-open")`)
				tab.Do(`const issue = document.querySelector(".issue-open"); issue.dataset.open = issue.dataset.open.replace(/key=[^&]+/, "key=VALT-1")`)
				tab.Click(".issue-open")
			},
		},
		{
			name: "uninstalled meanwhile", set: showing("workload", "HARB"), shown: "[data-status]:not(:empty)", complains: []string{"401"},
			says: []string{"Your session has ended, or Sightline was removed from this site. Reload the page."},
			act: func(t *testing.T, s *stage, tab *browsertest.Tab) {
				if _, err := s.site.Uninstall(t.Context(), appKey); err != nil {
					t.Fatal(err)
				}
				tab.Click("button.who")
			},
		},
		{
			name: "uninstalled before", shown: anyMessage, says: []string{"could not be verified"}, complains: []string{"401"},
			set: func(t *testing.T, s *stage) string {
				address := s.showing(t, "workload", "HARB")
				if _, err := s.site.Uninstall(t.Context(), appKey); err != nil {
					t.Fatal(err)
				}
				return address
			},
		},
		{name: "directory", set: signedAt("/gadget/workload?view=directory"), shown: ".lozenge-sample", says: []string{"Sample data", "Ada Moreno"}},
		{name: "directory of the time logged", set: signedAt("/gadget/timelog?view=directory"), shown: ".lozenge-sample", says: []string{"Sample data", "Ada Moreno"}},
		{name: "what an admin sees", set: signedAt("/configure"), shown: anyMessage, says: []string{"Sightline is installed"}},
	}
}

func signedAt(address string) func(*testing.T, *stage) string {
	return func(t *testing.T, s *stage) string { return s.signedPage(t, address) }
}

// formScenes are the configuration form and what it finds.
func formScenes() []scene {
	query := func(text string) func(*testing.T, *stage, *browsertest.Tab) {
		return func(_ *testing.T, _ *stage, tab *browsertest.Tab) {
			tab.Click("#sl-team-query")
			tab.Fill("#sl-query", text)
		}
	}
	return []scene{
		{name: "form", set: editable, shown: "[data-fragment=config]"},
		{name: "form with a search", set: editable, act: typed("#sl-search", "ha"), shown: `#sl-found[data-for=ha] [role=option][data-key]`},
		{name: "form that finds nothing", set: editable, act: typed("#sl-search", "zzz"), shown: `#sl-found[data-for=zzz] .none`},
		{name: "form with people found", set: editable, act: query("is assignee of HARB"), shown: ".face"},
		{name: "form with a wrong query", set: editable, act: query("is assignee of HARB AND"), shown: "#sl-query-error"},
		{
			name: "form with errors", set: editable, shown: "#sl-projects-error", complains: []string{"422"},
			act: func(_ *testing.T, _ *stage, tab *browsertest.Tab) {
				tab.Click("#sl-team-query")
				tab.Click("#sl-save")
			},
		},
	}
}

// editable is a new gadget on a dashboard that who looks may edit.
func editable(t *testing.T, s *stage) string {
	if s.viewer != s.dashboard.Owner {
		s.fault(t, connecttest.Fault{
			Method: http.MethodGet, Path: "/rest/api/3/dashboard/" + s.dashboard.ID, Status: 200, Headers: asJira(),
			Body: `{"id":"` + s.dashboard.ID + `","isWritable":true}`,
		})
	}
	return s.address(t, "workload")
}

func typed(selector, text string) func(*testing.T, *stage, *browsertest.Tab) {
	return func(_ *testing.T, _ *stage, tab *browsertest.Tab) {
		tab.Click(selector)
		tab.Fill(selector, text)
	}
}

// TestStatesOfWorkload plays every state of the workload, its form included.
func TestStatesOfWorkload(t *testing.T) {
	scenes := append(workloadScenes(), rightsScenes()...)
	scenes = append(scenes, formScenes()...)
	scenes = append(scenes, scene{
		name: "a team of eighty", site: connecttest.Options{Large: true}, shown: "#sl-all", set: large,
		says: []string{"Show all "},
	})
	play(t, scenes)
}

// TestStatesInGerman plays the states that have the longest words in German.
func TestStatesInGerman(t *testing.T) {
	play(t, inGerman(append(workloadScenes(), formScenes()...)))
}

// large puts a gadget of the team of eighty on a dashboard.
func large(t *testing.T, s *stage) string {
	return s.showing(t, "workload", "FLEET")
}
