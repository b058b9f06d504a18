package store

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
)

// called is what a verified call of an installation on a site says.
func (w *world) called(id, cloud string) connect.ForgeInstall {
	return connect.ForgeInstall{
		ID: connect.ForgeInstallationID(id), Cloud: connect.CloudID(cloud), Environment: connect.EnvironmentProduction,
		APIBaseURL: "https://api.atlassian.com/ex/jira/" + cloud, SiteURL: "https://" + cloud + ".atlassian.net", Version: "1.0.0",
		SystemToken: connect.NewSecret("token of " + id), SystemExpires: w.clock.Now().Add(3 * time.Hour),
		Linked: true, Revives: true,
	}
}

func (w *world) saved(t *testing.T, in connect.ForgeInstall) *connect.Tenant {
	t.Helper()
	return must(w.SaveForgeInstall(t.Context(), in))(t)
}

// token is the stored system token of a tenant, or why there is none.
func (w *world) token(t *testing.T, id connect.TenantID) string {
	t.Helper()
	token, _, err := w.ForgeToken(t.Context(), id)
	switch {
	case errors.Is(err, connect.ErrNotFound):
		return "none"
	case err != nil:
		t.Fatal(err)
	}
	return token.Reveal()
}

func TestForgeInstall(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		in := w.called("one", "acme")
		in.License = &connect.ForgeLicense{Active: true, Type: "COMMERCIAL"}
		first := w.saved(t, in)
		want := &connect.Tenant{
			ID: first.ID, Product: connect.ProductJira, CloudID: "acme", BaseURL: in.APIBaseURL, DisplayURL: in.SiteURL,
			State: connect.StateActive, ForgeInstallation: "one", APIBaseURL: in.APIBaseURL, Environment: "PRODUCTION",
			Generation: 1, InstalledAt: w.clock.Now(), UpdatedAt: w.clock.Now(),
		}
		if diff := cmp.Diff(want, first, sameSecret); diff != "" {
			t.Errorf("first call (-want +got):\n%s", diff)
		}

		// The site is renamed; a call that says less takes nothing away.
		want.UpdatedAt = w.clock.forward(time.Hour)
		in.SiteURL, in.License, in.Version, in.SystemToken, in.Linked, in.Tick = "https://renamed.atlassian.net", nil, "", connect.Secret{}, false, true
		want.DisplayURL = in.SiteURL
		if diff := cmp.Diff(want, w.saved(t, in), sameSecret); diff != "" {
			t.Errorf("renamed (-want +got):\n%s", diff)
		}
		in.SiteURL = ""
		w.saved(t, in)
		got, status, err := w.ForgeTenant(t.Context(), "one")
		check(t, err)
		if diff := cmp.Diff(want, got, sameSecret); diff != "" {
			t.Errorf("by installation (-want +got):\n%s", diff)
		}
		wantStatus := connect.ForgeStatus{
			ID: "one", Tenant: first.ID, Version: "1.0.0", License: &connect.ForgeLicense{Active: true, Type: "COMMERCIAL"},
			CreatedAt: first.InstalledAt, SeenAt: w.clock.Now(), LastTick: w.clock.Now(), Linked: true,
		}
		if diff := cmp.Diff(wantStatus, status); diff != "" {
			t.Errorf("status (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[connect.TenantID]connect.ForgeStatus{first.ID: wantStatus}, must(w.Statuses(t.Context()))(t)); diff != "" {
			t.Errorf("statuses (-want +got):\n%s", diff)
		}
		if got := must(w.TenantByCloudID(t.Context(), "acme"))(t); got.ID != first.ID {
			t.Errorf("by cloud id: got %v", got.ID)
		}
		if got := w.token(t, first.ID); got != "token of one" {
			t.Errorf("got %q", got)
		}
	})
}

// A tenant is a site and an environment, whatever the installation is called.
func TestForgeTenants(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		acme := w.saved(t, w.called("one", "acme"))
		other := w.saved(t, w.called("two", "other"))
		development := w.called("three", "acme")
		development.Environment = "ari:cloud:ecosystem::environment/x/dev"
		dev := w.saved(t, development)
		w.clock.forward(time.Minute)
		again := w.saved(t, w.called("four", "acme"))
		if again.ID != acme.ID || again.ForgeInstallation != "four" {
			t.Errorf("a new installation on the same site: got %+v", again)
		}
		if other.ID == acme.ID || dev.ID == acme.ID || dev.ID == other.ID {
			t.Errorf("got %s, %s, %s, want three tenants", acme.ID, other.ID, dev.ID)
		}
		if got := len(must(w.Tenants.List(t.Context()))(t)); got != 3 {
			t.Errorf("got %d tenants", got)
		}

		// The older installation's token is not used, even if it ends later.
		late := w.called("one", "acme")
		late.SystemToken, late.SystemExpires = connect.NewSecret("late"), late.SystemExpires.Add(time.Hour)
		w.saved(t, late)
		if got := w.token(t, acme.ID); got != "token of four" {
			t.Errorf("got %q", got)
		}
	})
}

