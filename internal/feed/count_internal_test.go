package feed

import (
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/index"
)

// Work logs that are older than those which were read are not counted.
func TestCountsOnlyWhatWasRead(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	f, n := &Feed{Now: func() time.Time { return now }}, notes{Projects: []string{"ABC"}}
	for days, want := range map[int]bool{30: true, loggedDays: true, loggedDays + 2: false, 92: false} {
		s := Scope{Projects: []string{"ABC"}, From: now.AddDate(0, 0, -days), To: now}
		if got := f.counts(index.State{}, n, s); got != want {
			t.Errorf("work logs of %d days: counts %t, want %t", days, got, want)
		}
	}
	n.Projects = append(n.Projects, "DEF")
	n.Logged = map[string]time.Time{"ABC": now.AddDate(0, 0, -200), "DEF": now.AddDate(0, 0, -10)}
	quarter := Scope{Projects: []string{"ABC"}, From: now.AddDate(0, 0, -92), To: now}
	if !f.counts(index.State{}, n, quarter) {
		t.Error("older work logs do not count though they were read")
	}
	both := quarter
	both.Projects = n.Projects
	if f.counts(index.State{}, n, both) {
		t.Error("work logs count that were read of one project only")
	}
	odd := n
	odd.Odd = now.Add(oddTime).AddDate(0, 0, -60)
	if f.counts(index.State{}, odd, quarter) {
		t.Error("work logs count of the time before one could not be read")
	}
	odd.Odd = now.Add(oddTime).AddDate(0, 0, -100)
	if !f.counts(index.State{}, odd, quarter) {
		t.Error("work logs do not count of the time since one could not be read")
	}
	if f.counts(index.State{Restricted: now.AddDate(0, 0, -80)}, n, quarter) {
		t.Error("work logs count though not everybody may see one")
	}
	if !f.counts(index.State{}, n, Scope{Projects: []string{"ABC"}}) {
		t.Error("open issues do not count")
	}
}
