package workload

import (
	"regexp"
	"slices"
)

// Status is a status of Jira's. Name is what it was called to whoever chose it.
type Status struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Statuses say which issues are open where that is not all that are not done. The zero
// value is the usual.
type Statuses struct {
	// Closed are not of the category of what is done, but do not count as open; Open are of
	// that category and do.
	Closed []Status `json:"closed,omitempty"`
	Open   []Status `json:"open,omitempty"`
}

// MaxStatuses is how many statuses there are of either kind.
const MaxStatuses = 20

var statusID = regexp.MustCompile(`^[0-9]{1,18}$`)

// IsZero reports whether what is open is the usual.
func (s Statuses) IsZero() bool { return len(s.Closed) == 0 && len(s.Open) == 0 }

// Category is what an issue in a status counts as: open ones of what is done are neither
// to do nor in progress.
func (s Statuses) Category(id string, usual Category) Category {
	has := func(list []Status) bool { return slices.ContainsFunc(list, func(o Status) bool { return o.ID == id }) }
	switch {
	case has(s.Closed):
		return CategoryDone
	case usual == CategoryDone && has(s.Open):
		return categoryOpen
	}
	return usual
}

// categoryOpen is of what is open though Jira's category is done.
const categoryOpen Category = "open"

// open is the condition of what is open.
func (s Statuses) open() string {
	clause := open()
	if len(s.Open) > 0 {
		clause = "(" + clause + " OR " + oneOf("status", ids(s.Open)...) + ")"
	}
	return all(s.in(clause)...)
}

// in is a condition of what may be open, without what is not.
func (s Statuses) in(clause string) []string {
	if len(s.Closed) == 0 {
		return []string{clause}
	}
	return []string{clause, noneOf("status", ids(s.Closed), false)}
}

func ids(list []Status) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = s.ID
	}
	return out
}

func (s Statuses) wrong(note func(field string, w Wrong)) {
	for field, list := range map[string][]Status{FieldClosed: s.Closed, FieldOpened: s.Open} {
		note(field, statusesProblem(list))
	}
}

func statusesProblem(list []Status) Wrong {
	if len(list) > MaxStatuses {
		return Wrong{Code: WrongManyValues, Limit: MaxStatuses}
	}
	for i, s := range list {
		if !statusID.MatchString(s.ID) || !isName(s.Name) || slices.ContainsFunc(list[:i], func(o Status) bool { return o.ID == s.ID }) {
			return Wrong{Code: WrongValue, Text: s.Name}
		}
	}
	return Wrong{}
}
