package feed

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/workload"
)

// reconcile reads what has changed, if read says so, and compares the numbers of
// open issues.
func (a *asker) reconcile(ctx context.Context, s index.State, read bool) error {
	start := a.feed.Now()
	from := begins(s, a.notes, start)
	if read && start.Sub(from) > readAtMost {
		return a.anew(ctx)
	}
	shown, err := a.look(ctx)
	if err != nil {
		return err
	}
	var r *reading
	a.untold = !s.Lost.IsZero()
	if read {
		if r, err = a.begin(ctx, from); err != nil {
			return err
		}
		if err := a.changes(ctx, shown, r); err != nil {
			return err
		}
	}
	if err := a.compare(ctx, shown); err != nil {
		return err
	}
	return a.reconciled(ctx, start, r)
}

// begin begins to read what has changed since a time, or goes on where that was left
// off.
func (a *asker) begin(ctx context.Context, from time.Time) (*reading, error) {
	now := a.feed.Now()
	if r := a.notes.Read; r != nil && r.holds(from, now) {
		return r, nil
	}
	r := newReading(from, now, a.notes.Losses)
	return r, a.progress(ctx, r)
}

// progress stores how far a reading is, and renews the lease.
func (a *asker) progress(ctx context.Context, r *reading) error {
	now := a.feed.Now()
	return a.feed.change(ctx, a.tenant, func(s *index.State, n *notes) error {
		if s.Holder != a.feed.Name {
			return errTaken
		}
		n.Read, s.HeldUntil = r, now.Add(leaseTime)
		return nil
	})
}

// anew drops what is held, so that it is filled from the start.
func (a *asker) anew(ctx context.Context) error {
	if err := a.feed.Index.Drop(ctx, a.tenant); err != nil {
		return err
	}
	before := a.notes
	return a.feed.change(ctx, a.tenant, func(_ *index.State, n *notes) error {
		n.Apps, n.Inactive, n.Statuses, n.Fields = before.Apps, before.Inactive, before.Statuses, before.Fields
		return nil
	})
}

// look asks which projects the app still sees. The facts of others go, and those
// that it did not see are tried again.
func (a *asker) look(ctx context.Context) (shown []string, err error) {
	shown, err = a.visible(ctx, a.notes.Projects)
	if err != nil {
		return nil, err
	}
	var hidden []string
	for _, project := range a.notes.Projects {
		if !slices.Contains(shown, project) {
			hidden = append(hidden, project)
		}
	}
	return shown, a.hide(ctx, hidden, nil)
}

// visible are those of the projects that the app may browse under these keys.
func (a *asker) visible(ctx context.Context, projects []string) (shown []string, err error) {
	for chunk := range slices.Chunk(projects, 50) {
		for found, err := range a.jira.Projects.All(ctx, jira.ProjectSearchOptions{Keys: chunk, Action: "browse"}) {
			if errors.Is(err, rest.ErrNotFound) {
				break // none of them
			}
			if err != nil {
				return nil, fmt.Errorf("look for projects: %w", err)
			}
			if slices.Contains(chunk, found.Key) {
				shown = append(shown, found.Key)
			}
		}
	}
	return shown, nil
}

// hide drops the facts of projects that the app does not see, and returns then, if
// there were any.
func (a *asker) hide(ctx context.Context, projects []string, then error) error {
	if len(projects) == 0 {
		return nil
	}
	err := a.drop(ctx, projects, func(n *notes) {
		n.Hidden = slices.Compact(slices.Sorted(slices.Values(append(n.Hidden, projects...))))
	})
	return errors.Join(err, then)
}

// drop drops the facts of projects, and notes why.
func (a *asker) drop(ctx context.Context, projects []string, why func(*notes)) error {
	if len(projects) == 0 {
		return nil
	}
	err := a.feed.change(ctx, a.tenant, func(_ *index.State, n *notes) error {
		if n.Fill != nil && slices.Contains(projects, n.Fill.Project) {
			n.Fill = nil
		}
		n.leave(projects)
		why(n)
		a.notes = *n
		return nil
	})
	for _, project := range projects {
		if err == nil {
			err = a.feed.Index.DropProject(ctx, a.tenant, project)
		}
	}
	return err
}

// changes reads what has changed: issues by search, and work logs.
func (a *asker) changes(ctx context.Context, projects []string, r *reading) error {
	if len(projects) > 0 && !r.Searched {
		jql := workload.ChangedIssues(r.Minutes, projects...)
		if err := a.pages(ctx, &r.Token, jql, a.notes.issueFields(), func() error { return a.progress(ctx, r) }); err != nil {
			return fmt.Errorf("search changed issues: %w", err)
		}
		r.Searched = true
		if err := a.progress(ctx, r); err != nil {
			return err
		}
	}
	if err := a.changedLogs(ctx, r.From); err != nil {
		return err
	}
	return a.fetch(ctx)
}

