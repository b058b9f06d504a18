package rest

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

const (
	defaultInterval = time.Second
	// paceFor is how long one warning slows down when it names no end.
	paceFor = time.Minute
)

// Pace is a transport that spreads calls once the API warns that its budget runs
// low: what is left of it over the time until it is full again, but with at most
// MaxInterval between two calls. When the quota of the tenant or app is used up,
// every call waits as long as the API asks. Limits that concern a single call (a
// burst, an issue written to too often) are left to [Retry].
//
// No call waits past its context's deadline or longer than a minute: it is made at
// once instead, and the API decides. Put Pace below [Limit], so that only a limited
// number of calls wait for their turn.
// See https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
type Pace struct {
	// Base makes the calls; nil means http.DefaultTransport.
	Base http.RoundTripper
	// Budget remembers what the API said last; nil means one of this Pace's own.
	Budget *Budget
	// MaxInterval is the longest time between two calls; 0 means one second.
	MaxInterval time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Sleep waits or returns the context's error; nil means rest.Sleep.
	Sleep func(ctx context.Context, d time.Duration) error

	own Budget
}

// Budget remembers what an API said about its limits. All Paces with the same
// Budget share it: make one for each tenant, say. The zero value is ready.
type Budget struct {
	mu       sync.Mutex
	interval time.Duration
	next     time.Time // when the next call may go
	until    time.Time // when all of this is forgotten
}

// RoundTrip waits for its turn, makes the call and learns from the answer.
func (t *Pace) RoundTrip(req *http.Request) (*http.Response, error) {
	budget := t.budget()
	if wait := budget.turn(t.now()); wait > 0 && affordable(req.Context(), t.now(), wait, defaultMaxWait) {
		if err := orSleep(t.Sleep)(req.Context(), wait); err != nil {
			wire.CloseBody(req)
			return nil, err
		}
	}
	resp, err := orDefault(t.Base).RoundTrip(req)
	if err == nil {
		now := t.now()
		budget.learn(readRateLimit(resp.Header, now), now, t.maxInterval())
	}
	return resp, err
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
	if t.MaxInterval > 0 {
		return t.MaxInterval
	}
	return defaultInterval
}

// turn takes the next turn and returns how far away it is.
func (b *Budget) turn(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !now.Before(b.until) {
		return 0
	}
	at := b.next
	if at.Before(now) {
		at = now
	}
	b.next = at.Add(b.interval)
	return at.Sub(now)
}

func (b *Budget) learn(limit RateLimit, now time.Time, maxInterval time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case limit.RetryAfter > 0 && (limit.Reason == ReasonTenantQuota || limit.Reason == ReasonGlobalQuota):
		b.interval = maxInterval
		b.next = now.Add(limit.RetryAfter)
		b.until = b.next.Add(paceFor)
	case limit.NearLimit:
		b.slow(limit, now, maxInterval)
	case limit.Remaining > 0:
		b.until = time.Time{}
	}
}

// slow spreads what remains until the budget is full again.
func (b *Budget) slow(limit RateLimit, now time.Time, maxInterval time.Duration) {
	first := !now.Before(b.until)
	b.interval, b.until = maxInterval, limit.Reset
	if left := limit.Reset.Sub(now); left <= 0 {
		b.until = now.Add(paceFor)
	} else if limit.Remaining > 0 {
		b.interval = min(maxInterval, left/time.Duration(limit.Remaining))
	}
	if first {
		b.next = now.Add(b.interval)
	}
}
