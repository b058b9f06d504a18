package connecttest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// exampleApp is a Connect app with one gadget that checks nothing.
func exampleApp() *httptest.Server {
	mux := http.NewServeMux()
	app := httptest.NewServer(mux)
	mux.HandleFunc("GET /atlassian-connect.json", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{
			"key": "com.example.hello", "name": "Hello", "baseUrl": %q,
			"authentication": {"type": "jwt"}, "scopes": ["READ"],
			"apiMigrations": {"signed-install": true, "context-qsh": true, "gdpr": true},
			"lifecycle": {"installed": "/installed"},
			"modules": {"jiraDashboardItems": [{
				"key": "hello", "name": {"value": "Hello"}, "description": {"value": "Says hello"},
				"url": "/hello?dashboard={dashboard.id}", "thumbnailUrl": "/hello.png"
			}]}
		}`, app.URL)
	})
	mux.HandleFunc("POST /installed", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /hello", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "Hello, dashboard %s!", r.FormValue("dashboard"))
	})
	return app
}

// A site served by hand: install an app, open its gadget, and read what went
// over the wire.
func Example() {
	ctx := context.Background()
	app := exampleApp()
	defer app.Close()

	site, err := connecttest.New(connecttest.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer site.Close()
	server := httptest.NewServer(site)
	defer server.Close()
	if err := site.SetBaseURL(server.URL); err != nil {
		fmt.Println(err)
		return
	}

	installed, err := site.Install(ctx, app.URL+"/atlassian-connect.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	board := site.Objects().Dashboards[0]
	address, err := site.ModuleURL(installed.Key, "hello", board.Owner, board.ID, board.Items[0].ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	response, err := http.Get(address)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	page, _ := io.ReadAll(response.Body)
	fmt.Println(string(page))

	for _, r := range site.Requests(0) {
		fmt.Println(r.From, r.Operation, r.Status)
	}
	// Output:
	// Hello, dashboard 10000!
	// site descriptor 200
	// site lifecycle.installed 204
}

// In a test, one line starts the site; it stops when the test ends.
func ExampleNewSite() {
	_ = func(t *testing.T) {
		site := connecttest.NewSite(t)
		app := exampleApp()
		defer app.Close()
		if _, err := site.Install(t.Context(), app.URL+"/atlassian-connect.json"); err != nil {
			t.Fatal(err)
		}
	}
}
