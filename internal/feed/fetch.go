package feed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/index"
)

// maxBatch is how many issues, and how many work logs, are fetched at once.
const maxBatch = 1000

// asker asks one tenant's Jira as the app, for one purpose.
type asker struct {
	feed   *Feed
	jira   *jira.Client
	tenant string
	notes  notes
	met    met
	open   int // how many issues Jira counted as open when that was compared
	// untold: changes of what a search finds may not have been told.
	untold bool
	asked  bool // for all statuses
	// logsSince is from when on work logs are read of an issue that has many; zero: of the
	// last days.
	logsSince time.Time
}

func (f *Feed) ask(tenant string, n notes, client *jira.Client) *asker {
	a := &asker{feed: f, tenant: tenant, notes: n}
	lists := client.Lists()
	before := lists.Skip
	lists.Skip = func(u rest.Unreadable) {
		if before != nil {
			before(u)
		}
		a.met.missed(f.Now().Add(oddTime))
	}
	a.jira = client.WithLists(lists)
	return a
}

// oddTime is for how long nothing is counted from the index after something could
// not be read: as long as a work log counts.
const oddTime = time.Duration(loggedDays) * 24 * time.Hour

// put stores what was read.
func (a *asker) put(ctx context.Context, b index.Batch) error {
	if err := a.feed.learned(ctx, a.tenant, a.notes, &a.met); err != nil {
		return err
	}
	a.notes.learn(&a.met)
	a.met.restricted = time.Time{}
	if a.feed.Stored != nil {
		a.feed.Stored(len(b.Issues), len(b.Worklogs))
	}
	_, err := a.feed.Index.Put(ctx, a.tenant, b)
	return err
}

// fetch reads what events have left out, the oldest first, until nothing that can be
// told is left.
func (a *asker) fetch(ctx context.Context) error {
	for range maxRounds {
		needs, err := a.feed.Index.Needs(ctx, a.tenant)
		if err != nil || len(needs) == 0 {
			return err
		}
		postponed, err := a.round(ctx, needs)
		if err != nil {
			return err
		}
		if postponed {
			return errPostponed
		}
	}
	return nil
}

// maxRounds bounds how often a work log may lead to an issue, and that to a change
// meanwhile.
const maxRounds = 10

// errPostponed means that Jira could not tell some of it just now.
var errPostponed = errors.New("not all issues could be fetched just now")

// round fetches a batch: issues before work logs, so that these have their issue.
func (a *asker) round(ctx context.Context, needs []index.Need) (postponed bool, err error) {
	issues, logs := split(needs)
	if len(issues) > 0 {
		if postponed, err = a.issues(ctx, issues); err != nil {
			return postponed, err
		}
	}
	if len(logs) > 0 {
		err = a.worklogs(ctx, logs)
	}
	return postponed, err
}

// split returns the ids of a batch of each kind.
func split(needs []index.Need) (issues, logs []int64) {
	for _, n := range needs {
		switch {
		case n.Kind == index.KindIssue && len(issues) < maxBatch:
			issues = append(issues, n.ID)
		case n.Kind == index.KindWorklog && len(logs) < maxBatch:
			logs = append(logs, n.ID)
		}
	}
	return issues, logs
}

// issues fetches issues. Those that Jira does not tell of are hidden from the app, or
// gone.
func (a *asker) issues(ctx context.Context, ids []int64) (postponed bool, err error) {
	read := a.feed.Now()
	found, later, err := a.named(ctx, ids)
	if err != nil {
		return false, err
	}
	b := index.Batch{Read: read}
	missing := setOf(ids)
	for _, issue := range found {
		fact, err := a.feed.issueFact(issue, a.notes, &a.met)
		if err != nil {
			a.met.missed(a.feed.Now().Add(oddTime))
			continue
		}
		delete(missing, fact.ID)
		b.Issues = append(b.Issues, fact)
	}
	for _, id := range later {
		delete(missing, id)
	}
	for id := range missing {
		b.Gone = append(b.Gone, index.Gone{Kind: index.KindIssue, ID: id})
	}
	return len(later) > 0, a.put(ctx, b)
}

func setOf(ids []int64) map[int64]bool {
	set := make(map[int64]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// named reads issues by their ids, and names those that Jira could not tell just
// now. Where the app may not fetch many at once, they are searched for.
func (a *asker) named(ctx context.Context, ids []int64) (found []jira.Issue, later []int64, err error) {
	got, err := a.jira.Issues.Fetch(ctx, jira.IssueFetchOptions{Issues: texts(ids), Fields: a.notes.issueFields()})
	if errors.Is(err, rest.ErrForbidden) || errors.Is(err, rest.ErrMissingScope) {
		found, err = a.searched(ctx, ids)
		return found, nil, err
	}
	if err != nil {
		return nil, nil, fmt.Errorf("fetch issues: %w", err)
	}
	for _, e := range got.Errors {
		if id, err := strconv.ParseInt(e.ID, 10, 64); err == nil {
			later = append(later, id)
		}
	}
	return got.Issues, later, nil
}

// searched finds issues by their ids. Jira refuses a search that names one that is
// not there: then each is asked for.
func (a *asker) searched(ctx context.Context, ids []int64) (found []jira.Issue, err error) {
	for chunk := range slices.Chunk(ids, issuePage) {
		opts := jira.SearchOptions{
			JQL: "id in (" + strings.Join(texts(chunk), ", ") + ")", Fields: a.notes.issueFields(), MaxResults: issuePage,
		}
		for issue, err := range a.jira.Search.All(ctx, opts) {
			if errors.Is(err, rest.ErrBadRequest) {
				return a.oneByOne(ctx, ids)
			}
			if err != nil {
				return nil, fmt.Errorf("search issues by id: %w", err)
			}
			found = append(found, issue)
		}
	}
	return found, nil
}

func (a *asker) oneByOne(ctx context.Context, ids []int64) (found []jira.Issue, err error) {
	for _, id := range texts(ids) {
		issue, err := a.jira.Issues.Get(ctx, id, jira.IssueGetOptions{Fields: a.notes.issueFields()})
		switch {
		case errors.Is(err, rest.ErrNotFound):
		case err != nil:
			return nil, fmt.Errorf("read issue: %w", err)
		default:
			found = append(found, issue)
		}
	}
	return found, nil
}

func texts(ids []int64) []string {
	out := make([]string, len(ids))
	for n, id := range ids {
		out[n] = strconv.FormatInt(id, 10)
	}
	return out
}

// worklogs fetches work logs. Those that Jira does not tell of are gone, or not for
// the app's eyes.
func (a *asker) worklogs(ctx context.Context, ids []int64) error {
	read := a.feed.Now()
	found, err := a.jira.Worklogs.ByIDs(ctx, ids)
	if untracked(err) {
		found, err = nil, nil
	}
	if err != nil {
		return fmt.Errorf("fetch work logs: %w", err)
	}
	b := index.Batch{Read: read}
	missing := setOf(ids)
	for _, log := range found {
		fact, ok, err := a.feed.worklogFact(log, 0, &a.met)
		if err != nil {
			a.met.missed(a.feed.Now().Add(oddTime))
		}
		if ok {
			delete(missing, fact.ID)
			b.Worklogs = append(b.Worklogs, fact)
		}
	}
	for id := range missing {
		b.Gone = append(b.Gone, index.Gone{Kind: index.KindWorklog, ID: id})
	}
	return a.put(ctx, b)
}

// untracked reports whether Jira refused because it tracks no time.
func untracked(err error) bool {
	return errors.Is(err, rest.ErrBadRequest) || errors.Is(err, rest.ErrNotFound)
}
