package connecttest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// What apps send to token endpoints.
const (
	formContent = "application/x-www-form-urlencoded"
	jwtBearer   = "urn:ietf:params:oauth:grant-type:jwt-bearer"
)

// lifecycleBody is what a lifecycle call of Jira carries.
type lifecycleBody struct {
	Key, ClientKey, OAuthClientID, SharedSecret string
	BaseURL, DisplayURL, ProductType, EventType string
	EntitlementID, EntitlementNumber            string
}

// hostToken is what a token of Jira says.
type hostToken struct {
	jwt.RegisteredClaims
	QSH     string `json:"qsh,omitempty"`
	Context any    `json:"context,omitempty"`
}

// chatBody is what a lifecycle call of the chat carries.
type chatBody struct {
	Key, ProductType, CloudID, ResourceType, ResourceID, EventType, UserID, OAuthClientID, Version string
}

// chatPlace is where something happens.
type chatPlace struct{ CloudID, ResourceID, ResourceType string }

// chatToken is what a token of the chat says.
type chatToken struct {
	jwt.RegisteredClaims
	Context chatPlace `json:"context"`
}

// serving serves a text at an address.
func serving(t *testing.T, text []byte) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(text) }))
	t.Cleanup(server.Close)
	return server.URL
}

// serveJSON is how the app answers.
func serveJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}

// call is one request that a test app has received.
type call struct {
	method, path, query string
	header              http.Header
	body                []byte
}

// payload reads the body as a lifecycle payload.
func (c call) payload(t *testing.T) lifecycleBody {
	t.Helper()
	var p lifecycleBody
	if err := json.Unmarshal(c.body, &p); err != nil {
		t.Fatalf("read lifecycle payload %q: %v", c.body, err)
	}
	return p
}

// testApp is a minimal Connect app: it serves its descriptors, remembers the
// calls it gets, and answers as the test wants.
type testApp struct {
	*httptest.Server
	mu       sync.Mutex
	calls    []call
	answer   func(c call) int
	amend    func(descriptor map[string]any)
	install  lifecycleBody
	received chan call
	hooks    bool // the chat app listens to webhooks
}

func newTestApp(t *testing.T) *testApp {
	t.Helper()
	a := &testApp{received: make(chan call, 1000)}
	a.Server = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.Close)
	return a
}

func (a *testApp) serve(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/base/atlassian-connect.json":
		serveJSON(w, a.descriptor())
		return
	case "/base/chat.json":
		serveJSON(w, a.chatDescriptor())
		return
	}
	body, _ := io.ReadAll(r.Body)
	c := call{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, r.Header.Clone(), body}
	status := a.remember(c)
	if r.Method == http.MethodGet {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		serveJSON(w, map[string]any{"label": map[string]any{"value": "3 open"}, "configured": false})
		return
	}
	w.WriteHeader(status)
	if status >= 400 {
		_, _ = io.WriteString(w, "no")
	}
}

func (a *testApp) remember(c call) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls = append(a.calls, c)
	a.received <- c
	status := http.StatusNoContent
	if a.answer != nil {
		status = a.answer(c)
	}
	if c.path == "/base/installed" && status == http.StatusNoContent {
		_ = json.Unmarshal(c.body, &a.install)
	}
	return status
}

func (a *testApp) answers(f func(c call) int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer = f
}

// to lists the calls to a path.
func (a *testApp) to(path string) []call {
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []call
	for _, c := range a.calls {
		if c.path == "/base"+path {
			list = append(list, c)
		}
	}
	return list
}

func (a *testApp) installed() lifecycleBody {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.install
}

func (a *testApp) baseURL() string       { return a.URL + "/base" }
func (a *testApp) descriptorURL() string { return a.baseURL() + "/atlassian-connect.json" }
func (a *testApp) chatURL() string       { return a.baseURL() + "/chat.json" }

func (a *testApp) descriptor() map[string]any {
	name := func(s string) map[string]any { return map[string]any{"value": s} }
	d := map[string]any{
		"key": "com.example.app", "name": "Example", "baseUrl": a.baseURL(),
		"authentication": map[string]any{"type": "jwt"},
		"apiMigrations":  map[string]any{"signed-install": true, "context-qsh": true, "gdpr": true},
		"lifecycle": map[string]any{
			"installed": "/installed", "uninstalled": "/uninstalled", "enabled": "/enabled", "disabled": "/disabled",
		},
		"scopes": []any{"READ", "WRITE", "ACT_AS_USER"},
		"modules": map[string]any{
			"jiraDashboardItems": []any{map[string]any{
				"key": "gadget", "name": name("Gadget"), "description": name("Shows"), "thumbnailUrl": "/t.png",
				"url":          "/gadget?d={dashboard.id}&i={dashboardItem.id}&v={dashboardItem.viewType}&x={no.such}",
				"configurable": true, "refreshable": true,
			}},
			"configurePage": map[string]any{"key": "configure", "name": name("Configure"), "url": "/configure"},
			"webhooks": []any{
				map[string]any{"event": "jira:issue_updated", "url": "/hook?i={issue.key}&p={project.key}"},
				map[string]any{"event": "worklog_created", "url": "/worklog", "excludeBody": true},
				map[string]any{"event": "jira:issue_created", "url": "/filtered", "filter": `summary ~ "nothing has this"`},
			},
		},
	}
	if a.amend != nil {
		a.amend(d)
	}
	return d
}

