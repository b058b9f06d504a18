package source

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/workload"
)

// traitsOf are what an issue may be grouped by, as far as it was read.
func traitsOf(f jira.IssueFields, teams string) workload.Traits {
	t := workload.Traits{
		Team: TeamIn(f.Custom[teams]), Project: workload.Value{ID: f.Project.Key, Name: f.Project.Name},
		Type: workload.Value{ID: f.IssueType.Name, Name: f.IssueType.Name}, Status: statusOf(workload.Category(f.Status.StatusCategory.Key)),
	}
	if f.Parent != nil && isEpic(f.Parent.Fields.IssueType, f.IssueType) {
		t.Epic = workload.Value{ID: f.Parent.Key, Name: f.Parent.Fields.Summary}
	}
	return t
}

// epicLevel is that of epics in the hierarchy of issues.
const epicLevel = 1

// isEpic reports whether what is above an issue is an epic. Where Jira does not say the
// level, only what is above a sub-task is none.
func isEpic(above, issue jira.IssueType) bool {
	if above.Level != nil {
		return *above.Level == epicLevel
	}
	return !issue.Subtask
}

// statusOf is a category as a value: Jira's others are none.
func statusOf(c workload.Category) workload.Value {
	if c == workload.CategoryNew || c == workload.CategoryInProgress {
		return workload.Value{ID: string(c)}
	}
	return workload.Value{}
}

// TeamIn is the team in Jira's field of teams. Some sites give nothing but the id.
func TeamIn(raw json.RawMessage) workload.Value {
	var team struct{ ID, Name, Title string }
	if json.Unmarshal(raw, &team) != nil {
		_ = json.Unmarshal(raw, &team.ID)
	}
	if !workload.IsTeamID(team.ID) {
		return workload.Value{}
	}
	return workload.Value{ID: team.ID, Name: cmp.Or(team.Name, team.Title)}
}

// values are what held issues are grouped by, as the reader sees it.
type values struct {
	// of are by what is held: the id of a team, of the issue above, of a project, or of
	// the issue itself.
	of map[string]workload.Value
	// all says that what is not there is in nothing; else it is not known.
	all bool
}

// samples is how many issues of a value are asked for what the value is called: the
// reader may see some of them only.
const samples = 3

// heldBy is what is held of what an issue is grouped by.
func (i HeldIssue) heldBy(a workload.Axis) string {
	switch a {
	case workload.AxisTeam:
		return i.Team
	case workload.AxisEpic:
		return i.Parent
	case workload.AxisProject:
		return i.Project
	case workload.AxisType: // not held
		return i.ID
	}
	return ""
}

// name finds out as the reader what the values of held issues are: of each epic itself,
// of each other value from some of its issues.
func (g *glimpse) name(ctx context.Context) error {
	axis := g.reader.By.Axis()
	if axis == workload.AxisNone || axis == workload.AxisStatus {
		return nil
	}
	asked := map[string][]string{} // ids of issues by what is held
	for id, i := range g.reader.held.Issues {
		by := i.heldBy(axis)
		if by == "" || !slices.Contains(g.projects, i.Project) || len(asked[by]) >= samples {
			continue
		}
		if axis == workload.AxisEpic {
			id = by
			if len(asked[by]) > 0 {
				continue
			}
		}
		asked[by] = append(asked[by], id)
	}
	g.values = values{of: map[string]workload.Value{}, all: axis == workload.AxisEpic || axis == workload.AxisProject}
	by := map[string]string{}
	var ids []string
	for held, list := range asked {
		for _, id := range list {
			by[id], ids = held, append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	search := g.sweep("")
	search.fields, search.size = g.reader.By.Fields(), fetchMany
	if axis == workload.AxisEpic {
		search.fields = []string{"summary", "issuetype"}
	}
	search.fields = append(slices.Clone(search.fields), "project")
	err := search.fetchAll(ctx, ids, func(i jira.Issue) bool {
		v := g.reader.By.Of(traitsOf(i.Fields, g.reader.By.TeamField))
		if axis == workload.AxisEpic {
			if v = (workload.Value{}); isEpic(i.Fields.IssueType, jira.IssueType{}) {
				v = workload.Value{ID: i.Key, Name: i.Fields.Summary}
			}
		}
		held, ok := by[i.ID]
		// An event that has not come yet: the issue has moved to another value.
		if same := axis != workload.AxisTeam || v.ID == held; ok && same && g.values.of[held].Name == "" {
			g.values.of[held] = v
		}
		return true
	})
	return g.refused(err)
}

// value is what a held issue is grouped by; ok is false if that is not known.
func (g *glimpse) value(i HeldIssue) (v workload.Value, ok bool) {
	axis := g.reader.By.Axis()
	switch axis {
	case workload.AxisNone:
		return v, true
	case workload.AxisStatus:
		return statusOf(i.Category), true
	}
	by := i.heldBy(axis)
	if v, ok = g.values.of[by]; !ok && axis == workload.AxisProject {
		v.ID = by
	}
	return v, ok || by == "" || g.values.all
}

// Sample is some of the issues that a search finds: their keys, and what they are grouped
// by.
func (r Reader) Sample(ctx context.Context, jql string, most int) ([]workload.Issue, error) {
	page, err := r.Jira.Search.JQL(ctx, jira.SearchOptions{JQL: jql, Fields: append([]string{"project", "status"}, r.By.Fields()...), MaxResults: most})
	if err != nil {
		return nil, fmt.Errorf("read a sample of issues: %w", err)
	}
	list := make([]workload.Issue, len(page.Issues))
	for n, i := range page.Issues {
		list[n] = workload.Issue{Key: i.Key, In: r.By.Of(traitsOf(i.Fields, r.By.TeamField))}
	}
	return list, nil
}
