package store

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/workload"
)

// indexed is a tenant with an open issue, a done one, and work logs on both.
func (w *world) indexed(t *testing.T, key string) (x *index.Index, tenant string) {
	t.Helper()
	x, tenant, now := index.New(w.Index, w.clock.Now), string(w.installed(t, key, "site-"+key).ID), w.clock.Now()
	must(x.Put(t.Context(), tenant, index.Batch{
		Issues: []index.Issue{
			{ID: 1, Project: "ABC", Number: 1, Category: workload.CategoryNew, Assignee: "ann", Updated: now},
			{ID: 2, Project: "ABC", Number: 300, Category: workload.CategoryDone, Assignee: "ann", Updated: now},
			{ID: 3, Project: "DEF", Number: 1, Category: workload.CategoryInProgress, Assignee: "bob", Updated: now},
		},
		Worklogs: []index.Worklog{
			{ID: 1, Issue: 1, Author: "ann", Started: now.Add(-time.Hour), Spent: time.Hour, Updated: now},
			{ID: 2, Issue: 2, Author: "bob", Started: now.Add(-20 * 24 * time.Hour), Spent: time.Hour, Updated: now},
			{ID: 3, Issue: 3, Author: "bob", Started: now.Add(-time.Hour), Spent: 2 * time.Hour, Updated: now},
		},
		Changes: []index.Change{
			{Issue: 1, History: 5, At: now, Field: index.FieldAssignee, From: "bob", To: "ann"},
			{Issue: 2, History: 6, At: now, Field: index.FieldDue, To: "2026-11-30"},
		},
	}))(t)
	check(t, x.ChangeState(t.Context(), tenant, func(s *index.State) error { s.Filled = now; return nil }))
	return x, tenant
}

func everything(now time.Time) index.Scope {
	return index.Scope{From: now.Add(-1000 * 24 * time.Hour), To: now}
}

// heldIn lists what is held of a scope.
func heldIn(t *testing.T, x *index.Index, tenant string, s index.Scope) ([]index.Issue, []index.Worklog) {
	t.Helper()
	w := must(x.Work(t.Context(), tenant, s))(t)
	return must(w.Issues())(t), must(w.Worklogs())(t)
}

func TestIndexPrune(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		x, tenant := w.indexed(t, "k")
		must(x.Put(t.Context(), tenant, index.Batch{Gone: []index.Gone{{Kind: index.KindIssue, ID: 3, Deleted: true}}}))(t)
		late := index.Batch{Issues: []index.Issue{{ID: 3, Project: "DEF", Number: 1, Updated: w.clock.Now()}}}
		check(t, x.Prune(t.Context(), tenant))
		must(x.Put(t.Context(), tenant, late))(t)
		if known, _, err := x.Issues(t.Context(), tenant, []int64{1, 2, 3}); err != nil || len(known) != 2 {
			t.Errorf("soon: got %+v, %v, want 1 and 2", known, err)
		}
		w.clock.forward(385 * 24 * time.Hour)
		check(t, x.Prune(t.Context(), tenant))
		if _, logs := heldIn(t, x, tenant, everything(w.clock.Now())); len(logs) != 1 || logs[0].ID != 1 {
			t.Errorf("after 385 days: got %+v, want the work log of an hour before", logs)
		}
		w.clock.forward(16 * 24 * time.Hour)
		check(t, x.Prune(t.Context(), tenant))
		if known, _, err := x.Issues(t.Context(), tenant, []int64{1, 2}); err != nil || len(known) != 1 || known[0].ID != 1 {
			t.Errorf("after 401 days: got %+v, %v, want the open issue", known, err)
		}
		if got := must(x.History(t.Context(), tenant, nil))(t); len(got) != 0 {
			t.Errorf("after 401 days: got %+v", got)
		}
		must(x.Put(t.Context(), tenant, late))(t)
		if known, _, _ := x.Issues(t.Context(), tenant, []int64{3}); len(known) != 1 {
			t.Error("what was deleted long ago is still refused")
		}
	})
}

