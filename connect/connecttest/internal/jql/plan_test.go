package jql_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jql"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// sampleEnv is the sample as its lead sees it.
func sampleEnv(t *testing.T) jql.Env {
	t.Helper()
	now := time.Date(2026, 3, 11, 2, 0, 0, 0, time.UTC)
	w := world.Sample(now)
	return jql.Env{World: w, Account: account(t, w, "mlindqvist"), Now: now, Browse: func(p string) bool { return p != "VALT" }}
}

// counted is what a query finds, as a set of keys.
func counted(t *testing.T, e jql.Env, query string) map[string]bool {
	t.Helper()
	keys, err := search(e, query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	found := map[string]bool{}
	for key := range strings.FieldsSeq(keys) {
		found[key] = true
	}
	return found
}

// TestPlanFields compares queries with what the issues themselves say.
func TestPlanFields(t *testing.T) {
	t.Parallel()
	e := sampleEnv(t)
	w := e.World
	sprints := map[string]world.SprintState{}
	for _, s := range w.Sprints("") {
		sprints[s.ID] = s.State
	}
	team := w.Teams()[0].ID
	in := func(state world.SprintState) func(*world.Issue) bool {
		return func(i *world.Issue) bool {
			return slices.ContainsFunc(i.Sprints, func(id string) bool { return sprints[id] == state })
		}
	}
	group, _ := w.Group("team-LANT")
	epic := counted(t, e, "issuetype = Epic AND project = HARB")
	parents := strings.Join(keysOf(epic), ", ")
	points := func(project string) func(*world.Issue) bool {
		return func(i *world.Issue) bool { return i.Project == project && i.Points != nil && *i.Points >= 5 }
	}
	tests := map[string]func(*world.Issue) bool{
		"component = Booking": func(i *world.Issue) bool { return slices.Contains(i.Components, "Booking") },
		"component in (booking, Reports)": func(i *world.Issue) bool {
			return slices.Contains(i.Components, "Booking") || slices.Contains(i.Components, "Reports")
		},
		"component != Booking":                 func(i *world.Issue) bool { return len(i.Components) > 0 && !slices.Contains(i.Components, "Booking") },
		"component is EMPTY":                   func(i *world.Issue) bool { return len(i.Components) == 0 },
		"component = 10000":                    func(i *world.Issue) bool { return slices.Contains(i.Components, "Booking") },
		"fixVersion = 2.5":                     func(i *world.Issue) bool { return slices.Contains(i.FixVersions, "2.5") },
		"fixVersion in releasedVersions(HARB)": func(i *world.Issue) bool { return slices.Contains(i.FixVersions, "2.4") },
		"fixVersion in unreleasedVersions()": func(i *world.Issue) bool {
			return len(i.FixVersions) > 0 && !slices.Contains(i.FixVersions, "2.4") && !slices.Contains(i.FixVersions, "Spring")
		},
		"labels = QUICK-WIN":                          func(i *world.Issue) bool { return slices.Contains(i.Labels, "quick-win") },
		"labels not in (quick-win)":                   func(i *world.Issue) bool { return len(i.Labels) > 0 && !slices.Contains(i.Labels, "quick-win") },
		"labels = never-seen":                         func(*world.Issue) bool { return false },
		"labels is not EMPTY":                         func(i *world.Issue) bool { return len(i.Labels) > 0 },
		"sprint in openSprints()":                     in(world.SprintActive),
		"sprint in (openSprints())":                   in(world.SprintActive),
		"Sprint in futureSprints()":                   in(world.SprintFuture),
		"sprint in closedSprints()":                   in(world.SprintClosed),
		`sprint = "HARB Sprint 23"`:                   func(i *world.Issue) bool { return slices.Contains(i.Sprints, "3") },
		"sprint = 3":                                  func(i *world.Issue) bool { return slices.Contains(i.Sprints, "3") },
		"sprint is EMPTY":                             func(i *world.Issue) bool { return len(i.Sprints) == 0 },
		`"Team[Team]" = ` + team:                      func(i *world.Issue) bool { return i.Team == team },
		"cf[10001] in (" + team + ")":                 func(i *world.Issue) bool { return i.Team == team },
		`"Team[Team]" = ` + w.Teams()[0].Name:         func(*world.Issue) bool { return false },
		`"Team[Team]" is EMPTY`:                       func(i *world.Issue) bool { return i.Team == "" },
		"parent in (" + parents + ")":                 func(i *world.Issue) bool { return epic[i.Parent] },
		`"Epic Link" in (` + parents + ")":            func(i *world.Issue) bool { return epic[i.Parent] },
		"parentEpic in (" + parents + ")":             func(i *world.Issue) bool { return epic[i.Parent] },
		"parent is EMPTY":                             func(i *world.Issue) bool { return i.Parent == "" },
		`"Story Points" >= 5`:                         points("HARB"),
		`"Story point estimate" >= 5`:                 points("LANT"),
		`cf[10026] = 0.5`:                             func(i *world.Issue) bool { return i.Project == "HARB" && i.Points != nil && *i.Points == 0.5 },
		`cf[10026] not in (0.5, 1)`:                   func(i *world.Issue) bool { return i.Project == "HARB" && i.Points != nil && *i.Points > 1 },
		`"Story Points" is EMPTY`:                     func(i *world.Issue) bool { return i.Project != "HARB" || i.Points == nil },
		"remainingEstimate is EMPTY":                  func(i *world.Issue) bool { return i.Remaining == nil },
		"remainingEstimate = 0":                       func(i *world.Issue) bool { return i.Remaining != nil && *i.Remaining == 0 },
		`remainingEstimate >= "1d 2h"`:                func(i *world.Issue) bool { return i.Remaining != nil && *i.Remaining >= 10*3600 },
		"remainingEstimate < 120":                     func(i *world.Issue) bool { return i.Remaining != nil && *i.Remaining < 2*3600 },
		"assignee in membersOf(team-LANT)":            func(i *world.Issue) bool { return slices.Contains(group.Members, i.Assignee) },
		`assignee in (membersOf("` + group.ID + `"))`: func(i *world.Issue) bool { return slices.Contains(group.Members, i.Assignee) },
		"assignee not in membersOf(team-LANT)":        func(i *world.Issue) bool { return i.Assignee != "" && !slices.Contains(group.Members, i.Assignee) },
		"filter = 10200":                              func(i *world.Issue) bool { return i.Project == "HARB" && i.Status.Category != world.CategoryDone },
		`filter = "harbour's sprint"`: func(i *world.Issue) bool {
			return i.Project == "HARB" && i.Status.Category != world.CategoryDone && in(world.SprintActive)(i)
		},
		"filter != 10200":    func(i *world.Issue) bool { return i.Project != "HARB" || i.Status.Category == world.CategoryDone },
		"NOT filter = 10200": func(i *world.Issue) bool { return i.Project != "HARB" || i.Status.Category == world.CategoryDone },
		"savedFilter in (10200, 10204) AND project = LANT": func(*world.Issue) bool { return false },
	}
	for query, want := range tests {
		found := counted(t, e, query)
		n := 0
		for _, p := range []string{"HARB", "LANT"} {
			for _, i := range w.ProjectIssues(p) {
				if want(i) {
					n++
				}
				if found[i.Key] != want(i) {
					t.Errorf("%s: %s is found: %v", query, i.Key, found[i.Key])
				}
			}
		}
		if never := strings.Contains(query, "never") || strings.HasSuffix(query, w.Teams()[0].Name) || strings.HasSuffix(query, "LANT") && strings.HasPrefix(query, "saved"); (n == 0) != never || len(found) != n {
			t.Errorf("%s: finds %d issues, wanted %d", query, len(found), n)
		}
	}
}

func keysOf(set map[string]bool) []string {
	var keys []string
	for k := range set {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func TestPlanRefusals(t *testing.T) {
	t.Parallel()
	e := sampleEnv(t)
	own, _ := e.World.Filter("10204")
	own.JQL = `project = HARB AND filter in ("Harbour, open", 10204)`
	broken := own
	broken.ID, broken.Name, broken.JQL = "10200", "Harbour, open", "project ="
	for _, f := range []world.Filter{own, broken} {
		if err := e.World.PutFilter(f); err != nil {
			t.Fatal(err)
		}
	}
	for query, want := range map[string]string{
		"component = Nothing":                   "The value 'Nothing' does not exist for the field 'component'.",
		"component = Secrets":                   "The value 'Secrets' does not exist for the field 'component'.", // in a project that is not seen
		"component = 99999":                     "A value with ID '99999' does not exist for the field 'component'.",
		"component = now()":                     "The function 'now' can not be used with the field 'component'.",
		"component ~ Booking":                   "The operator '~' is not supported by the 'component' field.",
		"fixVersion = 9.9":                      "The value '9.9' does not exist for the field 'fixVersion'.",
		"fixVersion in releasedVersions(NO)":    "Could not resolve the project 'NO' provided to function 'releasedVersions'.",
		"fixVersion in openSprints()":           "The function 'openSprints' can not be used with the field 'fixVersion'.",
		"labels > a":                            "The operator '>' is not supported by the 'labels' field.",
		"sprint = Nope":                         "Sprint with name 'Nope' does not exist or you do not have permission to view it.",
		"sprint = 999":                          "Sprint with id '999' does not exist or you do not have permission to view it.",
		`sprint = "VALT Sprint 23"`:             "Sprint with name 'VALT Sprint 23' does not exist or you do not have permission to view it.",
		"sprint in openSprints(1)":              "Function 'openSprints' expected '0' arguments but received '1'.",
		"sprint = openSprints()":                "Operator '=' does not support the list value 'openSprints()' for field 'sprint'.",
		"sprint in openSprint()":                "Unable to find JQL function 'openSprint()'.",
		"sprint in 3":                           "Expecting '(' but got '3'.",
		"parent = NO-1":                         "An issue with key 'NO-1' does not exist for field 'parent'.",
		`"Story Points" > many`:                 "'many' is not a valid number for the field 'Story Points'.",
		"remainingEstimate > much":              "The value 'much' for field 'remainingEstimate' is invalid.",
		`"Story Points" > EMPTY`:                "does not support searching for EMPTY values",
		"assignee in membersOf()":               "Function 'membersOf' expected '1' arguments but received '0'.",
		"assignee = membersOf(jira-users)":      "Operator '=' does not support the list value 'membersOf(jira-users)' for field 'assignee'.",
		"filter = 99999":                        "A value with ID '99999' does not exist for the field 'filter'.",
		`filter = "My own work"`:                "The value 'My own work' does not exist for the field 'filter'.", // somebody else's
		"filter = now()":                        "The function 'now' can not be used with the field 'filter'.",
		"filter is EMPTY":                       "The operator 'is' is not supported by the 'filter' field.",
		"filter = 10204":                        "Field 'filter' with value '10204' matches filter 'Harbour's sprint' and causes a cyclical reference, this query can not be executed and should be edited.",
		"filter = 10200":                        "Error in the JQL Query",
		"cf[99999] = 1":                         "Field 'cf[99999]' does not exist or you do not have permission to view it.",
		"cg[1] = 1":                             "reserved JQL character",
		"project = HARB ORDER BY filter":        "Not able to sort using field 'filter'.",
		"project = HARB ORDER BY worklogAuthor": "Not able to sort using field 'worklogAuthor'.",
	} {
		if got, err := search(e, query); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n got %q, %v\nwant %q", query, got, err, want)
		}
	}
}

func TestPlanOrder(t *testing.T) {
	t.Parallel()
	e := sampleEnv(t)
	for _, field := range []string{"component", "fixVersion", "labels", "parent", "Sprint", "cf[10020]", `"Team[Team]"`, `"Story Points"`, `"Story point estimate"`, "cf[10016]"} {
		up, err := search(e, "project in (HARB, LANT) ORDER BY "+field+", key")
		if err != nil {
			t.Fatal(err)
		}
		down, err := search(e, "project in (HARB, LANT) ORDER BY "+field+" DESC, key DESC")
		if err != nil {
			t.Fatal(err)
		}
		reversed := strings.Fields(down)
		slices.Reverse(reversed)
		if up != strings.Join(reversed, " ") {
			t.Errorf("%s: one order is not the other's opposite", field)
		}
	}
	first := func(query string) *world.Issue {
		keys, _ := search(e, query)
		issue, _ := e.World.Issue(strings.Fields(keys)[0])
		return issue
	}
	if i := first(`project = HARB ORDER BY "Story Points"`); i.Points == nil || *i.Points != 0.5 {
		t.Errorf("the least points: %+v", i)
	}
	if i := first(`project = LANT AND cf[10016] is not EMPTY ORDER BY cf[10016] DESC`); *i.Points != 13 {
		t.Errorf("the most points: %v", *i.Points)
	}
}

func TestTree(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"": `{}`,
		`project = HARB and (status in ("In Progress", done) or not labels is empty) order by "Story Points", key desc`: `{"where":{"clauses":[
			{"field":{"name":"project","encodedName":"project"},"operator":"=","operand":{"value":"HARB","encodedValue":"HARB"}},
			{"clauses":[
				{"field":{"name":"status","encodedName":"status"},"operator":"in","operand":{"values":[{"value":"In Progress","encodedValue":"\"In Progress\""},{"value":"done","encodedValue":"done"}],"encodedOperand":"(\"In Progress\", done)"}},
				{"clauses":[{"field":{"name":"labels","encodedName":"labels"},"operator":"is","operand":{"keyword":"empty"}}],"operator":"not"}],"operator":"or"}],"operator":"and"},
			"orderBy":{"fields":[{"field":{"name":"Story Points","encodedName":"\"Story Points\""}},{"field":{"name":"key","encodedName":"key"},"direction":"desc"}]}}`,
		`sprint in openSprints()`: `{"where":{"field":{"name":"sprint","encodedName":"sprint"},"operator":"in","operand":{"function":"openSprints","arguments":[],"encodedOperand":"openSprints()"}}}`,
		`summary !~ x`:            `{"where":{"field":{"name":"summary","encodedName":"summary"},"operator":"~=","operand":{"value":"x","encodedValue":"x"}}}`,
	} {
		q, err := jql.Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(q.Tree())
		if err != nil {
			t.Fatal(err)
		}
		var got, wanted any
		if json.Unmarshal(raw, &got) != nil || json.Unmarshal([]byte(want), &wanted) != nil {
			t.Fatalf("%s is not JSON", want)
		}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
}

// TestWrittenAgain reads a query, writes it, and finds the same with both.
func TestWrittenAgain(t *testing.T) {
	t.Parallel()
	e := sampleEnv(t)
	for _, query := range []string{
		"project = HARB", `not (project = LANT or assignee is empty) and (type = Bug or type = Story) order by due desc, key`,
		`assignee in (currentUser(), EMPTY) AND due >= startOfDay("-1w")`, `project = HARB or project = LANT and labels = quick-win`,
		`summary ~ "say \"form\""`, `"Team[Team]" is not EMPTY AND cf[10026] > 3 ORDER BY "Story Points"`, "not not project = HARB", "order by key",
		"fixVersion in unreleasedVersions(HARB)", "filter in (10200)",
	} {
		q, err := jql.Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := search(e, query)
		got, err := search(e, q.String())
		if err != nil || got != want {
			t.Errorf("%s was written as %s, %v, which finds something else", query, q, err)
		}
	}
}

func TestSanitize(t *testing.T) {
	t.Parallel()
	e := sampleEnv(t)
	for query, want := range map[string]string{
		"project = VALT AND labels = compliance":     "project = 10002 AND labels = compliance",
		"project in (HARB, Vault) order by key":      "project in (HARB, 10002) ORDER BY key",
		"component = Secrets OR component = Booking": "component = 10008 OR component = Booking",
		`fixVersion = "Audit 2"`:                     "fixVersion = 10007",
		`filter = "My own work"`:                     "filter = 10202",
		"assignee = currentUser()":                   "assignee = currentUser()",
		"nonsense = VALT":                            "nonsense = VALT",
	} {
		q, err := jql.Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Sanitize(e).String(); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	e := sampleEnv(t)
	e.World.CreateCustomField(world.CustomField{Name: "Colour <b>", Type: "x", Searcher: "y"})
	for _, tt := range []struct {
		field, prefix string
		want          []jql.Suggestion
	}{
		{"project", "h", []jql.Suggestion{{Value: "HARB", Name: "<b>H</b>arbour (HARB)"}}},
		{"project", "v", nil},
		{"status", "in p", []jql.Suggestion{{Value: `"In Progress"`, Name: "<b>In P</b>rogress"}}},
		{"statusCategory", "to", []jql.Suggestion{{Value: `"To Do"`, Name: "<b>To</b> Do"}}},
		{"type", "ep", []jql.Suggestion{{Value: "Epic", Name: "<b>Ep</b>ic"}}},
		{"priority", "highes", []jql.Suggestion{{Value: "Highest", Name: "<b>Highes</b>t"}}},
		{"resolution", "un", []jql.Suggestion{{Value: "Unresolved", Name: "<b>Un</b>resolved"}}},
		{"component", "b", []jql.Suggestion{{Value: "Booking", Name: "<b>B</b>ooking"}, {Value: "Billing", Name: "<b>B</b>illing"}}},
		{"component", "Sec", nil},
		{"fixVersion", "2", []jql.Suggestion{{Value: "2.4", Name: "<b>2</b>.4"}, {Value: "2.5", Name: "<b>2</b>.5"}}},
		{"labels", "QUICK", []jql.Suggestion{{Value: "quick-win", Name: "<b>quick</b>-win"}}},
		{"sprint", "HARB Sprint 23", []jql.Suggestion{{Value: "3", Name: "<b>HARB Sprint 23</b>"}}},
		{"sprint", "HARB Sprint 22", nil},
		{"filter", "own", nil},
		{"filter", "due", []jql.Suggestion{{Value: `"Due this week"`, Name: "<b>Due</b> this week"}}},
		{"assignee", "tan", []jql.Suggestion{{Value: jql.Quote(account(t, e.World, "ytanabe")), Name: "Yuki <b>Tan</b>abe"}}},
		{"Colour <b>", "", nil},
		{"summary", "x", nil},
	} {
		got, ok := jql.Suggest(e, tt.field, tt.prefix)
		if diff := cmp.Diff(tt.want, got); diff != "" || !ok {
			t.Errorf("%s %s: %v %s", tt.field, tt.prefix, ok, diff)
		}
	}
	if _, ok := jql.Suggest(e, "nonsense", ""); ok {
		t.Error("values of a field that does not exist")
	}
	teams, _ := jql.Suggest(e, "Team[Team]", "")
	if len(teams) != 4 || teams[0].Value != e.World.Teams()[0].ID {
		t.Errorf("teams: %v", teams)
	}
	e.Account = account(t, e.World, "tfaleolo") // may not browse people
	if people, ok := jql.Suggest(e, "assignee", ""); len(people) > 0 || !ok {
		t.Errorf("people for somebody who may not see them: %v", people)
	}
}

func TestFieldsForTyping(t *testing.T) {
	t.Parallel()
	e := sampleEnv(t)
	all := jql.Fields(e)
	for _, f := range all {
		q, err := jql.Parse(f.Value + " " + f.Operators[0] + " EMPTY")
		if err == nil && f.Name != "filter" {
			err = q.Check(e)
		}
		if err != nil {
			t.Errorf("%s cannot be used: %v", f.Value, err)
		}
	}
	i := slices.IndexFunc(all, func(f jql.FieldData) bool { return f.CFID == "cf[10026]" })
	want := jql.FieldData{
		Value: `"Story Points"`, Name: "Story Points - cf[10026]", CFID: "cf[10026]", Type: "java.lang.Number", Sortable: true,
		Operators: []string{"=", "!=", "in", "not in", "is", "is not", "<", "<=", ">", ">="},
	}
	if diff := cmp.Diff(want, all[i]); diff != "" {
		t.Error(diff)
	}
	e.World.SetSettings(world.Settings{TimeTrackingOff: true})
	if n := len(jql.Fields(e)); n != len(all)-2 {
		t.Errorf("%d fields without time tracking, %d with", n, len(all))
	}
}
