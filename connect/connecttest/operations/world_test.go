package operations

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/chat"
	"github.com/sightline-go/sightline/connect/confluence"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/jiradc"
	"github.com/sightline-go/sightline/connect/rest"
)

// exchange is one call as the site saw it.
type exchange struct {
	request *http.Request
	sent    []byte
	status  int
	header  http.Header
	body    []byte
}

// world is a strict site and the clients of its administrator.
type world struct {
	site         *connecttest.Site
	admin, other connecttest.Person
	objects      connecttest.Objects
	v2, v3       *jira.Client
	confluence   *confluence.Client
	mail         *confluence.Client // as an app that may see addresses
	dc           *jiradc.Client
	chat         *chat.Client
	mailJira     *jira.Client  // as the same app
	worklog      string        // of issue, made by the administrator
	extra        string        // another
	group        string        // a group's id
	role         int64         // a role's id, made by an earlier operation
	dashboard    string        // made by an earlier operation
	issue        string        // an issue's key
	issueNumber  int64         // its id
	avatar       jiradc.Avatar // made by an earlier operation
	crop         jiradc.AvatarCropping

	mu        sync.Mutex
	exchanges []exchange
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{extra: "1", group: "none", role: 1, dashboard: "1"} // until they are made
	w.site = connecttest.NewSite(t, connecttest.Options{Strict: true, Check: w.record})
	for _, p := range w.site.People() {
		switch {
		case p.Admin:
			w.admin = p
		case w.other.AccountID == "" && p.Username == "ytanabe":
			w.other = p
		}
	}
	w.objects = w.site.Objects()
	w.issue = w.objects.Projects[0].Key + "-1"
	w.clients(t)
	w.objects = w.site.Objects() // including the apps' objects
	log, err := w.v3.Worklogs.Add(t.Context(), w.issue, jira.WorklogInput{TimeSpentSeconds: 600, Started: startedNow()}, jira.WorklogWriteOptions{})
	must(t, err)
	w.worklog = log.ID
	w.issueNumber, err = strconv.ParseInt(log.IssueID, 10, 64)
	must(t, err)
	return w
}

func (w *world) record(r *http.Request, sent []byte, status int, header http.Header, body []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.exchanges = append(w.exchanges, exchange{r, sent, status, header, body})
}

// made are the calls that f makes, except those for tokens.
func (w *world) made(f func() error) ([]exchange, error) {
	w.mu.Lock()
	w.exchanges = nil
	w.mu.Unlock()
	err := f()
	w.mu.Lock()
	defer w.mu.Unlock()
	calls := slices.DeleteFunc(slices.Clone(w.exchanges), func(e exchange) bool {
		return strings.HasSuffix(e.request.URL.Path, "/token")
	})
	return calls, err
}

func (w *world) clients(t *testing.T) {
	t.Helper()
	basic := func(user string) *http.Client {
		return &http.Client{Transport: &rest.Basic{Origin: w.site.URL(), User: user, Token: func() string { return w.admin.Token }}}
	}
	var err error
	w.v3, err = jira.New(basic(w.admin.Email), w.site.URL())
	must(t, err)
	w.v2 = w.v3.V2()
	w.confluence, err = confluence.New(basic(w.admin.Email), w.site.URL())
	must(t, err)
	w.dc, err = jiradc.New(basic(w.admin.Username), w.site.URL()+"/dc")
	must(t, err)
	app := w.app(t)
	w.mail, err = confluence.New(app, w.site.URL())
	must(t, err)
	w.mailJira, err = jira.New(app, w.site.URL())
	must(t, err)
	w.chat, err = chat.New(w.room(t), w.site.URL())
	must(t, err)
}

const mailDescriptor = `{"key": "mail", "name": "Mail", "authentication": {"type": "jwt"}, "scopes": ["READ", "ACCESS_EMAIL_ADDRESSES"],
	"apiMigrations": {"signed-install": true, "context-qsh": true, "gdpr": true}, "lifecycle": {"installed": "/installed"},
	"modules": {"jiraDashboardItems": [{"key": "item", "name": {"value": "I"}, "description": {"value": "I"}, "url": "/item", "thumbnailUrl": "/t.svg"}]}}`

// app installs an app with the scope for addresses and calls as that app.
func (w *world) app(t *testing.T) *http.Client {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	hosts, err := connect.ParseHostPatterns([]string{strings.TrimPrefix(w.site.URL(), "http://")})
	must(t, err)
	store := &connect.Memory{}
	app, err := connect.NewApp(connect.AppConfig{
		Descriptor: []byte(mailDescriptor), BaseURL: server.URL, Store: store, Hosts: hosts, KeysURL: w.site.URL() + "/install-keys",
	})
	must(t, err)
	mux.Handle("/", app)
	installed, err := w.site.Install(t.Context(), server.URL+connect.DescriptorPath)
	must(t, err)
	tenant, err := store.TenantByClientKey(t.Context(), connect.ClientKey(installed.ClientKey))
	must(t, err)
	return app.Client(tenant)
}

// room installs a chat app in the first room and calls as that app.
func (w *world) room(t *testing.T) *http.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/descriptor" {
			_, _ = out.Write([]byte(`{"key": "probe", "baseUrl": "http://` + r.Host + `", "lifecycle": {"installed": "/in", "uninstalled": "/out"},
				"modules": {"chat:glance": [{"key": "g", "name": {"value": "G"}, "icon": {"url": "/i.svg", "url@2x": "/i.svg"}, "target": "s", "queryUrl": "/g"}],
				"chat:sidebar": [{"key": "s", "name": {"value": "S"}, "url": "/s"}],
				"chat:dialog": [{"key": "d", "title": {"value": "D"}, "url": "/d"}],
				"chat:configuration": [{"key": "c", "page": {"target": "d"}, "state": {"url": "/c"}}]}}`))
		}
	}))
	t.Cleanup(server.Close)
	_, err := w.site.InstallChat(t.Context(), server.URL+"/descriptor", w.objects.Conversations[0].ID, "probe-client", "probe-secret")
	must(t, err)
	return &http.Client{Transport: &chat.Credentials{
		TokenURL: w.site.URL() + "/oauth/token", BaseURL: w.site.URL(), ClientID: "probe-client",
		ClientSecret: func() string { return "probe-secret" },
	}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// module is the full key of the installed app's gadget.
func (w *world) module() string { return "com.atlassian.plugins.atlassian-connect-plugin:mail__item" }

// join puts commas between keys.
func join(keys []string) string { return strings.Join(keys, ",") }
