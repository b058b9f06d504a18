package index

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// doubt is an issue of which not all changes may be held, so that it cannot be told
// how it was.
type doubt struct{ id int64 }

func doubts() family[int64, doubt] {
	return family[int64, doubt]{
		name: func(x doubt) int64 { return x.id }, compare: cmp.Compare[int64],
		put: func(w *writer, _ Key, before, x *doubt) { w.int(x.id - before.id) },
		get: func(r *reader, _ Key, before, x *doubt) { x.id = before.id + r.int() },
	}
}

func doubtsKey(issue int64) Key { return Key{Shelf: shelfDoubts, Bucket: issue >> idsABucket} }

// step is how an issue was held before and after it was put; held is false if it was
// not.
type step struct {
	before, after Issue
	held          bool
}

// doubt remembers the issues of a batch whose changes were not all told.
func (d *desk) doubt(steps []step, untold bool) {
	for _, s := range steps {
		if untold || d.doubtful(s) {
			d.doubts.set(doubtsKey(s.after.ID), doubt{s.after.ID})
		}
	}
}

// doubtful reports whether the changes that are held do not lead from what was held
// to what is. Of an issue that was not held they do if it has just been created.
func (d *desk) doubtful(s step) bool {
	if !s.held {
		return s.after.Created.IsZero() || !s.after.Created.Equal(s.after.Updated)
	}
	for _, f := range pastFields() {
		at := f.of(s.before)
		if s.before.Updated.Equal(s.after.Updated) && f.same(at, f.of(s.after)) {
			continue
		}
		for _, c := range d.changesOf(s.after.ID, f.field) {
			if !c.At.After(s.before.Updated) || c.At.After(s.after.Updated) {
				continue
			}
			if !f.same(at, c.From) {
				return true
			}
			at = c.To
		}
		if !f.same(at, f.of(s.after)) {
			return true
		}
	}
	return false
}

// changesOf are the changes of one field of an issue, the oldest first.
func (d *desk) changesOf(issue int64, f Field) (list []Change) {
	k := changesKey(issue)
	d.changes.load(k)
	for _, c := range d.changes.sheets[k].facts {
		if c.Issue == issue && c.Field == f {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, older)
	return list
}

// older orders the changes of an issue by time.
func older(a, b Change) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.History, b.History), cmp.Compare(a.Field, b.Field))
}

// pastField is a field whose changes are kept.
type pastField struct {
	field Field
	// of is its value in an issue, in a change's form; set changes it.
	of  func(Issue) string
	set func(to *Issue, value string)
	// plain makes texts equal that mean the same.
	plain func(string) string
}

func (f pastField) same(a, b string) bool { return a == b || f.plain(a) == f.plain(b) }

func pastFields() []pastField {
	itself := func(text string) string { return text }
	return []pastField{
		{FieldAssignee, func(i Issue) string { return i.Assignee }, func(to *Issue, v string) { to.Assignee = v }, itself},
		{
			FieldCategory, func(i Issue) string { return string(categoryOf(codeOf(i.Category))) },
			func(to *Issue, v string) { to.Category = workload.Category(v) }, itself,
		},
		{FieldDue, func(i Issue) string { return i.Due.String() }, func(to *Issue, v string) {
			to.Due, _ = dueOf(v) // any other text counts as none
		}, func(text string) string {
			due, _ := dueOf(text)
			return due.String()
		}},
		{FieldRemaining, func(i Issue) string { return strconv.FormatInt(int64(i.Remaining/time.Second), 10) }, func(to *Issue, v string) {
			to.Remaining, _ = secondsOf(v)
		}, func(text string) string {
			left, _ := secondsOf(text)
			return left.String()
		}},
	}
}

// Doubted returns the issues whose changes must be read, in order of their ids.
func (x *Index) Doubted(ctx context.Context, tenant string) (ids []int64, err error) {
	err = x.storage.Scan(ctx, tenant, []Range{{Shelf: shelfDoubts, To: farAway}}, func(k Key, page []byte) error {
		list, err := doubts().unpack(k, page, nil)
		for _, one := range list {
			ids = append(ids, one.id)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read doubts of tenant %q: %w", tenant, err)
	}
	slices.Sort(ids)
	return ids, nil
}

// Chronicle is what was read of issues' changes.
type Chronicle struct {
	// Issues are those that were asked for, all of whose changes since the time from
	// which they are kept are in Changes.
	Issues  []int64
	Changes []Change
	// Read is when they were asked for.
	Read time.Time
}

// Tells stores changes that were read, in place of those that are held of the issues.
// What was told after they were read stays.
func (x *Index) Tells(ctx context.Context, tenant string, c Chronicle) error {
	if err := (Batch{Changes: c.Changes}).check(); err != nil {
		return err
	}
	err := x.change(ctx, tenant, func(d *desk) { d.tells(c, x.now().Add(-keptDays*day)) })
	if err != nil {
		return fmt.Errorf("store changes of tenant %q: %w", tenant, err)
	}
	return nil
}

func (d *desk) tells(c Chronicle, kept time.Time) {
	newest := map[int64]time.Time{}
	for _, change := range c.Changes {
		newest[change.Issue] = later(newest[change.Issue], change.At)
	}
	keys := make([]Key, 0, 2*len(c.Issues))
	for _, id := range c.Issues {
		keys = append(keys, changesKey(id))
	}
	d.changes.load(keys...)
	for _, id := range c.Issues {
		d.changes.dropIf(changesKey(id), func(old Change) bool {
			return old.Issue == id && (!old.At.After(newest[id]) || old.dated() && !old.At.After(c.Read))
		})
		d.doubts.drop(doubtsKey(id), id)
	}
	for _, change := range c.Changes {
		if p, held := d.place(KindIssue, change.Issue); held && !p.deleted() && change.At.After(kept) {
			d.changes.set(changesKey(change.Issue), change)
		}
	}
}

// dated reports whether an event told the change without its changelog, so that it is
// known by its time.
func (c Change) dated() bool { return c.History == c.At.UnixMilli() }
