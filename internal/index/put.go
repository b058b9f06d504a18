package index

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// ErrNoFact means that a fact lacks what it is known by: its id, or a key that is one.
var ErrNoFact = errors.New("not a fact")

// Index is the facts of all tenants.
type Index struct {
	storage Storage
	now     func() time.Time
}

// New returns the index in a storage. A nil clock is time.Now.
func New(storage Storage, now func() time.Time) *Index {
	if now == nil {
		now = time.Now
	}
	return &Index{storage, now}
}

// Put stores what was read or told, all or nothing, and returns what must be
// fetched: the needs of the batch that are new, and work logs of issues that are not
// held, with the issues. A fact that is older than the one held changes nothing; one
// as old replaces it.
func (x *Index) Put(ctx context.Context, tenant string, b Batch) (needed []Need, err error) {
	err = x.change(ctx, tenant, func(d *desk) { needed = d.put(b, x.now()) })
	if err != nil {
		return nil, fmt.Errorf("put facts of tenant %q: %w", tenant, err)
	}
	return needed, nil
}

func (x *Index) change(ctx context.Context, tenant string, f func(d *desk)) error {
	return x.storage.Change(ctx, tenant, func(p Pages) error {
		d := newDesk(p)
		f(d)
		return d.save()
	})
}

func (d *desk) put(b Batch, now time.Time) (needed []Need) {
	if d.err == nil {
		d.err = b.check()
	}
	if d.err != nil {
		return nil
	}
	d.prepare(b)
	var steps []step
	for _, i := range b.Issues {
		steps = append(steps, d.putIssue(i, b.Read)...)
	}
	for _, l := range b.Worklogs {
		needed = append(needed, d.putWorklog(l, b.Read, now)...)
	}
	for _, c := range b.Changes {
		if p, held := d.place(KindIssue, c.Issue); !held || !p.deleted() {
			d.changes.set(changesKey(c.Issue), c)
		}
	}
	d.doubt(steps, b.Untold)
	for _, g := range b.Gone {
		d.remove(g, now)
	}
	for _, n := range b.Needs {
		needed = append(needed, d.need(n)...)
	}
	return needed
}

// check refuses what no page could hold.
func (b Batch) check() error {
	for _, i := range b.Issues {
		if i.ID <= 0 || i.Number <= 0 || !workload.IsProjectKey(i.Project) {
			return fmt.Errorf("%w: issue %d, %q", ErrNoFact, i.ID, i.Key())
		}
	}
	for _, l := range b.Worklogs {
		if l.ID <= 0 || l.Issue <= 0 {
			return fmt.Errorf("%w: work log %d of issue %d", ErrNoFact, l.ID, l.Issue)
		}
	}
	for _, c := range b.Changes {
		if c.Issue <= 0 || c.Field < FieldAssignee || c.Field > FieldRemaining {
			return fmt.Errorf("%w: change of field %d of issue %d", ErrNoFact, c.Field, c.Issue)
		}
	}
	for _, n := range b.Needs {
		if n.ID <= 0 || n.Kind != KindIssue && n.Kind != KindWorklog {
			return fmt.Errorf("%w: need %d of kind %d", ErrNoFact, n.ID, n.Kind)
		}
	}
	return nil
}

// prepare loads the pages that a batch is about, so that there is one statement for
// many of them.
func (d *desk) prepare(b Batch) {
	var places, changes []Key
	for _, i := range b.Issues {
		places = append(places, placesKey(KindIssue, i.ID))
	}
	for _, l := range b.Worklogs {
		places = append(places, placesKey(KindWorklog, l.ID), placesKey(KindIssue, l.Issue))
	}
	for _, c := range b.Changes {
		places, changes = append(places, placesKey(KindIssue, c.Issue)), append(changes, changesKey(c.Issue))
	}
	for _, g := range b.Gone {
		places = append(places, placesKey(g.Kind, g.ID))
	}
	d.places.load(places...)
	d.changes.load(changes...)
	d.prepareFacts(b)
}

// prepareFacts loads the pages that facts are on and those that they go to.
func (d *desk) prepareFacts(b Batch) {
	var issues, logs []Key
	for _, i := range b.Issues {
		issues = append(issues, issueKey(i))
		if p, held := d.place(KindIssue, i.ID); held && !p.deleted() {
			issues = append(issues, p.issueKey())
		}
	}
	for _, l := range b.Worklogs {
		if p, held := d.place(KindWorklog, l.ID); held && !p.deleted() {
			logs = append(logs, p.worklogKey())
		}
		if p, held := d.place(KindIssue, l.Issue); held && !p.deleted() {
			logs = append(logs, worklogKey(p.project, l))
		}
	}
	d.issues.load(issues...)
	d.worklogs.load(logs...)
}

func worklogKey(project string, l Worklog) Key {
	return Key{Shelf: shelfWorklogs, Project: project, Bucket: week(l.Started)}
}

