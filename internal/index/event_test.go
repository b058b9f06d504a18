package index

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/workload"
)

// TestApply: what an event says is a fact, and what it does not say is needed.
func TestApply(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	site := Site{
		Categories:  map[string]workload.Category{"1": workload.CategoryNew, "2": workload.CategoryNew, "5": workload.CategoryDone},
		StoryPoints: "cf1", Team: "cf2",
	}
	before := Issue{
		ID: 7, Project: "ABC", Number: 12, Assignee: "ann", Category: workload.CategoryNew, Remaining: time.Hour,
		Due: workload.Date{Year: 2026, Month: 12, Day: 1}, Updated: at.Add(-time.Hour),
	}
	need := []Need{{Kind: KindIssue, ID: 7, Since: at, Last: at}}
	for name, tt := range map[string]struct {
		changed []Item
		known   Known
		held    *Held
		updated time.Time
		fact    func(*Issue) // nil: none
		changes []Field
		needs   []Need
	}{
		"assignee":       {changed: []Item{{Field: "assignee", From: "ann", To: "bob"}}, fact: func(i *Issue) { i.Assignee = "bob" }, changes: []Field{FieldAssignee}},
		"nobody":         {changed: []Item{{Field: "assignee", From: "ann"}}, fact: func(i *Issue) { i.Assignee = "" }, changes: []Field{FieldAssignee}},
		"category":       {changed: []Item{{Field: "status", From: "1", To: "5"}}, fact: func(i *Issue) { i.Category = workload.CategoryDone }, changes: []Field{FieldCategory}},
		"same category":  {changed: []Item{{Field: "status", From: "1", To: "2"}}, fact: func(*Issue) {}},
		"unknown status": {changed: []Item{{Field: "status", From: "1", To: "9"}}, fact: func(*Issue) {}, changes: []Field{FieldCategory}, needs: need},
		"due":            {changed: []Item{{Field: "duedate", From: "2026-12-01"}}, fact: func(i *Issue) { i.Due = workload.Date{} }, changes: []Field{FieldDue}},
		"no date":        {changed: []Item{{Field: "duedate", From: "2026-12-01", To: "soon"}}, fact: func(*Issue) {}, changes: []Field{FieldDue}, needs: need},
		"remaining":      {changed: []Item{{Field: "timeestimate", From: "3600", To: "60"}}, fact: func(i *Issue) { i.Remaining = time.Minute }, changes: []Field{FieldRemaining}},
		"too long":       {changed: []Item{{Field: "timeestimate", From: "3600", To: "99999999999"}}, fact: func(*Issue) {}, changes: []Field{FieldRemaining}, needs: need},
		"points":         {changed: []Item{{Field: "cf1", ToText: "2.5"}}, fact: func(i *Issue) { i.StoryPoints = Points{2.5, true} }},
		"team":           {changed: []Item{{Field: "cf2", ToText: "Harbour"}}, fact: func(*Issue) {}, needs: need},
		"parent":         {changed: []Item{{Field: "IssueParentAssociation", To: "3"}}, fact: func(*Issue) {}, needs: need},
		"moved": {
			changed: []Item{{Field: "project", From: "10", To: "11"}, {Field: "Key", FromText: "ABC-12", ToText: "DEF-3"}},
			fact:    func(i *Issue) { i.Project, i.Number = "DEF", 3 },
		},
		"another field":      {changed: []Item{{Field: "summary", ToText: "x"}}, fact: func(*Issue) {}},
		"something was lost": {changed: []Item{{Field: "assignee", From: "cleo", To: "bob"}}, fact: func(i *Issue) { i.Assignee = "bob" }, changes: []Field{FieldAssignee}, needs: need},
		"not held":           {changed: []Item{{Field: "assignee", From: "ann", To: "bob"}}, held: &Held{}, changes: []Field{FieldAssignee}, needs: need},
		"late":               {changed: []Item{{Field: "assignee", From: "ann", To: "bob"}}, updated: at.Add(-2 * time.Hour), changes: []Field{FieldAssignee}, needs: need},
		"late and seen":      {changed: []Item{{Field: "assignee", From: "ann", To: "bob"}}, updated: at.Add(-2 * time.Hour), held: &Held{before, true, true}, changes: []Field{FieldAssignee}},
		"late, another":      {changed: []Item{{Field: "summary"}}, updated: at.Add(-2 * time.Hour)},
		"all is said":        {known: KnowsAll, held: &Held{}, fact: func(i *Issue) { *i = Issue{ID: 7, Project: "ABC", Number: 12, Assignee: "dan"} }},
	} {
		e := Event{What: IssueUpdated, At: at, Issue: Issue{ID: 7, Project: "ABC", Number: 12, Assignee: "dan", Updated: at}, Known: tt.known | KnowsUpdated, History: 99, Changed: tt.changed}
		if !tt.updated.IsZero() {
			e.Issue.Updated = tt.updated
		}
		held := Held{Issue: before, Known: true}
		if tt.held != nil {
			held = *tt.held
		}
		got := site.Apply(held, e)
		var issues []Issue
		if tt.fact != nil {
			want := before
			tt.fact(&want)
			want.Updated = e.Issue.Updated
			issues = []Issue{want}
		}
		var fields []Field
		for _, c := range got.Changes {
			fields = append(fields, c.Field)
			if c.Issue != 7 || c.History != 99 || !c.At.Equal(e.Issue.Updated) {
				t.Errorf("%s: change %+v", name, c)
			}
		}
		for what, diff := range map[string]string{
			"facts": cmp.Diff(issues, got.Issues), "changes": cmp.Diff(tt.changes, fields), "needs": cmp.Diff(tt.needs, got.Needs),
		} {
			if diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", name, what, diff)
			}
		}
	}
}

