package workload

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"time"
)

// OpenIssues is the JQL for the open issues of projects. Unless it is known that
// the caller sees them, projects are asked one by one, because Jira refuses a whole
// query for one that the caller cannot see.
func OpenIssues(projects ...string) string {
	return Where{}.Open(projects...)
}

// ChangedIssues is the JQL for the issues of projects, of any status, that were
// changed within the last minutes, which needs no time zone.
func ChangedIssues(minutes int, projects ...string) string {
	return all(oneOf("project", projects...), fmt.Sprintf(`updated >= "-%dm"`, minutes))
}

// DoneIssues is the JQL for the issues of a project that are done and were changed last
// from one day to another, both included; the zero Date is no bound. It asks for one
// more day at each end, as [LoggedIssues] does.
func DoneIssues(project string, from, to Date) string {
	clauses := append([]string{oneOf("project", project)}, doneSince(from)...)
	if !to.IsZero() {
		clauses = append(clauses, before("updated", to.AddDays(2)))
	}
	return all(clauses...)
}

func doneSince(day Date) []string {
	return []string{"statusCategory = Done", onOrAfter("updated", day.AddDays(-1))}
}

// LoggedIssues is the JQL for the issues of a project, of any status, with time
// logged from one day to another, both included. It asks for one more day at
// each end, because Jira reads the days in the time zone of the account that
// asks, and the summary may use another. [Summarize] drops the excess.
func LoggedIssues(project string, from, to Date) string {
	return Where{}.Logged(project, from, to)
}

// ChangedWithin finds what another search finds, as far as it was changed within a
// time, rounded up to minutes.
func ChangedWithin(jql string, d time.Duration) string {
	return all(jql, fmt.Sprintf(`updated >= "-%dm"`, int(d/time.Minute)+1))
}

// Assignees selects the issues of a search by their assignee. The zero value is
// [Unassigned].
type Assignees struct {
	account  string
	some     []string
	everyone bool
}

// Everyone selects the issues of a summary's people, and those of nobody.
func Everyone() Assignees { return Assignees{everyone: true} }

// Assignee selects the issues of one person. Without an account id it is
// [Unassigned].
func Assignee(accountID string) Assignees { return Assignees{account: accountID} }

// Inactive selects the issues of the people of a summary whose accounts are deactivated.
func (s Summary) Inactive() Assignees {
	who := Assignees{some: []string{}}
	for _, row := range s.Rows {
		if row.Person.Inactive && row.Open > 0 {
			who.some = append(who.some, row.Person.AccountID)
		}
	}
	return who
}

// Unassigned selects the issues that are assigned to nobody.
func Unassigned() Assignees { return Assignees{} }

// Scope is what a summary covers. Its methods return the JQL that finds exactly
// the issues behind a number of the summary: "" without projects, or if no JQL
// for it fits.
type Scope struct {
	Projects []string // keys, without those that the viewer cannot see
	Where    Where
	Team     []string // account ids of the members; nil: all assignees
	// Apps are account ids that [Everyone] leaves out.
	Apps []string
	// In is one more condition, such as that of a group; "" is none.
	In string

	// Fits bounds the JQL behind everybody's numbers; nil lets all pass. If the
	// whole team is too much, only the people behind the number are named, or
	// those outside: Summary says who they are.
	Fits    func(jql string) bool
	Summary *Summary
}

// Open is the JQL behind [Counts].Open.
func (s Scope) Open(whose Assignees) string {
	return s.search(whose, func(c Counts) int { return c.Open }, s.Where.Statuses.open())
}

// ToDo is the JQL behind [Counts].ToDo.
func (s Scope) ToDo(whose Assignees) string {
	return s.search(whose, func(c Counts) int { return c.ToDo }, s.Where.Statuses.in(`statusCategory = "To Do"`)...)
}

// InProgress is the JQL behind [Counts].InProgress.
func (s Scope) InProgress(whose Assignees) string {
	return s.search(whose, func(c Counts) int { return c.InProgress }, s.Where.Statuses.in(`statusCategory = "In Progress"`)...)
}

// Overdue is the JQL behind [Counts].Overdue.
func (s Scope) Overdue(whose Assignees, today Date) string {
	return s.search(whose, func(c Counts) int { return c.Overdue }, s.Where.Statuses.open(), before("duedate", today))
}

// DueSoon is the JQL behind [Counts].DueSoon.
func (s Scope) DueSoon(whose Assignees, today Date) string {
	return s.search(whose, func(c Counts) int { return c.DueSoon }, s.Where.Statuses.open(),
		onOrAfter("duedate", today), onOrBefore("duedate", today.AddDays(s.dueSoonDays())))
}

// Blank is the JQL behind [Counts].Blank: what nobody has estimated in the summary's
// measure. Points are the custom fields that story points were taken from.
func (s Scope) Blank(whose Assignees, points []string) string {
	if s.Summary == nil {
		return ""
	}
	return s.search(whose, func(c Counts) int { return c.Blank }, append([]string{s.Where.Statuses.open()}, NotEstimated(s.Summary.Measure, points)...)...)
}

