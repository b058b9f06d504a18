package rest

import (
	"context"
	"io"
	"net/http"
	"sync"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

const (
	defaultSlots = 8
	// defaultLarge is how many answers of more than largeAnswer bytes are read at
	// the same time: decoding needs several times their length in memory, because a
	// decoder holds a text whole, in a buffer that doubles and is copied. That goes
	// for those that wait, too: many of them count.
	defaultLarge = 2
	largeAnswer  = 384 << 10
)

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
	// Large are the places of those calls whose answers are longer than 384 KiB: the
	// others wait in the middle of their answers, as long as their contexts allow.
	// nil means 2 that belong to this Limit.
	Large Slots
	// Shared are places that such a call needs besides one of Large: Limits of
	// several tenants have the same, so that their answers are bounded together and
	// none of them takes all places. nil is no such bound.
	Shared Slots

	once, onceLarge sync.Once
	own, ownLarge   Slots
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
	resp.Body = &slotBody{ReadCloser: resp.Body, release: release, large: []Slots{t.large(), t.Shared}, done: req.Context()}
	return resp, nil
}

func (t *Limit) large() Slots {
	if t.Large != nil {
		return t.Large
	}
	t.onceLarge.Do(func() { t.ownLarge = NewSlots(defaultLarge) })
	return t.ownLarge
}

func (t *Limit) slots() Slots {
	if t.Slots != nil {
		return t.Slots
	}
	t.once.Do(func() { t.own = NewSlots(0) })
	return t.own
}

// slotBody gives its places back when it is closed.
type slotBody struct {
	io.ReadCloser
	release func()
	// large are the places that it still has to take, held those that it has.
	large, held []Slots
	done        context.Context //nolint:containedctx // a body's reads have no other
	read        int64
}

// Read takes the places of the large ones before it goes on beyond 384 KiB.
func (b *slotBody) Read(p []byte) (int, error) {
	for b.read > largeAnswer && len(b.large) > 0 {
		if err := b.take(b.large[0]); err != nil {
			return 0, err
		}
		b.large = b.large[1:]
	}
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	return n, err
}

func (b *slotBody) take(from Slots) error {
	if from == nil {
		return nil
	}
	select {
	case from <- struct{}{}:
		b.held = append(b.held, from)
		return nil
	case <-b.done.Done():
		return b.done.Err()
	}
}

// Close may be called twice.
func (b *slotBody) Close() error {
	defer b.release()
	for _, from := range b.held {
		<-from
	}
	b.large, b.held = nil, nil
	return b.ReadCloser.Close()
}
