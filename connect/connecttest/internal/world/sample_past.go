package world

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

// past gives the issues changelogs that lead to how they are. Its numbers come from a
// source of its own, as those of the plan do, and its ids are below all others.
type past struct {
	*sampler
	rng  *rand.Rand
	last int
}

func (b *sampler) addPast() {
	p := past{sampler: b, rng: rand.New(rand.NewPCG(2990, 20250101))}
	for i := range b.s.projects {
		project := &b.s.projects[i]
		for _, issue := range b.s.byProject[project.Key] {
			if len(project.Statuses) > 0 {
				p.live(issue, project.Statuses)
			}
		}
	}
}

// live makes the life of an issue: it was begun, perhaps it was somebody else's, and
// perhaps it was due earlier. Its last step is what its status tells.
func (p *past) live(issue *Issue, statuses []Status) {
	first := statuses[0]
	end := issue.Updated
	if !issue.Resolved.IsZero() {
		end = issue.Resolved
	}
	begun := p.between(issue.Created, end)
	if issue.Status.ID != first.ID {
		at, from := end, first
		if issue.Status.Category == CategoryDone {
			work := statuses[min(1, len(statuses)-1)]
			p.change(issue, begun, ChangeItem{Field: "status", From: first.ID, FromText: first.Name, To: work.ID, ToText: work.Name})
			from = work
		} else {
			at = begun
		}
		p.change(issue, at, ChangeItem{Field: "status", From: from.ID, FromText: from.Name, To: issue.Status.ID, ToText: issue.Status.Name})
		p.work(issue, at)
	}
	if issue.Assignee != "" && p.rng.IntN(3) == 0 {
		other := ""
		if p.rng.IntN(2) == 0 {
			other = p.accounts[p.rng.IntN(len(p.accounts))]
		}
		if other != issue.Assignee {
			p.change(issue, p.between(issue.Created, end), ChangeItem{Field: "assignee", From: other, To: issue.Assignee})
		}
	}
	if due, err := time.Parse(dateFormat, issue.Due); err == nil && p.rng.IntN(6) == 0 {
		before := due.AddDate(0, 0, -7).Format(dateFormat)
		p.change(issue, begun, ChangeItem{Field: "duedate", From: before, FromText: before, To: issue.Due, ToText: issue.Due})
	}
	slices.SortStableFunc(p.s.changes[issue.ID], func(a, b Change) int { return a.At.Compare(b.At) })
}

// work brings the remaining time from what it was thought to be to what it is.
func (p *past) work(issue *Issue, at time.Time) {
	if issue.OriginalEstimate == nil || issue.Remaining == nil || *issue.OriginalEstimate == *issue.Remaining {
		return
	}
	from, to := strconv.FormatInt(*issue.OriginalEstimate, 10), strconv.FormatInt(*issue.Remaining, 10)
	p.change(issue, at, ChangeItem{Field: "timeestimate", From: from, FromText: from, To: to, ToText: to})
}

func (p *past) between(from, to time.Time) time.Time {
	if !to.After(from) {
		return to
	}
	return from.Add(time.Duration(p.rng.Int64N(int64(to.Sub(from))))).Truncate(time.Second)
}

func (p *past) change(issue *Issue, at time.Time, item ChangeItem) {
	p.last++
	author := issue.Assignee
	if author == "" {
		author = issue.Reporter
	}
	p.s.changes[issue.ID] = append(p.s.changes[issue.ID], Change{
		ID: strconv.Itoa(p.last), IssueID: issue.ID, Author: author, At: at, Items: []ChangeItem{item},
	})
}
