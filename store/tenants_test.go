package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

func TestClientKeysAreOpaque(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		keys := []string{"k", "K", " k", "k ", "k'; DROP TABLE tenants; --", "k?@now", "ключ", strings.Repeat("k", 4000)}
		for _, key := range keys {
			w.installed(t, key, "")
		}
		for _, key := range keys {
			got := must(w.TenantByClientKey(t.Context(), connect.ClientKey(key)))(t)
			if got.ClientKey != connect.ClientKey(key) || got.SharedSecret.Reveal() != "secret of "+key {
				t.Errorf("%q: got %+v", key, got)
			}
		}
		if got := must(w.Store.Tenants.List(t.Context()))(t); len(got) != len(keys) {
			t.Errorf("got %d tenants, want %d", len(got), len(keys))
		}
	})
}

func TestNotFound(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "")
		ctx := t.Context()
		for name, call := range map[string]func() error{
			"client key":       func() error { _, err := w.TenantByClientKey(ctx, "nobody"); return err },
			"empty client key": func() error { _, err := w.TenantByClientKey(ctx, ""); return err },
			"tenant":           func() error { _, err := w.Tenant(ctx, "nobody"); return err },
			"cloud id":         func() error { _, err := w.TenantByCloudID(ctx, "nowhere"); return err },
			"empty cloud id":   func() error { _, err := w.TenantByCloudID(ctx, ""); return err },
			"set active":       func() error { _, err := w.SetState(ctx, "nobody", connect.StateActive, time.Time{}); return err },
			"set uninstalled":  func() error { _, err := w.SetState(ctx, "nobody", connect.StateUninstalled, time.Time{}); return err },
			"set cloud id":     func() error { return w.SetCloudID(ctx, "nobody", "site") },
			"gadget":           func() error { _, _, err := w.GadgetConfig(ctx, "nobody", connect.DashboardItem{}); return err },
			"conversation":     func() error { _, err := w.Conversation(ctx, glance.SurfaceChat, "site", "room"); return err },
			"glance":           func() error { _, err := w.Glance(ctx, glanceKey("site", "room")); return err },
			"configure nothing": func() error {
				return w.Configure(ctx, glanceKey("a", "b"), setupKey("a", "b"), glance.Config{Projects: []string{"A"}}, w.clock.Now())
			},
		} {
			if err := call(); !errors.Is(err, connect.ErrNotFound) {
				t.Errorf("%s: got %v, want %v", name, err, connect.ErrNotFound)
			}
		}
		tenant := must(w.TenantByClientKey(ctx, "k"))(t)
		if err := w.SetCloudID(ctx, tenant.ID, ""); err == nil || errors.Is(err, connect.ErrNotFound) {
			t.Errorf("empty cloud id: got %v", err)
		}
		if _, err := w.SetState(ctx, "k", "asleep", time.Time{}); err == nil || errors.Is(err, connect.ErrNotFound) {
			t.Errorf("unknown state: got %v", err)
		}
	})
}

func TestTenantByCloudID(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		confluence := install("confluence")
		confluence.ProductType = connect.ProductConfluence
		check(t, w.SetCloudID(t.Context(), must(w.SaveInstall(t.Context(), confluence))(t).ID, "site"))
		w.installed(t, "old", "site")
		w.clock.forward(time.Hour)
		w.installed(t, "new", "site")
		w.clock.forward(time.Hour)
		w.installed(t, "elsewhere", "other")
		for _, want := range []connect.ClientKey{"new", "old"} {
			if got := must(w.TenantByCloudID(t.Context(), "site"))(t); got.ClientKey != want {
				t.Errorf("got %s, want %s", got.ClientKey, want)
			}
			must(w.SetState(t.Context(), want, connect.StateDisabled, time.Time{}))(t)
		}
		if got, err := w.TenantByCloudID(t.Context(), "site"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("got %+v, %v, want %v", got, err, connect.ErrNotFound)
		}
	})
}

func TestTenantLists(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		for _, key := range []string{"c", "a", "B"} {
			w.installed(t, key, "")
			w.clock.forward(time.Minute)
		}
		w.installed(t, "located", "site")
		must(w.SetState(t.Context(), "a", connect.StateUninstalled, time.Time{}))(t)
		must(w.SetState(t.Context(), "c", connect.StateDisabled, time.Time{}))(t)
		keys := func(list []connect.Tenant) (keys []connect.ClientKey) {
			for _, one := range list {
				keys = append(keys, one.ClientKey)
				if !one.SharedSecret.IsZero() {
					t.Errorf("%s: listed with its secret", one.ClientKey)
				}
			}
			return keys
		}
		if diff := cmp.Diff([]connect.ClientKey{"c", "a", "B", "located"}, keys(must(w.Store.Tenants.List(t.Context()))(t))); diff != "" {
			t.Errorf("all (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]connect.ClientKey{"c", "B"}, keys(must(w.TenantsWithoutCloudID(t.Context()))(t))); diff != "" {
			t.Errorf("without cloud id (-want +got):\n%s", diff)
		}
		among := []connect.TenantID{must(w.TenantByClientKey(t.Context(), "B"))(t).ID, must(w.TenantByClientKey(t.Context(), "located"))(t).ID, "none"}
		if diff := cmp.Diff([]connect.ClientKey{"B"}, keys(must(w.TenantsWithoutCloudID(t.Context(), among...))(t))); diff != "" {
			t.Errorf("without cloud id among some (-want +got):\n%s", diff)
		}
	})
}
