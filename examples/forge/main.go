// Command forge is the backend of an app that is only on Forge: a page's calls, the
// hourly trigger, Jira's events, and the end.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"

	_ "modernc.org/sqlite"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/sqlstore"
)

func main() {
	db, noDB := sql.Open("sqlite", os.Getenv("DATABASE"))
	store, noStore := sqlstore.Open(context.Background(), db, os.Getenv("SECRET_KEYS"))
	app, noApp := connect.NewForgeApp(connect.ForgeConfig{
		AppID: os.Getenv("FORGE_APP_ID"), Store: store,
		KeysURL: os.Getenv("FORGE_KEYS_URL"), APIURL: os.Getenv("FORGE_API_URL"),
	})
	if err := errors.Join(noDB, noStore, noApp); err != nil {
		log.Fatal(err)
	}
	// The routes are those of the endpoints in manifest.yml. Each takes only the tokens
	// that Forge made for its own module.
	http.Handle("POST /api/projects", app.Page(projects, connect.ForgeUI("jira:globalPage", "projects")))
	http.Handle("POST /hourly", app.Trigger("hourly", connect.ForgeTick, count(app)))
	http.Handle("POST /changed", app.Trigger("changed", connect.ForgeTrigger, changed))
	http.Handle("POST /gone", app.Uninstall("gone"))
	log.Fatal(http.ListenAndServe(os.Getenv("ADDR"), nil))
}

// project is what the page shows.
type project struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// projects lists what the person who looks may see, because it asks as that person.
// A page's answer is a JSON object: Forge's bridge spoils lists and texts.
func projects(w http.ResponseWriter, r *http.Request, c *connect.Caller) error {
	j, err := jira.New(c.API())
	if err != nil {
		return err
	}
	found := []project{}
	for p, err := range j.Projects.All(r.Context(), jira.ProjectSearchOptions{}) {
		if err != nil {
			return err
		}
		found = append(found, project{p.Key, p.Name})
	}
	return json.NewEncoder(w).Encode(map[string][]project{"projects": found})
}

// count runs once an hour for each site, as the app itself: nobody looks. The call also
// brings the token that the app's own calls need until the next one.
func count(app *connect.ForgeApp) connect.Handler {
	return func(_ http.ResponseWriter, r *http.Request, c *connect.Caller) error {
		j, err := jira.New(app.Client(c.Tenant()), c.Tenant().APIBaseURL)
		if err != nil {
			return err
		}
		n, err := j.Search.Count(r.Context(), "statusCategory != Done")
		if err == nil {
			log.Printf("site %s has %d open issues", c.Tenant().CloudID, n)
		}
		return err
	}
}

// changed is told of every changed issue. Answer within a second and work later, as the
// example webhook-worker does: Forge calls again after a 5xx, and may call twice.
func changed(_ http.ResponseWriter, r *http.Request, c *connect.Caller) error {
	var event struct {
		EventType string `json:"eventType"`
		Issue     struct {
			Key string `json:"key"`
		} `json:"issue"`
	}
	if err := json.NewDecoder(r.Body).Decode(&event); err != nil {
		return err
	}
	log.Printf("site %s: %s %s", c.Tenant().CloudID, event.EventType, event.Issue.Key)
	return nil
}
