package store

import (
	"errors"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

// isLate checks that a call was ignored because it came late.
func isLate(t *testing.T, name string, err error) {
	t.Helper()
	if !errors.Is(err, connect.ErrOldEvent) {
		t.Errorf("%s: got %v, want %v", name, err, connect.ErrOldEvent)
	}
}

func TestLateCallsOfConnect(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		noon := w.clock.Now().Truncate(time.Second)
		in := install("k")
		in.IssuedAt = noon
		must(w.SaveInstall(t.Context(), in))(t)
		before := noon.Add(-time.Second)
		_, err := w.SetState(t.Context(), "k", connect.StateUninstalled, before)
		isLate(t, "uninstalled before the install", err)
		old := in
		old.IssuedAt, old.SharedSecret = before, connect.NewSecret("old")
		_, err = w.SaveInstall(t.Context(), old)
		isLate(t, "an older install", err)
		if got := must(w.TenantByClientKey(t.Context(), "k"))(t); got.State != connect.StateActive || got.SharedSecret.Reveal() != "secret of k" {
			t.Errorf("got %+v, want it untouched", got)
		}

		must(w.SetState(t.Context(), "k", connect.StateDisabled, noon))(t)
		_, err = w.SetState(t.Context(), "k", connect.StateActive, before)
		isLate(t, "enabled before it was disabled", err)
		must(w.SetState(t.Context(), "k", connect.StateActive, noon.Add(time.Second)))(t)
		_, err = w.SetState(t.Context(), "k", connect.StateDisabled, noon)
		isLate(t, "disabled before it was enabled", err)

		must(w.SetState(t.Context(), "k", connect.StateUninstalled, noon.Add(2*time.Second)))(t)
		_, err = w.SaveInstall(t.Context(), in)
		isLate(t, "the install that was uninstalled", err)
		in.IssuedAt = noon.Add(3 * time.Second)
		must(w.SaveInstall(t.Context(), in))(t)
		_, err = w.SetState(t.Context(), "k", connect.StateUninstalled, noon.Add(2*time.Second))
		isLate(t, "uninstalled once more", err)
		if got := must(w.TenantByClientKey(t.Context(), "k"))(t); got.State != connect.StateActive || got.SharedSecret.IsZero() {
			t.Errorf("got %+v, want it active", got)
		}
		if _, err := w.SetState(t.Context(), "nobody", connect.StateUninstalled, noon); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("unknown: got %v, want %v", err, connect.ErrNotFound)
		}
	})
}

func TestLateUninstallOfForge(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		noon := w.clock.Now().Truncate(time.Second)
		in := w.called("one", "site")
		in.InstalledAt = noon
		must(w.SaveForgeInstall(t.Context(), in))(t)
		in.InstalledAt = time.Time{} // a call of another kind
		must(w.SaveForgeInstall(t.Context(), in))(t)
		_, err := w.UninstallForge(t.Context(), in.ID, noon.Add(-time.Second))
		isLate(t, "before the upgrade", err)
		got, _, err := w.ForgeTenant(t.Context(), in.ID)
		check(t, err)
		if _, _, err := w.ForgeToken(t.Context(), got.ID); err != nil || got.State != connect.StateActive {
			t.Errorf("got %s, %v, want it active with its token", got.State, err)
		}
		if got := must(w.UninstallForge(t.Context(), in.ID, noon))(t); got.State != connect.StateUninstalled {
			t.Errorf("got %s, want it uninstalled", got.State)
		}
	})
}

