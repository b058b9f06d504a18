package main

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/examples/internal/exampletest"
	"github.com/sightline-go/sightline/internal/browsertest"
)

func TestMain(m *testing.M) { exampletest.Main(m, main) }

// The example is what its size promises.
func TestThirtyLines(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	lines, imports := 0, false
	for line := range strings.Lines(string(source)) {
		text := strings.TrimSpace(line)
		if len(strings.ReplaceAll(line, "\t", "        ")) > 101 {
			t.Errorf("more than 100 columns: %s", text)
		}
		imports = imports || text == "import ("
		if !imports && strings.Trim(text, "(){}[],") != "" && !strings.HasPrefix(text, "//") {
			lines++
		}
		imports = imports && text != ")"
	}
	if lines > 30 {
		t.Errorf("%d lines of code, want at most 30", lines)
	}
}

// A page, its script, and the install that outlives the process.
func TestOnConnect(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	app := exampletest.Start(t, site, nil)
	if _, err := site.Install(t.Context(), app.URL+"/atlassian-connect.json"); err != nil {
		t.Fatal(err)
	}
	who := site.People()[0]
	app.Restart()
	page, err := site.ModuleURL("hello", "page", who.AccountID, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if status, body := exampletest.Get(t, page, ""); status != http.StatusOK || !strings.Contains(body, site.URL()+"/atlassian-connect/all.js") {
		t.Errorf("page: %d %s", status, body)
	}
	token, err := site.ContextToken("hello", who.AccountID)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := exampletest.Get(t, app.URL+"/me", "JWT "+token); status != http.StatusOK || exampletest.Greeting(body) != "Hello, "+who.DisplayName {
		t.Errorf("me: %d %s", status, body)
	}
	for name, address := range map[string]string{"changed page": page + "&x=1", "no token": app.URL + "/page", "me without token": app.URL + "/me"} {
		if status, _ := exampletest.Get(t, address, ""); status != http.StatusUnauthorized {
			t.Errorf("%s: %d, want 401", name, status)
		}
	}
	// The log comes through a pipe, after the answers.
	exampletest.Until(t, "the log says what was signed and what was due", func() bool {
		return strings.Contains(app.Log(), "jwt.qsh_mismatch") && strings.Contains(app.Log(), "GET&/page&")
	})
	if log := app.Log(); strings.Contains(log, token) {
		t.Errorf("the log holds a token: %s", log)
	}
}

// In a browser, on the site's own page.
func TestInBrowser(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	site := connecttest.NewSite(t)
	app := exampletest.Start(t, site, nil)
	if _, err := site.Install(t.Context(), app.URL+"/atlassian-connect.json"); err != nil {
		t.Fatal(err)
	}
	who := site.People()[0]
	tab := browser.Open(t, site.URL()+"/plugins/servlet/ac/hello/page?as="+who.AccountID, 1280, 800)
	tab.Frame("/page").Until(`document.querySelector('h1')?.textContent === 'Hello, ` + who.DisplayName + `'`)
	if problems := tab.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %q", problems)
	}
}

func TestOnForge(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	app := exampletest.Start(t, site, nil)
	manifest, err := os.ReadFile("manifest.yml")
	if err != nil {
		t.Fatal(err)
	}
	installed, err := site.InstallForge(t.Context(), connecttest.ForgeInstall{Source: connecttest.ForgeSource{
		Manifest:  strings.ReplaceAll(string(manifest), "https://hello.example.com", app.URL),
		Resources: map[string]map[string]string{"page": {"index.html": "<!doctype html>"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	people := site.People()
	at := slices.IndexFunc(people, func(p connecttest.Person) bool { return p.Active && !p.Admin })
	who := people[at]
	got, err := site.Invoke(t.Context(), installed.AppID, who.AccountID, "hello", connecttest.ForgeCall{Path: "/forge/me", Method: http.MethodPost})
	if err != nil || got.Status != http.StatusOK || exampletest.Greeting(string(got.Body)) != "Hello, "+who.DisplayName {
		t.Errorf("got %d %s, %v", got.Status, got.Body, err)
	}
	if status, _ := exampletest.Get(t, app.URL+"/forge/me", "Bearer x"); status != http.StatusUnauthorized {
		t.Errorf("another token: %d, want 401", status)
	}
}
