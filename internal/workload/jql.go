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
// logged from one day to another, both included. It asks for one more day at
// each end, because Jira reads the days in the time zone of the account that
// asks, and the summary may use another. [Summarize] drops the excess.
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

// Assignees selects the issues of a search by their assignee. The zero value is
// [Unassigned].
type Assignees struct {
	account  string
	everyone bool
}

// Everyone selects the issues of a summary's people, and those of nobody.
func Everyone() Assignees { return Assignees{everyone: true} }

// Assignee selects the issues of one person. Without an account id it is
// [Unassigned].
func Assignee(accountID string) Assignees { return Assignees{account: accountID} }

// Unassigned selects the issues that are assigned to nobody.
func Unassigned() Assignees { return Assignees{} }

// Scope is what a summary covers. Its methods return the JQL that finds exactly
// the issues behind a number of the summary, "" without projects.
type Scope struct {
	Projects []string // keys, without those that the viewer cannot see
	Team     []string // account ids of the members; nil: all assignees
	// Apps are account ids that [Everyone] leaves out.
	Apps []string
}

// Open is the JQL behind [Counts].Open.
func (s Scope) Open(whose Assignees) string { return s.search(whose) }

// ToDo is the JQL behind [Counts].ToDo.
func (s Scope) ToDo(whose Assignees) string {
	return s.search(whose, `statusCategory = "To Do"`)
}

// InProgress is the JQL behind [Counts].InProgress.
func (s Scope) InProgress(whose Assignees) string {
	return s.search(whose, `statusCategory = "In Progress"`)
}

// Overdue is the JQL behind [Counts].Overdue.
func (s Scope) Overdue(whose Assignees, today Date) string {
	return s.search(whose, open(), before("duedate", today))
}

// DueSoon is the JQL behind [Counts].DueSoon.
func (s Scope) DueSoon(whose Assignees, today Date) string {
	return s.search(whose, open(),
		onOrAfter("duedate", today), onOrBefore("duedate", today.AddDays(dueSoonDays)))
}

// search finds somebody's issues that meet the conditions; without conditions,
// the open ones.
func (s Scope) search(whose Assignees, conditions ...string) string {
	if len(s.Projects) == 0 {
		return ""
	}
	if len(conditions) == 0 {
		conditions = []string{open()}
	}
	clauses := []string{oneOf("project", s.Projects...)}
	if clause := s.assignee(whose); clause != "" {
		clauses = append(clauses, clause)
	}
	return all(append(clauses, conditions...)...)
}

func (s Scope) assignee(whose Assignees) string {
	const nobody = "assignee is EMPTY"
	team := slices.DeleteFunc(slices.Clone(s.Team), func(id string) bool { return slices.Contains(s.Apps, id) })
	switch {
	case !whose.everyone && whose.account != "":
		return oneOf("assignee", whose.account)
	case !whose.everyone, s.Team != nil && len(team) == 0:
		return nobody
	case s.Team != nil:
		return "(" + oneOf("assignee", team...) + " OR " + nobody + ")"
	case len(s.Apps) > 0:
		// Jira's "not in" also drops issues without an assignee.
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
