package forge

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
)

func unchanged(harness.Claims) {}

func installation(id string) func(harness.Claims) {
	return func(c harness.Claims) { c.Install(id) }
}

// lifecycle sends the event that the app was installed, and answers with the
// status.
func lifecycle(t *testing.T, f harness.Forge, system string, change func(harness.Claims)) int {
	t.Helper()
	return f.Send(t, "", forge.EndpointLifecycle, forge.PathLifecycle, system, change).Status
}

// uninstalls sends the call before an installation goes.
func uninstalls(t *testing.T, f harness.Forge, change func(harness.Claims)) int {
	t.Helper()
	return f.Send(t, "", forge.EndpointUninstall, forge.PathUninstall, "", change).Status
}

// wants compares the statuses of answers.
func wants(t *testing.T, want int, got ...int) {
	t.Helper()
	for i, status := range got {
		if status != want {
			t.Errorf("answer %d: got %d, want %d", i, status, want)
		}
	}
}

// TestForgeSiteRenamed: a site under a new address is the same tenant.
func TestForgeSiteRenamed(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		hub := connecttest.NewSite(t) // the API stays where it is
		site := connecttest.NewSite(t, connecttest.Options{Forge: hub})
		w, f := onForgeOf(t, site, database, harness.OnForge(hub))
		renamed := strings.Replace(site.URL(), "127.0.0.1", "localhost", 1)
		if err := site.SetBaseURL(renamed); err != nil {
			t.Fatal(err)
		}
		w.works(t, f, "renamed")
		harness.Eventually(t, "the new address is known", func() bool {
			f.View(t, w.owner, "workload")
			return w.OnlyTenant(t).DisplayURL == renamed
		})
	})
}

// TestForgeReinstalled: the app under a new installation is the same tenant,
// whether the call before the old one went has arrived or not.
func TestForgeReinstalled(t *testing.T) {
	t.Parallel()
	for name, told := range map[string]bool{"told": true, "not told": false} {
		t.Run(name, func(t *testing.T) {
			harness.OnEachDatabase(t, func(t *testing.T, database string) {
				w, f := onForge(t, database)
				if !told {
					w.Stop()
				}
				if _, err := f.Site.UninstallForge(t.Context(), f.App.AppID); err != nil {
					t.Fatal(err)
				}
				if !told {
					w.Restart(t)
				} else if got := w.OnlyTenant(t); got.State != connect.StateUninstalled {
					t.Errorf("uninstalled: got %+v", got)
				}
				again := w.InstallForge(t, forge.StageForge, "")
				if again.App.InstallationID == f.App.InstallationID {
					t.Fatal("the installation has the same id")
				}
				again.Configure(t, "workload", w.project) // Jira has dropped the gadget
				w.works(t, again, "reinstalled")
			})
		})
	}
}

// TestForgeCallBeforeInstalled: whichever call comes first makes the tenant.
func TestForgeCallBeforeInstalled(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]func(t *testing.T, f harness.Forge) int{
		"a page": func(t *testing.T, f harness.Forge) int {
			return f.Call(t, f.Dashboard.Owner, "workload", "?entry=view").Status
		},
		"an event": func(t *testing.T, f harness.Forge) int {
			return f.Send(t, "", forge.EndpointEvents, forge.PathEvents, "", unchanged).Status / 204 * 200
		},
		"a tick": func(t *testing.T, f harness.Forge) int {
			if _, err := f.Site.ForgeTick(t.Context(), ""); err != nil {
				t.Error(err)
			}
			return http.StatusOK
		},
	} {
		t.Run(name, func(t *testing.T) {
			harness.OnEachDatabase(t, func(t *testing.T, database string) {
				site := connecttest.NewSite(t)
				w := &watched{Running: harness.Start(t, site, harness.OnForge(site), harness.WithoutConnect, harness.On(database))}
				f := w.InstallForgeQuietly(t)
				wants(t, http.StatusOK, first(t, f))
				before := w.OnlyTenant(t)
				wants(t, http.StatusNoContent, lifecycle(t, f, "", unchanged))
				w.settle(t, f)
				w.works(t, f, "installed")
				if w.tenant != before.ID {
					t.Errorf("got tenant %s after %s", w.tenant, before.ID)
				}
			})
		})
	}
}

// TestForgeInstalledTwice: once more is an upgrade, and an event that is sent
// again changes nothing.
func TestForgeInstalledTwice(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		w, f := onForge(t, database)
		again := w.InstallForge(t, forge.StageForge, "")
		wants(t, http.StatusNoContent, again.App.Status, lifecycle(t, f, "", unchanged), lifecycle(t, f, "", unchanged))
		w.works(t, f, "installed twice")
		if got := w.OnlyTenant(t); got.Generation != 1 {
			t.Errorf("got generation %d: sessions ended", got.Generation)
		}
	})
}

