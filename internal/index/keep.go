package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// How long facts are kept.
const (
	// keptDays is how many days changes are kept, work logs after their start, and
	// done issues after their last change.
	keptDays = 400
	// refusedDays is how long what was deleted is refused: events come late by three
	// days at most.
	refusedDays = 7
)

// Prune removes what is older than it is kept. It reads the whole tenant: once a day
// is enough.
func (x *Index) Prune(ctx context.Context, tenant string) error {
	old := pruning{before: x.now().Add(-keptDays * day), deleted: x.now().Add(-refusedDays*day).Unix() / int64(day/time.Second)}
	ranges := []Range{
		{Shelf: shelfDone, To: farAway},
		{Shelf: shelfWorklogs, From: -farAway, To: week(old.before)},
		{Shelf: shelfChanges, To: farAway},
		{Shelf: shelfIssuePlaces, To: farAway},
		{Shelf: shelfWorklogPlaces, To: farAway},
	}
	err := x.sift(ctx, tenant, ranges, old.has, func(d *desk, keys []Key) { d.prune(keys, old) })
	if err != nil {
		return fmt.Errorf("prune index of tenant %q: %w", tenant, err)
	}
	return nil
}

// sift changes the pages of ranges that has is true of. It looks for them outside of
// a transaction, so that others wait for few of them only.
func (x *Index) sift(ctx context.Context, tenant string, ranges []Range, has func(Key, []byte) (bool, error), change func(d *desk, keys []Key)) error {
	var keys []Key
	err := x.storage.Scan(ctx, tenant, ranges, func(k Key, page []byte) error {
		found, err := has(k, page)
		if found {
			keys = append(keys, k)
		}
		return err
	})
	if err != nil || len(keys) == 0 {
		return err
	}
	return x.change(ctx, tenant, func(d *desk) { change(d, keys) })
}

// pruning says what is too old.
type pruning struct {
	before  time.Time
	deleted int64 // a day
}

func (p pruning) issue(i Issue) bool     { return !i.Open() && i.Updated.Before(p.before) }
func (p pruning) worklog(l Worklog) bool { return l.Started.Before(p.before) }
func (p pruning) change(c Change) bool   { return c.At.Before(p.before) }
func (p pruning) place(at place) bool    { return at.deleted() && at.spot < p.deleted }

// has reports whether a page has something too old.
func (p pruning) has(k Key, page []byte) (bool, error) {
	switch k.Shelf {
	case shelfDone:
		return contains(issues(), k, page, p.issue)
	case shelfWorklogs:
		return contains(worklogs(), k, page, p.worklog)
	case shelfChanges:
		return contains(changes(), k, page, p.change)
	}
	return contains(places(), k, page, p.place)
}

func contains[N comparable, F any](f family[N, F], k Key, page []byte, is func(F) bool) (bool, error) {
	list, err := f.unpack(k, page, nil)
	return slices.ContainsFunc(list, is), err
}

func (d *desk) prune(keys []Key, old pruning) {
	for _, k := range keys {
		switch k.Shelf {
		case shelfDone:
			for _, i := range d.issues.dropIf(k, old.issue) {
				d.places.drop(placesKey(KindIssue, i.ID), i.ID)
				d.doubts.drop(doubtsKey(i.ID), i.ID)
			}
		case shelfWorklogs:
			for _, l := range d.worklogs.dropIf(k, old.worklog) {
				d.places.drop(placesKey(KindWorklog, l.ID), l.ID)
			}
		case shelfChanges:
			d.changes.dropIf(k, old.change)
		default:
			d.places.dropIf(k, old.place)
		}
	}
}

// DropProject removes a project's issues and what hangs on them: Jira sends no event
// for each issue of a project that is deleted.
func (x *Index) DropProject(ctx context.Context, tenant, project string) error {
	only := []string{project}
	ranges := []Range{
		{Shelf: shelfOpen, Projects: only, To: farAway},
		{Shelf: shelfDone, Projects: only, To: farAway},
		{Shelf: shelfWorklogs, Projects: only, From: -farAway, To: farAway},
	}
	all := func(Key, []byte) (bool, error) { return true, nil }
	if err := x.sift(ctx, tenant, ranges, all, (*desk).dropPages); err != nil {
		return fmt.Errorf("drop project %s of tenant %q: %w", project, tenant, err)
	}
	return nil
}

// dropPages removes all facts of pages, and what hangs on them.
func (d *desk) dropPages(keys []Key) {
	for _, k := range keys {
		if k.Shelf == shelfWorklogs {
			for _, l := range d.worklogs.dropIf(k, func(Worklog) bool { return true }) {
				d.forget(KindWorklog, l.ID)
			}
			continue
		}
		for _, i := range d.issues.dropIf(k, func(Issue) bool { return true }) {
			d.forget(KindIssue, i.ID)
		}
	}
}

// Drop removes all that is held of a tenant.
func (x *Index) Drop(ctx context.Context, tenant string) error { return x.storage.Drop(ctx, tenant) }

// EraseAccount removes a person's account id wherever it is held, and returns of how
// many facts. Work logs and changes stay, of nobody; the person's issues must be
// fetched, and are the person's again if Jira still says so.
func (x *Index) EraseAccount(ctx context.Context, account string) (count int, err error) {
	if account == "" {
		return 0, errors.New("erase account: no account")
	}
	tenants, err := x.storage.Holding(ctx, account)
	if err != nil {
		return 0, fmt.Errorf("erase account: %w", err)
	}
	for _, tenant := range tenants {
		n, err := x.eraseFrom(ctx, tenant, account)
		count += n
		if err != nil {
			return count, fmt.Errorf("erase account in tenant %q: %w", tenant, err)
		}
	}
	return count, nil
}

func (x *Index) eraseFrom(ctx context.Context, tenant, account string) (count int, err error) {
	ranges := []Range{
		{Shelf: shelfOpen, To: farAway},
		{Shelf: shelfDone, To: farAway},
		{Shelf: shelfWorklogs, From: -farAway, To: farAway},
		{Shelf: shelfChanges, To: farAway},
	}
	has := func(_ Key, page []byte) (bool, error) { return bytes.Contains(page, []byte(account)), nil }
	err = x.sift(ctx, tenant, ranges, has, func(d *desk, keys []Key) {
		count = 0
		for _, k := range keys {
			count += d.erase(k, account, x.now())
		}
	})
	return count, err
}

// erase removes an account from a page.
func (d *desk) erase(k Key, account string, now time.Time) int {
	switch k.Shelf {
	case shelfWorklogs:
		return d.worklogs.rewrite(k, func(l *Worklog) bool { return blank(&l.Author, account) })
	case shelfChanges:
		return d.changes.rewrite(k, func(c *Change) bool {
			from := c.Field == FieldAssignee && blank(&c.From, account)
			to := c.Field == FieldAssignee && blank(&c.To, account)
			return from || to
		})
	}
	return d.issues.rewrite(k, func(i *Issue) bool {
		erased := blank(&i.Assignee, account)
		if erased && i.Open() {
			d.need(Need{Kind: KindIssue, ID: i.ID, Since: now, Last: now})
		}
		return erased
	})
}

// blank empties a text that is the account.
func blank(text *string, account string) bool {
	if *text != account {
		return false
	}
	*text = ""
	return true
}

// rewrite changes facts of a page whose names stay, and returns how many.
func (b *book[N, F]) rewrite(k Key, f func(*F) bool) (count int) {
	b.load(k)
	for _, fact := range b.sheets[k].facts {
		if f(&fact) {
			b.set(k, fact)
			count++
		}
	}
	return count
}
