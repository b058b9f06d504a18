package workload_test

import (
	"strings"
	"testing"

	"github.com/sightline-go/sightline/internal/workload"
)

// What is open is the same in counts and in queries.
func TestStatuses(t *testing.T) {
	t.Parallel()
	review, released := workload.Status{ID: "3", Name: "In review"}, workload.Status{ID: "9", Name: "Released"}
	for _, tt := range []struct {
		statuses   workload.Statuses
		open, todo string
	}{
		{workload.Statuses{}, `statusCategory != Done`, `statusCategory = "To Do"`},
		{workload.Statuses{Closed: []workload.Status{review}}, `statusCategory != Done AND status not in ("3")`, `statusCategory = "To Do" AND status not in ("3")`},
		{workload.Statuses{Open: []workload.Status{released}}, `(statusCategory != Done OR status = "9")`, `statusCategory = "To Do"`},
		{
			workload.Statuses{Closed: []workload.Status{review}, Open: []workload.Status{released}},
			`(statusCategory != Done OR status = "9") AND status not in ("3")`, `statusCategory = "To Do" AND status not in ("3")`,
		},
	} {
		w := workload.Where{Statuses: tt.statuses}
		scope := workload.Scope{Projects: []string{"A"}, Where: w}
		if got, want := w.Open("A"), `project = "A" AND `+tt.open; got != want || scope.Open(workload.Everyone()) != want {
			t.Errorf("open: %s and %s, want %s", got, scope.Open(workload.Everyone()), want)
		}
		if got, want := scope.ToDo(workload.Everyone()), `project = "A" AND `+tt.todo; got != want {
			t.Errorf("to do: %s, want %s", got, want)
		}
		if _, passing := w.Lasting(""); (passing == "status") == tt.statuses.IsZero() {
			t.Errorf("%+v: %q changes", tt.statuses, passing)
		}
	}
	both := workload.Statuses{Closed: []workload.Status{review}, Open: []workload.Status{released}}
	for id, want := range map[string]workload.Category{"3": workload.CategoryDone, "9": "open", "5": workload.CategoryDone} {
		usual := workload.CategoryDone
		if id == "3" {
			usual = workload.CategoryInProgress
		}
		if got := both.Category(id, usual); got != want {
			t.Errorf("%s counts as %q, want %q", id, got, want)
		}
	}
	many := make([]workload.Status, 21)
	for name, list := range map[string][]workload.Status{
		"no id": {{Name: "x"}}, "a query": {{ID: "1) OR (1", Name: "x"}}, "no name": {{ID: "1"}}, "control": {{ID: "1", Name: "a\x00"}},
		"twice": {review, review}, "many": many, "long": {{ID: "1", Name: strings.Repeat("x", 300)}},
	} {
		c := workload.NewGadgetConfig()
		c.Projects, c.Statuses.Closed = []string{"ABC"}, list
		if err := c.Validate(); err == nil || err.Error()[:7] != "closed:" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
