package world

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Worklog is time that a person logged on an issue.
type Worklog struct {
	ID           string
	IssueID      string
	Author       string          // account id
	UpdateAuthor string          // account id
	Comment      json.RawMessage // a document (ADF), nil: none
	Started      time.Time
	Created      time.Time
	Updated      time.Time
	Spent        int64 // seconds
}

// DeletedWorklog is the record of a deleted worklog.
type DeletedWorklog struct {
	ID      string
	Project string
	At      time.Time
}

// Worklogs lists an issue's worklogs by time of creation. The slice must not
// be written to.
func (w *World) Worklogs(issueID string) []*Worklog {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.state.logsOf[issueID]
}

// Worklog finds a worklog by its id.
func (w *World) Worklog(id string) (*Worklog, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	l, ok := w.state.worklogs[id]
	return l, ok
}

// UpdatedWorklogs lists the worklogs updated since the time, oldest first.
func (w *World) UpdatedWorklogs(since time.Time) []*Worklog {
	w.mu.RLock()
	var out []*Worklog
	for _, l := range w.state.worklogs {
		if !l.Updated.Before(since) {
			out = append(out, l)
		}
	}
	w.mu.RUnlock()
	slices.SortFunc(out, func(a, b *Worklog) int {
		return cmp.Or(a.Updated.Compare(b.Updated), compareIDs(a.ID, b.ID))
	})
	return out
}

// DeletedWorklogs lists the worklogs deleted since the time, oldest first.
func (w *World) DeletedWorklogs(since time.Time) []DeletedWorklog {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return without(w.state.deletedLogs, func(d DeletedWorklog) bool { return d.At.Before(since) })
}

// AddWorklog gives the worklog an id and stores it. The issue's time spent
// grows by it; change works on a copy of the issue, which may be nil.
func (w *World) AddWorklog(l Worklog, change func(*Issue)) (*Worklog, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.state.issues[l.IssueID]; !ok {
		return nil, fmt.Errorf("add worklog to issue %s: %w", l.IssueID, ErrNotFound)
	}
	w.remember(l.IssueID)
	l.ID = w.state.nextID()
	w.state.worklogs[l.ID] = &l
	w.state.logsOf[l.IssueID] = append(slices.Clone(w.state.logsOf[l.IssueID]), &l)
	w.state.respend(l.IssueID, l.Spent, change)
	return &l, nil
}

// UpdateWorklog lets edit change a copy of the worklog and stores it. The
// issue's time spent follows; change is as in AddWorklog and gets the seconds
// that were added (or, if negative, removed).
func (w *World) UpdateWorklog(id string, edit func(*Worklog), change func(issue *Issue, added int64)) (*Worklog, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before, ok := w.state.worklogs[id]
	if !ok {
		return nil, fmt.Errorf("update worklog %s: %w", id, ErrNotFound)
	}
	w.remember(before.IssueID)
	after := *before
	edit(&after)
	w.state.worklogs[id] = &after
	w.state.logsOf[after.IssueID] = replace(w.state.logsOf[after.IssueID], &after, func(l *Worklog) bool { return l.ID == id })
	added := after.Spent - before.Spent
	w.state.respend(after.IssueID, added, func(i *Issue) { change(i, added) })
	return &after, nil
}

// DeleteWorklog removes a worklog; change is as in AddWorklog.
func (w *World) DeleteWorklog(id string, now time.Time, change func(*Issue)) (*Worklog, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l, ok := w.state.worklogs[id]
	if !ok {
		return nil, fmt.Errorf("delete worklog %s: %w", id, ErrNotFound)
	}
	w.remember(l.IssueID)
	w.state.logsOf[l.IssueID] = without(w.state.logsOf[l.IssueID], func(o *Worklog) bool { return o.ID == id })
	w.state.dropWorklog(l, now)
	w.state.respend(l.IssueID, -l.Spent, change)
	return l, nil
}

func (s *state) dropWorklog(l *Worklog, now time.Time) {
	delete(s.worklogs, l.ID)
	s.deletedLogs = append(slices.Clone(s.deletedLogs), DeletedWorklog{ID: l.ID, Project: s.issues[l.IssueID].Project, At: now})
}

// respend adds seconds to the issue's time spent.
func (s *state) respend(issueID string, seconds int64, change func(*Issue)) {
	issue := *s.issues[issueID]
	spent := seconds
	if issue.Spent != nil {
		spent += *issue.Spent
	}
	spent = max(spent, 0)
	issue.Spent = &spent
	if change != nil {
		change(&issue)
	}
	s.putIssue(&issue)
}

// compareIDs compares two decimal ids by value.
func compareIDs(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}
