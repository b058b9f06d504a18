package glance

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// Source computes the numbers of a glance, as the app: counts only, never a
// name.
type Source interface {
	Numbers(ctx context.Context, tenant string, c Config) (Numbers, error)
}

// The times of the reconciler.
const (
	// leaseTime is how long a claimed row is out of other workers' reach;
	// after a kill it is due again when it has passed.
	leaseTime = time.Minute
	// workTime bounds one row's work, so that it ends before its lease.
	workTime = 45 * time.Second
	// idleTime is how long the reconciler sleeps at most when nothing is due:
	// another process may have marked rows.
	idleTime = 5 * time.Second
	// recheckTime is how old a computed state may get without any event: an
	// issue turns overdue at midnight without one.
	recheckTime = 10 * time.Minute
	// recheckEvery is how often rows are looked through for that.
	recheckEvery = 30 * time.Second
	// backoffMin and backoffMax bound the wait after a failure.
	backoffMin = 2 * time.Second
	backoffMax = 10 * time.Minute
)

// Reconciler works off the rows that are due. All fields but Now, Rand and
// Workers are required.
type Reconciler struct {
	Rows   Rows
	Source Source
	// Surfaces are the chats that are on. A row of another chat waits.
	Surfaces map[SurfaceName]Surface
	Log      *slog.Logger
	Now      func() time.Time
	// Rand returns a number in [0,1) for jitter.
	Rand func() float64
	// Workers is how many rows are worked on at once; 0 means 4.
	Workers int

	once      sync.Once
	wake      chan struct{}
	rechecked time.Time
}

func (r *Reconciler) init() {
	r.once.Do(func() {
		r.wake = make(chan struct{}, 1)
		if r.Now == nil {
			r.Now = time.Now
		}
		if r.Rand == nil {
			r.Rand = rand.Float64
		}
		if r.Workers == 0 {
			r.Workers = 4
		}
	})
}

// Wake tells the reconciler that a row may have become due. It never blocks.
func (r *Reconciler) Wake() {
	r.init()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run works until the context ends, then lets what is in flight finish within
// ten seconds.
func (r *Reconciler) Run(ctx context.Context) {
	r.init()
	if err := r.Rows.Recover(ctx); err != nil && ctx.Err() == nil {
		r.Log.ErrorContext(ctx, "recover glances", "error", err)
	}
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var flight sync.WaitGroup
	slots := make(chan struct{}, r.Workers)
	for ctx.Err() == nil {
		r.recheck(ctx)
		rows := r.claim(ctx, slots)
		for _, row := range rows {
			slots <- struct{}{}
			flight.Go(func() {
				defer func() { <-slots; r.Wake() }()
				r.work(work, row)
			})
		}
		if len(rows) == 0 {
			r.wait(ctx)
		}
	}
	stop := time.AfterFunc(10*time.Second, cancel)
	defer stop.Stop()
	flight.Wait()
}

// claim takes as many due rows as there are free workers.
func (r *Reconciler) claim(ctx context.Context, slots chan struct{}) []Row {
	free := cap(slots) - len(slots)
	if free == 0 {
		return nil
	}
	now := r.Now()
	rows, err := r.Rows.Claim(ctx, now, now.Add(leaseTime), free)
	if err != nil && ctx.Err() == nil {
		r.Log.ErrorContext(ctx, "claim glances", "error", err)
	}
	return rows
}

// recheck marks what no event has touched for long.
func (r *Reconciler) recheck(ctx context.Context) {
	now := r.Now()
	if now.Sub(r.rechecked) < recheckEvery {
		return
	}
	r.rechecked = now
	if _, err := r.Rows.MarkOlder(ctx, now.Add(-recheckTime), now); err != nil && ctx.Err() == nil {
		r.Log.ErrorContext(ctx, "recheck glances", "error", err)
	}
}

// wait sleeps until a row is due, somebody wakes it, or the context ends.
func (r *Reconciler) wait(ctx context.Context) {
	timer := time.NewTimer(r.untilNext(ctx))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-r.wake:
	case <-timer.C:
	}
}

