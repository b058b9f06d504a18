package store

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/workload"
)

// diary is how all issues were after each step.
type diary struct {
	times []time.Time
	pages []map[int64]index.Issue
}

func (y *diary) note(m *jiraModel) {
	y.times, y.pages = append(y.times, m.now), append(y.pages, maps.Clone(m.issues))
}

// page is how all issues were at a time.
func (y *diary) page(at time.Time) (page map[int64]index.Issue) {
	for n, when := range y.times {
		if !when.After(at) {
			page = y.pages[n]
		}
	}
	return page
}

// slowly looks each issue up at each time.
func (y *diary) slowly(ids []int64, at []time.Time) []workload.Moment {
	var list []workload.Moment
	for _, t := range at {
		by, page := map[string]workload.Carried{}, y.page(t)
		for _, id := range ids {
			i, ok := page[id]
			if ok && i.Category == workload.CategoryDone {
				if before, was := y.page(at[0])[id]; !was || before.Category != workload.CategoryDone {
					had := by[i.Assignee]
					had.Done++
					by[i.Assignee] = had
				}
			}
			if !ok || i.Category == workload.CategoryDone {
				continue
			}
			had := by[i.Assignee]
			had.Open, had.Remaining = had.Open+1, had.Remaining+i.Remaining
			if due := i.Due.String(); due != "" && due < t.Format(time.DateOnly) {
				had.Overdue++
			}
			by[i.Assignee] = had
		}
		list = append(list, workload.Moment{At: t, By: by})
	}
	return list
}

// changelogs answers whose changes must be read, as Jira does.
func (m *jiraModel) changelogs(ids []int64) index.Chronicle {
	c := index.Chronicle{Issues: ids, Read: m.now}
	for _, change := range m.changes {
		if slices.Contains(ids, change.Issue) {
			c.Changes = append(c.Changes, change)
		}
	}
	return c
}

// TestIndexPastAgainstModel: how it was is told as a slow count of what each issue was
// then, however events came, for any part of the issues; and what is not told is said.
func TestIndexPastAgainstModel(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			onBoth(t, func(t *testing.T, w *world) {
				tenant, m, y := string(w.installed(t, "k", "site").ID), newJiraModel(seed+100), &diary{}
				m.pace = 200
				x := index.New(w.Index, w.clock.Now)
				for range 12 {
					begun := m.now
					for range 15 {
						m.step()
						y.note(m)
					}
					m.lose(t, x, tenant, begun)
					check(t, m.deliver(t, x, tenant))
					y.compare(t, m, x, tenant, false)
					doubted := must(x.Doubted(t.Context(), tenant))(t)
					check(t, x.Tells(t.Context(), tenant, m.changelogs(doubted)))
					y.compare(t, m, x, tenant, true)
					w.clock.forward(m.now.Sub(w.clock.Now()))
				}
			})
		})
	}
}

// lose loses events at times, half of them and that is noticed, or one and it is not.
// Then all that has changed since is read.
func (m *jiraModel) lose(t *testing.T, x *index.Index, tenant string, since time.Time) {
	t.Helper()
	noticed := m.rand.IntN(2) == 0
	switch {
	case m.rand.IntN(3) > 0:
		return
	case noticed:
		m.events = m.events[:len(m.events)/2]
	default:
		at := m.rand.IntN(len(m.events))
		m.events = slices.Delete(m.events, at, at+1)
	}
	if len(m.events) == 0 {
		m.events = append(m.events, index.Event{What: index.WorklogDeleted, At: m.now, Worklog: index.Worklog{ID: 1}})
	}
	b := index.Batch{Read: m.now, Untold: noticed}
	for _, i := range m.issues {
		if i.Updated.After(since) {
			b.Issues = append(b.Issues, i)
		}
	}
	held, _ := heldIn(t, x, tenant, index.Scope{})
	for _, i := range held {
		if _, there := m.issues[i.ID]; !there {
			b.Gone = append(b.Gone, index.Gone{Kind: index.KindIssue, ID: i.ID, Deleted: true})
		}
	}
	must(x.Put(t.Context(), tenant, b))(t)
}

