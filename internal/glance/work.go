package glance

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// work brings one row to its desired state, or records why it did not.
func (r *Reconciler) work(ctx context.Context, row Row, claim uint64) {
	if until := row.Config.quietUntil(r.Now()); !row.Urgent && !until.IsZero() {
		r.note(ctx, "postpone glance", r.Rows.Postpone(ctx, row, until))
		return
	}
	_ = r.attempt(ctx, row, claim) // recorded with the row
}

// attempt works on a row and records how it went. It returns what failed.
func (r *Reconciler) attempt(ctx context.Context, row Row, claim uint64) error {
	before := row.FailedFor
	row, err := r.reconcile(ctx, row, claim)
	switch {
	case err == nil:
		if before != ReasonNone && before != ReasonInterrupted {
			r.Log.InfoContext(ctx, "glance delivered again", about(row, "reason", before)...)
		}
		return nil
	case isLeaseLost(err):
		r.Log.DebugContext(ctx, "glance taken over", "conversation", row.Key.Conversation)
	case ctx.Err() != nil:
		r.record(ctx, row, Failed{Reason: ReasonInterrupted, Detail: "interrupted", Next: r.Now(), Hold: r.hold(err)})
	default:
		r.fail(ctx, row, err)
	}
	return err
}

func (r *Reconciler) reconcile(ctx context.Context, row Row, claim uint64) (Row, error) {
	sent := row.LeaseUntil.Add(-landTime)
	if row.NeedsCompute() {
		var err error
		if row, err = r.compute(ctx, row, claim); err != nil {
			return row, err
		}
		sent = row.LeaseUntil.Add(-landTime)
	}
	if row.Lease == "" {
		return row, nil // nothing to push, released
	}
	if !row.NeedsPush() {
		return row, r.Rows.Release(ctx, row)
	}
	row, err := r.push(ctx, row, sent)
	if err != nil {
		return row, err
	}
	return row, r.Rows.Deliver(ctx, row)
}

// compute updates the row's desired state. Only glances are computed; a
// configuration's state is written when it changes.
func (r *Reconciler) compute(ctx context.Context, row Row, claim uint64) (Row, error) {
	within, cancel := r.until(ctx, row.LeaseUntil.Add(-landTime))
	defer cancel()
	d := Desired{State: row.Desired, At: r.Now()}
	if row.Key.Kind == KindGlance {
		n, at, err := r.numbers.numbers(within, row, claim)
		if err != nil {
			return row, &StageError{Stage: StageCompute, Err: err}
		}
		d.State = stateOf(r.Words(row.Config.Language), row.Config.Parts, n)
		d.At, d.Midnight = at, row.Config.midnight(at)
	}
	d.Changed = row.DesiredRev == 0 || d.State.Label != row.Desired.Label
	_, d.PushUntil = leases(r.Now())
	return r.Rows.Desire(ctx, row, d)
}

// stateOf is what a glance shows of its numbers.
func stateOf(w Words, parts []Part, n Numbers) State {
	s := State{Label: Label(w, parts, n), Numbers: n}
	if n.Partial() {
		s.Note = w.Partial
	}
	return s
}

// push shows the row's desired state on its surface, unless the given time comes
// first.
func (r *Reconciler) push(ctx context.Context, row Row, before time.Time) (Row, error) {
	surface := r.Surfaces[row.Key.Surface]
	if surface == nil {
		return row, &StageError{Stage: StagePush, Err: fmt.Errorf("%s: %w", row.Key.Surface, ErrUnsupported)}
	}
	if !r.Now().Before(before) {
		return row, ErrLeaseLost // too late to be sure
	}
	ctx, cancel := r.until(ctx, before)
	defer cancel()
	handle, err := put(ctx, surface, row)
	if err != nil {
		return row, &StageError{Stage: StagePush, Err: err}
	}
	row.Handle = handle
	return row, nil
}

func put(ctx context.Context, surface Surface, row Row) (handle string, err error) {
	if row.Key.Kind != KindConfiguration {
		return surface.PutGlance(ctx, row.place(), row.Desired)
	}
	err = surface.PutConfigured(ctx, row.place(), row.Desired.Configured)
	if errors.Is(err, ErrUnsupported) {
		err = nil // nothing to show, nothing to retry
	}
	return row.Handle, err
}

// until limits a context to a time on the reconciler's clock, and to one call's
// time limit.
func (r *Reconciler) until(ctx context.Context, at time.Time) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, at.Sub(r.Now()))
}

func (r *Reconciler) fail(ctx context.Context, row Row, err error) {
	next, reason := r.nextTry(row, err), ReasonOf(err)
	level := slog.LevelWarn
	if reason == row.FailedFor && !next.IsZero() {
		level = slog.LevelDebug // the log has it
	}
	r.Log.Log(ctx, level, "glance not delivered",
		about(row, "attempt", row.Attempts+1, "stopped", next.IsZero(), "reason", reason, "error", err)...)
	r.record(ctx, row, Failed{Reason: reason, Detail: err.Error(), Next: next, Hold: r.hold(err)})
}

// about adds to attributes of the log which row they are about.
func about(row Row, attrs ...any) []any {
	return append([]any{"surface", row.Key.Surface, "conversation", row.Key.Conversation, "module", row.Key.Module}, attrs...)
}

// hold is the time until which nobody may claim a row after a push that may or
// may not have arrived.
func (r *Reconciler) hold(err error) time.Time {
	if !isAmbiguous(err) {
		return time.Time{}
	}
	return r.Now().Add(landTime)
}

// record writes an outcome even after the row's own time is up.
func (r *Reconciler) record(ctx context.Context, row Row, f Failed) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	r.note(ctx, "record glance failure", r.Rows.Fail(ctx, row, f))
}

// nextTry returns when to retry, or the zero time when a retry cannot succeed.
func (r *Reconciler) nextTry(row Row, err error) time.Time {
	if isFinal(err) {
		return time.Time{}
	}
	wait := backoffMin << min(row.Attempts, 10)
	wait = min(wait, backoffMax)
	wait = time.Duration(float64(wait) * (0.7 + 0.6*r.Rand()))
	asked := retryAfter(err)
	asked += time.Duration(float64(min(asked/10, maxSpread)) * r.Rand())
	return r.Now().Add(max(wait, asked))
}
