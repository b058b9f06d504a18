package store

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/workload"
)

// jiraModel is what Jira knows, and the events that it has sent.
type jiraModel struct {
	rand     *rand.Rand
	now      time.Time
	pace     int // how much slower than usual time passes
	next     int64
	issues   map[int64]index.Issue
	worklogs map[int64]index.Worklog
	changes  map[string]index.Change
	events   []index.Event
}

var modelSite = index.Site{
	Categories:    map[string]workload.Category{"1": workload.CategoryNew, "3": workload.CategoryInProgress, "5": workload.CategoryDone},
	PointEstimate: "customfield_10016", StoryPoints: "customfield_10026", Team: "customfield_10001",
}

func newJiraModel(seed uint64) *jiraModel {
	return &jiraModel{
		rand: rand.New(rand.NewPCG(seed, 1)), pace: 1, now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), next: 10000,
		issues: map[int64]index.Issue{}, worklogs: map[int64]index.Worklog{}, changes: map[string]index.Change{},
	}
}

func (m *jiraModel) id() int64 { m.next++; return m.next }

func (m *jiraModel) tick() time.Time {
	m.now = m.now.Add(time.Duration(m.pace) * time.Duration(1+m.rand.IntN(90_000)) * time.Millisecond)
	return m.now
}

func pick[T any](m *jiraModel, list ...T) T { return list[m.rand.IntN(len(list))] }

// one returns an id of a map, 0 if it has none.
func one[T any](m *jiraModel, of map[int64]T) int64 {
	ids := slices.Sorted(maps.Keys(of))
	if len(ids) == 0 {
		return 0
	}
	return pick(m, ids...)
}

func statusOf(c workload.Category) string {
	for id, category := range modelSite.Categories {
		if category == c {
			return id
		}
	}
	return ""
}

// step changes something at random, and sends what Jira sends.
func (m *jiraModel) step() {
	id := one(m, m.issues)
	switch n := m.rand.IntN(20); {
	case id == 0 || n < 3:
		m.create()
	case n < 12:
		m.edit(id)
	case n == 12:
		m.deleteIssue(id)
	case n < 17:
		m.log(index.WorklogCreated, index.Worklog{ID: m.id(), Issue: id})
	case n < 19:
		if log := one(m, m.worklogs); log != 0 {
			m.log(index.WorklogUpdated, m.worklogs[log])
		}
	default:
		if log := one(m, m.worklogs); log != 0 {
			delete(m.worklogs, log)
			m.events = append(m.events, index.Event{What: index.WorklogDeleted, At: m.tick(), Worklog: index.Worklog{ID: log}})
		}
	}
}

func (m *jiraModel) create() {
	i := index.Issue{
		ID: m.id(), Project: pick(m, "ABC", "DEF", "GHI"), Number: m.next - 9000, Category: workload.CategoryNew,
		Assignee: pick(m, "", "ann", "bob"), Updated: m.tick(),
	}
	i.Created = i.Updated
	m.issues[i.ID] = i
	m.tell(index.IssueCreated, i, nil)
}

func (m *jiraModel) deleteIssue(id int64) {
	delete(m.issues, id)
	maps.DeleteFunc(m.worklogs, func(_ int64, l index.Worklog) bool { return l.Issue == id })
	maps.DeleteFunc(m.changes, func(_ string, c index.Change) bool { return c.Issue == id })
	m.events = append(m.events, index.Event{What: index.IssueDeleted, At: m.tick(), Issue: index.Issue{ID: id}})
}

func (m *jiraModel) log(what index.What, l index.Worklog) {
	l.Author, l.Updated = pick(m, "ann", "bob", ""), m.tick()
	l.Started = m.now.Add(-time.Duration(m.rand.IntN(40*24)) * time.Hour)
	l.Spent = time.Duration(60*(1+m.rand.IntN(400))) * time.Second
	m.worklogs[l.ID] = l
	m.events = append(m.events, index.Event{What: what, At: m.now, Worklog: l})
}

// edit changes one or two fields at once.
func (m *jiraModel) edit(id int64) {
	i, items := m.issues[id], []index.Item(nil)
	for range 1 + m.rand.IntN(2) {
		changed := i
		item := m.change(&changed)
		if !slices.ContainsFunc(items, func(other index.Item) bool { return other.Field == item.Field }) {
			i, items = changed, append(items, item)
		}
	}
	i.Updated = m.tick()
	m.issues[id] = i
	m.tell(index.IssueUpdated, i, items)
}

