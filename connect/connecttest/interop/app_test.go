package interop_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
)

const (
	appKey    = "com.example.interop"
	appModule = "interop-gadget"
)

// startApp runs the app on the framework and returns its address. hosts are the sites
// that may install it.
func startApp(t *testing.T, site *connecttest.Site, hosts string) string {
	t.Helper()
	return startProgram(t, site, []string{"NODE_ENV=production", "AC_HOST_WHITELIST=" + hosts}, "node", "app.mjs")
}

// startProgram runs an app, which prints its address, and ends it with the test.
func startProgram(t *testing.T, site *connecttest.Site, env []string, program string, arguments ...string) string {
	t.Helper()
	var complaints bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, arguments...)
	cmd.Dir, cmd.Stderr = "app", &complaints
	cmd.Env = append(append(os.Environ(), env...), "CONNECT_KEYS_CDN_URL="+site.URL()+"/install-keys")
	hold, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = hold.Close()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(complaints.String())
		}
	})
	lines := bufio.NewScanner(output)
	if !lines.Scan() {
		t.Fatal("the app did not start")
	}
	return lines.Text()
}

// visit is what the app says about the person who opened one of its pages.
type visit struct {
	Account   string            `json:"userAccountId"`
	ClientKey string            `json:"clientKey"`
	Host      string            `json:"hostBaseUrl"`
	Token     string            `json:"token"`
	Query     map[string]string `json:"query"`
}

// fetch makes a request to the app, with a token in the header if one is given,
// and decodes the answer.
func fetch(t *testing.T, method, address, token string, body, into any) int {
	t.Helper()
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "JWT "+token)
	}
	client := http.Client{}
	defer client.CloseIdleConnections()
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if into != nil && resp.StatusCode == http.StatusOK {
		if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
			t.Fatalf("%s %s: %v", method, address, err)
		}
	}
	return resp.StatusCode
}

func person(t *testing.T, site *connecttest.Site, username string) connecttest.Person {
	t.Helper()
	people := site.People()
	i := slices.IndexFunc(people, func(p connecttest.Person) bool { return p.Username == username })
	if i < 0 {
		t.Fatalf("the site has nobody called %s", username)
	}
	return people[i]
}

// TestAtlassianConnectExpress installs an app on the framework, opens its page,
// lets it call back, and uninstalls it.
func TestAtlassianConnectExpress(t *testing.T) {
	t.Parallel()
	needsNode(t, "atlassian-connect-express", "express")
	site := newSite(t)
	address := startApp(t, site, "127.0.0.1")
	installed, err := site.Install(t.Context(), address+"/atlassian-connect.json")
	if err != nil {
		t.Fatal(err)
	}
	a := &frameworkApp{site, address, installed, person(t, site, "mlindqvist")}
	t.Run("page", a.testPage)
	t.Run("context token", a.testContext)
	t.Run("calls", a.testCalls)
	t.Run("webhook", a.testWebhook)
	t.Run("secret is changed", a.testRotate)
	t.Run("life", a.testLife)
}

// TestAtlassianConnectExpressRefuses shows that the framework's list of hosts
// keeps the site out, and that the site says so.
func TestAtlassianConnectExpressRefuses(t *testing.T) {
	t.Parallel()
	needsNode(t, "atlassian-connect-express", "express")
	site := newSite(t)
	_, err := site.Install(t.Context(), startApp(t, site, "*.atlassian.net")+"/atlassian-connect.json")
	var refused *connecttest.InstallError
	if !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized || !strings.Contains(refused.Answer, "not authorized to register") {
		t.Errorf("got %v", err)
	}
}

// frameworkApp is the installed app and a person who views it.
type frameworkApp struct {
	site      *connecttest.Site
	address   string
	installed connecttest.App
	viewer    connecttest.Person
}

