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

// Parameters and members that a call does not have are refused by name, and the list
// says which it has.
func TestControlParameters(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	var index struct {
		Calls []struct {
			Method, Path string
			Query, Body  []string
		}
	}
	get(t, site.URL()+"/-/", "").into(t, &index)
	takes := map[string]string{}
	for _, c := range index.Calls {
		takes[c.Method+" "+c.Path] = strings.Join(append(c.Query, c.Body...), " ")
	}
	for call, want := range map[string]string{
		"GET /-/requests": "since", "GET /-/people": "", "POST /-/slack/rotation": "on", "DELETE /-/apps/{key}": "product conversation",
		"POST /-/webhooks": "account app body event identifier issue project", "GET /-/apps/{key}/modules/{module}": "as dashboard item *",
		"POST /-/apps": "clientId clientSecret conversation dashboards descriptor dir environment license manifest name noContexts product quiet resources scopes",
	} {
		if takes[call] != want {
			t.Errorf("%s: got %q, want %q", call, takes[call], want)
		}
	}
	for _, tt := range []struct{ method, path, body, want string }{
		{"GET", "/-/people?wrong=1", "", `unknown parameter "wrong": this call has none`},
		{"GET", "/-/?x", "", `unknown parameter "x": this call has none`},
		{"GET", "/-/requests?since=0&Since=0", "", `unknown parameter "Since": this call has since`},
		{"POST", "/-/apps", `{"url": "x"}`, `unknown member "url" of the body: this call has clientId`},
		{"POST", "/-/slack/rotation", `{"user": "x"}`, `unknown member "user" of the body: this call has on`},
		{"POST", "/-/reset", `{"all": true}`, `unknown member "all" of the body: this call has none`},
		{"POST", "/-/webhooks", `[]`, "read body"},
	} {
		got := do(t, tt.method, site.URL()+tt.path, "application/json", tt.body, "")
		if got.status != http.StatusBadRequest || !strings.Contains(got.str("detail"), tt.want) {
			t.Errorf("%s %s: got %d %s, want %s", tt.method, tt.path, got.status, got.body, tt.want)
		}
	}
}

// The list of apps has what each answered last.
func TestAppsLifecycleAnswers(t *testing.T) {
	t.Parallel()
	site, app := quick(t), newTestApp(t)
	app.mustInstall(t, site)
	app.mustInstall(t, site)
	list := installedApps(t, site)
	if len(list) != 1 || len(list[0].Lifecycle) == 0 {
		t.Fatalf("got %+v", list)
	}
	for i, a := range list[0].Lifecycle {
		if a.Status != http.StatusNoContent || a.At.IsZero() || a.Event == "" || i > 0 && a.Event == list[0].Lifecycle[0].Event {
			t.Errorf("got %+v", a)
		}
	}
}