// putIssue moves the issue to its page, and its work logs if the project is another.
// It returns what it did, if anything.
func (d *desk) putIssue(i Issue, read time.Time) []step {
	p, held := d.place(KindIssue, i.ID)
	if held && p.deleted() {
		return nil
	}
	s := step{after: i}
	if held {
		s.before, s.held = d.issues.get(p.issueKey(), i.ID)
		if s.held && i.Updated.UnixMilli() < s.before.Updated.UnixMilli() {
			return nil
		}
		d.issues.drop(p.issueKey(), i.ID)
		if p.project != i.Project {
			d.moveWorklogs(i.ID, p.project, i.Project)
		}
	}
	d.issues.set(issueKey(i), i)
	if now := placeOfIssue(i); now != p {
		d.places.set(placesKey(KindIssue, i.ID), now)
	}
	d.endNeed(KindIssue, i.ID, read)
	return []step{s}
}

func (d *desk) moveWorklogs(issue int64, from, to string) {
	for _, l := range d.takeWorklogs(issue, from) {
		k := worklogKey(to, l)
		d.worklogs.set(k, l)
		d.places.set(placesKey(KindWorklog, l.ID), place{l.ID, to, k.Bucket})
	}
}

// takeWorklogs removes an issue's work logs from their pages.
func (d *desk) takeWorklogs(issue int64, project string) (taken []Worklog) {
	for _, k := range d.worklogKeys(project) {
		taken = append(taken, d.worklogs.dropIf(k, func(l Worklog) bool { return l.Issue == issue })...)
	}
	return taken
}

// farAway is beyond every bucket.
const farAway = 1 << 60

// worklogKeys are the pages of a project's work logs, also those that are new.
func (d *desk) worklogKeys(project string) []Key {
	if !d.scanned[project] {
		d.scanned[project] = true
		d.worklogs.scan(Range{Shelf: shelfWorklogs, Projects: []string{project}, From: -farAway, To: farAway})
	}
	var keys []Key
	for k := range d.worklogs.sheets {
		if k.Project == project {
			keys = append(keys, k)
		}
	}
	return keys
}

// putWorklog stores a work log beside those of its issue's project.
func (d *desk) putWorklog(l Worklog, read, now time.Time) (needed []Need) {
	at, known := d.place(KindIssue, l.Issue)
	p, held := d.place(KindWorklog, l.ID)
	switch {
	case held && p.deleted(), known && at.deleted():
		return nil
	case !known:
		return append(d.need(Need{Kind: KindIssue, ID: l.Issue, Since: now, Last: now}),
			d.need(Need{Kind: KindWorklog, ID: l.ID, Issue: l.Issue, Since: now, Last: now})...)
	}
	if held {
		old, ok := d.worklogs.get(p.worklogKey(), l.ID)
		if ok && l.Updated.UnixMilli() < old.Updated.UnixMilli() {
			return nil
		}
		d.worklogs.drop(p.worklogKey(), l.ID)
	}
	k := worklogKey(at.project, l)
	d.worklogs.set(k, l)
	if now := (place{l.ID, at.project, k.Bucket}); now != p {
		d.places.set(placesKey(KindWorklog, l.ID), now)
	}
	d.endNeed(KindWorklog, l.ID, read)
	return nil
}

// need remembers what must be fetched, and returns it unless it was known.
func (d *desk) need(n Need) []Need {
	if p, held := d.place(n.Kind, n.ID); held && p.deleted() {
		return nil
	}
	old, known := d.needs.get(needsKey(n.Kind), n.ID)
	if known {
		n.Since, n.Last = earlier(n.Since, old.Since), later(n.Last, old.Last)
		if n.Issue == 0 {
			n.Issue = old.Issue
		}
	}
	d.needs.set(needsKey(n.Kind), n)
	if known {
		return nil
	}
	return []Need{n}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// endNeed forgets the need of a fact that was asked for after all that was told.
func (d *desk) endNeed(kind Kind, id int64, read time.Time) {
	if n, ok := d.needs.get(needsKey(kind), id); ok && !read.IsZero() && read.UnixMilli() >= n.Last.UnixMilli() {
		d.needs.drop(needsKey(kind), id)
	}
}

// remove takes a fact off its page, with what hangs on it.
func (d *desk) remove(g Gone, now time.Time) {
	p, held := d.place(g.Kind, g.ID)
	switch {
	case held && p.deleted():
		return
	case held && g.Kind == KindWorklog:
		d.worklogs.drop(p.worklogKey(), g.ID)
	case held:
		d.issues.drop(p.issueKey(), g.ID)
		for _, l := range d.takeWorklogs(g.ID, p.project) {
			d.forget(KindWorklog, l.ID)
		}
	}
	d.forget(g.Kind, g.ID)
	if g.Deleted {
		d.places.set(placesKey(g.Kind, g.ID), place{id: g.ID, spot: now.Unix() / int64(day/time.Second)})
	}
}

// forget removes the traces of a fact that is on no page any more.
func (d *desk) forget(kind Kind, id int64) {
	d.places.drop(placesKey(kind, id), id)
	d.needs.drop(needsKey(kind), id)
	if kind == KindWorklog {
		return
	}
	d.changes.dropIf(changesKey(id), func(c Change) bool { return c.Issue == id })
	d.doubts.drop(doubtsKey(id), id)
	d.needs.dropIf(needsKey(KindWorklog), func(n Need) bool { return n.Issue == id })
}
