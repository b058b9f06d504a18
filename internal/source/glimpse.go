package source

import (
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/workload"
)

// errAsk means that what is held does not suffice, and Jira is to be asked for
// everything.
var errAsk = errors.New("what is held does not suffice")

// glimpse reads which issues of projects a search finds for the reader. It reads in
// full only those that are not held, or changed so lately that it may not have been
// told: side by side the ids, these issues and the names of people.
type glimpse struct {
	reader   Reader
	projects []string
	jql      string
	fields   []string
	size     int
	most     int64
	// held reports whether an issue is held, with the names of everybody in it, and
	// when it was updated.
	held func(id string) (updated time.Time, ok bool)
	// few is how many may have to be read at most; 0: any number.
	few int

	gap    gap
	ids    []string
	people map[string]workload.Person
	values values
	read   map[string]jira.Issue
}

// look reads. Errors that wrap errAsk say that it would not be complete.
func (g *glimpse) look(ctx context.Context) error {
	wide, within := errgroup.WithContext(ctx)
	wide.Go(func() error { return g.list(within) })
	wide.Go(func() error { return g.changed(within) })
	wide.Go(func() (err error) {
		g.people, err = g.reader.Names(within, g.reader.held.people())
		return g.refused(err)
	})
	wide.Go(func() error { return g.name(within) })
	if err := wide.Wait(); err != nil {
		return err
	}
	return g.missing(ctx)
}

// refused is for what a reading from Jira alone does not need.
func (g *glimpse) refused(err error) error {
	if isUnfetchable(err) {
		return errors.Join(errAsk, err)
	}
	return g.whole(err)
}

// whole is errAsk for a list that broke off, or if something could not be read.
func (g *glimpse) whole(err error) error {
	var walk *rest.WalkError
	if errors.As(err, &walk) || err == nil && g.gap.total(0).Any() {
		return errors.Join(errAsk, err)
	}
	return err
}

func (g *glimpse) sweep(jql string) *sweep {
	return &sweep{
		client: g.reader.client(func(_, key string) { g.gap.skip(key) }), jql: jql, missing: &g.gap,
		fields: g.fields, size: g.size, most: g.most, seen: map[string]bool{}, odd: map[string]bool{},
	}
}

// list reads the ids of all issues that the search finds.
func (g *glimpse) list(ctx context.Context) error {
	found := <-g.sweep(g.jql).list(ctx)
	slices.Sort(found.ids)
	g.ids = slices.Compact(found.ids)
	return g.whole(found.err)
}

// changed reads those that changed lately.
func (g *glimpse) changed(ctx context.Context) error {
	g.read = map[string]jira.Issue{}
	err := g.sweep(workload.ChangedWithin(g.jql, g.reader.held.Lately)).each(ctx, func(i jira.Issue) bool {
		g.read[i.ID] = i
		return true
	})
	return g.whole(err)
}

// missing reads those that are not held.
func (g *glimpse) missing(ctx context.Context) error {
	var ids []string
	for _, id := range g.ids {
		_, read := g.read[id]
		if _, held := g.held(id); !held && !read {
			ids = append(ids, id)
		}
	}
	switch {
	case len(ids) == 0:
		return g.whole(nil)
	case g.few > 0 && len(ids) > g.few:
		return errAsk
	}
	err := g.sweep(g.jql).fetchAll(ctx, ids, func(i jira.Issue) bool {
		if slices.Contains(g.projects, i.Fields.Project.Key) {
			g.read[i.ID] = i
		}
		return true
	})
	return g.refused(err)
}

// each uses the issues, one after the other: as held, or as read if that is newer.
// What was found and is neither has gone meanwhile.
func (g *glimpse) each(fromHome func(id string), fromJira func(jira.Issue) error) error {
	for _, id := range g.ids {
		updated, held := g.held(id)
		issue, read := g.read[id]
		if held && (!read || updated.After(issue.Fields.Updated.Time)) {
			fromHome(id)
			continue
		}
		if !read {
			continue
		}
		if err := fromJira(issue); err != nil {
			return errors.Join(errAsk, err)
		}
	}
	return nil
}
