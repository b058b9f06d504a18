package source

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/workload"
)

// PlanFields are the custom fields that work is planned with. Their ids differ between
// sites; "" for one that the site lacks.
type PlanFields struct {
	// PointEstimate and StoryPoints are Jira's two fields of story points: of projects
	// that a team manages, and of those that the company does.
	PointEstimate, StoryPoints string
	// Team is Atlassian's field of teams.
	Team string
	// Points are all fields that may hold story points, the oldest first.
	Points []jira.IssueField
}

// PlanFieldsOf finds the fields by their kinds. Of two of one kind the older one counts.
//
// The kinds: https://developer.atlassian.com/platform/teams/components/team-field-in-jira-rest-api/
// and, of story points, what sites show.
func PlanFieldsOf(list []jira.IssueField) (found PlanFields) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b jira.IssueField) int { return cmp.Compare(numberOf(a), numberOf(b)) })
	for _, f := range list {
		var id *string
		number := strings.HasSuffix(f.Schema.Custom, "customfieldtypes:float")
		switch kind := f.Schema.Custom; {
		case kind == "com.pyxis.greenhopper.jira:jsw-story-points":
			id = &found.PointEstimate
		case number && called(f, "Story Points"):
			id = &found.StoryPoints
		case kind == "com.atlassian.teams:rm-teams-custom-field-team", strings.HasSuffix(kind, "customfieldtypes:atlassian-team"):
			id = &found.Team
		}
		if !workload.IsCustomField(f.ID) {
			continue
		}
		if id != nil && *id == "" {
			*id = f.ID
		}
		if id != nil && id != &found.Team || number && strings.Contains(strings.ToLower(f.Name), "point") {
			found.Points = append(found.Points, f)
		}
	}
	return found
}

// Usual are Jira's own fields of story points, as far as the site has them.
func (p PlanFields) Usual() (ids []string) {
	for _, id := range []string{p.PointEstimate, p.StoryPoints} {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// Several reports whether the site has other fields of points besides Jira's own.
func (p PlanFields) Several() bool { return len(p.Points) > len(p.Usual()) }

func numberOf(f jira.IssueField) int64 {
	n, _ := strconv.ParseInt(strings.TrimPrefix(f.ID, workload.CustomField), 10, 64) // 0: one of Jira's own
	return n
}

// called reports whether a field has a name. Its names in JQL are not translated.
func called(f jira.IssueField, name string) bool {
	return strings.EqualFold(f.Name, name) || slices.ContainsFunc(f.ClauseNames, func(c string) bool { return strings.EqualFold(c, name) })
}

// pointsIn are the points of an issue: those of the first field with a number.
func pointsIn(fields map[string]json.RawMessage, ids []string) workload.Points {
	for _, id := range ids {
		var points *float64
		if json.Unmarshal(fields[id], &points) == nil && points != nil {
			return workload.PointsOf(*points)
		}
	}
	return workload.Points{}
}
