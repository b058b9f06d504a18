package viewer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/workload"
)

// Reasons why a person does not get a work log. They wrap Jira's error.
var (
	// ErrWorklogGone: Jira does not show the work log or its issue.
	ErrWorklogGone = errors.New("the work log is not there")
	// ErrWorklogRefused: Jira does not let the person read or change it.
	ErrWorklogRefused = errors.New("jira refuses the work log")
	// ErrNotAuthor: somebody else wrote it.
	ErrNotAuthor = errors.New("the work log is somebody else's")
)

// worklogError tells Jira's errors about work logs apart.
func worklogError(err error) error {
	switch {
	case errors.Is(err, rest.ErrNotFound):
		return fmt.Errorf("%w: %w", ErrWorklogGone, err)
	case errors.Is(err, rest.ErrForbidden):
		return fmt.Errorf("%w: %w", ErrWorklogRefused, err)
	}
	return err
}

// Everybody stands for all people with rows in a view where an account does.
const Everybody = "*"

// Cell is one person's day, or Everybody's.
type Cell struct {
	Account string
	Day     workload.Date
	// On is the key of the only issue that counts, or of the only project; "": all do.
	On string
}

// in is the condition of the cell's issues.
func (c Cell) in() string {
	switch {
	case c.On == "":
		return ""
	case workload.IsIssueKey(c.On):
		return workload.InIssue(c.On)
	}
	return workload.InProject(c.On)
}

// Entries is what a cell holds, as one person sees it.
type Entries struct {
	// Around is the view that the cell belongs to.
	Around Timelog
	List   []timelog.Entry
	// Gap is what List does not have.
	Gap workload.Gap
	// Zone is the viewer's.
	Zone *time.Location
}

// Entries reads a cell's work logs with the person's rights. written holds the
// ids of issues that they have just written to.
func (t *Timelogs[D]) Entries(ctx context.Context, p Place, cell Cell, written []int64) (Entries, error) {
	j, err := t.views.Jira(p.Person)
	if err != nil {
		return Entries{}, err
	}
	around, person, err := t.around(ctx, p, j)
	if err != nil {
		return Entries{}, err
	}
	out := Entries{Around: around}
	out.Zone, _ = ZoneOf(person)
	reader := source.NewReader(j)
	reader.Written, reader.Where = written, around.Reading.Where
	of := source.DayOf{Account: cell.Account, Day: cell.Day, Zone: out.Zone, In: cell.in()}
	projects := around.Reading.Shown
	if cell.Account == Everybody {
		of.Account, of.Who = "", func(account string) bool { return around.hasRow(account) }
	}
	if project := projectOf(cell.On); project != "" && slices.Contains(projects, project) {
		projects = []string{project}
	}
	out.List, out.Gap, err = reader.Entries(ctx, projects, of)
	return out, worklogError(err)
}

// projectOf is the project of a key of an issue, or of a project.
func projectOf(key string) string {
	if workload.IsIssueKey(key) {
		return key[:strings.LastIndexByte(key, '-')]
	}
	return key
}

// around is the view that a cell belongs to, and the viewer as Jira knows them.
func (t *Timelogs[D]) around(ctx context.Context, p Place, j *jira.Client) (around Timelog, person jira.User, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		seen, err := t.Get(ctx, p, false)
		around = seen.View
		return err
	})
	g.Go(func() (err error) {
		person, err = t.views.People.Get(ctx, p.Person, j)
		return err
	})
	return around, person, g.Wait()
}

// Correction is a work log, as Jira has it now, that its author is correcting.
type Correction struct {
	Now      timelog.Entry
	Language *lang.Language
	Zone     *time.Location
	Tracking jira.TimeTracking
	// IssueID is the id of the issue in Jira.
	IssueID string

	jira *jira.Client
}

// Correction reads the work log for its author; everybody else gets
// [ErrNotAuthor].
func (v *Views) Correction(ctx context.Context, p Person, issue, id string) (Correction, error) {
	j, err := v.Jira(p)
	if err != nil {
		return Correction{}, err
	}
	out := Correction{jira: j}
	if err := v.readCorrection(ctx, p, issue, id, &out); err != nil {
		return Correction{}, err
	}
	if out.Now.Author.AccountID != string(p.Account) {
		return Correction{}, ErrNotAuthor
	}
	return out, nil
}

