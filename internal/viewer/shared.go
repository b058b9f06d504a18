package viewer

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/swr"
	"github.com/sightline-go/sightline/internal/workload"
)

// sharedFresh is how long what was read for one of a person's views serves their
// others: the gadgets of a dashboard are opened together.
const sharedFresh = 15 * time.Second

// shared keeps for a moment what a person was shown by Jira, and for longer what a
// reading can go on from.
type shared struct {
	kept    *swr.Cache[sharedKey, sharedReading]
	bases   *swr.Cache[sharedKey, base]
	changes *changes
	// maxAge is the age up to which what a person saw is shown at all.
	maxAge time.Duration
	now    func() time.Time
}

// sharedKey names what a person sees of projects or of a query. A window is
// that of worklogs; open issues have none.
type sharedKey struct {
	personKey
	where  string // JQL
	window string
	points string // the fields of story points that were read
	by     workload.By
	titled bool // work logs with what their issues are called
}

type sharedReading struct {
	source.Reading
	of days
	// full is when the last reading of everything began that this one rests on.
	full time.Time
}

// base is what a reading can go on from, when that reading began, and when the last one
// of everything did.
type base struct {
	*source.Basis
	of       days
	at, full time.Time
}

// What parts of a reading take, besides their texts.
const (
	bytesOfIssue   = 256
	bytesOfWorklog = 160
)

func (r sharedReading) size() int {
	return bytesOfIssue*len(r.Issues) + bytesOfWorklog*len(r.Worklogs)
}

func newShared(now func() time.Time, maxAge time.Duration, c *changes) shared {
	kept := newKept[sharedKey, sharedReading](now, sharedFresh)
	kept.Keep, kept.Weigh, kept.Timeout = sharedFresh, sharedReading.size, pageTime
	bases := newKept[sharedKey, base](now, maxAge)
	bases.Keep, bases.Weigh = maxAge, func(b base) int { return b.Size() }
	return shared{kept, bases, c, maxAge, now}
}

// reads is how what a person sees in some days is read: all of it, or what has become
// of the changed issues since a reading of some days. That one is not ok if all must be
// read.
type reads struct {
	of    days
	all   func(context.Context) (source.Reading, error)
	again func(ctx context.Context, b *source.Basis, changed []string, of days) (r source.Reading, ok bool, err error)
}

// times are those of a reading: when it began, and when the last one of everything began
// that it rests on.
type times struct{ at, full time.Time }

// get returns what a person sees of projects in some days, and when that was read: what
// was read a moment ago, unless something changed since, or what is read now.
func (s shared) get(ctx context.Context, key sharedKey, r reads) (source.Reading, times, error) {
	var mine atomic.Bool // this caller's own reading began
	load := func(ctx context.Context) (sharedReading, error) {
		mine.Store(true)
		return s.read(ctx, key, r)
	}
	if !key.page {
		load = within(loadTime, load)
	}
	found, at, _, err := s.kept.GetFresh(ctx, key, load)
	if errors.Is(err, connect.ErrImpersonation) && !mine.Load() {
		// It joined a reading whose token has ended; this call may have brought another.
		found, at, _, err = s.kept.GetFresh(ctx, key, load)
	}
	if err == nil && (!found.of.cover(r.of) || s.changes.since(key.tenant, at)) {
		s.kept.Drop(func(k sharedKey) bool { return k == key })
		found, at, _, err = s.kept.GetFresh(ctx, key, load)
	}
	if found.full.After(at) {
		found.full = at // it began a moment later
	}
	return found.Reading, times{at, found.full}, err
}

// read goes on from what was read before, as long as little has changed since and that
// is known; else it reads everything.
func (s shared) read(ctx context.Context, key sharedKey, r reads) (sharedReading, error) {
	s.changes.watch(key.tenant, s.maxAge)
	begun := s.now()
	if before, ok := s.base(key, r.of, begun); ok {
		if ids, known := s.changes.issues(key.tenant, before.at); known && len(ids) > 0 {
			reading, ok, err := r.again(ctx, before.Basis, ids, before.of)
			if err != nil {
				return sharedReading{}, err
			}
			if ok {
				return s.keep(key, reading, before.of, times{begun, before.full}), nil
			}
		}
	}
	reading, err := r.all(ctx)
	if err != nil {
		return sharedReading{}, err
	}
	return s.keep(key, reading, r.of, times{begun, begun}), nil
}

// base is what was read before, unless that is so old that it is time to read
// everything: a view that rests on it must be replaced before it may not be shown any
// more.
func (s shared) base(key sharedKey, of days, now time.Time) (b base, ok bool) {
	b, _, _, ok = s.bases.Peek(key)
	age := now.Sub(b.full)
	return b, ok && b.of.cover(of) && 0 <= age && age < s.maxAge*4/5
}

func (s shared) keep(key sharedKey, r source.Reading, of days, t times) sharedReading {
	if r.Basis == nil {
		s.bases.Drop(func(k sharedKey) bool { return k == key })
	} else {
		s.bases.Put(key, base{r.Basis, of, t.at, t.full})
		r.Basis = nil
	}
	return sharedReading{r, of, t.full}
}

// drop forgets what was read.
func (s shared) drop(match func(sharedKey) bool) {
	s.kept.Drop(match)
	s.bases.Drop(match)
}

func (s shared) sweep() {
	s.kept.Sweep()
	s.bases.Sweep()
}

func (s shared) close() {
	s.kept.Close()
	s.bases.Close()
}

func (d days) cover(o days) bool { return !o.from.Before(d.from) && !d.to.Before(o.to) }