// TestForgeOutOfOrder: what comes late about an older installation takes
// nothing from the newer one.
func TestForgeOutOfOrder(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		w, f := onForge(t, database)
		if _, err := f.Site.UninstallForge(t.Context(), f.App.AppID); err != nil {
			t.Fatal(err)
		}
		again := w.InstallForge(t, forge.StageForge, "")
		again.Configure(t, "workload", w.project)
		older := installation(f.App.InstallationID)
		const unknown = "ari:cloud:ecosystem::installation/5b4b0d1e-0000-4000-8000-000000000001"
		// A token that ends later than the newest installation's.
		later := harness.OAuthToken(t, "old", 4*time.Hour+time.Minute)
		wants(t, http.StatusNoContent,
			lifecycle(t, again, later, older), uninstalls(t, again, older),
			lifecycle(t, again, later, installation(unknown)), uninstalls(t, again, installation(unknown)))
		w.isOne(t, "after late calls")
		w.works(t, again, "out of order")
		token, _, err := w.Store.Forge.ForgeToken(t.Context(), w.tenant)
		if got := w.OnlyTenant(t); err != nil || token.Reveal() == later || string(got.ForgeInstallation) != again.App.InstallationID {
			t.Errorf("got %+v and the token of the older installation %t, %v", got, token.Reveal() == later, err)
		}
	})
}

// TestForgeInstalledAfterUninstall: the same installation may come back.
func TestForgeInstalledAfterUninstall(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		w, f := onForge(t, database)
		wants(t, http.StatusNoContent, uninstalls(t, f, unchanged))
		if got := w.OnlyTenant(t); got.State != connect.StateUninstalled {
			t.Errorf("uninstalled: got %+v", got)
		}
		if got := f.Send(t, w.owner, forge.GadgetKey("workload"), forge.PathPages+forge.GadgetKey("workload")+"/view", "", unchanged); got.Status != http.StatusUnauthorized {
			t.Errorf("a page after it: got %+v", got)
		}
		if _, err := w.Site.ForgeTick(t.Context(), ""); err == nil {
			t.Error("a late tick revives the tenant")
		}
		wants(t, http.StatusNoContent, f.InstalledAgain(t))
		w.works(t, f, "installed again")
	})
}

// TestForgeOtherSite: an installation that comes with another cloud id than
// before is refused, and changes neither tenant.
func TestForgeOtherSite(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		s := sideBySide(t, database)
		before := s.tenants(t)
		move := func(c harness.Claims) { c.Install(s.one.App.InstallationID) }
		system := harness.OAuthToken(t, "moved", 4*time.Hour+time.Minute)
		module := forge.GadgetKey("workload")
		wants(t, http.StatusForbidden,
			lifecycle(t, s.two, system, move), uninstalls(t, s.two, move),
			s.two.Send(t, "", forge.EndpointTick, forge.PathTick, system, move).Status,
			s.two.Send(t, "", forge.EndpointEvents, forge.PathEvents, system, move).Status,
			s.two.Send(t, s.two.Dashboard.Owner, module, forge.PathPages+module+"/view", system, move).Status)
		if diff := cmp.Diff(before, s.tenants(t), cmp.Comparer(func(a, b connect.Secret) bool { return a.Reveal() == b.Reveal() })); diff != "" {
			t.Errorf("tenants (-want +got):\n%s", diff)
		}
	})
}

// TestForgeDevelopment: what is installed in development is a tenant of its own,
// where it is served at all.
func TestForgeDevelopment(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		w, f := onForge(t, database)
		development := connecttest.ForgeInstall{Source: connecttest.ForgeSource{Dir: f.Folder}, Environment: "DEVELOPMENT"}
		refused, err := w.Site.InstallForge(t.Context(), development)
		if err != nil || refused.Status != http.StatusForbidden {
			t.Errorf("not served: got %+v, %v", refused, err)
		}
		w.isOne(t, "refused")

		w.Restart(t, func(f *app.ServeFlags) { f.ForgeFlags.Environments = "PRODUCTION,DEVELOPMENT" })
		allowed, err := w.Site.InstallForge(t.Context(), development)
		if err != nil || allowed.Status != http.StatusNoContent {
			t.Fatalf("served: got %+v, %v", allowed, err)
		}
		tenants, err := w.Store.Tenants.List(t.Context())
		if err != nil || len(tenants) != 2 || tenants[0].ID != w.tenant || tenants[1].Environment == tenants[0].Environment {
			t.Fatalf("got %+v, %v", tenants, err)
		}
		own, _, err := w.Store.Forge.ForgeToken(t.Context(), tenants[1].ID)
		production, _, wrong := w.Store.Forge.ForgeToken(t.Context(), w.tenant)
		if err != nil || wrong != nil || own.Reveal() == production.Reveal() {
			t.Errorf("tokens: %v, %v, the same %t", err, wrong, own.Reveal() == production.Reveal())
		}
		rows, err := w.Store.Glances.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if row.Tenant != string(w.tenant) {
				t.Errorf("a room belongs to %s", row.Tenant)
			}
		}
		// Its end is not production's.
		if _, err := w.Site.UninstallForge(t.Context(), allowed.InstallationID); err != nil {
			t.Fatal(err)
		}
		w.FinishOneIssue(t, w.owner, w.project)
		w.open--
		w.WaitForLabel(t, w.room.ID, open(w.open))
		if after, err := w.Store.Tenants.Tenant(t.Context(), tenants[1].ID); err != nil || after.State != connect.StateUninstalled {
			t.Errorf("development: got %+v, %v", after, err)
		}
	})
}
