package connecttest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestForgeInstallTellsTheBackend(t *testing.T) {
	t.Parallel()
	site := quick(t)
	b := newForgeBackend(t, site)
	app := b.mustInstall()
	if app.AppID != forgeAppID || app.CloudID != site.CloudID() || app.Environment != "PRODUCTION" || app.Status != http.StatusNoContent {
		t.Errorf("got %+v", app)
	}
	c := b.one("/life")
	at := c.token.App
	switch {
	case at.InstallationID != app.InstallationID || at.Installation.ID != app.InstallationID:
		t.Errorf("installation: got %+v, want %s", at, app.InstallationID)
	case at.APIBaseURL != site.URL()+"/ex/jira/"+site.CloudID():
		t.Errorf("apiBaseUrl: got %s", at.APIBaseURL)
	case at.Module.Type != "core:endpoint" || at.Module.Key != "life":
		t.Errorf("module: got %+v", at.Module)
	case at.Environment.Type != "PRODUCTION" || at.Environment.ID != app.EnvironmentID:
		t.Errorf("environment: got %+v", at.Environment)
	case len(at.Installation.Contexts) != 1 || at.Installation.Contexts[0].CloudID != site.CloudID():
		t.Errorf("contexts: got %+v", at.Installation.Contexts)
	case c.token.ExpiresAt.Sub(c.token.IssuedAt.Time) != 25*time.Second || c.token.ID == "":
		t.Errorf("times: got %+v", c.token.RegisteredClaims)
	case c.token.Context != nil || c.token.Principal != "" || c.user != "" || c.system == "" || len(c.trace) != 32:
		t.Errorf("got %+v", c)
	}
	var body struct {
		EventType, ID string
		Context       struct{ ModuleKey string }
	}
	if err := json.Unmarshal(c.body, &body); err != nil || body.EventType != "avi:forge:installed:app" || body.ID != app.InstallationID ||
		body.Context.ModuleKey != "life-events" {
		t.Errorf("body: got %s, %v", c.body, err)
	}
	if again := b.mustInstall(); again.InstallationID != app.InstallationID || again.Version != "2.0.0" {
		t.Errorf("installed again: got %+v", again)
	}
	if c := b.one("/life"); !strings.Contains(string(c.body), "avi:forge:upgraded:app") {
		t.Errorf("installed again: told %s", c.body)
	}
}

func TestForgeInstallVariants(t *testing.T) {
	t.Parallel()
	site := quick(t)
	b := newForgeBackend(t, site)
	for _, o := range []ForgeInstall{
		{Environment: "DEVELOPMENT", NoContexts: true},
		{Environment: "STAGING", Quiet: true},
		{Environment: "PRODUCTION", License: json.RawMessage(`{"active":true}`)},
	} {
		o.Manifest = b.manifest()
		app, err := site.InstallForge(t.Context(), o)
		if err != nil || app.Environment != o.Environment {
			t.Fatalf("%s: got %+v, %v", o.Environment, app, err)
		}
		calls := b.taken("/life")
		if o.Quiet != (len(calls) == 0) {
			t.Errorf("%s: told %d times", o.Environment, len(calls))
		}
		for _, c := range calls {
			if c.token.App.Environment.Type != o.Environment || o.NoContexts != (len(c.token.App.Installation.Contexts) == 0) ||
				string(c.token.App.License) != string(o.License) {
				t.Errorf("%s: got %+v", o.Environment, c.token.App)
			}
		}
	}
	if apps := site.ForgeApps(); len(apps) != 3 || apps[0].InstallationID == apps[1].InstallationID || apps[0].EnvironmentID == apps[1].EnvironmentID {
		t.Errorf("installed: got %+v", apps)
	}
}

