package source_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

const opMatch = "matchIssues"

// basis is what somebody saw, to go on from.
func (s siteOf) basis(p connecttest.Person, f *facts, projects []string) (open, logged *source.Basis) {
	s.t.Helper()
	r := s.knowing(p, f)
	today := workload.DateOf(time.Now(), time.UTC)
	first, err := r.Open(s.t.Context(), projects)
	if err != nil {
		s.t.Fatal(err)
	}
	second, err := r.Logged(s.t.Context(), projects, today.AddDays(-29), today)
	if err != nil {
		s.t.Fatal(err)
	}
	if first.Basis == nil || second.Basis == nil {
		s.t.Fatal("there is nothing to go on from")
	}
	return first.Basis, second.Basis
}

// again reads what has become of changed issues, and fails unless that is what Jira
// shows now. It returns what a later reading goes on from.
func (s siteOf) again(what string, p connecttest.Person, f *facts, open, logged *source.Basis, projects []string, changed ...string) (nowOpen, nowLogged *source.Basis) {
	s.t.Helper()
	r, today := s.knowing(p, f), workload.DateOf(time.Now(), time.UTC)
	before := s.calls()
	issues, ok, err := r.OpenAgain(s.t.Context(), open, changed)
	logs, okLogs, errLogs := r.LoggedAgain(s.t.Context(), logged, changed, today.AddDays(-29), today)
	if err != nil || errLogs != nil || !ok || !okLogs {
		s.t.Fatalf("%s: %t, %t, %v, %v", what, ok, okLogs, err, errLogs)
	}
	if after := s.calls(); after[opMatch]-before[opMatch] != 2 || after[opSearch] != before[opSearch] {
		s.t.Errorf("%s: %d matches and %d searches, want 2 and 0", what, after[opMatch]-before[opMatch], after[opSearch]-before[opSearch])
	}
	want, all := s.summary(s.reader(p), projects)
	in := workload.Input{Issues: issues.Issues, Worklogs: logs.Worklogs, Now: time.Now(), Zone: time.UTC, Window: workload.Month, Gaps: issues.Gaps}
	if diff := gocmp.Diff(want, workload.Summarize(in)); diff != "" {
		s.t.Errorf("%s: %s sees (-from Jira +again)\n%s", what, p.Username, diff)
	}
	if !slices.Equal(all.Hidden, issues.Hidden) || !slices.Equal(all.Shown, logs.Shown) {
		s.t.Errorf("%s: hidden %v, shown %v, want %v and %v", what, issues.Hidden, logs.Shown, all.Hidden, all.Shown)
	}
	return issues.Basis, logs.Basis
}

// After changes of some issues Jira is asked what the reader sees of those: that gives
// what a new search would, whether they are held as they are now or not.
func TestAgain(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	projects := []string{"HARB", "LANT", "VALT"}
	admin := site.named(lead)
	f := site.factsOf(admin, projects)
	for _, who := range []string{lead, outsider} {
		p := site.named(who)
		open, logged := site.basis(p, f, projects)
		ids := slices.Sorted(maps.Keys(f.held.Issues))
		open, logged = site.again("nothing changed", p, f, open, logged, projects)
		site.edit(admin, f.held.Issues[ids[0]].Key, fmt.Sprintf(`{"fields":{"duedate":"2020-01-0%d","assignee":{"accountId":%q}}}`, len(who)%9+1, p.AccountID))
		site.log(admin, f.held.Issues[ids[1]].Key, time.Now().Add(-time.Hour))
		site.send(admin, http.MethodDelete, "/rest/api/3/issue/"+f.held.Issues[ids[2]].Key+"?deleteSubtasks=true", nil)
		gone := ids[2]
		site.send(admin, http.MethodPost, "/rest/api/3/issue", mustJSON(t, map[string]any{"fields": map[string]any{
			"project": map[string]string{"key": "HARB"}, "summary": "new", "issuetype": map[string]string{"name": "Task"},
		}}))
		var made string
		before := f
		f = site.factsOf(admin, projects)
		for id := range f.held.Issues {
			if _, held := before.held.Issues[id]; !held {
				made = id
			}
		}
		created := f.held.Issues[made]
		delete(f.held.Issues, made) // not told yet
		delete(f.held.Worklogs, ids[1])
		open, logged = site.again("changes", p, f, open, logged, projects, ids[0], ids[1], gone, made)
		site.again("and nothing more", p, f, open, logged, projects)
		f.held.Issues[made] = created
	}
}

// What the index does not know, because an event was lost, is kept from the reading
// before, and asked for once such an issue changes.
func TestAgainAfterALoss(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	admin, projects := site.named(lead), []string{"HARB", "LANT"}
	f := site.factsOf(admin, projects)
	ids := slices.Sorted(maps.Keys(f.held.Issues))
	site.edit(admin, f.held.Issues[ids[0]].Key, `{"fields":{"duedate":"2020-01-01"}}`)
	site.log(admin, f.held.Issues[ids[0]].Key, time.Now().Add(-time.Hour))
	open, logged := site.basis(admin, f, projects)
	open, logged = site.again("what was lost", admin, f, open, logged, projects, ids[1])
	site.edit(admin, f.held.Issues[ids[0]].Key, `{"fields":{"summary":"told"}}`)
	open, logged = site.again("it changes", admin, f, open, logged, projects, ids[0])
	site.again("it does not", admin, f, open, logged, projects, ids[1])
}

