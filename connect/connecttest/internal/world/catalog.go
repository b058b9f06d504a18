package world

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// firstCatalogID is where the ids of statuses, types and priorities start.
const firstCatalogID = 10000

func (s *state) status(name string, c Category) Status {
	i := slices.IndexFunc(s.statuses, func(o Status) bool { return o.Name == name && o.Category == c })
	if i < 0 {
		i = len(s.statuses)
		s.statuses = append(s.statuses, Status{ID: strconv.Itoa(firstCatalogID + i), Name: name, Category: c})
	}
	return s.statuses[i]
}

func (s *state) issueType(name string, subtask bool) IssueType {
	i := slices.IndexFunc(s.issueTypes, func(o IssueType) bool { return o.Name == name && o.Subtask == subtask })
	if i < 0 {
		i = len(s.issueTypes)
		s.issueTypes = append(s.issueTypes, IssueType{ID: strconv.Itoa(firstCatalogID + i), Name: name, Subtask: subtask})
	}
	return s.issueTypes[i]
}

// priority finds or adds a priority; the zero Priority for "".
func (s *state) priority(name string) Priority {
	if name == "" {
		return Priority{}
	}
	i := slices.IndexFunc(s.priorities, func(o Priority) bool { return o.Name == name })
	if i >= 0 {
		return s.priorities[i]
	}
	p := Priority{ID: strconv.Itoa(len(s.priorities) + 1), Name: name, Rank: rank(name)}
	s.priorities = append(s.priorities, p)
	slices.SortStableFunc(s.priorities, func(a, b Priority) int { return cmp.Compare(a.Rank, b.Rank) })
	return p
}

// StatusCategory is one of the categories that every Jira site has.
type StatusCategory struct {
	ID    int
	Key   Category
	Name  string
	Color string
}

// StatusCategories lists them in Jira's order.
// See https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-workflow-status-categories/
func StatusCategories() []StatusCategory {
	return []StatusCategory{
		{1, CategoryNone, "No Category", "medium-gray"},
		{2, CategoryNew, "To Do", "blue-gray"},
		{4, CategoryInProgress, "In Progress", "yellow"},
		{3, CategoryDone, "Done", "green"},
	}
}

// Index is the category's place in that order, -1 of one that Jira does not
// have.
func (c Category) Index() int {
	return slices.IndexFunc(StatusCategories(), func(o StatusCategory) bool { return o.Key == c })
}

// rank orders the priority names that Jira sites use.
func rank(name string) int {
	for i, names := range []string{"highest blocker", "high critical", "medium major", "low minor", "lowest trivial"} {
		if slices.Contains(strings.Fields(names), strings.ToLower(name)) {
			return i + 1
		}
	}
	return 6
}

// workflow is the statuses of a project in order of category.
func workflow(statuses []Status) []Status {
	out := slices.Clone(statuses)
	slices.SortStableFunc(out, func(a, b Status) int { return cmp.Compare(a.Category.Index(), b.Category.Index()) })
	return out
}
