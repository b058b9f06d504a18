package glance

import (
	"context"
	"time"
)

// Rows is where the reconciler keeps its rows.
//
// A method that takes a row works only for the holder of its lease, and returns
// ErrLeaseLost to anyone else. Every method ends in a few seconds: the reconciler
// gives claims no end of its own.
type Rows interface {
	// Recover releases the leases of a process that is known to be dead, except
	// those under which a state may still arrive. It is called once, before the
	// first Claim.
	Recover(ctx context.Context) error
	// Claim leases rows that are due. A row of a stopped conversation, of an
	// uninstalled tenant or of a surface without a pace is never due. Tenants
	// take turns; within a tenant, the row that has been due longest comes first.
	Claim(ctx context.Context, c Claim) ([]Row, error)
	// ClaimKey leases one row, due or not, unless another worker holds it, its
	// conversation has used up its calls, or it is stopped. Then ok is false and
	// r is the row as it was found.
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
	// Release gives the lease back without recording an outcome. A lost lease is
	// not an error.
	Release(ctx context.Context, r Row) error
	// NextDue returns when the earliest row is due, or the zero time.
	NextDue(ctx context.Context, paces []Pace) (time.Time, error)
	// MarkOlder marks every configured glance dirty whose state was computed
	// before the given time, and returns how many.
	MarkOlder(ctx context.Context, before, due time.Time) (int, error)
	// MarkMidnight marks those whose midnight has come, and returns how many.
	MarkMidnight(ctx context.Context, now time.Time) (int, error)
}

// Claim says which rows to lease, and for how long.
type Claim struct {
	Now time.Time
	// ComputeUntil is when the lease of a row that needs to be computed ends,
	// PushUntil that of a row that needs to be pushed only.
	ComputeUntil, PushUntil time.Time
	// Limit is how many rows to lease at most, Late how many of them may have
	// failed last time.
	Limit, Late int
	// PerTenant is how many rows to lease at most of one tenant, and how many
	// of its rows that failed last time.
	PerTenant int
	// Skip are payers (tenants, or sites without one) of which only rows that
	// failed last time are leased.
	Skip []string
	// Paces are the calls that a conversation accepts.
	Paces []Pace
}

// Pace is how often a row of a surface and kind may be claimed. Each claim is
// worth one call to the platform, made or not.
//
// In any minute, whenever it begins, there are at most Burst + 1 minute / Every
// claims: each is paid off after Every, and at most Burst may be unpaid.
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
	// Midnight is the end of its day.
	Midnight time.Time
	// Changed says that the room would read something different.
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
	// Hold is the time until which nobody may claim the row, because a state
	// may still arrive. Zero means no hold.
	Hold time.Time
}