// Everything is read if what a reading went on from is not to be believed any more.
func TestAgainIsNotPossible(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	projects := []string{"HARB", "VALT"}
	admin, other := site.named(lead), site.named(outsider)
	f := site.factsOf(admin, projects)
	open, logged := site.basis(admin, f, projects)
	today := workload.DateOf(time.Now(), time.UTC)
	id := slices.Sorted(maps.Keys(f.held.Issues))[0]
	refuses := func(what string, p connecttest.Person, f *facts, fails bool, changed ...string) {
		t.Helper()
		r := site.knowing(p, f)
		_, ok, err := r.OpenAgain(t.Context(), open, changed)
		if ok || (err != nil) != fails {
			t.Errorf("%s: open issues: %t, %v", what, ok, err)
		}
		_, ok, err = r.LoggedAgain(t.Context(), logged, changed, today.AddDays(-29), today)
		if ok || (err != nil) != fails {
			t.Errorf("%s: work logs: %t, %v", what, ok, err)
		}
	}
	refuses("a project is hidden now", other, f, false, id)
	refuses("an odd id", admin, f, false, "x")
	for _, status := range []int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound} {
		site.fault(connecttest.Fault{Method: "POST", Path: "/rest/api/3/jql/match", Status: status, Times: 2})
		refuses(fmt.Sprint("Jira answers ", status), admin, f, false, id)
	}
	empty := &facts{held: source.Held{Issues: map[string]source.HeldIssue{}, Worklogs: map[string][]workload.Worklog{}}}
	refuses("little is held", admin, empty, false, id)
	refuses("nothing is to be believed", admin, &facts{}, false, id)
	site.fault(connecttest.Fault{Method: "POST", Path: "/rest/api/3/jql/match", Status: http.StatusInternalServerError, Times: 8})
	refuses("Jira fails", admin, f, true, id)
}

// What issues are grouped by is as it was for what has not changed, and asked for what
// has: a change costs no more for it.
func TestAgainInGroups(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	projects := site.keys()
	admin := site.named(lead)
	f := site.factsOf(admin, projects)
	site.withPlans(admin, f)
	for _, g := range workload.Groupings() {
		by := workload.By{Rows: g.Axis, TeamField: teamField}
		for _, who := range []string{lead, outsider} {
			r := site.knowing(site.named(who), f)
			r.By = by
			first, err := r.Open(t.Context(), projects)
			if err != nil || first.Basis == nil {
				t.Fatal(first.Basis, err)
			}
			id := first.Issues[0].ID
			before := site.calls()
			got, ok, err := r.OpenAgain(t.Context(), first.Basis, []string{id})
			if err != nil || !ok {
				t.Fatalf("%s by %s: %t, %v", who, g.Axis, ok, err)
			}
			if after := site.calls(); after[opSearch] != before[opSearch] || after[opFetch]-before[opFetch] > 1 {
				t.Errorf("%s by %s: %d searches and %d fetches", who, g.Axis, after[opSearch]-before[opSearch], after[opFetch]-before[opFetch])
			}
			want := site.groups(site.reader(site.named(who)), by, projects)
			now := workload.Summarize(workload.Input{Issues: got.Issues, Now: time.Now(), By: by}).Groups
			if diff := gocmp.Diff(want, now); diff != "" {
				t.Errorf("%s by %s (-from Jira +again)\n%s", who, g.Axis, diff)
			}
		}
	}
}

// Of the issues that are done, too, only what has become of changed ones is asked for.
func TestDoneAgain(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	projects := []string{"HARB", "LANT"}
	admin := site.named(lead)
	f := site.factsOf(admin, projects)
	r, since := site.knowing(admin, f), workload.DateOf(time.Now(), time.UTC).AddDays(-28)
	first, err := r.Done(t.Context(), projects, since)
	if err != nil || first.Basis == nil || len(first.Issues) == 0 {
		t.Fatalf("%d issues, %v", len(first.Issues), err)
	}
	id := slices.Sorted(maps.Keys(f.held.Issues))[0]
	var moves struct {
		Transitions []struct {
			ID string
			To struct{ StatusCategory struct{ Key string } }
		}
	}
	site.get(admin, "/rest/api/3/issue/"+id+"/transitions", nil, &moves)
	for _, m := range moves.Transitions {
		if m.To.StatusCategory.Key == "done" {
			site.send(admin, http.MethodPost, "/rest/api/3/issue/"+id+"/transitions", mustJSON(t, map[string]any{"transition": map[string]string{"id": m.ID}}))
		}
	}
	before := site.calls()
	got, ok, err := r.DoneAgain(t.Context(), first.Basis, []string{id, first.Issues[0].ID}, since)
	if after := site.calls(); err != nil || !ok || after[opSearch] != before[opSearch] {
		t.Fatalf("%t, %v, %d searches", ok, err, after[opSearch]-before[opSearch])
	}
	ids := func(r source.Reading) (list []string) {
		for _, i := range r.Issues {
			list = append(list, i.ID)
		}
		slices.Sort(list)
		return list
	}
	want, err := r.Done(t.Context(), projects, since)
	if err != nil || !slices.Contains(ids(want), id) {
		t.Fatalf("%s is not done: %v", id, err)
	}
	if diff := gocmp.Diff(ids(want), ids(got)); diff != "" {
		t.Errorf("(-from Jira +again)\n%s", diff)
	}
}
