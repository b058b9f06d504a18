package quota

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// replicas share one storage.
func replicas(clock *clock, m *memory) (one, two *Ledger) {
	return &Ledger{Storage: m, Now: clock.now}, &Ledger{Storage: m, Now: clock.now}
}

func TestShare(t *testing.T) {
	t.Parallel()
	clock, m := newClock(), newMemory()
	one, two := replicas(clock, m)
	one.Count("acme", Person, 30)
	two.Count("acme", Glance, 12)
	two.Count("other", Fill, 100)
	for range 2 {
		one.Tenant("acme") // asks
		one.Share(t.Context())
		two.Share(t.Context())
	}
	for name, l := range map[string]*Ledger{"one": one, "two": two} {
		if app, acme := l.App().Used, l.Tenant("acme").Used; app != 142 || acme != 42 {
			t.Errorf("%s: got %d and %d, want 142 and 42", name, app, acme)
		}
	}
	// What one hears of Jira the other knows.
	clock.advance(time.Second)
	one.must(t, says(200, "RateLimit-Policy", `"global-app-quota";q=1000;w=3600`, "RateLimit", `"global-app-quota";r=100;t=5`), "acme", Person)
	one.Share(t.Context())
	two.Count("acme", Person, 5)
	two.Share(t.Context())
	if got := two.App(); got != (Level{Limit: 1000, Used: 905}) {
		t.Errorf("got %+v", got)
	}
	if two.heldUntil(t, "new", Fill).IsZero() {
		t.Error("the other's background goes on")
	}
	// A restart keeps it.
	three := &Ledger{Storage: m, Now: clock.now}
	three.Share(t.Context())
	if got := three.App(); got != (Level{Limit: 1000, Used: 905}) {
		t.Errorf("after a restart: got %+v", got)
	}
}

// A refusal is known to the others, and ends with the hour.
func TestShareRefusal(t *testing.T) {
	t.Parallel()
	clock, m := newClock(), newMemory()
	clock.advance(20 * time.Minute)
	one, two := replicas(clock, m)
	one.must(t, says(429, "RateLimit-Reason", "jira-quota-tenant-based", "Retry-After", "9"), "acme", Person)
	one.Share(t.Context())
	two.Tenant("acme")
	two.Share(t.Context())
	want := clock.now().Add(40 * time.Minute)
	if got := two.heldUntil(t, "acme", Fill); !got.Equal(want) || !two.Tenant("acme").Until.Equal(want) {
		t.Errorf("got %v and %v, want %v", got, two.Tenant("acme").Until, want)
	}
	if got := two.heldUntil(t, "other", Fill); !got.IsZero() {
		t.Errorf("a neighbour is held until %v", got)
	}
}

// While the storage is lost everything is counted, and added later under its hour.
func TestStorageLost(t *testing.T) {
	t.Parallel()
	clock, m := newClock(), newMemory()
	var told []error
	one, two := replicas(clock, m)
	one.Shared = func(_ context.Context, err error) { told = append(told, err) }
	m.lose(true)
	for range 3 {
		one.must(t, says(200), "acme", Person)
		one.Share(t.Context())
	}
	if one.App().Used != 6 || len(told) != 3 || told[0] == nil {
		t.Errorf("got %d points, told %v", one.App().Used, told)
	}
	clock.advance(time.Hour)
	one.must(t, says(200), "acme", Person)
	if got := one.App().Used; got != 2 {
		t.Errorf("the next hour: got %d, want 2", got)
	}
	m.lose(false)
	one.Share(t.Context())
	two.Share(t.Context())
	if got := two.App().Used; got != 2 || one.App().Used != 2 {
		t.Errorf("got %d and %d, want 2", got, one.App().Used)
	}
	clock.advance(-time.Hour) // the clock was set back: the hour before is known
	two.Share(t.Context())
	if got := two.App().Used; got != 6 {
		t.Errorf("the hour before: got %d, want 6", got)
	}
	clock.advance(100 * time.Hour)
	one.Count("acme", Person, 1)
	m.lose(true)
	one.Share(t.Context())
	clock.advance(5 * time.Hour)
	m.lose(false)
	one.Share(t.Context())
	if got := m.points[spending{clock.now().Add(-5 * time.Hour).Unix(), "acme", Person}]; got != 0 {
		t.Errorf("what is too old was added: %d", got)
	}
}

// A clock that is set, also while an exchange is under way, neither loses points nor
// counts them twice.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	clock, m := newClock(), newMemory()
	l := &Ledger{Storage: m, Now: clock.now}
	for _, jump := range []time.Duration{0, 30 * time.Minute, 40 * time.Minute, -time.Hour, time.Hour, -70 * time.Minute, 3 * time.Hour} {
		clock.advance(jump)
		l.Count("acme", Person, 10)
		before := l.App().Used
		l.Share(t.Context())
		l.Share(t.Context())
		hour := clock.now().Truncate(time.Hour).Unix()
		if got := l.App().Used; got != m.points[spending{hour, "", Person}] || got < before {
			t.Errorf("after %v: got %d, stored %d, before %d", jump, got, m.points[spending{hour, "", Person}], before)
		}
	}
	total := 0
	for s, points := range m.points {
		if s.tenant == "" {
			total += points
		}
	}
	if total != 70 {
		t.Errorf("stored %d points, want 70", total)
	}
	// What was said by a clock that was far ahead is forgotten.
	clock.advance(50 * time.Hour)
	l.must(t, says(429, "RateLimit-Reason", "jira-quota-global-based"), "acme", Person)
	l.Share(t.Context())
	clock.advance(-50 * time.Hour)
	if until := l.heldUntil(t, "acme", Fill); !until.IsZero() {
		t.Errorf("held until %v", until)
	}
}

// Run shares every two seconds, at once when much was spent, and at its end.
func TestRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		l := &Ledger{Storage: m}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); l.Run(ctx) }()
		stored := func() int {
			synctest.Wait()
			m.mu.Lock()
			defer m.mu.Unlock()
			return m.points[spending{l.now().Truncate(time.Hour).Unix(), "", Person}]
		}
		synctest.Wait()
		l.Count("acme", Person, 3)
		if got := stored(); got != 0 {
			t.Errorf("at once: got %d, want 0", got)
		}
		<-time.After(shareEvery)
		if got := stored(); got != 3 {
			t.Errorf("after two seconds: got %d, want 3", got)
		}
		l.Count("acme", Person, shareAt)
		if got := stored(); got != 3+shareAt {
			t.Errorf("much: got %d, want %d", got, 3+shareAt)
		}
		calls := m.calls
		<-time.After(5 * time.Minute)
		if m.calls != calls {
			t.Errorf("%d exchanges of nothing", m.calls-calls)
		}
		l.Count("acme", Person, 1)
		stop()
		<-done
		if got := stored(); got != 4+shareAt {
			t.Errorf("at the end: got %d, want %d", got, 4+shareAt)
		}
		(&Ledger{}).Run(ctx) // without a storage
	})
}
