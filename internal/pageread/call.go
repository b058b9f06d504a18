package pageread

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
)

// errParked ends the context of a page's call when the page has something to do.
var errParked = errors.New("the page is to read first")

// Call is one call of a viewer's page. End it.
type Call struct {
	reading *reading
	page    string
	offers  map[string]*answer
	cancel  context.CancelCauseFunc
	limit   *time.Timer

	// Under the reading's lock.
	wants     []*want
	parked    bool
	delivered bool
}

// Client reads Jira in the viewer's page. What it asks may outlive the call.
func (c *Call) Client() *jira.Client { return c.reading.client }

// begin lets a page's call wait for what its context's user does.
func (r *reading) begin(ctx context.Context, page string, offers map[string]*answer) (context.Context, *Call, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return nil, nil, false
	}
	ctx, cancel := context.WithCancelCause(ctx)
	c := &Call{reading: r, page: page, offers: offers, cancel: cancel}
	c.limit = time.AfterFunc(maxCall, c.expire)
	r.leave.Stop()
	r.calls = append(r.calls, c)
	r.answer(offers)
	r.back(page)
	r.poke()
	return ctx, c, true
}

// park ends the wait of the call, whose page then reads what is wanted. The
// reading's lock is held.
func (c *Call) park(wants []*want) {
	c.parked, c.wants = true, wants
	c.cancel(errParked)
}

// Within ends the call's context after d as if there were something to read, until
// the result is called.
func (c *Call) Within(d time.Duration) (stop func()) {
	sooner := time.AfterFunc(d, c.expire)
	return func() { sooner.Stop() }
}

// expire has the page call again.
func (c *Call) expire() {
	c.reading.mu.Lock()
	defer c.reading.mu.Unlock()
	if i := slices.Index(c.reading.calls, c); i >= 0 {
		c.reading.calls = slices.Delete(c.reading.calls, i, i+1)
		c.park(nil)
	}
}

// Wants is what the page is to read before it calls again, and whether the call's
// context ended for that.
func (c *Call) Wants() (list []Want, parked bool) {
	c.reading.mu.Lock()
	defer c.reading.mu.Unlock()
	c.delivered = c.parked
	list = make([]Want, 0, len(c.wants))
	for _, w := range c.wants {
		list = append(list, w.Want)
	}
	return list, c.parked
}

// End ends the call. What it has brought and nobody has asked for is forgotten.
func (c *Call) End() {
	c.limit.Stop()
	c.cancel(nil)
	r := c.reading
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = slices.DeleteFunc(r.calls, func(o *Call) bool { return o == c })
	for _, a := range c.offers {
		r.release(a)
	}
	c.offers = nil
	if !c.delivered {
		for _, w := range c.wants {
			w.leased = time.Time{}
		}
	}
	if len(r.calls) > 0 {
		r.poke()
	} else if !r.ended {
		r.leave.Reset(left)
	}
}
