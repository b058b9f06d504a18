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
	"slices"
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
	// Allowance bounds the fruitless pages of everything that one view reads, see
	// [NewReader]; nil leaves them unbounded together.
	Allowance *rest.Allowance
	// Thrifty reads searches page after page, which costs half as many points of
	// Jira's quota: for when nobody waits.
	Thrifty bool
	// Written holds the ids of issues that were just written, at most 50: searches
	// then see their current state, and facts are not used.
	Written []int64
	// Where says which issues are read, of projects or instead of them.
	Where workload.Where
	// Points are the ids of the custom fields that story points are taken from: the
	// first in which an issue has any.
	Points []string
	// By is how the issues will be grouped.
	By workload.By
	// Titled says that worklogs are read with what their issues are called.
	Titled bool
	// Facts are kept at home, and Names are of the people in them; nil: Jira is asked
	// for everything.
	Facts Facts
	Names Names

	held   *Held   // for the reading that runs; nil: nothing
	titles *titles // likewise
}

// Reading is what was read from the requested projects.
type Reading struct {
	Issues   []workload.Issue
	Worklogs []workload.Worklog
	// Titles are what the issues of Worklogs are called, by their ids; nil if that was
	// not asked for.
	Titles map[string]workload.Title
	// Shown and Hidden are the projects read and those that the reader may
	// not see.
	Shown, Hidden []string
	// Where is what was read, without the values that the reader may not see. Those are
	// Unseen.
	Where  workload.Where
	Unseen []string
	// NoFilter says that the reader may not see the saved filter; NoQuery is what Jira
	// says to them against the query.
	NoFilter bool
	NoQuery  []string
	// Gaps say what could not be read.
	Gaps workload.Gaps
	// Untracked says that Jira tracks no time, so that there is none to read.
	Untracked bool
	// Basis is what a later reading can go on from; nil: nothing.
	Basis *Basis
}

// part is what one project contributed.
type part struct {
	issues    []workload.Issue
	worklogs  []workload.Worklog
	hidden    bool
	noFilter  bool
	noQuery   []string
	untracked bool
	full      bool // no more worklogs fit

	found *found // with facts, what to go on from; nil: nothing
}

// budget counts what may still be read over all projects of one view, and
// collects what could not be read.
type budget struct {
	issues, worklogs       atomic.Int64
	issuesGap, worklogsGap gap
}

func (r Reader) budget() *budget {
	b := &budget{}
	b.issues.Store(int64(cmp.Or(r.Issues, MaxIssues)))
	b.worklogs.Store(int64(r.maxWorklogs()))
	return b
}

func (r Reader) maxWorklogs() int { return cmp.Or(r.Worklogs, MaxWorklogs) }

// Open reads the open issues of the projects in parallel.
func (r Reader) Open(ctx context.Context, projects []string) (Reading, error) {
	r = r.withFacts(ctx, Scope{Projects: projects})
	return r.read(ctx, projects, Reader.openIssues)
}

// Work reads, in parallel, the projects' open issues and the worklogs that
// started from one day to another, both included. The search leaves a margin
// around the days; the summary cuts exactly. A Jira that tracks no time gives the
// issues all the same.
func (r Reader) Work(ctx context.Context, projects []string, from, to workload.Date) (Reading, error) {
	r = r.withFacts(ctx, loggedScope(projects, from, to))
	return r.read(ctx, projects, func(r Reader, ctx context.Context, key string, b *budget, p *part) error {
		var logged part
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return r.openIssues(ctx, key, b, p) })
		g.Go(func() error {
			err := r.worklogs(ctx, key, from, to, b, &logged)
			if errors.Is(err, rest.ErrBadRequest) {
				// Jira does not know the field, or the project is hidden: then
				// the search for issues fails in the same way.
				logged.untracked = true
				return nil
			}
			return err
		})
		err := g.Wait()
		p.worklogs, p.untracked, p.found = logged.worklogs, logged.untracked, nil
		return err
	})
}

type readPart func(r Reader, ctx context.Context, key string, b *budget, p *part) error

