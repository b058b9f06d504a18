package descriptor_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/descriptor"
)

const goodDescriptor = `{
  "key": "com.example.app", "name": "Example", "baseUrl": "https://app.example.com/connect",
  "vendor": {"name": "Example", "url": "https://example.com"},
  "links": {"self": "https://app.example.com/atlassian-connect.json?a=1&b=2"},
  "authentication": {"type": "jwt"}, "enableLicensing": false, "x-unknown": {"b": 1, "a": [2, null]},
  "lifecycle": {"installed": "/installed", "uninstalled": "/uninstalled", "enabled": "/enabled", "disabled": "/disabled"},
  "scopes": ["read", "WRITE", "ACT_AS_USER"],
  "apiMigrations": {"signed-install": true, "context-qsh": true, "gdpr": true},
  "modules": {
    "jiraDashboardItems": [{
      "key": "gadget", "name": {"value": "Gadget"}, "description": {"value": "Shows"}, "configurable": true,
      "url": "/gadget?id={dashboardItem.id}&project=${project.id}&c={condition.is_admin(a=b)}", "thumbnailUrl": "https://cdn.example.com/t.png"
    }],
    "webhooks": [{"event": "jira:issue_updated", "url": "/hook?k={issue.key}"}, {"event": "option_voting_changed", "url": "/hook"}],
    "generalPages": [{"key": "page", "name": {"value": "Page"}, "url": "/page"}],
    "configurePage": {"key": "configure", "name": {"value": "Configure"}, "url": "/configure"},
    "jiraIssueGlances": [{"key": "glance", "target": {"type": "web_panel", "url": "/glance"}}],
    "webItems": [{"key": "item", "url": "https://example.com/docs", "target": {"type": "page"}}]
  }
}`

func TestDescriptor(t *testing.T) {
	t.Parallel()
	d, err := descriptor.Parse([]byte(goodDescriptor))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Check(); err != nil {
		t.Error(err)
	}
	if d.Key != "com.example.app" || d.Modules.DashboardItems[0].Name.Value != "Gadget" || !d.Modules.DashboardItems[0].Configurable ||
		d.Modules.ConfigurePage.URL != "/configure" || d.Modules.Webhooks[1].Event != "option_voting_changed" {
		t.Errorf("got %+v", d)
	}
}

func TestDescriptorRender(t *testing.T) {
	t.Parallel()
	d, err := descriptor.Parse([]byte(goodDescriptor))
	if err != nil {
		t.Fatal(err)
	}
	out, err := d.Render("https://new.example.com/app/")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(goodDescriptor, "https://app.example.com/connect", "https://new.example.com/app", 1)
	if diff := cmp.Diff(decode(t, want), decode(t, string(out))); diff != "" {
		t.Errorf("want +got:\n%s", diff)
	}
	if !strings.Contains(string(out), "a=1&b=2") {
		t.Errorf("escaped for HTML:\n%s", out)
	}
}

