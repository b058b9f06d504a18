package world

import (
	"cmp"
	"slices"
	"time"
)

// Change is a change of an issue: somebody changed some of its fields at the same
// time.
type Change struct {
	ID      string
	IssueID string
	Author  string // account id
	At      time.Time
	Items   []ChangeItem
}

// ChangeItem is what became of one field. From and To are ids, FromText and ToText
// words; "" is no value.
type ChangeItem struct {
	Field          string
	From, FromText string
	To, ToText     string
}

// AddChange keeps a change of an issue that exists, and gives it an id.
func (w *World) AddChange(c Change) Change {
	w.mu.Lock()
	defer w.mu.Unlock()
	c.ID = w.state.nextID()
	w.state.changes[c.IssueID] = append(slices.Clip(w.state.changes[c.IssueID]), c)
	return c
}

// Changes lists the changes of issues, oldest first. Data that is loaded from a file has none.
func (w *World) Changes(issueIDs ...string) []Change {
	w.mu.RLock()
	var all []Change
	for _, id := range issueIDs {
		all = append(all, w.state.changes[id]...)
	}
	w.mu.RUnlock()
	slices.SortStableFunc(all, func(a, b Change) int {
		return cmp.Or(a.At.Compare(b.At), compareIDs(a.IssueID, b.IssueID), compareIDs(a.ID, b.ID))
	})
	return all
}
