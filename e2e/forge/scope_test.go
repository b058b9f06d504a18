package forge

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// TestForgeMissingScope: while no admin has approved a scope of the manifest,
// people read who can, each time, and are not asked for their own permission.
// With the scope the gadget is back at once.
func TestForgeMissingScope(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Configure(t, "workload", "HARB")
	owner := f.Dashboard.Owner
	f.View(t, owner, "workload")
	path := filepath.Join(f.Folder, "manifest.yml")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	install := func(manifest string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(manifest), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Site.InstallForge(t.Context(), connecttest.ForgeInstall{Source: connecttest.ForgeSource{Dir: f.Folder}}); err != nil {
			t.Fatal(err)
		}
	}
	install(strings.ReplaceAll(string(whole), "read:jira-work", "read:servicedesk-request"))
	f.ForgetViews(t)
	for range 2 { // the person's token must outlive the first refusal
		got := f.Call(t, owner, "workload", "/view?fresh=1")
		if got.Code != http.StatusForbidden || !strings.Contains(got.HTML, "Ask a Jira admin to approve the update") || strings.Contains(got.HTML, "Allow access") {
			t.Errorf("got %d %s", got.Code, got.HTML)
		}
	}
	install(string(whole))
	f.View(t, owner, "workload")
}
