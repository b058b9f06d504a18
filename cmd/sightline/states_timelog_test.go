package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/browsertest"
)

// timelogScenes are what a person may see of the time logged.
func timelogScenes() []scene {
	const sheet = "[data-fragment=timelog]:not([data-stale]) [data-person]"
	return []scene{
		{name: "time loading", waits: true, set: failing("timelog", connecttest.Fault{Path: searchPath, DelayMs: slowly}), shown: "[data-fragment=loading]"},
		{name: "time fresh", set: showing("timelog", "HARB", "LANT"), shown: sheet},
		{
			name: "time of nobody", set: failing("timelog", connecttest.Fault{Path: searchPath, Status: 200, Headers: asJira(), Body: `{"issues":[],"isLast":true}`}),
			shown: "td.nobody", says: []string{"Nobody logged time here on these days."},
		},
		{
			name: "time down and nothing known", set: failing("timelog", connecttest.Fault{Path: searchPath, Status: 500}),
			shown: anyMessage, says: []string{"Jira could not answer.", "tries again in 30 s"}, complains: []string{"502"},
		},
		{
			name: "time down and known", set: known("timelog", connecttest.Fault{Path: searchPath, Status: 500}),
			shown: "[data-status]:not(:empty)", says: []string{"Could not update the numbers. Jira could not answer."}, complains: []string{"502"},
		},
		{name: "time not set up for a viewer", viewer: "praghunathan", set: openAt("timelog"), shown: anyMessage, says: []string{"This gadget is not set up yet"}},
		{name: "time of some projects hidden", viewer: "rpetrie", set: showing("timelog", "HARB", "LANT", "VALT"), shown: sheet, says: []string{"2 of 3 projects shown. You cannot see VALT."}},
		{
			name: "time tracking off", shown: anyMessage, says: []string{"Time tracking is switched off in this Jira", "Team workload"},
			set: func(t *testing.T, s *stage) string {
				s.site.SetSettings(connecttest.Settings{TimeTrackingOff: true})
				return s.showing(t, "timelog", "HARB")
			},
		},
		{
			name: "time of another provider", viewer: "iokonjo", shown: ".note", says: []string{"This Jira tracks time with Stopwatch."},
			set: func(t *testing.T, s *stage) string {
				s.site.SetSettings(connecttest.Settings{TimeTracking: &connecttest.TimeTrackingProvider{Key: "other", Name: "Stopwatch"}})
				return s.showing(t, "timelog", "HARB")
			},
		},
		{name: "time cut off", set: endless, shown: ".note", says: []string{"Only the first 10,000 worklogs were counted."}},
		{
			name: "time all at once", set: showing("timelog", "HARB", "LANT"), shown: ".compact .apps [data-person]",
			act: chosen("#sl-compact", "[name=bots]", "#sl-sort-name", "tbody tr:last-child .pin"),
		},
	}
}

// cellScenes are a cell that was opened and the form of one of its entries.
func cellScenes() []scene {
	entry := `.entry-edit [aria-label^="Edit HARB-1, 12:00"]`
	return []scene{
		{name: "cell", set: withOwnLog, act: clicks(ownCell), shown: "[data-fragment=worklogs] .entries"},
		{name: "entry", set: withOwnLog, act: clicks(ownCell, entry), shown: "[data-fragment=worklog]"},
		{
			name: "entry with errors", set: withOwnLog, shown: "#sl-spent-error", complains: []string{"422"},
			act: func(t *testing.T, s *stage, tab *browsertest.Tab) {
				clicks(ownCell, entry)(t, s, tab)
				tab.Fill("[name=spent]", "soon")
				tab.Fill("[name=day]", "")
				tab.Fill("[name=clock]", "")
				tab.Click("[type=submit]")
			},
		},
		{
			name: "entry that Jira refuses", set: withOwnLog, shown: "[data-fragment=worklog] .problem", complains: []string{"422"},
			act: func(t *testing.T, s *stage, tab *browsertest.Tab) {
				s.fault(t, connecttest.Fault{Method: "PUT", Path: "/rest/api/3/issue/*/worklog/*", Status: 400, Headers: asJira(), Body: `{"errorMessages":["no"],"errors":{}}`})
				clicks(ownCell, entry)(t, s, tab)
				tab.Fill("[name=spent]", "3h")
				tab.Click("[type=submit]")
			},
		},
	}
}

// ownCell is the cell of the day before yesterday in the row of who looks,
// which is the first one: it is pinned.
const ownCell = "tbody tr:first-child td:nth-last-child(4) button"

// withOwnLog gives who looks a row on top with an hour of the day before
// yesterday.
func withOwnLog(t *testing.T, s *stage) string {
	address := s.showing(t, "timelog", "HARB")
	k := s.timekeeper(t, s.dashboard, s.viewer)
	k.pinned(t)
	k.own(t, "HARB", 2, nil)
	return address
}

// endless makes one issue have more worklogs than are counted.
func endless(t *testing.T, s *stage) string {
	address := s.showing(t, "timelog", "HARB")
	started := time.Now().UTC().Add(-time.Hour).Format(trackerTime)
	one := fmt.Sprintf(`{"id":"%%d","started":%q,"timeSpentSeconds":60,"author":{"accountId":%q,"displayName":"Mara Lindqvist","accountType":"atlassian"}}`, started, s.viewer)
	logs := make([]string, 10_001)
	for i := range logs {
		logs[i] = fmt.Sprintf(one, i+1)
	}
	s.fault(t, connecttest.Fault{
		Path: searchPath, Status: 200, Headers: asJira(),
		Body: `{"isLast":true,"issues":[{"id":"1","key":"HARB-1","fields":{"worklog":{"total":10001,"worklogs":[]}}}]}`,
	})
	s.fault(t, connecttest.Fault{
		Path: "/rest/api/3/issue/HARB-1/worklog", Status: 200, Headers: asJira(),
		Body: `{"startAt":0,"maxResults":20000,"total":10001,"worklogs":[` + strings.Join(logs, ",") + `]}`,
	})
	return address
}

// TestStatesOfTimelog plays every state of the time logged.
func TestStatesOfTimelog(t *testing.T) {
	play(t, append(timelogScenes(), cellScenes()...))
}
