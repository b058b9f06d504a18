package workload

import (
	"fmt"
	"slices"
	"strings"
)

// OpenIssues is the JQL for the open issues of a project. Projects are asked
// one by one, because Jira refuses a whole query for one project that the
// caller cannot see.
func OpenIssues(project string) string {
	return all(oneOf("project", project), open())
}

// LoggedIssues is the JQL for the issues of a project, of any status, with time
// logged from one day to another, both included. It asks for a day more at
// either end: Jira reads the days in the time zone of the account that asks,
// which may not be that of the summary. [Summarize] leaves out what is outside.
func LoggedIssues(project string, from, to Date) string {
	return all(
		oneOf("project", project),
		onOrAfter("worklogDate", from.AddDays(-1)),
		onOrBefore("worklogDate", to.AddDays(1)),
	)
}

// LoggedIssuesOf is [LoggedIssues] for one day and one person.
func LoggedIssuesOf(project, accountID string, day Date) string {
	return all(LoggedIssues(project, day, day), oneOf("worklogAuthor", accountID))
}

// Who says whose issues a search is for. The zero value is nobody's.
type Who struct {
	account  string
	everyone bool
}

// Everyone is the people of a summary, and what nobody is assigned to.
func Everyone() Who { return Who{everyone: true} }

// Assignee is one person. Without an account id it is [Unassigned].
func Assignee(accountID string) Who { return Who{account: accountID} }

// Unassigned is what nobody is assigned to.
func Unassigned() Who { return Who{} }

// Scope is what a summary covers. Its methods give the JQL that finds exactly
// the issues behind a number of the summary, and "" when there is no project,
// for then there is nothing to find.
type Scope struct {
	Projects []string // keys, without those that the viewer cannot see
	Team     []string // account ids of the members; nil: all assignees
	// Apps are account ids that [Everyone] leaves out.
	Apps []string
}

// Open is the JQL behind [Counts].Open.
func (s Scope) Open(who Who) string { return s.search(who) }

// ToDo is the JQL behind [Counts].ToDo.
func (s Scope) ToDo(who Who) string {
	return s.search(who, `statusCategory = "To Do"`)
}

// InProgress is the JQL behind [Counts].InProgress.
func (s Scope) InProgress(who Who) string {
	return s.search(who, `statusCategory = "In Progress"`)
}

// Overdue is the JQL behind [Counts].Overdue.
func (s Scope) Overdue(who Who, today Date) string {
	return s.search(who, open(), before("duedate", today))
}

// DueSoon is the JQL behind [Counts].DueSoon.
func (s Scope) DueSoon(who Who, today Date) string {
	return s.search(who, open(),
		onOrAfter("duedate", today), onOrBefore("duedate", today.AddDays(dueSoonDays)))
}

// search finds the issues of who that fulfil the conditions; open ones when
// there is none.
func (s Scope) search(who Who, conditions ...string) string {
	if len(s.Projects) == 0 {
		return ""
	}
	if len(conditions) == 0 {
		conditions = []string{open()}
	}
	clauses := []string{oneOf("project", s.Projects...)}
	if whose := s.assignee(who); whose != "" {
		clauses = append(clauses, whose)
	}
	return all(append(clauses, conditions...)...)
}

func (s Scope) assignee(who Who) string {
	const nobody = "assignee is EMPTY"
	team := slices.DeleteFunc(slices.Clone(s.Team), func(id string) bool { return slices.Contains(s.Apps, id) })
	switch {
	case !who.everyone && who.account != "":
		return oneOf("assignee", who.account)
	case !who.everyone, s.Team != nil && len(team) == 0:
		return nobody
	case s.Team != nil:
		return "(" + oneOf("assignee", team...) + " OR " + nobody + ")"
	case len(s.Apps) > 0:
		// Jira's "not in" leaves out what has no value at all.
		return "(assignee not in (" + list(s.Apps) + ") OR " + nobody + ")"
	}
	return ""
}

func open() string { return "statusCategory != Done" }

func all(clauses ...string) string { return strings.Join(clauses, " AND ") }

func oneOf(field string, values ...string) string {
	if len(values) == 1 {
		return field + " = " + quote(values[0])
	}
	return field + " in (" + list(values) + ")"
}

func list(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = quote(v)
	}
	return strings.Join(quoted, ", ")
}

func before(field string, d Date) string     { return field + " < " + quote(d.String()) }
func onOrAfter(field string, d Date) string  { return field + " >= " + quote(d.String()) }
func onOrBefore(field string, d Date) string { return field + " <= " + quote(d.String()) }

// quote makes one JQL string of s, so that nothing in it can end the string.
//
// https://docs.atlassian.com/jira/server/com/atlassian/jira/jql/util/JqlStringSupportImpl.html
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"', r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ', r == 0x7f:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
