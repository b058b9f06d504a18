package store

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sightline/connect"
	"sightline/internal/glance"
)

var noLease = cmpopts.IgnoreFields(glance.Row{}, "Lease")

func TestBeginAndConfigure(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		at := w.clock.Now()
		w.begun(t, "site", "room")
		setup := glance.Row{Key: setupKey("site", "room"), Tenant: string(tenant.ID), DesiredRev: 1, NextAttempt: at}
		shows := glance.Row{Key: glanceKey("site", "room"), Tenant: string(tenant.ID), NextAttempt: at}
		if diff := cmp.Diff([]glance.Row{setup, shows}, must(w.Glances(t.Context()))(t)); diff != "" {
			t.Errorf("begun (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]glance.Row{setup}, w.claim(t), noLease); diff != "" {
			t.Errorf("due at first (-want +got):\n%s", diff)
		}

		later := w.clock.forward(2 * time.Minute)
		w.configured(t, "site", "room", "ABC", "D_F")
		setup.Desired, setup.DesiredAt, setup.DesiredRev, setup.NextAttempt = glance.State{Configured: true}, later, 2, later
		shows.Config = glance.Config{Projects: []string{"ABC", "D_F"}, Window: 14, Zone: "Europe/Berlin"}
		shows.DirtyRev, shows.NextAttempt = 1, later
		if diff := cmp.Diff([]glance.Row{setup, shows}, must(w.Glances(t.Context()))(t), noLease); diff != "" {
			t.Errorf("configured (-want +got):\n%s", diff)
		}

		w.settle(t, glance.State{Label: "12 open", Numbers: glance.Numbers{Open: 12, Overdue: 3, DueSoon: 2, Unassigned: 1}})
		shows.Desired = glance.State{Label: "12 open", Numbers: glance.Numbers{Open: 12, Overdue: 3, DueSoon: 2, Unassigned: 1}}
		shows.ComputedRev, shows.DesiredRev, shows.DeliveredRev, shows.DesiredAt = 1, 1, 1, later
		setup.DeliveredRev = 2
		if diff := cmp.Diff([]glance.Row{setup, shows}, must(w.Glances(t.Context()))(t)); diff != "" {
			t.Errorf("settled (-want +got):\n%s", diff)
		}
		if got := w.claim(t); len(got) != 0 {
			t.Errorf("due when settled: got %+v", got)
		}

		// Installed again: the configuration is kept, both are pushed again.
		again := w.clock.forward(time.Minute)
		w.begun(t, "site", "room")
		setup.DeliveredRev, setup.NextAttempt, shows.DeliveredRev, shows.NextAttempt = 0, again, 0, again
		if diff := cmp.Diff([]glance.Row{setup, shows}, w.claim(t), noLease); diff != "" {
			t.Errorf("begun again (-want +got):\n%s", diff)
		}
	})
}

func TestConfigureWithoutBegin(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		check(t, w.SaveConversation(t.Context(), glance.Conversation{Cloud: "site", ID: "room"}))
		if err := w.Configure(t.Context(), glanceKey("site", "room"), setupKey("site", "room"), glance.Config{}, w.clock.Now()); err == nil {
			t.Error("configured without projects")
		}
		if got := must(w.Glances(t.Context()))(t); len(got) != 0 {
			t.Errorf("a refused configuration left %+v", got)
		}
		w.configured(t, "site", "room", "ABC")
		if got := w.claim(t); len(got) != 2 || got[0].DesiredRev != 1 || !got[0].Desired.Configured || !got[1].NeedsCompute() {
			t.Errorf("got %+v, want both rows due", got)
		}
	})
}