func TestForgeInstallRefusals(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	b := newForgeBackend(t, site)
	for name, tt := range map[string]struct{ manifest, want string }{
		"no YAML":               {"a: [", "read manifest"},
		"foreign id":            {b.manifest(forgeAppID, "app-1"), "app.id"},
		"no remote":             {b.manifest("- {key: backend,", "- {key: other,"), "names no remote"},
		"plain http elsewhere":  {b.manifest("BASE", "http://example.com"), "baseUrl"},
		"unknown endpoint":      {b.manifest("endpoint: tick,", "endpoint: tock,"), "names no endpoint"},
		"no route":              {b.manifest("route: {path: /tick},", ""), "route.path"},
		"unknown resource":      {b.manifest("resource: main, resolver", "resource: other, resolver"), "names no resource"},
		"key twice":             {b.manifest("key: start-page", "key: load-gadget"), "used twice"},
		"unknown interval":      {b.manifest("interval: hour", "interval: minute"), "interval"},
		"connect without a key": {b.manifest("modules:\n", "connectModules: {\"jira:webhooks\": []}\nmodules:\n"), "app.connect"},
	} {
		_, err := site.InstallForge(t.Context(), ForgeInstall{Source: ForgeSource{Manifest: tt.manifest}})
		var wrong *ForgeManifestError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
		got := postJSON(t, site.URL()+"/-/apps", map[string]any{"manifest": tt.manifest})
		if got.status != http.StatusBadRequest || !strings.Contains(got.str("detail"), tt.want) {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
	if got := postJSON(t, site.URL()+"/-/apps", map[string]any{"manifest": b.manifest(), "environment": "TEST"}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("environment: got %d %s", got.status, got.body)
	}
	if len(site.ForgeApps()) > 0 {
		t.Error("something was installed")
	}
}

func TestForgeInstallFromFolder(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	b, dir := newForgeBackend(t, site), t.TempDir()
	if got := postJSON(t, site.URL()+"/-/apps", map[string]any{"dir": dir}); got.status != http.StatusBadRequest {
		t.Errorf("empty folder: got %d %s", got.status, got.body)
	}
	for name, text := range map[string]string{
		"manifest.yml": b.manifest("title: Load", "title: {i18n: load.title}", "resources:\n  -",
			"translations: {resources: [{key: en-US, path: texts/en.json}], fallback: {default: en-US}}\nresources:\n  -"),
		"texts/en.json": `{"load": {"title": "The load"}}`, "static/index.html": "<p>hello",
	} {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	got := postJSON(t, site.URL()+"/-/apps", map[string]any{"dir": dir})
	if got.status != http.StatusOK || got.str("appId") != forgeAppID || got.str("installationId") == "" {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	items := site.Objects().Dashboards[0].Items
	if len(items) != 1 || items[0].Title != "The load" {
		t.Errorf("items: got %+v", items)
	}
}

func TestForgeInvoke(t *testing.T) {
	t.Parallel()
	site := quick(t)
	b := newForgeBackend(t, site)
	b.answer = func(forgeCall) (int, string) { return http.StatusTeapot, `{"a":1}` }
	app := b.mustInstall()
	place, owner := b.gadget(app)
	if err := site.ForgeSubmit(owner, place.Dashboard, place.Item, json.RawMessage(`{"projects":["A"]}`)); err != nil {
		t.Fatal(err)
	}
	place.Method, place.Path, place.Body, place.Edit = "post", "/ui/x?a=b", json.RawMessage(`{"form":"c=d"}`), true
	got, err := site.Invoke(t.Context(), forgeAppID, owner, "load-gadget", place)
	if err != nil || got.Status != http.StatusTeapot || string(got.Body) != `{"a":1}` {
		t.Fatalf("got %+v, %v", got, err)
	}
	c := b.one("/ui/x?a=b")
	at := c.token.Context
	switch {
	case c.method != http.MethodPost || string(c.body) != `{"form":"c=d"}` || c.system == "" || c.user == "" || c.system == c.user:
		t.Errorf("got %+v", c)
	case c.token.App.Module.Type != "jira:dashboardGadget" || c.token.App.Module.Key != "load-gadget":
		t.Errorf("module: got %+v", c.token.App.Module)
	case c.token.Principal != owner || at.AccountID != owner || at.CloudID != site.CloudID() || at.SiteURL != site.URL():
		t.Errorf("got %+v", c.token)
	case at.Extension.Dashboard.ID != place.Dashboard || at.Extension.Gadget.ID != place.Item || at.Extension.EntryPoint != "edit":
		t.Errorf("extension: got %+v", at.Extension)
	case string(at.Extension.GadgetConfiguration) != `{"projects":["A"]}`:
		t.Errorf("configuration: got %s", at.Extension.GadgetConfiguration)
	}
	if _, err := site.Invoke(t.Context(), app.InstallationID, "", "start-page", ForgeCall{Path: "/page"}); err != nil {
		t.Fatal(err)
	}
	if c := b.one("/page"); c.user != "" || c.token.Principal != "" || c.token.Context.Extension.Type != "jira:globalPage" {
		t.Errorf("anonymous: got %+v", c)
	}
}

func TestForgeInvokeRefusals(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	b := newForgeBackend(t, site)
	place, owner := b.gadget(b.mustInstall())
	stranger := ""
	for _, p := range site.People() {
		if p.AccountID != owner && !p.Admin && !p.App && p.Active {
			stranger = p.AccountID
		}
	}
	for name, tt := range map[string]struct {
		app, as, module string
		change          func(c *ForgeCall)
	}{
		"app":       {"com.other", owner, "load-gadget", func(*ForgeCall) {}},
		"module":    {forgeAppID, owner, "other", func(*ForgeCall) {}},
		"person":    {forgeAppID, "nobody", "load-gadget", func(*ForgeCall) {}},
		"dashboard": {forgeAppID, owner, "load-gadget", func(c *ForgeCall) { c.Dashboard = "1" }},
		"item":      {forgeAppID, owner, "load-gadget", func(c *ForgeCall) { c.Item = "1" }},
		"path":      {forgeAppID, owner, "load-gadget", func(c *ForgeCall) { c.Path = "https://example.com/" }},
		"edit":      {forgeAppID, stranger, "load-gadget", func(c *ForgeCall) { c.Edit = true }},
	} {
		c := place
		tt.change(&c)
		if _, err := site.Invoke(t.Context(), tt.app, tt.as, tt.module, c); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	if err := site.ForgeSubmit(stranger, place.Dashboard, place.Item, json.RawMessage(`{}`)); err == nil {
		t.Error("a stranger kept a configuration")
	}
	if err := site.ForgeSubmit(owner, place.Dashboard, place.Item, json.RawMessage(`[]`)); err == nil {
		t.Error("a list was kept as configuration")
	}
}

func TestForgeKeysRotate(t *testing.T) {
	t.Parallel()
	site := quick(t)
	b := newForgeBackend(t, site)
	b.mustInstall()
	old, kid, _ := site.ForgeKey()
	if err := site.RotateForgeKey(); err != nil {
		t.Fatal(err)
	}
	now, nowKid, _ := site.ForgeKey()
	if now.Equal(old) || kid == nowKid || !strings.HasPrefix(nowKid, "forge/invocation-token/") {
		t.Errorf("got %s after %s", nowKid, kid)
	}
	if sent, err := site.ForgeTick(t.Context(), ""); sent != 1 || err != nil {
		t.Errorf("after the rotation: sent %d, %v", sent, err)
	}
	got := get(t, site.URL()+ForgeKeysPath, "")
	if !strings.Contains(got.header.Get("Cache-Control"), "max-age=") || !strings.Contains(string(got.body), kid) {
		t.Errorf("got %v %s", got.header, got.body)
	}
	if c := b.one("/tick"); len(c.body) > 0 || c.system == "" || c.token.App.Module.Key != "tick" {
		t.Errorf("tick: got %+v", c)
	}
}

func TestForgeTickReportsRefusal(t *testing.T) {
	t.Parallel()
	site := quick(t)
	b := newForgeBackend(t, site)
	b.mustInstall()
	b.refuse = 1
	if _, err := site.ForgeTick(t.Context(), forgeAppID); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("got %v", err)
	}
	b.idle()
	if n := len(b.taken("/tick")); n != 1 {
		t.Errorf("a tick was sent %d times", n)
	}
	if got := postJSON(t, site.URL()+"/-/forge/ticks", map[string]any{}); got.str("sent") != "1" {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

func TestForgeSendsALifecycleEventAgain(t *testing.T) {
	t.Parallel()
	site := quick(t)
	b := newForgeBackend(t, site)
	b.refuse = 9
	if app := b.mustInstall(); app.Status != http.StatusServiceUnavailable {
		t.Errorf("got %+v", app)
	}
	b.idle()
	if n := len(b.taken("/life")); n != 4 {
		t.Errorf("the event was sent %d times, want 4", n)
	}
}

func TestForgeTokensOpenTheAPI(t *testing.T) {
	t.Parallel()
	var late atomic.Int64 // hours
	site := NewSite(t, Options{Now: func() time.Time { return time.Now().Add(time.Duration(late.Load()) * time.Hour) }})
	b := newForgeBackend(t, site)
	app := b.mustInstall()
	place, owner := b.gadget(app)
	call := func(as string) forgeCall {
		t.Helper()
		if _, err := site.Invoke(t.Context(), forgeAppID, as, "load-gadget", place); err != nil {
			t.Fatal(err)
		}
		return b.one("/ui")
	}
	api := site.URL() + "/ex/jira/" + site.CloudID()
	who := func(token, path string) answered { return get(t, api+path, "Bearer "+token) }
	c := call(owner)
	if got := who(c.user, "/rest/api/3/myself"); got.str("accountId") != owner {
		t.Errorf("as the person: got %d %s", got.status, got.body)
	}
	if got := who(c.system, "/rest/api/2/myself"); got.str("accountType") != "app" {
		t.Errorf("as the app: got %d %s", got.status, got.body)
	}
	// It may have been given a moment before, with the install.
	if end := expiry(t, c.system); end.Sub(c.token.IssuedAt.Time).Round(time.Minute) != 4*time.Hour {
		t.Errorf("the system token ends at %s", end)
	}
	key, _ := anIssue(site)
	scope := do(t, http.MethodPut, api+"/rest/api/3/issue/"+key, "application/json", `{"fields":{}}`, "Bearer "+c.user)
	if string(scope.body) != `{"code":401,"message":"Unauthorized; scope does not match"}` || scope.header.Get("X-Failure-Category") != "FAILURE_CLIENT_SCOPE_CHECK" {
		t.Errorf("without a scope: got %s", scope.body)
	}
	for name, got := range map[string]answered{
		"scope":      scope,
		"other site": get(t, site.URL()+"/ex/jira/other/rest/api/3/myself", "Bearer "+c.user),
		"unknown":    who("x.y.z", "/rest/api/3/myself"),
		"none":       get(t, api+"/rest/api/3/myself", ""),
		"password":   get(t, api+"/rest/api/3/myself", basic(admin(site))),
		"elsewhere":  get(t, site.URL()+"/rest/api/3/myself", "Bearer "+c.user),
	} {
		want := map[string]int{"other site": http.StatusNotFound}[name]
		if want == 0 {
			want = http.StatusUnauthorized
		}
		if got.status != want {
			t.Errorf("%s: got %d %s, want %d", name, got.status, got.body, want)
		}
	}
	late.Store(1)
	if call(owner).user != c.user {
		t.Error("a token with three hours left was not given again")
	}
	late.Store(3)
	if call(owner).user == c.user {
		t.Error("a token with one hour left was given again")
	}
	late.Store(4)
	if got := who(c.user, "/rest/api/3/myself"); got.status != http.StatusUnauthorized {
		t.Errorf("after four hours: got %d", got.status)
	}
}

// expiry reads what a token says of itself.
func expiry(t *testing.T, token string) time.Time {
	t.Helper()
	var claims struct{ Exp int64 }
	parts := strings.Split(token, ".")
	data, err := base64.RawURLEncoding.DecodeString(parts[min(1, len(parts)-1)])
	if err != nil || json.Unmarshal(data, &claims) != nil {
		t.Fatalf("%q says nothing", token)
	}
	return time.Unix(claims.Exp, 0)
}

func TestForgeConsentAndExpiry(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	b := newForgeBackend(t, site)
	place, owner := b.gadget(b.mustInstall())
	invoke := func() forgeCall {
		t.Helper()
		if _, err := site.Invoke(t.Context(), forgeAppID, owner, "load-gadget", place); err != nil {
			t.Fatal(err)
		}
		return b.one("/ui")
	}
	me := site.URL() + "/ex/jira/" + site.CloudID() + "/rest/api/3/myself"
	first := invoke()
	if err := site.ExpireForgeTokens(forgeAppID); err != nil {
		t.Fatal(err)
	}
	if got := get(t, me, "Bearer "+first.user); got.status != http.StatusUnauthorized {
		t.Errorf("expired: got %d", got.status)
	}
	second := invoke()
	if second.user == first.user || get(t, me, "Bearer "+second.user).status != http.StatusOK {
		t.Error("no new token was given")
	}
	settings := do(t, http.MethodPut, site.URL()+"/-/forge/settings", "application/json", `{"withoutConsent":["`+owner+`"]}`, "")
	if settings.status != http.StatusOK || get(t, me, "Bearer "+second.user).status != http.StatusUnauthorized {
		t.Errorf("without consent the token lives: %d %s", settings.status, settings.body)
	}
	if c := invoke(); c.user != "" || c.system == "" {
		t.Errorf("without consent: got %+v", c)
	}
}

func TestForgeTokensOfTheTestsOwn(t *testing.T) {
	t.Parallel()
	site := NewSite(t)
	b := newForgeBackend(t, site)
	_, owner := b.gadget(b.mustInstall())
	claims, err := site.ForgeClaims(forgeAppID, "load-gadget", owner)
	if err != nil {
		t.Fatal(err)
	}
	good, err := site.SignForge(claims)
	if err != nil {
		t.Fatal(err)
	}
	claims["app"].(map[string]any)["module"] = map[string]any{"type": "core:endpoint", "key": "tick"}
	claims["iss"] = "somebody"
	bad, _ := site.SignForge(claims)
	for token, want := range map[string]int{good: http.StatusNoContent, bad: http.StatusUnauthorized} {
		if got := do(t, http.MethodGet, b.url+"/ui", "", "", "Bearer "+token); got.status != want {
			t.Errorf("got %d, want %d", got.status, want)
		}
	}
}

// An app and the Connect app that it is compared with, each on a dashboard.
func TestInstallOnSomeDashboards(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	b, boards := newForgeBackend(t, site), site.Objects().Dashboards
	for _, body := range []map[string]any{
		{"manifest": b.manifest(), "dashboards": []string{boards[0].ID}},
		{"descriptor": app.descriptorURL(), "dashboards": []string{boards[1].ID}},
	} {
		if got := postJSON(t, site.URL()+"/-/apps", body); got.status != http.StatusOK {
			t.Fatalf("got %d %s", got.status, got.body)
		}
	}
	var modules []string
	for _, d := range site.Objects().Dashboards {
		for _, item := range d.Items {
			modules = append(modules, d.ID+" "+item.Module)
		}
	}
	if want := []string{boards[0].ID + " load-gadget", boards[1].ID + " gadget"}; !slices.Equal(modules, want) {
		t.Errorf("got %q, want %q", modules, want)
	}
}
