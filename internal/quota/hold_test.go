package quota

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The background slows from half of the budget on and rests from four fifths.
func TestHold(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		used  int
		after time.Duration // of the hour
		until time.Duration // of the hour; 0: it goes on
	}{
		{"nothing used", 0, 0, 0},
		{"below half", 499, 0, 0},
		{"half", 500, 0, 0},
		{"two thirds at the start", 650, 0, 30 * time.Minute},
		{"two thirds after half of the hour", 650, 30 * time.Minute, 0},
		{"nearly four fifths", 799, 0, 3588 * time.Second},
		{"nearly four fifths at the end", 799, 59*time.Minute + 50*time.Second, 0},
		{"four fifths", 800, 59*time.Minute + 50*time.Second, time.Hour},
		{"all", 1000, 10 * time.Minute, time.Hour},
		{"more than all", 5000, 10 * time.Minute, time.Hour},
	} {
		clock := newClock()
		start := clock.now()
		l := &Ledger{Now: clock.now}
		l.must(t, says(200, "RateLimit-Policy", `"global-app-quota";q=1000;w=3600`), "acme", Person)
		l.Count("acme", Person, tc.used-l.App().Used)
		clock.advance(tc.after)
		want := time.Time{}
		if tc.until > 0 {
			want = start.Add(tc.until)
		}
		for _, p := range Purposes() {
			got := l.heldUntil(t, "acme", p).Truncate(time.Second)
			switch {
			case p == Person || p == Lifecycle:
				if !got.IsZero() {
					t.Errorf("%s: %s is held until %v", tc.name, p, got)
				}
			case !got.Equal(want):
				t.Errorf("%s: %s is held until %v, want %v", tc.name, p, got, want)
			}
		}
	}
}

// Whatever the headers and the account say, a person's calls reach Jira.
func TestPeopleAreNeverHeld(t *testing.T) {
	t.Parallel()
	clock := newClock()
	clock.advance(20 * time.Minute)
	l := &Ledger{Now: clock.now}
	wall := says(429, "RateLimit-Reason", "jira-quota-global-based", "Retry-After", "1800", "RateLimit", `"global-app-quota";r=0;t=1800`)
	for range 3 {
		l.must(t, wall, "acme", Person)
		l.must(t, wall, "acme", Lifecycle)
	}
	if wall.calls != 6 {
		t.Errorf("got %d calls, want 6", wall.calls)
	}
	err := l.call(t, wall, "acme", Fill, http.MethodGet, "/rest/api/3/field")
	var held *HeldError
	if !errors.As(err, &held) || wall.calls != 6 || held.RetryAfter() != 40*time.Minute || !strings.Contains(err.Error(), "13:00:00Z") {
		t.Errorf("got %v after %d calls", err, wall.calls)
	}
}

// Each refusal holds back what it concerns.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name            string
		headers         []string
		tenant, another time.Duration // held for how long
	}{
		{"app", []string{"RateLimit-Reason", "jira-quota-global-based", "Retry-After", "900"}, 40 * time.Minute, 40 * time.Minute},
		{"tenant", []string{"RateLimit-Reason", "jira-quota-tenant-based", "Retry-After", "900"}, 40 * time.Minute, 0},
		{"unknown", []string{"RateLimit-Reason", "jira-cost-based"}, 40 * time.Minute, 0},
		{"gateway", []string{"X-Failure-Category", "FAILURE_CLIENT_RATE_LIMIT", "X-RateLimit-Reset", "2026-11-24T12:21Z"}, time.Minute, 0},
		{"nothing said", nil, 0, 0},
		{"burst", []string{"RateLimit-Reason", "jira-burst-based", "Retry-After", "5"}, 0, 0},
		{"issue", []string{"RateLimit-Reason", "jira-per-issue-on-write", "Retry-After", "5"}, 0, 0},
	} {
		clock := newClock()
		clock.advance(20 * time.Minute)
		l := &Ledger{Now: clock.now}
		l.must(t, says(429, tc.headers...), "acme", Person)
		for tenant, want := range map[string]time.Duration{"acme": tc.tenant, "other": tc.another} {
			got := time.Duration(0)
			if until := l.heldUntil(t, tenant, Events); !until.IsZero() {
				got = until.Sub(clock.now())
			}
			if got != want {
				t.Errorf("%s: %s is held for %v, want %v", tc.name, tenant, got, want)
			}
		}
		clock.advance(41 * time.Minute)
		if until := l.heldUntil(t, "acme", Events); !until.IsZero() {
			t.Errorf("%s: held in the next hour until %v", tc.name, until)
		}
	}
}

func TestResting(t *testing.T) {
	t.Parallel()
	clock := newClock()
	l := &Ledger{Now: clock.now}
	l.Count("acme", Person, FirstTier*6/10)
	if got := l.Resting("acme"); !got.IsZero() {
		t.Errorf("slower only: got %v", got)
	}
	l.Count("acme", Person, FirstTier*2/10)
	if got := l.Resting("acme"); !got.Equal(l.Reset()) {
		t.Errorf("got %v, want %v", got, l.Reset())
	}
}
