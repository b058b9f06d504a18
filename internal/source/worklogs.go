package source

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/workload"
)

// worklogs reads the worklogs of one project from a day on. A search returns at
// most the first twenty worklogs of an issue, so the rest are read issue by
// issue, in parallel.
func (r Reader) worklogs(ctx context.Context, key string, from, to workload.Date, b *budget, p *part) error {
	busy, err := r.searchWorklogs(ctx, key, from, to, b, p)
	if err != nil {
		return err
	}
	since := from.AddDays(-1).In(time.UTC)
	logs := make([][]jira.Worklog, len(busy))
	g, ctx := errgroup.WithContext(ctx)
	for i, issue := range busy {
		g.Go(func() (err error) {
			logs[i], err = r.allWorklogs(ctx, issue, since)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, list := range logs {
		p.add(list, b)
	}
	return nil
}

// searchWorklogs adds the worklogs that the search returns, and returns the
// issues that have more.
func (r Reader) searchWorklogs(ctx context.Context, key string, from, to workload.Date, b *budget, p *part) ([]string, error) {
	opts := jira.SearchOptions{
		JQL:        workload.LoggedIssues(key, from, to),
		Fields:     []string{"worklog"},
		MaxResults: 100, ReconcileIssues: r.Written,
	}
	var busy []string
	for found, err := range r.Jira.Search.All(ctx, opts) {
		if err != nil {
			return nil, fmt.Errorf("search worklogs of %s: %w", key, err)
		}
		page := found.Fields.Worklog
		switch {
		case page == nil:
		case page.Total > int64(len(page.Worklogs)):
			busy = append(busy, found.Key)
		default:
			p.add(page.Worklogs, b)
		}
		if p.moreWorklogs {
			return nil, nil
		}
	}
	return busy, nil
}

func (r Reader) allWorklogs(ctx context.Context, issue string, since time.Time) ([]jira.Worklog, error) {
	var out []jira.Worklog
	opts := jira.WorklogListOptions{StartedAfter: since.UnixMilli()}
	for log, err := range r.Jira.Worklogs.All(ctx, issue, opts) {
		if err != nil {
			return nil, fmt.Errorf("list worklogs of %s: %w", issue, err)
		}
		out = append(out, log)
		if len(out) > r.maxWorklogs() {
			break // one more than fits
		}
	}
	return out, nil
}

func (p *part) add(logs []jira.Worklog, b *budget) {
	for _, log := range logs {
		if log.Author == nil {
			continue // it has no author to count it for
		}
		if b.worklogs.Add(-1) < 0 {
			p.moreWorklogs = true
			return
		}
		p.worklogs = append(p.worklogs, workload.Worklog{
			ID:      log.ID,
			Author:  PersonOf(*log.Author),
			Started: log.Started.Time,
			Spent:   time.Duration(log.TimeSpentSeconds) * time.Second,
		})
	}
}
