package states

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/workload"
)

// timelogScenes are the states of the gadget of the time logged.
func timelogScenes() []harness.Scene {
	const sheet = "[data-fragment=timelog]:not([data-stale]) [data-person]"
	return []harness.Scene{
		{Name: "time loading", Waits: true, Set: failing("timelog", connecttest.Fault{Path: harness.SearchPath, DelayMs: slowly}), Shown: "[data-fragment=loading]"},
		{Name: "time fresh", Set: showing("timelog", "HARB", "LANT"), Shown: sheet},
		{
			Name: "time of a range", Shown: sheet, Says: []string{" to "},
			Set: func(t *testing.T, s *harness.Stage) string {
				today := workload.DateOf(time.Now(), time.UTC)
				return s.ShowingAs(t, "timelog", func(c *workload.GadgetConfig) {
					c.Projects, c.Period, c.From, c.To = []string{"HARB"}, workload.PeriodRange, today.AddDays(-40), today.AddDays(-1)
				})
			},
		},
		{Name: "time wallboard", Set: onWall("timelog"), Shown: ".wallboard tbody [data-person]", Says: []string{"Updated"}},
		{Name: "time export", Set: showing("timelog", "HARB"), Act: clicks("#sl-take"), Shown: "[data-fragment=export] tbody td.num", Says: []string{"Download CSV", "Total hours"}},
		{
			Name: "time of nobody", Set: failing("timelog", connecttest.Fault{Path: harness.SearchPath, Status: 200, Headers: asJira(), Body: `{"issues":[],"isLast":true}`}),
			Shown: "td.nobody", Says: []string{"Nobody logged time here on these days."},
		},
		{
			Name: "time down and nothing known", Set: failing("timelog", connecttest.Fault{Path: harness.SearchPath, Status: 500}),
			Shown: anyMessage, Says: []string{"Jira could not answer.", "tries again in 30 s"}, Complains: []string{"502"},
		},
		{
			Name: "time down and known", Set: known("timelog", connecttest.Fault{Path: harness.SearchPath, Status: 500}),
			Shown: "[data-status]:not(:empty)", Says: []string{"Could not update the numbers. Jira could not answer."}, Complains: []string{"502"},
		},
		{Name: "time not set up for a viewer", Viewer: "praghunathan", Set: openAt("timelog"), Shown: anyMessage, Says: []string{"This gadget is not set up yet"}},
		{Name: "time of some projects hidden", Viewer: "rpetrie", Set: showing("timelog", "HARB", "LANT", "VALT"), Shown: sheet, Says: []string{"2 of 3 projects shown. You cannot see VALT."}},
		{
			Name: "time tracking off", Shown: anyMessage, Says: []string{"Time tracking is switched off in this Jira", "Team workload"},
			Set: func(t *testing.T, s *harness.Stage) string {
				s.Site.SetSettings(connecttest.Settings{TimeTrackingOff: true})
				return s.Showing(t, "timelog", "HARB")
			},
		},
		{
			Name: "time of another provider", Viewer: "iokonjo", Shown: ".note", Says: []string{"This Jira tracks time with " + otherProvider + "."},
			Set: func(t *testing.T, s *harness.Stage) string {
				s.Site.SetSettings(connecttest.Settings{TimeTracking: &connecttest.TimeTrackingProvider{Key: "other", Name: otherProvider}})
				return s.Showing(t, "timelog", "HARB")
			},
		},
		{Name: "time cut off", Set: endless, Shown: ".note", Says: []string{"Only the first 10,000 work logs were counted."}},
		{Name: "time missing", Set: lackingTime, Shown: "td.short", Says: []string{"Missing time"}},
		{Name: "time missing listed", Set: lackingTime, Act: clicks(".missing button"), Shown: "#sl-reminder", Says: []string{"Days with less than 6 h", "Copy the reminder"}},
		{
			Name: "time all at once", Set: showing("timelog", "HARB", "LANT"), Shown: ".compact .apps [data-person]",
			Act: chosen("#sl-compact", "[name=bots]", "#sl-sort-name", "tbody tr:last-child .pin"),
		},
	}
}