func TestDesireAndDeliver(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		key := glanceKey("site", "room")
		one, two := glance.State{Label: "one"}, glance.State{Label: "two"}
		w.settle(t, one)
		for _, test := range []struct {
			state glance.State
			rev   int64
		}{{one, 1}, {two, 2}, {two, 2}, {one, 3}} {
			at := w.clock.forward(time.Minute)
			w.configured(t, "site", "room", "ABC")
			row := w.claim(t)[1]
			got := must(w.Desire(t.Context(), row, test.state, at))(t)
			if got.DesiredRev != test.rev || got.Desired != test.state || got.NeedsCompute() || got.Lease != row.Lease || !got.DesiredAt.Equal(at) {
				t.Errorf("desire %s: got %+v, want revision %d", test.state.Label, got, test.rev)
			}
			check(t, w.Deliver(t.Context(), got))
			if got := w.row(t, key); got.NeedsPush() || got.Lease != "" {
				t.Errorf("delivered %s: got %+v", test.state.Label, got)
			}
		}

		// What changes while a worker is busy is not lost.
		w.clock.forward(time.Minute)
		w.configured(t, "site", "room", "ABC")
		row := w.claim(t)[1]
		w.configured(t, "site", "room", "XYZ")
		row = must(w.Desire(t.Context(), row, two, w.clock.Now()))(t)
		check(t, w.Deliver(t.Context(), row))
		if got := w.row(t, key); !got.NeedsCompute() || got.Config.Projects[0] != "XYZ" {
			t.Errorf("got %+v, want it dirty", got)
		}
	})
}

func TestStaleLease(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		stale := w.claim(t)[1]
		w.clock.forward(59 * time.Second)
		if got := w.claim(t); len(got) != 0 {
			t.Fatalf("leased: got %+v", got)
		}
		w.clock.forward(time.Second)
		fresh := w.claim(t)[1]
		fresh = must(w.Desire(t.Context(), fresh, glance.State{Label: "fresh"}, w.clock.Now()))(t)
		want := w.row(t, fresh.Key)

		lost := func(name string, r glance.Row) {
			t.Helper()
			got, err := w.Desire(t.Context(), r, glance.State{Label: "stale"}, w.clock.Now())
			if !errors.Is(err, glance.ErrLeaseLost) || got.Key != r.Key {
				t.Errorf("%s: desire: got %v", name, err)
			}
			r.DesiredRev = 100
			if err := w.Deliver(t.Context(), r); !errors.Is(err, glance.ErrLeaseLost) {
				t.Errorf("%s: deliver: got %v", name, err)
			}
			if err := w.Fail(t.Context(), r, "stale", time.Time{}); !errors.Is(err, glance.ErrLeaseLost) {
				t.Errorf("%s: fail: got %v", name, err)
			}
			check(t, w.Release(t.Context(), r))
		}
		lost("stale", stale)
		none := stale
		none.Lease = ""
		lost("no lease", none)
		if diff := cmp.Diff(want, w.row(t, fresh.Key)); diff != "" {
			t.Errorf("a stale holder changed the row (-want +got):\n%s", diff)
		}
		check(t, w.Deliver(t.Context(), fresh))
		lost("delivered", fresh)
		none.Key = fresh.Key
		lost("free row, no lease", none)
		check(t, w.RemoveConversation(t.Context(), "site", "room"))
		lost("removed", fresh)
	})
}

func TestDeliveredNeverGoesDown(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		w.settle(t, glance.State{Label: "x"})
		w.clock.forward(time.Minute)
		w.configured(t, "site", "room", "ABC")
		row := w.claim(t)[0]
		row.DesiredRev = 1
		check(t, w.Deliver(t.Context(), row))
		if got := w.row(t, row.Key); got.DeliveredRev != 2 || got.DesiredRev != 3 {
			t.Errorf("got delivered %d of %d, want 2 of 3", got.DeliveredRev, got.DesiredRev)
		}
	})
}

