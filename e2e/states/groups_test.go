package states

import (
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/workload"
)

// grouping sets up a gadget of two projects with other rows.
func grouping(module string, by workload.By, more ...func(*workload.GadgetConfig)) func(*testing.T, *harness.Stage) string {
	return func(t *testing.T, s *harness.Stage) string {
		return s.ShowingAs(t, module, func(c *workload.GadgetConfig) {
			c.Projects, c.By = []string{"HARB", "LANT"}, by
			for _, change := range more {
				change(c)
			}
		})
	}
}

func sheetOf(sheet workload.Sheet) func(*testing.T, *harness.Stage) string {
	return grouping("timelog", workload.By{}, func(c *workload.GadgetConfig) { c.Sheet = sheet })
}

// groupScenes are the states with rows of another kind, and with rows that are divided.
func groupScenes() []harness.Scene {
	const rows, parts = "[data-fragment=workload]:not([data-stale]) tbody [data-value]", "[data-fragment=workload]:not([data-stale]) tbody .part"
	wall := func(c *workload.GadgetConfig) { c.Wallboard = true }
	team := workload.By{Rows: workload.AxisTeam, TeamField: "customfield_10001"}
	choose := func(field, value string) func(*testing.T, *harness.Stage, *browsertest.Frame) {
		return func(_ *testing.T, _ *harness.Stage, page *browsertest.Frame) {
			page.Click(".axes summary")
			page.Do(`const of = document.querySelector("#sl-` + field + `"); of.value = "` + value + `"; of.dispatchEvent(new Event("input", { bubbles: true }))`)
			page.Until(`document.querySelector("#sl-rows-preview").textContent`)
		}
	}
	return []harness.Scene{
		{Name: "rows by epic", Set: grouping("workload", workload.By{Rows: workload.AxisEpic}), Shown: rows, Says: []string{"A map that people trust", "No epic"}},
		{Name: "rows by team", Set: grouping("workload", team), Shown: rows, Says: []string{"Quayside", "No team"}},
		{Name: "rows by status on a wall", Set: grouping("workload", workload.By{Rows: workload.AxisStatus}, wall), Shown: ".wallboard:not([data-stale]) tbody [data-value]"},
		{Name: "people divided by epic", Set: grouping("workload", workload.By{Split: workload.AxisEpic}), Shown: parts, Says: []string{"Everyone"}},
		{Name: "people divided by type on a wall", Set: grouping("workload", workload.By{Split: workload.AxisType}, wall), Shown: ".wallboard:not([data-stale]) tbody .part"},
		{Name: "issues of a group", Set: grouping("workload", workload.By{Rows: workload.AxisProject}), Act: clicks("button.person-name"), Shown: "[data-fragment=issues]", Says: []string{"Open issues: "}},
		{Name: "export of parts", Set: grouping("workload", workload.By{Split: workload.AxisProject}), Act: clicks("#sl-take"), Shown: "[data-fragment=export] tbody td.num", Says: []string{"Project"}},
		{Name: "form with rows", Set: editable, Shown: "#sl-rows-preview:not(:empty)", Act: choose("rows", "status"), Says: []string{"Choose projects first"}},
		{Name: "form of days with rows", Set: openAt("timelog"), Shown: "#sl-rows-preview:not(:empty)", Act: choose("sheet", "issues"), Says: []string{"Choose projects first"}},
		{Name: "people and their issues", Set: sheetOf(workload.SheetPeopleIssues), Shown: ".sheet .part", Says: []string{"HARB-"}},
		{Name: "issues and their people", Set: sheetOf(workload.SheetIssuesPeople), Shown: ".sheet .part", Says: []string{"HARB-"}},
		{Name: "time by project", Set: sheetOf(workload.SheetProjects), Shown: ".sheet [data-value]", Says: []string{"Harbour"}},
		{Name: "a day of an issue", Set: sheetOf(workload.SheetIssuesPeople), Act: clicks("tbody tr:not(.part) button.heat"), Shown: "[data-fragment=worklogs] .entry"},
	}
}

// TestStatesOfGroups plays them in both languages, and one of each kind on Forge.
func TestStatesOfGroups(t *testing.T) {
	play(t, onConnect{}, append(groupScenes(), inGerman(groupScenes())...))
}

func TestStatesOfGroupsOnForge(t *testing.T) {
	harness.Long(t)
	play(t, onForge{}, named(groupScenes(), "people divided by epic", "issues and their people"))
}
