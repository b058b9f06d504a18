package source

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// Facts are kept at home. They say nothing of who may see them: a reading counts
// only those of issues that Jira lists to its reader just now.
type Facts interface {
	// Held returns what is held of a scope; ok is false if that is not to be believed
	// now. Then Jira is asked for everything.
	Held(ctx context.Context, s Scope) (held Held, ok bool)
	// Past returns how the issues of a scope were, at its times of which that can be
	// told.
	Past(ctx context.Context, s PastScope) []workload.Moment
}

// Scope says of what facts are needed.
type Scope struct {
	Projects []string
	// Work logs are those that started from From until before To; none if To is zero.
	From, To time.Time
}

// Held is what is held of a scope, by the ids of issues, without what is known to
// have changed since.
type Held struct {
	// Issues are open. Their people have an account id only.
	Issues map[string]HeldIssue
	// Worklogs are those of an issue that has any in the scope.
	Worklogs map[string][]workload.Worklog
	// PointFields are the ids of the custom fields of story points, "" for none.
	PointFields [2]string
	// Lately is for how long changes may not have been told: issues that changed
	// within it are read from Jira.
	Lately time.Duration
}

// HeldIssue is an issue, and when it was updated.
type HeldIssue struct {
	workload.Issue
	Updated time.Time
	// Points are those of each of [Held].PointFields.
	Points [2]workload.Points
	// Team is the id of the Atlassian team, Parent that of the issue right above; "" is
	// none.
	Team, Parent string
}

// points are those of the first of some fields that an issue has any in.
func (h *Held) points(i HeldIssue, fields []string) workload.Points {
	for _, id := range fields {
		if n := slices.Index(h.PointFields[:], id); n >= 0 && i.Points[n].Set {
			return i.Points[n]
		}
	}
	return workload.Points{}
}

// holds reports whether an issue's values of all of the fields are held.
func (h *Held) holds(fields []string) bool {
	return !slices.ContainsFunc(fields, func(id string) bool { return !slices.Contains(h.PointFields[:], id) })
}

// Names returns people by their account ids, as the reader sees them. Whom Jira does
// not know is left out.
type Names func(ctx context.Context, accounts []string) (map[string]workload.Person, error)

// withFacts is the reader with what is held of a scope. Search is late for who has
// just written, and then nothing is believed.
func (r Reader) withFacts(ctx context.Context, s Scope) Reader {
	if r.Facts == nil || r.Names == nil || len(r.Written) > 0 || r.Where.IsQuery() || !r.Where.Statuses.IsZero() {
		return r
	}
	if held, ok := r.Facts.Held(ctx, s); ok && held.holds(r.Points) {
		r.held = &held
	}
	return r
}

// loggedScope is that of work logs which a search for some days may find: the days
// are those of a time zone that is not known, and it asks for one more at each end.
func loggedScope(projects []string, from, to workload.Date) Scope {
	return Scope{projects, from.AddDays(-2).In(time.UTC), to.AddDays(3).In(time.UTC)}
}

// people are the accounts of everybody in the facts. Two readings of the same
// projects ask for mostly the same people, and so together.
func (h *Held) people() []string {
	accounts := map[string]bool{}
	for _, i := range h.Issues {
		if i.Assignee != nil && i.Assignee.AccountID != "" {
			accounts[i.Assignee.AccountID] = true
		}
	}
	for _, logs := range h.Worklogs {
		for _, l := range logs {
			if l.Author.Known() {
				accounts[l.Author.AccountID] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(accounts))
}
