// Package source reads from Jira what a workload is computed from, with the
// rights of whoever the given client acts for.
//
// It takes a client and returns values. It knows no server, no storage and no
// page.
package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/workload"
)

// The most that one view reads; the rest is left out and reported.
const (
	MaxIssues   = 5000
	MaxWorklogs = 10000
)

// Reader reads as one person, or as the app.
type Reader struct {
	Jira *jira.Client
	// Issues and Worklogs are the most to read; 0 means MaxIssues and
	// MaxWorklogs.
	Issues, Worklogs int
	// Written holds the ids of issues that were just written, at most 50:
	// worklog searches then see their current state.
	Written []int64
}

// Reading is what was read from the requested projects.
type Reading struct {
	Issues   []workload.Issue
	Worklogs []workload.Worklog
	// Shown and Hidden are the projects read and those that the reader may
	// not see.
	Shown, Hidden []string
	// MoreIssues and MoreWorklogs say that a limit cut the reading short.
	MoreIssues, MoreWorklogs bool
}

// part is what one project contributed.
type part struct {
	issues       []workload.Issue
	worklogs     []workload.Worklog
	hidden       bool
	moreIssues   bool
	moreWorklogs bool
}

// budget counts what may still be read, over all projects of one view.
type budget struct{ issues, worklogs atomic.Int64 }

func (r Reader) budget() *budget {
	b := &budget{}
	b.issues.Store(int64(cmp.Or(r.Issues, MaxIssues)))
	b.worklogs.Store(int64(r.maxWorklogs()))
	return b
}

func (r Reader) maxWorklogs() int { return cmp.Or(r.Worklogs, MaxWorklogs) }

// Open reads the open issues of the projects in parallel.
func (r Reader) Open(ctx context.Context, projects []string) (Reading, error) {
	return r.read(ctx, projects, r.openIssues)
}

// Work reads, in parallel, the projects' open issues and the worklogs that
// started from one day to another, both included. The search leaves a margin
// around the days; the summary cuts exactly.
func (r Reader) Work(ctx context.Context, projects []string, from, to workload.Date) (Reading, error) {
	return r.read(ctx, projects, func(ctx context.Context, key string, b *budget, p *part) error {
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return r.openIssues(ctx, key, b, p) })
		g.Go(func() error { return r.worklogs(ctx, key, from, to, b, p) })
		return g.Wait()
	})
}

type readPart func(ctx context.Context, key string, b *budget, p *part) error

func (r Reader) read(ctx context.Context, projects []string, read readPart) (Reading, error) {
	parts := make([]part, len(projects))
	b := r.budget()
	g, ctx := errgroup.WithContext(ctx)
	for i, key := range projects {
		g.Go(func() error {
			err := read(ctx, key, b, &parts[i])
			return r.unlessHidden(ctx, key, &parts[i], err)
		})
	}
	if err := g.Wait(); err != nil {
		return Reading{}, err
	}
	return join(projects, parts), nil
}

// unlessHidden turns the 400 that Jira gives for a project the reader may not
// browse into a hidden part; it returns any other error.
func (r Reader) unlessHidden(ctx context.Context, key string, p *part, err error) error {
	if !errors.Is(err, rest.ErrBadRequest) || !r.isHidden(ctx, key) {
		return err
	}
	*p = part{hidden: true}
	return nil
}

// isHidden reports whether Jira says that the reader may not browse the
// project. Reading the project itself would not tell: an admin of a project
// sees it without being allowed to browse it.
func (r Reader) isHidden(ctx context.Context, key string) bool {
	found, err := r.Jira.Projects.Search(ctx, jira.ProjectSearchOptions{Keys: []string{key}, Action: "browse"})
	return err == nil && len(found.Values) == 0 || errors.Is(err, rest.ErrNotFound)
}

func join(projects []string, parts []part) Reading {
	var out Reading
	for i, p := range parts {
		if p.hidden {
			out.Hidden = append(out.Hidden, projects[i])
			continue
		}
		out.Shown = append(out.Shown, projects[i])
		out.Issues = append(out.Issues, p.issues...)
		out.Worklogs = append(out.Worklogs, p.worklogs...)
		out.MoreIssues = out.MoreIssues || p.moreIssues
		out.MoreWorklogs = out.MoreWorklogs || p.moreWorklogs
	}
	return out
}

func (r Reader) openIssues(ctx context.Context, key string, b *budget, p *part) error {
	opts := jira.SearchOptions{
		JQL:        workload.OpenIssues(key),
		Fields:     []string{"summary", "assignee", "status", "project", "duedate", "timeestimate"},
		MaxResults: 100,
	}
	for found, err := range r.Jira.Search.All(ctx, opts) {
		if err != nil {
			return fmt.Errorf("search open issues of %s: %w", key, err)
		}
		if b.issues.Add(-1) < 0 {
			p.moreIssues = true
			return nil
		}
		issue, err := issueOf(found)
		if err != nil {
			return err
		}
		p.issues = append(p.issues, issue)
	}
	return nil
}

// issueOf keeps the fields that the workload counts.
func issueOf(found jira.Issue) (workload.Issue, error) {
	f := found.Fields
	due, err := dueDate(f.DueDate)
	if err != nil {
		return workload.Issue{}, fmt.Errorf("issue %s: %w", found.Key, err)
	}
	issue := workload.Issue{
		ID: found.ID, Key: found.Key, Project: f.Project.Key, Summary: f.Summary,
		Category: workload.Category(f.Status.StatusCategory.Key), Due: due,
	}
	if f.Assignee != nil {
		person := PersonOf(*f.Assignee)
		issue.Assignee = &person
	}
	if f.TimeEstimate != nil {
		issue.Remaining = time.Duration(*f.TimeEstimate) * time.Second
	}
	return issue, nil
}

func dueDate(text string) (workload.Date, error) {
	if text == "" {
		return workload.Date{}, nil
	}
	return workload.ParseDate(text)
}

// PersonOf keeps the parts of a Jira user that a row shows.
func PersonOf(u jira.User) workload.Person {
	return workload.Person{
		AccountID: u.AccountID,
		Name:      u.DisplayName,
		AvatarURL: u.AvatarURLs["24x24"],
		App:       u.AccountType == "app",
	}
}
