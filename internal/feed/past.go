package feed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/workload"
)

// backwards is how many days of a project's past are read, one after the other: what
// people ask for most comes first.
func backwards() []int { return []int{35, 100, 200, 400} }

// backward is how far a reading of a project's past is, or of its older work logs.
type backward struct {
	Project string `json:"project"`
	// From is how far back it goes, To where it begins; zero: now.
	From time.Time `json:"from"`
	To   time.Time `json:"to,omitzero"`
	// Token is of the search's next page; Found says that it is done.
	Token string `json:"token,omitempty"`
	Found bool   `json:"found,omitempty"`
}

// back is what is read next of the past of projects; nil: all of it is held.
func (n notes) back(wanted []string, now time.Time) *backward {
	if b := n.Back; b != nil && slices.Contains(wanted, b.Project) {
		return b
	}
	for _, days := range backwards() {
		from := now.AddDate(0, 0, -days)
		for _, project := range wanted {
			if told := n.Past[project]; slices.Contains(n.Projects, project) && (told.IsZero() || told.After(from)) {
				return &backward{Project: project, From: from, To: told}
			}
		}
	}
	return nil
}

// behind reports whether something is to be read of how a tenant's issues were, or of
// older work logs.
func (f *Feed) behind(ctx context.Context, s Shown, n notes) (bool, error) {
	if n.loggedBack(s.Logged, f.Now()) != nil {
		return true, nil
	}
	if len(s.Past) == 0 || len(n.Projects) == 0 {
		return false, nil
	}
	if n.back(s.Past, f.Now()) != nil {
		return true, nil
	}
	ids, err := f.Index.Doubted(ctx, s.Tenant)
	return len(ids) > 0, err
}

// past reads the changes of issues that were not told, and then one more part of the
// past of projects. All that was open at a time is open now, or was changed since:
// issues that are done now are searched by when they were changed.
func (a *asker) past(ctx context.Context, wanted []string) error {
	if len(wanted) == 0 {
		return nil
	}
	if err := a.changelogs(ctx); err != nil {
		return err
	}
	b := a.notes.back(wanted, a.feed.Now())
	if b == nil {
		return nil
	}
	if err := a.done(ctx, b); err != nil {
		return err
	}
	if err := a.changelogs(ctx); err != nil {
		return err
	}
	return a.feed.change(ctx, a.tenant, func(_ *index.State, n *notes) error {
		if n.Back == nil || n.Back.Project != b.Project || !n.Back.From.Equal(b.From) {
			return errRestart
		}
		if n.Past == nil {
			n.Past = map[string]time.Time{}
		}
		n.Past[b.Project], n.Back = b.From, nil
		return nil
	})
}

// done reads the issues that are done and were changed in a part of the past.
func (a *asker) done(ctx context.Context, b *backward) error {
	if b.Found {
		return nil
	}
	var to workload.Date
	if !b.To.IsZero() {
		to = workload.DateOf(b.To, time.UTC)
	}
	jql := workload.DoneIssues(b.Project, workload.DateOf(b.From, time.UTC), to)
	keep := func() error { return a.keepBack(ctx, b, func(n *notes, b *backward) { n.Back = b }) }
	err := a.pages(ctx, &b.Token, jql, a.notes.issueFields(), keep)
	if errors.Is(err, rest.ErrBadRequest) {
		err = a.unlessHidden(ctx, b.Project, err)
	}
	if err != nil {
		return fmt.Errorf("search done issues of %s: %w", b.Project, err)
	}
	b.Found = true
	return keep()
}

// keepBack stores how far a reading of the past is, and renews the lease.
func (a *asker) keepBack(ctx context.Context, b *backward, store func(*notes, *backward)) error {
	now := a.feed.Now()
	return a.feed.change(ctx, a.tenant, func(s *index.State, n *notes) error {
		switch {
		case s.Holder != a.feed.Name:
			return errTaken
		case !slices.Contains(n.Projects, b.Project):
			return errRestart
		}
		kept := *b
		store(n, &kept)
		s.HeldUntil = now.Add(leaseTime)
		return nil
	})
}

// changelogs reads the changes of all issues of which some may not have been told.
func (a *asker) changelogs(ctx context.Context) error {
	ids, err := a.feed.Index.Doubted(ctx, a.tenant)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, maxBatch) {
		if err := a.feed.take(ctx, a.tenant); err != nil {
			return err
		}
		if err := a.chronicle(ctx, some); err != nil {
			return fmt.Errorf("read changelogs: %w", err)
		}
	}
	return nil
}

