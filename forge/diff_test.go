package forge_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect/descriptor"
	"github.com/sightline-go/sightline/forge"
)

func diff(t *testing.T, older, newer string) []string {
	t.Helper()
	changes, err := forge.Diff([]byte(older), []byte(newer))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, c := range changes {
		if c.Says == "" || !strings.Contains(c.String(), c.Says) {
			t.Errorf("the change says too little: %+v", c)
		}
		list = append(list, string(c.Need)+" "+c.Path)
	}
	return list
}

// TestDiff holds each rule to one change of a manifest.
func TestDiff(t *testing.T) {
	t.Parallel()
	const storage = "    storage:\n      inScopeEUD: true"
	for _, c := range []struct {
		name, of, old, new string
		want               []string
	}{
		{"nothing", "forge", "app:", "app:", nil},
		{"a comment and the order", "forge", "    name: nodejs22.x # Forge wants one, the app has no functions", "    name: nodejs22.x", nil},
		{"a module is new", "forge", "  scheduledTrigger:\n", "  scheduledTrigger:\n    - {key: daily, endpoint: tick, interval: day}\n", []string{"nothing modules.scheduledTrigger.daily"}},
		{"a module is gone", "forge", "  preUninstall:\n    - key: before-uninstall\n      endpoint: uninstall\n", "", []string{"nothing modules.preUninstall.before-uninstall"}},
		{"a module is another one", "forge", "      refreshable: true", "      refreshable: false", []string{"nothing modules.jira:dashboardGadget.workload-gadget"}},
		{"a scope is new", "forge", "    - read:jira-user", "    - manage:jira-project\n    - read:jira-user", []string{"approval permissions.scopes"}},
		{"a scope is gone", "forge", "    - write:jira-work # a person logs their own work and hands issues over; the gadget's own settings on the dashboard\n", "", []string{"nothing permissions.scopes"}},
		{"a scope that Connect's hold", "hybrid", "    - read:jira-user", "    - manage:jira-webhook\n    - read:jira-user", []string{"upgrade permissions.scopes"}},
		{"a scope that Connect's do not hold", "hybrid", "    - read:jira-user", "    - manage:jira-project\n    - read:jira-user", []string{"approval permissions.scopes"}},
		{"licensing", "forge", "    enabled: false # as", "    enabled: true # as", []string{"approval app.licensing.enabled"}},
		{"an endpoint is another one", "forge", "path: /forge/tick", "path: /forge/hour", []string{"approval modules.endpoint.tick"}},
		{"an endpoint is new", "forge", "  endpoint:\n", "  endpoint:\n    - {key: more, remote: backend}\n", []string{"approval modules.endpoint.more"}},
		{"the base URL", "forge", "https://sightline.example/app #", "https://other.example #", []string{"approval remotes.backend.baseUrl"}},
		{"a remote is new", "forge", "remotes:\n", "remotes:\n  - {key: second, baseUrl: https://a.example}\n", []string{"approval remotes.second"}},
		{"a remote says otherwise what it stores", "forge", storage, strings.Replace(storage, "true", "false", 1), []string{"approval remotes.backend.storage"}},
		{"pages load more", "forge", "permissions:\n", "permissions:\n  external: {images: [a.example]}\n", []string{"approval permissions.external"}},
		{"the Connect key", "hybrid", "key: app.sightline #", "key: app.other #", []string{"refused app.connect.key"}},
		{"the Connect key is gone", "hybrid", "    key: app.sightline #", "    #", []string{"refused app.connect.key"}},
		{"Connect's remote is gone", "hybrid", "    remote: backend\n    auth", "    auth", []string{"upgrade app.connect.remote"}},
	} {
		older := readFile(t, "testdata", c.of+".yml")
		if !strings.Contains(older, c.old) {
			t.Fatalf("%s: %s.yml has no %q", c.name, c.of, c.old)
		}
		if d := cmp.Diff(c.want, diff(t, older, strings.Replace(older, c.old, c.new, 1))); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

// TestDiffOfOurStages checks what our upgrades ask of admins.
func TestDiffOfOurStages(t *testing.T) {
	t.Parallel()
	_, served, err := descriptor.Render(sightline.ConnectDescriptor, baseURL)
	if err != nil {
		t.Fatal(err)
	}
	hybrid := readFile(t, "testdata", "hybrid.yml")
	kept := string(manifest(t, forge.Options{BaseURL: baseURL, AppID: appID, ConnectKey: connectKey}))

	asked := func(list []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(c string) bool { return strings.HasPrefix(c, "nothing ") })
	}
	// All but the token of the app's own comes with Connect's scopes.
	want := []string{"approval permissions.scopes"}
	for range 7 {
		want = append(want, "upgrade permissions.scopes")
	}
	if d := cmp.Diff(want, asked(diff(t, string(served), hybrid))); d != "" {
		t.Errorf("from Connect to hybrid (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"upgrade app.connect.remote", "upgrade connectModules"}, asked(diff(t, hybrid, kept))); d != "" {
		t.Errorf("from hybrid to Forge (-want +got):\n%s", d)
	}
	moved := strings.Replace(hybrid, "https://sightline.example/app #", "https://other.example #", 1)
	if got := diff(t, string(served), moved); !slices.Contains(got, "approval remotes[0].baseUrl") {
		t.Errorf("another base URL: got %v", got)
	}
	other := strings.Replace(hybrid, "key: app.sightline #", "key: app.other #", 1)
	if got := diff(t, string(served), other); got[0] != "refused app.connect.key" {
		t.Errorf("another Connect key: got %v", got)
	}
}

func TestDiffRefusesOtherFiles(t *testing.T) {
	t.Parallel()
	right := readFile(t, "testdata", "forge.yml")
	if _, err := forge.Diff([]byte("a: ["), []byte(right)); err == nil || !strings.Contains(err.Error(), "old") {
		t.Errorf("got %v", err)
	}
	if _, err := forge.Diff([]byte(right), []byte("a: [")); err == nil || !strings.Contains(err.Error(), "new") {
		t.Errorf("got %v", err)
	}
}
