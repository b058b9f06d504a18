package glance

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// Source computes the numbers of a glance, as the app: counts only, never a
// name. Numbers returns [ErrNoTenant] or [ErrHidden] where these are why it
// cannot.
type Source interface {
	Numbers(ctx context.Context, tenant string, c Config) (Numbers, error)
}

const (
	// clockSkew is how far the clocks of two replicas may be apart. It is less
	// than the second for which handlers gather events.
	clockSkew = 500 * time.Millisecond
	// keepNumbers is how long numbers serve glances that ask for the same and
	// were marked before they were read; keepErrors is that of a failure.
	keepNumbers = time.Minute
	keepErrors  = time.Second
)

// shared computes the numbers of one question once for all the glances that
// ask it: fifty rooms on the same projects are one reading after an event.
//
// What was read serves a row if the reading began after the row's newest
// mark. That is certain if it began after the row was claimed, for the claim
// saw the mark; and if the mark is older than it by more than the clocks of
// replicas differ.
type shared struct {
	source Source
	now    func() time.Time

	mu       sync.Mutex
	readings map[string]*reading
	claims   uint64
	swept    time.Time
}

// reading is one computation, running until done is closed.
type reading struct {
	start time.Time
	// claims is how many claims had returned when it began.
	claims uint64
	done   chan struct{}

	numbers Numbers
	err     error
	end     time.Time
}

// claimed counts a claim that has returned, and names it.
func (s *shared) claimed() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.claims++
	return s.claims
}

// numbers answers a row's question, and says when the reading began.
func (s *shared) numbers(ctx context.Context, row Row, claim uint64) (Numbers, time.Time, error) {
	r := s.join(ctx, row, claim)
	select {
	case <-r.done:
		return r.numbers, r.start, r.err
	case <-ctx.Done():
		return Numbers{}, r.start, ctx.Err()
	}
}

// join finds a reading that serves the row, or begins one.
func (s *shared) join(ctx context.Context, row Row, claim uint64) *reading {
	question := row.Config.question(row.Tenant)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	if r := s.readings[question]; r != nil && r.serves(row, claim) && !r.stale(now) {
		return r
	}
	r := &reading{start: now, claims: s.claims, done: make(chan struct{})}
	if s.readings == nil {
		s.readings = map[string]*reading{}
	}
	s.readings[question] = r
	go s.read(ctx, r, row)
	return r
}

func (r *reading) serves(row Row, claim uint64) bool {
	return r.claims >= claim || !r.start.Before(row.DirtyAt.Add(clockSkew))
}

// stale reports whether a reading is over for too long.
func (r *reading) stale(now time.Time) bool {
	select {
	case <-r.done:
		keep := keepNumbers
		if r.err != nil {
			keep = keepErrors
		}
		return now.Sub(r.end) > keep
	default:
		return false
	}
}

// sweep forgets what serves nobody any more.
func (s *shared) sweep(now time.Time) {
	if now.Sub(s.swept) < keepNumbers/6 {
		return
	}
	s.swept = now
	for question, r := range s.readings {
		if r.stale(now) {
			delete(s.readings, question)
		}
	}
}

var errAborted = errors.New("reading did not return")

// read computes for all who wait, so it ends neither with the first of them
// nor, if the source panics, with the program.
func (s *shared) read(ctx context.Context, r *reading, row Row) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), computeTime)
	defer cancel()
	numbers, err := Numbers{}, errAborted
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("reading panicked: %v\n%s", p, debug.Stack())
		}
		s.mu.Lock()
		r.numbers, r.err, r.end = numbers, err, s.now()
		s.mu.Unlock()
		close(r.done)
	}()
	numbers, err = s.source.Numbers(ctx, row.Tenant, row.Config)
}
