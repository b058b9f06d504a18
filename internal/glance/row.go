package glance

import (
	"cmp"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// Kind is the module type of a row, as the chat platform names it in a state's
// path.
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

// State is what a conversation sees: a glance's label and numbers, or whether a
// configuration is set up.
type State struct {
	Label      string  `json:"label"`
	Numbers    Numbers `json:"numbers"`
	Configured bool    `json:"configured"`
	// Note says in words that something is missing from the numbers; empty if
	// nothing is.
	Note string `json:"note,omitempty"`
}

// Numbers are the counts behind a label, sent as its metadata. They hold no
// names.
type Numbers struct {
	Open       int `json:"open"`
	Overdue    int `json:"overdue"`
	DueSoon    int `json:"dueSoon"`
	Unassigned int `json:"unassigned"`
	// Heavy is how many people have clearly more work than the others. It is
	// counted, and sent, only if the label shows it.
	Heavy int `json:"heavy,omitempty"`
	// Measure is what Sizes are in: how much the issues are that are counted above. It
	// is empty, and there are none, if issues are counted. Blank are the open issues
	// that nobody has estimated.
	Measure workload.Measure `json:"measure,omitempty"`
	Sizes   Sizes            `json:"sizes,omitzero"`
	Blank   int              `json:"blank,omitempty"`
	// Logged is the time logged, in seconds, if the label shows it.
	Logged int64 `json:"logged,omitempty"`
	// More says that the counts are too low, because something could not be read.
	// Rough says that the loads that Heavy is compared with are incomplete, so that
	// Heavy may be too high or too low.
	More  bool `json:"more,omitempty"`
	Rough bool `json:"rough,omitempty"`
}

// Sizes are seconds of remaining work, or thousandths of story points.
type Sizes struct {
	Open       workload.Size `json:"open"`
	Overdue    workload.Size `json:"overdue"`
	DueSoon    workload.Size `json:"dueSoon"`
	Unassigned workload.Size `json:"unassigned"`
}

// Row is one module of one conversation with its desired and delivered state.
//
// Revisions drive it. DirtyRev goes up when something may have changed the
// state; ComputedRev is the DirtyRev that Desired was computed
// from; DesiredRev goes up when Desired reads differently, and DeliveredRev is
// the one that the platform has confirmed. The row is due when ComputedRev is
// behind DirtyRev or DeliveredRev behind DesiredRev.
type Row struct {
	Key Key
	// Tenant is our own id of the Jira tenant on the same site; empty while
	// there is none.
	Tenant string
	Config Config
	// Handle is what the surface returned for its last state.
	Handle string

	Desired      State
	DirtyRev     int64
	ComputedRev  int64
	DesiredRev   int64
	DeliveredRev int64

	Attempts    int
	NextAttempt time.Time
	// Lease is the token of the claim that handed out this row. No other worker
	// may claim it until LeaseUntil.
	Lease      string
	LeaseUntil time.Time
	// FailedFor is why the last attempt failed, and LastError the error's text,
	// for the operator; both are empty if it did not fail.
	FailedFor Reason
	LastError string
	// DesiredAt is when the numbers of Desired began to be read.
	DesiredAt time.Time
	// DirtyAt is when the row was last marked dirty.
	DirtyAt time.Time
	// Midnight is the end of Desired's day in the row's zone; zero if nothing
	// depends on it.
	Midnight time.Time
	// Urgent says that the row was installed or configured and has not been
	// shown since: it ignores quiet hours.
	Urgent bool
	// Stopped says that the conversation accepts no states, for example because
	// it is archived. StoppedFor says why.
	Stopped    bool
	StoppedFor Reason
}

// NeedsCompute reports whether Desired may be out of date.
func (r Row) NeedsCompute() bool { return r.ComputedRev < r.DirtyRev }

// NeedsPush reports whether the platform has not confirmed Desired.
func (r Row) NeedsPush() bool { return r.DeliveredRev < r.DesiredRev }

// NeedsWork reports whether the row needs to be computed or pushed.
func (r Row) NeedsWork() bool { return r.NeedsCompute() || r.NeedsPush() }

// Reason is why the conversation does not show what it should: why it is
// stopped, else why the last attempt failed.
func (r Row) Reason() Reason {
	if r.Stopped && r.StoppedFor != ReasonNone {
		return r.StoppedFor
	}
	return r.FailedFor
}

// payer is the tenant, or the site if there is none, that the row's work counts
// towards, so that all get their turn.
func (r Row) payer() string { return cmp.Or(r.Tenant, r.Key.Site) }

// place is where the row's surface shows it.
func (r Row) place() Place {
	return Place{Site: r.Key.Site, Conversation: r.Key.Conversation, Module: r.Key.Module, Handle: r.Handle}
}
