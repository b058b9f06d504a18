package workload_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/workload"
)

// estimated are five people's issues with estimates of both kinds.
func estimated(t *testing.T) workload.Input {
	t.Helper()
	ann, bob, cyd := people()
	late, soon := date(t, "2026-11-20"), date(t, "2026-11-25")
	return workload.Input{
		Now: noon(t),
		Issues: []workload.Issue{
			{ID: "1", Assignee: &ann, Category: workload.CategoryNew, Due: late, Remaining: 5 * time.Hour, Points: workload.PointsOf(0.5)},
			{ID: "2", Assignee: &ann, Category: workload.CategoryInProgress, Due: soon, Remaining: 30 * time.Hour, Points: workload.PointsOf(8)},
			{ID: "2", Assignee: &ann, Category: workload.CategoryInProgress, Remaining: 30 * time.Hour, Points: workload.PointsOf(8)},
			{ID: "3", Assignee: &ann, Category: "undefined", Points: workload.PointsOf(0)},
			{ID: "4", Assignee: &bob, Category: workload.CategoryNew, Remaining: time.Hour},
			{ID: "5", Assignee: &bob, Category: workload.CategoryDone, Remaining: time.Hour, Points: workload.PointsOf(3)},
			{ID: "6", Assignee: &bob, Category: workload.CategoryNew},
			{ID: "7", Assignee: &bob, Category: workload.CategoryNew},
			{ID: "8", Assignee: &bob, Category: workload.CategoryNew},
			{ID: "9", Assignee: &cyd, Category: workload.CategoryNew, Remaining: 2 * time.Hour, Points: workload.PointsOf(1)},
			{ID: "10", Category: workload.CategoryNew, Points: workload.PointsOf(-1)},
		},
	}
}

// TestMeasures counts the same issues in each measure.
func TestMeasures(t *testing.T) {
	t.Parallel()
	type row struct {
		Name  string
		Blank int
		Sizes workload.Sizes
		Load  workload.Load
	}
	const point, hour = 1000, 3600
	for m, want := range map[workload.Measure]struct {
		rows   []row
		total  workload.Size
		blank  int
		median float64
	}{
		workload.MeasureIssues: {[]row{
			{"bob", 0, workload.Sizes{}, workload.LoadBalanced}, {"Ann", 0, workload.Sizes{}, workload.LoadBalanced}, {"Cyd", 0, workload.Sizes{}, workload.LoadBalanced},
		}, 0, 0, 3},
		workload.MeasurePoints: {[]row{
			{"Ann", 0, workload.Sizes{Open: 8.5 * point, ToDo: 0.5 * point, InProgress: 8 * point, Overdue: 0.5 * point, DueSoon: 8 * point}, workload.LoadHeavy},
			{"Cyd", 0, workload.Sizes{Open: point, ToDo: point}, workload.LoadBalanced},
			{"bob", 4, workload.Sizes{}, workload.LoadBalanced},
		}, 8.5 * point, 4, 1},
		workload.MeasureRemaining: {[]row{
			{"Ann", 1, workload.Sizes{Open: 35 * hour, ToDo: 5 * hour, InProgress: 30 * hour, Overdue: 5 * hour, DueSoon: 30 * hour}, workload.LoadHeavy},
			{"Cyd", 0, workload.Sizes{Open: 2 * hour, ToDo: 2 * hour}, workload.LoadBalanced},
			{"bob", 3, workload.Sizes{Open: hour, ToDo: hour}, workload.LoadBalanced},
		}, 38 * hour, 5, 2},
	} {
		in := estimated(t)
		in.Measure = m
		got := workload.Summarize(in)
		var rows []row
		for _, r := range got.Rows {
			rows = append(rows, row{r.Person.Name, r.Blank, r.Sizes, r.Load})
		}
		if diff := cmp.Diff(want.rows, rows); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", m, diff)
		}
		if got.Totals.Sizes.Open != want.total || got.Totals.Blank != want.blank || got.Median != want.median || got.Totals.Open != 9 {
			t.Errorf("%q: totals %+v, median %v", m, got.Totals, got.Median)
		}
	}
}

// Rows sort by what their columns show.
func TestSortBySize(t *testing.T) {
	t.Parallel()
	in := estimated(t)
	in.Measure = workload.MeasurePoints
	s := workload.Summarize(in)
	for _, by := range []workload.Column{workload.ByOpen, workload.ByToDo, workload.ByInProgress, workload.ByOverdue, workload.ByDueSoon, workload.ByBlank} {
		rows, _ := s.Ordered(workload.Preferences{Sort: by.First()})
		want := "Ann"
		switch by {
		case workload.ByToDo:
			want = "Cyd"
		case workload.ByBlank:
			want = "bob"
		}
		if rows[0].Person.Name != want {
			t.Errorf("by %s: %s is first, want %s", by, rows[0].Person.Name, want)
		}
	}
}

func TestBlankJQL(t *testing.T) {
	t.Parallel()
	in := estimated(t)
	for m, want := range map[workload.Measure]string{
		workload.MeasureRemaining: `project = "ABC" AND assignee = "2" AND statusCategory != Done AND (remainingEstimate is EMPTY OR remainingEstimate = 0)`,
		workload.MeasurePoints:    `project = "ABC" AND assignee = "2" AND statusCategory != Done AND cf[16] is EMPTY AND cf[26] is EMPTY`,
	} {
		in.Measure = m
		s := workload.Summarize(in)
		scope := workload.Scope{Projects: []string{"ABC"}, Summary: &s}
		if got := scope.Blank(workload.Assignee("2"), []string{"customfield_16", "customfield_26"}); got != want {
			t.Errorf("%s:\n got %s\nwant %s", m, got, want)
		}
	}
}

// What Jira could never mean is no estimate, or one that sums can hold.
func TestPointsOf(t *testing.T) {
	t.Parallel()
	for value, want := range map[float64]workload.Points{
		0: {Set: true}, 0.5: {Thousandths: 500, Set: true}, -2: {Thousandths: -2000, Set: true}, 0.0004: {Set: true},
		math.Inf(1): {Thousandths: 1e12, Set: true}, -math.MaxFloat64: {Thousandths: -1e12, Set: true},
	} {
		if got := workload.PointsOf(value); got != want {
			t.Errorf("%v: %+v", value, got)
		}
	}
	if got := workload.PointsOf(math.NaN()); got.Set {
		t.Errorf("NaN: %+v", got)
	}
	if got := workload.Size(math.MaxInt64).Duration(); got <= 0 {
		t.Errorf("the largest size lasts %v", got)
	}
}