func (a *testApp) chatDescriptor() map[string]any {
	name := func(s string) map[string]any { return map[string]any{"value": s} }
	d := map[string]any{
		"key": "com.example.chat", "baseUrl": a.baseURL(),
		"lifecycle": map[string]any{"installed": "/chat/installed", "uninstalled": "/chat/uninstalled"},
		"modules": map[string]any{
			"chat:glance": []any{map[string]any{
				"key": "open-work", "name": name("Work"), "target": "show-board", "queryUrl": "/glance",
				"icon": map[string]any{"url": "/g.png", "url@2x": "/g2.png"},
			}},
			"chat:configuration": []any{map[string]any{
				"key": "setup", "page": map[string]any{"target": "setup-dialog"}, "state": map[string]any{"url": "/config"},
			}},
			"chat:sidebar": []any{map[string]any{"key": "board", "name": name("Board"), "url": "/board"}},
			"chat:dialog": []any{map[string]any{
				"key": "setup-dialog", "title": name("Set up"), "url": "/setup",
				"options": map[string]any{
					"size":             map[string]any{"width": "480px", "height": "320px"},
					"primaryAction":    map[string]any{"key": "save", "name": name("Save")},
					"secondaryActions": []any{map[string]any{"key": "cancel", "name": name("Cancel")}},
				},
			}},
			"chat:actionTarget": []any{
				map[string]any{"key": "show-board", "openSidebar": map[string]any{"key": "board"}},
				map[string]any{"key": "ack", "callService": map[string]any{"url": "/ack"}},
			},
		},
	}
	if a.hooks {
		d["modules"].(map[string]any)["chat:webhook"] = []any{
			map[string]any{"key": "rooms", "event": "conversation:updates", "url": "/hook/conversation"},
			map[string]any{"key": "people", "event": "roster:updates", "url": "/hook/roster"},
		}
	}
	return d
}

// token signs as the app for one call; changes overwrite claims, nil drops one.
func (a *testApp) token(t *testing.T, method, address string, changes map[string]any) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	in := a.installed()
	now := time.Now()
	claims := jwt.MapClaims{
		"iss": in.Key, "iat": now.Unix(), "exp": now.Add(3 * time.Minute).Unix(), "aud": []string{in.ClientKey},
		"qsh": QSH(method, u.EscapedPath(), u.RawQuery, ""),
	}
	return signed(t, jwt.SigningMethodHS256, []byte(in.SharedSecret), merge(claims, changes))
}

func merge(claims jwt.MapClaims, changes map[string]any) jwt.MapClaims {
	maps.Copy(claims, changes)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	return claims
}

func signed(t *testing.T, method jwt.SigningMethod, key any, claims jwt.Claims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		t.Fatalf("sign: %v", err)
	}
	return token
}

// assertion is the app's assertion for acting as the account.
func (a *testApp) assertion(t *testing.T, s *Site, account string, changes map[string]any) string {
	t.Helper()
	in, now := a.installed(), time.Now()
	return signed(t, jwt.SigningMethodHS256, []byte(in.SharedSecret), merge(jwt.MapClaims{
		"iss": "urn:atlassian:connect:clientid:" + in.OAuthClientID, "sub": "urn:atlassian:connect:useraccountid:" + account, "tnt": s.URL(), "aud": s.URL(),
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}, changes))
}

// bearer gets a token that acts as the account.
func (a *testApp) bearer(t *testing.T, s *Site, account, scope string) string {
	t.Helper()
	form := url.Values{"grant_type": {jwtBearer}, "assertion": {a.assertion(t, s, account, nil)}}
	if scope != "" {
		form.Set("scope", scope)
	}
	got := do(t, http.MethodPost, s.URL()+"/oauth2/token", formContent, form.Encode(), "")
	if got.status != http.StatusOK {
		t.Fatalf("impersonate: %d %s", got.status, got.body)
	}
	return got.str("access_token")
}

// mustInstall installs the app on the site.
func (a *testApp) mustInstall(t *testing.T, s *Site) App {
	t.Helper()
	app, err := s.Install(t.Context(), a.descriptorURL())
	if err != nil {
		t.Fatalf("install: %v", err)
	}
	return app
}

// answered is an answer of the site.
type answered struct {
	status int
	header http.Header
	body   []byte
}

// str is a member of the answer's object.
func (r answered) str(name string) string {
	var object map[string]any
	_ = json.Unmarshal(r.body, &object)
	value, ok := object[name]
	if !ok {
		return ""
	}
	return fmt.Sprint(value)
}

func (r answered) into(t *testing.T, value any) {
	t.Helper()
	if err := json.Unmarshal(r.body, value); err != nil {
		t.Fatalf("read %q: %v", r.body, err)
	}
}

// do makes one call; auth is the whole Authorization header.
func do(t *testing.T, method, address, contentType, body, auth string) answered {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if auth != "" {
		r.Header.Set("Authorization", auth)
	}
	return send(t, r)
}

func send(t *testing.T, r *http.Request) answered {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("read answer: %v", err)
	}
	return answered{response.StatusCode, response.Header, bytes.TrimSpace(data)}
}

func get(t *testing.T, address, auth string) answered {
	t.Helper()
	return do(t, http.MethodGet, address, "", "", auth)
}

func postJSON(t *testing.T, address string, body any) answered {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, http.MethodPost, address, "application/json", string(data), "")
}

func marshal(t *testing.T, value any) []byte {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// mustInstallChat puts the chat app into a conversation.
func (a *testApp) mustInstallChat(t *testing.T, s *Site, conversation string) App {
	t.Helper()
	app, err := s.InstallChat(t.Context(), a.chatURL(), conversation, "client", "chat-secret")
	if err != nil {
		t.Fatalf("install chat: %v", err)
	}
	return app
}

// admin is a person who administers the site.
func admin(s *Site) Person {
	people := s.People()
	return people[slices.IndexFunc(people, func(p Person) bool { return p.Admin })]
}

func basic(p Person) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(p.Email+":"+p.Token))
}
