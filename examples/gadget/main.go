// Command gadget shows on a Jira dashboard how much its viewer has to do, on Connect and
// on Forge. docs/build-your-own.md builds it step by step.
package main

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"html/template"
	"log"
	"net/http"
	"os"

	_ "modernc.org/sqlite"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/sqlstore"
)

//go:embed atlassian-connect.json gadget.html thumbnail.svg
var files embed.FS

func main() {
	if err := run(os.Getenv("ADDR"), os.Getenv("BASE_URL"), os.Getenv("SITE")); err != nil {
		log.Fatal(err)
	}
}

// run serves the app. site is the address of a local site; empty stands for Atlassian.
func run(addr, baseURL, site string) error {
	at := func(path, atlassian string) string {
		if site == "" {
			return atlassian
		}
		return site + path
	}
	db, noDB := sql.Open("sqlite", os.Getenv("DATABASE"))
	store, noStore := sqlstore.Open(context.Background(), db, os.Getenv("SECRET_KEYS"))
	descriptor, noDescriptor := files.ReadFile("atlassian-connect.json")
	page, noPage := template.ParseFS(files, "gadget.html")
	app, noApp := connect.NewApp(connect.AppConfig{
		Descriptor: descriptor, BaseURL: baseURL, Store: store,
		KeysURL: at("/install-keys", ""), TokenURL: at("/oauth2/token", ""),
	})
	forge, noForge := connect.NewForgeApp(connect.ForgeConfig{
		AppID: os.Getenv("FORGE_APP_ID"), Store: store,
		KeysURL: at("/forge/.well-known/jwks.json", ""), APIURL: at("", ""),
	})
	if err := errors.Join(noDB, noStore, noDescriptor, noPage, noApp, noForge); err != nil {
		return err
	}
	script := at("/atlassian-connect/all.js", "https://connect-cdn.atl-paas.net/all.js")
	http.Handle("/", app) // the descriptor, and what Jira tells of installs
	http.Handle("/thumbnail.svg", http.FileServerFS(files))
	http.Handle("/gadget", app.Page(func(w http.ResponseWriter, _ *http.Request, _ *connect.Caller) error {
		return page.Execute(w, script)
	}))
	http.Handle("/count", app.Context(count)) // the page's script, on Connect
	http.Handle("/forge/count", forge.Page(count, connect.ForgeUI("jira:dashboardGadget", "open")))
	return http.ListenAndServe(addr, nil)
}

// count asks Jira, as the person who looks, how many issues they have open.
func count(w http.ResponseWriter, r *http.Request, c *connect.Caller) error {
	j, err := jira.New(c.API())
	if err != nil {
		return err
	}
	n, err := j.Search.Count(r.Context(), "assignee = currentUser() AND statusCategory != Done")
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(map[string]int64{"open": n})
}