func (r Reader) read(ctx context.Context, projects []string, read readPart) (Reading, error) {
	if r.Where.IsQuery() {
		projects = []string{""}
	}
	parts := make([]part, len(projects))
	b := r.budget()
	g, ctx := errgroup.WithContext(ctx)
	seen := &seenPart{reader: r}
	for i, key := range projects {
		g.Go(func() error {
			err := read(r, ctx, key, b, &parts[i])
			if errors.Is(err, rest.ErrBadRequest) {
				err = seen.again(ctx, key, b, &parts[i], read, err)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return Reading{}, err
	}
	out := join(projects, parts)
	out.Where, out.Unseen = seen.where()
	out.Gaps.Issues, out.Gaps.Worklogs = b.issuesGap.total(len(out.Issues)), b.worklogsGap.total(len(out.Worklogs))
	out.Basis = basisOf(out, parts)
	return out, nil
}

// isHidden reports whether Jira says that the reader may not browse the
// project. Reading the project itself would not tell: an admin of a project
// sees it without being allowed to browse it.
func (r Reader) isHidden(ctx context.Context, key string) bool {
	if key == "" {
		return false
	}
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
		if projects[i] != "" {
			out.Shown = append(out.Shown, projects[i])
		}
		out.NoFilter, out.NoQuery = p.noFilter, p.noQuery
		out.Issues = append(out.Issues, p.issues...)
		out.Worklogs = append(out.Worklogs, p.worklogs...)
		out.Untracked = out.Untracked || p.untracked
	}
	return out
}

func (r Reader) openIssues(ctx context.Context, key string, b *budget, p *part) error {
	if list, found, ok, err := r.openAtHome(ctx, key, b); ok || err != nil {
		p.found = found
		p.takeAll(list, b)
		return err
	}
	missing := &b.issuesGap
	found := sweep{
		client: r.client(missing.skipIn(listIssues)), jql: r.Where.Open(key), missing: missing,
		fields: r.issueFields(), size: fetchMany, most: b.issues.Load(), thrifty: r.Thrifty, anywhere: r.Where.IsQuery(),
		written: r.Written,
	}
	err := found.each(ctx, func(found jira.Issue) bool {
		issue, err := r.issueOf(found)
		if err != nil {
			missing.skip(found.Key)
			return true
		}
		return p.take(issue, b)
	})
	return missing.walked(ctx, err, "search open issues"+ofProject(key))
}

// ofProject says where something was attempted.
func ofProject(key string) string {
	if key == "" {
		return ""
	}
	return " of " + key
}

// issueFields are the fields that the workload counts.
func (r Reader) issueFields() []string {
	return slices.Concat([]string{"summary", "assignee", "status", "project", "duedate", "timeestimate"}, r.Points, r.By.Fields())
}

func (p *part) takeAll(list []workload.Issue, b *budget) {
	for _, issue := range list {
		if !p.take(issue, b) {
			return
		}
	}
}

// take adds an issue, unless it was closed since it was found, and reports whether
// more fit.
func (p *part) take(issue workload.Issue, b *budget) bool {
	if issue.Category == workload.CategoryDone {
		return true
	}
	if b.issues.Add(-1) < 0 {
		b.issuesGap.limit()
		return false
	}
	p.issues = append(p.issues, issue)
	return true
}

// The names of Jira's lists.
const (
	listIssues   = "issues"
	listWorklogs = "worklogs"
	listActors   = "actors"
	listValues   = "values"
)

// issueOf keeps the fields that the workload counts.
func (r Reader) issueOf(found jira.Issue) (workload.Issue, error) {
	f := found.Fields
	due, err := dueDate(f.DueDate)
	if err != nil {
		return workload.Issue{}, fmt.Errorf("issue %s: %w", found.Key, err)
	}
	issue := workload.Issue{
		ID: found.ID, Key: found.Key, Project: f.Project.Key, Summary: f.Summary,
		Category: r.Where.Statuses.Category(f.Status.ID, workload.Category(f.Status.StatusCategory.Key)), Due: due, Points: pointsIn(f.Custom, r.Points),
		In: r.By.Of(traitsOf(f, r.By.TeamField)),
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
		Inactive:  IsInactive(u),
	}
}

// IsInactive reports whether Jira says that an account is deactivated. A record without
// a type is not a whole user, and tells nothing.
func IsInactive(u jira.User) bool { return !u.Active && u.AccountType != "" }
