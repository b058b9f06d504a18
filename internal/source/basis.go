package source

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// Basis is what a reading with facts has found, for a later one that goes on from it:
// which issues the reader saw, and what Jira showed of them that is not held.
type Basis struct {
	where  workload.Where
	unseen []string
	shown  []string
	hidden []string
	// ids are those of the issues, in order, and parts the same by what was read together,
	// such as a project.
	ids   []int64
	parts [][]int64
	// values are what held issues are grouped by.
	values values
	// issues and worklogs are those that were not held, or otherwise. There are few.
	issues   map[int64]unheldIssue
	worklogs map[int64][]workload.Worklog
}

// unheldIssue is an issue as Jira showed it, and when it was updated.
type unheldIssue struct {
	workload.Issue
	updated time.Time
}

// What parts of a basis take, in bytes.
const (
	bytesOfID      = 8
	bytesOfUnheld  = 400
	bytesOfLogged  = 200
	bytesOfProject = 32
	bytesOfValue   = 200
)

// Size is about how many bytes of memory it takes.
func (b *Basis) Size() int {
	size := 2*bytesOfID*len(b.ids) + bytesOfValue*len(b.values.of) + bytesOfUnheld*len(b.issues) + bytesOfProject*(len(b.shown)+len(b.hidden)+len(b.unseen))
	for _, logs := range b.worklogs {
		size += bytesOfLogged * (1 + len(logs))
	}
	return size
}

// found is what a project contributes to a basis.
type found struct {
	ids      []int64
	parts    [][]int64
	issues   map[int64]unheldIssue
	worklogs map[int64][]workload.Worklog
	values   map[string]workload.Value
}

func newFound(ids int) *found {
	return &found{
		ids: make([]int64, 0, ids), issues: map[int64]unheldIssue{}, worklogs: map[int64][]workload.Worklog{},
		values: map[string]workload.Value{},
	}
}

// see adds an issue, and returns its id as a number.
func (f *found) see(id string) int64 {
	number := numberOfID(id)
	f.ids = append(f.ids, number)
	return number
}

// numberOfID is an id as a number; 0 if it is none.
func numberOfID(id string) int64 {
	number, _ := strconv.ParseInt(id, 10, 64)
	return number
}

// basisOf is what a reading can be gone on from; nil if it cannot: a sprint begins and
// ends without a change of its issues.
func basisOf(out Reading, parts []part) *Basis {
	if out.Gaps.Issues.Any() || out.Gaps.Worklogs.Any() {
		return nil
	}
	all := newFound(0)
	for _, p := range parts {
		if !p.hidden {
			all = all.with(p.found)
		}
	}
	if all == nil || len(out.Shown) == 0 || out.Where.Narrow.Sprint != workload.SprintAny || out.Where.Narrow.IsQuery() {
		return nil
	}
	return all.basis(out)
}

// with is both, nil if one is.
func (f *found) with(o *found) *found {
	if f == nil || o == nil {
		return nil
	}
	f.ids, f.parts = append(f.ids, o.ids...), append(f.parts, o.ids)
	maps.Copy(f.values, o.values)
	maps.Copy(f.issues, o.issues)
	maps.Copy(f.worklogs, o.worklogs)
	return f
}

func (f *found) basis(r Reading) *Basis {
	slices.Sort(f.ids)
	return &Basis{
		where: r.Where, unseen: r.Unseen, shown: r.Shown, hidden: r.Hidden,
		ids: slices.Clip(slices.Compact(f.ids)), parts: f.parts, issues: f.issues, worklogs: f.worklogs,
		values: values{of: f.values},
	}
}

// sameIssue reports whether an issue that is held counts as Jira shows it.
func (r Reader) sameIssue(held HeldIssue, found workload.Issue) bool {
	return held.Project == found.Project && held.Category == found.Category && held.Due == found.Due &&
		held.Remaining == found.Remaining && assigneeOf(held.Issue) == assigneeOf(found) &&
		(len(r.Points) == 0 || r.held.points(held, r.Points) == found.Points)
}

func assigneeOf(i workload.Issue) string {
	if i.Assignee == nil {
		return ""
	}
	return i.Assignee.AccountID
}

// sameLogs reports whether the work logs that are held of an issue count as those that
// Jira shows.
func sameLogs(held, found []workload.Worklog) bool {
	if len(held) != len(found) {
		return false
	}
	type log struct {
		id, author string
		started    int64
		spent      time.Duration
	}
	of := func(l workload.Worklog) log { return log{l.ID, l.Author.AccountID, l.Started.UnixMilli(), l.Spent} }
	all := make(map[log]bool, len(held))
	for _, l := range held {
		all[of(l)] = true
	}
	return !slices.ContainsFunc(found, func(l workload.Worklog) bool { return !all[of(l)] })
}