// chronicle reads the changes of some issues and stores them.
func (a *asker) chronicle(ctx context.Context, ids []int64) error {
	read := a.feed.Now()
	logs, err := a.bulk(ctx, ids)
	if errors.Is(err, rest.ErrForbidden) || errors.Is(err, rest.ErrMissingScope) {
		return a.chronicles(ctx, ids) // as Connect's apps are
	}
	if err != nil {
		return err
	}
	return a.tells(ctx, ids, logs, read)
}

// pastFields are the fields whose changes are kept, as Jira names them.
func pastFields() []string { return []string{"assignee", "status", "duedate", "timeestimate"} }

func (a *asker) bulk(ctx context.Context, ids []int64) (logs map[int64][]jira.Changelog, err error) {
	logs = map[int64][]jira.Changelog{}
	for found, err := range a.jira.Changelogs.BulkAll(ctx, jira.BulkChangelogOptions{Issues: texts(ids), Fields: pastFields()}) {
		if err != nil {
			return nil, err
		}
		if id, err := strconv.ParseInt(found.IssueID, 10, 64); err == nil {
			logs[id] = append(logs[id], found.Changes...)
		}
	}
	return logs, nil
}

// chronicles reads the changes issue by issue, and stores them now and then.
func (a *asker) chronicles(ctx context.Context, ids []int64) error {
	for some := range slices.Chunk(ids, 50) {
		if err := a.feed.take(ctx, a.tenant); err != nil {
			return err
		}
		read := a.feed.Now()
		logs := map[int64][]jira.Changelog{}
		for _, id := range some {
			for log, err := range a.jira.Changelogs.All(ctx, strconv.FormatInt(id, 10), jira.ChangelogListOptions{}) {
				if errors.Is(err, rest.ErrNotFound) {
					break // it has just gone
				}
				if err != nil {
					return err
				}
				logs[id] = append(logs[id], log)
			}
		}
		if err := a.tells(ctx, some, logs, read); err != nil {
			return err
		}
	}
	return nil
}

// tells stores the changes of issues.
func (a *asker) tells(ctx context.Context, ids []int64, logs map[int64][]jira.Changelog, read time.Time) error {
	if err := a.statuses(ctx, logs); err != nil {
		return err
	}
	site := a.notes.site()
	c := index.Chronicle{Issues: ids, Read: read}
	for issue, list := range logs {
		for _, log := range list {
			history, err := strconv.ParseInt(log.ID, 10, 64)
			if err != nil {
				continue // then its changes do not lead on, and that is noticed
			}
			for _, item := range log.Items {
				change := index.Change{Issue: issue, History: history, At: log.Created.Time}
				if site.ChangeOf(&change, itemOf(item)) {
					c.Changes = append(c.Changes, change)
				}
			}
		}
	}
	return a.feed.Index.Tells(ctx, a.tenant, c)
}

func itemOf(i jira.ChangeItem) index.Item {
	field := i.FieldID
	if field == "" {
		field = i.Field
	}
	return index.Item{Field: field, From: i.From, To: i.To, FromText: i.FromString, ToText: i.ToString}
}

// statuses learns the categories of statuses that changes name.
func (a *asker) statuses(ctx context.Context, logs map[int64][]jira.Changelog) error {
	if a.asked || !a.unmet(logs) {
		return nil
	}
	a.asked = true // of those that Jira does not list either nothing is known
	list, err := a.jira.Statuses.List(ctx)
	if err != nil {
		return fmt.Errorf("list statuses: %w", err)
	}
	for _, s := range list {
		a.met.status(s.ID, workload.Category(s.StatusCategory.Key))
	}
	if err := a.feed.learned(ctx, a.tenant, a.notes, &a.met); err != nil {
		return err
	}
	a.notes.learn(&a.met)
	return nil
}

// unmet reports whether a change names a status whose category is not known.
func (a *asker) unmet(logs map[int64][]jira.Changelog) bool {
	for _, list := range logs {
		for _, log := range list {
			for _, item := range log.Items {
				known := a.notes.Statuses[item.From] != "" && a.notes.Statuses[item.To] != ""
				if itemOf(item).Field == "status" && !known {
					return true
				}
			}
		}
	}
	return false
}
