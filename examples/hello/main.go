// Command hello is a whole app for Jira: a page that greets whoever looks at it, on
// Connect and on Forge.
package main

import (
	"context"
	"database/sql"
	_ "embed"
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

//go:embed atlassian-connect.json
var descriptor []byte

//go:embed page.html
var html string

func main() {
	page, noPage := template.New("page").Parse(html)
	db, noDB := sql.Open("sqlite", os.Getenv("DATABASE"))
	store, noStore := sqlstore.Open(context.Background(), db, os.Getenv("SECRET_KEYS"))
	app, noApp := connect.NewApp(connect.AppConfig{
		Descriptor: descriptor, BaseURL: os.Getenv("BASE_URL"), Store: store,
		KeysURL: os.Getenv("KEYS_URL"), TokenURL: os.Getenv("TOKEN_URL"),
	})
	forge, noForge := connect.NewForgeApp(connect.ForgeConfig{
		AppID: os.Getenv("FORGE_APP_ID"), Store: store,
		KeysURL: os.Getenv("FORGE_KEYS_URL"), APIURL: os.Getenv("FORGE_API_URL"),
	})
	if err := errors.Join(noPage, noDB, noStore, noApp, noForge); err != nil {
		log.Fatal(err)
	}
	show := func(w http.ResponseWriter, _ *http.Request, _ *connect.Caller) error {
		return page.Execute(w, os.Getenv("SCRIPT_URL"))
	}
	http.Handle("/", app)                // the descriptor, and what Jira tells of installs
	http.Handle("/page", app.Page(show)) // only with Jira's signature for this address
	// The page's script calls with the context token of whoever looks at it; a page on
	// Forge calls through Forge. Both are answered by the same code.
	http.Handle("/me", app.Context(greet))
	http.Handle("/forge/me", forge.Page(greet, connect.ForgeUI("jira:globalPage", "hello")))
	log.Fatal(http.ListenAndServe(os.Getenv("ADDR"), nil))
}

// greet asks Jira, as the person who looks, for their name.
func greet(w http.ResponseWriter, r *http.Request, c *connect.Caller) error {
	j, err := jira.New(c.API())
	if err != nil {
		return err
	}
	me, err := j.Myself.Get(r.Context())
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(map[string]string{"greeting": "Hello, " + me.DisplayName})
}
