package hosts_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/browsertest/hosts"
)

// gadget is a page that writes what its AP does into its document, for the test
// to read.
const gadget = `
const told = (name, value) => { document.documentElement.dataset[name] = JSON.stringify(value ?? null); };
const kinds = {};
for (const name of ["register", "resize", "require", "getLocation", "sizeToParent", "request", "size", "container"]) kinds[name] = typeof AP[name];
for (const name of ["env", "jira", "context", "user", "events", "theming", "flag"]) kinds[name] = typeof AP[name];
for (const name of ["setDashboardItemTitle", "isDashboardItemEditable", "DashboardItem"]) kinds[name] = typeof AP.jira[name];
told("kinds", kinds);
const claims = (jwt) => JSON.parse(atob(jwt.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
AP.context.getToken().then((t) => told("promised", claims(t).sub));
AP.context.getToken((t) => told("called", [claims(t).sub, claims(t).qsh]));
AP.context.getContext().then((c) => told("context", Object.keys(c).sort()));
AP.getLocation((l) => told("location", new URL(l).search));
AP.jira.isDashboardItemEditable((e) => told("editable", e));
AP.user.getCurrentUser((u) => told("user", u));
AP.user.getLocale((l) => told("locale", l));
AP.user.getTimeZone((z) => told("zone", z));
AP.request("/rest/api/3/myself").then(({ body, xhr }) => told("request", [JSON.parse(body).accountId, xhr.status]));
AP.request({ url: "/rest/api/3/issue/NONE-1", type: "GET" }).catch((e) => told("refused", e.xhr.status));
AP.jira.setDashboardItemTitle("<b>Mine</b>");
AP.theming.initializeTheming();
let edits = 0;
document.querySelector("#listen").onclick = () => {
  AP.jira.DashboardItem.onDashboardItemEdit(() => told("edits", ++edits));
  AP.getLocation(() => told("listening", true)); // answered after what the host has to say to the registration
};
told("edits", 0);
`

// early is a page that listens the old way, and then for something else.
const early = `
const told = (name, value) => { document.documentElement.dataset[name] = JSON.stringify(value ?? null); };
let edits = 0;
told("edits", 0);
AP.register({ jira_dashboard_item_edit: () => told("edits", ++edits) });
AP.register({ something_else: () => {} });
AP.getLocation(() => told("listening", true));
`

// startApp serves an app whose gadget runs the script, once it may be loaded,
// and installs it.
func startApp(t *testing.T, site *connecttest.Site, script string, load <-chan struct{}) string {
	t.Helper()
	mux := http.NewServeMux()
	app := httptest.NewServer(mux)
	t.Cleanup(app.Close)
	mux.HandleFunc("GET /atlassian-connect.json", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"key": "com.example.parity", "name": "Parity", "baseUrl": %q, "authentication": {"type": "jwt"},
			"apiMigrations": {"signed-install": true, "context-qsh": true, "gdpr": true},
			"lifecycle": {"installed": "/installed"}, "scopes": ["READ"],
			"modules": {"jiraDashboardItems": [{"key": "gadget", "name": {"value": "Gadget"}, "description": {"value": "x"},
				"url": "/gadget?item={dashboardItem.id}", "thumbnailUrl": "/t.png", "configurable": true, "refreshable": true}]}}`, app.URL)
	})
	mux.HandleFunc("POST /installed", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /gadget", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-load:
		case <-r.Context().Done():
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "frame-ancestors "+site.URL())
		fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Gadget</title>
			<style>html[data-color-mode=dark] { color: white }</style>
			<script id="ac-iframe-options" src="%s/atlassian-connect/all.js" data-options="resize:true;margin:false" defer></script>
			<script type="module">%s</script>
			<div class="ac-content"><div id="box" style="height: 200px"></div><button id="listen">Listen</button></div>`, site.URL(), script)
	})
	if _, err := site.Install(t.Context(), app.URL+"/atlassian-connect.json"); err != nil {
		t.Fatal(err)
	}
	return app.URL
}

// opened is the gadget on a host, looked at by the person of the index.
func opened(t *testing.T, browser *browsertest.Browser, host hosts.Host, person int) (*hosts.Dashboard, connecttest.Person) {
	t.Helper()
	now := make(chan struct{})
	close(now)
	d, who := opening(t, browser, host, person, gadget, now)
	d.Gadget.Until(`document.documentElement.dataset.edits`)
	return d, who
}

