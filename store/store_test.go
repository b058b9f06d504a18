package store

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

func TestSQLitePragmas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite://"+filepath.Join(t.TempDir(), "x.db"))
	w.use(w.within(t, keyOne, Limits{}))
	for name, want := range map[string]string{"journal_mode": "wal", "busy_timeout": "2000", "foreign_keys": "1", "synchronous": "1"} {
		var got, gotRead string
		check(t, w.db.Raw("PRAGMA "+name).Scan(&got).Error)
		check(t, w.read.Raw("PRAGMA "+name).Scan(&gotRead).Error)
		if got != want || gotRead != want {
			t.Errorf("%s: got %s and %s, want %s", name, got, gotRead, want)
		}
	}
	if err := w.read.Exec("DELETE FROM tenants").Error; err == nil {
		t.Error("the readers' pool writes")
	}
}

func TestCanceledContext(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		row := w.claim(t)[0]
		before := w.dump(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for name, call := range w.calls(t, ctx, tenant.ID, row) {
			err := call()
			if !errors.Is(err, context.Canceled) || errors.Is(err, connect.ErrNotFound) || errors.Is(err, glance.ErrLeaseLost) {
				t.Errorf("%s: got %v, want %v", name, err, context.Canceled)
			}
		}
		if diff := cmp.Diff(before, w.dump(t)); diff != "" {
			t.Errorf("the database changed: %s", diff)
		}
	})
}

// calls are the methods of the store, with what a test has prepared.
func (w *world) calls(tb testing.TB, ctx context.Context, tenant connect.TenantID, row glance.Row) map[string]func() error {
	tb.Helper()
	now := w.clock.Now()
	key, item := glanceKey("site", "room"), connect.DashboardItem{Dashboard: "1", Item: "2"}
	return map[string]func() error{
		"TenantByClientKey":     func() error { _, err := w.TenantByClientKey(ctx, "k"); return err },
		"SaveInstall":           func() error { _, err := w.SaveInstall(ctx, install("k2")); return err },
		"SetState":              func() error { _, err := w.SetState(ctx, "k", connect.StateDisabled, time.Time{}); return err },
		"Tenant":                func() error { _, err := w.Tenant(ctx, tenant); return err },
		"TenantByCloudID":       func() error { _, err := w.TenantByCloudID(ctx, "site"); return err },
		"Tenants":               func() error { _, err := w.Store.Tenants.List(ctx); return err },
		"TenantsWithoutCloudID": func() error { _, err := w.TenantsWithoutCloudID(ctx); return err },
		"SetCloudID":            func() error { return w.SetCloudID(ctx, tenant, "other") },
		"Erase":                 func() error { _, err := w.Erase(ctx, now); return err },
		"Rekey":                 func() error { _, err := w.Rekey(ctx); return err },
		"GadgetConfig":          func() error { _, _, err := w.GadgetConfig(ctx, tenant, item); return err },
		"SaveGadgetConfig":      func() error { return w.SaveGadgetConfig(ctx, tenant, item, nil, now) },
		"SaveConversation":      func() error { return w.SaveConversation(ctx, glance.Conversation{Site: "site", ID: "x"}) },
		"Conversation":          func() error { _, err := w.Conversation(ctx, glance.SurfaceChat, "site", "room"); return err },
		"RemoveConversation":    func() error { return w.RemoveConversation(ctx, glance.SurfaceChat, "site", "room", time.Time{}) },
		"Begin":                 func() error { return w.Begin(ctx, glance.Conversation{Site: "site", ID: "x"}, key, key, now) },
		"Configure":             func() error { return w.Configure(ctx, key, key, glance.Config{Projects: []string{"A"}}, now) },
		"MarkDirty":             func() error { _, err := w.MarkDirty(ctx, tenant, "", "d", now); return err },
		"Glance":                func() error { _, err := w.Glance(ctx, key); return err },
		"Glances":               func() error { _, err := w.Store.Glances.List(ctx); return err },
		"Claim":                 func() error { _, err := w.Claim(ctx, wanted(now, 1)); return err },
		"Desire":                func() error { _, err := w.Desire(ctx, row, glance.Desired{}); return err },
		"Deliver":               func() error { return w.Deliver(ctx, row) },
		"Fail": func() error {
			return w.Fail(ctx, row, glance.Failed{Reason: glance.ReasonRefused, Detail: "why", Next: now})
		},
		"Release":   func() error { return w.Release(ctx, row) },
		"NextDue":   func() error { _, err := w.NextDue(ctx, paces()); return err },
		"MarkOlder": func() error { _, err := w.MarkOlder(ctx, now, now); return err },
		"Ready":     func() error { return w.Ready(ctx) },
		"Open": func() error {
			_, err := Open(ctx, Options{URL: w.url, Version: "0.1.0", Keys: ring(tb, keyOne), Limits: Limits{Call: unhurried}})
			return err
		},
	}
}

func TestClosedIsNotAbsent(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		check(t, w.Close())
		if _, err := w.TenantByClientKey(t.Context(), "nobody"); err == nil || errors.Is(err, connect.ErrNotFound) {
			t.Errorf("tenant: got %v, want a failure that is not absence", err)
		}
		if _, err := w.SaveInstall(t.Context(), install("k")); err == nil {
			t.Error("saved into a closed database")
		}
		if err := w.Ready(t.Context()); err == nil {
			t.Error("a closed database is ready")
		}
	})
}
