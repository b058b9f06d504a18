package forge

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
)

// clientKeyPath is where Jira says which Connect tenant an installation was.
const clientKeyPath = "/properties/connect_client_key_"

// askedForKey is how often the app has asked for it.
func askedForKey(r *harness.Running) (n int) {
	for _, q := range r.Site.Requests(0) {
		if strings.Contains(q.Path, clientKeyPath) {
			n++
		}
	}
	return n
}

// callPage calls a gadget's page and returns the status.
func callPage(t *testing.T, f harness.Forge) int {
	t.Helper()
	key := forge.GadgetKey("workload")
	got, err := f.Site.Invoke(t.Context(), f.App.AppID, f.Dashboard.Owner, key, connecttest.ForgeCall{
		Path: forge.PathPages + key + "/view", Dashboard: f.Dashboard.ID, Item: f.Item(t, "workload"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return got.Status
}

// tick makes the hourly call and returns 503 if it was not taken for now.
func tick(t *testing.T, f harness.Forge) int {
	t.Helper()
	_, err := f.Site.ForgeTick(t.Context(), "")
	switch {
	case err == nil:
		return http.StatusOK
	case strings.Contains(err.Error(), "503"):
		return http.StatusServiceUnavailable
	}
	t.Fatal(err)
	return 0
}

// slide is a site whose Connect app becomes a Forge app without a call that
// tells; the app does not know the cloud id of its Connect tenant.
func slide(t *testing.T, database string) (f harness.Forge, tenant connect.TenantID) {
	t.Helper()
	site := connecttest.NewSite(t)
	r := harness.Start(t, site, harness.OnForge(site), harness.On(database))
	r.Fault(t, connecttest.Fault{Path: "/_edge/tenant_info", Status: http.StatusServiceUnavailable})
	if _, err := site.Install(t.Context(), r.URL+"/atlassian-connect.json"); err != nil {
		t.Fatal(err)
	}
	before := r.OnlyTenant(t)
	if before.CloudID != "" {
		t.Fatalf("the cloud id is known: %+v", before)
	}
	return r.Upgrade(t, forge.StageForge, false), before.ID
}

// linked looks whether the Connect tenant has become that of the installation.
func linked(t *testing.T, f harness.Forge, tenant connect.TenantID) {
	t.Helper()
	got := f.OnlyTenant(t)
	if got.ID != tenant || string(got.ForgeInstallation) != f.App.InstallationID || string(got.CloudID) != f.Site.CloudID() {
		t.Errorf("got %+v, want %s with installation %s", got, tenant, f.App.InstallationID)
	}
}

// TestForgeSlidesOver: a Connect tenant becomes a Forge tenant with the first
// call that comes, whichever it is.
func TestForgeSlidesOver(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]func(*testing.T, harness.Forge) int{"a page": callPage, "a tick": tick} {
		t.Run(name, func(t *testing.T) {
			harness.OnEachDatabase(t, func(t *testing.T, database string) {
				f, tenant := slide(t, database)
				wants(t, http.StatusOK, first(t, f))
				linked(t, f, tenant)
				if n := askedForKey(f.Running); n != 1 {
					t.Errorf("asked %d times, want once", n)
				}
			})
		})
	}
}

// TestForgeLinkUnavailable: while Jira cannot say which Connect tenant the
// installation was, each call asks again, and no second tenant is made.
func TestForgeLinkUnavailable(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]connecttest.Fault{
		"429":           {Status: http.StatusTooManyRequests, RetryAfter: 1},
		"500":           {Status: http.StatusInternalServerError},
		"503":           {Status: http.StatusServiceUnavailable},
		"no answer":     {Reset: true},
		"a late answer": {DelayMs: 60_000},
	} {
		t.Run(name, func(t *testing.T) {
			harness.OnEachDatabase(t, func(t *testing.T, database string) {
				f, tenant := slide(t, database)
				fault.Path = "*" + clientKeyPath + "*"
				f.Fault(t, fault)
				wants(t, http.StatusServiceUnavailable, callPage(t, f), tick(t, f))
				if got := f.OnlyTenant(t); got.ID != tenant || got.ForgeInstallation != "" {
					t.Errorf("before Jira answers: got %+v", got)
				}
				f.Site.ClearFaults()
				wants(t, http.StatusOK, callPage(t, f))
				linked(t, f, tenant)
			})
		})
	}
}

// TestForgeNeverOnConnect: that an installation was no Connect tenant is asked
// once, whatever comes later.
func TestForgeNeverOnConnect(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		site := connecttest.NewSite(t)
		r := harness.Start(t, site, harness.OnForge(site), harness.On(database))
		f := r.InstallForge(t, forge.StageForge, "")
		before := f.OnlyTenant(t)
		wants(t, http.StatusOK, callPage(t, f), tick(t, f))
		f.Restart(t)
		wants(t, http.StatusOK, callPage(t, f), tick(t, f))
		if n := askedForKey(f.Running); n != 1 || f.OnlyTenant(t).ID != before.ID {
			t.Errorf("asked %d times, want once; tenant %s, want %s", n, f.OnlyTenant(t).ID, before.ID)
		}
	})
}
