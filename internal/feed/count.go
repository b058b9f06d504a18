package feed

import (
	"context"
	"slices"
	"time"

	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/quota"
	"github.com/sightline-go/sightline/internal/workload"
)

// Scope is what is to be counted.
type Scope struct {
	Projects []string
	// Work logs are those that started from From until before To; none if To is zero.
	From, To time.Time
	// Points are the ids of the custom fields that story points are taken from, if
	// those are counted: the first in which an issue has any.
	Points []string
}

// Count counts the open issues and the work logs of a scope as the app sees them; in
// says when, where and for how long. ok is false if Jira has to be asked for them,
// because not all of them are held or events may have been lost. What events have left
// out is fetched first, for a purpose: that costs less than all.
func (f *Feed) Count(ctx context.Context, tenant string, s Scope, in workload.Input, p quota.Purpose) (t *workload.Tally, ok bool, err error) {
	if f == nil || f.isUnheard(tenant) {
		return nil, false, nil
	}
	w, n, ok, err := f.held(ctx, tenant, s)
	if err == nil && ok && len(w.Needs) > 0 {
		if f.settle(ctx, tenant, p) != nil {
			return nil, false, ctx.Err()
		}
		w, n, ok, err = f.held(ctx, tenant, s)
	}
	if err != nil || !ok || len(w.Needs) > 0 || !n.Fields.holds(s.Points) {
		return nil, false, err
	}
	t = workload.NewTally(in)
	err = w.Count(t, func(account string) workload.Person {
		return workload.Person{AccountID: account, App: n.isApp(account), Inactive: n.isInactive(account)}
	}, n.Fields.pointsOf(s.Points))
	return t, err == nil, err
}

// held reads a scope. ok is false if it may not be counted.
func (f *Feed) held(ctx context.Context, tenant string, s Scope) (w index.Work, n notes, ok bool, err error) {
	if w, err = f.Index.Work(ctx, tenant, index.Scope{Projects: s.Projects, From: s.From, To: s.To}); err != nil {
		return w, n, false, err
	}
	if n, err = notesOf(w.State); err != nil {
		return w, n, false, err
	}
	return w, n, f.counts(w.State, n, s), nil
}

// counts reports whether all of a scope is held.
func (f *Feed) counts(s index.State, n notes, scope Scope) bool {
	for _, project := range scope.Projects {
		if !slices.Contains(n.Projects, project) {
			return false
		}
	}
	if !scope.To.IsZero() && (!s.Restricted.Before(scope.From) || !n.logs(scope, f.Now())) {
		return false
	}
	return s.Lost.IsZero() && !n.Odd.After(f.Now()) && len(scope.Projects) > 0
}

// logs reports whether all work logs of a scope were read. One that could not be read is
// missing for as long as it may count: it started before that was noticed.
func (n notes) logs(scope Scope, now time.Time) bool {
	for _, project := range scope.Projects {
		if scope.From.Before(n.loggedSince(project, now)) {
			return false
		}
	}
	return n.Odd.IsZero() || !scope.From.Before(n.Odd.Add(-oddTime))
}

// holds reports whether the points of all of the fields are held.
func (c customFields) holds(points []string) bool {
	for _, id := range points {
		if id != c.PointEstimate && id != c.StoryPoints {
			return false
		}
	}
	return true
}

// pointsOf says how many story points an issue has in the first of some fields in which
// it has any; nil without fields.
func (c customFields) pointsOf(fields []string) func(index.Issue) workload.Points {
	if len(fields) == 0 {
		return nil
	}
	return func(i index.Issue) workload.Points {
		for _, id := range fields {
			held := i.StoryPoints
			if id == c.PointEstimate {
				held = i.PointEstimate
			}
			if held.Set {
				return workload.PointsOf(held.Value)
			}
		}
		return workload.Points{}
	}
}

// settle fetches what events have left out.
func (f *Feed) settle(ctx context.Context, tenant string, p quota.Purpose) error {
	a, err := f.asker(ctx, tenant, p)
	if err != nil {
		return err
	}
	return a.fetch(ctx)
}

// isUnheard reports whether an event of a tenant could not be stored.
func (f *Feed) isUnheard(tenant string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, unheard := f.unheard[tenant]
	return unheard
}
