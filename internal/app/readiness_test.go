package app

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// TestReadinessIsAskedOnce: any number of probes cost one check in five seconds,
// none of them waits a second, and the log has each change once.
func TestReadinessIsAskedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var checks atomic.Int32
		type health struct {
			failure error
			takes   time.Duration
		}
		var now atomic.Value
		now.Store(health{})
		var logs bytes.Buffer
		r := &readiness{
			now: time.Now, log: slog.New(slog.NewTextHandler(&logs, nil)),
			check: func(ctx context.Context) error {
				checks.Add(1)
				is := now.Load().(health)
				select {
				case <-time.After(is.takes):
					return is.failure
				case <-ctx.Done():
					return ctx.Err()
				}
			},
		}
		probe := func(n int, want string) {
			t.Helper()
			for range n {
				start := time.Now()
				err := r.Ready(t.Context())
				if took := time.Since(start); took >= time.Second {
					t.Errorf("answered after %s", took)
				}
				if got := reasonOf(err); got != want {
					t.Errorf("got reason %q, want %q", got, want)
				}
			}
		}
		probe(1000, "")
		if got := checks.Load(); got != 1 {
			t.Errorf("%d checks, want 1", got)
		}
		locked := &connect.UnavailableError{Reason: "locked", Err: errors.New("a lock")}
		now.Store(health{failure: locked})
		probe(10, "")
		<-time.After(readyFresh)
		probe(10, "locked")
		<-time.After(readyFresh)
		probe(10, "locked")
		now.Store(health{locked, time.Hour})
		<-time.After(readyFresh)
		probe(3, "timeout")
		if got := checks.Load(); got != 4 {
			t.Errorf("%d checks, want 4", got)
		}
		now.Store(health{})
		<-time.After(readyCheck + readyFresh)
		probe(10, "")
		r.drain()
		probe(1, errDraining.Error())
		r.wait()
		for text, want := range map[string]int{"reason=locked": 1, "reason=timeout": 1, "is ready": 1} {
			if got := strings.Count(logs.String(), text); got != want {
				t.Errorf("the log has %q %d times, want %d:\n%s", text, got, want, &logs)
			}
		}
	})
}

// A database that fails slowly, so that probes do not wait for its answer, fails for
// one reason: the log has one line however long that lasts.
func TestReadinessDoesNotFlap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var logs bytes.Buffer
		r := &readiness{
			now: time.Now, log: slog.New(slog.NewTextHandler(&logs, nil)),
			check: func(context.Context) error {
				<-time.After(2 * time.Second)
				return &connect.UnavailableError{Reason: "locked", Err: errors.New("a lock")}
			},
		}
		for range 600 {
			if r.Ready(t.Context()) == nil {
				t.Error("ready")
			}
			<-time.After(time.Second)
		}
		r.wait()
		if got, want := strings.Count(logs.String(), "\n"), 2; got != want { // no answer at first, then why
			t.Errorf("got %d lines, want %d:\n%s", got, want, logs.String()[:1000])
		}
	})
}
