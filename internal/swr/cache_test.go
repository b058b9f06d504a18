package swr_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sightline-go/sightline/internal/swr"
)

// overhead is what each value counts besides its own bytes.
const overhead = 1 << 10

// clock stands still until it is moved.
type clock struct{ time.Time }

func newClock() *clock {
	return &clock{time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
}

func (c *clock) now() time.Time          { return c.Time }
func (c *clock) advance(d time.Duration) { c.Time = c.Add(d) }
func everything(string) bool             { return true }
func only(key string) func(string) bool  { return func(k string) bool { return k == key } }
func value(v string) swr.Load[string]    { return func(context.Context) (string, error) { return v, nil } }

func failure(err error) swr.Load[string] {
	return func(context.Context) (string, error) { return "", err }
}

func untouched(t *testing.T) swr.Load[string] {
	return func(context.Context) (string, error) {
		t.Error("loaded without need")
		return "", nil
	}
}

func newCache(c *clock) *swr.Cache[string, string] {
	return &swr.Cache[string, string]{Fresh: time.Minute, Keep: time.Hour, Now: c.now}
}

// get expects a value that comes without an error.
func get(t *testing.T, c *swr.Cache[string, string], key string, load swr.Load[string]) (v string, at time.Time, stale bool) {
	t.Helper()
	v, at, stale, err := c.Get(t.Context(), key, load)
	if err != nil {
		t.Fatalf("get %s: %v", key, err)
	}
	return v, at, stale
}

func want(t *testing.T, c *swr.Cache[string, string], key, value string, stale bool) {
	t.Helper()
	got, _, gotStale, ok := c.Peek(key)
	if !ok || got != value || gotStale != stale {
		t.Errorf("%s: got %q, stale %v, there %v, want %q, stale %v", key, got, gotStale, ok, value, stale)
	}
}

func wantNone(t *testing.T, c *swr.Cache[string, string], key string) {
	t.Helper()
	if got, _, _, ok := c.Peek(key); ok {
		t.Errorf("%s: got %q, want nothing", key, got)
	}
}

func TestGetAges(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		age   time.Duration
		want  string
		stale bool
		after string // once nothing runs any more
	}{
		{"new", 0, "old", false, "old"},
		{"nearly fresh", time.Minute - 1, "old", false, "old"},
		{"just stale", time.Minute, "old", true, "new"},
		{"nearly forgotten", time.Hour - 1, "old", true, "new"},
		{"forgotten", time.Hour, "new", false, "new"},
		{"clock set back", -time.Hour, "old", true, "new"},
	} {
		synctest.Test(t, func(t *testing.T) {
			clock := newClock()
			c := newCache(clock)
			c.Put("k", "old")
			start := clock.Time
			clock.advance(tt.age)
			got, at, stale := get(t, c, "k", value("new"))
			if got != tt.want || stale != tt.stale {
				t.Errorf("%s: got %q, stale %v, want %q, %v", tt.name, got, stale, tt.want, tt.stale)
			}
			if readAt := map[string]time.Time{"old": start, "new": clock.Time}[got]; !at.Equal(readAt) {
				t.Errorf("%s: got time %v, want %v", tt.name, at, readAt)
			}
			c.Wait()
			want(t, c, "k", tt.after, false)
		})
	}
}

func TestZeroCache(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &swr.Cache[string, string]{}
		wantNone(t, c, "k")
		c.Expire(everything)
		c.Drop(everything)
		c.Wait()
		for _, v := range []string{"1", "2"} { // nothing is kept
			if got, _, stale := get(t, c, "k", value(v)); got != v || stale {
				t.Errorf("got %q, stale %v, want %q", got, stale, v)
			}
		}
		c.Close()
	})
}

func TestFreshAboveKeep(t *testing.T) {
	t.Parallel()
	clock := newClock()
	c := &swr.Cache[string, string]{Fresh: time.Minute, Now: clock.now}
	c.Put("k", "v")
	clock.advance(59 * time.Second)
	want(t, c, "k", "v", false)
	clock.advance(time.Second)
	wantNone(t, c, "k")
}

func TestGetFresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := newClock()
		c := newCache(clock)
		c.Put("k", "old")
		if got, _, _, err := c.GetFresh(t.Context(), "k", untouched(t)); err != nil || got != "old" {
			t.Errorf("fresh: got %q, %v", got, err)
		}
		c.Expire(everything)
		errDown := errors.New("down")
		if _, _, _, err := c.GetFresh(t.Context(), "k", failure(errDown)); !errors.Is(err, errDown) {
			t.Errorf("failure: got %v, want %v", err, errDown)
		}
		want(t, c, "k", "old", true)
		clock.advance(time.Second)
		got, at, stale, err := c.GetFresh(t.Context(), "k", value("new"))
		if err != nil || got != "new" || stale || !at.Equal(clock.Time) {
			t.Errorf("stale: got %q at %v, stale %v, %v", got, at, stale, err)
		}
		want(t, c, "k", "new", false)
	})
}

// The age counts from the start of the load.
func TestAgeOfSlowLoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := newClock()
		c := newCache(clock)
		start := clock.Time
		_, at, stale := get(t, c, "k", func(context.Context) (string, error) {
			clock.advance(2 * time.Minute)
			return "v", nil
		})
		if !at.Equal(start) || stale {
			t.Errorf("got %v, stale %v, want %v", at, stale, start)
		}
		want(t, c, "k", "v", true)
	})
}

func TestFailureIsNotKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCache(newClock())
		c.Failed = func(string, error) { t.Error("told of a failure that its reader has") }
		errDown := errors.New("down")
		if _, at, stale, err := c.Get(t.Context(), "k", failure(errDown)); !errors.Is(err, errDown) || stale || !at.IsZero() {
			t.Errorf("got %v at %v, want %v", err, at, errDown)
		}
		wantNone(t, c, "k")
		if got, _, _ := get(t, c, "k", value("v")); got != "v" {
			t.Errorf("got %q, want v", got)
		}
	})
}

func TestFailedRefreshKeepsValue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCache(newClock())
		var told error
		c.Failed = func(key string, err error) {
			if key == "k" {
				told = err
			}
		}
		c.Put("k", "old")
		c.Expire(everything)
		errDown := errors.New("down")
		for range 2 { // tried again for the next reader
			told = nil
			if got, _, stale := get(t, c, "k", failure(errDown)); got != "old" || !stale {
				t.Errorf("got %q, stale %v, want old", got, stale)
			}
			c.Wait()
			if !errors.Is(told, errDown) {
				t.Errorf("told %v, want %v", told, errDown)
			}
		}
		want(t, c, "k", "old", true)
	})
}

func TestExpireAndDrop(t *testing.T) {
	t.Parallel()
	clock := newClock()
	c := newCache(clock)
	c.Put("a", "1")
	c.Put("b", "2")
	c.Expire(only("a"))
	want(t, c, "a", "1", true)
	want(t, c, "b", "2", false)
	c.Put("a", "3")
	want(t, c, "a", "3", false)
	c.Drop(only("a"))
	wantNone(t, c, "a")
	want(t, c, "b", "2", false)
	c.Expire(everything)
	clock.advance(time.Hour)
	wantNone(t, c, "b")
}

func TestMax(t *testing.T) {
	t.Parallel()
	clock := newClock()
	c := newCache(clock)
	c.Max = 2 * overhead
	c.Put("a", "1")
	c.Put("b", "2")
	c.Put("a", "3") // replaces, evicts nothing
	c.Put("c", "4") // b is the least recently used
	wantNone(t, c, "b")
	want(t, c, "a", "3", false)
	c.Put("d", "5") // now c is
	wantNone(t, c, "c")
	if got, _, _ := get(t, c, "a", untouched(t)); got != "3" {
		t.Errorf("got %q, want 3", got)
	}
	want(t, c, "d", "5", false)
}

