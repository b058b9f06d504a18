package feed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/workload"
)

const (
	// issuePage is how many issues with fields Jira returns at most on a page.
	issuePage = 100
	// loggedDays is how many days of work logs are read: the longest window, and a
	// day for zones at each end.
	loggedDays = int(workload.Month) + 2
	// searchLag is how late Jira's search may be.
	searchLag = 5 * time.Minute
	// overlap is how much of the time that was read is read again.
	overlap = 2 * searchLag
)

// errRestart means that the filling was begun anew by somebody else.
var errRestart = errors.New("the filling was begun anew")

// fill reads the projects that are not held yet, one after the other.
func (a *asker) fill(ctx context.Context, wanted []string) error {
	a.untold = true
	for {
		at, err := a.next(ctx, wanted)
		if err != nil || at == nil {
			return err
		}
		err = a.project(ctx, *at)
		if errors.Is(err, rest.ErrBadRequest) {
			err = a.unlessHidden(ctx, at.Project, err)
		}
		if err != nil && !errors.Is(err, errRestart) {
			return fmt.Errorf("fill project %s: %w", at.Project, err)
		}
	}
}

// next is where the filling goes on; nil: all is held. Events about a project are
// taken from now on.
func (a *asker) next(ctx context.Context, wanted []string) (at *position, err error) {
	now := a.feed.Now()
	err = a.feed.change(ctx, a.tenant, func(s *index.State, n *notes) error {
		if n.Fill == nil || !slices.Contains(wanted, n.Fill.Project) {
			n.Fill = n.begin(wanted, now)
		}
		if n.Fill == nil && s.Filled.IsZero() {
			s.Filled, s.Reconciled = now, now
		}
		at, a.notes = n.Fill, *n
		return nil
	})
	return at, err
}

// begin is the start of the first project that is not held.
func (n *notes) begin(wanted []string, now time.Time) *position {
	for _, project := range wanted {
		if !slices.Contains(n.Projects, project) && !slices.Contains(n.Hidden, project) {
			return &position{Project: project, Since: now}
		}
	}
	return nil
}

// project reads a project from a position on.
func (a *asker) project(ctx context.Context, at position) error {
	if !at.Logged {
		if err := a.fillPages(ctx, &at, workload.OpenIssues(at.Project), a.notes.issueFields()); err != nil {
			return err
		}
		at.Logged, at.Token = true, ""
		if err := a.keep(ctx, at); err != nil {
			return err
		}
	}
	today := workload.DateOf(a.feed.Now(), time.UTC)
	jql := workload.LoggedIssues(at.Project, today.AddDays(-loggedDays), today)
	err := a.fillPages(ctx, &at, jql, append(a.notes.issueFields(), "worklog"))
	if errors.Is(err, rest.ErrBadRequest) && at.Token == "" {
		if err = a.unlessHidden(ctx, at.Project, nil); err != nil {
			return err
		}
		err = nil // Jira tracks no time
	}
	if err != nil {
		return err
	}
	return a.filled(ctx, at)
}

// fillPages reads a search to its end and keeps how far the filling is.
func (a *asker) fillPages(ctx context.Context, at *position, jql string, fields []string) error {
	return a.pages(ctx, &at.Token, jql, fields, func() error { return a.keep(ctx, *at) })
}

// pages reads a search to its end from a token on, and after each page but the last
// has it kept how far it is.
func (a *asker) pages(ctx context.Context, token *string, jql string, fields []string, keep func() error) error {
	seen := map[string]bool{}
	for {
		opts := jira.SearchOptions{JQL: jql + " ORDER BY key ASC", Fields: fields, MaxResults: issuePage, NextPageToken: *token}
		page, err := a.jira.Search.JQL(ctx, opts)
		if errors.Is(err, rest.ErrBadRequest) && *token != "" {
			*token = "" // it has expired: from the start
			continue
		}
		if err != nil {
			return err
		}
		if err := a.take(ctx, page.Issues); err != nil {
			return err
		}
		if page.IsLast || page.NextPageToken == "" || seen[page.NextPageToken] {
			return nil
		}
		*token = page.NextPageToken
		seen[*token] = true
		if err := keep(); err != nil {
			return err
		}
	}
}

