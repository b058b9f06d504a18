package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

func TestUninstalledTenantIsNotClaimed(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		must(w.SetState(t.Context(), "k", connect.StateUninstalled, time.Time{}))(t)
		if got := w.claim(t); len(got) != 0 {
			t.Errorf("uninstalled: got %+v", got)
		}
		if next := must(w.NextDue(t.Context(), paces()))(t); !next.IsZero() {
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
			return must(w.Conversation(t.Context(), glance.SurfaceChat, "site", id))(t).Tenant
		}
		w.begun(t, "site", "early")
		w.configured(t, "site", "early", "ABC")
		for _, row := range w.claim(t) {
			check(t, w.Fail(t.Context(), row, glance.Failed{Reason: glance.ReasonNoTenant, Detail: "no tenant"}))
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
				if err := w.SaveConversation(t.Context(), glance.Conversation{Site: cloud, ID: "room"}); err != nil {
					t.Error(err)
				}
			})
			wait.Wait()
			if got := must(w.Conversation(t.Context(), glance.SurfaceChat, cloud, "room"))(t); got.Tenant != string(tenant.ID) {
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
			check(t, w.RemoveConversation(t.Context(), glance.SurfaceChat, "site", "room", time.Time{}))
		}
		if _, err := w.Conversation(t.Context(), glance.SurfaceChat, "site", "room"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("got %v, want %v", err, connect.ErrNotFound)
		}
		if got := must(w.Store.Glances.List(t.Context()))(t); len(got) != 2 || got[0].Key.Conversation != "other" {
			t.Errorf("got %+v, want the other conversation's", got)
		}
		w.begun(t, "site", "room")
		if got := w.row(t, glanceKey("site", "room")); got.Config.Projects != nil || got.DirtyRev != 0 {
			t.Errorf("begun anew: got %+v", got)
		}
		for _, c := range []glance.Conversation{{ID: "room"}, {Site: "site"}, {Site: "site", ID: "x", Tenant: "nobody"}} {
			if err := w.SaveConversation(t.Context(), c); err == nil {
				t.Errorf("saved %+v", c)
			}
		}
	})
}
