package source

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/workload"
)

// The most that is read of one person's day; the rest is left out and reported.
const (
	maxDayIssues  = 100 // of one project
	MaxDayEntries = 200
)

// Logged reads, in parallel, the projects' worklogs on issues of any status
// that started from one day to another, both included. The search leaves a
// margin around the days.
func (r Reader) Logged(ctx context.Context, projects []string, from, to workload.Date) (Reading, error) {
	return r.read(ctx, projects, func(ctx context.Context, key string, b *budget, p *part) error {
		return r.worklogs(ctx, key, from, to, b, p)
	})
}

// DayOf says whose day to read.
type DayOf struct {
	Account string
	Day     workload.Date
	Zone    *time.Location
}

// Entries reads what a person logged on one day, with the comments and the
// issues' summaries. More says that a limit cut the reading short. Projects
// that the reader may not see are left out.
func (r Reader) Entries(ctx context.Context, projects []string, of DayOf) (entries []timelog.Entry, more bool, err error) {
	found := &day{reader: r, of: of}
	reading, err := r.read(ctx, projects, func(ctx context.Context, key string, _ *budget, p *part) error {
		cut, err := found.project(ctx, key)
		p.moreWorklogs = cut
		return err
	})
	if err != nil {
		return nil, false, err
	}
	entries = timelog.OnDay(found.entries, of.Account, of.Day, of.Zone)
	if len(entries) > MaxDayEntries {
		return entries[:MaxDayEntries], true, nil
	}
	return entries, reading.MoreWorklogs, nil
}

// day gathers the entries of one day.
type day struct {
	reader Reader
	of     DayOf

	mu      sync.Mutex
	entries []timelog.Entry
}

// project reads one project. Jira may refuse a search that names a person it no
// longer knows: then everybody's issues of the day are searched.
func (d *day) project(ctx context.Context, key string) (more bool, err error) {
	more, err = d.search(ctx, workload.LoggedIssuesOf(key, d.of.Account, d.of.Day))
	if errors.Is(err, rest.ErrBadRequest) && !d.reader.isHidden(ctx, key) {
		more, err = d.search(ctx, workload.LoggedIssues(key, d.of.Day, d.of.Day))
	}
	if err != nil {
		return false, fmt.Errorf("search a day's worklogs of %s: %w", key, err)
	}
	return more, nil
}

func (d *day) search(ctx context.Context, jql string) (more bool, err error) {
	opts := jira.SearchOptions{JQL: jql, Fields: []string{"summary", "worklog"}, MaxResults: 100, ReconcileIssues: d.reader.Written}
	g, ctx := errgroup.WithContext(ctx)
	issues := 0
	for issue, err := range d.reader.Jira.Search.All(ctx, opts) {
		if err != nil {
			return false, errors.Join(err, g.Wait())
		}
		if issues++; issues > maxDayIssues {
			more = true
			break
		}
		page := issue.Fields.Worklog
		switch {
		case page == nil:
		case page.Total > int64(len(page.Worklogs)):
			g.Go(func() error { return d.busy(ctx, issue) })
		default:
			d.add(issue, page.Worklogs)
		}
	}
	return more, g.Wait()
}

// busy reads the day's worklogs of an issue that has more of them than a search
// returns.
func (d *day) busy(ctx context.Context, issue jira.Issue) error {
	opts := jira.WorklogListOptions{
		StartedAfter:  d.of.Day.In(d.of.Zone).Add(-time.Second).UnixMilli(),
		StartedBefore: d.of.Day.AddDays(1).In(d.of.Zone).UnixMilli(),
	}
	var logs []jira.Worklog
	for log, err := range d.reader.Jira.Worklogs.All(ctx, issue.Key, opts) {
		if err != nil {
			return fmt.Errorf("list worklogs of %s: %w", issue.Key, err)
		}
		if logs = append(logs, log); len(logs) > d.reader.maxWorklogs() {
			break
		}
	}
	d.add(issue, logs)
	return nil
}

func (d *day) add(issue jira.Issue, logs []jira.Worklog) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, log := range logs {
		if log.Author != nil {
			d.entries = append(d.entries, EntryOf(issue, log))
		}
	}
}

// EntryOf keeps the parts of a worklog that a list shows.
func EntryOf(issue jira.Issue, log jira.Worklog) timelog.Entry {
	e := timelog.Entry{
		ID: log.ID, Issue: issue.Key, Summary: issue.Fields.Summary,
		Started: log.Started.Time, Updated: log.Updated.Time,
		Spent:   time.Duration(log.TimeSpentSeconds) * time.Second,
		Comment: timelog.ReadComment(log.Comment),
	}
	if log.Author != nil {
		e.Author = PersonOf(*log.Author)
	}
	return e
}