func TestFail(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		key := glanceKey("site", "room")
		now := w.clock.Now()
		row := w.claim(t)[1]
		check(t, w.Fail(t.Context(), row, "bad \xff\x00 gateway", now.Add(5*time.Minute)))
		if got := w.row(t, key); got.Attempts != 1 || got.LastError != "bad  gateway" || !got.NextAttempt.Equal(now.Add(5*time.Minute)) || got.Lease != "" {
			t.Errorf("failed: got %+v", got)
		}
		// An event does not shorten the wait.
		must(w.MarkDirty(t.Context(), tenant.ID, "ABC", "", now.Add(time.Second)))(t)
		if got := w.row(t, key); !got.NextAttempt.Equal(now.Add(5 * time.Minute)) {
			t.Errorf("marked while it waits: due %v", got.NextAttempt)
		}
		w.clock.forward(5 * time.Minute)
		rows := w.claim(t)
		row = rows[slices.IndexFunc(rows, func(r glance.Row) bool { return r.Key == key })]
		if row.Attempts != 1 {
			t.Errorf("got %d attempts, want 1", row.Attempts)
		}
		row = must(w.Desire(t.Context(), row, glance.State{Label: "x"}, w.clock.Now()))(t)
		if row.Attempts != 1 {
			t.Errorf("computed, not delivered: got %d attempts, want 1", row.Attempts)
		}
		check(t, w.Deliver(t.Context(), row))
		if got := w.row(t, key); got.Attempts != 0 || got.LastError != "" {
			t.Errorf("delivered: got %+v", got)
		}
	})
}

func TestDesireOfShownStateClearsFailures(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		w.settle(t, glance.State{Label: "x"})
		must(w.MarkDirty(t.Context(), tenant.ID, "", "", w.clock.Now()))(t)
		check(t, w.Fail(t.Context(), w.claim(t)[0], "down", w.clock.Now()))
		row := must(w.Desire(t.Context(), w.claim(t)[0], glance.State{Label: "x"}, w.clock.Now()))(t)
		if row.NeedsPush() || row.Attempts != 0 || row.LastError != "" {
			t.Errorf("got %+v, want nothing to push and no failure", row)
		}
		check(t, w.Release(t.Context(), row))
	})
}

func TestStoppedRow(t *testing.T) {
	for name, restart := range map[string]func(t *testing.T, w *world){
		"configured":  func(t *testing.T, w *world) { w.configured(t, "site", "room", "ABC") },
		"begun":       func(t *testing.T, w *world) { w.begun(t, "site", "room") },
		"reinstalled": func(t *testing.T, w *world) { w.installed(t, "k", "") },
		"enabled": func(t *testing.T, w *world) {
			must(w.SetState(t.Context(), "k", connect.StateDisabled))(t)
			must(w.SetState(t.Context(), "k", connect.StateActive))(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, w *world) {
				tenant := w.installed(t, "k", "site")
				w.begun(t, "site", "room")
				w.configured(t, "site", "room", "ABC")
				rows := w.claim(t)
				check(t, w.Deliver(t.Context(), rows[0]))
				check(t, w.Fail(t.Context(), rows[1], "forbidden", time.Time{}))
				w.clock.forward(time.Hour)
				must(w.MarkDirty(t.Context(), tenant.ID, "", "", w.clock.Now()))(t)
				if n := must(w.MarkOlder(t.Context(), w.clock.Now(), w.clock.Now()))(t); n != 0 {
					t.Errorf("marked %d old, want 0", n)
				}
				if got := w.claim(t); len(got) != 0 {
					t.Errorf("stopped: got %+v", got)
				}
				if next := must(w.NextDue(t.Context()))(t); !next.IsZero() {
					t.Errorf("stopped: next due %v", next)
				}
				restart(t, w)
				rows = w.claim(t)
				if !slices.ContainsFunc(rows, func(r glance.Row) bool { return r.Key == glanceKey("site", "room") && r.Attempts == 0 }) {
					t.Errorf("restarted: got %+v", rows)
				}
			})
		})
	}
}

