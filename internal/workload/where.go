package workload

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Where says which issues are looked at: those of projects, unless Filter or JQL is set,
// as far as they are within the narrowing. The zero value is all of the projects.
type Where struct {
	Filter string // the id of a saved filter, which Jira follows when it is changed
	JQL    string // a query, without its order
	Narrow Narrowing
	// Statuses say which of the issues are open.
	Statuses Statuses
}

// IsQuery reports whether issues are found by a query or a filter instead of projects.
func (w Where) IsQuery() bool { return w.Filter != "" || w.JQL != "" }

// Clauses are the conditions of the issues; projects do not matter to a query.
func (w Where) Clauses(projects ...string) []string {
	base := oneOf("project", projects...)
	switch {
	case w.Filter != "":
		base = "filter = " + w.Filter
	case w.JQL != "":
		body, _ := withoutOrder(w.JQL)
		base = "(" + body + ")"
	}
	return append([]string{base}, w.Narrow.clauses()...)
}

// Open is the JQL for those of the issues that are open.
func (w Where) Open(projects ...string) string {
	return all(append(w.Clauses(projects...), w.Statuses.open())...)
}

// Logged is the JQL for those of the issues, of any status, with time logged from one
// day to another, as [LoggedIssues].
func (w Where) Logged(project string, from, to Date) string {
	return w.LoggedIn([]string{project}, from, to)
}

// LoggedIn is Logged for several projects.
func (w Where) LoggedIn(projects []string, from, to Date) string {
	return all(append(w.Clauses(projects...), onOrAfter("worklogDate", from.AddDays(-1)), onOrBefore("worklogDate", to.AddDays(1)))...)
}

// Done is the JQL for those of the issues that are done and were changed since a day, as
// [DoneIssues].
func (w Where) Done(project string, since Date) string { return w.DoneIn([]string{project}, since) }

// DoneIn is Done for several projects.
func (w Where) DoneIn(projects []string, since Date) string {
	return all(append(w.Clauses(projects...), doneSince(since)...)...)
}

// LoggedBy is Logged for one day and one person.
func (w Where) LoggedBy(project, accountID string, day Date) string {
	return all(w.Logged(project, day, day), oneOf("worklogAuthor", accountID))
}

// Narrowing leaves out issues: all but those with one of the values of each field that
// has any.
type Narrowing struct {
	Types      []string `json:"types,omitempty"`      // names
	Components []string `json:"components,omitempty"` // names
	Versions   []string `json:"versions,omitempty"`   // names of fix versions
	Labels     []string `json:"labels,omitempty"`
	Epics      []string `json:"epics,omitempty"` // keys of the issues right above
	Sprint     Sprint   `json:"sprint,omitempty"`
	// Team leaves out the issues of other teams.
	Team AtlassianTeam `json:"team,omitzero"`
	// Filter, the id of a saved filter, and JQL, a query without its order, leave out
	// what they do not find. Unlike those of a [Where] they find nothing outside the
	// projects.
	Filter string `json:"filter,omitempty"`
	JQL    string `json:"jql,omitempty"`
}

// Sprint selects sprints by their state.
type Sprint string

// The states of sprints.
const (
	SprintAny    Sprint = ""
	SprintActive Sprint = "active"
	SprintNext   Sprint = "next" // not begun
)

// NarrowField is a field that a [Narrowing] has values of.
type NarrowField struct {
	// Name is the field's in forms, JQL its name in queries.
	Name, JQL string
	// Values are where a narrowing keeps them.
	Values func(*Narrowing) *[]string
}

// NarrowFields are all fields with values, in the order of the form.
func NarrowFields() []NarrowField {
	return []NarrowField{
		{"types", "issuetype", func(n *Narrowing) *[]string { return &n.Types }},
		{"components", "component", func(n *Narrowing) *[]string { return &n.Components }},
		{"versions", "fixVersion", func(n *Narrowing) *[]string { return &n.Versions }},
		{"labels", "labels", func(n *Narrowing) *[]string { return &n.Labels }},
		{FieldEpics, "parent", func(n *Narrowing) *[]string { return &n.Epics }},
	}
}

// FieldEpics is the name of the field of epics, whose values are keys.
const FieldEpics = "epics"

// IsZero reports whether nothing is left out.
func (n Narrowing) IsZero() bool { return len(n.clauses()) == 0 }

func (n Narrowing) clauses() []string {
	var list []string
	for _, f := range NarrowFields() {
		if values := *f.Values(&n); len(values) > 0 {
			list = append(list, anyOf(f.JQL, values, false))
		}
	}
	switch n.Sprint {
	case SprintActive:
		list = append(list, "sprint in openSprints()")
	case SprintNext:
		list = append(list, "sprint in futureSprints()")
	}
	for _, found := range []string{n.Team.clause(), n.filterClause(), n.jqlClause()} {
		if found != "" {
			list = append(list, found)
		}
	}
	return list
}

// IsQuery reports whether a filter or a query leaves out issues: what they find may change
// without any change of an issue.
func (n Narrowing) IsQuery() bool { return n.Filter != "" || n.JQL != "" }

// filterClause finds what the saved filter does; "" without one.
func (n Narrowing) filterClause() string {
	if n.Filter == "" {
		return ""
	}
	return "filter = " + n.Filter
}

// jqlClause finds what the query does; "" without one.
func (n Narrowing) jqlClause() string {
	if n.JQL == "" {
		return ""
	}
	body, _ := withoutOrder(n.JQL)
	return "(" + body + ")"
}

