package main

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/examples/internal/exampletest"
	"github.com/sightline-go/sightline/internal/browsertest"
)

func TestMain(m *testing.M) { exampletest.Main(m, main) }

// start runs the example beside a site, and picks somebody with open issues.
func start(t *testing.T) (*connecttest.Site, *exampletest.Program, connecttest.Person) {
	t.Helper()
	site := connecttest.NewSite(t)
	app := exampletest.Start(t, site, map[string]string{"SITE": site.URL()})
	people := site.People()
	at := slices.IndexFunc(people, func(p connecttest.Person) bool { return p.Username == "creyes" })
	return site, app, people[at]
}

// On a dashboard in a browser, the number is the person's own.
func TestOnConnect(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	site, app, who := start(t)
	if _, err := site.Install(t.Context(), app.URL+"/atlassian-connect.json"); err != nil {
		t.Fatal(err)
	}
	board := site.Objects().Dashboards[0]
	tab := browser.Open(t, site.URL()+"/jira/dashboards/"+board.ID+"?as="+who.AccountID, 1280, 800)
	shown := tab.Frame("/gadget")
	shown.Until(`/^[1-9]\d* open$/.test(document.querySelector('p')?.textContent)`)
	if problems := tab.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %q", problems)
	}
}

func TestOnForge(t *testing.T) {
	t.Parallel()
	site, app, who := start(t)
	manifest, err := os.ReadFile("manifest.yml")
	if err != nil {
		t.Fatal(err)
	}
	installed, err := site.InstallForge(t.Context(), connecttest.ForgeInstall{Source: connecttest.ForgeSource{
		Manifest:  strings.ReplaceAll(string(manifest), "https://gadget.example.com", app.URL),
		Resources: map[string]map[string]string{"gadget": {"index.html": "<!doctype html>"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	board := site.Objects().Dashboards[0]
	got, err := site.Invoke(t.Context(), installed.AppID, who.AccountID, "open", connecttest.ForgeCall{
		Dashboard: board.ID, Item: board.Items[0].ID, Path: "/forge/count", Method: http.MethodPost,
	})
	if err != nil || got.Status != http.StatusOK || !regexp.MustCompile(`^{"open":[1-9]\d*}\s*$`).Match(got.Body) {
		t.Errorf("got %d %s, %v", got.Status, got.Body, err)
	}
	if status, _ := exampletest.Get(t, app.URL+"/forge/count", "Bearer x"); status != http.StatusUnauthorized {
		t.Errorf("another token: %d, want 401", status)
	}
}

// The document has these files, word for word: who types them in gets this app.
func TestDocument(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/build-your-own.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"main.go", "atlassian-connect.json", "gadget.html", "thumbnail.svg", "manifest.yml", "static/index.html", "static/index.js", "static/bridge.js"} {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), fmt.Sprintf("`%s`", name)) || !strings.Contains(string(text), "\n"+strings.TrimSpace(string(file))+"\n```") {
			t.Errorf("docs/build-your-own.md does not have %s as it is here", name)
		}
	}
}
