package source

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/workload"
)

// maxFetched is how many issues are fetched at most where a reading goes on from a
// basis. If more must be, all are read.
const maxFetched = 50

// OpenAgain is Open for a reader who has a basis of it since which only some issues have
// changed, by their ids: Jira is asked which of those the reader finds now. ok is false
// if everything has to be read.
func (r Reader) OpenAgain(ctx context.Context, b *Basis, changed []string) (out Reading, ok bool, err error) {
	r.Where = b.where
	r = r.withFacts(ctx, Scope{Projects: b.shown})
	if r.held == nil {
		return Reading{}, false, nil
	}
	limit, unheld := r.budget(), without(b.issues, changed)
	g := r.openGlimpse(b.shown, limit, unheld)
	doubt(g, b.issues, changed)
	g.values = values{of: maps.Clone(b.values.of)}
	for _, id := range changed { // it may be an epic, too
		delete(g.values.of, id)
	}
	if err = g.again(ctx, b, changed); err != nil {
		return Reading{}, false, unlessAsked(err)
	}
	list, f, err := r.openOf(g, unheld)
	if err != nil {
		return Reading{}, false, unlessAsked(err)
	}
	p := part{found: f}
	p.takeAll(list, limit)
	out, ok = b.reading(p, limit)
	return out, ok, nil
}

// LoggedAgain is Logged likewise, for the same days.
func (r Reader) LoggedAgain(ctx context.Context, b *Basis, changed []string, from, to workload.Date) (out Reading, ok bool, err error) {
	r.Where = b.where
	r = r.withFacts(ctx, loggedScope(b.shown, from, to)).withTitles()
	if r.held == nil {
		return Reading{}, false, nil
	}
	limit, unheld := r.budget(), without(b.worklogs, changed)
	g := r.loggedGlimpse(b.shown, from, to, limit, unheld)
	doubt(g, b.worklogs, changed)
	named := r.title(ctx)
	if err = errors.Join(g.again(ctx, b, changed), named()); err != nil {
		return Reading{}, false, unlessAsked(err)
	}
	list, f, err := g.worklogs(ctx, from, to, unheld)
	if err != nil {
		return Reading{}, false, unlessAsked(err)
	}
	p := part{found: f}
	p.addAll(list, limit)
	out, ok = b.reading(p, limit)
	out.Titles = r.titles.of(out.Worklogs)
	return out, ok, nil
}

// DoneAgain is Done likewise, since the same day.
func (r Reader) DoneAgain(ctx context.Context, b *Basis, changed []string, since workload.Date) (out Reading, ok bool, err error) {
	r.Where = b.where
	g := &glimpse{reader: r, projects: b.shown, jql: r.Where.DoneIn(b.shown, since)}
	if err = g.match(ctx, b, changed); err != nil {
		return Reading{}, false, unlessAsked(err)
	}
	limit, p := r.budget(), part{found: newFound(len(g.ids))}
	for _, id := range g.ids {
		p.found.see(id)
		p.take(workload.Issue{ID: id}, limit)
	}
	out, ok = b.reading(p, limit)
	return out, ok, nil
}

// doubt does not believe what is held of issues that have changed and were held
// otherwise than Jira showed them: an event of theirs was lost before.
func doubt[V any](g *glimpse, unheld map[int64]V, changed []string) {
	doubted := map[string]bool{}
	for _, id := range changed {
		_, doubted[id] = unheld[numberOfID(id)]
	}
	believed := g.held
	g.held = func(id string) (updated time.Time, ok bool) {
		if doubted[id] {
			return time.Time{}, false
		}
		return believed(id)
	}
}

// without are those of issues that have not changed.
func without[V any](all map[int64]V, changed []string) map[int64]V {
	rest := maps.Clone(all)
	for _, id := range changed {
		delete(rest, numberOfID(id))
	}
	return rest
}

// reading is what was read in the end. ok is false if not all of it could be.
func (b *Basis) reading(p part, limit *budget) (out Reading, ok bool) {
	out = Reading{Issues: p.issues, Worklogs: p.worklogs, Shown: b.shown, Hidden: b.hidden, Where: b.where, Unseen: b.unseen}
	out.Gaps.Issues, out.Gaps.Worklogs = limit.issuesGap.total(len(out.Issues)), limit.worklogsGap.total(len(out.Worklogs))
	if out.Basis = basisOf(out, []part{p}); out.Basis == nil {
		return out, false
	}
	out.Basis.parts = b.regrouped(out.Basis.ids)
	return out, true
}

// regrouped are the ids that are found now, each in the part where it was; new ones are
// together.
func (b *Basis) regrouped(ids []int64) (parts [][]int64) {
	left := make(map[int64]bool, len(ids))
	for _, id := range ids {
		left[id] = true
	}
	for _, part := range b.parts {
		var still []int64
		for _, id := range part {
			if left[id] {
				still = append(still, id)
				delete(left, id)
			}
		}
		parts = append(parts, still)
	}
	return append(parts, slices.Sorted(maps.Keys(left)))
}

// again looks, where only some issues have changed, which of them the search finds for
// the reader, and takes the others from the basis. It reads what is not held.
func (g *glimpse) again(ctx context.Context, b *Basis, changed []string) error {
	wide, within := errgroup.WithContext(ctx)
	wide.Go(func() error { return g.match(within, b, changed) })
	wide.Go(func() (err error) {
		g.people, err = g.reader.Names(within, g.reader.held.people())
		return g.refused(err)
	})
	wide.Go(func() error { return g.name(within) })
	if err := wide.Wait(); err != nil {
		return err
	}
	g.few = maxFetched
	return g.missing(ctx)
}

// match asks for the changed issues, and for one of each part that has not changed: if
// that is not found, the reader may not see its project any more, which no event tells.
func (g *glimpse) match(ctx context.Context, b *Basis, changed []string) error {
	isChanged := map[int64]bool{}
	for _, id := range changed {
		isChanged[numberOfID(id)] = true
	}
	witnesses := b.witnesses(isChanged)
	if len(witnesses) == 0 || isChanged[0] {
		return errAsk
	}
	found, err := g.reader.Jira.JQL.Match(ctx, slices.AppendSeq(slices.Clone(witnesses), maps.Keys(isChanged)), []string{g.jql})
	if err != nil {
		return g.refused(err)
	}
	if len(found[0].Errors) > 0 || slices.ContainsFunc(witnesses, func(id int64) bool { return !slices.Contains(found[0].Issues, id) }) {
		return errAsk
	}
	ids := slices.DeleteFunc(slices.Clone(b.ids), func(id int64) bool { return isChanged[id] })
	for _, id := range found[0].Issues {
		if isChanged[id] {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	g.ids, g.read = make([]string, len(ids)), map[string]jira.Issue{}
	for n, id := range ids {
		g.ids[n] = strconv.FormatInt(id, 10)
	}
	return nil
}

// witnesses are an issue of each part that has not changed.
func (b *Basis) witnesses(isChanged map[int64]bool) (list []int64) {
	for _, part := range b.parts {
		n := slices.IndexFunc(part, func(id int64) bool { return !isChanged[id] })
		if n >= 0 {
			list = append(list, part[n])
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