// An account leaves nothing behind, and no other tenant or fact is touched.
func TestIndexEraseAccount(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		x, one := w.indexed(t, "one")
		_, two := w.indexed(t, "two")
		count := must(x.EraseAccount(t.Context(), "ann"))(t)
		if count != 8 { // two issues, a work log and a change each
			t.Errorf("erased of %d facts, want 8", count)
		}
		for _, tenant := range []string{one, two} {
			issues, logs := heldIn(t, x, tenant, everything(w.clock.Now()))
			if len(issues) != 2 || len(logs) != 3 {
				t.Errorf("got %+v and %+v, want all facts", issues, logs)
			}
			known, missing, err := x.Issues(t.Context(), tenant, []int64{1, 3})
			check(t, err)
			if len(known) != 1 || known[0].Assignee != "bob" || !slices.Equal(missing, []int64{1}) {
				t.Errorf("got %+v, missing %v", known, missing)
			}
		}
		if list := must(w.Index.Holding(t.Context(), "ann"))(t); len(list) != 0 {
			t.Errorf("still held of %v", list)
		}
		if list := must(w.Index.Holding(t.Context(), "bob"))(t); len(list) != 2 {
			t.Errorf("another account: held of %v", list)
		}
		if _, err := x.EraseAccount(t.Context(), ""); err == nil {
			t.Error("erased no account")
		}
	})
}

func TestIndexDrop(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		x, one := w.indexed(t, "one")
		_, two := w.indexed(t, "two")
		_, three := w.indexed(t, "three")
		check(t, x.DropProject(t.Context(), one, "ABC"))
		issues, logs := heldIn(t, x, one, everything(w.clock.Now()))
		if len(issues) != 1 || len(logs) != 1 || must(x.State(t.Context(), one))(t).Filled.IsZero() {
			t.Errorf("got %+v and %+v, want DEF and the state", issues, logs)
		}
		if got := must(x.History(t.Context(), one, nil))(t); len(got) != 0 {
			t.Errorf("history of a dropped project: %+v", got)
		}
		check(t, x.Drop(t.Context(), two))
		late := index.Batch{Gone: []index.Gone{{Kind: index.KindIssue, ID: 9, Deleted: true}}}
		gone := func(when string) {
			issues, _ := heldIn(t, x, three, everything(w.clock.Now()))
			if state := must(x.State(t.Context(), three))(t); len(issues) > 0 || !state.Filled.IsZero() {
				t.Errorf("%s: left %+v, %+v", when, issues, state)
			}
			if _, err := x.Put(t.Context(), three, late); !errors.Is(err, connect.ErrNotFound) {
				t.Errorf("%s: put: got %v, want %v", when, err, connect.ErrNotFound)
			}
		}
		must(w.SetState(t.Context(), "three", connect.StateUninstalled, time.Time{}))(t)
		gone("uninstalled")
		if must(w.Erase(t.Context(), w.clock.Now().Add(time.Hour)))(t) != 1 {
			t.Error("the tenant is not erased")
		}
		gone("erased")
		var pages []string
		check(t, w.read.Raw("SELECT DISTINCT tenant_id FROM index_pages").Scan(&pages).Error)
		if diff := cmp.Diff([]string{one}, pages); diff != "" {
			t.Errorf("tenants with pages (-want +got):\n%s", diff)
		}
	})
}