func (m *jiraModel) change(i *index.Issue) index.Item {
	before := *i
	switch m.rand.IntN(8) {
	case 0:
		i.Assignee = pick(m, "", "ann", "bob", "cleo")
		return index.Item{Field: "assignee", From: before.Assignee, To: i.Assignee}
	case 1:
		i.Category = pick(m, workload.CategoryNew, workload.CategoryInProgress, workload.CategoryDone)
		return index.Item{Field: "status", From: statusOf(before.Category), To: statusOf(i.Category)}
	case 2:
		i.Due = pick(m, workload.Date{}, workload.Date{Year: 2026, Month: 12, Day: 1 + m.rand.IntN(28)})
		return index.Item{Field: "duedate", From: before.Due.String(), To: i.Due.String()}
	case 3:
		i.Remaining = time.Duration(m.rand.IntN(9)) * time.Hour
		return index.Item{Field: "timeestimate", From: seconds(before.Remaining), To: seconds(i.Remaining)}
	case 4:
		points := index.Points{Value: float64(m.rand.IntN(20)) / 2, Set: true}
		if m.rand.IntN(2) == 0 {
			i.StoryPoints = points
			return index.Item{Field: modelSite.StoryPoints, ToText: fmt.Sprint(points.Value)}
		}
		i.PointEstimate = points
		return index.Item{Field: modelSite.PointEstimate, ToText: fmt.Sprint(points.Value)}
	case 5:
		i.Team = pick(m, "", "team-1", "team-2")
		return index.Item{Field: modelSite.Team, ToText: "Harbour"}
	case 6:
		i.Parent = pick(m, 0, i.ID-1)
		return index.Item{Field: "IssueParentAssociation", To: strconv.FormatInt(i.Parent, 10)}
	}
	i.Project, i.Number = pick(m, "ABC", "DEF", "GHI"), m.id()-9000
	return index.Item{Field: "Key", FromText: before.Key(), ToText: i.Key()}
}

func seconds(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return strconv.FormatInt(int64(d/time.Second), 10)
}

// tell sends an event about an issue: with all of its fields, with few, or with
// nearly none.
func (m *jiraModel) tell(what index.What, i index.Issue, items []index.Item) {
	e := index.Event{What: what, At: m.now, Issue: i, Changed: items}
	if items != nil {
		e.History = m.id()
	}
	e.Known = pick(m, index.KnowsAll, index.KnowsKey|index.KnowsUpdated|index.KnowsAssignee|index.KnowsCategory, index.KnowsUpdated)
	m.events = append(m.events, e)
	for _, item := range items {
		c := index.Change{Issue: i.ID, History: e.History, At: i.Updated}
		if modelSite.ChangeOf(&c, item) {
			m.changes[fmt.Sprint(c.History, c.Field)] = c
		}
	}
}

// fetch answers what the index needs, as Jira does.
func (m *jiraModel) fetch(needs []index.Need, read time.Time) index.Batch {
	b := index.Batch{Read: read}
	for _, n := range needs {
		issue, isIssue := m.issues[n.ID]
		log, isLog := m.worklogs[n.ID]
		switch {
		case n.Kind == index.KindIssue && isIssue:
			b.Issues = append(b.Issues, issue)
		case n.Kind == index.KindWorklog && isLog:
			b.Worklogs = append(b.Worklogs, log)
		default:
			b.Gone = append(b.Gone, index.Gone{Kind: n.Kind, ID: n.ID})
		}
	}
	return b
}

// TestIndexAgainstModel: whatever order events come in, and how often, the index
// holds what Jira does as soon as what it needs was fetched.
func TestIndexAgainstModel(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			onBoth(t, func(t *testing.T, w *world) {
				tenant, m := string(w.installed(t, "k", "site").ID), newJiraModel(seed)
				x := index.New(w.Index, w.clock.Now)
				for range 12 {
					for range 15 {
						m.step()
					}
					check(t, m.deliver(t, x, tenant))
					m.compare(t, x, tenant)
				}
			})
		})
	}
}

