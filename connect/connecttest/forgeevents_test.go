package connecttest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestForgeEvents(t *testing.T) {
	t.Parallel()
	site := quick(t)
	b := newForgeBackend(t, site)
	b.mustInstall()
	key, project := anIssue(site)
	issue := site.URL() + "/rest/api/3/issue/" + key
	auth := basic(admin(site))
	type event struct {
		EventType, AtlassianID string
		Timestamp              int64
		SelfGenerated          bool
		Issue                  struct {
			ID, Key string
			Fields  struct {
				Project struct{ Key string }
				DueDate any
			}
		}
		Changelog struct{ Items []struct{ Field string } }
		Worklog   struct{ IssueID string }
	}
	told := func() []event {
		t.Helper()
		b.idle()
		var list []event
		for _, c := range b.taken("/work") {
			var e event
			if err := json.Unmarshal(c.body, &e); err != nil || c.token.App.Module.Key != "work" || c.system == "" {
				t.Errorf("got %s with %+v, %v", c.body, c.token, err)
			}
			list = append(list, e)
		}
		return list
	}
	do(t, http.MethodPut, issue, "application/json", `{"fields":{"summary":"Another summary"}}`, auth)
	list := told()
	if len(list) != 1 || list[0].EventType != "avi:jira:updated:issue" || list[0].AtlassianID != admin(site).AccountID ||
		list[0].Issue.Key != key || list[0].Issue.Fields.Project.Key != project || list[0].Timestamp == 0 || list[0].SelfGenerated ||
		len(list[0].Changelog.Items) != 1 || list[0].Changelog.Items[0].Field != "summary" {
		t.Errorf("edited: got %+v", list)
	}
	do(t, http.MethodPut, issue, "application/json", `{"fields":{"duedate":"2030-01-02"}}`, auth)
	if list = told(); len(list) != 1 || list[0].Issue.Fields.DueDate != nil || list[0].Changelog.Items[0].Field != "duedate" {
		t.Errorf("of the fields only those that Forge documents: got %+v", list)
	}
	do(t, http.MethodPost, issue+"/worklog", "application/json", `{"timeSpent":"1h"}`, auth)
	list = told()
	if len(list) != 2 || list[0].EventType != "avi:jira:created:worklog" || list[0].Worklog.IssueID == "" || list[1].EventType != "avi:jira:updated:issue" {
		t.Errorf("logged: got %+v", list)
	}
	do(t, http.MethodDelete, issue, "", "", auth)
	if list = told(); len(list) != 1 || list[0].EventType != "avi:jira:deleted:issue" {
		t.Errorf("deleted: got %+v", list)
	}
	other, _ := anIssue(site)
	if n := fire(t, site, Webhook{Event: "avi:jira:updated:issue", Issue: other, App: forgeAppID}); n != 1 {
		t.Errorf("fired: got %d", n)
	}
	if list = told(); len(list) != 1 || list[0].Issue.Key != other {
		t.Errorf("fired: got %+v", list)
	}
}

func TestForgeEventsAreSentAgain(t *testing.T) {
	t.Parallel()
	site := quick(t)
	b := newForgeBackend(t, site)
	b.mustInstall()
	key, _ := anIssue(site)
	b.refuse = 3
	fire(t, site, Webhook{Event: "jira:issue_updated", Issue: key})
	b.idle()
	calls := b.taken("/work")
	if len(calls) != 4 || calls[0].token.ID == calls[3].token.ID {
		t.Errorf("the event was sent %d times, want 4 with other tokens", len(calls))
	}
	b.refuse = 9
	fire(t, site, Webhook{Event: "jira:issue_updated", Issue: key})
	b.idle()
	if n := len(b.taken("/work")); n != 4 {
		t.Errorf("the event was sent %d times, want 4", n)
	}
}

func TestForgeEventsNeedTheScope(t *testing.T) {
	t.Parallel()
	site := quick(t)
	b := newForgeBackend(t, site)
	b.mustInstall(`"read:jira-work", `, "")
	key, _ := anIssue(site)
	if n := fire(t, site, Webhook{Event: "jira:issue_updated", Issue: key}); n != 0 {
		t.Errorf("sent to %d", n)
	}
}