// readCorrection asks in parallel for the work log, its issue and what a form
// depends on.
func (v *Views) readCorrection(ctx context.Context, p Person, issue, id string, out *Correction) error {
	var (
		found  jira.Issue
		log    jira.Worklog
		person jira.User
		site   jira.Settings
	)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		log, err = out.jira.Worklogs.Get(ctx, issue, id, jira.WorklogGetOptions{})
		return worklogError(err)
	})
	g.Go(func() (err error) {
		found, err = out.jira.Issues.Get(ctx, issue, jira.IssueGetOptions{Fields: []string{"summary"}})
		return worklogError(err)
	})
	g.Go(func() (err error) {
		person, err = v.People.Get(ctx, p, out.jira)
		return err
	})
	g.Go(func() (err error) {
		site, err = v.People.Site(ctx, p.Served(), out.jira)
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	out.Language = v.languages.Of(person.Locale)
	out.Zone, _ = ZoneOf(person)
	out.Tracking = site.TimeTracking
	out.Now, out.IssueID = source.EntryOf(found, log), log.IssueID
	return nil
}

// Delete removes the work log from Jira as the author, so that Jira decides whether
// they may. The remaining estimate follows. Only on Forge has the app the scope.
func (c Correction) Delete(ctx context.Context) error {
	return worklogError(c.jira.Worklogs.Delete(ctx, c.Now.Issue, c.Now.ID, jira.WorklogWriteOptions{AdjustEstimate: "auto"}))
}

// Save writes the change into Jira as the author, so that Jira decides whether
// they may, and returns the work log as Jira keeps it. The remaining estimate
// follows, as it does in Jira's own dialog. An error that wraps
// [rest.ErrBadRequest] or [rest.ErrTooLarge] is about the change itself.
func (c Correction) Save(ctx context.Context, change jira.WorklogInput) (jira.Worklog, error) {
	kept, err := c.jira.Worklogs.Update(ctx, c.Now.Issue, c.Now.ID, change, jira.WorklogWriteOptions{AdjustEstimate: "auto"})
	return kept, worklogError(err)
}

// Logging is what a person needs to log work of their own.
type Logging struct {
	Language *lang.Language
	Zone     *time.Location
	Tracking jira.TimeTracking
	// Now is the time in Zone.
	Now time.Time
	// Recent are open issues assigned to the person, the last changed first, at most
	// maxRecent. Work may be logged on others too.
	Recent []jira.Issue

	jira *jira.Client
}

// maxRecent is how many issues are suggested.
const maxRecent = 20

// Logging reads what a form for new work needs. Without suggestions it still works.
func (v *Views) Logging(ctx context.Context, p Person) (Logging, error) {
	j, err := v.Jira(p)
	if err != nil {
		return Logging{}, err
	}
	out := Logging{jira: j}
	var person jira.User
	g, asked := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		person, err = v.People.Get(asked, p, j)
		return err
	})
	g.Go(func() error {
		site, err := v.People.Site(asked, p.Served(), j)
		out.Tracking = site.TimeTracking
		return err
	})
	g.Go(func() error {
		page, err := j.Search.JQL(asked, jira.SearchOptions{
			JQL: "assignee = currentUser() AND statusCategory != Done ORDER BY updated DESC", Fields: []string{"summary"}, MaxResults: maxRecent,
		})
		if err == nil {
			out.Recent = page.Issues
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return Logging{}, err
	}
	out.Language = v.languages.Of(person.Locale)
	out.Zone, _ = ZoneOf(person)
	out.Now = v.now().In(out.Zone)
	return out, nil
}

// Add logs work on an issue as the person, so that Jira decides whether they may, and
// returns the work log as Jira keeps it. The remaining estimate follows. The error wraps
// [ErrWorklogGone] if Jira shows no such issue; one that wraps [rest.ErrBadRequest] or
// [rest.ErrTooLarge] is about the work itself.
func (l Logging) Add(ctx context.Context, issue string, work jira.WorklogInput) (jira.Worklog, error) {
	kept, err := l.jira.Worklogs.Add(ctx, issue, work, jira.WorklogWriteOptions{AdjustEstimate: "auto"})
	return kept, worklogError(err)
}