// cellScenes are a cell that was opened and the form of one of its entries.
func cellScenes() []harness.Scene {
	entry := `.entry-edit [aria-label*="HARB-1, 12:00"]`
	return []harness.Scene{
		{Name: "cell", ConnectOnly: "on Forge an author can delete: see the scene cell with delete", Set: withOwnLog, Act: clicks(ownCell), Shown: "[data-fragment=worklogs] .entries"},
		{Name: "entry", Set: withOwnLog, Act: clicks(ownCell, entry), Shown: "[data-fragment=worklog]"},
		{Name: "new work", Set: withOwnLog, Act: clicks(ownEmptyCell), Shown: "[data-fragment=worklog] datalist"},
		{
			Name: "new work with errors", Set: withOwnLog, Shown: "#sl-issue-error", Complains: []string{"422"},
			Act: clicks(ownEmptyCell, "[data-fragment=worklog] [type=submit]"),
		},
		{
			Name: "entry with errors", Set: withOwnLog, Shown: "#sl-spent-error", Complains: []string{"422"},
			Act: func(t *testing.T, s *harness.Stage, page *browsertest.Frame) {
				clicks(ownCell, entry)(t, s, page)
				page.Fill("[name=spent]", "soon")
				page.Fill("[name=day]", "")
				page.Fill("[name=clock]", "")
				page.Click("[type=submit]")
			},
		},
		{
			Name: "entry that Jira refuses", Set: withOwnLog, Shown: "[data-fragment=worklog] .problem", Complains: []string{"422"},
			Act: func(t *testing.T, s *harness.Stage, page *browsertest.Frame) {
				s.Fault(t, connecttest.Fault{Method: "PUT", Path: "/rest/api/3/issue/*/worklog/*", Status: 400, Headers: asJira(), Body: `{"errorMessages":["no"],"errors":{}}`})
				clicks(ownCell, entry)(t, s, page)
				page.Fill("[name=spent]", "3h")
				page.Click("[type=submit]")
			},
		},
	}
}

// otherProvider is an app that tracks time instead of Jira.
const otherProvider = "Stopwatch"

// ownCell is the cell of the day before yesterday in the row of who looks,
// which is the first one: it is pinned.
const ownCell = "tbody tr:first-child td:nth-last-child(4) button"

// ownEmptyCell is an empty one of the same row.
const ownEmptyCell = "tbody tr:first-child .add"

func lackingTime(t *testing.T, s *harness.Stage) string {
	return s.ShowingAs(t, "timelog", func(c *workload.GadgetConfig) {
		c.Projects, c.Missing = []string{"HARB", "LANT"}, 6
	})
}

// withOwnLog gives who looks a row on top with an hour of the day before
// yesterday.
func withOwnLog(t *testing.T, s *harness.Stage) string {
	address := s.Showing(t, "timelog", "HARB")
	k := s.Timekeeper(t, s.Dashboard, s.Viewer)
	k.Pinned(t)
	k.Own(t, "HARB", 2, nil)
	return address
}

// endless gives two issues more work logs than are counted: each has one more than
// Jira returns in one answer.
func endless(t *testing.T, s *harness.Stage) string {
	address := s.Showing(t, "timelog", "HARB")
	const many = 5001
	started := time.Now().UTC().Add(-time.Hour).Format(harness.TrackerTime)
	one := fmt.Sprintf(`{"id":"%%d","started":%q,"timeSpentSeconds":60,"author":{"accountId":%q,"displayName":"Mara Lindqvist","accountType":"atlassian"}}`, started, s.Viewer)
	var issues []string
	for n := 1; n <= 2; n++ {
		logs := make([]string, many)
		for i := range logs {
			logs[i] = fmt.Sprintf(one, n*many+i)
		}
		s.Fault(t, connecttest.Fault{
			Path: fmt.Sprintf("/rest/api/3/issue/HARB-%d/worklog", n), Status: 200, Headers: asJira(),
			Body: fmt.Sprintf(`{"startAt":0,"maxResults":5001,"total":%d,"worklogs":[%s]}`, many, strings.Join(logs, ",")),
		})
		issues = append(issues, fmt.Sprintf(`{"id":"%d","key":"HARB-%d","fields":{"worklog":{"total":%d,"worklogs":[]}}}`, n, n, many))
	}
	s.Fault(t, connecttest.Fault{
		Path: harness.SearchPath, Status: 200, Headers: asJira(),
		Body: `{"isLast":true,"issues":[` + strings.Join(issues, ",") + `]}`,
	})
	return address
}

// TestStatesOfTimelog plays every state of the time logged.
func TestStatesOfTimelog(t *testing.T) {
	play(t, onConnect{}, append(timelogScenes(), cellScenes()...))
}
