package store

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

func TestMarkDirty(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		other := w.installed(t, "other", "elsewhere")
		for room, projects := range map[string][]string{"r1": {"ABC", "D_F"}, "r2": {"DXF"}, "r3": {"abc", "UTC"}, "bare": nil} {
			w.begun(t, "site", room)
			if projects != nil {
				w.configured(t, "site", room, projects...)
			}
		}
		w.begun(t, "elsewhere", "r1")
		w.configured(t, "elsewhere", "r1", "ABC")
		for _, test := range []struct {
			tenant  connect.TenantID
			project string
			want    []string
		}{
			{tenant.ID, "ABC", []string{"site/r1"}},
			{tenant.ID, "D_F", []string{"site/r1"}},
			{tenant.ID, "DXF", []string{"site/r2"}},
			{tenant.ID, "AB", nil},
			{tenant.ID, "BC", nil},
			{tenant.ID, "%", nil},
			{tenant.ID, `"`, nil},
			{tenant.ID, "14", nil},
			{tenant.ID, "", []string{"site/r1", "site/r2", "site/r3"}},
			{other.ID, "ABC", []string{"elsewhere/r1"}},
			{"nobody", "", nil},
		} {
			w.clock.forward(time.Hour)
			w.settle(t, glance.State{Label: "x"})
			due := w.clock.Now().Add(time.Second)
			if fresh := must(w.MarkDirty(t.Context(), test.tenant, test.project, "", due))(t); !fresh {
				t.Errorf("%s: not fresh", test.project)
			}
			var got []string
			for _, row := range must(w.Store.Glances.List(t.Context()))(t) {
				if row.NeedsCompute() {
					got = append(got, row.Key.Site+"/"+row.Key.Conversation)
					if !row.NextAttempt.Equal(due) {
						t.Errorf("%s: due %v, want %v", test.project, row.NextAttempt, due)
					}
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s %q (-want +got):\n%s", test.tenant, test.project, diff)
			}
			if next := must(w.NextDue(t.Context(), paces()))(t); (test.want != nil) != next.Equal(due) {
				t.Errorf("%s: next due %v", test.project, next)
			}
		}
	})
}

func TestMarkDirtyOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant, other := w.installed(t, "k", "site"), w.installed(t, "other", "")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		w.settle(t, glance.State{})
		due := w.clock.Now().Add(time.Second)
		var wait sync.WaitGroup
		var mu sync.Mutex
		fresh := 0
		for range 20 {
			wait.Go(func() {
				ok, err := w.MarkDirty(t.Context(), tenant.ID, "ABC", "delivery", due)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if ok {
					fresh++
				}
			})
		}
		wait.Wait()
		if got := w.row(t, glanceKey("site", "room")); fresh != 1 || got.DirtyRev != 2 {
			t.Errorf("got %d fresh, dirty %d, want 1 and 2", fresh, got.DirtyRev)
		}
		if !must(w.MarkDirty(t.Context(), other.ID, "ABC", "delivery", due))(t) {
			t.Error("another tenant's delivery of the same name: not fresh")
		}
		if _, err := w.MarkDirty(t.Context(), "nobody", "ABC", "delivery", due); err == nil {
			t.Error("recorded a delivery for a tenant that does not exist")
		}
	})
}

func TestMarkDirtyTimes(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		w.settle(t, glance.State{})
		now := w.clock.forward(time.Minute)
		mark := func(due, want time.Time) {
			t.Helper()
			must(w.MarkDirty(t.Context(), tenant.ID, "ABC", "", due))(t)
			if got := w.row(t, glanceKey("site", "room")).NextAttempt; !got.Equal(want) {
				t.Errorf("due %v, want %v", got.Sub(now), want.Sub(now))
			}
		}
		mark(now.Add(2*time.Second), now.Add(2*time.Second))
		mark(now.Add(3*time.Second), now.Add(2*time.Second)) // earlier already
		mark(now.Add(time.Second), now.Add(time.Second))
		now = w.clock.forward(time.Second)
		row := w.claim(t)[0]
		mark(now.Add(5*time.Second), now.Add(5*time.Second)) // what is in hand is not earlier
		mark(now.Add(6*time.Second), now.Add(5*time.Second))
		row = w.desire(t, row, glance.State{})
		check(t, w.Release(t.Context(), row))
		if got := w.claim(t); len(got) != 0 {
			t.Errorf("claimed before it is due: %+v", got)
		}
		w.clock.forward(5 * time.Second)
		if got := w.claim(t); len(got) != 1 {
			t.Errorf("got %d rows, want 1", len(got))
		}
	})
}

func TestMarkOlder(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		for _, room := range []string{"r1", "r2", "bare"} {
			w.begun(t, "site", room)
		}
		w.configured(t, "site", "r1", "ABC")
		w.settle(t, glance.State{})
		between := w.clock.forward(time.Minute)
		w.configured(t, "site", "r2", "ABC")
		w.settle(t, glance.State{})
		due := w.clock.forward(time.Minute)
		for _, want := range []int{1, 0} {
			if got := must(w.MarkOlder(t.Context(), between, due))(t); got != want {
				t.Errorf("got %d, want %d", got, want)
			}
		}
		if got := w.claim(t); len(got) != 1 || got[0].Key != glanceKey("site", "r1") || !got[0].NeedsCompute() {
			t.Errorf("got %+v, want r1", got)
		}
	})
}