// deliver sends the events out of order and some twice or again much later, and
// fetches what is needed.
func (m *jiraModel) deliver(t *testing.T, x *index.Index, tenant string) error {
	t.Helper()
	late := slices.Clone(m.events)
	events := append(slices.Clone(m.events), late[m.rand.IntN(len(late)):]...)
	for range len(events) {
		a, b := m.rand.IntN(len(events)), m.rand.IntN(len(events))
		events[a], events[b] = events[b], events[a]
	}
	m.events = m.events[:0]
	if m.rand.IntN(2) == 0 { // once more with the next
		m.events = append(m.events, late[:len(late)/2]...)
	}
	for some := range slices.Chunk(events, 1+m.rand.IntN(9)) {
		if _, err := x.Tell(t.Context(), tenant, modelSite, some...); err != nil {
			return err
		}
	}
	for range 4 {
		needs, err := x.Needs(t.Context(), tenant)
		if err != nil || len(needs) == 0 {
			return err
		}
		if _, err := x.Put(t.Context(), tenant, m.fetch(needs, m.tick())); err != nil {
			return err
		}
	}
	return fmt.Errorf("needs do not end: %v", must(x.Needs(t.Context(), tenant))(t))
}

func (m *jiraModel) compare(t *testing.T, x *index.Index, tenant string) {
	t.Helper()
	ids := slices.Sorted(maps.Keys(m.issues))
	want := make([]index.Issue, 0, len(ids))
	for _, id := range ids {
		want = append(want, m.issues[id])
	}
	got, missing, err := x.Issues(t.Context(), tenant, append(ids, 1, 2))
	check(t, err)
	if diff := gocmp.Diff(want, got); diff != "" || !slices.Equal(missing, []int64{1, 2}) {
		t.Fatalf("issues, missing %v (-want +got):\n%s", missing, diff)
	}
	m.compareLogs(t, x, tenant)
	changes := slices.SortedFunc(maps.Values(m.changes), func(a, b index.Change) int {
		return cmp.Or(cmp.Compare(a.Issue, b.Issue), cmp.Compare(a.History, b.History), cmp.Compare(a.Field, b.Field))
	})
	if diff := gocmp.Diff(changes, must(x.History(t.Context(), tenant, ids))(t)); diff != "" {
		t.Fatalf("history (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff(changes, must(x.History(t.Context(), tenant, nil))(t)); diff != "" {
		t.Fatalf("whole history (-want +got):\n%s", diff)
	}
}

// compareLogs compares what is read of each project.
func (m *jiraModel) compareLogs(t *testing.T, x *index.Index, tenant string) {
	t.Helper()
	from := m.now.Add(-14 * 24 * time.Hour)
	for _, projects := range [][]string{{"ABC"}, {"DEF", "GHI"}, nil, {"NONE"}} {
		in := func(issue int64) bool { return projects == nil || slices.Contains(projects, m.issues[issue].Project) }
		var (
			wantIssues []index.Issue
			wantLogs   []index.Worklog
		)
		for id, i := range m.issues {
			if i.Open() && in(id) {
				wantIssues = append(wantIssues, i)
			}
		}
		for _, l := range m.worklogs {
			if in(l.Issue) && !l.Started.Before(from) && l.Started.Before(m.now) {
				wantLogs = append(wantLogs, l)
			}
		}
		scope := index.Scope{Projects: projects, From: from, To: m.now}
		issues, logs := heldIn(t, x, tenant, scope)
		anyOrder := cmpopts.SortSlices(func(a, b any) bool { return idOf(a) < idOf(b) })
		if diff := gocmp.Diff(wantIssues, issues, cmpopts.EquateEmpty(), anyOrder); diff != "" {
			t.Fatalf("issues of %v (-want +got):\n%s", projects, diff)
		}
		if diff := gocmp.Diff(wantLogs, logs, cmpopts.EquateEmpty(), anyOrder); diff != "" {
			t.Fatalf("work logs of %v (-want +got):\n%s", projects, diff)
		}
		work := must(x.Work(t.Context(), tenant, scope))(t)
		input := workload.Input{Now: m.now, Window: workload.Week}
		counted := input
		counted.Tally = workload.NewTally(input)
		check(t, work.Count(counted.Tally, person, nil))
		input.Issues, input.Worklogs = index.IssuesOf(wantIssues), index.WorklogsOf(wantLogs)
		if diff := gocmp.Diff(workload.Summarize(input), workload.Summarize(counted)); diff != "" {
			t.Fatalf("summary of %v (-want +got):\n%s", projects, diff)
		}
	}
}

func idOf(fact any) int64 {
	if i, ok := fact.(index.Issue); ok {
		return i.ID
	}
	return fact.(index.Worklog).ID
}
