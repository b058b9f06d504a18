package workload_test

import (
	"testing"

	"github.com/sightline-go/sightline/internal/workload"
)

func TestFetchJQL(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ got, want string }{
		{workload.OpenIssues("ABC"), `project = "ABC" AND statusCategory != Done`},
		{workload.OpenIssues("OR"), `project = "OR" AND statusCategory != Done`},
		{
			workload.LoggedIssues("ABC", date(t, "2026-11-11"), date(t, "2026-11-30")),
			`project = "ABC" AND worklogDate >= "2026-11-10" AND worklogDate <= "2026-12-01"`,
		},
	} {
		if tt.got != tt.want {
			t.Errorf("got %s, want %s", tt.got, tt.want)
		}
	}
}

func TestScope(t *testing.T) {
	t.Parallel()
	today := date(t, "2026-11-24")
	one := workload.Scope{Projects: []string{"ABC"}}
	team := workload.Scope{Projects: []string{"ABC", "DEF"}, Team: []string{"557058:a", "b"}}
	for _, tt := range []struct{ name, got, want string }{
		{"open", one.Open(workload.Everyone()), `project = "ABC" AND statusCategory != Done`},
		{"open of one", one.Open(workload.Assignee("557058:a-b")), `project = "ABC" AND assignee = "557058:a-b" AND statusCategory != Done`},
		{"open of nobody", one.Open(workload.Unassigned()), `project = "ABC" AND assignee is EMPTY AND statusCategory != Done`},
		{"open without account id", one.Open(workload.Assignee("")), `project = "ABC" AND assignee is EMPTY AND statusCategory != Done`},
		{"to do", one.ToDo(workload.Everyone()), `project = "ABC" AND statusCategory = "To Do"`},
		{"in progress", one.InProgress(workload.Assignee("a")), `project = "ABC" AND assignee = "a" AND statusCategory = "In Progress"`},
		{"overdue", one.Overdue(workload.Everyone(), today), `project = "ABC" AND statusCategory != Done AND duedate < "2026-11-24"`},
		{"due soon", one.DueSoon(workload.Unassigned(), today), `project = "ABC" AND assignee is EMPTY AND statusCategory != Done AND duedate >= "2026-11-24" AND duedate <= "2026-12-01"`},
		{"team", team.Open(workload.Everyone()), `project in ("ABC", "DEF") AND (assignee in ("557058:a", "b") OR assignee is EMPTY) AND statusCategory != Done`},
		{"one of the team", team.ToDo(workload.Assignee("b")), `project in ("ABC", "DEF") AND assignee = "b" AND statusCategory = "To Do"`},
		{
			"team of one", workload.Scope{Projects: []string{"ABC"}, Team: []string{"a"}}.Open(workload.Everyone()),
			`project = "ABC" AND (assignee = "a" OR assignee is EMPTY) AND statusCategory != Done`,
		},
		{
			"team of nobody", workload.Scope{Projects: []string{"ABC"}, Team: []string{}}.Open(workload.Everyone()),
			`project = "ABC" AND assignee is EMPTY AND statusCategory != Done`,
		},
		{
			"without apps", workload.Scope{Projects: []string{"ABC"}, Apps: []string{"r", "l"}}.Open(workload.Everyone()),
			`project = "ABC" AND (assignee not in ("r", "l") OR assignee is EMPTY) AND statusCategory != Done`,
		},
		{
			"an app", workload.Scope{Projects: []string{"ABC"}, Apps: []string{"r"}}.Open(workload.Assignee("r")),
			`project = "ABC" AND assignee = "r" AND statusCategory != Done`,
		},
		{
			"team without its app", workload.Scope{Projects: []string{"ABC"}, Team: []string{"a", "r"}, Apps: []string{"r"}}.Open(workload.Everyone()),
			`project = "ABC" AND (assignee = "a" OR assignee is EMPTY) AND statusCategory != Done`,
		},
		{
			"team of an app", workload.Scope{Projects: []string{"ABC"}, Team: []string{"r"}, Apps: []string{"r"}}.Open(workload.Everyone()),
			`project = "ABC" AND assignee is EMPTY AND statusCategory != Done`,
		},
		{"no project", workload.Scope{Team: []string{"a"}}.Overdue(workload.Everyone(), today), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, tt.got, tt.want)
		}
	}
}

// No text gets out of its quotes.
func TestJQLQuotes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{``, `""`},
		{`it's`, `"it's"`},
		{`a" OR project is not EMPTY OR key = "`, `"a\" OR project is not EMPTY OR key = \""`},
		{`a\`, `"a\\"`},
		{`\" OR "`, `"\\\" OR \""`},
		{"a\nb\r\t\x00\x7f", `"a\u000ab\u000d\u0009\u0000\u007f"`},
		{"Größe 日本", `"Größe 日本"`},
		{"\xff", "\"\uFFFD\""},
	} {
		want := "project = " + tt.want + " AND statusCategory != Done"
		if got := workload.OpenIssues(tt.text); got != want {
			t.Errorf("%q: got %s, want %s", tt.text, got, want)
		}
	}
}
