package commands

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/operator"
)

// TestAPIOnForge: the command calls a tenant of Forge with the token of its
// newest installation, as a person where the installation grants that, and not
// at all when the tenant is gone.
func TestAPIOnForge(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	r := harness.Start(t, site, harness.OnForge(site), harness.WithoutConnect)
	f := r.InstallForge(t, forge.StageForge, "")
	tenant := r.OnlyTenant(t)
	call := func(name, as, path string) (string, error) {
		t.Helper()
		var out bytes.Buffer
		err := operator.Call{
			Tenant: name, As: as, Method: "GET", Path: path, Paginate: true, Timeout: time.Minute, ForgeAPIURL: site.URL(), Out: &out,
		}.Make(t.Context(), r.Flags.StoreFlags)
		return out.String(), err
	}
	for _, name := range []string{string(tenant.ID), site.CloudID(), f.App.InstallationID} {
		if got, err := call(name, "", "/rest/api/3/myself"); err != nil || !strings.Contains(got, `"accountType":"app"`) {
			t.Errorf("as the app, named %s: got %s, %v", name, got, err)
		}
	}
	person := site.People()[1]
	if got, err := call(site.CloudID(), person.AccountID, "/rest/api/3/myself"); err == nil {
		t.Errorf("as a person without a grant: got %s", got)
	}
	site.SetForgeSettings(connecttest.ForgeSettings{Impersonation: true})
	if got, err := call(site.CloudID(), person.AccountID, "/rest/api/3/myself"); err != nil || !strings.Contains(got, person.DisplayName) {
		t.Errorf("as a person: got %s, %v", got, err)
	}
	got, err := call(site.CloudID(), "", "/rest/api/3/project/search?maxResults=1")
	if n := countItems(t, got, "values"); err != nil || n != len(site.Objects().Projects) {
		t.Errorf("pages: got %d projects, %v", n, err)
	}
	// An operator's refused call does not count as a sign that the app is gone.
	if _, err := call(site.CloudID(), "", "/rest/api/3/issue/NOPE-1"); err == nil {
		t.Error("an issue that does not exist: got no error")
	}
	if all, err := r.Store.Forge.Statuses(t.Context()); err != nil || all[tenant.ID].Refusals != 0 {
		t.Errorf("got %+v, %v", all, err)
	}
}

// TestAPIOfGone: a tenant that is gone is not called.
func TestAPIOfGone(t *testing.T) {
	t.Parallel()
	yesterday := &harness.Clock{}
	yesterday.Forward(-24 * time.Hour)
	site := connecttest.NewSite(t, connecttest.Options{Now: yesterday.Now})
	r := harness.Start(t, site, harness.OnForge(site), harness.WithoutConnect, harness.By(yesterday))
	r.InstallForge(t, forge.StageForge, "")
	for range 3 {
		if err := r.Store.Forge.ForgeRefused(t.Context(), r.OnlyTenant(t).ID); err != nil {
			t.Fatal(err)
		}
	}
	err := operator.Call{Tenant: site.CloudID(), Method: "GET", Path: "/rest/api/3/myself", Timeout: time.Minute}.Make(t.Context(), r.Flags.StoreFlags)
	if err == nil || !strings.Contains(err.Error(), "is gone") {
		t.Errorf("got %v", err)
	}
}
