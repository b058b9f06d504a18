package store

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

var noLease = cmpopts.IgnoreFields(glance.Row{}, "Lease", "LeaseUntil")

func TestBeginAndConfigure(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		at := w.clock.Now()
		w.begun(t, "site", "room")
		setup := glance.Row{Key: setupKey("site", "room"), Tenant: string(tenant.ID), DesiredRev: 1, NextAttempt: at, Urgent: true}
		shows := glance.Row{Key: glanceKey("site", "room"), Tenant: string(tenant.ID), NextAttempt: at, Urgent: true}
		if diff := cmp.Diff([]glance.Row{setup, shows}, must(w.Store.Glances.List(t.Context()))(t)); diff != "" {
			t.Errorf("begun (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]glance.Row{setup}, w.claim(t), noLease); diff != "" {
			t.Errorf("due at first (-want +got):\n%s", diff)
		}

		later := w.clock.forward(2 * time.Minute)
		w.configured(t, "site", "room", "ABC", "D_F")
		setup.Desired, setup.DesiredAt, setup.DesiredRev, setup.NextAttempt = glance.State{Configured: true}, later, 2, later
		shows.Config = glance.Config{Projects: []string{"ABC", "D_F"}, Window: 14, Zone: "Europe/Berlin"}
		shows.DirtyRev, shows.DirtyAt, shows.NextAttempt = 1, later, later
		if diff := cmp.Diff([]glance.Row{setup, shows}, must(w.Store.Glances.List(t.Context()))(t), noLease); diff != "" {
			t.Errorf("configured (-want +got):\n%s", diff)
		}

		w.settle(t, glance.State{Label: "12 open", Numbers: glance.Numbers{Open: 12, Overdue: 3, DueSoon: 2, Unassigned: 1}})
		shows.Desired = glance.State{Label: "12 open", Numbers: glance.Numbers{Open: 12, Overdue: 3, DueSoon: 2, Unassigned: 1}}
		shows.ComputedRev, shows.DesiredRev, shows.DeliveredRev, shows.DesiredAt = 1, 1, 1, later
		setup.DeliveredRev, setup.Urgent, shows.Urgent = 2, false, false
		if diff := cmp.Diff([]glance.Row{setup, shows}, must(w.Store.Glances.List(t.Context()))(t)); diff != "" {
			t.Errorf("settled (-want +got):\n%s", diff)
		}
		if got := w.claim(t); len(got) != 0 {
			t.Errorf("due when settled: got %+v", got)
		}

		// Installed again: the configuration is kept, both are pushed again.
		again := w.clock.forward(time.Minute)
		w.begun(t, "site", "room")
		setup.DeliveredRev, setup.NextAttempt, shows.DeliveredRev, shows.NextAttempt = 0, again, 0, again
		setup.Urgent, shows.Urgent = true, true
		if diff := cmp.Diff([]glance.Row{setup, shows}, w.claim(t), noLease); diff != "" {
			t.Errorf("begun again (-want +got):\n%s", diff)
		}
	})
}

func TestConfigureWithoutBegin(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		check(t, w.SaveConversation(t.Context(), glance.Conversation{Site: "site", ID: "room"}))
		if err := w.Configure(t.Context(), glanceKey("site", "room"), setupKey("site", "room"), glance.Config{}, w.clock.Now()); err == nil {
			t.Error("configured without projects")
		}
		if got := must(w.Store.Glances.List(t.Context()))(t); len(got) != 0 {
			t.Errorf("a refused configuration left %+v", got)
		}
		w.configured(t, "site", "room", "ABC")
		if got := w.claim(t); len(got) != 2 || got[0].DesiredRev != 1 || !got[0].Desired.Configured || !got[1].NeedsCompute() {
			t.Errorf("got %+v, want both rows due", got)
		}
	})
}

func TestStoppedRow(t *testing.T) {
	for name, restart := range map[string]func(t *testing.T, w *world){
		"configured":  func(t *testing.T, w *world) { w.configured(t, "site", "room", "ABC") },
		"begun":       func(t *testing.T, w *world) { w.begun(t, "site", "room") },
		"reinstalled": func(t *testing.T, w *world) { w.installed(t, "k", "") },
		"enabled": func(t *testing.T, w *world) {
			must(w.SetState(t.Context(), "k", connect.StateDisabled, time.Time{}))(t)
			must(w.SetState(t.Context(), "k", connect.StateActive, time.Time{}))(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, w *world) {
				tenant := w.installed(t, "k", "site")
				w.begun(t, "site", "room")
				w.configured(t, "site", "room", "ABC")
				rows := w.claim(t)
				check(t, w.Deliver(t.Context(), rows[0]))
				check(t, w.Fail(t.Context(), rows[1], glance.Failed{Reason: glance.ReasonForbidden, Detail: "forbidden"}))
				w.clock.forward(time.Hour)
				must(w.MarkDirty(t.Context(), tenant.ID, "", "", w.clock.Now()))(t)
				if n := must(w.MarkOlder(t.Context(), w.clock.Now(), w.clock.Now()))(t); n != 0 {
					t.Errorf("marked %d old, want 0", n)
				}
				if got := w.claim(t); len(got) != 0 {
					t.Errorf("stopped: got %+v", got)
				}
				if next := must(w.NextDue(t.Context(), paces()))(t); !next.IsZero() {
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
		check(t, w.Fail(t.Context(), rows[1], glance.Failed{Reason: glance.ReasonForbidden, Detail: "forbidden"}))
		check(t, w.Deliver(t.Context(), rows[0]))
		rows = w.claim(t)
		if len(rows) != 2 || rows[1].Attempts != 0 {
			t.Fatalf("configured meanwhile: got %+v, want both due", rows)
		}
		row := w.desire(t, rows[1], glance.State{Label: "x"})
		w.begun(t, "site", "room")
		check(t, w.Deliver(t.Context(), row))
		check(t, w.Deliver(t.Context(), rows[0]))
		if rows = w.claim(t); len(rows) != 2 || rows[0].DeliveredRev != 0 || rows[1].DeliveredRev != 0 {
			t.Errorf("installed meanwhile: got %+v, want both pushed again", rows)
		}
	})
}
