package feed

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/quota"
)

// How long a tenant rests after an error.
func TestRetry(t *testing.T) {
	t.Parallel()
	f := &Feed{Rand: func() float64 { return 0 }}
	limited := func(reason string, wait time.Duration) error {
		return fmt.Errorf("search: %w", &rest.Error{Status: 429, Reason: reason, RetryAfter: wait})
	}
	for name, tt := range map[string]struct {
		err      error
		failures int
		want     time.Duration
		counts   bool
	}{
		"held back":             {fmt.Errorf("get: %w", &quota.HeldError{Wait: 17 * time.Minute}), 3, 17 * time.Minute, false},
		"another replica":       {fmt.Errorf("fill: %w", errTaken), 3, leaseTime / 4, false},
		"first failure":         {errors.New("down"), 0, retryMin, true},
		"third failure":         {errors.New("down"), 2, 4 * retryMin, true},
		"many failures":         {errors.New("down"), 40, retryMax, true},
		"burst":                 {limited(rest.ReasonBurst, 3*time.Second), 0, retryMin, true},
		"quota of the tenant":   {limited(rest.ReasonTenantQuota, 41*time.Minute), 0, 41 * time.Minute, true},
		"quota of the app":      {limited(rest.ReasonGlobalQuota, 41*time.Minute), 0, 41 * time.Minute, true},
		"an unknown reason":     {limited("jira-moon", 41*time.Minute), 0, 41 * time.Minute, true},
		"without a reason":      {limited("", 2*time.Minute), 0, 2 * time.Minute, true},
		"not all could be read": {errPostponed, 0, retryMin, true},
	} {
		j := &job{failures: tt.failures}
		if got := f.retry(j, tt.err); got != tt.want || (j.failures > tt.failures) != tt.counts {
			t.Errorf("%s: got %s and %d failures, want %s", name, got, j.failures, tt.want)
		}
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	filled := index.State{Filled: ago(time.Hour), Reconciled: ago(time.Hour)}
	lost := filled
	lost.Lost = ago(time.Minute)
	old := filled
	old.Reconciled = ago(readEvery)
	ahead := filled
	ahead.Reconciled = now.Add(2 * readEvery)
	for name, tt := range map[string]struct {
		state       index.State
		notes       notes
		read, check bool
	}{
		"not filled":             {index.State{Lost: ago(time.Minute)}, notes{}, false, false},
		"just checked":           {filled, notes{Checked: ago(time.Hour)}, false, false},
		"checked yesterday":      {filled, notes{Checked: ago(checkEvery)}, false, true},
		"lost":                   {lost, notes{Checked: ago(time.Hour)}, true, true},
		"read a week ago":        {old, notes{Checked: ago(time.Hour)}, true, true},
		"search may be late":     {filled, notes{Checked: ago(time.Hour), Again: ago(0)}, true, true},
		"search may be late yet": {filled, notes{Checked: ago(time.Hour), Again: now.Add(time.Second)}, false, false},
		"a clock set back":       {ahead, notes{Checked: ago(time.Hour)}, true, true},
		"its check, too":         {filled, notes{Checked: now.Add(2 * checkEvery)}, false, true},
	} {
		if read, check := due(tt.state, tt.notes, now); read != tt.read || check != tt.check {
			t.Errorf("%s: got %v, %v", name, read, check)
		}
	}
}

// After an outage what was lost is read, not the whole week.
func TestBegins(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	days := func(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
	at := func(reconciled, lost time.Duration) index.State {
		s := index.State{Filled: ago(days(60)), Issues: ago(reconciled), Worklogs: ago(reconciled), Deleted: ago(reconciled), Reconciled: ago(reconciled)}
		if lost > 0 {
			s.Lost = ago(lost)
		}
		return s
	}
	for name, tt := range map[string]struct {
		state index.State
		again time.Duration // ago; 0: never
		want  time.Duration // ago, without the overlap
	}{
		"lost an hour ago":               {at(days(6), time.Hour), 0, time.Hour},
		"lost, and the week is over":     {at(days(7), time.Hour), 0, days(7)},
		"lost before all was read":       {at(days(2), days(3)), 0, days(3)},
		"the week is over":               {at(days(8), 0), 0, days(8)},
		"search may have been late":      {at(days(6), 0), time.Minute, time.Minute + searchLag},
		"lost, and search may have been": {at(days(6), time.Hour), time.Minute, time.Hour},
		"lost, later than search":        {at(days(6), time.Minute), time.Hour, time.Hour + searchLag},
		"search may yet be late":         {at(days(6), time.Hour), -time.Minute, time.Hour},
	} {
		n := notes{}
		if tt.again != 0 {
			n.Again = ago(tt.again)
		}
		if got := begins(tt.state, n, now); !got.Equal(ago(tt.want).Add(-overlap)) {
			t.Errorf("%s: got %s ago, want %s and the overlap", name, now.Sub(got), tt.want)
		}
	}
}

// What comes to be shown while a tenant is worked on is worked on right after it.
func TestShownMeanwhile(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	f := &Feed{Now: func() time.Time { return now }}
	f.init()
	for _, meanwhile := range [][]string{{"A"}, {"A", "B"}} {
		f.arrange([]Shown{{Tenant: "t", Projects: []string{"A"}}}, nil, now)
		f.jobs["t"].due = now
		jobs := f.next()
		if len(jobs) != 1 {
			t.Fatalf("%d jobs are due, want 1", len(jobs))
		}
		f.arrange([]Shown{{Tenant: "t", Projects: meanwhile}}, nil, now)
		f.ended(jobs[0], standing{filled: true, next: now.Add(time.Hour)}, nil)
		if soon := !f.jobs["t"].due.After(now.Add(gather)); soon != (len(meanwhile) > 1) {
			t.Errorf("%v came to be shown: due at %v", meanwhile, f.jobs["t"].due)
		}
	}
}
