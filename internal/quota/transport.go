package quota

import (
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	"github.com/sightline-go/sightline/connect/rest"
)

// Transport counts the points of a client's calls, which are made for one purpose to
// one tenant, and holds back those in the background with a [*HeldError] while points
// are to be left for people. Put it below [rest.Retry], so that it sees every attempt,
// and above the transports that wait.
type Transport struct {
	// Base makes the calls.
	Base http.RoundTripper
	// Ledger, Tenant and Purpose say where the points are counted.
	Ledger  *Ledger
	Tenant  string
	Purpose Purpose
}

// RoundTrip makes the call, or refuses it.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := t.Ledger.Hold(t.Tenant, t.Purpose); err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, err
	}
	req, sent := watched(req)
	resp, err := t.Base.RoundTrip(req)
	if err != nil {
		if sent.Load() && req.Context().Err() != nil {
			// The caller gave up, and Jira answers nobody: what it would have
			// returned is not known, so it counts as one object.
			t.Ledger.Count(t.Tenant, t.Purpose, base+priceOf(req))
		}
		return nil, err
	}
	limit := rest.ReadRateLimit(resp.StatusCode, resp.Header, t.Ledger.now())
	charge(req, resp, func(points int) { t.Ledger.settle(t.Tenant, t.Purpose, points, limit) })
	return resp, nil
}

// watched is a request that tells whether it was sent.
func watched(req *http.Request) (*http.Request, *atomic.Bool) {
	var sent atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }}
	return req.WithContext(httptrace.WithClientTrace(req.Context(), trace)), &sent
}

// settle counts an answer and then believes what it says, which includes its own
// points.
func (l *Ledger) settle(tenant string, p Purpose, points int, limit rest.RateLimit) {
	if points > 0 {
		l.Count(tenant, p, points)
	}
	l.learn(tenant, limit)
}
