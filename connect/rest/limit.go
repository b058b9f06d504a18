package rest

import (
	"io"
	"net/http"
	"sync"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

const defaultSlots = 8

// Slots are places for calls that run at the same time. All Limits with the same
// Slots share them: make one for each tenant, say.
type Slots chan struct{}

// NewSlots returns n places. Below 1 it returns 8, which is less than the ten
// that Atlassian advises for a tenant.
func NewSlots(n int) Slots {
	if n < 1 {
		n = defaultSlots
	}
	return make(Slots, n)
}

// Limit is a transport that lets a limited number of calls run at once. A call
// waits for a place as long as its context allows and keeps it until its answer's
// body is closed.
type Limit struct {
	// Base makes the calls; nil means http.DefaultTransport.
	Base http.RoundTripper
	// Slots are the places; nil means 8 that belong to this Limit.
	Slots Slots

	once sync.Once
	own  Slots
}

// RoundTrip waits for a place and makes the call.
func (t *Limit) RoundTrip(req *http.Request) (*http.Response, error) {
	slots := t.slots()
	select {
	case slots <- struct{}{}:
	case <-req.Context().Done():
		wire.CloseBody(req)
		return nil, req.Context().Err()
	}
	release := sync.OnceFunc(func() { <-slots })
	resp, err := orDefault(t.Base).RoundTrip(req)
	if err != nil {
		release()
		return nil, err
	}
	resp.Body = &slotBody{ReadCloser: resp.Body, release: release}
	return resp, nil
}

func (t *Limit) slots() Slots {
	if t.Slots != nil {
		return t.Slots
	}
	t.once.Do(func() { t.own = NewSlots(0) })
	return t.own
}

// slotBody gives its place back when it is closed.
type slotBody struct {
	io.ReadCloser
	release func()
}

func (b *slotBody) Close() error {
	defer b.release()
	return b.ReadCloser.Close()
}