// Each are the narrowing's values, each with the JQL that finds its issues alone.
func (n Narrowing) Each() (values, jql []string) {
	for _, f := range NarrowFields() {
		for _, v := range *f.Values(&n) {
			values, jql = append(values, v), append(jql, oneOf(f.JQL, v))
		}
	}
	for _, o := range []struct{ value, clause string }{
		{n.Team.Name, n.Team.clause()}, {n.filterClause(), n.filterClause()}, {n.JQL, n.jqlClause()},
	} {
		if o.clause != "" {
			values, jql = append(values, o.value), append(jql, o.clause)
		}
	}
	return values, jql
}

// Without is the narrowing without some of its values, numbered as in Each. ok is false
// if a field has none left: then there are no issues.
func (n Narrowing) Without(gone map[int]bool) (left Narrowing, ok bool) {
	left, ok = n, true
	at := 0
	for _, f := range NarrowFields() {
		var kept []string
		values := *f.Values(&n)
		for _, v := range values {
			if !gone[at] {
				kept = append(kept, v)
			}
			at++
		}
		ok = ok && (len(kept) > 0 || len(values) == 0)
		*f.Values(&left) = kept
	}
	for _, o := range []struct {
		clause string
		drop   func()
	}{
		{n.Team.clause(), func() { left.Team = AtlassianTeam{} }},
		{n.filterClause(), func() { left.Filter = "" }},
		{n.jqlClause(), func() { left.JQL = "" }},
	} {
		if o.clause == "" {
			continue
		}
		if gone[at] {
			o.drop()
			ok = false
		}
		at++
	}
	return left, ok
}

// Limits of what a gadget looks at.
const (
	MaxNarrow     = 20   // values of one field
	maxNarrowText = 255  // characters
	MaxJQL        = 2000 // characters
)

var (
	filterID = regexp.MustCompile(`^[0-9]{0,19}$`)
	issueKey = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,254}-[1-9][0-9]{0,17}$`)
)

// IsIssueKey reports whether a text can be the key of an issue.
func IsIssueKey(text string) bool { return issueKey.MatchString(text) }

// problem is what is wrong with the values of a field.
func (f NarrowField) problem(values []string) Wrong {
	if len(values) > MaxNarrow {
		return Wrong{Code: WrongManyValues, Limit: MaxNarrow}
	}
	for i, v := range values {
		odd := v == "" || utf8.RuneCountInString(v) > maxNarrowText || strings.ContainsFunc(v, unicode.IsControl)
		if odd || slices.Contains(values[:i], v) || f.Name == FieldEpics && !IsIssueKey(v) {
			return Wrong{Code: WrongValue, Text: v}
		}
	}
	return Wrong{}
}

// wrong notes all wrong fields of what is looked at.
func (w Where) wrong(projects []string, note func(field string, w Wrong)) {
	switch {
	case w.Filter != "" && w.JQL != "":
		note(FieldScope, Wrong{Code: WrongScope})
	case !filterID.MatchString(w.Filter):
		note(FieldFilter, Wrong{Code: WrongFilter})
	case w.JQL != "":
		note(FieldJQL, JQLProblem(w.JQL))
	case w.Filter == "":
		note(FieldProjects, projectsProblem(projects))
	}
	for _, f := range NarrowFields() {
		note(f.Name, f.problem(*f.Values(&w.Narrow)))
	}
	note(FieldAtlassianTeam, w.Narrow.Team.problem())
	if !filterID.MatchString(w.Narrow.Filter) {
		note(FieldFilter, Wrong{Code: WrongFilter})
	}
	if w.Narrow.JQL != "" {
		note(FieldJQL, JQLProblem(w.Narrow.JQL))
	}
	if !slices.Contains([]Sprint{SprintAny, SprintActive, SprintNext}, w.Narrow.Sprint) {
		note(FieldSprint, Wrong{Code: WrongSprint})
	}
}

// JQLProblem returns what is wrong with a query, the zero Wrong if nothing is. Jira may
// still refuse it.
func JQLProblem(jql string) Wrong {
	if utf8.RuneCountInString(jql) > MaxJQL {
		return Wrong{Code: WrongQueryLong, Limit: MaxJQL}
	}
	if strings.ContainsFunc(jql, unicode.IsControl) {
		return Wrong{Code: WrongControl}
	}
	if body, ok := withoutOrder(jql); !ok || body == "" {
		return Wrong{Code: WrongJQL}
	}
	return Wrong{}
}

var orderBy = regexp.MustCompile(`(?i)^order\s+by\b`)

// withoutOrder takes the order off a query. ok is false if a bracket or a quote has no
// other half: conditions could not be added to it.
func withoutOrder(jql string) (body string, ok bool) {
	depth, start := 0, true
	for at := 0; at < len(jql); {
		c := jql[at]
		if c == '"' || c == '\'' {
			end := endOfQuote(jql, at)
			if end < 0 {
				return jql, false
			}
			at, start = end, true
			continue
		}
		if start && depth == 0 && orderBy.MatchString(jql[at:]) {
			return strings.TrimSpace(jql[:at]), true
		}
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth < 0 {
			return jql, false
		}
		start = c == ' ' || c == ')' || c == '('
		at++
	}
	return strings.TrimSpace(jql), depth == 0
}

// endOfQuote is where a quoted text that begins at a place is over, -1 if it is not.
func endOfQuote(text string, at int) int {
	for i := at + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[at]:
			return i + 1
		}
	}
	return -1
}