// An installation that comes with another site or environment changes neither
// tenant.
func TestForgeOtherSite(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.saved(t, w.called("one", "acme"))
		w.saved(t, w.called("two", "other"))
		before := must(w.Tenants.List(t.Context()))(t)
		w.clock.forward(time.Minute)
		moved, promoted := w.called("one", "other"), w.called("one", "acme")
		promoted.Environment = "ari:cloud:ecosystem::environment/x/dev"
		for _, in := range []connect.ForgeInstall{moved, promoted} {
			if _, err := w.SaveForgeInstall(t.Context(), in); !errors.Is(err, connect.ErrOtherSite) {
				t.Errorf("got %v", err)
			}
		}
		if diff := cmp.Diff(before, must(w.Tenants.List(t.Context()))(t), sameSecret); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
		for _, in := range []connect.ForgeInstall{{}, {ID: "x"}, {ID: "x", Cloud: "y", Environment: "PRODUCTION"}} {
			if _, err := w.SaveForgeInstall(t.Context(), in); err == nil {
				t.Errorf("saved %+v", in)
			}
		}
	})
}

// A Connect tenant slides over, however Forge's call leads to it.
func TestForgeTakesOver(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		byPayload := install("payload")
		byPayload.InstallationID = "one"
		for key, in := range map[string]connect.Install{"payload": byPayload, "key": install("key"), "cloud": install("cloud")} {
			tenant := must(w.SaveInstall(t.Context(), in))(t)
			call := w.called("forge of "+key, "site of "+key)
			call.SiteURL = "https://browser.example"
			switch key {
			case "payload":
				call.ID = "one"
			case "key":
				call.ClientKey = "key"
			case "cloud":
				check(t, w.SetCloudID(t.Context(), tenant.ID, "site of cloud"))
			}
			got := w.saved(t, call)
			want := *tenant
			want.CloudID, want.ForgeInstallation, want.APIBaseURL = call.Cloud, call.ID, call.APIBaseURL
			if diff := cmp.Diff(&want, got, sameSecret); diff != "" {
				t.Errorf("%s (-want +got):\n%s", key, diff)
			}
			// Connect is gone: Forge's addresses count.
			must(w.SetState(t.Context(), connect.ClientKey(key), connect.StateUninstalled, time.Time{}))(t)
			revived := w.saved(t, call)
			if revived.ID != tenant.ID || revived.BaseURL != call.APIBaseURL || revived.DisplayURL != call.SiteURL || revived.State != connect.StateActive {
				t.Errorf("%s: got %+v", key, revived)
			}
		}

		// A client key of a tenant that is known on another site leads nowhere.
		elsewhere := must(w.SaveInstall(t.Context(), install("elsewhere")))(t)
		check(t, w.SetCloudID(t.Context(), elsewhere.ID, "elsewhere"))
		call := w.called("five", "here")
		call.ClientKey = "elsewhere"
		if got := w.saved(t, call); got.ID == elsewhere.ID {
			t.Error("took over the tenant of another site")
		}
		// Nor does development take over production.
		call = w.called("six", "elsewhere")
		call.Environment = "ari:cloud:ecosystem::environment/x/dev"
		call.ClientKey = "elsewhere"
		if got := w.saved(t, call); got.ID == elsewhere.ID {
			t.Error("development took over production")
		}
	})
}

// The token that ends later stays; none takes nothing away.
func TestForgeTokens(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		in := w.called("one", "acme")
		tenant := w.saved(t, in)
		for _, tt := range []struct {
			token string
			after time.Duration
			want  string
		}{
			{"older", -time.Second, "token of one"},
			{"", time.Hour, "token of one"},
			{"as late", 0, "as late"},
			{"newer", time.Second, "newer"},
		} {
			next := in
			next.SystemToken, next.SystemExpires = connect.NewSecret(tt.token), in.SystemExpires.Add(tt.after)
			w.saved(t, next)
			if got := w.token(t, tenant.ID); got != tt.want {
				t.Errorf("%q: got %q, want %q", tt.token, got, tt.want)
			}
		}
		var stored []byte
		check(t, w.read.Raw("SELECT token FROM forge_tokens").Row().Scan(&stored))
		if strings.Contains(string(stored), "newer") {
			t.Error("the token is not sealed")
		}
		w.use(w.again(t, keyTwo+","+keyOne))
		if n := must(w.Rekey(t.Context()))(t); n != 1 {
			t.Errorf("sealed %d anew, want 1", n)
		}
		w.use(w.again(t, keyTwo))
		if got := w.token(t, tenant.ID); got != "newer" {
			t.Errorf("after rekey: got %q", got)
		}
		// It is sealed for its installation.
		other := w.saved(t, w.called("two", "other"))
		check(t, w.db.Exec(`UPDATE forge_tokens SET token = (SELECT token FROM forge_tokens WHERE installation_id = 'one')
			WHERE installation_id = 'two'`).Error)
		if _, _, err := w.ForgeToken(t.Context(), other.ID); !errors.Is(err, ErrSealed) {
			t.Errorf("the token of another installation: got %v, want %v", err, ErrSealed)
		}
	})
}

