// Package jql reads and runs Jira's query language over a world: the fields,
// operators and functions that dashboards need. Anything else is an error that
// says so, in Jira's words.
//
// Decisions where Jira's own behaviour varies: a clause on a worklog holds if
// some worklog of the issue satisfies it, each clause for itself; due dates and
// worklog dates compare by calendar day in the caller's time zone, created,
// updated and resolved by instant; as in Jira, only IS EMPTY holds for a field
// without a value, even under NOT; a week starts on Monday; without ORDER BY
// the newest issue comes first. Labels are compared in any case. A team is named by
// its id; another text matches nothing.
package jql

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Env is what a query runs in.
type Env struct {
	World   *world.World
	Account string // for currentUser(), "" is nobody
	Now     time.Time
	Zone    *time.Location               // of dates, nil: UTC
	Browse  func(projectKey string) bool // nil: every project may be seen
	// Indexed are the issues that the index still has as they were, by their ids;
	// nil: it is not behind.
	Indexed map[string]world.Past
}

// Error is what is wrong with a query, one sentence for each fault.
type Error struct{ Messages []string }

// messages are the sentences of an error of a query.
func messages(err error) []string {
	var wrong *Error
	if errors.As(err, &wrong) {
		return wrong.Messages
	}
	return []string{err.Error()}
}

// Error joins the sentences.
func (e *Error) Error() string { return "read jql: " + strings.Join(e.Messages, " ") }

// Query is a query that was read but not yet run: Search and Match find out
// whether its values exist.
type Query struct {
	where *node
	order []sortKey
}

// sortKey is one field of ORDER BY.
type sortKey struct {
	field   string // its first name
	written string
	desc    bool
	given   bool // the direction was
}

// node is a part of the restriction: a clause, or several joined.
type node struct {
	join   string // "AND", "OR", "NOT", "" for a clause
	kids   []*node
	clause clause
}

// clause is a single comparison.
type clause struct {
	field    string // as written
	op       string
	operands []operand
	listed   bool // in brackets
}

// operand is a value, a call of a function or, with neither, EMPTY.
type operand struct {
	kind operandKind
	text string
	args []string
}

type operandKind int

const (
	isValue operandKind = iota
	isFunction
	isEmpty
)

// Bounded tells whether the query restricts anything; the search operation
// refuses one that does not.
func (q *Query) Bounded() bool { return q.where != nil }

// OrderFields counts the fields of ORDER BY.
func (q *Query) OrderFields() int { return len(q.order) }

// Match tells whether the issue satisfies the query. Errors are of type
// *Error.
func (q *Query) Match(e Env, issue *world.Issue) (bool, error) {
	holds, err := q.bind(&e)
	if err != nil {
		return false, err
	}
	if past, behind := e.Indexed[issue.ID]; behind {
		issue = past.Issue
	}
	return issue != nil && holds(issue), nil
}

// Search finds the issues that may be seen and satisfy the query, in its
// order. Errors are of type *Error: a project that may not be seen does not
// exist. Issues of which the index is behind are found, and sorted, as it has them.
func (q *Query) Search(e Env) ([]*world.Issue, error) {
	holds, err := q.bind(&e)
	if err != nil {
		return nil, err
	}
	var found []*world.Issue
	only := q.projects(&e)
	for _, p := range e.World.Projects() {
		if !e.sees(p.Key) || only != nil && !only[p.Key] {
			continue
		}
		for _, issue := range e.issues(p.Key) {
			if holds(issue) {
				found = append(found, issue)
			}
		}
	}
	e.sort(found, q.order)
	return found, nil
}

// issues are a project's as the index has them.
func (e *Env) issues(project string) []*world.Issue {
	issues := e.World.ProjectIssues(project)
	if len(e.Indexed) == 0 {
		return issues
	}
	issues = slices.DeleteFunc(slices.Clone(issues), func(i *world.Issue) bool {
		_, behind := e.Indexed[i.ID]
		return behind
	})
	for _, past := range e.Indexed {
		if past.Issue != nil && past.Issue.Project == project {
			issues = append(issues, past.Issue)
		}
	}
	return issues
}

func (e *Env) worklogs(issueID string) []*world.Worklog {
	if past, behind := e.Indexed[issueID]; behind {
		return past.Worklogs
	}
	return e.World.Worklogs(issueID)
}

func (e *Env) sees(projectKey string) bool { return e.Browse == nil || e.Browse(projectKey) }

// shows is sees for one issue, which may have a security level.
func (e *Env) shows(i *world.Issue) bool {
	return e.sees(i.Project) && (i.Security == "" || e.World.Sees(e.Account, i))
}

func (q *Query) bind(e *Env) (predicate, error) {
	if e.Zone == nil {
		e.Zone = time.UTC
	}
	b := binder{env: e}
	holds := func(*world.Issue) bool { return true }
	if q.where != nil {
		holds = b.node(q.where, false)
	}
	if len(b.messages) > 0 {
		return nil, &Error{Messages: b.messages}
	}
	return holds, nil
}

// projects is the set of projects that the query can find issues in, nil for
// all: those of a project clause that every issue must satisfy.
func (q *Query) projects(e *Env) map[string]bool {
	must := []*node{q.where}
	if q.where != nil && q.where.join == "AND" {
		must = q.where.kids
	}
	i := slices.IndexFunc(must, func(n *node) bool {
		return n != nil && n.join == "" && strings.EqualFold(n.clause.field, "project") && (n.clause.op == "=" || n.clause.op == "IN")
	})
	if i < 0 {
		return nil
	}
	only := map[string]bool{}
	for _, o := range must[i].clause.operands {
		for _, p := range e.projectsNamed(o.text) {
			only[p] = true
		}
	}
	return only
}