// page is the signed address of the gadget.
func (a *frameworkApp) page(t *testing.T) (address string, board connecttest.Dashboard) {
	t.Helper()
	board = a.site.Objects().Dashboards[0]
	address, err := a.site.ModuleURL(appKey, appModule, a.viewer.AccountID, board.ID, board.Items[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return address, board
}

// open opens the gadget.
func (a *frameworkApp) open(t *testing.T) visit {
	t.Helper()
	address, _ := a.page(t)
	var v visit
	if status := fetch(t, "GET", address, "", nil, &v); status != http.StatusOK {
		t.Fatalf("page: got %d", status)
	}
	return v
}

func (a *frameworkApp) testPage(t *testing.T) {
	address, board := a.page(t)
	v := a.open(t)
	if v.Account != a.viewer.AccountID || v.ClientKey != a.installed.ClientKey || v.Host != a.site.URL() {
		t.Errorf("got %+v", v)
	}
	if v.Query["dashboard"] != board.ID || v.Query["item"] != board.Items[0].ID {
		t.Errorf("got %v", v.Query)
	}
	if status := fetch(t, "GET", strings.Replace(address, "dashboard="+board.ID, "dashboard=1", 1), "", nil, nil); status != http.StatusUnauthorized {
		t.Errorf("another dashboard: got %d", status)
	}
	var s visit
	if status := fetch(t, "GET", a.address+"/session", v.Token, nil, &s); status != http.StatusOK || s.Account != a.viewer.AccountID {
		t.Errorf("session: got %d, %+v", status, s)
	}
}

func (a *frameworkApp) contextToken(t *testing.T, account string) string {
	t.Helper()
	token, err := a.site.ContextToken(appKey, account)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (a *frameworkApp) testContext(t *testing.T) {
	token := a.contextToken(t, a.viewer.AccountID)
	var v visit
	if status := fetch(t, "GET", a.address+"/context", token, nil, &v); status != http.StatusOK || v.Account != a.viewer.AccountID {
		t.Errorf("got %d, %+v", status, v)
	}
	if status := fetch(t, "GET", a.address+"/gadget", token, nil, nil); status != http.StatusUnauthorized {
		t.Errorf("where an address must be signed: got %d", status)
	}
	admin := a.contextToken(t, person(t, a.site, "iokonjo").AccountID)
	if status := fetch(t, "GET", a.address+"/administration", admin, nil, nil); status != http.StatusOK {
		t.Errorf("administrator's page, as one: got %d", status)
	}
	if status := fetch(t, "GET", a.address+"/administration", token, nil, nil); status != http.StatusUnauthorized {
		t.Errorf("administrator's page, as another: got %d", status)
	}
}

// call is a call to Jira that the app is to make.
type call struct {
	As     string `json:"as"`
	Method string `json:"method"`
	URI    string `json:"uri"`
	JSON   any    `json:"json,omitempty"`
}

// call makes a call through the app and returns what Jira answered.
func (a *frameworkApp) call(t *testing.T, session string, c call) (status int, body map[string]any) {
	t.Helper()
	var answer struct {
		Status int
		Body   any
	}
	if status := fetch(t, "POST", a.address+"/call", session, c, &answer); status != http.StatusOK {
		t.Fatalf("%+v: the app answered %d", c, status)
	}
	body, _ = answer.Body.(map[string]any)
	return answer.Status, body
}

func (a *frameworkApp) testCalls(t *testing.T) {
	session := a.open(t).Token
	property := "/rest/atlassian-connect/1/addons/" + appKey + "/properties/settings"
	worklog := map[string]any{"timeSpentSeconds": 1800, "started": "2026-01-05T09:00:00.000+0000"}
	tests := []struct {
		call
		want   int
		member string
		value  any
	}{
		{call{"app", "get", "/rest/api/3/myself", nil}, 200, "accountType", "app"},
		{call{"user", "get", "/rest/api/3/myself", nil}, 200, "accountId", a.viewer.AccountID},
		{call{"app", "get", "/rest/api/3/issue/HARB-1?fields=summary,status&properties=*all", nil}, 200, "key", "HARB-1"},
		{call{"app", "get", "/rest/api/3/search/jql?jql=project%20%3D%20HARB%20AND%20text%20~%20%22a%2Bb%20(c)*~'%22&fields=summary", nil}, 200, "isLast", true},
		{call{"app", "get", "/rest/api/3/issue/NOPE-1", nil}, 404, "", nil},
		{call{"app", "put", property, map[string]any{"window": 14}}, 201, "", nil},
		{call{"app", "put", property, map[string]any{"window": 7}}, 200, "", nil},
		{call{"app", "get", property, nil}, 200, "key", "settings"},
		{call{"app", "del", property, nil}, 204, "", nil},
		{call{"app", "get", property, nil}, 404, "", nil},
		{call{"user", "post", "/rest/api/2/issue/HARB-1/worklog?adjustEstimate=leave", worklog}, 201, "timeSpent", "30m"},
		{call{"user", "get", "/rest/api/3/role/10000", nil}, 403, "", nil},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.As, " ", tt.Method, " ", tt.URI), func(t *testing.T) {
			status, body := a.call(t, session, tt.call)
			if status != tt.want || tt.member != "" && body[tt.member] != tt.value {
				t.Errorf("got %d, %v, want %d, %v", status, body, tt.want, tt.value)
			}
		})
	}
	_, log := a.call(t, session, call{As: "user", Method: "post", URI: "/rest/api/3/issue/HARB-1/worklog", JSON: worklog})
	author, _ := log["author"].(map[string]any)
	if author["accountId"] != a.viewer.AccountID {
		t.Errorf("the worklog's author: got %v", author)
	}
	exchanges := 0
	for _, r := range a.site.Requests(0) {
		if r.Operation == "impersonation.token" {
			exchanges++
		}
	}
	if exchanges != 1 {
		t.Errorf("token exchanges: got %d, want 1", exchanges)
	}
}

func (a *frameworkApp) events(t *testing.T) []string {
	t.Helper()
	var list []string
	fetch(t, "GET", a.address+"/events", "", nil, &list)
	return list
}

func (a *frameworkApp) testWebhook(t *testing.T) {
	session := a.open(t).Token
	edit := map[string]any{"fields": map[string]any{"summary": "Changed through an app"}}
	if status, body := a.call(t, session, call{As: "user", Method: "put", URI: "/rest/api/3/issue/HARB-2", JSON: edit}); status != http.StatusNoContent {
		t.Fatalf("got %d, %v", status, body)
	}
	if err := a.site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := a.events(t), "jira:issue_updated HARB-2 "+a.viewer.AccountID; !slices.Contains(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func (a *frameworkApp) testRotate(t *testing.T) {
	session := a.open(t).Token
	if _, err := a.site.Rotate(t.Context(), appKey); err != nil {
		t.Fatal(err)
	}
	if v := a.open(t); v.Account != a.viewer.AccountID || v.ClientKey != a.installed.ClientKey {
		t.Errorf("got %+v", v)
	}
	if status := fetch(t, "GET", a.address+"/session", session, nil, nil); status == http.StatusOK {
		t.Error("the session of the old secret goes on")
	}
}

func (a *frameworkApp) testLife(t *testing.T) {
	page, _ := a.page(t)
	if _, err := a.site.Uninstall(t.Context(), appKey); err != nil {
		t.Fatal(err)
	}
	life := slices.DeleteFunc(a.events(t), func(e string) bool { return strings.HasPrefix(e, "jira:") })
	if want := []string{"installed", "enabled", "installed", "enabled", "disabled", "uninstalled"}; !slices.Equal(life, want) {
		t.Errorf("got %q, want %q", life, want)
	}
	if status := fetch(t, "GET", page, "", nil, nil); status != http.StatusUnauthorized {
		t.Errorf("page afterwards: got %d", status)
	}
}
