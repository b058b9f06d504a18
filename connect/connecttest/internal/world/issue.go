package world

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Category is a status category's key.
type Category string

// The four status categories. No workflow of today has one of CategoryNone, but
// old data has.
const (
	CategoryNone       Category = "undefined"
	CategoryNew        Category = "new"
	CategoryInProgress Category = "indeterminate"
	CategoryDone       Category = "done"
)

// Status is a workflow status.
type Status struct {
	ID       string
	Name     string
	Category Category
}

// IssueType is a kind of issue.
type IssueType struct {
	ID      string
	Name    string
	Subtask bool
}

// Epic is the name of the type of issues that are above the others.
const Epic = "Epic"

// Level is the type's place in the hierarchy: 1 for epics, -1 for subtasks.
func (t IssueType) Level() int {
	switch {
	case t.Subtask:
		return -1
	case t.Name == Epic:
		return 1
	}
	return 0
}

// Priority is an issue priority. Rank 1 is the most urgent.
type Priority struct {
	ID   string
	Name string
	Rank int
}

// Issue is a Jira issue. People are account ids, "" is nobody. Durations are
// seconds, nil if there is none.
type Issue struct {
	ID               string
	Key              string
	Number           int // of the key
	Project          string
	Summary          string
	Description      json.RawMessage // a document (ADF), nil: none
	Type             IssueType
	Status           Status
	Priority         Priority // zero: none
	Resolution       string
	Assignee         string
	Reporter         string
	Creator          string
	Created          time.Time
	Updated          time.Time
	Resolved         time.Time
	Due              string // 2006-01-02, of any year, see IsDay; "": none
	OriginalEstimate *int64
	Remaining        *int64
	Spent            *int64
	Components       []string
	Labels           []string
	FixVersions      []string
	Parent           string   // key
	Sprints          []string // ids, oldest first
	Team             string   // id, "": none
	Points           *float64 // in the field of its project, see [Project.PointsField]
	Security         string   // id of a SecurityLevel, "": none
	// Watchers, Voters, Commenters and Transitioners are account ids.
	// Transitioners have moved the issue to another status.
	Watchers      []string
	Voters        []string
	Commenters    []string
	Transitioners []string
}

// Issue finds an issue by its id or, in any case, its key.
func (w *World) Issue(keyOrID string) (*Issue, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.state.issue(keyOrID)
}

// ProjectIssues lists a project's issues by number. The slice must not be
// written to.
func (w *World) ProjectIssues(projectKey string) []*Issue {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.state.byProject[projectKey]
}

// IssueTypes lists all issue types of the site.
func (w *World) IssueTypes() []IssueType {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Clone(w.state.issueTypes)
}

// Statuses lists all statuses of the site.
func (w *World) Statuses() []Status {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Clone(w.state.statuses)
}

// Priorities lists all priorities of the site, most urgent first.
func (w *World) Priorities() []Priority {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Clone(w.state.priorities)
}

// CreateIssue gives the issue an id and its project's next key, and stores it.
func (w *World) CreateIssue(issue Issue) (*Issue, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.state.project(issue.Project); !ok {
		return nil, fmt.Errorf("create issue in %s: %w", issue.Project, ErrNotFound)
	}
	issue.ID = w.state.nextID()
	w.remember(issue.ID)
	issue.Number = w.state.lastNumber[issue.Project] + 1
	issue.Key = issue.Project + "-" + strconv.Itoa(issue.Number)
	w.state.addIssue(&issue)
	return &issue, nil
}

// SwapIssue replaces an issue with an edited copy, unless somebody else has
// replaced it since it was read.
func (w *World) SwapIssue(before, after *Issue) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.state.issues[before.ID] != before {
		return false
	}
	w.remember(after.ID)
	w.state.putIssue(after)
	return true
}

// DeleteIssue removes an issue with its worklogs and properties and returns it.
func (w *World) DeleteIssue(id string, now time.Time) (*Issue, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	issue, ok := w.state.issues[id]
	if !ok {
		return nil, fmt.Errorf("delete issue %s: %w", id, ErrNotFound)
	}
	w.remember(id)
	for _, l := range w.state.logsOf[id] {
		w.state.dropWorklog(l, now)
	}
	delete(w.state.logsOf, id)
	delete(w.state.changes, id)
	delete(w.state.issues, id)
	delete(w.state.keys, strings.ToUpper(issue.Key))
	delete(w.state.properties, IssueProperties(id))
	w.state.attachments = without(w.state.attachments, func(a Attachment) bool { return a.IssueID == id })
	w.state.byProject[issue.Project] = without(w.state.byProject[issue.Project], func(i *Issue) bool { return i.ID == id })
	return issue, nil
}

func (s *state) issue(keyOrID string) (*Issue, bool) {
	if issue, ok := s.issues[keyOrID]; ok {
		return issue, true
	}
	issue, ok := s.issues[s.keys[strings.ToUpper(keyOrID)]]
	return issue, ok
}

func (s *state) addIssue(issue *Issue) {
	s.issues[issue.ID] = issue
	s.keys[strings.ToUpper(issue.Key)] = issue.ID
	s.byProject[issue.Project] = append(s.byProject[issue.Project], issue)
	s.lastNumber[issue.Project] = max(s.lastNumber[issue.Project], issue.Number)
}

func (s *state) putIssue(issue *Issue) {
	s.issues[issue.ID] = issue
	s.byProject[issue.Project] = replace(s.byProject[issue.Project], issue, func(i *Issue) bool { return i.ID == issue.ID })
}
