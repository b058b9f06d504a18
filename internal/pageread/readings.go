package pageread

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/sightline-go/sightline/connect"
)

// The most that all viewers together have kept.
const (
	maxViewers = 2000
	maxHeld    = 48 << 20 // bytes of answers
)

// ErrBusy says that there is no room for one more reading, or for its answers.
var ErrBusy = errors.New("too much is being read in pages")

// Viewer is whose pages read. Answers of one never reach another.
type Viewer struct {
	Tenant connect.TenantID
	// Generation is that of the tenant's installation.
	Generation int64
	Account    connect.AccountID
}

// Readings are those of all viewers. Make them with [New] and close them.
type Readings struct {
	mu     sync.Mutex
	closed bool
	of     map[Viewer]*reading
	held   int
}

// New makes readings.
func New() *Readings { return &Readings{of: map[Viewer]*reading{}} }

// Part is what a page's call brings.
type Part struct {
	// Page tells the viewer's open pages apart.
	Page string
	// Answers are packed: a JSON list, compressed with gzip, in base64; "" is none.
	Answers string
}

// Begin takes what a viewer's page has brought and begins its call. The context
// ends when the page has something to read first, see [Call.Wants]. The error wraps
// [ErrAnswers] or [ErrBusy].
func (rs *Readings) Begin(ctx context.Context, v Viewer, part Part) (context.Context, *Call, error) {
	offers, err := rs.unpack(part.Answers)
	if err != nil {
		return nil, nil, err
	}
	for {
		r, err := rs.reading(v)
		if err != nil {
			rs.forgetAll(offers)
			return nil, nil, err
		}
		if ctx, call, ok := r.begin(ctx, part.Page, offers); ok {
			return ctx, call, nil
		}
		rs.remove(v, r) // it has just ended
	}
}

// unpack reads answers and counts their bytes.
func (rs *Readings) unpack(packed string) (map[string]*answer, error) {
	offers := map[string]*answer{}
	err := unpack(packed, func(a *answer) error {
		if offers[a.Key] != nil {
			return fmt.Errorf("%w: one comes twice", ErrAnswers)
		}
		if !rs.take(a.size()) {
			return ErrBusy
		}
		a.users = 1
		offers[a.Key] = a
		return nil
	})
	if err != nil {
		rs.forgetAll(offers)
		return nil, err
	}
	return offers, nil
}

func (rs *Readings) forgetAll(offers map[string]*answer) {
	for _, a := range offers {
		rs.give(a.size())
	}
}

func (rs *Readings) take(bytes int) bool {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.held+bytes > maxHeld {
		return false
	}
	rs.held += bytes
	return true
}

func (rs *Readings) give(bytes int) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.held -= bytes
}

// Held is how many bytes of answers are kept, Viewers how many people have
// readings.
func (rs *Readings) Held() (bytes, viewers int) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return rs.held, len(rs.of)
}

func (rs *Readings) reading(v Viewer) (*reading, error) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if r := rs.of[v]; r != nil {
		return r, nil
	}
	if rs.closed || len(rs.of) >= maxViewers {
		return nil, ErrBusy
	}
	var r *reading
	r, err := newReading(rs.give, func() { rs.remove(v, r) })
	if err != nil {
		return nil, err
	}
	rs.of[v] = r
	return r, nil
}

func (rs *Readings) remove(v Viewer, r *reading) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.of[v] == r {
		delete(rs.of, v)
	}
}

// Forget ends the readings of a tenant.
func (rs *Readings) Forget(id connect.TenantID) {
	rs.endAll(func(v Viewer) bool { return v.Tenant == id })
}

// Close ends all readings; there are no new ones.
func (rs *Readings) Close() {
	rs.mu.Lock()
	rs.closed = true
	rs.mu.Unlock()
	rs.endAll(func(Viewer) bool { return true })
}

func (rs *Readings) endAll(match func(Viewer) bool) {
	var list []*reading
	rs.mu.Lock()
	for v, r := range rs.of {
		if match(v) {
			list = append(list, r)
			delete(rs.of, v)
		}
	}
	rs.mu.Unlock()
	for _, r := range list {
		r.mu.Lock()
		r.end()
		r.mu.Unlock()
	}
}
