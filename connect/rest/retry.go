package rest

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

const (
	defaultAttempts = 5
	defaultMaxWait  = time.Minute
	firstBackoff    = time.Second
	maxBackoff      = 30 * time.Second
)

// Retry is a transport that repeats calls that were turned away: with any method
// on 429, which says that nothing was done, and with the idempotent methods (GET,
// HEAD, OPTIONS, PUT, DELETE) on 502, 503, 504 and when the network failed.
//
// It waits as long as the API asks, see [RetryAfter], with up to 30 % on
// top so that waiting calls do not all come back at once. Without either it waits
// 1 s, 2 s, 4 s and so on up to 30 s, times 0.7 to 1.3. If the wait would exceed
// the context's deadline or MaxWait, or the body cannot be read twice, it returns
// the answer at once.
// See https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
type Retry struct {
	// Base makes each attempt; nil means http.DefaultTransport.
	Base http.RoundTripper
	// Attempts is how often a call is made at most; 0 means 5.
	Attempts int
	// MaxWait is the longest single wait; 0 means one minute.
	MaxWait time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Sleep waits or returns the context's error; nil means rest.Sleep.
	Sleep func(ctx context.Context, d time.Duration) error
	// Rand gives numbers from 0 up to 1; nil means math/rand.
	Rand func() float64
}

// RoundTrip makes the call until it gets an answer to keep, and returns that.
func (t *Retry) RoundTrip(req *http.Request) (*http.Response, error) {
	for attempt := 1; ; attempt++ {
		resp, err := orDefault(t.Base).RoundTrip(req)
		if attempt >= t.attempts() || !wire.Rewindable(req) || !worthRetry(req, resp, err) {
			return resp, err
		}
		wait := t.wait(resp, attempt)
		if !affordable(req.Context(), t.now(), wait, t.maxWait()) {
			return resp, err
		}
		if resp != nil {
			wire.Drain(resp.Body)
			_ = resp.Body.Close()
		}
		if err := orSleep(t.Sleep)(req.Context(), wait); err != nil {
			return nil, err
		}
		if req, err = replay(req); err != nil {
			return nil, err
		}
	}
}

func orDefault(base http.RoundTripper) http.RoundTripper {
	if base != nil {
		return base
	}
	return http.DefaultTransport
}

func (t *Retry) attempts() int {
	if t.Attempts > 0 {
		return t.Attempts
	}
	return defaultAttempts
}

// replay returns the request with its body at the beginning again.
func replay(req *http.Request) (*http.Request, error) {
	if !wire.HasBody(req) {
		return req, nil
	}
	body, err := wire.Rewind(req)
	if err != nil {
		return nil, err
	}
	again := req.WithContext(req.Context())
	again.Body = body
	return again, nil
}

func worthRetry(req *http.Request, resp *http.Response, err error) bool {
	if err != nil {
		return idempotent(req.Method) && req.Context().Err() == nil && transient(err)
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		return true
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return idempotent(req.Method)
	}
	return false
}

func idempotent(method string) bool {
	switch method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete:
		return true
	}
	return false
}

// transient tells a failing network from a transport that refuses: retrying a
// refusal helps nobody. A transport may call its own failure Temporary.
func transient(err error) bool {
	var network net.Error
	var temporary interface{ Temporary() bool }
	switch {
	case errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return true
	}
	return errors.As(err, &temporary) && temporary.Temporary()
}

func (t *Retry) wait(resp *http.Response, attempt int) time.Duration {
	if resp != nil {
		if d, ok := RetryAfter(resp.Header, t.now()); ok {
			return scale(d, 1+0.3*t.random())
		}
	}
	d := firstBackoff
	for range attempt - 1 {
		d = min(2*d, maxBackoff)
	}
	return min(scale(d, 0.7+0.6*t.random()), maxBackoff)
}

func scale(d time.Duration, factor float64) time.Duration {
	return time.Duration(float64(d) * factor)
}

func (t *Retry) maxWait() time.Duration {
	if t.MaxWait > 0 {
		return t.MaxWait
	}
	return defaultMaxWait
}

// affordable reports whether a wait ends before the caller has to.
func affordable(ctx context.Context, now time.Time, wait, limit time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return wait <= limit && (!ok || now.Add(wait).Before(deadline))
}

func (t *Retry) now() time.Time {
	if t.Now != nil {
		return t.Now()
	}
	return time.Now()
}

func (t *Retry) random() float64 {
	return orRandom(t.Rand)
}

func orRandom(random func() float64) float64 {
	if random != nil {
		return random()
	}
	return rand.Float64()
}

func orSleep(sleep func(context.Context, time.Duration) error) func(context.Context, time.Duration) error {
	if sleep != nil {
		return sleep
	}
	return Sleep
}

// Sleep waits for d, or returns the context's error if the context ends first.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
