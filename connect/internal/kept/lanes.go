package kept

import (
	"context"
	"slices"
	"sync"
	"time"
)

// maxWaiting bounds the calls that wait in all lanes. One more ends the wait of
// another.
const maxWaiting = 1000

// Rate is how many calls pass at once after some silence, and how many a second
// then.
type Rate struct{ Burst, PerSecond float64 }

// Lanes let calls pass at a rate; others wait for their turn. Each key has a lane,
// and lanes take turns, so that a flood in one delays no other. Calls that ask again
// have lanes of their own, which take every second turn at least.
//
// The oldest call of a lane passes first while all who wait can pass in their time.
// If more wait, it is the newest, and a lane that begins is the next: whoever comes
// after a flood does not wait behind it, however many wait. While more calls keep
// coming than may pass, no order can favor a good one: nothing tells it from the
// others before it has passed, so that its chance is the rate's part of what comes.
// If it asks again, it competes only with others that do.
//
// Lanes count real time. The zero value is ready. It is safe for concurrent use and
// must not be copied.
type Lanes[K comparable] struct {
	mu           sync.Mutex
	rate         Rate
	spent        float64 // of Burst
	at           time.Time
	most         time.Duration
	first, again ring[K]
	n            int  // in all lanes
	lately       bool // the last to pass had asked again
	armed        bool
}

// waiting is a call that waits.
type waiting struct{ passed, ousted chan struct{} }

// Wait waits for the call's turn, no longer than most, and reports whether it has
// come. The rate and most are always the same.
func (l *Lanes[K]) Wait(ctx context.Context, rate Rate, most time.Duration, key K, again bool) bool {
	w := &waiting{make(chan struct{}), make(chan struct{})}
	l.join(rate, most, key, again, w)
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-w.passed:
		return true
	case <-w.ousted:
		return false
	case <-timer.C:
	case <-ctx.Done():
	}
	return l.leave(w, key, again)
}

func (l *Lanes[K]) ring(again bool) *ring[K] {
	if again {
		return &l.again
	}
	return &l.first
}

// crowded reports whether more wait than can pass in their time.
func (l *Lanes[K]) crowded() bool { return float64(l.n) > l.rate.PerSecond*l.most.Seconds() }

func (l *Lanes[K]) join(rate Rate, most time.Duration, key K, again bool, w *waiting) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rate, l.most = rate, most
	if l.n >= maxWaiting {
		l.oust()
	}
	l.n++
	l.ring(again).join(key, w, l.crowded())
	l.pass()
}

// oust ends the wait of the oldest call in the longest lane.
func (l *Lanes[K]) oust() {
	from := l.ring(l.again.longest() > l.first.longest())
	l.n--
	close(from.oldest().ousted)
}

// pass lets those pass whose turn has come, and comes back for the rest.
func (l *Lanes[K]) pass() {
	now := time.Now()
	l.spent = max(l.spent-now.Sub(l.at).Seconds()*l.rate.PerSecond, 0)
	l.at = now
	for l.n > 0 && l.spent+1 <= l.rate.Burst {
		w := l.next()
		l.spent++
		l.n--
		close(w.passed)
	}
	if l.n > 0 && !l.armed {
		l.armed = true
		short := l.spent + 1 - l.rate.Burst
		time.AfterFunc(time.Duration(short/l.rate.PerSecond*float64(time.Second))+time.Millisecond, func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.armed = false
			l.pass()
		})
	}
}

// next takes the call whose turn it is out of its lane; there is one.
func (l *Lanes[K]) next() *waiting {
	l.lately = len(l.again.turns) > 0 && (!l.lately || len(l.first.turns) == 0)
	return l.ring(l.lately).next(l.crowded())
}

// leave gives a place up, unless its turn has just come.
func (l *Lanes[K]) leave(w *waiting, key K, again bool) (passed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-w.passed:
		return true
	case <-w.ousted:
		return false
	default:
	}
	l.n--
	l.ring(again).leave(key, w)
	return false
}

// Refund gives back the turn of a call that need not count.
func (l *Lanes[K]) Refund() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.spent = max(l.spent-1, 0)
	l.pass()
}

// ring is lanes that take turns.
type ring[K comparable] struct {
	of    map[K][]*waiting // the newest last
	turns []K              // the lanes with calls, the next one first
}

// join takes a place. A lane that begins is the last one or, if it must not wait for
// the others, the next.
func (r *ring[K]) join(key K, w *waiting, next bool) {
	if r.of == nil {
		r.of = make(map[K][]*waiting)
	}
	switch {
	case len(r.of[key]) > 0:
	case next:
		r.turns = slices.Insert(r.turns, 0, key)
	default:
		r.turns = append(r.turns, key)
	}
	r.of[key] = append(r.of[key], w)
}

// next takes the oldest or the newest call of the next lane.
func (r *ring[K]) next(newest bool) *waiting {
	key := r.turns[0]
	lane := r.of[key]
	w := lane[0]
	if newest {
		w = lane[len(lane)-1]
	}
	r.turns = append(r.turns[1:], key)
	r.leave(key, w)
	return w
}

func (r *ring[K]) leave(key K, w *waiting) {
	lane := r.of[key]
	if i := slices.Index(lane, w); i >= 0 {
		lane = slices.Delete(lane, i, i+1)
		r.of[key] = lane
	}
	if len(lane) == 0 {
		delete(r.of, key)
		r.turns = slices.DeleteFunc(r.turns, func(k K) bool { return k == key })
	}
}

// longest is how many calls the longest lane has.
func (r *ring[K]) longest() int {
	most := 0
	for _, lane := range r.of {
		most = max(most, len(lane))
	}
	return most
}

// oldest takes the oldest call of the longest lane; there is one.
func (r *ring[K]) oldest() *waiting {
	most := r.longest()
	for key, lane := range r.of {
		if len(lane) == most {
			w := lane[0]
			r.leave(key, w)
			return w
		}
	}
	return nil
}
