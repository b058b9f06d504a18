package states

import (
	"net/http"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/workload"
)

// oldPoints is the name of one more field of story points.
const oldPoints = "Story Points (old)"

// countScenes are the states of what is counted, and of its fields in the form.
func countScenes() []harness.Scene {
	lookingAhead := func(days workload.Ahead, measure workload.Measure, columns ...workload.Column) func(*testing.T, *harness.Stage) string {
		return func(t *testing.T, s *harness.Stage) string {
			return s.ShowingAs(t, "workload", func(c *workload.GadgetConfig) {
				c.Projects, c.Ahead, c.Measure, c.Columns = []string{"HARB", "LANT"}, days, measure, columns
			})
		}
	}
	return []harness.Scene{
		{Name: "due ahead by week", Set: lookingAhead(workload.AheadMonth, workload.MeasureIssues), Shown: freshTeam + " [data-count=ahead1] a", Says: []string{"Due today and in the next 28 days", "Next week", "No due date"}},
		{Name: "due ahead in hours", Set: lookingAhead(workload.AheadFortnight, workload.MeasureRemaining, workload.ByOpen), Shown: freshTeam + " [data-count=ahead0]", Says: []string{"This week"}},
		{Name: "trend as a picture", Settings: keeping(), Set: lookingBack, Act: clicks("[for=sl-burnup]"), Shown: "#sl-burnup:checked", Says: []string{"Open and done since four weeks ago", "Done since"}},
		{
			Name: "trend of a query that changes", Settings: keeping(), Shown: freshTeam, Says: []string{"the issues are chosen by “assignee”, which changes while people work on them"},
			Set: func(t *testing.T, s *harness.Stage) string {
				return s.ShowingAs(t, "workload", func(c *workload.GadgetConfig) {
					c.JQL, c.Trend = "project = HARB AND assignee is not EMPTY", workload.TrendMonth
				})
			},
		},
		{
			Name: "form with statuses", Set: editable, Shown: "#sl-load-fields [name=closed]", Says: []string{"Statuses that do not count as open"},
			Act: func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
				page.Click("#sl-load-fields summary")
				page.Click("#sl-closed-search")
				page.Until(`document.querySelector("#sl-closed-found [data-key]")`)
				page.Click("#sl-closed-found [data-key]")
			},
		},
		{
			Name: "form that looks ahead by its own number", Set: editable, Shown: "#sl-ahead-error", Says: []string{"Enter a number of days from 1 to 56."}, Complains: []string{"422"},
			Act: func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
				page.Do(`const ahead = document.querySelector("#sl-ahead"); ahead.value = "own"; ahead.dispatchEvent(new Event("input", { bubbles: true }))`)
				page.Until(`document.querySelector("[name=aheadDays]").offsetParent`)
				page.Fill("[name=aheadDays]", "90")
				page.Click("#sl-save")
			},
		},
		{
			Name: "form that asks for a field of points", Set: withPointFields(), Shown: "#sl-preview > select", Says: []string{"is proposed for the next gadgets"},
			Act: countingPoints,
		},
		{
			Name: "form that knows the field of points", Set: withPointFields("customfield_10100"), Shown: ".settled[open]", Says: []string{"Points from: Story Points (old)"},
			Act: func(t *testing.T, s *harness.Stage, page *browsertest.Frame) {
				countingPoints(t, s, page)
				page.Click(".settled summary")
			},
		},
	}
}

// countingPoints chooses a project and story points in a form.
func countingPoints(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
	page.Click("#sl-search")
	page.Fill("#sl-search", "harb")
	page.Until(`document.querySelector("#sl-found[data-for=harb] [data-key]")`)
	page.Click("#sl-found [data-key]")
	page.Until(`document.querySelector("#sl-preview-text").textContent`)
	page.Do(`const measure = document.querySelector("#sl-measure"); measure.value = "points"; measure.dispatchEvent(new Event("input", { bubbles: true }))`)
	page.Until(`document.querySelector("#sl-preview [name=points]")`)
}

// withPointFields is the form on a site with one more field of story points, of which
// some may have been chosen.
func withPointFields(chosen ...string) func(*testing.T, *harness.Stage) string {
	return func(t *testing.T, s *harness.Stage) string {
		s.Rest(t, s.AdminAccount(t), http.MethodPost, "/rest/api/3/field", map[string]string{
			"name": oldPoints, "type": "com.atlassian.jira.plugin.system.customfieldtypes:float", "searcherKey": "com.atlassian.jira.plugin.system.customfieldtypes:exactnumber",
		}, nil)
		if len(chosen) > 0 {
			if err := s.Store.Gadgets.SavePointFields(t.Context(), s.OnlyTenant(t).ID, chosen); err != nil {
				t.Fatal(err)
			}
		}
		return editable(t, s)
	}
}
