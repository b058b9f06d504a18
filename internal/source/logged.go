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
	r = r.withFacts(ctx, loggedScope(projects, from, to)).withTitles()
	named := r.title(ctx)
	out, err := r.read(ctx, projects, func(r Reader, ctx context.Context, key string, b *budget, p *part) error {
		return r.worklogs(ctx, key, from, to, b, p)
	})
	untitled := named()
	switch {
	case err != nil:
		return Reading{}, err
	case errors.Is(untitled, errAsk):
		r.Facts, r.held = nil, nil
		return r.Logged(ctx, projects, from, to)
	}
	out.Titles = r.titles.of(out.Worklogs)
	return out, untitled
}

// DayOf says whose day to read.
type DayOf struct {
	// Account is one person's; "" is everybody whom Who takes.
	Account string
	Who     func(account string) bool
	// In is a condition of the issues; "" is none.
	In   string
	Day  workload.Date
	Zone *time.Location
}

func (d DayOf) takes(account string) bool {
	if d.Account == "" {
		return d.Who(account)
	}
	return account == d.Account
}

// Entries reads what a person logged on one day, with the comments and the
// issues' summaries. The gap says what could not be read. Projects that the
// reader may not see are left out.
func (r Reader) Entries(ctx context.Context, projects []string, of DayOf) ([]timelog.Entry, workload.Gap, error) {
	found := &day{of: of}
	reading, err := r.read(ctx, projects, func(r Reader, ctx context.Context, key string, b *budget, _ *part) error {
		return found.project(ctx, r, key, &b.worklogsGap)
	})
	if err != nil {
		return nil, workload.Gap{}, err
	}
	missing := reading.Gaps.Worklogs
	entries := timelog.OnDay(found.entries, of.takes, of.Day, of.Zone)
	if len(entries) > MaxDayEntries {
		entries, missing.Limit = entries[:MaxDayEntries], true
	}
	if missing.Limit || missing.Cut != "" {
		missing.Read = len(entries)
	}
	return entries, missing, nil
}

// day gathers the entries of one day.
type day struct {
	of DayOf

	mu      sync.Mutex
	entries []timelog.Entry
}

// project reads one project. Jira may refuse a search that names a person it no
// longer knows: then everybody's issues of the day are searched.
func (d *day) project(ctx context.Context, r Reader, key string, missing *gap) error {
	var err error
	if d.of.Account != "" {
		err = d.search(ctx, r, r.Where.LoggedBy(key, d.of.Account, d.of.Day), missing)
	}
	if d.of.Account == "" || errors.Is(err, rest.ErrBadRequest) && !r.isHidden(ctx, key) {
		err = d.search(ctx, r, r.Where.Logged(key, d.of.Day, d.of.Day), missing)
	}
	if err != nil {
		return fmt.Errorf("search a day's worklogs%s: %w", ofProject(key), err)
	}
	return nil
}

func (d *day) search(ctx context.Context, r Reader, jql string, missing *gap) error {
	if d.of.In != "" {
		jql += " AND " + d.of.In
	}
	opts := jira.SearchOptions{JQL: jql, Fields: []string{"summary", "worklog"}, MaxResults: 100, ReconcileIssues: r.Written}
	g, ctx := errgroup.WithContext(ctx)
	issues := 0
	for issue, err := range r.client(missing.skipIn(listIssues)).Search.All(ctx, opts) {
		if err != nil {
			return errors.Join(missing.cut(ctx, err), g.Wait())
		}
		if issues++; issues > maxDayIssues {
			missing.limit()
			break
		}
		page := issue.Fields.Worklog
		switch {
		case page == nil:
		case hasMore(page):
			g.Go(func() error { return d.busy(ctx, r, issue, missing) })
		default:
			missing.skipAll(page, issue.Key)
			d.add(issue, page.Worklogs)
		}
	}
	return g.Wait()
}

// busy reads the day's worklogs of an issue that has more of them than a search
// returns.
func (d *day) busy(ctx context.Context, r Reader, issue jira.Issue, missing *gap) error {
	opts := jira.WorklogListOptions{
		StartedAfter:  d.of.Day.In(d.of.Zone).Add(-time.Second).UnixMilli(),
		StartedBefore: d.of.Day.AddDays(1).In(d.of.Zone).UnixMilli(),
	}
	logs, err := r.allWorklogs(ctx, issue.Key, opts, missing)
	d.add(issue, logs)
	return err
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
	return timelog.Entry{
		ID: log.ID, Issue: issue.Key, Summary: issue.Fields.Summary, Author: authorOf(log),
		Started: log.Started.Time, Updated: log.Updated.Time,
		Spent:   time.Duration(log.TimeSpentSeconds) * time.Second,
		Comment: timelog.ReadComment(log.Comment),
	}
}
