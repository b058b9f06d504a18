package workload_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/workload"
)

func TestWhere(t *testing.T) {
	t.Parallel()
	narrow := workload.Narrowing{Types: []string{"Bug"}, Labels: []string{"a", `b"`}, Epics: []string{"ABC-1"}, Sprint: workload.SprintActive}
	const narrowed = ` AND issuetype = "Bug" AND labels in ("a", "b\"") AND parent = "ABC-1" AND sprint in openSprints()`
	for want, w := range map[string]workload.Where{
		`project in ("ABC", "DEF") AND statusCategory != Done`:                  {},
		`project in ("ABC", "DEF")` + narrowed + ` AND statusCategory != Done`:  {Narrow: narrow},
		`filter = 12 AND sprint in futureSprints() AND statusCategory != Done`:  {Filter: "12", Narrow: workload.Narrowing{Sprint: workload.SprintNext}},
		`(a = 1 OR text ~ "x order by y") AND statusCategory != Done`:           {JQL: `a = 1 OR text ~ "x order by y" ORDER BY a`},
		`(a in (1) AND "order by" = '\' order by ') AND statusCategory != Done`: {JQL: `a in (1) AND "order by" = '\' order by '`},
		`(orderBy = 1)` + narrowed + ` AND statusCategory != Done`:              {JQL: `orderBy = 1`, Narrow: narrow},
		`(a in (1)) AND component = "x" AND statusCategory != Done`:             {JQL: `a in (1)order  By b`, Narrow: workload.Narrowing{Components: []string{"x"}}},
		`(a = 1) AND fixVersion in ("1", "2") AND statusCategory != Done`:       {JQL: ` a = 1 `, Narrow: workload.Narrowing{Versions: []string{"1", "2"}}},
		`project in ("ABC", "DEF") AND cf[10001] = "a-1" AND statusCategory != Done`: {
			Narrow: workload.Narrowing{Team: workload.AtlassianTeam{ID: "a-1", Name: "A", Field: "customfield_10001"}},
		},
	} {
		if got := w.Open("ABC", "DEF"); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

func TestWhereRefuses(t *testing.T) {
	t.Parallel()
	for _, jql := range []string{`a = 1) OR (b = 2`, `a = "x`, `a in (1`, `ORDER BY a`, `   `, `)(`, "a = 1\nOR b", `a = 'x\'`} {
		c := workload.NewGadgetConfig()
		c.JQL = jql
		if got := wrongFields(c.Validate()); got != "jql" {
			t.Errorf("%s: wrong are %q", jql, got)
		}
	}
	for name, tt := range map[string]struct {
		change func(*workload.GadgetConfig)
		want   string
	}{
		"a filter":         {func(c *workload.GadgetConfig) { c.Filter = "1" }, ""},
		"a filter's name":  {func(c *workload.GadgetConfig) { c.Filter = "1 OR key = A-1" }, "filter"},
		"both":             {func(c *workload.GadgetConfig) { c.Filter, c.JQL = "1", "a = 1" }, "scope"},
		"neither":          {func(*workload.GadgetConfig) {}, "projects"},
		"a role of no one": {func(c *workload.GadgetConfig) { c.Filter, c.Role = "1", "10002" }, "role"},
		"no epic":          {func(c *workload.GadgetConfig) { c.Filter, c.Narrow.Epics = "1", []string{"abc-1"} }, "epics"},
		"an empty label":   {func(c *workload.GadgetConfig) { c.Filter, c.Narrow.Labels = "1", []string{""} }, "labels"},
		"twice":            {func(c *workload.GadgetConfig) { c.Filter, c.Narrow.Types = "1", []string{"Bug", "Bug"} }, "types"},
		"many":             {func(c *workload.GadgetConfig) { c.Filter, c.Narrow.Versions = "1", make([]string, 21) }, "versions"},
		"a line end":       {func(c *workload.GadgetConfig) { c.Filter, c.Narrow.Components = "1", []string{"a\nb"} }, "components"},
		"no state":         {func(c *workload.GadgetConfig) { c.Filter, c.Narrow.Sprint = "1", "closed" }, "sprint"},
		"a team": {func(c *workload.GadgetConfig) {
			c.Filter, c.Narrow.Team = "1", workload.AtlassianTeam{ID: "a-1", Name: "A", Field: "customfield_1"}
		}, ""},
		"a team's name": {func(c *workload.GadgetConfig) {
			c.Filter, c.Narrow.Team = "1", workload.AtlassianTeam{ID: `a" OR "`, Name: "A", Field: "customfield_1"}
		}, "atlassianTeam"},
		"a team of no field": {func(c *workload.GadgetConfig) {
			c.Filter, c.Narrow.Team = "1", workload.AtlassianTeam{ID: "a-1", Name: "A", Field: "Team"}
		}, "atlassianTeam"},
		"a group":            {func(c *workload.GadgetConfig) { c.Filter, c.Group = "1", workload.Group{ID: "g", Name: `"x"`} }, ""},
		"a group of no name": {func(c *workload.GadgetConfig) { c.Filter, c.Group = "1", workload.Group{ID: "g"} }, "group"},
		"a name of no group": {func(c *workload.GadgetConfig) { c.Filter, c.Group = "1", workload.Group{Name: "g"} }, "group"},
		"a group's line end": {func(c *workload.GadgetConfig) { c.Filter, c.Group = "1", workload.Group{ID: "g", Name: "a\nb"} }, "group"},
		"a group and a query": {func(c *workload.GadgetConfig) {
			c.Filter, c.Group, c.Query = "1", workload.Group{ID: "g", Name: "g"}, "is voter of A"
		}, "query"},
	} {
		c := workload.NewGadgetConfig()
		tt.change(&c)
		if got := wrongFields(c.Validate()); got != tt.want {
			t.Errorf("%s: wrong are %q, want %q", name, got, tt.want)
		}
	}
}

// What is left of a narrowing finds nothing once a field has no value left.
func TestNarrowingWithout(t *testing.T) {
	t.Parallel()
	n := workload.Narrowing{Types: []string{"Bug"}, Labels: []string{"a", "b"}}
	values, jql := n.Each()
	if diff := cmp.Diff([]string{"Bug", "a", "b"}, values); diff != "" || jql[2] != `labels = "b"` {
		t.Errorf("%s %v", diff, jql)
	}
	left, ok := n.Without(map[int]bool{1: true})
	if diff := cmp.Diff(workload.Narrowing{Types: []string{"Bug"}, Labels: []string{"b"}}, left); diff != "" || !ok {
		t.Errorf("%v %s", ok, diff)
	}
	if _, ok := n.Without(map[int]bool{0: true}); ok {
		t.Error("without a type something is left")
	}
	for quoted, want := range map[string]string{`"a \"b\" \\"`: `a "b" \`, `plain`: `plain`, `'it'`: `it`, `"`: `"`} {
		if got := workload.Unquote(quoted); got != want {
			t.Errorf("%s: %s", quoted, got)
		}
	}
}

// The members of a group are found by their issues, and no name gets out of its quotes.
func TestMembersOf(t *testing.T) {
	t.Parallel()
	since := workload.Date{Year: 2026, Month: 11, Day: 10}
	got := workload.Where{}.MembersOf(`a") OR project = "B`, "ABC", since)
	want := `project = "ABC" AND assignee in membersOf("a\") OR project = \"B") AND (statusCategory != Done OR updated >= "2026-11-09")`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	n := workload.Narrowing{Labels: []string{"a"}, Team: workload.AtlassianTeam{ID: "t", Name: "Crew", Field: "customfield_1"}}
	if values, jql := n.Each(); len(values) != 2 || values[1] != "Crew" || jql[1] != `cf[1] = "t"` {
		t.Errorf("got %q, %q", values, jql)
	}
	if left, ok := n.Without(map[int]bool{1: true}); ok || left.Team.ID != "" || len(left.Labels) != 1 {
		t.Errorf("without the team: %+v, %t", left, ok)
	}
	if left, ok := n.Without(map[int]bool{}); !ok || left.Team != n.Team {
		t.Errorf("with all: %+v, %t", left, ok)
	}
}
