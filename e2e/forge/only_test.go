package forge

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
)

// start is a site that never had Connect.
func start(t *testing.T) harness.Forge {
	t.Helper()
	site := connecttest.NewSite(t)
	r := harness.Start(t, site, harness.OnForge(site), harness.WithoutConnect)
	return r.InstallForge(t, forge.StageForge, "")
}

// TestForgeOnly follows an admin who never used Connect: the app is installed,
// both gadgets are set up in their editors, and each viewer sees what Jira
// shows them.
func TestForgeOnly(t *testing.T) {
	t.Parallel()
	f := start(t)
	if f.App.Status != http.StatusNoContent {
		t.Fatalf("installed: %d", f.App.Status)
	}
	owner := f.Dashboard.Owner
	if got := f.Call(t, owner, "workload", "?entry=view"); got.Code != 200 || !strings.Contains(got.HTML, "not set up") {
		t.Errorf("before it is set up: %+v", got)
	}
	edit := f.Invoke(t, owner, "workload", connecttest.ForgeCall{Path: "?entry=edit", Edit: true})
	if edit.Code != 200 || !strings.Contains(edit.HTML, "<form") {
		t.Errorf("editor: %+v", edit)
	}
	bothRight(t, f)
	seesLess(t, f) // and leaves the first project
	project := projects(f)[0]
	before := harness.ReadTeam(t, f.View(t, owner, "workload")).Totals.Open

	// A change in Jira shows in the next view.
	f.FinishOneIssue(t, owner, project)
	harness.Eventually(t, "the event arrives", func() bool {
		return harness.ReadTeam(t, f.View(t, owner, "workload")).Totals.Open == before-1
	})
	f.LeaksNothing(t)
}

// TestForgeConsent: without the person's token there is no data, and a text
// says what to do; a token that Jira ended is replaced by the next call's.
func TestForgeConsent(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Configure(t, "workload", "HARB")
	f.Configure(t, "timelog", "HARB")
	f.View(t, f.Person(9), "workload") // a token that they take back is known
	withoutToken(t, f)
	expiresMidView(t, f)
}

// TestForgeUpstream: Jira's refusals and failures are told in words.
func TestForgeUpstream(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Configure(t, "workload", "HARB")
	upstreamFails(t, f)
}

// TestForgeUninstall: after an uninstall nothing is served; after a reinstall
// the tenant is what it was.
func TestForgeUninstall(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Configure(t, "workload", "HARB")
	before, err := f.Store.Tenants.List(t.Context())
	if err != nil || len(before) != 1 {
		t.Fatalf("%+v, %v", before, err)
	}
	gone, err := f.Site.UninstallForge(t.Context(), f.App.AppID)
	if err != nil || gone.Status != http.StatusNoContent {
		t.Fatalf("uninstall: %+v, %v", gone, err)
	}
	if _, _, err := f.Store.Forge.ForgeToken(t.Context(), before[0].ID); err == nil {
		t.Error("the token is still there")
	}
	again := f.InstallForge(t, forge.StageForge, "")
	after, err := f.Store.Tenants.List(t.Context())
	if err != nil || len(after) != 1 || after[0].ID != before[0].ID || after[0].State != "active" || again.App.InstallationID == f.App.InstallationID {
		t.Errorf("%+v, %v", after, err)
	}
	again.Configure(t, "workload", "HARB")
	again.View(t, f.Dashboard.Owner, "workload")
}

// TestForgeTick: the hourly call renews the token with which the app itself
// continues.
func TestForgeTick(t *testing.T) {
	t.Parallel()
	f := start(t)
	if sent, err := f.Site.ForgeTick(t.Context(), ""); err != nil || sent != 1 {
		t.Fatalf("%d sent, %v", sent, err)
	}
	statuses, err := f.Store.Forge.Statuses(t.Context())
	if err != nil || len(statuses) != 1 {
		t.Fatalf("%+v, %v", statuses, err)
	}
	for _, s := range statuses {
		if s.LastTick.IsZero() {
			t.Errorf("got %+v", s)
		}
	}
}
