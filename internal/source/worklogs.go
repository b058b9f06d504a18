package source

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/workload"
)

// worklogs reads the worklogs of one project from a day on. A search returns at
// most the first twenty worklogs of an issue, so the rest are read issue by
// issue, in parallel, as soon as an issue with more is found.
func (r Reader) worklogs(ctx context.Context, key string, from, to workload.Date, b *budget, p *part) error {
	if list, found, ok, err := r.loggedAtHome(ctx, key, from, to, b); ok || err != nil {
		p.found = found
		p.addAll(list, b)
		return err
	}
	opts := loggedSince(from)
	var logs []*[]jira.Worklog
	g, within := errgroup.WithContext(ctx)
	err := r.searchWorklogs(within, key, from, to, b, p, func(issue string) {
		list := new([]jira.Worklog)
		logs = append(logs, list)
		g.Go(func() (err error) {
			*list, err = r.allWorklogs(within, issue, opts, &b.worklogsGap)
			return err
		})
	})
	if err := errors.Join(g.Wait(), err); err != nil {
		return err
	}
	for _, list := range logs {
		p.add(*list, b)
	}
	return nil
}

// loggedSince asks for the worklogs of an issue that may count from a day on.
func loggedSince(from workload.Date) jira.WorklogListOptions {
	return jira.WorklogListOptions{StartedAfter: from.AddDays(-1).In(time.UTC).UnixMilli()}
}

// searchWorklogs adds the worklogs that the search returns, and calls busy with
// each issue that has more.
func (r Reader) searchWorklogs(ctx context.Context, key string, from, to workload.Date, b *budget, p *part, busy func(issue string)) error {
	missing := &b.worklogsGap
	found := sweep{
		client: r.client(missing.skipIn(listIssues)), jql: r.Where.Logged(key, from, to), missing: missing, eager: true, thrifty: r.Thrifty,
		fields: r.loggedFields(), size: fetchFew, most: b.worklogs.Load(), written: r.Written, anywhere: r.Where.IsQuery(),
	}
	err := found.each(ctx, func(found jira.Issue) bool {
		page := found.Fields.Worklog
		r.titles.add(found)
		switch {
		case page == nil:
		case hasMore(page):
			busy(found.Key)
		default:
			missing.skipAll(page, found.Key)
			p.add(page.Worklogs, b)
		}
		return !p.full
	})
	return missing.walked(ctx, err, "search worklogs"+ofProject(key))
}

// hasMore reports whether an issue has more worklogs than a search returned.
func hasMore(page *jira.WorklogPage) bool {
	return page.Total > int64(len(page.Worklogs)+len(page.Skipped))
}

// skipAll notes the unreadable worklogs of an issue.
func (g *gap) skipAll(page *jira.WorklogPage, issue string) {
	for range page.Skipped {
		g.skip(issue)
	}
}

// allWorklogs reads an issue's worklogs, at most one more than a view holds.
func (r Reader) allWorklogs(ctx context.Context, issue string, opts jira.WorklogListOptions, missing *gap) ([]jira.Worklog, error) {
	var out []jira.Worklog
	skip := func(string, string) { missing.skip(issue) }
	for log, err := range r.client(skip).Worklogs.All(ctx, issue, opts) {
		if err != nil {
			return out, missing.walked(ctx, err, "list worklogs of "+issue)
		}
		if out = append(out, log); len(out) > r.maxWorklogs() {
			break
		}
	}
	return out, nil
}

func (p *part) add(logs []jira.Worklog, b *budget) {
	for _, log := range logs {
		if !p.log(worklogOf(log), b) {
			return
		}
	}
}

func (p *part) addAll(logs []workload.Worklog, b *budget) {
	for _, log := range logs {
		if !p.log(log, b) {
			return
		}
	}
}

// log adds a worklog and reports whether it fitted.
func (p *part) log(log workload.Worklog, b *budget) bool {
	if b.worklogs.Add(-1) < 0 {
		b.worklogsGap.limit()
		p.full = true
		return false
	}
	p.worklogs = append(p.worklogs, log)
	return true
}

func worklogOf(log jira.Worklog) workload.Worklog {
	return workload.Worklog{
		ID:      log.ID,
		Issue:   log.IssueID,
		Author:  authorOf(log),
		Started: log.Started.Time,
		Spent:   time.Duration(log.TimeSpentSeconds) * time.Second,
	}
}

// authorOf is the zero Person if the author is not known.
func authorOf(log jira.Worklog) workload.Person {
	if log.Author == nil {
		return workload.Person{}
	}
	return PersonOf(*log.Author)
}
