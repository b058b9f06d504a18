package source

import (
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/workload"
)

// openAtHome are the open issues of a project, with what is held of them. ok is false
// if Jira has to be asked for everything.
func (r Reader) openAtHome(ctx context.Context, key string, b *budget) (list []workload.Issue, f *found, ok bool, err error) {
	if r.held == nil {
		return nil, nil, false, nil
	}
	g := r.openGlimpse([]string{key}, b, nil)
	if err = g.look(ctx); err == nil {
		list, f, err = r.openOf(g, nil)
	}
	return list, f, err == nil, unlessAsked(err)
}

// openGlimpse looks for the open issues of projects. unheld are known though they are
// not held.
func (r Reader) openGlimpse(projects []string, b *budget, unheld map[int64]unheldIssue) *glimpse {
	g := &glimpse{
		reader: r, projects: projects, jql: r.Where.Open(projects...), fields: append(r.issueFields(), "updated"), size: fetchMany,
		most: b.issues.Load(),
	}
	g.held = func(id string) (updated time.Time, ok bool) {
		if u, known := unheld[numberOfID(id)]; known {
			return u.updated, true
		}
		i, held := r.held.Issues[id]
		_, valued := g.value(i)
		return i.Updated, held && valued && slices.Contains(projects, i.Project) && (i.Assignee == nil || g.named(*i.Assignee))
	}
	return g
}

// openOf are the issues that were found, and what to go on from.
func (r Reader) openOf(g *glimpse, unheld map[int64]unheldIssue) (list []workload.Issue, f *found, err error) {
	f = newFound(len(g.ids))
	f.values = g.values.of
	err = g.each(func(id string) {
		number, held := f.see(id), r.held.Issues[id]
		if u, known := unheld[number]; known && !held.Updated.After(u.updated) {
			f.issues[number], list = u, append(list, u.Issue)
			return
		}
		issue := g.withName(held.Issue)
		issue.Points = r.held.points(held, r.Points)
		issue.In, _ = g.value(held)
		list = append(list, issue)
	}, func(found jira.Issue) error {
		issue, err := r.issueOf(found)
		list = append(list, issue)
		held := r.held.Issues[found.ID]
		value, _ := g.value(held)
		if number := f.see(found.ID); value != issue.In || !r.sameIssue(held, issue) {
			f.issues[number] = unheldIssue{issue, found.Fields.Updated.Time}
		}
		return err
	})
	return list, f, err
}

// unlessAsked is an error that asking Jira for everything would not mend.
func unlessAsked(err error) error {
	if errors.Is(err, errAsk) {
		return nil
	}
	return err
}

// named reports whether a person has a name or, as nobody, needs none.
func (g *glimpse) named(p workload.Person) bool {
	_, known := g.people[p.AccountID]
	return known || p.AccountID == ""
}

func (g *glimpse) withName(i workload.Issue) workload.Issue {
	if i.Assignee != nil {
		person := g.people[i.Assignee.AccountID]
		i.Assignee = &person
	}
	return i
}

// loggedAtHome are the worklogs of a project, likewise.
func (r Reader) loggedAtHome(ctx context.Context, key string, from, to workload.Date, b *budget) (list []workload.Worklog, f *found, ok bool, err error) {
	if r.held == nil {
		return nil, nil, false, nil
	}
	g := r.loggedGlimpse([]string{key}, from, to, b, nil)
	if err = g.look(ctx); err == nil {
		list, f, err = g.worklogs(ctx, from, to, nil)
	}
	return list, f, err == nil, unlessAsked(err)
}

// loggedGlimpse looks for the issues of projects with worklogs.
func (r Reader) loggedGlimpse(projects []string, from, to workload.Date, b *budget, unheld map[int64][]workload.Worklog) *glimpse {
	r.By = workload.By{} // of issues
	g := &glimpse{
		reader: r, projects: projects, jql: r.Where.LoggedIn(projects, from, to), fields: r.loggedFields(), size: fetchFew,
		most: b.worklogs.Load(),
	}
	// Of an issue that was read all worklogs are: they may have changed after it.
	g.held = func(id string) (updated time.Time, ok bool) {
		_, known := unheld[numberOfID(id)]
		return time.Time{}, known || g.allNamed(r.held.Worklogs[id])
	}
	return g
}

// allNamed reports whether there are worklogs whose authors have names, or are not
// known to Jira itself.
func (g *glimpse) allNamed(logs []workload.Worklog) bool {
	for _, l := range logs {
		if l.Author.Known() && !g.named(l.Author) {
			return false
		}
	}
	return len(logs) > 0
}

// worklogs are those of the issues, and what to go on from. Issues with more worklogs
// than a search returns are asked for side by side.
func (g *glimpse) worklogs(ctx context.Context, from, to workload.Date, unheld map[int64][]workload.Worklog) (list []workload.Worklog, f *found, err error) {
	f = newFound(len(g.ids))
	asked := map[string]*[]jira.Worklog{}
	wide, within := errgroup.WithContext(ctx)
	err = g.each(func(id string) {
		number := f.see(id)
		if logs, known := unheld[number]; known {
			f.worklogs[number], list = logs, append(list, logs...)
			return
		}
		for _, l := range g.reader.held.Worklogs[id] {
			if l.Author.Known() {
				l.Author = g.people[l.Author.AccountID]
			}
			l.Issue = id
			list = append(list, l)
		}
	}, func(issue jira.Issue) error {
		f.see(issue.ID)
		g.reader.titles.add(issue)
		page := issue.Fields.Worklog
		switch {
		case page == nil:
			page = &jira.WorklogPage{}
		case len(page.Skipped) > 0:
			return errAsk
		case hasMore(page):
			logs := new([]jira.Worklog)
			asked[issue.ID] = logs
			wide.Go(func() (err error) {
				*logs, err = g.reader.allWorklogs(within, issue.Key, loggedSince(from), &g.gap)
				return err
			})
			return nil
		}
		asked[issue.ID] = &page.Worklogs
		return nil
	})
	if err := errors.Join(wide.Wait(), err); err != nil {
		return nil, nil, err
	}
	scope := loggedScope(nil, from, to)
	for id, logs := range asked {
		read := make([]workload.Worklog, len(*logs))
		for n, log := range *logs {
			read[n] = worklogOf(log)
			read[n].Issue = id
		}
		list = append(list, read...)
		if !sameLogs(g.reader.held.Worklogs[id], scope.of(read)) {
			f.worklogs[numberOfID(id)] = read
		}
	}
	return list, f, g.whole(nil)
}

// of are those of work logs that are in the scope.
func (s Scope) of(list []workload.Worklog) (within []workload.Worklog) {
	for _, l := range list {
		if !l.Started.Before(s.From) && l.Started.Before(s.To) {
			within = append(within, l)
		}
	}
	return within
}