func TestForgeUninstall(t *testing.T) {
	t.Parallel()
	site := quick(t)
	b := newForgeBackend(t, site)
	first := b.mustInstall()
	place, owner := b.gadget(first)
	if err := site.ForgeSubmit(owner, place.Dashboard, place.Item, json.RawMessage(`{"a":1}`)); err != nil {
		t.Fatal(err)
	}
	system := b.one("/life").system
	got := do(t, http.MethodDelete, site.URL()+"/-/apps/"+strings.ReplaceAll(forgeAppID, "/", "%2F"), "", "", "")
	if got.status != http.StatusOK || got.str("installationId") != first.InstallationID {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	if c := b.one("/gone"); c.token.App.Module.Key != "gone" || c.system != "" {
		t.Errorf("told %+v", c)
	}
	api := site.URL() + "/ex/jira/" + site.CloudID() + "/rest/api/3/myself"
	if got := get(t, api, "Bearer "+system); got.status != http.StatusUnauthorized {
		t.Errorf("its token: got %d", got.status)
	}
	if items := site.Objects().Dashboards[0].Items; len(items) > 0 || len(site.ForgeApps()) > 0 {
		t.Errorf("left: %+v", items)
	}
	if _, err := site.UninstallForge(t.Context(), forgeAppID); err == nil {
		t.Error("uninstalled twice")
	}
	again := b.mustInstall()
	if again.InstallationID == first.InstallationID || again.EnvironmentID != first.EnvironmentID || again.Version != "1.0.0" {
		t.Errorf("again: got %+v after %+v", again, first)
	}
}

// hybridParts turn the manifest into one of the hybrid stage of the Connect app
// in these tests.
func hybridParts(app *testApp) []string {
	return []string{
		"  name: Little app\n", "  name: Little app\n  connect: {key: com.example.app, remote: old, authentication: jwt}\n",
		"modules:\n", `connectModules:
  jira:lifecycle: [{key: lifecycle, installed: /installed, uninstalled: /uninstalled}]
  jira:jiraDashboardItems: [{key: gadget, name: {value: Gadget}, description: {value: Shows}, url: /gadget, thumbnailUrl: /t.png}]
  jira:webhooks: [{key: updated, event: "jira:issue_updated", url: "/hook"}]
  jira:configurePage: [{key: configure, name: {value: Configure}, url: /configure}]
modules:
`, "CONNECTKEYS", ", connectKeys: [gadget]", "remotes:\n", "remotes:\n  - {key: old, baseUrl: \"" + app.baseURL() + "\"}\n",
		`scopes: [`, `scopes: ["read:connect-jira", "act-as-user:connect-jira", `,
	}
}

// forgeParts do the same for the stage after it.
func forgeParts() []string {
	return []string{
		"  name: Little app\n", "  name: Little app\n  connect: {key: com.example.app}\n", "CONNECTKEYS", ", connectKeys: [gadget]",
	}
}

func TestForgeUpgradeFromConnect(t *testing.T) {
	t.Parallel()
	for name, told := range map[string]bool{"an admin allows it": true, "it slides over": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site, app := quick(t), newTestApp(t)
			b := newForgeBackend(t, site)
			connect := app.mustInstall(t, site)
			before := site.Objects().Dashboards[0].Items[0]
			hybrid, err := site.ForgeUpgrade(t.Context(), ForgeUpgrade{
				Stage: "hybrid", Installed: told, Source: ForgeSource{Manifest: b.manifest(hybridParts(app)...)},
			})
			if err != nil {
				t.Fatal(err)
			}
			installed := app.to("/installed")
			if told != (len(installed) == 2) || told != (len(b.taken("/life")) == 1) || len(app.to("/enabled")) != 1 {
				t.Fatalf("told %d times of an installation", len(installed)-1)
			}
			if told && (!strings.Contains(string(installed[1].body), hybrid.InstallationID) || app.installed().ClientKey != connect.ClientKey) {
				t.Errorf("told %s", installed[1].body)
			}
			after := site.Objects().Dashboards[0].Items
			if len(after) != 1 || after[0].ID != before.ID || after[0].Module != "load-gadget" || after[0].App != hybrid.Key {
				t.Errorf("items: got %+v after %+v", after, before)
			}
			key, _ := anIssue(site)
			if n := fire(t, site, Webhook{Event: "jira:issue_updated", Issue: key}); n != 2 {
				t.Errorf("an event goes to %d, want to both", n)
			}
			b.idle()
			if _, err := site.ModuleURL(connect.Key, "configure", "", "", ""); err != nil {
				t.Errorf("the Connect page: %v", err)
			}
			mustSayClientKey(t, site, b, connect)
			upgradeToForge(t, site, app, b, hybrid)
			mustSayClientKey(t, site, b, connect)
		})
	}
}

