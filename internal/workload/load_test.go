package workload_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/workload"
)

// team returns people named by their number, with as many open issues each.
func team(open ...int) ([]workload.Person, []workload.Issue) {
	var people []workload.Person
	var issues []workload.Issue
	for i, n := range open {
		p := workload.Person{AccountID: strconv.Itoa(i), Name: strconv.Itoa(i)}
		people = append(people, p)
		issues = append(issues, openIssues(p, n)...)
	}
	return people, issues
}

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		open []int
		want float64
	}{
		{nil, 0},
		{[]int{7}, 7},
		{[]int{1, 4}, 2.5},
		{[]int{9, 1, 2}, 2},
		{[]int{4, 1, 100, 3}, 3.5},
		{[]int{0, 0, 5}, 0},
		{[]int{0, 0, 5, 6}, 2.5},
		{[]int{3, 3, 3, 3, 3}, 3},
	} {
		people, issues := team(tt.open...)
		// What nobody is assigned to has no part in it.
		issues = append(issues, openIssues(workload.Person{}, 50)...)
		got := workload.Summarize(workload.Input{Now: noon(t), Issues: issues, Team: people})
		if got.Median != tt.want {
			t.Errorf("%v: got %v, want %v", tt.open, got.Median, tt.want)
		}
	}
}

// Who left is in the totals, and is compared with nobody.
func TestInactive(t *testing.T) {
	t.Parallel()
	people, issues := team(9, 2, 2, 90, 0)
	for _, i := range []int{3, 4} {
		people[i].Inactive = true
	}
	s := workload.Summarize(workload.Input{Now: noon(t), Issues: issues, Team: people})
	if s.Median != 2 || s.Totals.Open != 103 {
		t.Errorf("median %v, %d open", s.Median, s.Totals.Open)
	}
	got := map[string]workload.Load{}
	for _, row := range s.Rows {
		got[row.Person.AccountID] = row.Load
	}
	want := map[string]workload.Load{"0": workload.LoadHeavy, "1": workload.LoadBalanced, "2": workload.LoadBalanced, "3": "", "4": ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	scope := workload.Scope{Projects: []string{"ABC"}, Summary: &s}
	if got, want := scope.Open(s.Inactive()), `project = "ABC" AND assignee = "3" AND statusCategory != Done`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for i := range people {
		people[i].Inactive = i > 1 // two are left: nobody can be compared
	}
	s = workload.Summarize(workload.Input{Now: noon(t), Issues: issues, Team: people})
	for _, row := range s.Rows {
		if row.Load == workload.LoadHeavy {
			t.Errorf("%s is heavy", row.Person.Name)
		}
	}
	none := workload.Summarize(workload.Input{Now: noon(t)})
	if jql := scope.Open(none.Inactive()); jql != "" {
		t.Errorf("without people who left: %s", jql)
	}
}

// The loads are those of the rows, most open issues first.
func TestLoad(t *testing.T) {
	t.Parallel()
	const heavy, balanced, light = workload.LoadHeavy, workload.LoadBalanced, workload.LoadLight
	for _, tt := range []struct {
		name string
		open []int
		want []workload.Load
	}{
		{"nobody", nil, nil},
		{"one alone", []int{90}, []workload.Load{balanced}},
		{"two", []int{90, 1}, []workload.Load{balanced, balanced}},
		{"two, one with nothing open", []int{90, 0}, []workload.Load{balanced, balanced}},
		{"three with nothing", []int{0, 0, 0}, []workload.Load{light, light, light}},
		{"equals", []int{5, 5, 5}, []workload.Load{balanced, balanced, balanced}},
		{"exactly 1.5 times", []int{15, 10, 10}, []workload.Load{balanced, balanced, balanced}},
		{"just above 1.5 times", []int{16, 10, 10}, []workload.Load{heavy, balanced, balanced}},
		{"three above, but not 1.5 times", []int{13, 10, 10}, []workload.Load{balanced, balanced, balanced}},
		{"more than 1.5 times, two above", []int{4, 2, 2}, []workload.Load{balanced, balanced, balanced}},
		{"more than 1.5 times, three above", []int{5, 2, 2}, []workload.Load{heavy, balanced, balanced}},
		{"exactly half", []int{10, 10, 5}, []workload.Load{balanced, balanced, balanced}},
		{"just below half", []int{10, 10, 4}, []workload.Load{balanced, balanced, light}},
		{"less than half, two below", []int{3, 3, 1}, []workload.Load{balanced, balanced, balanced}},
		{"less than half, three below", []int{4, 4, 1}, []workload.Load{balanced, balanced, light}},
		{"nothing open, one below", []int{1, 1, 0}, []workload.Load{balanced, balanced, light}},
		{"median 0, two above", []int{2, 0, 0}, []workload.Load{balanced, light, light}},
		{"median 0, three above", []int{3, 0, 0}, []workload.Load{heavy, light, light}},
		{"median 4.5, exactly half has no whole number", []int{5, 5, 4, 2}, []workload.Load{balanced, balanced, balanced, balanced}},
		{"median 4.5, less than half by 3.5", []int{5, 5, 4, 1}, []workload.Load{balanced, balanced, balanced, light}},
		{"median 2.5, above by 2.5", []int{5, 3, 2, 2}, []workload.Load{balanced, balanced, balanced, balanced}},
		{"median 2.5, above by 3.5", []int{6, 3, 2, 2}, []workload.Load{heavy, balanced, balanced, balanced}},
	} {
		people, issues := team(tt.open...)
		var got []workload.Load
		for _, row := range workload.Summarize(workload.Input{Now: noon(t), Issues: issues, Team: people}).Rows {
			got = append(got, row.Load)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s, %v: %s", tt.name, tt.open, diff)
		}
	}
}