func (r *Reconciler) untilNext(ctx context.Context) time.Duration {
	next, err := r.Rows.NextDue(ctx)
	if err != nil || next.IsZero() {
		return idleTime
	}
	return min(max(next.Sub(r.Now()), 10*time.Millisecond), idleTime)
}

// work brings one row to its desired state or records why not.
func (r *Reconciler) work(ctx context.Context, row Row) {
	ctx, cancel := context.WithTimeout(ctx, workTime)
	defer cancel()
	row, err := r.reconcile(ctx, row)
	switch {
	case err == nil:
		return
	case isLeaseLost(err):
		r.Log.DebugContext(ctx, "glance taken over", "conversation", row.Key.Conversation)
	case ctx.Err() != nil:
		r.record(ctx, row, "interrupted", r.Now())
	default:
		r.fail(ctx, row, err)
	}
}

func (r *Reconciler) reconcile(ctx context.Context, row Row) (_ Row, err error) {
	if row.NeedsCompute() {
		state, err := r.desired(ctx, row)
		if err != nil {
			return row, err
		}
		if row, err = r.Rows.Desire(ctx, row, state, r.Now()); err != nil {
			return row, err
		}
	}
	if !row.NeedsPush() {
		return row, r.Rows.Release(ctx, row)
	}
	if row, err = r.push(ctx, row); err != nil {
		return row, &pushError{err: err}
	}
	return row, r.Rows.Deliver(ctx, row)
}

// push shows the row's desired state on its surface.
func (r *Reconciler) push(ctx context.Context, row Row) (Row, error) {
	surface := r.Surfaces[row.Key.Surface]
	if surface == nil {
		return row, fmt.Errorf("%s: %w", row.Key.Surface, ErrUnsupported)
	}
	at := Place{Site: row.Key.Site, Conversation: row.Key.Conversation, Module: row.Key.Module, Handle: row.Handle}
	if row.Key.Kind == KindConfiguration {
		err := surface.PutConfigured(ctx, at, row.Desired.Configured)
		if errors.Is(err, ErrUnsupported) {
			err = nil // nothing to show, nothing to try again
		}
		return row, err
	}
	handle, err := surface.PutGlance(ctx, at, row.Desired)
	if err == nil {
		row.Handle = handle
	}
	return row, err
}

// desired computes what the row should show. Only glances are computed; a
// configuration's state is written when it changes.
func (r *Reconciler) desired(ctx context.Context, row Row) (State, error) {
	if row.Key.Kind != KindGlance {
		return row.Desired, nil
	}
	n, err := r.Source.Numbers(ctx, row.Tenant, row.Config)
	if err != nil {
		return State{}, err
	}
	return State{Label: Label(n), Numbers: n}, nil
}

func (r *Reconciler) fail(ctx context.Context, row Row, err error) {
	next := r.nextTry(row, err)
	r.Log.WarnContext(ctx, "glance not delivered",
		"conversation", row.Key.Conversation, "module", row.Key.Module,
		"attempt", row.Attempts+1, "stopped", next.IsZero(), "error", err)
	r.record(ctx, row, err.Error(), next)
}

// record must succeed even when the row's own time is up.
func (r *Reconciler) record(ctx context.Context, row Row, reason string, next time.Time) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := r.Rows.Fail(ctx, row, reason, next); err != nil && !isLeaseLost(err) {
		r.Log.ErrorContext(ctx, "record glance failure", "error", err)
	}
}

// nextTry returns when to try again, or the zero time when trying again
// cannot help.
func (r *Reconciler) nextTry(row Row, err error) time.Time {
	if isFinal(err) {
		return time.Time{}
	}
	wait := backoffMin << min(row.Attempts, 10)
	wait = min(wait, backoffMax)
	wait = time.Duration(float64(wait) * (0.7 + 0.6*r.Rand()))
	return r.Now().Add(max(wait, retryAfter(err)))
}