func decode(t *testing.T, text string) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// edit sets one value in a descriptor by its path, "" as value taking it out.
func edit(t *testing.T, text, path, value string) string {
	t.Helper()
	root := decode(t, text)
	var at any = root
	names := strings.Split(path, "/")
	for _, name := range names[:len(names)-1] {
		switch v := at.(type) {
		case map[string]any:
			at = v[name]
		case []any:
			at = v[int(name[0]-'0')]
		}
	}
	last := names[len(names)-1]
	if value == "" {
		delete(at.(map[string]any), last)
	} else {
		var v any
		if err := json.Unmarshal([]byte(value), &v); err != nil {
			t.Fatal(err)
		}
		at.(map[string]any)[last] = v
	}
	out, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestDescriptorCheck(t *testing.T) {
	t.Parallel()
	const item, hook = "modules/jiraDashboardItems/0/", "modules/webhooks/0/"
	tests := []struct{ path, value, want string }{
		{"key", "", "key: "},
		{"key", `"has space"`, "key: "},
		{"key", `"` + strings.Repeat("k", 65) + `"`, "key: "},
		{"name", "", "name: "},
		{"baseUrl", "", "baseUrl: "},
		{"baseUrl", `"http://app.example.com"`, "baseUrl: "},
		{"baseUrl", `"http://127.0.0.1:8080"`, ""},
		{"baseUrl", `"http://localhost:8080/x"`, ""},
		{"baseUrl", `"https://app.example.com/"`, "baseUrl: "},
		{"baseUrl", `"https://app.example.com?x"`, "baseUrl: "},
		{"baseUrl", `"https://user@app.example.com"`, "baseUrl: "},
		{"baseUrl", `"app.example.com"`, "baseUrl: "},
		{"authentication/type", `"none"`, "authentication.type: "},
		{"authentication", "", "authentication.type: "},
		{"authentication/type", `"JWT"`, ""},
		{"vendor/url", "", "vendor: "},
		{"vendor", "", ""},
		{"lifecycle/installed", "", "lifecycle.installed: "},
		{"lifecycle/installed", `"https://evil.com/installed"`, "lifecycle.installed: "},
		{"lifecycle/uninstalled", `"//evil.com/x"`, "lifecycle.uninstalled: "},
		{"lifecycle/enabled", `"enabled"`, "lifecycle.enabled: "},
		{"lifecycle/disabled", "", ""},
		{"scopes", `["READ","Write"]`, "scopes[1]: "},
		{"scopes", `["READ","SPACE_ADMIN"]`, "scopes[1]: "},
		{"scopes", `["ACT_AS_USER"]`, "scopes: "},
		{"scopes", "", "scopes: "},
		{"scopes", `["admin"]`, ""},
		{"apiMigrations/signed-install", "false", "apiMigrations.signed-install: "},
		{"apiMigrations/context-qsh", "", "apiMigrations.context-qsh: "},
		{"apiMigrations/gdpr", "", "apiMigrations.gdpr: "},
		{item + "key", "", "modules.jiraDashboardItems[0].key: "},
		{item + "key", `"with_underscore"`, "modules.jiraDashboardItems[0].key: "},
		{item + "key", `"` + strings.Repeat("k", 101) + `"`, "modules.jiraDashboardItems[0].key: "},
		{item + "key", `"page"`, "modules.jiraDashboardItems[0].key: "},
		{item + "name", "", "modules.jiraDashboardItems[0].name.value: "},
		{item + "name", `{"value":"` + strings.Repeat("n", 1501) + `"}`, "modules.jiraDashboardItems[0].name: "},
		{item + "description/value", `""`, "modules.jiraDashboardItems[0].description.value: "},
		{item + "thumbnailUrl", "", "modules.jiraDashboardItems[0].thumbnailUrl: "},
		{item + "thumbnailUrl", `"http://cdn.example.com/t.png"`, "modules.jiraDashboardItems[0].thumbnailUrl: "},
		{item + "url", "", "modules.jiraDashboardItems[0].url: "},
		{item + "url", `"https://evil.com/g"`, "modules.jiraDashboardItems[0].url: "},
		{item + "url", `"/g?{x"`, "modules.jiraDashboardItems[0].url: "},
		{item + "url", `"/g?dashboard[id]=1"`, "modules.jiraDashboardItems[0].url: "},
		{item + "url", `"/g#x"`, "modules.jiraDashboardItems[0].url: "},
		{hook + "event", `"issue_updated"`, "modules.webhooks[0].event: "},
		{hook + "event", `""`, "modules.webhooks[0].event: "},
		{hook + "event", `"jira:version_unreleased"`, ""},
		{hook + "url", "", "modules.webhooks[0].url: "},
		{hook + "key", `"gadget"`, "modules.webhooks[0].key: "},
		{"modules/generalPages/0/name", "", "modules.generalPages[0].name.value: "},
		{"modules/generalPages/0/url", "", "modules.generalPages[0].url: "},
		{"modules/configurePage/url", `"x"`, "modules.configurePage.url: "},
		{"modules/configurePage/key", `"gadget"`, "modules.jiraDashboardItems[0].key: "},
		{"modules/postInstallPage", `{"key":"start","name":{"value":"S"}}`, "modules.postInstallPage.url: "},
		{"modules/jiraIssueGlances/0/target/url", `"https://evil.com"`, "modules.jiraIssueGlances[0].target.url: "},
		{"modules/jiraIssueGlances/0/key", `"gadget"`, "modules.jiraIssueGlances[0].key: "},
	}
	for _, tt := range tests {
		d, err := descriptor.Parse([]byte(edit(t, goodDescriptor, tt.path, tt.value)))
		if err != nil {
			t.Errorf("%s = %s: %v", tt.path, tt.value, err)
			continue
		}
		wantProblem(t, tt.path+" = "+tt.value, d.Check(), tt.want)
	}
}

// wantProblem wants one line that begins with a path, or none.
func wantProblem(t *testing.T, name string, err error, want string) {
	t.Helper()
	if want == "" && err == nil {
		return
	}
	if err == nil || want == "" {
		t.Errorf("%s: got %v, want %q", name, err, want)
		return
	}
	lines := strings.Split(err.Error(), "\n")
	if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, want) }) || len(lines) > 2 {
		t.Errorf("%s: got %q, want %q", name, lines, want)
	}
}

func TestDescriptorCheckFindsAll(t *testing.T) {
	t.Parallel()
	d, err := descriptor.Parse([]byte(`{"modules":{"webhooks":[{}],"other":[{"key":"a"},{"key":"a"}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for line := range strings.SplitSeq(d.Check().Error(), "\n") {
		path, _, _ := strings.Cut(line, ": ")
		got[path] = true
	}
	want := []string{
		"apiMigrations.context-qsh", "apiMigrations.gdpr", "apiMigrations.signed-install", "authentication.type", "baseUrl", "key",
		"lifecycle.installed", "modules.other[1].key", "modules.webhooks[0].event", "modules.webhooks[0].url", "name", "scopes",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "[]", `"x"`, "{", `{"key":1}`, `{"modules":[]}`, `{"modules":{"webhooks":{}}}`, `{"modules":{"x":5}}`,
		`{"modules":{"configurePage":[{}]}}`, `{"modules":{"x":["y"]}}`, `{"apiMigrations":{"gdpr":"yes"}}`,
	} {
		if d, err := descriptor.Parse([]byte(text)); err == nil {
			t.Errorf("%s: got %+v, want an error", text, d)
		}
	}
}
