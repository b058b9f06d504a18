package connect_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/jira"
)

// helloDescriptor is an app with one page.
const helloDescriptor = `{"key": "hello", "name": "Hello", "authentication": {"type": "jwt"}, "scopes": ["READ", "ACT_AS_USER"],
	"apiMigrations": {"signed-install": true, "context-qsh": true, "gdpr": true}, "lifecycle": {"installed": "/installed"},
	"modules": {"generalPages": [{"key": "page", "name": {"value": "Hello"}, "url": "/page"}]}}`

// helloApp is a whole Connect app: descriptor, install, one verified page, and
// a call back to Jira as the person who looks at it.
func helloApp(mux *http.ServeMux, config connect.AppConfig) error {
	config.Descriptor, config.Store = []byte(helloDescriptor), &connect.Memory{}
	app, err := connect.NewApp(config)
	if err != nil {
		return err
	}
	mux.Handle("/", app)
	mux.Handle("GET /page", app.Page(func(w http.ResponseWriter, r *http.Request, c *connect.Caller) error {
		j, err := jira.New(c.API())
		if err != nil {
			return err
		}
		me, err := j.Myself.Get(r.Context())
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "Hello, %s!", me.DisplayName)
		return err
	}))
	return nil
}

// A stranger's first app, installed on a local site and visited there.
func ExampleNewApp() {
	site, err := connecttest.New(connecttest.Options{})
	if err != nil {
		panic(err)
	}
	defer site.Close()
	host := httptest.NewServer(site)
	defer host.Close()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()

	hosts, err := connect.ParseHostPatterns([]string{host.Listener.Addr().String()})
	check(err)
	check(site.SetBaseURL(host.URL))
	check(helloApp(mux, connect.AppConfig{
		BaseURL: server.URL, Hosts: hosts,
		KeysURL: host.URL + "/install-keys", TokenURL: host.URL + "/oauth2/token",
	}))
	fmt.Println(visit(site, server.URL))
	// Output: Hello, Mara Lindqvist!
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// visit installs the app and opens its page as the first of the site's people.
func visit(site *connecttest.Site, app string) string {
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	_, err := site.Install(request.Context(), app+"/atlassian-connect.json")
	check(err)
	address, err := site.ModuleURL("hello", "page", site.Objects().Dashboards[0].Owner, "", "")
	check(err)
	resp, err := site.Client().Get(address)
	check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	check(err)
	return string(body)
}
