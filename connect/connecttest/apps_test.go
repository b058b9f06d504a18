package connecttest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestControlIndex: the list has every call, with a line about it, and the site
// refuses methods that the list does not have.
func TestControlIndex(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	var index struct {
		Calls []struct{ Method, Path, About string }
	}
	get(t, site.URL()+"/-/", "").into(t, &index)
	seen := map[string]bool{}
	for _, c := range index.Calls {
		seen[c.Method+" "+c.Path] = true
		if c.About == "" || strings.Contains(c.About, "\n") {
			t.Errorf("%s %s: about %q", c.Method, c.Path, c.About)
		}
		path := strings.NewReplacer("{", "", "}", "").Replace(c.Path)
		if got := do(t, http.MethodOptions, site.URL()+path, "", "", ""); got.status != http.StatusMethodNotAllowed || !strings.Contains(got.header.Get("Allow"), c.Method) {
			t.Errorf("%s %s: OPTIONS got %d, Allow %q", c.Method, c.Path, got.status, got.header.Get("Allow"))
		}
	}
	for _, call := range []string{
		"GET /-/", "GET /-/people", "GET /-/objects", "GET /-/apps", "POST /-/apps", "DELETE /-/apps/{key}", "POST /-/forge/ticks",
		"POST /-/forge/upgrade", "GET /-/apps/{key}/modules/{module}", "POST /-/webhooks", "POST /-/faults", "DELETE /-/faults",
		"GET /-/requests", "GET /-/chat", "POST /-/reset", "POST /-/slack/channels/{channel}/messages", "PATCH /-/conversations/{id}",
	} {
		if !seen[call] {
			t.Errorf("the list does not have %s", call)
		}
	}
}

// installedApps is what GET /-/apps answers.
func installedApps(t *testing.T, site *Site) []InstalledApp {
	t.Helper()
	var answer struct{ Apps []InstalledApp }
	get(t, site.URL()+"/-/apps", "").into(t, &answer)
	return answer.Apps
}

func TestAppsFromConnectToForge(t *testing.T) {
	t.Parallel()
	site, app := quick(t), newTestApp(t)
	if got := string(get(t, site.URL()+"/-/apps", "").body); got != `{"apps":[]}` {
		t.Errorf("without apps: got %s", got)
	}
	connect := app.mustInstall(t, site)
	app.mustInstallChat(t, site, "")
	b := newForgeBackend(t, site)
	list := installedApps(t, site)
	if len(list) != 2 || list[0].Kind != "connect" || list[0].ClientKey != connect.ClientKey || len(list[0].Upgrades) != 0 ||
		list[1].Product != "chat" || len(list[1].Conversations) != 1 {
		t.Fatalf("on Connect: got %+v", list)
	}

	for stage, parts := range map[string][]string{"hybrid": hybridParts(app), "forge": forgeParts()} {
		got, err := site.ForgeDeploy(ForgeSource{Manifest: b.manifest(parts...)})
		if want := (ForgeDeployed{AppID: forgeAppID, ConnectKey: connect.Key, Stage: stage}); err != nil || got != want {
			t.Fatalf("deploy %s: got %+v, %v", stage, got, err)
		}
	}
	if got := installedApps(t, site)[0].Upgrades; !cmp.Equal(got, []string{"hybrid", "forge"}) {
		t.Errorf("upgrades: got %v", got)
	}
	upgrade := func(app, stage string) []InstalledApp {
		t.Helper()
		got := postJSON(t, site.URL()+"/-/forge/upgrade", map[string]any{"app": app, "stage": stage, "installed": true})
		if got.status != http.StatusOK || got.str("status") != "204" {
			t.Fatalf("upgrade to %s: got %d %s", stage, got.status, got.body)
		}
		return installedApps(t, site)
	}
	list = upgrade(connect.Key, "hybrid")
	if len(list) != 2 || list[0].Kind != "hybrid" || list[0].ClientKey != connect.ClientKey || list[0].AppID != forgeAppID || !cmp.Equal(list[0].Upgrades, []string{"forge"}) {
		t.Fatalf("hybrid: got %+v", list)
	}
	installation := list[0].InstallationID
	list = upgrade(forgeAppID, "forge")
	if len(list) != 2 || list[0].Kind != "forge" || list[0].InstallationID != installation || len(list[0].Upgrades) != 0 {
		t.Errorf("Forge: got %+v", list)
	}
}

// TestAppsPages: the list says which pages are Connect's and which are Forge's, and
// leaves out a page that no menu leads to.
func TestAppsPages(t *testing.T) {
	t.Parallel()
	site, app := quick(t), newTestApp(t)
	app.amend = func(d map[string]any) {
		page := func(key, location string) map[string]any {
			return map[string]any{"key": key, "name": map[string]any{"value": "Page " + key}, "url": "/page", "location": location}
		}
		d["modules"].(map[string]any)["generalPages"] = []any{page("shown", "system.top.navigation.bar"), page("hidden", "none")}
	}
	app.mustInstall(t, site)
	newForgeBackend(t, site).mustInstall()
	got := map[string]string{}
	for _, a := range installedApps(t, site) {
		for _, page := range a.Pages {
			got[page.Key] = page.Kind + ": " + page.Title
			if shown := get(t, site.URL()+page.Path, ""); shown.status != http.StatusOK {
				t.Errorf("%s: got %d", page.Path, shown.status)
			}
		}
	}
	if _, ok := got["hidden"]; ok || got["shown"] != "connect: Page shown" || got["set-up-page"] != "forge: Set up" {
		t.Errorf("got %v", got)
	}
}

func TestForgeDeployRefusals(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	b := newForgeBackend(t, site)
	for name, body := range map[string]any{
		"nothing":    map[string]any{},
		"no folder":  map[string]any{"dir": t.TempDir()},
		"both":       map[string]any{"dir": t.TempDir(), "manifest": b.manifest()},
		"a manifest": map[string]any{"manifest": "app: {id: x}"},
		"a member":   map[string]any{"stage": "forge"},
	} {
		if got := postJSON(t, site.URL()+"/-/forge/deploy", body); got.status != http.StatusBadRequest {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
	if got := postJSON(t, site.URL()+"/-/forge/upgrade", map[string]any{"stage": "hybrid"}); got.status != http.StatusBadRequest {
		t.Errorf("an upgrade to what was not deployed: got %d %s", got.status, got.body)
	}
}
