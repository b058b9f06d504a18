package index

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// Issue holds the facts of an issue. Times are kept to the millisecond, estimates to
// the second.
type Issue struct {
	ID int64
	// Project and Number are the parts of the key: ABC and 12 of ABC-12.
	Project string
	Number  int64
	// Assignee is an account id, "" for nobody.
	Assignee string
	// Category is one of workload's three; any other is kept as "undefined".
	Category  workload.Category
	Due       workload.Date
	Remaining time.Duration
	// PointEstimate and StoryPoints are Jira's two fields of story points: of projects
	// that a team manages, and of those that the company does.
	PointEstimate, StoryPoints Points
	// Team is the id of the team, "" for none; Parent the id of the issue above, 0
	// for none.
	Team   string
	Parent int64
	// Created is zero if that is not known.
	Created, Updated time.Time
}

// Points is an estimate in story points. It may be 0; the zero Points is none.
type Points struct {
	Value float64
	Set   bool
}

// categoryOther is Jira's own category for what has none.
const categoryOther workload.Category = "undefined"

// Key returns the issue's key.
func (i Issue) Key() string { return i.Project + "-" + strconv.FormatInt(i.Number, 10) }

// Open reports whether the issue is not done.
func (i Issue) Open() bool { return i.Category != workload.CategoryDone }

// ParseKey splits an issue's key.
func ParseKey(key string) (project string, number int64, err error) {
	at := strings.LastIndexByte(key, '-')
	if at > 0 {
		number, err = strconv.ParseInt(key[at+1:], 10, 64)
	}
	if at <= 0 || err != nil || number <= 0 {
		return "", 0, fmt.Errorf("parse issue key %q: want PROJECT-NUMBER", key)
	}
	return key[:at], number, nil
}

// Worklog holds the facts of a work log.
type Worklog struct {
	ID, Issue int64
	// Author is an account id, "" if Jira does not know.
	Author  string
	Started time.Time
	Spent   time.Duration
	Updated time.Time
}

// Field is a field whose changes are kept.
type Field uint8

// The fields, and what the values of a [Change] are.
const (
	FieldAssignee  Field = iota + 1 // account ids
	FieldCategory                   // keys of status categories
	FieldDue                        // days, 2006-01-02
	FieldRemaining                  // seconds
)

// Change is one change of a field. It is known by its issue, history and field:
// the same twice is one.
type Change struct {
	Issue int64
	// History is Jira's id of the changelog that it is part of.
	History int64
	At      time.Time
	Field   Field
	// From and To are in the field's form, "" for nothing. Any other text counts
	// as nothing.
	From, To string
}

// Kind tells issues from work logs.
type Kind uint8

// The two kinds.
const (
	KindIssue Kind = iota + 1
	KindWorklog
)

// Need is something that has changed, of which it is not known how: it must be
// fetched, and until then what is held of it is not to be believed.
type Need struct {
	Kind Kind
	ID   int64
	// Issue is a work log's, 0 if that is not known.
	Issue int64
	// Since is when it was told first, Last when it was told last.
	Since, Last time.Time
}

// Gone says that an issue with its work logs and changes, or a work log, is not
// there any more.
type Gone struct {
	Kind Kind
	ID   int64
	// Deleted: Jira said so. What comes later about it is refused for a week. Else
	// it is hidden from the app and may come back.
	Deleted bool
}

// Batch is what was told or read of a tenant.
type Batch struct {
	Issues   []Issue
	Worklogs []Worklog
	Changes  []Change
	Gone     []Gone
	Needs    []Need
	// Read is when Issues and Worklogs were asked for; needs of them that are not
	// newer end. Zero: an event told them.
	Read time.Time
	// Untold: changes of the issues may not have been told, even if nothing shows it.
	Untold bool
}
