package glance

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/sightline-go/sightline/internal/swr"
)

// Source computes the numbers of a glance as the app: counts, never names.
// Numbers returns [ErrNoTenant] or [ErrHidden] if that is why it cannot.
type Source interface {
	Numbers(ctx context.Context, tenant string, c Config) (Numbers, error)
}

const (
	// clockSkew is how far apart the clocks of two replicas may be. It is less
	// than the second during which handlers collect events.
	clockSkew = 500 * time.Millisecond
	// keepNumbers is how long after a reading began its numbers serve glances
	// with the same question that were marked before it began. keepErrors is how
	// long after its end a failed reading does.
	keepNumbers = time.Minute
	keepErrors  = time.Second
)

// shared computes the numbers of a question once for all glances that ask it:
// after an event, fifty rooms with the same projects need one reading.
//
// A reading serves a row if it began after the row's newest mark. That is certain
// if it began after the row was claimed, because the claim saw the mark, or if
// the mark is older by more than the difference of the replicas' clocks.
type shared struct {
	source Source
	now    func() time.Time
	kept   swr.Cache[reading, outcome]

	mu     sync.Mutex
	newest map[string]reading // by question
	claims uint64
	swept  time.Time
}

func newShared(source Source, now func() time.Time) *shared {
	return &shared{
		source: source, now: now, newest: map[string]reading{},
		kept: swr.Cache[reading, outcome]{Fresh: keepNumbers, Keep: keepNumbers, Timeout: computeTime, Now: now},
	}
}

// reading names one computation of a question's numbers.
type reading struct {
	question string
	start    time.Time
	// claims is how many claims had returned when it began.
	claims uint64
}

// outcome is the result of a reading.
type outcome struct {
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

// numbers answers a row's question and says when the reading began. All waiting
// rows share the reading; it does not end when one of them gives up.
func (s *shared) numbers(ctx context.Context, row Row, claim uint64) (Numbers, time.Time, error) {
	r := s.reading(row, claim)
	got, _, _, err := s.kept.GetFresh(ctx, r, func(ctx context.Context) (outcome, error) {
		numbers, err := s.source.Numbers(ctx, row.Tenant, row.Config)
		return outcome{numbers, err, s.now()}, nil // a failure is kept as well
	})
	if err == nil {
		err = got.err
	}
	return got.numbers, r.start, err
}

// reading returns the newest reading of the row's question, or a new one if
// that does not serve the row.
func (s *shared) reading(row Row, claim uint64) reading {
	question := row.Config.question(row.Tenant)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	if r, ok := s.newest[question]; ok && r.serves(row, claim) && !s.stale(r, now) {
		return r
	}
	r := reading{question: question, start: now, claims: s.claims}
	s.newest[question] = r
	return r
}

func (r reading) serves(row Row, claim uint64) bool {
	return r.claims >= claim || !r.start.Before(row.DirtyAt.Add(clockSkew))
}

// stale reports whether a reading began, or failed, too long ago.
func (s *shared) stale(r reading, now time.Time) bool {
	got, _, _, ended := s.kept.Peek(r)
	return now.Sub(r.start) >= keepNumbers || ended && got.err != nil && now.Sub(got.end) > keepErrors
}

// sweep drops readings that no longer serve any row.
func (s *shared) sweep(now time.Time) {
	if now.Sub(s.swept) < keepNumbers/6 {
		return
	}
	s.swept = now
	maps.DeleteFunc(s.newest, func(_ string, r reading) bool { return s.stale(r, now) })
}
