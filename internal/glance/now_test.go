package glance_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/store"
)

// failureOf is how PushNow says that a key failed.
func failureOf(t *testing.T, err error, k glance.Key) error {
	t.Helper()
	var failed *glance.PushError
	if !errors.As(err, &failed) {
		t.Fatalf("got %v, want a *PushError", err)
	}
	for _, f := range failed.Failures {
		if f.Key == k {
			return f.Err
		}
	}
	return nil
}

func TestPushNow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.source.set(4, nil)
		b.begin(t, glanceKey, setupKey)
		// Nothing runs in the background: the caller does the work.
		if err := b.r.PushNow(t.Context(), glanceKey, setupKey); err != nil {
			t.Fatal(err)
		}
		if got := b.screen.last(glanceKey); got != "4 open" {
			t.Errorf("got %q", got)
		}
		if n := len(b.screen.labels(setupKey)); n != 1 {
			t.Errorf("%d pushes of the configuration", n)
		}
		if err := b.r.PushNow(t.Context(), glanceKey, setupKey); err != nil || len(b.screen.calls(glanceKey)) != 1 {
			t.Errorf("nothing to do: %v after %d calls", err, len(b.screen.calls(glanceKey)))
		}
		b.source.set(5, nil)
		b.mark(t, time.Now().Add(time.Hour)) // PushNow does not wait for it
		if err := b.r.PushNow(t.Context(), glanceKey); err != nil || b.screen.last(glanceKey) != "5 open" {
			t.Errorf("got %q, %v", b.screen.last(glanceKey), err)
		}
	})
}

func TestPushNowSaysWhatFailed(t *testing.T) {
	t.Parallel()
	gone := errors.Join(glance.ErrGone, &rest.Error{Status: 403})
	for _, tc := range []struct {
		name            string
		source, surface error
		stage           glance.Stage
		stopped         bool
	}{
		{"jira is down", &rest.Error{Status: 503}, nil, glance.StageCompute, false},
		{"the platform is down", nil, &rest.Error{Status: 503}, glance.StagePush, false},
		{"the platform forbids", nil, gone, glance.StagePush, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.source.set(1, tc.source)
			b.screen.refuseWith(func(k glance.Key) error {
				if k.Kind == glance.KindGlance {
					return tc.surface
				}
				return nil
			})
			b.begin(t, glanceKey, setupKey)
			err := b.r.PushNow(t.Context(), glanceKey, setupKey)
			var at *glance.StageError
			if failed := failureOf(t, err, glanceKey); !errors.As(failed, &at) || at.Stage != tc.stage {
				t.Errorf("got %v, want stage %s", failed, tc.stage)
			}
			if failed := failureOf(t, err, setupKey); failed != nil {
				t.Errorf("the configuration failed too: %v", failed)
			}
			if got := errors.Is(err, glance.ErrGone); got != tc.stopped {
				t.Errorf("gone: %v, want %v", got, tc.stopped)
			}
			row, err := b.store.Glances.Glance(t.Context(), glanceKey)
			if err != nil {
				t.Fatal(err)
			}
			if !row.NeedsWork() || row.Lease != "" || row.NextAttempt.IsZero() != tc.stopped || row.LastError == "" {
				t.Errorf("got %+v, want it due unless gone", row)
			}
		})
	}
}

func TestPushNowRefuses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		if err := failureOf(t, b.r.PushNow(t.Context(), glanceKey), glanceKey); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("no such room: got %v", err)
		}
		b.begin(t, glanceKey, setupKey)
		if err := b.store.Conversations.StopConversation(t.Context(), glance.SurfaceChat, cloud, conversation, "archived", time.Time{}); err != nil {
			t.Fatal(err)
		}
		if err := failureOf(t, b.r.PushNow(t.Context(), glanceKey), glanceKey); !errors.Is(err, glance.ErrStopped) {
			t.Errorf("archived: got %v", err)
		}
		b.configure(t, glanceKey, setupKey, config)
		// A person who never stops is stopped by the room's limit, which leaves
		// calls for others.
		var err error
		n := 0
		for ; err == nil && n < 200; n++ {
			b.source.set(n, nil)
			b.mark(t, time.Now())
			err = b.r.PushNow(t.Context(), glanceKey)
		}
		if got := len(b.screen.calls(glanceKey)); !errors.Is(err, glance.ErrBusy) || got < 30 || got > 74 {
			t.Errorf("got %v after %d calls", err, got)
		}
	})
}

// TestPushNowWaitsForTheWorker: a row that a worker holds is not pushed in
// parallel, and the newer state comes last.
func TestPushNowWaitsForTheWorker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.source.set(1, nil)
		b.begin(t, glanceKey, setupKey)
		b.screen.during = func(context.Context, glance.Key) error { pass(2 * time.Second); return nil }
		b.start(t)
		pass(time.Second) // the worker has begun
		b.source.set(2, nil)
		b.configure(t, glanceKey, setupKey, config)
		begun := time.Now()
		if err := b.r.PushNow(t.Context(), glanceKey, setupKey); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took < 2*time.Second || took > 6*time.Second {
			t.Errorf("took %s", took)
		}
		if got := b.screen.labels(glanceKey); !slices.Equal(got, []string{"1 open", "2 open"}) {
			t.Errorf("got %v", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		b.configure(t, glanceKey, setupKey, config)
		b.source.set(3, nil)
		b.mark(t, time.Now())
		pass(500 * time.Millisecond)
		if err := failureOf(t, b.r.PushNow(ctx, glanceKey), glanceKey); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("no time: got %v", err)
		}
		pass(20 * time.Second)
		if got := b.screen.last(glanceKey); got != "3 open" {
			t.Errorf("left due: got %q", got)
		}
	})
}

// TestUncertainPushIsWaitedFor: after a push that may or may not have arrived,
// nothing is sent until it can no longer arrive, not even for a person.
func TestUncertainPushIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.source.set(1, nil)
		b.begin(t, glanceKey, setupKey)
		b.screen.refuseWith(func(k glance.Key) error {
			if len(b.screen.times[k]) == 1 {
				return errors.New("connection reset")
			}
			return nil
		})
		if err := b.r.PushNow(t.Context(), glanceKey); err == nil {
			t.Fatal("no failure")
		}
		b.configure(t, glanceKey, setupKey, config)
		if err := b.r.PushNow(t.Context(), glanceKey); err != nil {
			t.Fatal(err)
		}
		calls := b.screen.calls(glanceKey)
		if len(calls) != 2 || calls[1].Sub(calls[0]) < 3*time.Second {
			t.Errorf("calls at %v, want three seconds between them", calls)
		}
	})
}

// givenBack is storage whose rows are released by their holders between a
// failed claim and the look at the row.
type givenBack struct {
	*store.Glances
	looks atomic.Int64
}

func (g *givenBack) ClaimKey(ctx context.Context, k glance.Key, c glance.Claim) (glance.Row, bool, error) {
	if g.looks.Add(1) == 1 {
		row, err := g.Glance(ctx, k)
		return row, false, err
	}
	return g.Glances.ClaimKey(ctx, k, c)
}

// TestPushNowLooksTwice: a row that is free again is not busy.
func TestPushNowLooksTwice(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.source.set(4, nil)
	b.begin(t, glanceKey, setupKey)
	rows := &givenBack{Glances: b.store.Glances}
	b.r.Rows = rows
	if err := b.r.PushNow(t.Context(), glanceKey); err != nil {
		t.Fatal(err)
	}
	if got := b.screen.last(glanceKey); got != "4 open" || rows.looks.Load() != 2 {
		t.Errorf("got %q after %d looks", got, rows.looks.Load())
	}
}
