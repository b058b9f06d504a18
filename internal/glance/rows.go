package glance

import (
	"context"
	"time"
)

// Rows is where the reconciler keeps its rows.
//
// Every method that takes a row works for the holder of its lease only, and
// returns ErrLeaseLost to any other.
type Rows interface {
	// Recover gives back the leases of a process that is known to be dead,
	// but for those under which a state may still be on its way. It is called
	// once, before the first Claim.
	Recover(ctx context.Context) error
	// Claim leases rows that are due. A row of a stopped conversation, of an
	// uninstalled tenant or of a surface without a pace is never due. Tenants
	// take turns; within one the row that is due the longest comes first.
	Claim(ctx context.Context, c Claim) ([]Row, error)
	// ClaimKey leases one row, whatever it waits for but another's lease, its
	// conversation's calls and its conversation itself. Without success ok is
	// false and the row is as it was found.
	ClaimKey(ctx context.Context, k Key, c Claim) (r Row, ok bool, err error)
	// Desire records a state and returns the row as it is afterwards. A row
	// that has nothing to push is given back with it.
	Desire(ctx context.Context, r Row, d Desired) (Row, error)
	// Deliver records that r.DesiredRev arrived, clears the failure count and
	// gives the lease back. DeliveredRev never goes down.
	Deliver(ctx context.Context, r Row) error
	// Fail records a failure and gives the lease back.
	Fail(ctx context.Context, r Row, f Failed) error
	// Postpone gives the lease back until the row's quiet hours are over.
	Postpone(ctx context.Context, r Row, until time.Time) error
	// Release gives the lease back without a word. A lost lease is no error.
	Release(ctx context.Context, r Row) error
	// NextDue returns when the earliest row is due, or the zero time.
	NextDue(ctx context.Context, paces []Pace) (time.Time, error)
	// MarkOlder marks every configured glance dirty whose state was computed
	// before the given time, and returns how many.
	MarkOlder(ctx context.Context, before, due time.Time) (int, error)
	// MarkMidnight marks those whose midnight has come, and returns how many.
	MarkMidnight(ctx context.Context, now time.Time) (int, error)
}

// Claim says what rows to lease, and for how long.
type Claim struct {
	Now time.Time
	// ComputeUntil and PushUntil are when the lease ends of a row that needs
	// to be computed, and of one that needs to be pushed only.
	ComputeUntil, PushUntil time.Time
	// Limit is how many rows are leased at most, and Late how many of them
	// may be rows that failed the last time.
	Limit, Late int
	// PerTenant is how many rows are leased of one tenant, and how many that
	// failed the last time.
	PerTenant int
	// Skip are tenants, or sites without one, that get none this time but
	// those that failed the last time.
	Skip []string
	// Paces are the calls that a conversation takes.
	Paces []Pace
}

// Pace is how often a row of a surface and kind may be claimed. Each claim is
// worth one call to the platform, made or not.
//
// In any minute, whoever counts and whenever it begins, there are no more
// than Burst + 1 minute / Every of them: the calls are paid off one by one,
// and no more than Burst may be unpaid.
type Pace struct {
	Surface SurfaceName
	Kind    Kind
	Every   time.Duration
	Burst   int
}

// Desired is a state to be recorded.
type Desired struct {
	State State
	// At is when its numbers began to be read.
	At time.Time
	// Midnight is when it will be a day old.
	Midnight time.Time
	// Changed says that the room would read something else.
	Changed bool
	// PushUntil is when the lease ends under which it is pushed.
	PushUntil time.Time
}

// Failed says why a row could not be brought to its desired state.
type Failed struct {
	Reason Reason
	// Detail is the error's text, for the operator.
	Detail string
	// Next is when to try again; zero stops the row until its conversation is
	// installed or configured again.
	Next time.Time
	// Hold is until when nobody may claim the row, whatever happens: a state
	// may still be on its way. Zero is no hold.
	Hold time.Time
}
