package connect_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/jira"
)

const forgeAppManifest = `
app: {id: "ari:cloud:ecosystem::app/00000000-1111-2222-3333-444444444444", name: Hello}
modules:
  jira:globalPage:
    - {key: hello, title: Hello, resource: main, resolver: {endpoint: calls}}
    - {key: other, title: Other, resource: main, resolver: {endpoint: calls}}
  scheduledTrigger: [{key: hourly, endpoint: tick, interval: hour}]
  preUninstall: [{key: farewell, endpoint: gone}]
  endpoint:
    - {key: calls, remote: backend, auth: {appUserToken: {enabled: true}}}
    - {key: tick, remote: backend, route: {path: /tick}, auth: {appSystemToken: {enabled: true}}}
    - {key: gone, remote: backend, route: {path: /gone}}
resources: [{key: main, path: static}]
remotes: [{key: backend, baseUrl: BACKEND}]
permissions: {scopes: ["read:jira-user", "read:jira-work", "read:app-user-token", "read:app-system-token"]}
`

// startForgeApp is an app on a site: its page says who looks, its tick is counted as the
// app itself.
func startForgeApp(t *testing.T, site *connecttest.Site) (connecttest.ForgeApp, *forgeStore) {
	t.Helper()
	store := &forgeStore{tenants: map[connect.ForgeInstallationID]*connect.Tenant{}}
	app, err := connect.NewForgeApp(connect.ForgeConfig{
		AppID: "00000000-1111-2222-3333-444444444444", Store: store,
		KeysURL: site.URL() + connecttest.ForgeKeysPath, APIURL: site.URL(), UserAgent: "hello/1.0",
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/me", app.Page(func(w http.ResponseWriter, r *http.Request, c *connect.Caller) error {
		j, err := jira.New(c.API())
		if err != nil {
			return err
		}
		me, err := j.Myself.Get(r.Context())
		if err == nil {
			_, err = fmt.Fprintf(w, "%q", me.DisplayName)
		}
		return err
	}, connect.ForgeUI("jira:globalPage", "hello")))
	mux.Handle("/fails", app.Page(func(http.ResponseWriter, *http.Request, *connect.Caller) error {
		return errors.New("a secret of the house")
	}, connect.ForgeUI("jira:globalPage", "hello")))
	mux.Handle("/tick", app.Trigger("tick", connect.ForgeTick, func(_ http.ResponseWriter, r *http.Request, c *connect.Caller) error {
		j, err := jira.New(app.Client(c.Tenant()), c.Tenant().APIBaseURL)
		if err == nil {
			_, err = j.Myself.Get(r.Context())
		}
		return err
	}))
	mux.Handle("/gone", app.Uninstall("gone"))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	installed, err := site.InstallForge(t.Context(), connecttest.ForgeInstall{Source: connecttest.ForgeSource{
		Manifest:  strings.ReplaceAll(forgeAppManifest, "BACKEND", server.URL),
		Resources: map[string]map[string]string{"main": {"index.html": "<!doctype html>"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return installed, store
}

func TestForgeAppCalls(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	app, store := startForgeApp(t, site)
	who := site.People()[0]
	for _, tt := range []struct {
		module, path string
		status       int
		body         string
	}{
		{"hello", "/me", http.StatusOK, `"` + who.DisplayName + `"`},
		{"other", "/me", http.StatusForbidden, "the request is not for this place\n"},
		{"hello", "/fails", http.StatusInternalServerError, "the request could not be answered\n"},
		{"hello", "/tick", http.StatusForbidden, "the request is not for this place\n"},
	} {
		got, err := site.Invoke(t.Context(), app.AppID, who.AccountID, tt.module, connecttest.ForgeCall{Path: tt.path, Method: http.MethodPost})
		if err != nil || got.Status != tt.status || string(got.Body) != tt.body {
			t.Errorf("%s %s: got %d %q, %v, want %d %q", tt.module, tt.path, got.Status, got.Body, err, tt.status, tt.body)
		}
	}
	if sent, err := site.ForgeTick(t.Context(), app.AppID); sent != 1 || err != nil {
		t.Errorf("tick: %d, %v", sent, err)
	}
	if _, err := site.UninstallForge(t.Context(), app.AppID); err != nil {
		t.Fatal(err)
	}
	for id, tenant := range store.tenants {
		if tenant.State != connect.StateUninstalled {
			t.Errorf("%s is %s", id, tenant.State)
		}
	}
	for _, c := range []connect.ForgeConfig{{}, {AppID: "x"}, {Store: store}} {
		if _, err := connect.NewForgeApp(c); err == nil {
			t.Errorf("made an app of %+v", c)
		}
	}
}
