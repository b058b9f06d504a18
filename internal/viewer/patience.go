package viewer

import (
	"context"
	"time"
)

// Patience is how long people wait for what makes an answer better. After that
// they get the answer without it, and the rest follows by itself.
type Patience struct {
	// FirstLook is a page's wait for data that is not kept yet. After that the
	// page is served without it, and its script joins the reading, which
	// continues.
	FirstLook time.Duration
	// Changed is how long a view that is known to be out of date waits for its
	// refresh before it is shown as it is. By default it is shown at once: its page
	// gets the new numbers as soon as they are there.
	Changed time.Duration
	// Preferences is the wait for Jira to save what a person chose, and to
	// return their preferences if they are not known.
	Preferences time.Duration
	// Provider is a view's wait to learn which time tracking a site uses.
	Provider time.Duration
	// Modal is how much of Slack's three seconds may go into what makes the
	// modal nicer: the person's language and time zone, and the names of roles.
	Modal time.Duration
	// Event is how long Forge waits until what its event says is stored. After
	// that it is told to call again.
	Event time.Duration
}

// DefaultPatience is the default waits.
func DefaultPatience() Patience {
	return Patience{
		FirstLook:   1200 * time.Millisecond,
		Preferences: 700 * time.Millisecond,
		Provider:    500 * time.Millisecond,
		Modal:       900 * time.Millisecond,
		Event:       900 * time.Millisecond,
	}
}

// await waits until over is closed, at most as long as most.
func await(ctx context.Context, over <-chan struct{}, most time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	select {
	case <-over:
	case <-ctx.Done():
	}
}