func TestMaxHoldsForLoads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCache(newClock())
		c.Max = overhead
		get(t, c, "a", value("1"))
		get(t, c, "b", value("2"))
		wantNone(t, c, "a")
		want(t, c, "b", "2", false)
	})
}

// TestBytes: a value that grows takes the room of those least recently used,
// and one that is larger than everything is not kept.
func TestBytes(t *testing.T) {
	t.Parallel()
	c := newCache(newClock())
	grown := false
	c.Max = 4 * overhead
	c.Weigh = func(v string) int {
		if v == "grows" && grown {
			return 2 * overhead
		}
		return len(v)
	}
	c.Put("a", "")
	c.Put("b", "grows")
	c.Put("c", "")
	grown = true
	c.Grown("b")
	wantNone(t, c, "a")
	want(t, c, "b", "grows", false)
	c.Grown("a") // not there any more
	c.Put("d", strings.Repeat("x", 4*overhead))
	wantNone(t, c, "d")
	c.Drop(everything)
	if got := c.Bytes(); got != 0 {
		t.Errorf("empty: %d bytes", got)
	}
}

// TestSweep lets go what is too old, and what nobody asked for in a while.
func TestSweep(t *testing.T) {
	t.Parallel()
	clock := newClock()
	c := newCache(clock)
	c.Idle = 30 * time.Minute
	c.Put("old", "1")
	clock.advance(20 * time.Minute)
	c.Put("asked for", "2")
	c.Put("idle", "3")
	clock.advance(20 * time.Minute)
	want(t, c, "old", "1", true)
	want(t, c, "asked for", "2", true)
	clock.advance(20 * time.Minute)
	c.Sweep()
	if got, want := c.Bytes(), overhead; got != want {
		t.Errorf("after the sweep: %d bytes, want those of one value", got)
	}
	want(t, c, "asked for", "2", true)
}

func hit(context.Context) (int, error) { return 0, errors.New("loaded without need") }

func TestHitDoesNotAllocate(t *testing.T) { // not parallel: it counts allocations
	c := &swr.Cache[string, int]{Fresh: time.Hour}
	c.Put("k", 1)
	ctx := t.Context()
	got := testing.AllocsPerRun(100, func() {
		if _, _, _, err := c.Get(ctx, "k", hit); err != nil {
			t.Error(err)
		}
		if _, _, _, ok := c.Peek("k"); !ok {
			t.Error("not there")
		}
	})
	if got != 0 {
		t.Errorf("got %v allocations, want none", got)
	}
}

func BenchmarkHit(b *testing.B) {
	c := &swr.Cache[string, int]{Fresh: time.Hour}
	c.Put("k", 1)
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		if _, _, _, err := c.Get(ctx, "k", hit); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHitParallel(b *testing.B) {
	c := &swr.Cache[string, int]{Fresh: time.Hour}
	c.Put("k", 1)
	ctx := b.Context()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, _, _, err := c.Get(ctx, "k", hit); err != nil {
				b.Error(err)
			}
		}
	})
}

// A value that rests on older ones is kept as long as those.
func TestSince(t *testing.T) {
	t.Parallel()
	clock := newClock()
	c := newCache(clock)
	since := map[string]time.Time{"older": clock.Time.Add(-50 * time.Minute), "later": clock.Time.Add(time.Hour)}
	c.Since = func(v string) time.Time { return since[v] }
	for _, key := range []string{"older", "later", "plain"} {
		c.Put(key, key)
	}
	clock.advance(10*time.Minute - 1)
	want(t, c, "older", "older", true)
	clock.advance(1)
	wantNone(t, c, "older")
	want(t, c, "later", "later", true)
	c.Put("older", "older")
	if c.Sweep(); c.Bytes() != 2*overhead+len("") {
		t.Errorf("%d bytes are left", c.Bytes())
	}
	wantNone(t, c, "older")
}