// Uninstalled and installed again, also under the same id; what comes late for
// an older installation ends nothing.
func TestForgeUninstall(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		in := w.called("one", "acme")
		tenant := w.saved(t, in)
		gone := must(w.UninstallForge(t.Context(), "one", time.Time{}))(t)
		if gone.State != connect.StateUninstalled || gone.Generation != 2 || !gone.UninstalledAt.Equal(w.clock.Now()) || w.token(t, tenant.ID) != "none" {
			t.Errorf("got %+v", gone)
		}
		in.Revives = false // an event that was under way
		if late := w.saved(t, in); late.State != connect.StateUninstalled || w.token(t, tenant.ID) != "none" {
			t.Errorf("an event: got %+v", late)
		}
		in.Revives = true
		w.clock.forward(time.Minute)
		back := w.saved(t, in)
		if back.ID != tenant.ID || back.State != connect.StateActive || back.Generation != 3 || !back.UninstalledAt.IsZero() || w.token(t, tenant.ID) == "none" {
			t.Errorf("again: got %+v", back)
		}
		w.clock.forward(time.Minute)
		w.saved(t, w.called("two", "acme"))
		if late := must(w.UninstallForge(t.Context(), "one", time.Time{}))(t); late.State != connect.StateActive || w.token(t, tenant.ID) != "token of two" {
			t.Errorf("the older one: got %+v", late)
		}
		if _, err := w.UninstallForge(t.Context(), "unknown", time.Time{}); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("got %v", err)
		}
		must(w.UninstallForge(t.Context(), "two", time.Time{}))(t)
		w.clock.forward(time.Hour)
		if n := must(w.Erase(t.Context(), w.clock.Now()))(t); n != 1 {
			t.Errorf("erased %d", n)
		}
		if _, _, err := w.ForgeTenant(t.Context(), "two"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
}

func TestForgeRefusals(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		in := w.called("one", "acme")
		tenant := w.saved(t, in)
		status := func() connect.ForgeStatus { return must(w.Statuses(t.Context()))(t)[tenant.ID] }
		first := w.clock.forward(3 * time.Hour)
		for range 3 {
			check(t, w.ForgeRefused(t.Context(), tenant.ID))
			w.clock.forward(25 * time.Minute)
		}
		if got := status(); got.Refusals != 3 || !got.RefusedAt.Equal(first) || !got.Silent(w.clock.Now()) || !got.Gone(w.clock.Now()) {
			t.Errorf("got %+v", got)
		}
		w.saved(t, in)
		if got := status(); got.Refusals != 0 || !got.RefusedAt.IsZero() || got.Gone(w.clock.Now()) {
			t.Errorf("after a call: got %+v", got)
		}
		check(t, w.ForgeRefused(t.Context(), "unknown"))
	})
}

// Calls that come at once make one tenant of one site.
func TestForgeAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				if _, err := w.SaveForgeInstall(t.Context(), w.called(fmt.Sprint("i", i%4), "acme")); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := must(w.Tenants.List(t.Context()))(t); len(got) != 1 {
			t.Errorf("got %d tenants, want 1", len(got))
		}
		if !must(w.HasForgeTenant(t.Context(), "acme", "PRODUCTION"))(t) || must(w.HasForgeTenant(t.Context(), "acme", "x"))(t) {
			t.Error("the site is not known by its environment")
		}
	})
}

// An operator names a tenant by any of its ids.
func TestTenantNamed(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hybrid := w.installed(t, "key", "acme")
		w.saved(t, w.called("one", "acme"))
		development := w.called("two", "acme")
		development.Environment = "dev"
		dev := w.saved(t, development)
		for name, want := range map[string]connect.TenantID{
			string(hybrid.ID): hybrid.ID, "acme": hybrid.ID, "key": hybrid.ID, "one": hybrid.ID, "two": dev.ID, string(dev.ID): dev.ID,
		} {
			if got := must(w.TenantNamed(t.Context(), name))(t); got.ID != want {
				t.Errorf("%q: got %s, want %s", name, got.ID, want)
			}
		}
		for _, name := range []string{"", "nobody", "%", "'"} {
			if _, err := w.TenantNamed(t.Context(), name); !errors.Is(err, connect.ErrNotFound) {
				t.Errorf("%q: got %v", name, err)
			}
		}
		if got := must(w.OnConnect(t.Context()))(t); !got[hybrid.ID] || got[dev.ID] {
			t.Errorf("got %v", got)
		}
	})
}