func TestLateEventsOfAConversation(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		noon := w.clock.Now().Truncate(time.Second)
		begin := func(at time.Time) {
			t.Helper()
			c := glance.Conversation{Site: "site", ID: "room", Since: at}
			check(t, w.Begin(t.Context(), c, glanceKey("site", "room"), setupKey("site", "room"), w.clock.Now()))
		}
		stop := func(at time.Time) error {
			return w.StopConversation(t.Context(), glance.SurfaceChat, "site", "room", glance.ReasonArchived, at)
		}
		resume := func(at time.Time) error {
			return w.ResumeConversation(t.Context(), glance.SurfaceChat, "site", "room", at)
		}
		stopped := func(name string, want bool) {
			t.Helper()
			rows := must(w.Store.Glances.List(t.Context()))(t)
			if len(rows) == 0 || rows[0].Stopped != want {
				t.Errorf("%s: got %+v, want it stopped: %v", name, rows, want)
			}
		}
		begin(noon)
		isLate(t, "archived before", stop(noon.Add(-time.Second)))
		stopped("archived before", false)
		check(t, stop(noon.Add(5*time.Second)))
		isLate(t, "brought back before", resume(noon.Add(4*time.Second)))
		stopped("brought back before", true)
		check(t, resume(noon.Add(6*time.Second)))
		isLate(t, "archived, again", stop(noon.Add(5*time.Second)))
		stopped("archived, again", false)
		begin(noon.Add(10 * time.Second))
		isLate(t, "left before", w.RemoveConversation(t.Context(), glance.SurfaceChat, "site", "room", noon.Add(9*time.Second)))
		stopped("left before", false)
		check(t, w.RemoveConversation(t.Context(), glance.SurfaceSlack, "site", "room", noon.Add(11*time.Second)))
		stopped("left on another chat", false)
		check(t, w.RemoveConversation(t.Context(), glance.SurfaceChat, "site", "room", noon.Add(11*time.Second)))
		check(t, w.RemoveConversation(t.Context(), glance.SurfaceChat, "site", "room", noon.Add(11*time.Second)))
		if rows := must(w.Store.Glances.List(t.Context()))(t); len(rows) != 0 {
			t.Errorf("left: got %+v", rows)
		}
	})
}

func TestLateEventsOfSlack(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "")
		check(t, w.SaveSlackInstall(t.Context(), workspace(tenant.ID)))
		first := w.clock.Now().Truncate(time.Second)
		w.clock.forward(time.Minute)
		check(t, w.SaveSlackInstall(t.Context(), workspace(tenant.ID))) // added again
		w.setUpChannel(t, tenant.ID, "C1")
		isLate(t, "uninstalled", w.RemoveSlackInstall(t.Context(), "T1", first))
		isLate(t, "revoked", w.RevokeSlackToken(t.Context(), "T1", first))
		got := must(w.SlackInstall(t.Context(), "T1"))(t)
		if got.Token.IsZero() || !got.InstalledAt.Equal(w.clock.Now()) || got.AppID != "A1" {
			t.Errorf("got %+v, want it whole", got)
		}
		if rows := w.claimed(t); len(rows) != 2 {
			t.Errorf("got %d rows to work on, want 2", len(rows))
		}
		check(t, w.RevokeSlackToken(t.Context(), "T1", w.clock.Now().Truncate(time.Second)))
		if got := must(w.SlackTeam(t.Context(), "T1"))(t); got.Stopped != glance.ReasonRevoked {
			t.Errorf("got %+v, want it revoked", got)
		}
	})
}

// newest is the installation whose token a tenant uses, "" if it is uninstalled.
func (w *world) newest(t *testing.T, tenant connect.TenantID) string {
	t.Helper()
	got := must(w.Tenants.Tenant(t.Context(), tenant))(t)
	if got.State != connect.StateActive {
		return ""
	}
	return string(got.ForgeInstallation)
}