// changedLogs reads which work logs were changed or deleted.
func (a *asker) changedLogs(ctx context.Context, from time.Time) error {
	var b index.Batch
	changed := map[int64]int64{}
	for log, err := range a.jira.Worklogs.Updated(ctx, from) {
		if untracked(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("list changed work logs: %w", err)
		}
		changed[log.WorklogID] = max(changed[log.WorklogID], log.UpdatedTime)
	}
	var err error
	if b.Needs, err = a.unheld(ctx, changed); err != nil {
		return err
	}
	for log, err := range a.jira.Worklogs.Deleted(ctx, from) {
		if err != nil {
			return fmt.Errorf("list deleted work logs: %w", err)
		}
		b.Gone = append(b.Gone, index.Gone{Kind: index.KindWorklog, ID: log.WorklogID, Deleted: true})
	}
	return a.put(ctx, b)
}

// unheld are the changed work logs, with the times of their changes, that are not
// held as they are now.
func (a *asker) unheld(ctx context.Context, changed map[int64]int64) (needs []index.Need, err error) {
	held, missing, err := a.feed.Index.Worklogs(ctx, a.tenant, slices.Collect(maps.Keys(changed)))
	if err != nil {
		return nil, err
	}
	for _, l := range held {
		if l.Updated.UnixMilli() < changed[l.ID] {
			missing = append(missing, l.ID)
		}
	}
	return a.feed.needs(index.KindWorklog, missing), nil
}

// needs say that facts must be fetched.
func (f *Feed) needs(kind index.Kind, ids []int64) []index.Need {
	now := f.Now()
	needs := make([]index.Need, len(ids))
	for n, id := range ids {
		needs[n] = index.Need{Kind: kind, ID: id, Since: now, Last: now}
	}
	return needs
}

// compare compares how many open issues Jira counts and the index holds, and looks
// which ones they are if they differ.
func (a *asker) compare(ctx context.Context, projects []string) error {
	a.open = 0
	if len(projects) == 0 {
		return nil
	}
	held, err := a.held(ctx, projects)
	if err != nil {
		return err
	}
	jql := workload.OpenIssues(projects...)
	count, err := a.jira.Search.Count(ctx, jql)
	if err != nil {
		return fmt.Errorf("count open issues: %w", err)
	}
	a.open = int(count)
	if count == int64(len(held)) {
		return nil
	}
	var differ []int64
	for issue, err := range a.jira.Search.All(ctx, jira.SearchOptions{JQL: jql, Fields: []string{"id"}, MaxResults: idPage}) {
		if err != nil {
			return fmt.Errorf("list open issues: %w", err)
		}
		id, err := strconv.ParseInt(issue.ID, 10, 64)
		if err == nil && !held[id] {
			differ = append(differ, id)
		}
		delete(held, id)
	}
	for id := range held { // closed, moved, deleted or hidden
		differ = append(differ, id)
	}
	if err := a.put(ctx, index.Batch{Needs: a.feed.needs(index.KindIssue, differ)}); err != nil {
		return err
	}
	return a.fetch(ctx)
}

// idPage is how many issues Jira returns at most on a page if only ids are asked for.
const idPage = 5000

// held are the ids of the open issues that are held.
func (a *asker) held(ctx context.Context, projects []string) (map[int64]bool, error) {
	w, err := a.feed.Index.Work(ctx, a.tenant, index.Scope{Projects: projects})
	if err != nil {
		return nil, err
	}
	issues, err := w.Issues()
	if err != nil {
		return nil, err
	}
	ids := make(map[int64]bool, len(issues))
	for _, i := range issues {
		ids[i.ID] = true
	}
	return ids, nil
}

// reconciled notes what is held now. What was lost while it was read is lost still. A
// nil reading is none.
func (a *asker) reconciled(ctx context.Context, checked time.Time, r *reading) error {
	return a.feed.alter(ctx, a.tenant, func(s *index.State, n *notes) {
		n.Checked, n.Hidden, n.Open = checked, nil, a.open
		if r == nil {
			return
		}
		start := r.Begun
		n.Read = nil
		if !r.From.After(since(*s)) { // all of it
			s.Issues, s.Worklogs, s.Deleted, s.Reconciled = start, start, start, start
		}
		if n.Losses == r.Losses {
			s.Lost = time.Time{}
		}
		if !n.Again.After(start) {
			n.Again = time.Time{}
		}
	})
}
