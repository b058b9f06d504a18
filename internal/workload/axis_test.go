package workload_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

func inValue(id, who, in string, points float64) workload.Issue {
	i := workload.Issue{ID: id, Category: workload.CategoryNew, In: workload.Value{ID: in, Name: strings.ToLower(in)}, Points: workload.PointsOf(points)}
	if who != "" {
		i.Assignee = &workload.Person{AccountID: who, Name: who, App: who == "bot"}
	}
	return i
}

// Groups have what the team and nobody has: neither apps nor people outside it, nothing
// twice. Their parts add up to them, and they to the totals.
func TestGroupsAddUp(t *testing.T) {
	t.Parallel()
	issues := []workload.Issue{
		inValue("1", "ada", "X", 3), inValue("1", "ada", "X", 3), inValue("2", "ada", "Y", 1), inValue("3", "ben", "X", 2), inValue("4", "", "X", 0),
		inValue("5", "bot", "X", 8), inValue("6", "out", "Z", 5), inValue("7", "ben", "", 1),
		{ID: "8", Category: workload.CategoryDone, In: workload.Value{ID: "X"}},
	}
	in := workload.Input{
		Issues: issues, Now: time.Now(), By: workload.By{Split: workload.AxisProject}, Measure: workload.MeasurePoints,
		Team: []workload.Person{{AccountID: "ada"}, {AccountID: "ben"}, {AccountID: "bot"}},
	}
	s := workload.Summarize(in)
	var names []string
	var sum workload.Counts
	for _, g := range s.Groups {
		names = append(names, g.Value.ID)
		sum.Open += g.Open
		sum.Sizes.Open += g.Sizes.Open
		var part workload.Counts
		for _, c := range g.By {
			part.Open += c.Open
			part.Sizes.Open += c.Sizes.Open
		}
		if part.Open != g.Open || part.Sizes.Open != g.Sizes.Open {
			t.Errorf("%q: its parts are %+v", g.Value.ID, part)
		}
	}
	if got := strings.Join(names, ","); got != "X,Y," { // Z is outside, none comes last
		t.Errorf("groups %q", got)
	}
	if sum.Open != s.Totals.Open || sum.Sizes.Open != s.Totals.Sizes.Open || sum.Open != 5 {
		t.Errorf("groups are %+v, all is %+v", sum, s.Totals)
	}
	if x, ok := s.Bucket("X"); !ok || x.Open != 3 || x.Sizes.Open.Points() != 5 || x.Value.Name != "x" || x.By[""].Open != 1 {
		t.Errorf("X is %+v", x)
	}
	if _, ok := s.Bucket("Z"); ok {
		t.Error("there is Z, which nobody of the team has")
	}
	parts := s.PartsOf("ben", workload.Sort{By: workload.ByName, Desc: true})
	if len(parts) != 2 || parts[0].Value.ID != "X" || parts[1].Value.ID != "" {
		t.Errorf("ben has %+v", parts)
	}
	in.By = workload.By{}
	if s := workload.Summarize(in); s.Groups != nil {
		t.Errorf("people alone have groups %+v", s.Groups)
	}
}

// Clauses name one value; none is what is in no other, also in what nobody sees.
func TestClauses(t *testing.T) {
	t.Parallel()
	of := func(by workload.By, values ...string) workload.Summary {
		in := workload.Input{Now: time.Now(), By: by}
		for _, v := range values {
			in.Issues = append(in.Issues, inValue("", "ada", v, 1))
		}
		return workload.Summarize(in)
	}
	team := workload.By{Rows: workload.AxisTeam, TeamField: "customfield_10001"}
	for _, tt := range []struct {
		summary workload.Summary
		id      string
		want    string
	}{
		{of(team, "a-1", ""), "a-1", `cf[10001] = "a-1"`},
		{of(team, "b", "a", ""), "", `(cf[10001] is EMPTY OR cf[10001] not in ("a", "b"))`},
		{of(team, ""), "", ""},
		{of(workload.By{Rows: workload.AxisProject}, "ABC"), "ABC", `project = "ABC"`},
		{of(workload.By{Split: workload.AxisEpic}, "ABC-1", ""), "", `(parent is EMPTY OR parent not in ("ABC-1"))`},
		{of(workload.By{Rows: workload.AxisType}, `Bu"g`), `Bu"g`, `issuetype = "Bu\"g"`},
		{of(workload.By{Rows: workload.AxisStatus}, "new"), "new", `statusCategory = "To Do"`},
		{of(workload.By{Rows: workload.AxisStatus}, "indeterminate", ""), "", `statusCategory not in ("In Progress")`},
		{of(workload.By{}), "ada", ""},
	} {
		if got := tt.summary.Clause(tt.id); got != tt.want {
			t.Errorf("%+v, %q: %s, want %s", tt.summary.By, tt.id, got, tt.want)
		}
		scope := workload.Scope{Projects: []string{"P"}, In: tt.summary.Clause(tt.id)}
		want := "project = \"P\" AND " + tt.want + " AND statusCategory != Done"
		if got := scope.Open(workload.Everyone()); tt.want != "" && got != want {
			t.Errorf("search %s, want %s", got, want)
		}
	}
}

// What makes no sense is refused at its field; what was saved before there were groups
// is as it was.
func TestWrongAxes(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		`"rows":"moon"`:                                  "rows: not an axis",
		`"split":"moon"`:                                 "split: not an axis",
		`"rows":"epic","split":"type"`:                   "split: only people are split",
		`"rows":"team"`:                                  "rows: no field of teams",
		`"split":"team","teamField":"x"`:                 "split: no field of teams",
		`"sheet":"moon"`:                                 "sheet: not rows of a sheet",
		`"sheet":"issues","rows":"epic"`:                 "",
		`"split":"team","teamField":"customfield_10001"`: "",
		`"window":14`:                                    "",
	} {
		_, err := workload.ParseGadgetConfig([]byte(`{"projects":["ABC"],` + value + `}`))
		var wrong workload.FieldErrors
		errors.As(err, &wrong)
		if got := wrong.Error(); got != want {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
	old, err := workload.ParseGadgetConfig([]byte(`{"projects":["ABC"],"window":7,"unit":"days","refresh":0}`))
	if err != nil || old.Axis() != workload.AxisNone || old.Sheet != workload.SheetPeople || len(old.Fields()) != 0 {
		t.Errorf("an old configuration is %+v, %v", old, err)
	}
	if got := strings.Join(workload.By{Rows: workload.AxisTeam, TeamField: "customfield_7"}.Fields(), ","); got != "customfield_7" {
		t.Errorf("teams are read from %q", got)
	}
}