// NotEstimated are the conditions of issues without an estimate in a measure.
func NotEstimated(m Measure, points []string) []string {
	switch m {
	case MeasureRemaining:
		return []string{"(remainingEstimate is EMPTY OR remainingEstimate = 0)"}
	case MeasurePoints:
		var none []string
		for _, id := range points {
			if found := customField.FindStringSubmatch(id); found != nil {
				none = append(none, "cf["+found[1]+"] is EMPTY")
			}
		}
		return none
	}
	return nil
}

func (s Scope) dueSoonDays() int {
	if s.Summary == nil {
		return usualDueSoon
	}
	return s.Summary.Weighing.DueSoonDays()
}

// search finds somebody's issues that meet the conditions, which are counted in
// number.
func (s Scope) search(whose Assignees, number func(Counts) int, conditions ...string) string {
	if len(s.Projects) == 0 && !s.Where.IsQuery() {
		return ""
	}
	for clause := range s.assignee(whose, number) {
		clauses := s.Where.Clauses(s.Projects...)
		for _, more := range []string{clause, s.In} {
			if more != "" {
				clauses = append(clauses, more)
			}
		}
		if jql := all(append(clauses, conditions...)...); s.Fits == nil || !whose.everyone || s.Fits(jql) {
			return jql
		}
	}
	return ""
}

const nobody = "assignee is EMPTY"

// assignee yields the clauses that find the same issues now, "" for none. The
// first also stays right when work is given to other people.
func (s Scope) assignee(whose Assignees, number func(Counts) int) iter.Seq[string] {
	return func(yield func(string) bool) {
		switch {
		case whose.some != nil:
			if clause := anyOf("assignee", whose.some, true); clause != "" {
				yield(clause)
			}
		case !whose.everyone && whose.account != "":
			yield(oneOf("assignee", whose.account))
		case !whose.everyone:
			yield(nobody)
		default:
			more := yield(s.everyone(false)) && yield(s.everyone(true))
			more = more && s.Summary != nil && yield(s.counted(number))
			if more && s.Summary.Outside != nil {
				yield(s.except())
			}
		}
	}
}

// everyone names the whole team, or the apps that do not count.
func (s Scope) everyone(brief bool) string {
	if s.Team == nil {
		return orNobody(noneOf("assignee", s.Apps, brief))
	}
	team := slices.DeleteFunc(slices.Clone(s.Team), func(id string) bool { return slices.Contains(s.Apps, id) })
	return orNobody(anyOf("assignee", team, brief), nobody)
}

// counted names only those who are behind a number.
func (s Scope) counted(number func(Counts) int) string {
	var ids []string
	for _, row := range s.Summary.Rows {
		if number(row.Counts) > 0 {
			ids = append(ids, row.Person.AccountID)
		}
	}
	clause := anyOf("assignee", ids, true)
	if clause != "" && number(s.Summary.Unassigned) == 0 {
		return clause
	}
	return orNobody(clause, nobody)
}

// except names those whose open issues do not count.
func (s Scope) except() string {
	return orNobody(noneOf("assignee", slices.Concat(s.Summary.Outside, s.Apps), true))
}

// orNobody adds the issues without an assignee to those that a clause finds, if
// there is one: Jira's "in" and "not in" both leave them out.
func orNobody(clause string, otherwise ...string) string {
	if clause == "" {
		return strings.Join(otherwise, "")
	}
	return "(" + clause + " OR " + nobody + ")"
}

func open() string { return "statusCategory != Done" }

func all(clauses ...string) string { return strings.Join(clauses, " AND ") }

func oneOf(field string, values ...string) string { return anyOf(field, values, false) }

// anyOf finds what has one of the values, noneOf what has another; both are ""
// without values. Brief ones have neither spaces nor quotes that can be left out.
func anyOf(field string, values []string, brief bool) string {
	switch len(values) {
	case 0:
		return ""
	case 1:
		return field + " = " + list(values, brief)
	}
	return field + " in (" + list(values, brief) + ")"
}

func noneOf(field string, values []string, brief bool) string {
	if len(values) == 0 {
		return ""
	}
	return field + " not in (" + list(values, brief) + ")"
}

func list(values []string, brief bool) string {
	name, comma := quote, ", "
	if brief {
		name, comma = short, ","
	}
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = name(v)
	}
	return strings.Join(names, comma)
}

func before(field string, d Date) string     { return field + " < " + quote(d.String()) }
func after(field string, d Date) string      { return field + " > " + quote(d.String()) }
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

// Quote makes one text of JQL of s, so that nothing in it can end the text.
func Quote(s string) string { return quote(s) }

// Unquote is the value that a query has, in quotes or not.
func Unquote(s string) string {
	if len(s) < 2 || s[0] != s[len(s)-1] || s[0] != '"' && s[0] != '\'' {
		return s
	}
	return regexp.MustCompile(`\\(.)`).ReplaceAllString(s[1:len(s)-1], "$1")
}

// plainAccount is the usual form of account ids, which needs no quotes. Jira reads
// digits alone as a number, so there is a colon or a letter.
var plainAccount = regexp.MustCompile(`^(?:[0-9]{1,9}:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]*[a-f][0-9a-f]*)$`)

// short is an account id without quotes if it needs none: in an address a quote
// takes three bytes.
func short(id string) string {
	if len(id) >= 24 && plainAccount.MatchString(id) {
		return id
	}
	return quote(id)
}
