package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

const (
	defaultInterval = time.Second
	// paceFor is how long one warning slows down when it names no end.
	paceFor = time.Minute
	// maxJitter is by how much the calls of different tenants are apart when a
	// quota that they share is full again; after a short wait it is less, see
	// jitterShare.
	maxJitter = 5 * time.Second
	// jitterShare is how much of a wait is added to it at most.
	jitterShare = 0.3
)

// Pace is a transport that holds back the calls that a limit of the API concerns,
// and no others, until it may be tried again, see [Scope]: after a burst one
// endpoint, after too many writes one issue's writes, when a quota is used up all
// calls of the tenant or, through Shared, of the app, and up to 30 % or five seconds
// more so that tenants do not all come back at once.
//
// It also spreads calls once the API warns that its budget runs low: what is left
// of it over the time until it is full again, but with at most MaxInterval between
// two calls.
//
// No call waits past its context's deadline or longer than a minute: it is made at
// once instead, and the API decides. Put Pace above [Limit]: while calls wait for the
// end of a refusal they then take no place from others.
// See https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
type Pace struct {
	// Base makes the calls; nil means http.DefaultTransport.
	Base http.RoundTripper
	// Budget remembers what the API said last; nil means one of this Pace's own.
	Budget *Budget
	// Shared is the budget that all tenants have in common; nil: Budget has its
	// part, too.
	Shared *Budget
	// MaxInterval is the longest time between two calls; 0 means one second, less
	// than 0 that warnings slow nothing down.
	MaxInterval time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Sleep waits or returns the context's error; nil means rest.Sleep.
	Sleep func(ctx context.Context, d time.Duration) error
	// Rand gives numbers from 0 up to 1; nil means math/rand.
	Rand func() float64

	own Budget
}

// RoundTrip waits for its turn, makes the call and learns from the answer.
func (t *Pace) RoundTrip(req *http.Request) (*http.Response, error) {
	if wait := t.turn(req, t.now()); wait > 0 && affordable(req.Context(), t.now(), wait, defaultMaxWait) {
		if err := orSleep(t.Sleep)(req.Context(), wait); err != nil {
			wire.CloseBody(req)
			return nil, err
		}
	}
	resp, err := orDefault(t.Base).RoundTrip(req)
	if err == nil {
		now := t.now()
		t.learn(req, ReadRateLimit(resp.StatusCode, resp.Header, now), now)
	}
	return resp, err
}

// turn takes the next turn and returns how far away it is.
func (t *Pace) turn(req *http.Request, now time.Time) time.Duration {
	wait := t.budget().turn(req, now)
	if t.Shared != nil {
		wait = max(wait, t.Shared.turn(req, now))
	}
	return wait
}

func (t *Pace) learn(req *http.Request, limit RateLimit, now time.Time) {
	jitter := scale(min(maxJitter, scale(waitOf(limit), jitterShare)), orRandom(t.Rand))
	if limit.Scope == ScopeApp && t.Shared != nil {
		t.Shared.learn(req, limit, now, t.maxInterval(), jitter)
		return
	}
	t.budget().learn(req, limit, now, t.maxInterval(), jitter)
}

func (t *Pace) budget() *Budget {
	if t.Budget != nil {
		return t.Budget
	}
	return &t.own
}

func (t *Pace) now() time.Time {
	if t.Now != nil {
		return t.Now()
	}
	return time.Now()
}

func (t *Pace) maxInterval() time.Duration {
	switch {
	case t.MaxInterval == 0:
		return defaultInterval
	case t.MaxInterval < 0:
		return 0
	}
	return t.MaxInterval
}