// upgradeToForge ends what is left of Connect.
func upgradeToForge(t *testing.T, site *Site, app *testApp, b *forgeBackend, hybrid ForgeApp) {
	t.Helper()
	got := postJSON(t, site.URL()+"/-/forge/upgrade", map[string]any{"stage": "forge", "installed": true})
	if got.status != http.StatusOK || got.str("installationId") != hybrid.InstallationID || got.str("version") != "2.0.0" {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	if c := b.one("/life"); !strings.Contains(string(c.body), "avi:forge:upgraded:app") || strings.Contains(string(c.body), "connect-jira") {
		t.Errorf("told %s", c.body)
	}
	if n := len(app.to("/uninstalled")); n > 0 {
		t.Errorf("Connect was told %d times that it goes", n)
	}
	if _, err := site.ModuleURL("com.example.app", "configure", "", "", ""); err == nil {
		t.Error("the Connect app is still there")
	}
	b.taken("/work")
	key, _ := anIssue(site)
	if n := fire(t, site, Webhook{Event: "jira:issue_updated", Issue: key}); n != 1 {
		t.Errorf("an event goes to %d", n)
	}
	b.idle()
	if items := site.Objects().Dashboards[0].Items; len(items) != 1 {
		t.Errorf("items: got %+v", items)
	}
}

func mustSayClientKey(t *testing.T, site *Site, b *forgeBackend, connect App) {
	t.Helper()
	if _, err := site.ForgeTick(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	got := get(t, clientKeyAddress(site, connect.Key), "Bearer "+b.one("/tick").system)
	if got.status != http.StatusOK || got.str("value") != connect.ClientKey {
		t.Errorf("client key: got %d %s, want %s", got.status, got.body, connect.ClientKey)
	}
}

func clientKeyAddress(site *Site, key string) string {
	return site.URL() + "/ex/jira/" + site.CloudID() + "/rest/atlassian-connect/1/addons/" + key +
		"/properties/connect_client_key_019cdff3-8bfb-71fe-9628-875b700aebb8"
}

func TestForgeClientKeyIsNotForEverybody(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		was   bool // a Connect app
		parts []string
		key   string
	}{
		"no Connect app":   {false, forgeParts(), "com.example.app"},
		"no key":           {true, nil, "com.example.app"},
		"key of another":   {true, forgeParts(), "com.example.other"},
		"another property": {true, forgeParts(), "com.example.app/properties/x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site, app := quick(t), newTestApp(t)
			b := newForgeBackend(t, site)
			if tt.was {
				app.mustInstall(t, site)
			}
			b.mustInstall(tt.parts...)
			if got := get(t, clientKeyAddress(site, tt.key), "Bearer "+b.one("/life").system); got.status != http.StatusNotFound {
				t.Errorf("got %d %s", got.status, got.body)
			}
		})
	}
}

