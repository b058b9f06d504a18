package index

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// Past is how open work was spread over people.
type Past struct {
	// Moments are the times that were asked for, the oldest first, without those of
	// which it cannot be told.
	Moments []workload.Moment
	// Untold are issues that are not held, must be fetched, or whose changes must be
	// read: the moments lack them.
	Untold []int64
}

// Past returns how the issues were at some times, the oldest first. Whoever asks says
// which issues count: one that has moved is counted as if it had always been where it
// is, and one that is gone as if it had never been. An issue is overdue if it was due
// before the day of the time, in the time's own zone.
func (x *Index) Past(ctx context.Context, tenant string, ids []int64, at ...time.Time) (p Past, err error) {
	err = x.look(ctx, tenant, func(d *desk) { p = d.past(ids, at) })
	if err != nil {
		return Past{}, fmt.Errorf("read past of tenant %q: %w", tenant, err)
	}
	return p, nil
}

func (d *desk) past(ids []int64, at []time.Time) (p Past) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	known, missing := find(d, KindIssue, ids, d.issues, place.issueKey)
	p.Untold = missing
	keys := make([]Key, len(ids))
	for n, id := range ids {
		keys[n] = doubtsKey(id)
	}
	d.doubts.load(keys...)
	changes := map[int64][]Change{}
	for _, c := range d.history(ids) {
		changes[c.Issue] = append(changes[c.Issue], c)
	}
	b := newBack(at)
	for _, i := range known {
		if _, doubted := d.doubts.get(doubtsKey(i.ID), i.ID); doubted {
			p.Untold = append(p.Untold, i.ID)
			continue
		}
		b.follow(i, changes[i.ID])
	}
	p.Moments = b.moments()
	return p
}

// back goes back in time.
type back struct {
	fields []pastField
	list   []workload.Moment
	// told is from when on it is known how all issues were.
	told time.Time
	// done are the moments at which an issue was done, the last first.
	done []finished
}

// finished is an issue that somebody had when it was done.
type finished struct {
	moment  int
	account string
}

func newBack(at []time.Time) *back {
	b := &back{fields: pastFields(), list: make([]workload.Moment, len(at))}
	for n, t := range at {
		b.list[n] = workload.Moment{At: t, By: map[string]workload.Carried{}}
	}
	return b
}

// moments are those of which it can be told. Without the first of all it is not known what
// was done since.
func (b *back) moments() []workload.Moment {
	all := len(b.list)
	list := slices.DeleteFunc(b.list, func(m workload.Moment) bool { return m.At.Before(b.told) })
	if len(list) < all {
		for _, m := range list {
			m.Unfinish()
		}
	}
	return list
}

// unknown says that nothing is known of the time before.
func (b *back) unknown(before time.Time) { b.told = later(b.told, before) }

// follow undoes an issue's changes, the newest first, and counts it at each time.
func (b *back) follow(i Issue, changes []Change) {
	slices.SortFunc(changes, older)
	known := b.ahead(&i, changes)
	if i.Created.IsZero() {
		b.unknown(i.Updated)
	}
	left := len(changes)
	b.done = b.done[:0]
	for n := len(b.list) - 1; n >= 0 && !b.list[n].At.Before(i.Created); n-- {
		m := b.list[n]
		for ; left > 0 && changes[left-1].At.After(m.At); left-- {
			b.undo(&i, changes[left-1], known)
		}
		if i.Open() {
			m.Add(i.Assignee, i.Due, i.Remaining)
		} else {
			b.done = append(b.done, finished{n, i.Assignee})
		}
	}
	b.finish()
}

// finish counts the moments at which an issue was done, unless it was at the first.
func (b *back) finish() {
	if n := len(b.done); n == 0 || b.done[n-1].moment == 0 {
		return
	}
	for _, f := range b.done {
		b.list[f.moment].Finish(f.account)
	}
}

// ahead applies changes that are newer than the issue, and returns from when on each
// field is known.
func (b *back) ahead(i *Issue, changes []Change) (known map[Field]time.Time) {
	known = map[Field]time.Time{}
	for _, f := range b.fields {
		known[f.field] = i.Updated
		for _, c := range changes {
			if c.Field != f.field || !c.At.After(i.Updated) {
				continue
			}
			if !f.same(f.of(*i), c.From) {
				b.unknown(c.At)
			}
			f.set(i, c.To)
			known[f.field] = c.At
		}
	}
	return known
}

// undo takes a change back. If it did not lead to what was after it, something in
// between was not told.
func (b *back) undo(i *Issue, c Change, known map[Field]time.Time) {
	f := b.fields[c.Field-1]
	if !f.same(f.of(*i), c.To) {
		b.unknown(known[c.Field])
	}
	if c.Field == FieldCategory && c.From == "" { // of a status that is no more
		b.unknown(c.At)
	}
	f.set(i, c.From)
	known[c.Field] = c.At
}