func TestApplyOtherEvents(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	log := Worklog{ID: 3, Issue: 7, Started: at, Updated: at, Spent: time.Hour}
	for name, tt := range map[string]struct {
		event Event
		want  Batch
	}{
		"issue deleted":    {Event{What: IssueDeleted, Issue: Issue{ID: 7}}, Batch{Gone: []Gone{{KindIssue, 7, true}}}},
		"work log":         {Event{What: WorklogUpdated, Worklog: log}, Batch{Worklogs: []Worklog{log}}},
		"part of one":      {Event{What: WorklogCreated, At: at, Worklog: Worklog{ID: 3, Issue: 7}}, Batch{Needs: []Need{{KindWorklog, 3, 7, at, at}}}},
		"work log deleted": {Event{What: WorklogDeleted, Worklog: Worklog{ID: 3}}, Batch{Gone: []Gone{{KindWorklog, 3, true}}}},
		"undated":          {Event{What: IssueCreated, At: at, Issue: Issue{ID: 7}}, Batch{Needs: []Need{{KindIssue, 7, 0, at, at}}}},
	} {
		if diff := cmp.Diff(tt.want, (Site{}).Apply(Held{}, tt.event)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestDays: days count as package time does, in years of four and six digits.
func TestDays(t *testing.T) {
	t.Parallel()
	for _, start := range []workload.Date{{Year: -400, Month: 2, Day: 20}, {Year: 1, Month: 1, Day: 1}, {Year: 1968, Month: 1, Day: 1}, {Year: 2000, Month: 2, Day: 1}, {Year: 2026, Month: 11, Day: 1}, {Year: 99999, Month: 12, Day: 1}} {
		number := dayNumber(start)
		for n := range int64(3000) {
			want := start.AddDays(int(n))
			if got := dateOfDay(number + n); got != want || dayNumber(want) != number+n {
				t.Fatalf("%d days after %s: got %s, want %s", n, start, got, want)
			}
		}
	}
}
