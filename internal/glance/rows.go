package glance

import (
	"context"
	"time"
)

// Kind is the module type of a row: what the chat platform calls it in the
// path of a state.
type Kind string

// The two module types that have a state.
const (
	KindGlance        Kind = "chat:glance"
	KindConfiguration Kind = "chat:configuration"
)

// Key names one row: one module of one conversation.
type Key struct {
	Surface SurfaceName
	// Site is the chat's cloud id, or the id of a Slack workspace.
	Site         string
	Conversation string
	Kind         Kind
	Module       string
}

// Config is what a conversation's glance shows.
type Config struct {
	// Projects are keys.
	Projects []string
	// Role is the id of a project role whose members count; empty is all
	// assignees. Query is a structured user query in its place; empty is none.
	// They are never both set.
	Role, Query string
	// Window is in days: 7, 14 or 30.
	Window int
	// Zone is the IANA time zone in which a due date becomes overdue and the
	// quiet hours are meant.
	Zone string
	// Parts are what the label shows, in order; none are open and overdue.
	Parts []Part
	// QuietFrom and QuietTo bound the hours in which the room is left alone,
	// as "22:00", over midnight too. Both empty, or equal, is none.
	QuietFrom, QuietTo string
	// Language is the BCP 47 tag of the label's words; empty is English.
	Language string
}

// Part is one number of a label.
type Part string

// The parts that a label can show.
const (
	PartOpen       Part = "open"
	PartOverdue    Part = "overdue"
	PartDueSoon    Part = "dueSoon"
	PartUnassigned Part = "unassigned"
	PartHeavy      Part = "heavy"
)

// State is what a conversation sees: of a glance the label and its numbers,
// of a configuration whether it is set up.
type State struct {
	Label      string  `json:"label"`
	Numbers    Numbers `json:"numbers"`
	Configured bool    `json:"configured"`
}

// Numbers are the counts behind a label, sent as its metadata. Never a name.
type Numbers struct {
	Open       int `json:"open"`
	Overdue    int `json:"overdue"`
	DueSoon    int `json:"dueSoon"`
	Unassigned int `json:"unassigned"`
	// Heavy is how many people carry clearly more than the others.
	Heavy int `json:"heavy"`
}

// Row is one module of one conversation with its desired and delivered state.
//
// Three revisions drive it. Dirty goes up when something happened that may
// change the state; Computed is the Dirty that Desired was computed from;
// DesiredRev goes up when Desired changes, and DeliveredRev is the one that
// the platform has confirmed. The row is due when Computed is behind Dirty or
// DeliveredRev behind DesiredRev.
type Row struct {
	Key Key
	// Tenant is our own id of the Jira tenant on the same site; empty while
	// there is none.
	Tenant string
	Config Config
	// Handle is what the surface gave back for its last state.
	Handle string

	Desired      State
	DirtyRev     int64
	ComputedRev  int64
	DesiredRev   int64
	DeliveredRev int64

	Attempts    int
	NextAttempt time.Time
	// Lease is the token of the claim that this row was handed out under.
	Lease     string
	LastError string
	// DesiredAt is when Desired was last computed.
	DesiredAt time.Time
	// DirtyAt is when the row was last marked dirty.
	DirtyAt time.Time
	// Midnight is when Desired was or will be a day old in the row's zone;
	// zero while it is not computed.
	Midnight time.Time
	// Urgent says that the row was installed or configured and has not been
	// shown since: quiet hours do not count.
	Urgent bool
	// Stopped says that the conversation takes no states, for example because
	// it is archived, and StoppedFor why.
	Stopped    bool
	StoppedFor string
}

// NeedsCompute reports whether Desired may be out of date.
func (r Row) NeedsCompute() bool { return r.ComputedRev < r.DirtyRev }

// NeedsPush reports whether the platform has not confirmed Desired.
func (r Row) NeedsPush() bool { return r.DeliveredRev < r.DesiredRev }

// Rows is where the reconciler keeps its rows. Absence is an error that the
// caller recognises; see the store.
type Rows interface {
	// Recover gives back the leases of a process that is known to be dead. It
	// is called once, before the first Claim.
	Recover(ctx context.Context) error
	// Claim leases up to limit rows that are due at now, the longest due
	// first, until the given time. A row of a stopped conversation or of an
	// uninstalled tenant is never due.
	Claim(ctx context.Context, now, until time.Time, limit int) ([]Row, error)
	// Desire records the state computed from the row's DirtyRev and returns
	// the row as it is afterwards; DesiredRev goes up only when the state
	// differs. It returns ErrLeaseLost when the lease is no longer the row's.
	Desire(ctx context.Context, r Row, s State, at time.Time) (Row, error)
	// Deliver records that r.DesiredRev arrived and clears the failure count.
	// It returns ErrLeaseLost as Desire does; DeliveredRev never goes down.
	Deliver(ctx context.Context, r Row) error
	// Fail records why the row could not be brought to its desired state and
	// when to try again, and gives the lease back. A zero next stops the row
	// until its conversation is installed or configured again.
	Fail(ctx context.Context, r Row, reason string, next time.Time) error
	// Release gives the lease back without a word.
	Release(ctx context.Context, r Row) error
	// NextDue returns when the earliest unleased row is due, or the zero time.
	NextDue(ctx context.Context) (time.Time, error)
	// MarkOlder marks every configured glance dirty whose state was computed
	// before the given time, and returns how many.
	MarkOlder(ctx context.Context, before, due time.Time) (int, error)
}