// compare compares what is told of some issues at some times. whole says that all of
// them must be told.
func (y *diary) compare(t *testing.T, m *jiraModel, x *index.Index, tenant string, whole bool) {
	t.Helper()
	var ids []int64 // those that somebody sees
	for _, id := range slices.Sorted(maps.Keys(m.issues)) {
		if m.rand.IntN(4) > 0 {
			ids = append(ids, id)
		}
	}
	var at []time.Time
	for range 6 {
		at = append(at, y.times[0].Add(time.Duration(m.rand.Int64N(int64(m.now.Sub(y.times[0]))+1))))
	}
	slices.SortFunc(at, time.Time.Compare)
	p, err := x.Past(t.Context(), tenant, ids, at...)
	check(t, err)
	if whole && (len(p.Untold) > 0 || len(p.Moments) < len(at)) {
		t.Fatalf("told of %d of %d moments, and not of %v", len(p.Moments), len(at), p.Untold)
	}
	told := slices.DeleteFunc(ids, func(id int64) bool { return slices.Contains(p.Untold, id) })
	want := y.slowly(told, at)[len(at)-len(p.Moments):]
	if len(p.Moments) < len(at) { // then it is not known what was done since the first
		for _, m := range want {
			m.Unfinish()
		}
	}
	if diff := gocmp.Diff(want, p.Moments, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("past of %v (-want +got):\n%s", told, diff)
	}
}

// A change that does not lead to the next is a gap: nothing before it is told.
func TestIndexPastWithGap(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		x, tenant := index.New(w.Index, w.clock.Now), string(w.installed(t, "k", "site").ID)
		at := func(day int) time.Time { return time.Date(2026, 11, day, 9, 0, 0, 0, time.UTC) }
		issue := index.Issue{ID: 1, Project: "ABC", Number: 1, Category: workload.CategoryNew, Assignee: "cleo", Created: at(1), Updated: at(20)}
		for n, tt := range []struct {
			name    string
			changes []index.Change
			from    int // the first day that is told
		}{
			{"none", nil, 1},
			{"whole", []index.Change{
				{History: 1, At: at(5), Field: index.FieldAssignee, From: "ann", To: "bob"},
				{History: 2, At: at(10), Field: index.FieldAssignee, From: "bob", To: "cleo"},
			}, 1},
			{"between", []index.Change{
				{History: 1, At: at(5), Field: index.FieldAssignee, From: "ann", To: "bob"},
				{History: 2, At: at(10), Field: index.FieldAssignee, From: "", To: "cleo"},
			}, 10},
			{"the newest", []index.Change{
				{History: 1, At: at(5), Field: index.FieldAssignee, From: "ann", To: "bob"},
			}, 20},
			{"a status that is no more", []index.Change{
				{History: 1, At: at(7), Field: index.FieldCategory, From: "", To: string(workload.CategoryNew)},
			}, 7},
			{"not told yet", []index.Change{
				{History: 1, At: at(21), Field: index.FieldAssignee, From: "cleo", To: "dan"},
			}, 1},
			{"not told yet, after a gap", []index.Change{
				{History: 1, At: at(21), Field: index.FieldAssignee, From: "dan", To: "ann"},
			}, 21},
		} {
			issue.ID = int64(n + 1)
			for i := range tt.changes {
				tt.changes[i].Issue = issue.ID
			}
			must(x.Put(t.Context(), tenant, index.Batch{Issues: []index.Issue{issue}}))(t)
			check(t, x.Tells(t.Context(), tenant, index.Chronicle{Issues: []int64{issue.ID}, Changes: tt.changes, Read: at(24)}))
			var days []time.Time
			for day := 1; day < 24; day++ {
				days = append(days, at(day))
			}
			p, err := x.Past(t.Context(), tenant, []int64{issue.ID}, days...)
			check(t, err)
			if len(p.Moments) == 0 || !p.Moments[0].At.Equal(at(tt.from)) || len(p.Untold) > 0 {
				t.Errorf("%s: got %+v, want from %s on", tt.name, p, at(tt.from))
			}
		}
		if p := must(x.Past(t.Context(), tenant, []int64{1, 99}, at(3)))(t); !slices.Equal(p.Untold, []int64{99}) {
			t.Errorf("of an issue that is not held: %+v", p)
		}
		again := index.Batch{Issues: []index.Issue{issue}}
		must(x.Put(t.Context(), tenant, again))(t)
		if ids := must(x.Doubted(t.Context(), tenant))(t); len(ids) > 0 {
			t.Errorf("after the same once more: doubts of %v", ids)
		}
		again.Untold = true // it may have changed there and back
		must(x.Put(t.Context(), tenant, again))(t)
		if ids := must(x.Doubted(t.Context(), tenant))(t); !slices.Equal(ids, []int64{issue.ID}) {
			t.Errorf("after a loss: doubts of %v, want %d", ids, issue.ID)
		}
		bad := index.Chronicle{Issues: []int64{1}, Changes: []index.Change{{Issue: 1, Field: 9}}}
		if err := x.Tells(t.Context(), tenant, bad); err == nil {
			t.Error("took a change of no field")
		}
	})
}
