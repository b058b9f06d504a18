package app

import (
	"testing"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/workload"
)

func TestHeavyPeopleAreCounted(t *testing.T) {
	t.Parallel()
	s := workload.Summary{
		Rows: []workload.Row{
			{Load: workload.LoadHeavy}, {Load: workload.LoadBalanced}, {Load: workload.LoadHeavy}, {Load: workload.LoadLight},
		},
		Totals: workload.Counts{Open: 9, Overdue: 3, DueSoon: 2}, Unassigned: workload.Counts{Open: 1},
	}
	want := glance.Numbers{Open: 9, Overdue: 3, DueSoon: 2, Unassigned: 1}
	if got := numbers(s, glance.Config{}); got != want {
		t.Errorf("without heavy: got %+v, want %+v", got, want)
	}
	want.Heavy = 2
	if got := numbers(s, glance.Config{Parts: []glance.Part{glance.PartHeavy}}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
