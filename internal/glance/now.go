package glance

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

var (
	// ErrBusy means that a conversation has used up its calls for now.
	ErrBusy = errors.New("too many calls in the conversation")
	// ErrStopped means that a conversation accepts no states.
	ErrStopped = errors.New("conversation is stopped")
)

// stoppedError is ErrStopped and why.
type stoppedError struct{ reason Reason }

func (e *stoppedError) Error() string { return ErrStopped.Error() + ": " + string(e.reason) }

func (e *stoppedError) Is(target error) bool { return target == ErrStopped }

// Reason is why the conversation is stopped.
func (e *stoppedError) Reason() Reason { return e.reason }

// PushError lists the rows given to PushNow that could not be shown. They stay
// due, except those that are gone.
type PushError struct{ Failures []Failure }

// Failure is one row that could not be shown. Err wraps a [*StageError], which
// tells Jira's failures from the platform's, or ErrGone, ErrStopped, ErrBusy, the
// context's error, or an error of the database.
type Failure struct {
	Key Key
	Err error
}

// Error lists all failures on one line.
func (e *PushError) Error() string {
	texts := make([]string, len(e.Failures))
	for i, f := range e.Failures {
		texts[i] = fmt.Sprintf("%s %s: %v", f.Key.Kind, f.Key.Module, f.Err)
	}
	return "push now: " + strings.Join(texts, "; ")
}

// Unwrap returns the errors of all failures.
func (e *PushError) Unwrap() []error {
	errs := make([]error, len(e.Failures))
	for i, f := range e.Failures {
		errs[i] = f.Err
	}
	return errs
}

// lookAgain is how often to check a row that another worker holds.
const lookAgain = 50 * time.Millisecond

// PushNow brings the given rows to their desired state while a person waits. It
// ignores quiet hours and the wait after a failure, and may use calls of the
// conversation that are reserved for people. It leases rows as the background
// does, so that an older state never overtakes a newer one, and waits for a row
// that another worker holds. It returns nil when all are shown, else a
// [*PushError]; failed rows are retried later.
func (r *Reconciler) PushNow(ctx context.Context, keys ...Key) error {
	r.init()
	defer r.Wake()
	errs := make([]error, len(keys))
	var all sync.WaitGroup
	for i, k := range keys {
		all.Go(func() { errs[i] = r.pushNow(ctx, k) })
	}
	all.Wait()
	var failed PushError
	for i, err := range errs {
		if err != nil {
			failed.Failures = append(failed.Failures, Failure{Key: keys[i], Err: err})
		}
	}
	if len(failed.Failures) == 0 {
		return nil
	}
	return &failed
}

// pushNow works on one row until it shows its desired state.
func (r *Reconciler) pushNow(ctx context.Context, k Key) error {
	for looks := 0; ; {
		c := Claim{Now: r.Now(), Paces: r.paces(true)}
		c.ComputeUntil, c.PushUntil = leases(c.Now)
		// Not given up half way: the row could be leased and nobody at work on it.
		row, ok, err := r.Rows.ClaimKey(context.WithoutCancel(ctx), k, c)
		if err != nil {
			return err
		}
		if ok {
			err = r.attempt(ctx, row, r.numbers.claimed())
		} else {
			err = idle(row, c.Now)
		}
		if looks++; !ok && errors.Is(err, ErrBusy) && looks == 1 {
			continue // it may have been released since the claim
		}
		if !isLeaseLost(err) {
			return err
		}
		looks = 0
		if err := rest.Sleep(ctx, lookAgain); err != nil { // another worker has it
			return err
		}
	}
}

// idle says why a row could not be claimed: nil when nothing is to be done,
// ErrLeaseLost when another holds it.
func idle(row Row, now time.Time) error {
	switch {
	case !row.NeedsWork():
		return nil
	case row.Stopped:
		return &stoppedError{row.StoppedFor}
	case row.LeaseUntil.After(now):
		return ErrLeaseLost
	}
	return ErrBusy
}
