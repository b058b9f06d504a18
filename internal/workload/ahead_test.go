package workload_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/workload"
)

// The weeks ahead, read off a calendar: 30 November 2026 is a Monday.
func TestWeeksAhead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ahead workload.Ahead
		today string
		first time.Weekday
		want  string
	}{
		{0, "2026-11-30", time.Monday, ""},
		{-7, "2026-11-30", time.Monday, ""},
		{1, "2026-11-30", time.Monday, "11-30/12-01"},
		{7, "2026-11-30", time.Monday, "11-30/12-06 12-07/12-07"},
		{7, "2026-11-30", time.Sunday, "11-30/12-05 12-06/12-07"},
		{7, "2026-12-06", time.Monday, "12-06/12-06 12-07/12-13"},
		{7, "2026-12-05", time.Saturday, "12-05/12-11 12-12/12-12"},
		{14, "2026-12-03", time.Monday, "12-03/12-06 12-07/12-13 12-14/12-17"},
		{28, "2026-12-20", time.Sunday, "12-20/12-26 12-27/01-02 01-03/01-09 01-10/01-16 01-17/01-17"},
	} {
		var got []string
		for _, s := range tt.ahead.Weeks(date(t, tt.today), tt.first) {
			got = append(got, s.From.String()[5:]+"/"+s.To.String()[5:])
		}
		if text := strings.Join(got, " "); text != tt.want {
			t.Errorf("%d days from %s, weeks from %s: got %q, want %q", tt.ahead, tt.today, tt.first, text, tt.want)
		}
	}
	for day := range 7 { // any day can be the last of a week
		for _, ahead := range []workload.Ahead{workload.MaxAhead, 1000} {
			today := date(t, "2026-11-30").AddDays(day)
			weeks := ahead.Weeks(today, time.Monday)
			if last := weeks[len(weeks)-1].To; last != today.AddDays(int(workload.MaxAhead)) || len(weeks) > 9 {
				t.Errorf("%d days from %s: %v", ahead, today, weeks)
			}
		}
	}
	for ahead, want := range map[workload.Ahead]bool{-1: false, 0: true, 1: true, 56: true, 57: false} {
		if c := (workload.GadgetConfig{Ahead: ahead}); ahead.Valid() != want || strings.Contains(c.Validate().Error(), "ahead") == want {
			t.Errorf("%d days: %v, want %t", ahead, c.Validate(), want)
		}
	}
}

// Every open issue is overdue, in one week, later, or has no due date.
func TestSpread(t *testing.T) {
	t.Parallel()
	ann, bob, _ := people()
	now := noon(t)
	today := workload.DateOf(now, time.UTC)
	var list []workload.Issue
	for n, who := range []*workload.Person{&ann, &bob, nil} {
		for _, days := range []int{-1, 0, 6, 7, 14, 15, 400} {
			list = append(list, workload.Issue{
				ID: fmt.Sprint(n, days), Assignee: who, Category: workload.CategoryNew, Due: today.AddDays(days), Remaining: time.Duration(max(0, days)) * time.Hour,
			})
		}
		list = append(list, workload.Issue{ID: fmt.Sprint(n), Assignee: who, Category: workload.CategoryInProgress, Remaining: time.Hour})
	}
	list = append(list, list[0], workload.Issue{ID: "done", Assignee: &ann, Category: workload.CategoryDone, Due: today})
	for _, measure := range []workload.Measure{workload.MeasureIssues, workload.MeasureRemaining} {
		weeks := []workload.Span{{From: today, To: today.AddDays(6)}, {From: today.AddDays(7), To: today.AddDays(14)}}
		s := workload.Summarize(workload.Input{Issues: list, Now: now, Weeks: weeks, Measure: measure})
		size := func(hours int) workload.Size {
			if measure == workload.MeasureIssues {
				return 0
			}
			return workload.Size(hours * 3600)
		}
		want := workload.Spread{Later: workload.Part{N: 2, Size: size(415)}, Undated: workload.Part{N: 1, Size: size(1)}}
		want.Weeks[0], want.Weeks[1] = workload.Part{N: 2, Size: size(6)}, workload.Part{N: 2, Size: size(21)}
		for _, row := range s.Rows {
			if diff := cmp.Diff(want, row.Spread()); diff != "" || row.Overdue != 1 {
				t.Errorf("%q, %s: (-want +got)\n%s", measure, row.Person.Name, diff)
			}
		}
		if diff := cmp.Diff(want, s.Unassigned.Spread()); diff != "" {
			t.Errorf("%q, nobody: (-want +got)\n%s", measure, diff)
		}
		all, sizes := s.Totals.Overdue, s.Totals.Sizes.Overdue
		for _, part := range append(slices.Clone(s.Totals.Ahead.Weeks[:]), s.Totals.Ahead.Later, s.Totals.Ahead.Undated) {
			all, sizes = all+part.N, sizes+part.Size
		}
		if all != s.Totals.Open || sizes != s.Totals.Sizes.Open || len(s.Rows) != 2 {
			t.Errorf("%q: the parts are %d of size %d, of %+v", measure, all, sizes, s.Totals)
		}
	}
	if s := workload.Summarize(workload.Input{Issues: list, Now: now}); s.Totals.Ahead != nil {
		t.Errorf("without weeks: %+v", s.Totals.Ahead)
	}
}

// Each part has the query that finds its issues.
func TestAheadJQL(t *testing.T) {
	t.Parallel()
	weeks := workload.Ahead(10).Weeks(date(t, "2026-11-30"), time.Monday)
	scope := workload.Scope{Projects: []string{"ABC"}, Summary: &workload.Summary{Weeks: weeks}}
	who, none := workload.Assignee("a"), workload.Scope{Projects: []string{"ABC"}}
	for _, tt := range []struct{ got, want string }{
		{scope.DueWithin(who, 0), `duedate >= "2026-11-30" AND duedate <= "2026-12-06"`},
		{scope.DueWithin(who, 1), `duedate >= "2026-12-07" AND duedate <= "2026-12-10"`},
		{scope.DueLater(who), `duedate > "2026-12-10"`},
		{scope.Undated(who), `duedate is EMPTY`},
		{scope.DueWithin(who, 2), ""},
		{none.DueWithin(who, 0), ""},
		{none.DueLater(who), ""},
	} {
		want := ""
		if tt.want != "" {
			want = `project = "ABC" AND assignee = "a" AND statusCategory != Done AND ` + tt.want
		}
		if tt.got != want {
			t.Errorf("got %q, want %q", tt.got, want)
		}
	}
	if got := (workload.Scope{}).Undated(who); got != "" {
		t.Errorf("without projects: %q", got)
	}
}
