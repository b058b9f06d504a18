package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/examples/internal/exampletest"
	"github.com/sightline-go/sightline/internal/browsertest"
)

func TestMain(m *testing.M) { exampletest.Main(m, main) }

// install installs the example as forge deploy would, from its folder.
func install(t *testing.T, site *connecttest.Site, app *exampletest.Program) connecttest.ForgeApp {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile("manifest.yml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(manifest), "https://projects.example.com", app.URL)
	if err := os.WriteFile(filepath.Join(dir, "manifest.yml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	installed, err := site.InstallForge(t.Context(), connecttest.ForgeInstall{Source: connecttest.ForgeSource{Dir: dir}})
	if err != nil {
		t.Fatal(err)
	}
	return installed
}

func TestBackend(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	app := exampletest.Start(t, site, nil)
	installed := install(t, site, app)
	who := site.People()[0]
	got, err := site.Invoke(t.Context(), installed.AppID, who.AccountID, "projects", connecttest.ForgeCall{Path: "/api/projects", Method: http.MethodPost})
	var found struct{ Projects []project }
	if err != nil || got.Status != http.StatusOK || json.Unmarshal(got.Body, &found) != nil || len(found.Projects) != len(site.Objects().Projects) {
		t.Errorf("page: %d %s, %v", got.Status, got.Body, err)
	}
	app.Restart() // what it needs of the site is in the database
	if sent, err := site.ForgeTick(t.Context(), installed.AppID); sent != 1 || err != nil {
		t.Errorf("tick: %d, %v", sent, err)
	}
	exampletest.Until(t, "the hourly count", func() bool {
		return strings.Contains(app.Log(), fmt.Sprintf("site %s has ", site.CloudID()))
	})
	issue := site.Objects().Projects[0].Key + "-1"
	if err := site.Fire(t.Context(), connecttest.Webhook{Event: "jira:issue_updated", Issue: issue}); err != nil {
		t.Fatal(err)
	}
	exampletest.Until(t, "the event", func() bool { return strings.Contains(app.Log(), "avi:jira:updated:issue "+issue) })
	if gone, err := site.UninstallForge(t.Context(), installed.AppID); err != nil || gone.Status != http.StatusNoContent {
		t.Errorf("uninstall: %+v, %v", gone.Status, err)
	}
}

// In a browser, with the stand-in for Forge's bridge.
func TestPage(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	site := connecttest.NewSite(t)
	app := exampletest.Start(t, site, nil)
	installed := install(t, site, app)
	address, err := site.ModuleURL(installed.AppID, "projects", site.People()[0].AccountID, "", "")
	if err != nil {
		t.Fatal(err)
	}
	tab := browser.Open(t, address, 1280, 800)
	p := site.Objects().Projects[0]
	tab.FrameAt("iframe").Until(`document.querySelector('li')?.textContent === '` + p.Key + " " + p.Name + `'`)
}
