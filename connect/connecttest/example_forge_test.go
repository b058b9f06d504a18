package connecttest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// helloManifest is a Forge app with one page, whose backend is called for the
// page, every hour, and before it is uninstalled.
const helloManifest = `
app: {id: "ari:cloud:ecosystem::app/00000000-1111-2222-3333-444444444444", name: Hello}
modules:
  jira:globalPage: [{key: hello-page, title: Hello, resource: main, resolver: {endpoint: calls}}]
  scheduledTrigger: [{key: hourly, endpoint: tick, interval: hour}]
  preUninstall: [{key: farewell, endpoint: gone}]
  endpoint:
    - {key: calls, remote: backend, auth: {appUserToken: {enabled: true}}}
    - {key: tick, remote: backend, route: {path: /tick}}
    - {key: gone, remote: backend, route: {path: /gone}}
resources: [{key: main, path: static}]
remotes: [{key: backend, baseUrl: BACKEND}]
permissions: {scopes: ["read:jira-work", "read:app-user-token"]}
`

// A Forge Remote backend is tested without an account: the site installs its
// manifest, calls it as Forge does, and checks nothing but what Forge checks. A
// real backend verifies the bearer token against the key set at ForgeKeysPath.
func Example_forgeRemote() {
	ctx := context.Background()
	site, err := connecttest.New(connecttest.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer site.Close()
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signed := strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ")
		fmt.Println(r.Method, r.URL.Path, signed, "person:", r.Header.Get("X-Forge-Oauth-User") != "")
		_, _ = w.Write([]byte(`{"text":"Hello!"}`))
	}))
	defer backend.Close()

	app, err := site.InstallForge(ctx, connecttest.ForgeInstall{Source: connecttest.ForgeSource{
		Manifest:  strings.ReplaceAll(helloManifest, "BACKEND", backend.URL),
		Resources: map[string]map[string]string{"main": {"index.html": "<!doctype html><title>Hello</title>"}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	got, err := site.Invoke(ctx, app.AppID, site.People()[0].AccountID, "hello-page", connecttest.ForgeCall{Path: "/api/hello"})
	fmt.Println(got.Status, string(got.Body), err)
	sent, err := site.ForgeTick(ctx, app.AppID)
	fmt.Println(sent, err)
	gone, err := site.UninstallForge(ctx, app.AppID)
	fmt.Println(gone.Status, err)
	// Output:
	// GET /api/hello true person: true
	// 200 {"text":"Hello!"} <nil>
	// POST /tick true person: false
	// 1 <nil>
	// POST /gone true person: false
	// 200 <nil>
}
