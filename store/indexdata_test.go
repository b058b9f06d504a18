package store

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/workload"
)

// The tenant of the measurements: people of 20 projects have changed 100,000 issues in
// 400 days, of which a third are open. An issue is given to somebody or to somebody else
// 1.3 times, changes its status category 2.2 and its due date 0.6 times; its remaining
// time is estimated 0.4 times, and each of its two work logs lowers it, as Jira does by
// itself: 6.5 dated changes. Times are to the millisecond, but for those that people
// choose.
const (
	benchProjects = 20
	benchIssues   = 100_000
	benchWorklogs = 200_000
	benchPeople   = 200
	benchDays     = 400
	benchTenant   = "client-key"
)

// benchmark makes facts at random, the same each time.
type benchmark struct {
	*rand.Rand
	now time.Time
	index.Facts
	left map[int64]int // seconds that remain of an issue, as its changes had it last
}

func benchFacts(now time.Time) index.Facts {
	b := &benchmark{Rand: rand.New(rand.NewPCG(1, 2)), now: now, left: map[int64]int{}}
	number := map[string]int64{}
	for n := range benchIssues {
		b.issue(n, number)
	}
	for n := range benchWorklogs {
		b.worklog(n)
	}
	slices.SortStableFunc(b.Changes, func(a, c index.Change) int { return a.At.Compare(c.At) })
	for n := range b.Changes { // others change what is not kept
		b.Changes[n].History = int64(900_000 + 3*n + b.IntN(3))
	}
	b.inOrder()
	return b.Facts
}

// inOrder puts the facts in the order in which they are read: project by project, and
// what hangs on an issue together.
func (b *benchmark) inOrder() {
	slices.SortStableFunc(b.Issues, func(a, c index.Issue) int { return cmp.Compare(a.Project, c.Project) })
	place := make(map[int64]int, len(b.Issues))
	for n, i := range b.Issues {
		place[i.ID] = n
	}
	slices.SortStableFunc(b.Worklogs, func(a, c index.Worklog) int { return cmp.Compare(place[a.Issue], place[c.Issue]) })
	slices.SortStableFunc(b.Changes, func(a, c index.Change) int { return cmp.Compare(a.Issue, c.Issue) })
}

// ago is a time of the last days.
func (b *benchmark) ago(days int) time.Time {
	return b.now.Add(-time.Duration(b.Int64N(int64(days) * int64(24*time.Hour)))).Truncate(time.Millisecond)
}

// someone is of a project's ten people, or now and then of those of the next one.
func (b *benchmark) someone(project int) string {
	if b.IntN(10) == 0 {
		project = (project + 1) % benchProjects
	}
	n := project*benchPeople/benchProjects + b.IntN(benchPeople/benchProjects)
	return fmt.Sprintf("557058:%08x-1111-4222-8333-%012x", n*0x9e3779b1&0xffffffff, n*0x9e3779b97f4a&0xffffffffffff)
}

func (b *benchmark) issue(n int, number map[string]int64) {
	project := b.IntN(benchProjects)
	i := index.Issue{ID: int64(10_000 + 2*n + b.IntN(2)), Project: fmt.Sprint("PRJ", project), Category: workload.CategoryDone}
	number[i.Project]++
	i.Number = number[i.Project]
	i.Created = b.now.Add(-time.Duration(benchIssues-n) * (2 * benchDays * 24 * time.Hour / benchIssues)).Add(time.Duration(b.IntN(1e9))).Truncate(time.Millisecond)
	i.Updated = b.ago(min(benchDays, int(b.now.Sub(i.Created)/(24*time.Hour))+1))
	if i.Updated.Before(i.Created) {
		i.Updated = i.Created
	}
	if b.IntN(3) == 0 {
		i.Category = []workload.Category{workload.CategoryNew, workload.CategoryInProgress}[b.IntN(2)]
	}
	if b.IntN(4) > 0 {
		i.Assignee = b.someone(project)
	}
	if b.IntN(2) == 0 {
		i.Due = workload.DateOf(i.Updated, nil).AddDays(b.IntN(60) - 10)
	}
	if b.IntN(3) == 0 {
		i.Parent = i.ID - int64(b.IntN(500))
	}
	if b.IntN(2) == 0 {
		i.StoryPoints = index.Points{Value: []float64{0.5, 1, 2, 3, 5, 8, 13}[b.IntN(7)], Set: true}
	}
	if b.IntN(2) == 0 {
		i.Team = fmt.Sprintf("36885b3c-1bf0-4f85-a357-%012x", project*0x9e3779b97f4a&0xffffffffffff)
	}
	b.history(&i, project)
	i.Remaining = time.Duration(b.left[i.ID]) * time.Second
	b.Issues = append(b.Issues, i)
}

// history makes the changes that lead to an issue, but for those of work logs.
func (b *benchmark) history(i *index.Issue, project int) {
	change := func(f index.Field, from, to string) {
		b.Changes = append(b.Changes, index.Change{Issue: i.ID, At: b.ago(benchDays), Field: f, From: from, To: to})
	}
	for range 1 + b.IntN(10)/7 {
		change(index.FieldAssignee, b.someone(project), i.Assignee)
	}
	change(index.FieldCategory, "new", "indeterminate")
	for range 1 + b.IntN(5)/4 {
		change(index.FieldCategory, "indeterminate", string(i.Category))
	}
	if b.IntN(10) < 6 {
		change(index.FieldDue, "", i.Due.String())
	}
	if b.IntN(10) < 4 {
		b.left[i.ID] = 1800 * (1 + b.IntN(80))
		change(index.FieldRemaining, "", strconv.Itoa(b.left[i.ID]))
	}
}

// worklog makes one in the order of time, and what it changes of its issue.
func (b *benchmark) worklog(n int) {
	issue := b.Issues[b.IntN(benchIssues)]
	project, _ := strconv.Atoi(issue.Project[len("PRJ"):])
	updated := b.now.Add(-time.Duration(benchWorklogs-n) * (benchDays * 24 * time.Hour / benchWorklogs)).Truncate(time.Millisecond)
	started := updated.Add(-time.Duration(b.IntN(48*60)) * time.Minute).Truncate(time.Minute)
	l := index.Worklog{
		ID: int64(500_000 + n), Issue: issue.ID, Author: b.someone(project), Started: started, Updated: updated,
		Spent: time.Duration(1+b.IntN(32)) * 15 * time.Minute,
	}
	b.Worklogs = append(b.Worklogs, l)
	before := b.left[issue.ID]
	b.left[issue.ID] = max(0, before-int(l.Spent.Seconds()))
	b.Changes = append(b.Changes, index.Change{
		Issue: issue.ID, At: updated, Field: index.FieldRemaining, From: strconv.Itoa(before), To: strconv.Itoa(b.left[issue.ID]),
	})
}
