package pageread

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
)

// ErrLeft says that nobody goes on with a reading.
var ErrLeft = errors.New("no page goes on with the reading")

const (
	// settle is how long nothing more must be asked for before a page gets the
	// list of what is wanted: what is asked side by side comes together.
	settle = 10 * time.Millisecond
	// lease is how long what one page was told to read is not given to another.
	lease = 5 * time.Second
	// left is how long a reading waits for the next call of a page.
	left = 15 * time.Second
	// maxCall is how long a page's call waits, less than the 25 s after which
	// the bridge gives up.
	maxCall = 10 * time.Second
	// maxWants is how many requests of a viewer wait at once. The others wait for
	// their turn.
	maxWants = 64
	// attempts is how often a call is made while a person waits, and longestWait
	// how long it may be put off.
	attempts    = 3
	longestWait = 20 * time.Second
)

// reading is all that is read in one viewer's pages now.
type reading struct {
	client *jira.Client
	slots  rest.Slots
	large  rest.Slots
	// drop is told when the bytes of an answer are given back.
	drop func(bytes int)
	// gone is told, without the lock, when nobody goes on.
	gone func()
	over chan struct{} // closed when the reading ends

	mu    sync.Mutex
	ended bool
	wants map[string]*want
	asked int     // how many have been wanted so far
	calls []*Call // that wait, the oldest first
	busy  int     // answers that are being read
	check *time.Timer
	leave *time.Timer
}

// want is a request without an answer.
type want struct {
	Want
	order   int
	waiting int    // how many calls of the reading wait for it
	page    string // the page that was told to read it
	leased  time.Time
	done    chan struct{} // closed once there is an answer
	answer  *answer
}

func newReading(drop func(int), gone func()) (*reading, error) {
	r := &reading{
		slots: rest.NewSlots(maxWants), large: rest.NewSlots(0), drop: drop, gone: gone,
		over: make(chan struct{}), wants: map[string]*want{},
	}
	r.check = time.AfterFunc(time.Hour, r.hand)
	r.leave = time.AfterFunc(left, r.abandon)
	r.check.Stop()
	client, err := jira.New(&http.Client{Transport: r}, "https://page.invalid")
	if err != nil {
		return nil, err
	}
	r.client = client.WithLists(rest.ListPolicy{Pages: 500, Bytes: 64 << 20})
	return r, nil
}

// RoundTrip has a page make the call. It is tried again as on the server; the
// page does the waiting.
func (r *reading) RoundTrip(req *http.Request) (*http.Response, error) {
	one := &asking{reading: r}
	base := &rest.Limit{Base: one, Slots: r.slots, Large: r.large}
	again := &rest.Retry{Base: base, Attempts: attempts, MaxWait: longestWait, Sleep: one.sleep}
	return again.RoundTrip(req)
}

// asking is one call with its further attempts.
type asking struct {
	reading *reading
	n       int
	wait    time.Duration
}

func (a *asking) sleep(_ context.Context, d time.Duration) error {
	a.wait = d
	return nil
}

// RoundTrip implements http.RoundTripper.
func (a *asking) RoundTrip(req *http.Request) (*http.Response, error) {
	a.n++
	asked, err := wantOf(req, a.n, a.wait)
	if err != nil {
		return nil, err
	}
	found, err := a.reading.await(req.Context(), asked)
	if err != nil {
		return nil, err
	}
	return found.response(req, func() { a.reading.closed(found) }), nil
}

// await returns the answer once a page has brought it. Whoever gets it closes it.
func (r *reading) await(ctx context.Context, asked Want) (*answer, error) {
	r.mu.Lock()
	if r.ended {
		r.mu.Unlock()
		return nil, ErrLeft
	}
	if found := r.offered(asked.Key); found != nil {
		r.hold(found, 1)
		r.mu.Unlock()
		return found, nil
	}
	w := r.want(asked)
	w.waiting++
	r.poke()
	r.mu.Unlock()

	var err error
	select {
	case <-w.done:
	case <-ctx.Done():
		err = ctx.Err()
	case <-r.over:
		err = ErrLeft
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if w.answer != nil {
		return w.answer, nil
	}
	if w.waiting--; w.waiting == 0 {
		delete(r.wants, w.Key)
	}
	return nil, err
}

// want is the one of the same key, or a new one.
func (r *reading) want(asked Want) *want {
	w := r.wants[asked.Key]
	if w == nil {
		r.asked++
		w = &want{Want: asked, order: r.asked, done: make(chan struct{})}
		r.wants[asked.Key] = w
	}
	return w
}

// offered is an answer that a page's call has brought.
func (r *reading) offered(key string) *answer {
	for _, c := range r.calls {
		if found := c.offers[key]; found != nil {
			return found
		}
	}
	return nil
}

// hold notes that an answer is being read so many times more.
func (r *reading) hold(a *answer, times int) {
	a.users += times
	r.busy += times
}

func (r *reading) closed(a *answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy--
	r.release(a)
	r.poke()
}

func (r *reading) release(a *answer) {
	if a.users--; a.users == 0 {
		r.drop(a.size())
	}
}

// answer gives those who wait what a call has brought.
func (r *reading) answer(offers map[string]*answer) {
	for key, found := range offers {
		w := r.wants[key]
		if w == nil {
			continue
		}
		w.answer = found
		r.hold(found, w.waiting)
		delete(r.wants, key)
		close(w.done)
	}
}

// back notes that a page has come back: what it was told to read and has not
// brought may be given out again.
func (r *reading) back(page string) {
	for _, w := range r.wants {
		if w.page == page {
			w.leased = time.Time{}
		}
	}
}

// poke looks whether the page has something to do, once nothing has happened for
// a moment.
func (r *reading) poke() { r.check.Reset(settle) }

// hand gives what is wanted to the page that waits longest.
func (r *reading) hand() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy > 0 || len(r.calls) == 0 || len(r.wants) == 0 {
		return
	}
	now := time.Now()
	var free []*want
	next := now.Add(lease)
	for _, w := range r.wants {
		if now.Before(w.leased) {
			next = minTime(next, w.leased)
		} else {
			free = append(free, w)
		}
	}
	if len(free) == 0 {
		r.check.Reset(next.Sub(now))
		return
	}
	slices.SortFunc(free, func(a, b *want) int { return a.order - b.order })
	first := r.calls[0]
	for _, w := range free {
		w.page, w.leased = first.page, now.Add(lease+time.Duration(w.Wait)*time.Millisecond)
	}
	r.calls = r.calls[1:]
	first.park(free)
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// abandon ends the reading unless a page goes on with it.
func (r *reading) abandon() {
	r.mu.Lock()
	if len(r.calls) > 0 || r.ended {
		r.mu.Unlock()
		return
	}
	r.end()
	r.mu.Unlock()
	r.gone()
}

func (r *reading) end() {
	if r.ended {
		return
	}
	r.ended = true
	r.check.Stop()
	r.leave.Stop()
	close(r.over)
}
