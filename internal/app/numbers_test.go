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
	if got, want := numbers(s), (glance.Numbers{Open: 9, Overdue: 3, DueSoon: 2, Unassigned: 1, Heavy: 2}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