func TestForgeUpgradeRefusals(t *testing.T) {
	t.Parallel()
	site, app := quick(t), newTestApp(t)
	b := newForgeBackend(t, site)
	hybrid := b.manifest(hybridParts(app)...)
	for name, tt := range map[string]struct {
		body map[string]any
		want int
	}{
		"stage":           {map[string]any{"stage": "connect"}, http.StatusUnprocessableEntity},
		"no manifest":     {map[string]any{"stage": "hybrid"}, http.StatusBadRequest},
		"nothing there":   {map[string]any{"stage": "forge"}, http.StatusUnprocessableEntity},
		"other stage":     {map[string]any{"stage": "forge", "manifest": hybrid}, http.StatusBadRequest},
		"no Connect app":  {map[string]any{"stage": "hybrid", "manifest": hybrid}, http.StatusNotFound},
		"no connect.key":  {map[string]any{"stage": "forge", "manifest": b.manifest()}, http.StatusBadRequest},
		"unknown members": {map[string]any{"stage": "forge", "to": "x"}, http.StatusBadRequest},
	} {
		if got := postJSON(t, site.URL()+"/-/forge/upgrade", tt.body); got.status != tt.want {
			t.Errorf("%s: got %d %s, want %d", name, got.status, got.body, tt.want)
		}
	}
}

func TestForgeHybridInstallAndUninstall(t *testing.T) {
	t.Parallel()
	site, app := quick(t), newTestApp(t)
	b := newForgeBackend(t, site)
	installed := b.mustInstall(hybridParts(app)...)
	if got := app.to("/installed"); len(got) != 1 || !strings.Contains(string(got[0].body), installed.InstallationID) {
		t.Errorf("told Connect %d times", len(got))
	}
	if _, err := site.UninstallForge(t.Context(), forgeAppID); err != nil {
		t.Fatal(err)
	}
	if len(app.to("/uninstalled")) != 1 || len(app.to("/disabled")) != 0 || len(b.taken("/gone")) != 1 {
		t.Error("not both were told once that it goes")
	}
}

func TestForgeOfflineTokens(t *testing.T) {
	t.Parallel()
	site := quick(t)
	b := newForgeBackend(t, site)
	b.mustInstall()
	system, person := b.one("/life").system, site.People()[0].AccountID
	ask := func(token, site2, who string) answered {
		t.Helper()
		return do(t, http.MethodPost, site.URL()+ForgeGraphQLPath, "application/json", string(marshal(t, map[string]any{
			"query":     "mutation ($input: X!) { offlineUserAuthToken(input: $input) { success } }",
			"variables": map[string]any{"input": map[string]any{"contextIds": []string{"ari:cloud:jira::site/" + site2}, "userId": who}},
		})), "Bearer "+token)
	}
	var answer struct {
		Data struct {
			Offline struct {
				Success   bool
				Errors    []struct{ Message string }
				AuthToken struct {
					Token string
					TTL   int
				}
			} `json:"offlineUserAuthToken"`
		}
	}
	ask(system, site.CloudID(), person).into(t, &answer)
	if answer.Data.Offline.Success || len(answer.Data.Offline.Errors) != 1 {
		t.Errorf("not granted: got %+v", answer)
	}
	site.SetForgeSettings(ForgeSettings{Impersonation: true})
	ask(system, site.CloudID(), person).into(t, &answer)
	got := get(t, site.URL()+"/ex/jira/"+site.CloudID()+"/rest/api/3/myself", "Bearer "+answer.Data.Offline.AuthToken.Token)
	if !answer.Data.Offline.Success || answer.Data.Offline.AuthToken.TTL < 7200 || got.str("accountId") != person {
		t.Errorf("granted: got %+v, then %d %s", answer, got.status, got.body)
	}
	for name, got := range map[string]answered{
		"another site": ask(system, "other", person), "nobody": ask(system, site.CloudID(), "nobody"),
	} {
		if got.status != http.StatusOK || strings.Contains(string(got.body), `"success":true`) {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
	for _, token := range []string{"", answer.Data.Offline.AuthToken.Token} {
		if got := ask(token, site.CloudID(), person); got.status != http.StatusUnauthorized {
			t.Errorf("without the system token: got %d %s", got.status, got.body)
		}
	}
	if got := do(t, http.MethodPost, site.URL()+ForgeGraphQLPath, "application/json", `{"query":"{ me }"}`, "Bearer "+system); got.status != http.StatusBadRequest {
		t.Errorf("another query: got %d", got.status)
	}
}