// take stores issues that a search found, and their work logs. A search may be late:
// it ends no need.
func (a *asker) take(ctx context.Context, found []jira.Issue) error {
	b := index.Batch{Untold: a.untold}
	for _, issue := range found {
		fact, err := a.feed.issueFact(issue, a.notes, &a.met)
		if err != nil {
			a.met.missed(a.feed.Now().Add(oddTime))
			continue
		}
		b.Issues = append(b.Issues, fact)
		logs, err := a.logsOf(ctx, issue)
		if err != nil {
			return err
		}
		b.Worklogs = append(b.Worklogs, a.logFacts(logs, fact.ID)...)
	}
	return a.put(ctx, b)
}

func (a *asker) logFacts(logs []jira.Worklog, issue int64) (facts []index.Worklog) {
	for _, log := range logs {
		fact, ok, err := a.feed.worklogFact(log, issue, &a.met)
		if err != nil {
			a.met.missed(a.feed.Now().Add(oddTime))
		}
		if ok {
			facts = append(facts, fact)
		}
	}
	return facts
}

// logsOf are the work logs of an issue that came with it, or if there are more than
// a search returns, those of the last days.
func (a *asker) logsOf(ctx context.Context, issue jira.Issue) (logs []jira.Worklog, err error) {
	page := issue.Fields.Worklog
	if page == nil {
		return nil, nil
	}
	if page.Total <= int64(len(page.Worklogs)+len(page.Skipped)) {
		return page.Worklogs, nil
	}
	since := a.feed.Now().AddDate(0, 0, -loggedDays-1)
	if !a.logsSince.IsZero() {
		since = a.logsSince
	}
	for log, err := range a.jira.Worklogs.All(ctx, issue.Key, jira.WorklogListOptions{StartedAfter: since.UnixMilli()}) {
		if errors.Is(err, rest.ErrNotFound) {
			return nil, nil // it was just deleted
		}
		if err != nil {
			return nil, fmt.Errorf("list work logs: %w", err)
		}
		logs = append(logs, log)
	}
	return logs, nil
}

// keep stores how far the filling is, and renews the lease.
func (a *asker) keep(ctx context.Context, at position) error {
	now := a.feed.Now()
	return a.feed.change(ctx, a.tenant, func(s *index.State, n *notes) error {
		switch {
		case s.Holder != a.feed.Name:
			return errTaken
		case n.Fill == nil || n.Fill.Project != at.Project:
			return errRestart
		}
		n.Fill, s.HeldUntil = &at, now.Add(leaseTime)
		return nil
	})
}

// filled notes that a project is held. What was changed shortly before it was begun,
// search may not have told.
func (a *asker) filled(ctx context.Context, at position) error {
	if err := a.compare(ctx, []string{at.Project}); err != nil {
		return err
	}
	now := a.feed.Now()
	return a.feed.change(ctx, a.tenant, func(s *index.State, n *notes) error {
		if n.Fill == nil || n.Fill.Project != at.Project {
			return errRestart
		}
		n.Fill, n.Projects = nil, append(n.Projects, at.Project)
		n.loggedFrom(at.Project, now.AddDate(0, 0, -loggedDays))
		slices.Sort(n.Projects)
		n.Again, n.Checked, n.Open = at.Since.Add(searchLag), now, n.Open+a.open
		startAt(s, at.Since)
		return nil
	})
}

// unlessHidden notes that the app may not see a project; else it returns err.
func (a *asker) unlessHidden(ctx context.Context, project string, err error) error {
	visible, asked := a.visible(ctx, []string{project})
	if asked != nil || len(visible) > 0 {
		return errors.Join(err, asked)
	}
	return a.hide(ctx, []string{project}, errRestart)
}
