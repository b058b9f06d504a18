package quota

// Purpose is what calls are made for. A client has one purpose.
type Purpose string

// The purposes.
const (
	// Person is what somebody waits for, or will look at next.
	Person Purpose = "person"
	// Lifecycle is what an installation needs.
	Lifecycle Purpose = "lifecycle"
	// Glance is the numbers of rooms.
	Glance Purpose = "glance"
	// Events is what webhooks and Forge's events leave out.
	Events Purpose = "events"
	// Reconcile is what has changed since the last look.
	Reconcile Purpose = "reconcile"
	// Fill is the first reading of a tenant's index.
	Fill Purpose = "fill"
)

// Purposes are all of them.
func Purposes() []Purpose { return []Purpose{Person, Lifecycle, Glance, Events, Reconcile, Fill} }

// background reports whether a call can wait for the next hour.
func (p Purpose) background() bool { return p != Person && p != Lifecycle }
