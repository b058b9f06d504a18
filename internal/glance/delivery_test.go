package glance_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/glance"
)

// hang is a call that never gets an answer.
func hang(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// TestHangingRoomsDoNotDelayOthers: more rooms hang than there are workers;
// an event still reaches the others within seconds.
func TestHangingRoomsDoNotDelayOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.source.set(1, nil)
		bad := map[string]bool{}
		var good []glance.Key
		for i := range 64 {
			g, s := room(fmt.Sprintf("room-%d", i))
			if bad[g.Conversation] = i%8 != 0; !bad[g.Conversation] {
				good = append(good, g)
			}
			b.begin(t, g, s)
		}
		b.screen.during = func(ctx context.Context, k glance.Key) error {
			if bad[k.Conversation] {
				return hang(ctx)
			}
			return nil
		}
		b.start(t)
		pass(time.Minute) // by now the bad ones are known
		for event := range 5 {
			b.source.set(2+event, nil)
			b.mark(t, time.Now())
			pass(3 * time.Second)
			for _, g := range good {
				if got, want := b.screen.last(g), fmt.Sprintf("%d open", 2+event); got != want {
					t.Errorf("%s after 3 s: got %q, want %q", g.Conversation, got, want)
				}
			}
			pass(17 * time.Second)
		}
	})
}

// TestBigTenantDoesNotDelaySmall: next to a tenant with hundreds of due rows, a
// tenant with a single one is among the first served.
func TestBigTenantDoesNotDelaySmall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.source.set(1, nil)
		for i := range 300 {
			b.begin(t, roomOf(cloud, i), setupOf(cloud, i))
		}
		small, err := b.store.Tenants.SaveInstall(t.Context(), connect.Install{
			Key: "app", ClientKey: "small", SharedSecret: connect.NewSecret("secret"),
			BaseURL: "https://b.atlassian.net", ProductType: connect.ProductJira,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.store.Tenants.SetCloudID(t.Context(), small.ID, "cloud-2"); err != nil {
			t.Fatal(err)
		}
		pass(time.Second)
		b.begin(t, roomOf("cloud-2", 0), setupOf("cloud-2", 0)) // due last
		b.screen.during = func(context.Context, glance.Key) error {
			pass(time.Second)
			return nil
		}
		b.start(t)
		begun := time.Now()
		pass(3 * time.Second)
		if got := b.screen.last(roomOf("cloud-2", 0)); got != "1 open" {
			t.Errorf("the small tenant waits for the big one: got %q after 3 s", got)
		}
		waiting := 0
		for i := range 300 {
			if b.screen.last(roomOf(cloud, i)) == "" {
				waiting++
			}
		}
		if waiting < 200 {
			t.Errorf("%d rooms of the big tenant wait after %s: it got more than its share", waiting, time.Since(begun))
		}
	})
}

func roomOf(site string, i int) glance.Key {
	g, _ := room(fmt.Sprintf("room-%d", i))
	g.Site = site
	return g
}

func setupOf(site string, i int) glance.Key {
	_, s := room(fmt.Sprintf("room-%d", i))
	s.Site = site
	return s
}

// TestStopTakesTenSeconds: rows that hang at shutdown are given up and
// released.
func TestStopTakesTenSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.begin(t, glanceKey, setupKey)
		b.source.of = func() glance.Numbers { pass(15 * time.Second); return glance.Numbers{Open: 1} }
		b.screen.during = func(ctx context.Context, _ glance.Key) error { return hang(ctx) }
		stop := b.start(t)
		pass(time.Second)
		begun := time.Now()
		stop()
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("stopped after %s", took)
		}
		row, err := b.store.Glances.Glance(t.Context(), glanceKey)
		if err != nil {
			t.Fatal(err)
		}
		if row.Lease != "" || !row.NeedsWork() || row.NextAttempt.After(time.Now().Add(time.Minute)) {
			t.Errorf("got %+v, want it released and due", row)
		}
		pass(20 * time.Second) // the reading ends by itself
	})
}