// TestRestartBeatsWorker restarts a row while a worker holds it: what the
// worker reports from before must not undo that.
func TestRestartBeatsWorker(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		rows := w.claim(t)
		w.configured(t, "site", "room", "ABC")
		check(t, w.Fail(t.Context(), rows[1], "forbidden", time.Time{}))
		check(t, w.Deliver(t.Context(), rows[0]))
		rows = w.claim(t)
		if len(rows) != 2 || rows[1].Attempts != 0 {
			t.Fatalf("configured meanwhile: got %+v, want both due", rows)
		}
		row := must(w.Desire(t.Context(), rows[1], glance.State{Label: "x"}, w.clock.Now()))(t)
		w.begun(t, "site", "room")
		check(t, w.Deliver(t.Context(), row))
		check(t, w.Deliver(t.Context(), rows[0]))
		if rows = w.claim(t); len(rows) != 2 || rows[0].DeliveredRev != 0 || rows[1].DeliveredRev != 0 {
			t.Errorf("installed meanwhile: got %+v, want both pushed again", rows)
		}
	})
}

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
			for _, row := range must(w.Glances(t.Context()))(t) {
				if row.NeedsCompute() {
					got = append(got, row.Key.Cloud+"/"+row.Key.Conversation)
					if !row.NextAttempt.Equal(due) {
						t.Errorf("%s: due %v, want %v", test.project, row.NextAttempt, due)
					}
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s %q (-want +got):\n%s", test.tenant, test.project, diff)
			}
			if next := must(w.NextDue(t.Context()))(t); (test.want != nil) != next.Equal(due) {
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
		row = must(w.Desire(t.Context(), row, glance.State{}, now))(t)
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

func TestClaimOrderAndLimit(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		for i := range 5 {
			room := fmt.Sprintf("r%d", i)
			w.begun(t, "site", room)
			w.configured(t, "site", room, fmt.Sprintf("P%d", i))
		}
		w.settle(t, glance.State{})
		start := w.clock.Now()
		for i := range 5 {
			must(w.MarkDirty(t.Context(), tenant.ID, fmt.Sprintf("P%d", i), "", start.Add(time.Duration(5-i)*time.Second)))(t)
		}
		if got := must(w.NextDue(t.Context()))(t); !got.Equal(start.Add(time.Second)) {
			t.Errorf("next due %v", got)
		}
		now := w.clock.forward(4 * time.Second)
		for _, test := range []struct {
			limit int
			want  []string
		}{{0, nil}, {-1, nil}, {3, []string{"r4", "r3", "r2"}}, {3, []string{"r1"}}, {3, nil}} {
			var got []string
			for _, row := range must(w.Claim(t.Context(), now, now.Add(time.Minute), test.limit))(t) {
				got = append(got, row.Key.Conversation)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("limit %d (-want +got):\n%s", test.limit, diff)
			}
		}
		if got := must(w.NextDue(t.Context()))(t); !got.Equal(start.Add(5 * time.Second)) {
			t.Errorf("leased rows count: next due %v", got)
		}
	})
}

func TestClaimsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		const n = 60
		for i := range n {
			w.begun(t, "site", fmt.Sprintf("r%d", i))
		}
		other := w.again(t, keyOne)
		var wait sync.WaitGroup
		var mu sync.Mutex
		seen := map[glance.Key]int{}
		for i := range 8 {
			s := []*Store{w.Store, other}[i%2]
			wait.Go(func() {
				for {
					rows, err := s.Claim(t.Context(), w.clock.Now(), w.clock.Now().Add(time.Minute), 3)
					if err != nil {
						t.Error(err)
					}
					if len(rows) > 3 {
						t.Errorf("got %d rows, want at most 3", len(rows))
					}
					mu.Lock()
					for _, row := range rows {
						seen[row.Key]++
					}
					done := len(seen) == n
					mu.Unlock()
					// A claim may come back empty while others hold the locks.
					if done || err != nil {
						return
					}
				}
			})
		}
		wait.Wait()
		for key, times := range seen {
			if times != 1 {
				t.Errorf("%s claimed %d times", key.Conversation, times)
			}
		}
		if len(seen) != n {
			t.Errorf("got %d rows, want %d", len(seen), n)
		}
	})
}

