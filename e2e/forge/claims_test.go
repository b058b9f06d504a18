package forge

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/onsite"
)

// installWith is an app installed as Forge may do it.
func installWith(t *testing.T, r *harness.Running, how connecttest.ForgeInstall) harness.Forge {
	t.Helper()
	f := harness.Forge{Running: r, Folder: r.WriteManifest(t, forge.StageForge, "")}
	how.Source.Dir = f.Folder
	var err error
	if f.App, err = r.Site.InstallForge(t.Context(), how); err != nil {
		t.Fatal(err)
	}
	f.Dashboard = r.Site.Objects().Dashboards[0]
	wants(t, http.StatusNoContent, f.App.Status)
	return f
}

// TestForgeWithoutContexts: invocation tokens need not say in which contexts the
// app is installed. Everything works without.
func TestForgeWithoutContexts(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		site := connecttest.NewSite(t)
		w := &watched{Running: harness.Start(t, site, harness.OnForge(site), harness.WithoutConnect, harness.On(database))}
		f := installWith(t, w.Running, connecttest.ForgeInstall{NoContexts: true})
		if claims, err := site.ForgeClaims(f.App.AppID, forge.EndpointTick, ""); err != nil || harness.Claims(claims).In("app", "installation")["contexts"] != nil || claims["context"] != nil {
			t.Fatalf("the site's tokens have contexts: %v, %v", claims, err)
		}
		if got := w.OnlyTenant(t); string(got.CloudID) != site.CloudID() {
			t.Errorf("got %+v, want the site %s", got, site.CloudID())
		}
		w.settle(t, f)
		w.works(t, f, "without contexts")
		wants(t, http.StatusOK, tick(t, f))
		if _, err := site.UninstallForge(t.Context(), f.App.AppID); err != nil {
			t.Fatal(err)
		}
		if got := w.OnlyTenant(t); got.State != connect.StateUninstalled {
			t.Errorf("uninstalled: got %+v", got)
		}
		again := installWith(t, w.Running, connecttest.ForgeInstall{NoContexts: true})
		again.Configure(t, "workload", w.project)
		w.works(t, again, "reinstalled")
	})
}

// TestForgeLicence: a licence is listed, with whatever it says, and a site whose
// licence has run out is served like any other.
func TestForgeLicence(t *testing.T) {
	t.Parallel()
	for want, licence := range map[string]string{
		"active":     `{"active":true,"type":"COMMERCIAL","modes":["x"],"unheard":{"of":1}}`,
		"evaluation": `{"active":true,"isEvaluation":true,"trialEndDate":"2026-12-31"}`,
		"inactive":   `{"active":false,"subscriptionEndDate":"2020-01-01"}`,
		"-":          "",
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			site := connecttest.NewSite(t)
			w := &watched{Running: harness.Start(t, site, harness.OnForge(site), harness.WithoutConnect)}
			f := installWith(t, w.Running, connecttest.ForgeInstall{License: json.RawMessage(licence)})
			w.settle(t, f)
			w.works(t, f, "licence "+want)
			wants(t, http.StatusOK, tick(t, f))
			if got := w.listed(t)[6]; got != want {
				t.Errorf("listed as %s", got)
			}
		})
	}
}

// TestForgeRoomDialogWithoutToken: on Forge a room's dialog needs a token of the
// person in it, whom Jira may not have seen for hours. They read how to go on, and
// nothing that Jira would show; once they have opened a gadget the dialog is there.
func TestForgeRoomDialogWithoutToken(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Configure(t, "workload", "HARB")
	room := f.Site.Objects().Conversations[0]
	if _, err := f.Site.InstallChat(t.Context(), f.URL+"/atlassian-chat.json", room.ID, onsite.ChatClientID, onsite.ChatClientSecret); err != nil {
		t.Fatal(err)
	}
	member := room.Members[1]
	dialog := func() (int, string) {
		t.Helper()
		address, err := f.Site.ChatPageURL(harness.AppKey, "setup-dialog", room.ID, member)
		if err != nil {
			t.Fatal(err)
		}
		return harness.Fetch(t, harness.NewRequest(t, http.MethodGet, address, nil))
	}
	form := map[string][]string{"projects": {"HARB"}, "window": {"14"}, "zone": {"UTC"}}
	status, page := dialog()
	saved, answer := f.SaveRoom(t, harness.AppKey, room.ID, member, form)
	for name, got := range map[string]string{"dialog": page, "save": answer} {
		if !strings.Contains(got, "gadget") || strings.Contains(got, "HARB") || strings.Contains(got, "<form") {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
	if status != http.StatusForbidden || saved != http.StatusForbidden || f.Shown(t, room.ID).Configured {
		t.Errorf("got %d and %d, the room is set up: %t", status, saved, f.Shown(t, room.ID).Configured)
	}

	f.View(t, member, "workload")
	if status, page := dialog(); status != http.StatusOK || !strings.Contains(page, "HARB") {
		t.Errorf("with a token: %d\n%s", status, page)
	}
	if status, answer := f.SaveRoom(t, harness.AppKey, room.ID, member, form); status != http.StatusOK {
		t.Errorf("saved with a token: %d\n%s", status, answer)
	}
}
