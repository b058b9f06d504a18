package userquery

import "strings"

// Query is a condition on people. The zero value is not a valid query.
type Query struct {
	// Any are the alternatives: a person matches who meets all terms of at
	// least one of them.
	Any [][]Term
}

// Term is a single condition: a [Role] or a [Value].
type Term interface {
	String() string
	check() error
}

// Kind is how a person relates to an issue.
type Kind string

// The kinds of roles.
const (
	Assignee     Kind = "assignee"
	Reporter     Kind = "reporter"
	Watcher      Kind = "watcher"
	Voter        Kind = "voter"
	Commenter    Kind = "commenter"
	Transitioner Kind = "transitioner"
)

// Role is met by people who relate in that way to at least one of the issues:
// any issue of a project, or one of those listed.
type Role struct {
	Kind Kind
	// Project is a project key; empty if there are Issues.
	Project string
	// Issues are issue keys; empty if there is a Project.
	Issues []string
}

// Value is met by people whose user property holds a text at a path.
type Value struct {
	// Key is the property's key, 1 to 255 characters without a "]".
	Key string
	// Path names the JSON members that lead to the text, at least one.
	Path []string
	// Text is the text to find there.
	Text string
}

// AssigneeOf matches people who are assigned an issue. The targets are issue
// keys, or one project key.
func AssigneeOf(targets ...string) Query { return roleOf(Assignee, targets) }

// ReporterOf matches people who reported an issue. Targets are as for AssigneeOf,
// but Atlassian documents issue keys only.
func ReporterOf(targets ...string) Query { return roleOf(Reporter, targets) }

// WatcherOf matches people who watch an issue; targets as for ReporterOf.
func WatcherOf(targets ...string) Query { return roleOf(Watcher, targets) }

// VoterOf matches people who voted for an issue; targets as for ReporterOf.
func VoterOf(targets ...string) Query { return roleOf(Voter, targets) }

// CommenterOf matches people who commented on an issue; targets as for ReporterOf.
func CommenterOf(targets ...string) Query { return roleOf(Commenter, targets) }

// TransitionerOf matches people who moved an issue to another status; targets as
// for ReporterOf.
func TransitionerOf(targets ...string) Query { return roleOf(Transitioner, targets) }

func roleOf(kind Kind, targets []string) Query {
	if len(targets) == 1 && !issueKey.MatchString(targets[0]) {
		return of(Role{Kind: kind, Project: targets[0]})
	}
	return of(Role{Kind: kind, Issues: targets})
}

func of(t Term) Query { return Query{Any: [][]Term{{t}}} }

// Path leads to a text in a user property.
type Path struct {
	key   string
	names []string
}

// Property addresses a text in a user property: path names the JSON members that
// lead to it, at least one.
func Property(key string, path ...string) Path { return Path{key, path} }

// Is matches people whose property holds the text.
func (p Path) Is(text string) Query { return of(Value{Key: p.key, Path: p.names, Text: text}) }

// And matches people who match every query. The language has no parentheses, so
// an And of Ors is written out: each combination becomes an alternative.
func And(queries ...Query) Query {
	if len(queries) == 0 {
		return Query{}
	}
	all := queries[0].Any
	for _, q := range queries[1:] {
		var combined [][]Term
		for _, left := range all {
			for _, right := range q.Any {
				combined = append(combined, append(left[:len(left):len(left)], right...))
			}
		}
		all = combined
	}
	return Query{Any: all}
}

// Or matches people who match at least one of the queries.
func Or(queries ...Query) Query {
	var one Query
	for _, q := range queries {
		one.Any = append(one.Any, q.Any...)
	}
	return one
}

// String writes the query. Jira does not understand a query that Check refuses.
func (q Query) String() string {
	alternatives := make([]string, len(q.Any))
	for i, all := range q.Any {
		terms := make([]string, len(all))
		for j, term := range all {
			terms[j] = term.String()
		}
		alternatives[i] = strings.Join(terms, " AND ")
	}
	return strings.Join(alternatives, " OR ")
}

// String writes the term.
func (r Role) String() string {
	target := r.Project
	if len(r.Issues) > 0 {
		target = "(" + strings.Join(r.Issues, ", ") + ")"
	}
	return "is " + string(r.Kind) + " of " + target
}

// String writes the term.
func (v Value) String() string {
	text := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v.Text)
	return "[" + v.Key + "]." + strings.Join(v.Path, ".") + ` is "` + text + `"`
}
