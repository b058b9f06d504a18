package handlers

import "time"

// Patience is how long people are kept waiting for what makes an answer better.
// When it is over they get the answer without, and what is missing comes later
// by itself.
type Patience struct {
	// FirstLook is a page's wait for data that is not kept yet. It is served
	// without then, and its script joins the reading, which goes on.
	FirstLook time.Duration
	// Changed is the wait of a view that is known to be out of date for its
	// refresh, before it is shown as it is.
	Changed time.Duration
	// Preferences is the wait for Jira to take what a person chose, and for
	// their preferences when these are not known yet.
	Preferences time.Duration
	// Provider is a view's wait to learn what a site tracks time with.
	Provider time.Duration
	// Modal is how much of Slack's three seconds may go into what makes the
	// modal nicer: the person's language and time zone, and the names of roles.
	Modal time.Duration
}

// DefaultPatience is what people do not mind.
func DefaultPatience() Patience {
	return Patience{
		FirstLook:   1200 * time.Millisecond,
		Changed:     700 * time.Millisecond,
		Preferences: 700 * time.Millisecond,
		Provider:    500 * time.Millisecond,
		Modal:       900 * time.Millisecond,
	}
}
