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
	var projects []string
	for _, p := range f.Site.Objects().Projects {
		projects = append(projects, p.Key)
	}
	f.Configure(t, "workload", projects...)
	f.Configure(t, "timelog", projects...)

	team := harness.ReadTeam(t, f.View(t, owner, "workload"))
	if want := f.Count(t, owner, "project in ("+strings.Join(projects, ",")+") AND statusCategory != Done"); team.Totals.Open != want || want == 0 {
		t.Errorf("open: %d, want %d", team.Totals.Open, want)
	}
	if got := f.View(t, owner, "timelog"); !strings.Contains(got, `data-fragment="timelog"`) {
		t.Errorf("timelog:\n%s", got)
	}

	// A person who sees less in Jira sees less here.
	viewer := f.Person(9)
	less := harness.ReadTeam(t, f.View(t, viewer, "workload"))
	if less.Totals.Open >= team.Totals.Open || less.Totals.Open == 0 {
		t.Errorf("the viewer sees %d open, the owner %d", less.Totals.Open, team.Totals.Open)
	}

	// A change in Jira shows in the next view.
	f.FinishOneIssue(t, owner, projects[0])
	harness.Eventually(t, "the event arrives", func() bool {
		return harness.ReadTeam(t, f.View(t, owner, "workload")).Totals.Open == team.Totals.Open-1
	})
	f.LeaksNothing(t)
}

// TestForgeConsent: without the person's token there is no data, and a text
// says what to do; a token that Jira ended is replaced by the next call's.
func TestForgeConsent(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Configure(t, "workload", "HARB")
	viewer := f.Person(9)
	f.Site.SetForgeSettings(connecttest.ForgeSettings{WithoutConsent: []string{viewer}})
	got := f.Call(t, viewer, "workload", "/view?fresh=1")
	if got.Status != 200 || got.Code != http.StatusForbidden || !strings.Contains(got.HTML, "Allow access") || strings.Contains(got.HTML, "data-count") {
		t.Errorf("got %+v", got)
	}
	f.Site.SetForgeSettings(connecttest.ForgeSettings{})
	f.View(t, viewer, "workload")
	if err := f.Site.ExpireForgeTokens(""); err != nil {
		t.Fatal(err)
	}
	f.View(t, viewer, "workload")
}

// TestForgeUpstream: Jira's refusals and failures come as a text and a code
// inside the answer.
func TestForgeUpstream(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]int{http.StatusTooManyRequests: 429, http.StatusServiceUnavailable: 502} {
		f := start(t)
		f.Configure(t, "workload", "HARB")
		f.Fault(t, connecttest.Fault{Path: "*/search/jql", Status: status})
		if got := f.Call(t, f.Dashboard.Owner, "workload", "/view?fresh=1"); got.Status != 200 || got.Code != want || got.HTML == "" || got.Detail == "" {
			t.Errorf("%d: got %+v", status, got)
		}
	}
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