func TestUninstalledTenantIsNotClaimed(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		must(w.SetState(t.Context(), "k", connect.StateUninstalled))(t)
		if got := w.claim(t); len(got) != 0 {
			t.Errorf("uninstalled: got %+v", got)
		}
		if next := must(w.NextDue(t.Context()))(t); !next.IsZero() {
			t.Errorf("uninstalled: next due %v", next)
		}
		if got := w.row(t, glanceKey("site", "room")); got.Tenant != string(tenant.ID) || len(got.Config.Projects) != 1 {
			t.Errorf("the row did not stay: %+v", got)
		}
		// The next tenant of the site takes the conversation over.
		next := w.installed(t, "imported", "site")
		rows := w.claim(t)
		if len(rows) != 2 || rows[1].Tenant != string(next.ID) || !rows[1].NeedsCompute() {
			t.Errorf("taken over: got %+v", rows)
		}
	})
}

func TestConversationFindsTenant(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenantOf := func(id string) string {
			t.Helper()
			return must(w.Conversation(t.Context(), "site", id))(t).Tenant
		}
		w.begun(t, "site", "early")
		w.configured(t, "site", "early", "ABC")
		for _, row := range w.claim(t) {
			check(t, w.Fail(t.Context(), row, "no tenant", time.Time{}))
		}
		confluence := install("confluence")
		confluence.ProductType = connect.ProductConfluence
		check(t, w.SetCloudID(t.Context(), must(w.SaveInstall(t.Context(), confluence))(t).ID, "site"))
		if got := tenantOf("early"); got != "" {
			t.Errorf("waiting: got tenant %s", got)
		}
		jira := w.installed(t, "jira", "site")
		if got := tenantOf("early"); got != string(jira.ID) {
			t.Errorf("early: got tenant %q, want %q", got, jira.ID)
		}
		if got := w.claim(t); len(got) != 1 || got[0].Tenant != string(jira.ID) {
			t.Errorf("early: got %+v, want its glance due", got)
		}
		w.begun(t, "site", "late")
		if got := tenantOf("late"); got != string(jira.ID) {
			t.Errorf("late: got tenant %q, want %q", got, jira.ID)
		}
		// A second tenant of the site takes nothing from a living one.
		w.installed(t, "second", "site")
		if got := tenantOf("early"); got != string(jira.ID) {
			t.Errorf("second tenant: got %q, want %q", got, jira.ID)
		}
	})
}

func TestConversationAndTenantAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		for i := range 10 {
			cloud := fmt.Sprintf("site-%d", i)
			tenant := w.installed(t, cloud, "")
			var wait sync.WaitGroup
			wait.Go(func() {
				if err := w.SetCloudID(t.Context(), tenant.ID, connect.CloudID(cloud)); err != nil {
					t.Error(err)
				}
			})
			wait.Go(func() {
				if err := w.SaveConversation(t.Context(), glance.Conversation{Cloud: cloud, ID: "room"}); err != nil {
					t.Error(err)
				}
			})
			wait.Wait()
			if got := must(w.Conversation(t.Context(), connect.CloudID(cloud), "room"))(t); got.Tenant != string(tenant.ID) {
				t.Errorf("%s: got tenant %q, want %q", cloud, got.Tenant, tenant.ID)
			}
		}
	})
}

func TestRemoveConversation(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.begun(t, "site", "other")
		w.configured(t, "site", "room", "ABC")
		for range 2 {
			check(t, w.RemoveConversation(t.Context(), "site", "room"))
		}
		if _, err := w.Conversation(t.Context(), "site", "room"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("got %v, want %v", err, connect.ErrNotFound)
		}
		if got := must(w.Glances(t.Context()))(t); len(got) != 2 || got[0].Key.Conversation != "other" {
			t.Errorf("got %+v, want the other conversation's", got)
		}
		w.begun(t, "site", "room")
		if got := w.row(t, glanceKey("site", "room")); got.Config.Projects != nil || got.DirtyRev != 0 {
			t.Errorf("begun anew: got %+v", got)
		}
		for _, c := range []glance.Conversation{{ID: "room"}, {Cloud: "site"}, {Cloud: "site", ID: "x", Tenant: "nobody"}} {
			if err := w.SaveConversation(t.Context(), c); err == nil {
				t.Errorf("saved %+v", c)
			}
		}
	})
}
