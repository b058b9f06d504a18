package source

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/workload"
)

// openAtHome are the open issues of a project, with what is held of them. ok is false
// if Jira has to be asked for everything.
func (r Reader) openAtHome(ctx context.Context, key string, b *budget) (list []workload.Issue, ok bool, err error) {
	if r.held == nil {
		return nil, false, nil
	}
	g := &glimpse{
		reader: r, project: key, jql: r.Where.Open(key), fields: append(r.issueFields(), "updated"), size: fetchMany,
		most: b.issues.Load(),
	}
	g.held = func(id string) (updated time.Time, ok bool) {
		i, held := r.held.Issues[id]
		return i.Updated, held && i.Project == key && (i.Assignee == nil || g.named(*i.Assignee))
	}
	if err = g.look(ctx); err == nil {
		err = g.each(func(id string) {
			held := r.held.Issues[id]
			issue := g.withName(held.Issue)
			issue.Points = r.held.points(held, r.Points)
			list = append(list, issue)
		}, func(found jira.Issue) error {
			issue, err := r.issueOf(found)
			list = append(list, issue)
			return err
		})
	}
	return list, err == nil, unlessAsked(err)
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
func (r Reader) loggedAtHome(ctx context.Context, key string, from, to workload.Date, b *budget) (list []workload.Worklog, ok bool, err error) {
	if r.held == nil {
		return nil, false, nil
	}
	g := &glimpse{
		reader: r, project: key, jql: r.Where.Logged(key, from, to), fields: loggedFields(), size: fetchFew,
		most: b.worklogs.Load(),
	}
	// Of an issue that was read all worklogs are: they may have changed after it.
	g.held = func(id string) (updated time.Time, ok bool) { return time.Time{}, g.allNamed(r.held.Worklogs[id]) }
	if err = g.look(ctx); err == nil {
		list, err = g.worklogs(ctx, from)
	}
	return list, err == nil, unlessAsked(err)
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

// worklogs are those of the issues. Issues with more worklogs than a search returns
// are asked for side by side.
func (g *glimpse) worklogs(ctx context.Context, from workload.Date) (list []workload.Worklog, err error) {
	var busy []*[]jira.Worklog
	var found []jira.Worklog
	wide, within := errgroup.WithContext(ctx)
	err = g.each(func(id string) {
		for _, l := range g.reader.held.Worklogs[id] {
			if l.Author.Known() {
				l.Author = g.people[l.Author.AccountID]
			}
			list = append(list, l)
		}
	}, func(issue jira.Issue) error {
		page := issue.Fields.Worklog
		switch {
		case page == nil:
		case len(page.Skipped) > 0:
			return errAsk
		case hasMore(page):
			logs := new([]jira.Worklog)
			busy = append(busy, logs)
			wide.Go(func() (err error) {
				*logs, err = g.reader.allWorklogs(within, issue.Key, loggedSince(from), &g.gap)
				return err
			})
		default:
			found = append(found, page.Worklogs...)
		}
		return nil
	})
	if err := errors.Join(wide.Wait(), err); err != nil {
		return nil, err
	}
	for _, logs := range busy {
		found = append(found, *logs...)
	}
	for _, log := range found {
		list = append(list, worklogOf(log))
	}
	return list, g.whole(nil)
}