func opening(t *testing.T, browser *browsertest.Browser, host hosts.Host, person int, script string, load <-chan struct{}) (*hosts.Dashboard, connecttest.Person) {
	t.Helper()
	site := connecttest.NewSite(t)
	app := startApp(t, site, script, load)
	d := site.Objects().Dashboards[0]
	who := site.People()[person]
	view := hosts.Open(t, host, browser, site, hosts.View{
		Account: who.AccountID, Dashboard: d.ID, Item: d.Items[0].ID, Width: 1280, Height: 700, Columns: 1,
	})
	t.Cleanup(func() { view.Clean(app) })
	return view, who
}

// told waits for what the gadget has written under the name.
func told(d *hosts.Dashboard, name string) any {
	d.Gadget.Until(fmt.Sprintf(`document.documentElement.dataset[%q]`, name))
	var value any
	text := browsertest.FrameEval[string](d.Gadget, fmt.Sprintf(`document.documentElement.dataset[%q]`, name))
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return err
	}
	return value
}

// TestHosts checks that both hosts offer an app the same.
func TestHosts(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	hosts.Each(t, func(t *testing.T, host hosts.Host) {
		const jonas = 6 // sees the dashboard of somebody else, in German
		d, who := opened(t, browser, host, jonas)
		kinds := map[string]any{}
		for _, name := range strings.Fields("register resize require getLocation sizeToParent request size container setDashboardItemTitle isDashboardItemEditable") {
			kinds[name] = "function"
		}
		for _, name := range strings.Fields("env jira context user events theming flag DashboardItem") {
			kinds[name] = "object"
		}
		for name, want := range map[string]any{
			"kinds": kinds, "promised": who.AccountID, "called": []any{who.AccountID, "context-qsh"}, "context": []any{"jira", "url"},
			"editable": false, "user": map[string]any{"atlassianAccountId": who.AccountID}, "locale": "de_DE", "zone": "Europe/Berlin",
			"request": []any{who.AccountID, 200.0}, "refused": 404.0,
		} {
			if diff := cmp.Diff(want, told(d, name)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		if at, _ := told(d, "location").(string); !strings.HasPrefix(at, "?as=") {
			t.Errorf("location: got %s", at)
		}
		if d.Configurable() {
			t.Error("the host offers Configure to somebody who may not edit the dashboard")
		}
		d.Title("<b>Mine</b>")
		d.Fits()
		d.Theme("dark")
		d.Gadget.Until(`document.documentElement.dataset.surface === "raised"`)
		d.Theme("light")
		if got := d.Tokens.Asked(); got < 3 {
			t.Errorf("the host counts %d tokens", got)
		}
	})
}

// TestSizes checks that a frame follows its content, both ways, and a width that
// makes its content higher.
func TestSizes(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	hosts.Each(t, func(t *testing.T, host hosts.Host) {
		d, _ := opened(t, browser, host, 0)
		for _, width := range []int64{1280, 320} {
			d.Resize(width, 700)
			d.Gadget.Until(fmt.Sprintf(`innerWidth <= %d && innerWidth >= %d`, width, width-80))
		}
		d.Settle()
		for _, height := range []int{600, 90, 1200, 30} {
			browsertest.FrameEval[any](d.Gadget, fmt.Sprintf(`(document.querySelector("#box").style.height = "%dpx", null)`, height))
			d.Gadget.Until(fmt.Sprintf(`innerHeight >= %d && innerHeight < %d`, height, height+60))
			d.Fits()
			d.Settle()
		}
	})
}

// TestEditBeforeTheAppListens checks what becomes of a Configure that comes too
// early: nothing, on either host.
func TestEditBeforeTheAppListens(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	hosts.Each(t, func(t *testing.T, host hosts.Host) {
		d, _ := opened(t, browser, host, 0)
		if !d.Configurable() {
			t.Error("the host does not offer Configure to the owner of the dashboard")
		}
		d.Configure()
		d.Gadget.Click("#listen")
		told(d, "listening")
		if got := told(d, "edits"); got != 0.0 {
			t.Errorf("the app hears %v edits of before it listened", got)
		}
		d.Configure()
		d.Gadget.Until(`document.documentElement.dataset.edits === "1"`)
		d.Configure()
		d.Gadget.Until(`document.documentElement.dataset.edits === "2"`)
	})
}

// TestEditBeforeTheFrameIsThere checks what becomes of a Configure while the
// app's page is on its way: it waits, and then comes with each registration,
// those of the host's script included. How many of them the app hears is a
// matter of time; more than one it has to bear.
func TestEditBeforeTheFrameIsThere(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	hosts.Each(t, func(t *testing.T, host hosts.Host) {
		load := make(chan struct{})
		d, _ := opening(t, browser, host, 0, early, load)
		d.ConfigureNow()
		close(load)
		told(d, "listening")
		if got, _ := told(d, "edits").(float64); got < 2 {
			t.Errorf("the app hears the edit %v times", got)
		}
	})
}
