package index

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
)

// Issues returns what is held of issues, open or not, by id, and the ids of those
// that are not held or must be fetched.
func (x *Index) Issues(ctx context.Context, tenant string, ids []int64) (known []Issue, missing []int64, err error) {
	err = x.look(ctx, tenant, func(d *desk) {
		known, missing = find(d, KindIssue, ids, d.issues, place.issueKey)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read issues of tenant %q: %w", tenant, err)
	}
	return known, missing, nil
}

// Count counts the issues, open or not, and the work logs that are held of a tenant.
func (x *Index) Count(ctx context.Context, tenant string) (issues, worklogs int, err error) {
	var ranges []Range
	for _, shelf := range []Shelf{shelfOpen, shelfDone, shelfWorklogs} {
		ranges = append(ranges, Range{Shelf: shelf, From: -farAway, To: farAway})
	}
	err = x.storage.Scan(ctx, tenant, ranges, func(k Key, page []byte) error {
		r := opened(page)
		if k.Shelf == shelfWorklogs {
			worklogs += r.count
		} else {
			issues += r.count
		}
		if r.bad {
			return fmt.Errorf("%w: page %v", ErrDamaged, k)
		}
		return nil
	})
	if err != nil {
		return 0, 0, fmt.Errorf("count facts of tenant %q: %w", tenant, err)
	}
	return issues, worklogs, nil
}

// Worklogs returns what is held of work logs likewise.
func (x *Index) Worklogs(ctx context.Context, tenant string, ids []int64) (known []Worklog, missing []int64, err error) {
	err = x.look(ctx, tenant, func(d *desk) {
		known, missing = find(d, KindWorklog, ids, d.worklogs, place.worklogKey)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read work logs of tenant %q: %w", tenant, err)
	}
	return known, missing, nil
}

// History returns the changes of issues, of all if ids is nil, by issue, then by
// history.
func (x *Index) History(ctx context.Context, tenant string, ids []int64) (list []Change, err error) {
	if ids == nil {
		list, err = x.allHistory(ctx, tenant)
	} else {
		err = x.look(ctx, tenant, func(d *desk) { list = d.history(ids) })
	}
	if err != nil {
		return nil, fmt.Errorf("read history of tenant %q: %w", tenant, err)
	}
	f := changes()
	slices.SortFunc(list, func(a, b Change) int { return f.compare(f.name(a), f.name(b)) })
	return list, nil
}

func (x *Index) allHistory(ctx context.Context, tenant string) (list []Change, err error) {
	whole := []Range{{Shelf: shelfChanges, To: farAway}}
	err = x.storage.Scan(ctx, tenant, whole, func(k Key, page []byte) (err error) {
		list, err = changes().unpack(k, page, list)
		return err
	})
	return list, err
}

func (d *desk) history(ids []int64) (list []Change) {
	wanted := make(map[int64]bool, len(ids))
	keys := make([]Key, 0, len(ids))
	for _, id := range ids {
		wanted[id], keys = true, append(keys, changesKey(id))
	}
	d.changes.load(keys...)
	for _, s := range d.changes.sheets {
		for _, c := range s.facts {
			if wanted[c.Issue] {
				list = append(list, c)
			}
		}
	}
	return list
}

// look runs f on pages as they are; it may change nothing.
func (x *Index) look(ctx context.Context, tenant string, f func(d *desk)) error {
	d := newDesk(readOnly{ctx, x.storage, tenant})
	f(d)
	return d.err
}

// readOnly are pages outside of a transaction.
type readOnly struct {
	ctx     context.Context
	storage Storage
	tenant  string
}

func (r readOnly) Load(keys []Key) (map[Key][]byte, error) {
	return r.storage.Load(r.ctx, r.tenant, keys)
}

func (r readOnly) Scan(of Range) (map[Key][]byte, error) {
	pages := map[Key][]byte{}
	err := r.storage.Scan(r.ctx, r.tenant, []Range{of}, func(k Key, page []byte) error {
		pages[k] = bytes.Clone(page)
		return nil
	})
	return pages, err
}

func (readOnly) Save(k Key, _ []byte) error { return fmt.Errorf("save page %v: this is a reading", k) }

// find looks facts up by their places.
func find[F any](d *desk, kind Kind, ids []int64, facts *book[int64, F], key func(place) Key) (known []F, missing []int64) {
	places := make([]Key, len(ids))
	for n, id := range ids {
		places[n] = placesKey(kind, id)
	}
	d.places.load(places...)
	d.needs.load(needsKey(kind))
	pages := make([]Key, 0, len(ids))
	for _, id := range ids {
		if p, held := d.place(kind, id); held && !p.deleted() {
			pages = append(pages, key(p))
		}
	}
	facts.load(pages...)
	for _, id := range ids {
		fact, ok := at(d, kind, id, facts, key)
		if _, needed := d.needs.get(needsKey(kind), id); !ok || needed {
			missing = append(missing, id)
			continue
		}
		known = append(known, fact)
	}
	return known, missing
}

func at[F any](d *desk, kind Kind, id int64, facts *book[int64, F], key func(place) Key) (fact F, ok bool) {
	p, held := d.place(kind, id)
	if !held || p.deleted() {
		return fact, false
	}
	return facts.get(key(p), id)
}

// Facts are all that is held of a tenant.
type Facts struct {
	Issues   []Issue
	Worklogs []Worklog
	Changes  []Change
}

// All reads everything that is held of a tenant, needed or not, in no order.
func (x *Index) All(ctx context.Context, tenant string) (all Facts, err error) {
	var ranges []Range
	for _, shelf := range []Shelf{shelfOpen, shelfDone, shelfWorklogs, shelfChanges} {
		ranges = append(ranges, Range{Shelf: shelf, From: -farAway, To: farAway})
	}
	err = x.storage.Scan(ctx, tenant, ranges, func(k Key, page []byte) (err error) {
		switch k.Shelf {
		case shelfWorklogs:
			all.Worklogs, err = worklogs().unpack(k, page, all.Worklogs)
		case shelfChanges:
			all.Changes, err = changes().unpack(k, page, all.Changes)
		default:
			all.Issues, err = issues().unpack(k, page, all.Issues)
		}
		return err
	})
	if err != nil {
		return Facts{}, fmt.Errorf("read all facts of tenant %q: %w", tenant, err)
	}
	return all, nil
}

// Accounts are those of people in all that is held of a tenant, each once, in no order.
func (x *Index) Accounts(ctx context.Context, tenant string) ([]string, error) {
	var ranges []Range
	for _, shelf := range []Shelf{shelfOpen, shelfDone, shelfWorklogs, shelfChanges} {
		ranges = append(ranges, Range{Shelf: shelf, From: -farAway, To: farAway})
	}
	found := map[string]bool{}
	err := x.storage.Scan(ctx, tenant, ranges, func(k Key, page []byte) error { return accountsOf(k, page, found) })
	if err != nil {
		return nil, fmt.Errorf("read the accounts of tenant %q: %w", tenant, err)
	}
	delete(found, "")
	return slices.Collect(maps.Keys(found)), nil
}

// accountsOf adds the accounts in a page.
func accountsOf(k Key, page []byte, found map[string]bool) error {
	switch k.Shelf {
	case shelfWorklogs:
		list, err := worklogs().unpack(k, page, nil)
		for _, l := range list {
			found[l.Author] = true
		}
		return err
	case shelfChanges:
		list, err := changes().unpack(k, page, nil)
		for _, c := range list {
			if c.Field == FieldAssignee {
				found[c.From], found[c.To] = true, true
			}
		}
		return err
	}
	list, err := issues().unpack(k, page, nil)
	for _, i := range list {
		found[i.Assignee] = true
	}
	return err
}
