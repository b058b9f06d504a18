package board

import (
	"strings"

	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// gapNote says what is missing from a view's numbers, and how much; empty if
// nothing is.
func gapNote(l *lang.Language, g workload.Gaps) []string {
	if !g.Any() {
		return nil
	}
	w := l.Workload
	said := []string{l.Gaps.Numbers}
	said = append(said, IssueGap(l, g.Issues)...)
	said = append(said, WorklogGap(l, g.Worklogs, w.MoreWorklogs)...)
	said = append(said, recordGap(l, g.Team, w.MorePeople, l.Gaps.PeopleCut, l.Gaps.OddPeople)...)
	if len(g.Projects) > 0 {
		said = append(said, l.Say(w.RoleMissing, l.List(g.Projects)))
	}
	if len(g.Groups) > 0 {
		said = append(said, l.Say(w.GroupsHidden, l.List(g.Groups)))
	}
	return []string{strings.Join(said, " ")}
}

// ListNote says what is missing from a list.
func ListNote(l *lang.Language, said []string) []string {
	if len(said) == 0 {
		return nil
	}
	return []string{strings.Join(append([]string{l.Gaps.List}, said...), " ")}
}

// IssueGap says what is missing from a list of issues.
func IssueGap(l *lang.Language, g workload.Gap) []string {
	return recordGap(l, g, l.Workload.MoreIssues, l.Gaps.IssuesCut, l.Gaps.OddIssues)
}

// WorklogGap has its own words for a limit.
func WorklogGap(l *lang.Language, g workload.Gap, limit string) []string {
	return recordGap(l, g, limit, l.Gaps.WorklogsCut, l.Gaps.OddWorklogs)
}

func recordGap(l *lang.Language, g workload.Gap, limit, cut string, odd lang.Plural) []string {
	var said []string
	if g.Limit {
		said = append(said, l.Say(limit, l.Number(g.Read)))
	}
	if g.Cut != "" {
		said = append(said, l.Say(cut, l.Number(g.Read)))
	}
	switch text := l.Count(odd, g.Unreadable); {
	case g.Unreadable == 0:
	case len(g.Keys) == 0:
		said = append(said, text+".")
	default:
		said = append(said, l.Say(l.Gaps.Named, text, strings.Join(g.Keys, ", ")))
	}
	return said
}

// ScopeNames are what the issues are from: projects, a filter or a query.
func ScopeNames(v viewer.View) []string {
	switch {
	case v.Config.Filter != "" && v.FilterName != "":
		return []string{v.FilterName}
	case v.Config.Filter != "":
		return nil
	case v.Config.JQL != "":
		return []string{v.Language.Scope.Query}
	}
	return v.Reading.Shown
}

// scopeNotes say what the viewer cannot see of what the issues are from.
func scopeNotes(v viewer.View) []string {
	var list []string
	l, r := v.Language, v.Reading
	if r.NoFilter {
		list = append(list, l.Scope.FilterHidden)
	}
	if len(r.NoQuery) > 0 {
		list = append(list, l.Say(l.Scope.QueryRefused, strings.Join(r.NoQuery, " ")))
	}
	if len(r.Unseen) > 0 {
		list = append(list, l.Say(l.Scope.ValuesHidden, l.List(r.Unseen)))
	}
	return list
}
