package store

import (
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/quota"
)

func TestErase(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		item := connect.DashboardItem{Dashboard: "1", Item: "2"}
		for _, key := range []string{"old", "recent", "alive"} {
			tenant := w.installed(t, key, "site-"+key)
			w.begun(t, "site-"+key, "room")
			w.configured(t, "site-"+key, "room", "ABC")
			check(t, w.SaveGadgetConfig(t.Context(), tenant.ID, item, []byte(`{"of":"`+key+`"}`), w.clock.Now()))
			must(w.MarkDirty(t.Context(), tenant.ID, "", "delivery-"+key, w.clock.Now()))(t)
			points := quota.Entry{Tenant: string(tenant.ID), Points: map[quota.Purpose]int{quota.Person: 1}, Said: quota.Said{At: w.clock.Now()}}
			must(w.Store.Quota.SharePoints(t.Context(), w.clock.Now(), []quota.Entry{points}))(t)
		}
		old := must(w.SetState(t.Context(), "old", connect.StateUninstalled, time.Time{}))(t)
		edge := w.clock.forward(time.Hour)
		must(w.SetState(t.Context(), "recent", connect.StateUninstalled, time.Time{}))(t)
		if got := must(w.Erase(t.Context(), edge))(t); got != 1 {
			t.Errorf("got %d erased, want 1", got)
		}
		if got := must(w.Erase(t.Context(), edge))(t); got != 0 {
			t.Errorf("again: got %d erased, want 0", got)
		}
		if got := must(w.Store.Tenants.List(t.Context()))(t); len(got) != 2 {
			t.Errorf("got %d tenants, want 2", len(got))
		}
		for _, table := range []string{"connect_installs", "gadget_configs", "deliveries", "quota_points", "quota_said"} {
			var left int
			check(t, w.read.Raw("SELECT count(*) FROM "+table+" WHERE tenant_id = ?", string(old.ID)).Scan(&left).Error)
			if left != 0 {
				t.Errorf("%s: %d rows of the erased tenant left", table, left)
			}
		}
		var deliveries int
		check(t, w.read.Raw("SELECT count(*) FROM deliveries").Scan(&deliveries).Error)
		if deliveries != 0 {
			t.Errorf("got %d old deliveries, want 0", deliveries)
		}
		if got := must(w.Conversation(t.Context(), glance.SurfaceChat, "site-old", "room"))(t); got.Tenant != "" || got.InstalledBy != "ann" {
			t.Errorf("conversation: got %+v", got)
		}
		if got := len(must(w.Store.Glances.List(t.Context()))(t)); got != 4 {
			t.Errorf("got %d glance rows, want 4", got)
		}
		if again := w.installed(t, "old", ""); again.ID == old.ID || again.Generation != 1 {
			t.Errorf("after the erase: got %+v, want a new tenant", again)
		}
	})
}
