package chat_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/chat"
)

// clock moves only by waiting.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	waits []time.Duration
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.waits = append(c.waits, d)
	return ctx.Err()
}

func timedClient(t *testing.T, calls *atomic.Int64) (*chat.Client, *clock) {
	t.Helper()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(http.StatusNoContent)
	})
	k := &clock{now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	c.Now, c.Sleep = k.Now, k.Sleep
	return c, k
}

func put(ctx context.Context, t *testing.T, c *chat.Client, conversation string) {
	t.Helper()
	if err := c.PutConfiguration(ctx, "c1", conversation, "setup", true); err != nil {
		t.Fatal(err)
	}
}

func TestHundredCallsAMinute(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	c, k := timedClient(t, &calls)
	for i := range 100 {
		if i == 50 {
			k.now = k.now.Add(40 * time.Second)
		}
		put(t.Context(), t, c, "v1")
	}
	put(t.Context(), t, c, "v2") // another conversation has its own hundred
	if len(k.waits) != 0 {
		t.Fatalf("waited %v within the first hundred", k.waits)
	}
	for range 51 {
		put(t.Context(), t, c, "v1")
	}
	// Fifty places are free a minute after the first fifty calls, the next
	// when the second fifty are a minute old.
	if len(k.waits) != 2 || k.waits[0] != 20*time.Second || k.waits[1] != 40*time.Second {
		t.Errorf("waited %v, want 20 s and 40 s", k.waits)
	}
	if got := calls.Load(); got != 152 {
		t.Errorf("made %d calls, want 152", got)
	}
}

func TestNoMinuteHasMoreThanAHundredCalls(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	c, k := timedClient(t, &calls)
	var times []time.Time
	for range 350 {
		put(t.Context(), t, c, "v1")
		times = append(times, k.Now())
		k.now = k.now.Add(100 * time.Millisecond)
	}
	for i := range times[100:] {
		if gap := times[i+100].Sub(times[i]); gap < time.Minute {
			t.Fatalf("call %d is %v after call %d", i+100, gap, i)
		}
	}
}

func TestTooManyCalls(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	c, k := timedClient(t, &calls)
	for range 100 {
		put(t.Context(), t, c, "v1")
	}
	short, cancel := context.WithDeadline(t.Context(), k.now.Add(59*time.Second))
	defer cancel()
	if err := c.PutConfiguration(short, "c1", "v1", "setup", true); !errors.Is(err, chat.ErrTooManyCalls) || len(k.waits) != 0 {
		t.Errorf("no time to wait: got %v after waiting %v, want ErrTooManyCalls at once", err, k.waits)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	c.Sleep = nil
	if _, err := c.Conversation(ended, "c1", "v1"); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: got %v, want context.Canceled", err)
	}
	if got := calls.Load(); got != 100 {
		t.Errorf("made %d calls, want 100", got)
	}
}

func TestTurnsSideBySide(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	c, k := timedClient(t, &calls)
	var wg sync.WaitGroup
	for range 120 {
		wg.Go(func() {
			if err := c.PutConfiguration(t.Context(), "c1", "v1", "setup", true); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if calls.Load() != 120 || len(k.waits) == 0 {
		t.Errorf("made %d calls with %d waits, want 120 with some", calls.Load(), len(k.waits))
	}
}