// Both calls of an unknown older installation, that it was installed and that it
// goes, may come after those of a newer one, and before the newer one is in use.
func TestLateLifeOfAnOlderInstallation(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		noon := w.clock.Now().Truncate(time.Second)
		newer := w.called("newer", "acme")
		newer.InstalledAt = noon
		tenant := w.saved(t, newer).ID
		w.clock.forward(time.Second)
		for name, told := range map[string]time.Time{"as old as it is": noon.Add(-time.Minute), "sent anew": noon.Add(time.Minute)} {
			older := w.called(name, "acme")
			older.InstalledAt = told
			w.saved(t, older)
			if got, want := w.newest(t, tenant), name; told.Before(noon) && got == want {
				t.Errorf("%s: it is the newest", name)
			}
			if told.Before(noon) { // its hourly call was under way, too
				tick := older
				tick.InstalledAt, tick.InUse = time.Time{}, true
				w.saved(t, tick)
			}
			w.clock.forward(time.Second)
			must(w.UninstallForge(t.Context(), older.ID, told.Add(time.Second)))(t)
			if got := w.newest(t, tenant); got != "newer" || w.token(t, tenant) != "token of newer" {
				t.Errorf("%s: got %q with the %s, want the newer one", name, got, w.token(t, tenant))
			}
			// An event that comes even later makes it no newer.
			older.InstalledAt = time.Time{}
			w.saved(t, older)
			if got := w.newest(t, tenant); got != "newer" {
				t.Errorf("%s: after another event: got %q", name, got)
			}
		}
		must(w.UninstallForge(t.Context(), "newer", noon.Add(time.Hour)))(t)
		if got := w.newest(t, tenant); got != "" {
			t.Errorf("the last one goes: got %q", got)
		}
	})
}

// The end of an installation in use is the end of its tenant, and so is that of one
// whose forerunner was silent: its own end was not told.
func TestEndOfTheNewestInstallation(t *testing.T) {
	for name, use := range map[string]bool{"in use": true, "after a silent one": false} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, w *world) {
				tenant := w.saved(t, w.called("forerunner", "acme")).ID
				if !use {
					w.clock.forward(3 * time.Hour)
				}
				w.clock.forward(time.Second)
				in := w.called("newest", "acme")
				w.saved(t, in)
				in.InUse = use
				w.saved(t, in)
				must(w.UninstallForge(t.Context(), "newest", w.clock.Now()))(t)
				if got := w.newest(t, tenant); got != "" || w.token(t, tenant) != "none" {
					t.Errorf("got %q, want it uninstalled", got)
				}
				// Installed again under the same id it is the newest again, and the
				// only one.
				in.InUse, in.InstalledAt = false, w.clock.forward(time.Second)
				w.saved(t, in)
				if got := w.newest(t, tenant); got != "newest" || w.token(t, tenant) != "token of newest" {
					t.Errorf("installed again: got %q with the %s", got, w.token(t, tenant))
				}
				must(w.UninstallForge(t.Context(), "newest", w.clock.Now()))(t)
				if got := w.newest(t, tenant); got != "" {
					t.Errorf("gone again: got %q", got)
				}
			})
		})
	}
}

// Connect's end is not the end of a tenant that Forge calls, but of Connect's
// secret and sessions.
func TestConnectEndsOnForge(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "acme")
		w.saved(t, w.called("one", "acme"))
		secretLeft := func() bool { return must(w.OnConnect(t.Context()))(t)[tenant.ID] }
		got := must(w.SetState(t.Context(), "k", connect.StateUninstalled, time.Time{}))(t)
		if got.State != connect.StateActive || got.Generation != tenant.Generation+1 || secretLeft() || w.token(t, tenant.ID) != "token of one" {
			t.Errorf("got %+v, its secret is left %t", got, secretLeft())
		}

		w.installed(t, "k", "acme")
		in := w.called("one", "acme")
		w.saved(t, in)
		if !secretLeft() {
			t.Error("a call of Forge ends Connect, which is on")
		}
		in.ConnectOver = true
		if got := w.saved(t, in); got.State != connect.StateActive || secretLeft() || got.BaseURL != in.APIBaseURL {
			t.Errorf("Connect is over: got %+v, its secret is left %t", got, secretLeft())
		}

		w.installed(t, "k", "acme")
		w.clock.forward(3 * time.Hour)
		if got := must(w.SetState(t.Context(), "k", connect.StateUninstalled, time.Time{}))(t); got.State != connect.StateUninstalled {
			t.Errorf("silent on Forge: got %+v, want it uninstalled", got)
		}
	})
}
