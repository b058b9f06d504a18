package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

// works reports whether a tenant's only room gets worked on now.
func (w *world) works(t *testing.T) bool {
	t.Helper()
	rows := must(w.Claim(t.Context(), wanted(w.clock.Now(), 10)))(t)
	for _, row := range rows {
		check(t, w.Release(t.Context(), row))
	}
	return len(rows) > 0
}

// configuredRoom sets up the only room of acme.
func (w *world) configuredRoom(t *testing.T) {
	t.Helper()
	w.begun(t, "acme", "room")
	w.configured(t, "acme", "room", "HARB")
}

// The background work of a tenant that is gone stops at the moment at which
// ForgeStatus.Gone says so, and resumes with a verified call.
func TestGoneRests(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		start := w.clock.Now()
		tenant := w.saved(t, w.called("one", "acme"))
		w.configuredRoom(t)
		w.clock.forward(time.Second)
		for _, step := range []struct {
			after   time.Duration
			refused bool
		}{
			{time.Hour, true},
			{2*time.Hour - time.Millisecond, true},
			{2 * time.Hour, true},
			{3*time.Hour - time.Millisecond, false}, // refused for longer than an hour, and not yet silent
			{3 * time.Hour, false},
		} {
			w.clock.forward(start.Add(step.after).Sub(w.clock.Now()))
			if step.refused {
				check(t, w.ForgeRefused(t.Context(), tenant.ID))
			}
			now := w.clock.Now()
			_, status, err := w.ForgeTenant(t.Context(), "one")
			check(t, err)
			due := must(w.NextDue(t.Context(), wanted(now, 1).Paces))(t)
			if got, want := w.works(t), !status.Gone(now); got != want || due.IsZero() == want {
				t.Errorf("after %s: claimed %t, next due %s, want claimed %t", step.after, got, due, want)
			}
		}
		row, ok, err := w.ClaimKey(t.Context(), glanceKey("acme", "room"), wanted(w.clock.Now(), 1))
		if ok || err != nil || row.Key.Site != "acme" {
			t.Errorf("while somebody waits: got %v, %+v, %v", ok, row.Key, err)
		}
		if n := must(w.MarkOlder(t.Context(), w.clock.Now(), w.clock.Now()))(t); n != 0 {
			t.Errorf("%d rechecks while gone", n)
		}
		in := w.called("one", "acme")
		in.Tick = true
		w.saved(t, in)
		if !w.works(t) {
			t.Error("a verified call does not resume the work")
		}
	})
}

// Silent alone, or refused alone, is not gone; the newest installation counts.
func TestNotGone(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		old := w.saved(t, w.called("old", "acme"))
		w.configuredRoom(t)
		for range 3 {
			check(t, w.ForgeRefused(t.Context(), old.ID))
			w.clock.forward(time.Hour)
		}
		if w.works(t) {
			t.Error("gone, and worked on")
		}
		w.saved(t, w.called("new", "acme"))
		w.clock.forward(4 * time.Hour)
		if !w.works(t) {
			t.Error("silent without refusals: not worked on")
		}
	})
}

// A disabled tenant rests until it is enabled.
func TestDisabledRests(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "key", "acme")
		w.configuredRoom(t)
		w.clock.forward(time.Second)
		for _, step := range []struct {
			state connect.State
			want  bool
		}{{connect.StateDisabled, false}, {connect.StateActive, true}, {connect.StateUninstalled, false}} {
			must(w.SetState(t.Context(), "key", step.state, time.Time{}))(t)
			if got := w.works(t); got != step.want {
				t.Errorf("%s: claimed %t, want %t", step.state, got, step.want)
			}
		}
	})
}

// A verified call restarts the rows of a tenant only if they stood still: what
// failed keeps its wait.
func TestCallsLetFailuresWait(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.saved(t, w.called("one", "acme"))
		w.configuredRoom(t)
		w.clock.forward(time.Second)
		fail := func() {
			t.Helper()
			for _, row := range must(w.Claim(t.Context(), wanted(w.clock.Now(), 10)))(t) {
				check(t, w.Fail(t.Context(), row, glance.Failed{Reason: glance.ReasonJira, Detail: "busy", Next: w.clock.Now().Add(10 * time.Hour)}))
			}
		}
		fail()
		for i, step := range []struct {
			after time.Duration
			token bool
			want  bool
		}{
			{time.Minute, true, false},
			{4 * time.Hour, false, false}, // the token has expired, and there is no other
			{time.Minute, true, true},
		} {
			w.clock.forward(step.after)
			in := w.called("one", "acme")
			in.SystemExpires = in.SystemExpires.Add(time.Duration(i) * time.Second)
			if !step.token {
				in.SystemToken = connect.Secret{}
			}
			w.saved(t, in)
			if got := w.works(t); got != step.want {
				t.Errorf("%s: claimed %t, want %t", fmt.Sprint(step), got, step.want)
			}
		}
	})
}

// The event that an older installation was installed may come after a newer one
// is known. The next page or hourly call shows which one is in use.
func TestLateInstalled(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		in := w.called("new", "acme")
		tenant := w.saved(t, in)
		w.clock.forward(time.Second)
		w.saved(t, w.called("old", "acme"))
		w.clock.forward(time.Second)
		w.saved(t, in) // an event: it may be late as well
		if got := w.token(t, tenant.ID); got != "token of old" {
			t.Errorf("after the late event: got the %s", got)
		}
		in.InUse = true
		if got := w.saved(t, in); got.ID != tenant.ID || got.ForgeInstallation != "new" {
			t.Errorf("got %+v", got)
		}
		if got := w.token(t, tenant.ID); got != "token of new" {
			t.Errorf("after a page's call: got the %s", got)
		}
		if got := must(w.UninstallForge(t.Context(), "old", time.Time{}))(t); got.State != connect.StateActive || w.token(t, tenant.ID) != "token of new" {
			t.Errorf("the old one goes: got %+v", got)
		}
	})
}
