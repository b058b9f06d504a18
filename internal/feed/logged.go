package feed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/workload"
)

// loggedBackwards is how many days of a project's work logs are read, one after the
// other, where something shows more of them than a filled project has: two quarters end
// within 200 days.
func loggedBackwards() []int { return []int{100, 200, 400} }

// loggedSince is since when all work logs of a project are held.
func (n notes) loggedSince(project string, now time.Time) time.Time {
	at := now.AddDate(0, 0, -loggedDays-1)
	if read := n.Logged[project]; !read.IsZero() && read.Before(at) {
		return read
	}
	return at
}

// loggedBack is what is read next of the work logs of projects; nil: all of them are
// held.
func (n notes) loggedBack(wanted []string, now time.Time) *backward {
	if b := n.Logs; b != nil && slices.Contains(wanted, b.Project) && slices.Contains(n.Projects, b.Project) {
		return b
	}
	for _, days := range loggedBackwards() {
		from := now.AddDate(0, 0, -days)
		for _, project := range wanted {
			since := n.loggedSince(project, now)
			if slices.Contains(n.Projects, project) && since.After(from) {
				return &backward{Project: project, From: from, To: since}
			}
		}
	}
	return nil
}

// logged reads one more part of the work logs of projects.
func (a *asker) logged(ctx context.Context, wanted []string) error {
	b := a.notes.loggedBack(wanted, a.feed.Now())
	if b == nil {
		return nil
	}
	a.logsSince = b.From
	keep := func() error { return a.keepBack(ctx, b, func(n *notes, b *backward) { n.Logs = b }) }
	if err := keep(); err != nil {
		return err
	}
	jql := workload.LoggedIssues(b.Project, workload.DateOf(b.From, time.UTC), workload.DateOf(b.To, time.UTC))
	err := a.pages(ctx, &b.Token, jql, append(a.notes.issueFields(), "worklog"), keep)
	if errors.Is(err, rest.ErrBadRequest) {
		err = a.unlessHidden(ctx, b.Project, nil) // Jira tracks no time
	}
	if err != nil {
		return fmt.Errorf("search older work logs of %s: %w", b.Project, err)
	}
	return a.feed.change(ctx, a.tenant, func(_ *index.State, n *notes) error {
		if n.Logs == nil || n.Logs.Project != b.Project || !n.Logs.From.Equal(b.From) {
			return errRestart
		}
		n.Logs = nil
		n.loggedFrom(b.Project, b.From)
		return nil
	})
}

// loggedFrom notes since when all work logs of a project are held.
func (n *notes) loggedFrom(project string, from time.Time) {
	if n.Logged == nil {
		n.Logged = map[string]time.Time{}
	}
	n.Logged[project] = from
}