// TestCallsAreCountedOverRestarts: with constant events and a restart every few
// seconds that forgets everything in memory, no minute has more calls than the
// background's share.
func TestCallsAreCountedOverRestarts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		open := 0
		b.source.of = func() glance.Numbers { open++; return glance.Numbers{Open: open} }
		b.begin(t, glanceKey, setupKey)
		for range 16 {
			b.r = b.reconciler()
			stop := b.start(t)
			for range 20 {
				b.mark(t, time.Now())
				pass(250 * time.Millisecond)
			}
			stop()
		}
		calls := append(b.screen.calls(glanceKey), b.screen.calls(setupKey)...)
		slices.SortFunc(calls, time.Time.Compare)
		if len(calls) < 45 {
			t.Fatalf("only %d calls in 80 s", len(calls))
		}
		for i, first := range calls {
			n := 0
			for _, call := range calls[i:] {
				if call.Before(first.Add(time.Minute)) {
					n++
				}
			}
			if n > 60 {
				t.Fatalf("%d calls in a minute", n)
			}
		}
	})
}

// busy is another chat's request to wait.
type busy time.Duration

func (busy) Error() string               { return "slow down" }
func (b busy) RetryAfter() time.Duration { return time.Duration(b) }

// TestPlatformIsLeftAlone: for as long as it asks, whatever its error is.
func TestPlatformIsLeftAlone(t *testing.T) {
	t.Parallel()
	const wait = 95 * time.Second
	for name, refusal := range map[string]error{
		"a rest error":  &rest.Error{Status: 429, RetryAfter: wait},
		"another error": fmt.Errorf("post: %w", busy(wait)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t)
				b.source.set(1, nil)
				b.begin(t, glanceKey, setupKey)
				b.screen.refuseWith(func(k glance.Key) error {
					if k.Kind == glance.KindGlance && len(b.screen.times[k]) == 1 {
						return refusal
					}
					return nil
				})
				b.start(t)
				for range 3 {
					pass(20 * time.Second)
					b.source.set(2, nil)
					b.mark(t, time.Now())
				}
				pass(time.Minute)
				calls := b.screen.calls(glanceKey)
				if len(calls) != 2 || calls[1].Sub(calls[0]) < wait || calls[1].Sub(calls[0]) > wait+10*time.Second {
					t.Errorf("calls at %v, want the second %s after the first", calls, wait)
				}
				if got := b.screen.labels(glanceKey); !slices.Equal(got, []string{"2 open"}) {
					t.Errorf("got %v, want only the newest", got)
				}
			})
		})
	}
}

// TestBackoffGrows: a platform that is down is asked less and less often.
func TestBackoffGrows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.begin(t, glanceKey, setupKey)
		b.screen.refuseWith(func(glance.Key) error { return &rest.Error{Status: 500} })
		b.start(t)
		pass(10 * time.Minute)
		calls := b.screen.calls(glanceKey)
		if len(calls) < 6 || len(calls) > 12 {
			t.Errorf("%d calls in ten minutes", len(calls))
		}
		for i := 2; i < len(calls); i++ {
			if calls[i].Sub(calls[i-1]) < calls[i-1].Sub(calls[i-2]) {
				t.Errorf("waits get shorter: %v", calls)
			}
		}
	})
}

// TestPullAgreesWithPush: under load, what is pulled is never older than what
// was pushed before, and is pushed within a second.
func TestPullAgreesWithPush(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	open := 0
	b.source.of = func() glance.Numbers { open++; return glance.Numbers{Open: open} }
	b.begin(t, glanceKey, setupKey)
	b.start(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			_, err := b.store.Glances.MarkDirty(ctx, b.tenant, "ABC", "", time.Now())
			if err != nil && ctx.Err() == nil {
				t.Error(err)
			}
			b.r.Wake()
		}
	}()
	// Two seconds, or on a slow machine until there is something to compare.
	pulled, start := map[string]bool{}, time.Now()
	for time.Since(start) < 2*time.Second || len(pulled) <= 3 {
		pushed := b.screen.last(glanceKey)
		row, err := b.store.Glances.Glance(ctx, glanceKey)
		if err != nil {
			t.Fatal(err)
		}
		if row.DesiredRev == 0 {
			continue
		}
		if number(t, row.PullLabel()) < number(t, pushed) {
			t.Fatalf("pulled %q after %q was pushed", row.PullLabel(), pushed)
		}
		pulled[row.PullLabel()] = true
	}
	cancel()
	<-done
	b.screen.until(t, "everything pulled was pushed", func() bool {
		labels := b.screen.labels(glanceKey)
		for label := range pulled {
			if !slices.Contains(labels, label) {
				return false
			}
		}
		return true
	})
}

// number is the first number of a label, 0 if it has none.
func number(t *testing.T, label string) int {
	t.Helper()
	n := 0
	if label != "" {
		if _, err := fmt.Sscanf(label, "%d open", &n); err != nil {
			t.Fatalf("label %q: %v", label, err)
		}
	}
	return n
}
