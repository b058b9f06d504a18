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
	if !f.counts(index.State{}, n, Scope{Projects: []string{"ABC"}}) {
		t.Error("open issues do not count")
	}
}
