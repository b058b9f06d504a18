package app

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sightline-go/sightline/connect"
)

const (
	// readyFresh is how old an answer about the database may be.
	readyFresh = 5 * time.Second
	// readyWait is how long a probe waits for one.
	readyWait = 800 * time.Millisecond
	// readyCheck bounds a check, which probes do not wait for.
	readyCheck = 10 * time.Second
)

// errDraining is why a program that was told to stop is not ready.
var errDraining = errors.New("the program is stopping")

// readiness answers probes from a check of the database that is made once for
// all of them, and only if somebody asks. The log has what changes.
type readiness struct {
	// check asks the database.
	check func(ctx context.Context) error
	now   func() time.Time
	log   *slog.Logger

	draining atomic.Bool

	mu sync.Mutex
	// at is when the last check ended, err its result.
	at  time.Time
	err error
	// said is the reason that the log has, "" while the database is ready.
	said string
	// under is closed when the check under way ends; nil without one.
	under chan struct{}
}

// Ready reports why the program should get no requests. It answers within a
// second.
func (r *readiness) Ready(ctx context.Context) error {
	under, err := r.current(ctx)
	if under == nil {
		return err
	}
	timer := time.NewTimer(readyWait)
	defer timer.Stop()
	select {
	case <-under:
		_, err = r.current(ctx)
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		err := timeout(errors.New("no answer yet"))
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.said == "" { // otherwise the check will tell whether the reason is another now
			r.note(ctx, err)
		}
		return err
	}
}

func timeout(err error) error {
	return &connect.UnavailableError{Reason: "timeout", RetryAfter: readyFresh, Err: err}
}

// drain makes the program not ready for good.
func (r *readiness) drain() { r.draining.Store(true) }

// current is the last answer, or the check under way if that is too old.
func (r *readiness) current(ctx context.Context) (<-chan struct{}, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.draining.Load():
		return nil, errDraining
	case r.under != nil:
		return r.under, nil
	case !r.at.IsZero() && r.now().Sub(r.at) < readyFresh:
		return nil, r.err
	}
	under := make(chan struct{})
	r.under = under
	go r.run(context.WithoutCancel(ctx), under)
	return under, nil
}

func (r *readiness) run(ctx context.Context, under chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, readyCheck)
	defer cancel()
	err := r.check(ctx)
	if err != nil && ctx.Err() != nil {
		err = timeout(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at, r.err, r.under = r.now(), err, nil
	r.note(ctx, err)
	close(under)
}

// note logs an answer that differs from the one before.
func (r *readiness) note(ctx context.Context, err error) {
	reason := reasonOf(err)
	if reason == r.said {
		return
	}
	r.said = reason
	if err == nil {
		r.log.InfoContext(ctx, "the database is ready")
		return
	}
	r.log.ErrorContext(ctx, "the database is not ready", "reason", reason, "error", err)
}

// reasonOf is what tells two failures apart: texts may name a connection.
func reasonOf(err error) string {
	var down *connect.UnavailableError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &down):
		return down.Reason
	}
	return err.Error()
}

// wait waits for the check under way, which uses the database.
func (r *readiness) wait() {
	r.mu.Lock()
	under := r.under
	r.mu.Unlock()
	if under != nil {
		<-under
	}
}