func TestIndexState(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		x, one := w.indexed(t, "one")
		_, two := w.indexed(t, "two")
		at := w.clock.Now()
		full := index.State{
			Filled: at, Cursor: "ABC-1000", Issues: at, Worklogs: at, Deleted: at, Reconciled: at, Lost: at,
			Holder: "me", HeldUntil: at.Add(time.Minute),
		}
		check(t, x.ChangeState(t.Context(), one, func(s *index.State) error { *s = full; return nil }))
		refused := errors.New("held")
		err := x.ChangeState(t.Context(), one, func(s *index.State) error { s.Cursor = "lost"; return refused })
		if !errors.Is(err, refused) {
			t.Errorf("got %v, want %v", err, refused)
		}
		want := map[string]index.State{one: full, two: {Filled: at}}
		if diff := cmp.Diff(want, must(x.States(t.Context()))(t)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		since := at.Add(-time.Minute)
		need := index.Need{Kind: index.KindIssue, ID: 1, Since: since, Last: since}
		for range 2 {
			must(x.Put(t.Context(), one, index.Batch{Needs: []index.Need{need, {Kind: index.KindIssue, ID: 7, Since: at, Last: at}}}))(t)
		}
		full.Oldest = since
		if diff := cmp.Diff(full, must(x.State(t.Context(), one))(t)); diff != "" {
			t.Errorf("with needs (-want +got):\n%s", diff)
		}
		if got := must(x.State(t.Context(), "nobody"))(t); got != (index.State{}) {
			t.Errorf("of nobody: %+v", got)
		}
	})
}

// What no page could hold is refused, with all that came with it.
func TestIndexRefuses(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		x, tenant := w.indexed(t, "k")
		good := index.Issue{ID: 50, Project: "ABC", Number: 50}
		for name, bad := range map[string]index.Batch{
			"no id":              {Issues: []index.Issue{good, {Project: "ABC", Number: 1}}},
			"no number":          {Issues: []index.Issue{good, {ID: 9, Project: "ABC"}}},
			"no project":         {Issues: []index.Issue{good, {ID: 9, Number: 1}}},
			"a project of bytes": {Issues: []index.Issue{good, {ID: 9, Project: "A\x00\xff", Number: 1}}},
			"no issue":           {Issues: []index.Issue{good}, Worklogs: []index.Worklog{{ID: 9}}},
			"no field":           {Issues: []index.Issue{good}, Changes: []index.Change{{Issue: 50}}},
			"no kind":            {Issues: []index.Issue{good}, Needs: []index.Need{{ID: 9}}},
		} {
			if _, err := x.Put(t.Context(), tenant, bad); !errors.Is(err, index.ErrNoFact) {
				t.Errorf("%s: got %v, want %v", name, err, index.ErrNoFact)
			}
		}
		if known, _, err := x.Issues(t.Context(), tenant, []int64{50}); err != nil || len(known) != 0 {
			t.Errorf("stored %+v, %v", known, err)
		}
		check(t, w.db.Exec("UPDATE index_pages SET body = ? WHERE shelf = 3 AND project = 'ABC'", []byte("\x01\xff\xff\xff\xff\x0fdamaged")).Error)
		work := must(x.Work(t.Context(), tenant, everything(w.clock.Now())))(t)
		_, err := work.Issues()
		for _, err := range []error{err, work.Count(workload.NewTally(workload.Input{}), person, nil)} {
			if !errors.Is(err, index.ErrDamaged) || !strings.Contains(err.Error(), "ABC") {
				t.Errorf("got %v, want %v that names the page", err, index.ErrDamaged)
			}
		}
		check(t, x.Drop(t.Context(), tenant))
	})
}

// TestIndexAtOnce: two programs that put facts of one tenant at once keep each
// other's.
func TestIndexAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		_, tenant := w.indexed(t, "k")
		stores := []*Store{w.Store, w.again(t, keyOne)}
		done := make(chan error)
		const each = 20
		for n, s := range stores {
			go func() {
				x := index.New(s.Index, w.clock.Now)
				var err error
				for i := range each {
					id := int64(100 + 2*i + n)
					_, put := x.Put(t.Context(), tenant, index.Batch{Issues: []index.Issue{{ID: id, Project: "ABC", Number: id, Updated: w.clock.Now()}}})
					err = errors.Join(err, put)
				}
				done <- err
			}()
		}
		for range stores {
			check(t, <-done)
		}
		x := index.New(w.Index, w.clock.Now)
		if issues, _ := heldIn(t, x, tenant, index.Scope{Projects: []string{"ABC"}}); len(issues) != 1+2*each {
			t.Errorf("got %d issues, want %d", len(issues), 1+2*each)
		}
	})
}
