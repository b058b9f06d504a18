package index

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// field is a field of a fact that events speak of.
type field struct {
	names []string
	known Known
	// take copies it from an event's issue.
	take func(to *Issue, from Issue)
	// set takes it from a changelog, and reports whether that says it and follows
	// on what was held.
	set func(to *Issue, item Item) bool
}

func (s Site) fieldOf(name string) *field {
	for _, f := range s.fields() {
		if slices.Contains(f.names, name) {
			return &f
		}
	}
	return nil
}

// keeps reports whether a fact has the changed field.
func (s Site) keeps(item Item) bool { return s.fieldOf(item.Field) != nil }

func unsaid(*Issue, Item) bool { return false }

func (s Site) fields() []field {
	return []field{
		{[]string{"key", "Key", "project"}, KnowsKey, func(to *Issue, from Issue) { to.Project, to.Number = from.Project, from.Number }, setKey},
		{[]string{"assignee"}, KnowsAssignee, func(to *Issue, from Issue) { to.Assignee = from.Assignee }, setAssignee},
		{[]string{"status"}, KnowsCategory, func(to *Issue, from Issue) { to.Category = from.Category }, s.setCategory},
		{[]string{"duedate"}, KnowsDue, func(to *Issue, from Issue) { to.Due = from.Due }, setDue},
		{[]string{"timeestimate"}, KnowsRemaining, func(to *Issue, from Issue) { to.Remaining = from.Remaining }, setRemaining},
		{named(s.PointEstimate), KnowsPointEstimate, func(to *Issue, from Issue) { to.PointEstimate = from.PointEstimate }, pointsIn((*Issue).pointEstimate)},
		{named(s.StoryPoints), KnowsStoryPoints, func(to *Issue, from Issue) { to.StoryPoints = from.StoryPoints }, pointsIn((*Issue).storyPoints)},
		// A changelog has teams' names, no ids.
		{named(s.Team), KnowsTeam, func(to *Issue, from Issue) { to.Team = from.Team }, unsaid},
		{[]string{"parent", "Parent", "IssueParentAssociation"}, KnowsParent, func(to *Issue, from Issue) { to.Parent = from.Parent }, unsaid},
	}
}

func named(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}

// setKey takes the new key of a move; the item about the project says nothing more.
func setKey(to *Issue, item Item) bool {
	project, number, err := ParseKey(item.ToText)
	if err != nil {
		return item.Field == "project"
	}
	follows := item.FromText == to.Key()
	to.Project, to.Number = project, number
	return follows
}

func setAssignee(to *Issue, item Item) bool {
	follows := item.From == to.Assignee
	to.Assignee = item.To
	return follows
}

func (s Site) setCategory(to *Issue, item Item) bool {
	category, ok := s.Categories[item.To]
	if !ok {
		return false
	}
	before, known := s.Categories[item.From]
	follows := known && codeOf(before) == codeOf(to.Category)
	to.Category = category
	return follows
}

func setDue(to *Issue, item Item) bool {
	before, beforeErr := dueOf(item.From)
	due, err := dueOf(item.To)
	if err != nil {
		return false
	}
	follows := beforeErr == nil && before == to.Due
	to.Due = due
	return follows
}

func dueOf(text string) (workload.Date, error) {
	if text == "" {
		return workload.Date{}, nil
	}
	return workload.ParseDate(text)
}

func setRemaining(to *Issue, item Item) bool {
	before, beforeOK := secondsOf(item.From)
	seconds, ok := secondsOf(item.To)
	if !ok {
		return false
	}
	follows := beforeOK && before == to.Remaining
	to.Remaining = seconds
	return follows
}

// secondsOf reads an estimate; none is zero.
func secondsOf(text string) (time.Duration, bool) {
	if text == "" {
		return 0, true
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	return time.Duration(seconds) * time.Second, err == nil && seconds >= 0 && seconds <= maxSeconds
}

// maxSeconds is the longest time that makes sense, as connect/jira has it.
const maxSeconds = 1_000_000_000

func (i *Issue) pointEstimate() *Points { return &i.PointEstimate }
func (i *Issue) storyPoints() *Points   { return &i.StoryPoints }

// pointsIn takes points: a changelog has them in words.
func pointsIn(of func(*Issue) *Points) func(to *Issue, item Item) bool {
	return func(to *Issue, item Item) bool {
		text := cmp.Or(item.ToText, item.To)
		if text == "" {
			*of(to) = Points{}
			return true
		}
		points, err := strconv.ParseFloat(text, 64)
		if err == nil {
			*of(to) = Points{points, true}
		}
		return err == nil
	}
}
