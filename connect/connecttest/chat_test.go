package connecttest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
)

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// chatAuth is the header of a token by client credentials.
func chatAuth(t *testing.T, s *Site) string {
	t.Helper()
	got := postJSON(t, s.URL()+"/oauth/token", map[string]string{
		"grant_type": "client_credentials", "client_id": "client", "client_secret": "chat-secret",
	})
	if got.status != http.StatusOK {
		t.Fatalf("chat token: got %d %s", got.status, got.body)
	}
	return "Bearer " + got.str("access_token")
}

func roomURL(s *Site, conversation string) string {
	return fmt.Sprintf("%s/site/%s/conversation/%s", s.URL(), s.CloudID(), conversation)
}

// verifyChat checks a token from the chat as an app would.
func verifyChat(t *testing.T, raw string) chatToken {
	t.Helper()
	var claims chatToken
	_, err := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired()).
		ParseWithClaims(raw, &claims, func(*jwt.Token) (any, error) { return []byte("chat-secret"), nil })
	if err != nil {
		t.Fatalf("chat token: %v", err)
	}
	return claims
}

func TestChatLifecycle(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	second := site.Conversations()[1]
	got := app.mustInstallChat(t, site, second)
	if got.Conversation != second || got.Product != "chat" || got.Status != http.StatusNoContent {
		t.Errorf("app: got %+v", got)
	}
	if _, err := site.InstallChat(t.Context(), app.chatURL(), "", "", ""); err != nil {
		t.Errorf("again with the known client: %v", err)
	}
	calls := app.to("/chat/installed")
	if len(calls) != 2 {
		t.Fatalf("installed calls: got %d, want 2", len(calls))
	}
	var p chatBody
	answered{body: calls[0].body}.into(t, &p)
	want := chatBody{"com.example.chat", "chat", site.CloudID(), "conversation", second, "installed", site.world.AdminID(), "client", "1"}
	if p != want {
		t.Errorf("payload: got %+v, want %+v", p, want)
	}
	claims := verifyChat(t, strings.TrimPrefix(calls[0].header.Get("Authorization"), "Bearer "))
	if claims.Issuer != "client" || claims.Subject != site.world.AdminID() || claims.Context != (chatPlace{site.CloudID(), second, "conversation"}) {
		t.Errorf("claims: got %+v", claims)
	}
	if _, err := site.UninstallChat(t.Context(), "com.example.chat", second); err != nil {
		t.Fatal(err)
	}
	if n := len(app.to("/chat/uninstalled")); n != 1 {
		t.Errorf("uninstalled calls: got %d, want 1", n)
	}
	auth := chatAuth(t, site)
	if got := get(t, roomURL(site, second), auth); got.status != http.StatusForbidden {
		t.Errorf("a room without the app: got %d, want 403", got.status)
	}
	if got := get(t, roomURL(site, site.Conversations()[0]), auth); got.status != http.StatusOK {
		t.Errorf("a room with the app: got %d %s", got.status, got.body)
	}
	if _, err := site.UninstallChat(t.Context(), "com.example.chat", second); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("again: got %v", err)
	}
}

func TestChatInstallRefusals(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.answers(func(call) int { return http.StatusForbidden })
	var refused *InstallError
	if _, err := site.InstallChat(t.Context(), app.chatURL(), "", "client", "chat-secret"); !errors.As(err, &refused) || refused.Status != 403 {
		t.Errorf("refused: got %v", err)
	}
	if got := chatTokenFor(t, site, "client"); got.status != http.StatusUnauthorized {
		t.Errorf("the client of a refused app gets a token: %d", got.status)
	}
	if got := get(t, site.URL()+"/-/chat", ""); strings.Contains(string(got.body), "com.example.chat") {
		t.Error("a refused app is installed")
	}
	app.answers(nil)
	for name, in := range map[string][3]string{
		"no client":    {"", "", ""},
		"no secret":    {"", "client", ""},
		"unknown room": {"room", "client", "chat-secret"},
	} {
		if _, err := site.InstallChat(t.Context(), app.chatURL(), in[0], in[1], in[2]); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	if _, err := site.InstallChat(t.Context(), app.descriptorURL(), "", "client", "s"); err == nil {
		t.Error("a Jira descriptor: got no error")
	}
}

func TestChatStates(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	conversation := app.mustInstallChat(t, site, "").Conversation
	auth, modules := chatAuth(t, site), roomURL(site, conversation)+"/app/module/"
	old := site.URL() + "/app/module/chat/conversation/"
	context := fmt.Sprintf(`"context":{"cloudId":%q,"conversationId":%q}`, site.CloudID(), conversation)
	for _, test := range []struct {
		name, method, address, body, auth string
		want                              int
	}{
		{"glance", "PUT", modules + "chat:glance/open-work/state", `{"label":"8 open","metadata":{"open":8}}`, auth, 204},
		{"configuration", "PUT", modules + "chat:configuration/setup/state", `{"configured":false}`, auth, 204},
		{"old form", "POST", old + "chat:glance/open-work/state", `{"label":"9 open",` + context + `}`, auth, 204},
		{"old configuration", "POST", old + "chat:configuration/setup/state", `{"configured":true,` + context + `}`, auth, 204},
		{"no token", "PUT", modules + "chat:glance/open-work/state", `{"label":"x"}`, "", 401},
		{"unknown token", "PUT", modules + "chat:glance/open-work/state", `{"label":"x"}`, "Bearer x", 401},
		{"other scheme", "PUT", modules + "chat:glance/open-work/state", `{"label":"x"}`, strings.Replace(auth, "Bearer", "JWT", 1), 401},
		{"old form, no token", "POST", old + "chat:glance/open-work/state", `{"label":"x",` + context + `}`, "", 401},
		{"unknown module", "PUT", modules + "chat:glance/other/state", `{"label":"x"}`, auth, 404},
		{"module without state", "PUT", modules + "chat:sidebar/board/state", `{"label":"x"}`, auth, 404},
		{"unknown room", "PUT", roomURL(site, "x") + "/app/module/chat:glance/open-work/state", `{"label":"x"}`, auth, 404},
		{"unknown site", "PUT", strings.Replace(modules, site.CloudID(), "x", 1) + "chat:glance/open-work/state", `{"label":"x"}`, auth, 404},
		{"other room", "PUT", roomURL(site, site.Conversations()[1]) + "/app/module/chat:glance/open-work/state", `{"label":"x"}`, auth, 403},
		{"wrong method", "GET", modules + "chat:glance/open-work/state", "", auth, 405},
		{"no label", "PUT", modules + "chat:glance/open-work/state", `{"metadata":{}}`, auth, 400},
		{"label as pulled", "PUT", modules + "chat:glance/open-work/state", `{"label":{"value":"x"}}`, auth, 400},
		{"metadata no object", "PUT", modules + "chat:glance/open-work/state", `{"label":"x","metadata":[]}`, auth, 400},
		{"unknown member", "PUT", modules + "chat:glance/open-work/state", `{"label":"x","more":1}`, auth, 400},
		{"not JSON", "PUT", modules + "chat:glance/open-work/state", `{`, auth, 400},
		{"trailing data", "PUT", modules + "chat:glance/open-work/state", `{"label":"x"}{}`, auth, 400},
		{"configured missing", "PUT", modules + "chat:configuration/setup/state", `{}`, auth, 400},
		{"context in the new form", "PUT", modules + "chat:glance/open-work/state", `{"label":"x",` + context + `}`, auth, 400},
		{"old form without context", "POST", old + "chat:glance/open-work/state", `{"label":"x"}`, auth, 400},
	} {
		if got := do(t, test.method, test.address, "application/json", test.body, test.auth); got.status != test.want {
			t.Errorf("%s: got %d %s, want %d", test.name, got.status, got.body, test.want)
		}
	}
	var chat struct {
		Conversations []struct {
			Apps []struct {
				Glances        []struct{ Label string }
				Configurations []struct {
					Configured bool
					Dialog     string
				}
			}
		}
		Pushed []struct {
			Key   string
			State json.RawMessage
		}
	}
	get(t, site.URL()+"/-/chat", "").into(t, &chat)
	shown := chat.Conversations[0].Apps[0]
	if shown.Glances[0].Label != "9 open" || !shown.Configurations[0].Configured || shown.Configurations[0].Dialog != "setup-dialog" {
		t.Errorf("chat: got %+v", shown)
	}
	if len(chat.Pushed) != 4 || string(chat.Pushed[1].State) != `{"configured":false}` || chat.Pushed[0].Key != "open-work" {
		t.Errorf("pushed: got %+v", chat.Pushed)
	}
}

func TestChatRateLimit(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Date(2026, 5, 1, 10, 0, 0, 500, time.UTC)}
	site, app := NewSite(t, Options{Now: now.Now}), newTestApp(t)
	first := app.mustInstallChat(t, site, "").Conversation
	second := app.mustInstallChat(t, site, site.Conversations()[1]).Conversation
	auth := chatAuth(t, site)
	for i := range 100 {
		if got := get(t, roomURL(site, first), auth); got.status != http.StatusOK {
			t.Fatalf("call %d: got %d", i, got.status)
		}
	}
	got := get(t, roomURL(site, first), auth)
	if got.status != http.StatusTooManyRequests || got.header.Get("X-RateLimit-Remaining") != "0" ||
		got.header.Get("X-RateLimit-Reset") != "2026-05-01T10:01:01Z" || got.str("message") != "request has been rate limited" {
		t.Errorf("got %d %v %s", got.status, got.header, got.body)
	}
	if got := get(t, roomURL(site, second), auth); got.status != http.StatusOK {
		t.Errorf("another room: got %d", got.status)
	}
	now.add(61 * time.Second)
	if got := get(t, roomURL(site, first), auth); got.status != http.StatusOK || got.header.Get("X-RateLimit-Remaining") != "99" {
		t.Errorf("a minute later: got %d %v", got.status, got.header)
	}
	now.add(time.Hour)
	if got := get(t, roomURL(site, first), auth); got.status != http.StatusUnauthorized {
		t.Errorf("an hour later: got %d, want 401", got.status)
	}
}

func TestChatScope(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	got := postJSON(t, site.URL()+"/-/apps", map[string]any{
		"descriptor": app.chatURL(), "product": "chat", "clientId": "client", "clientSecret": "chat-secret",
		"scopes": []string{"manage:conversation"},
	})
	if got.status != http.StatusOK {
		t.Fatalf("install: got %d %s", got.status, got.body)
	}
	if got := get(t, roomURL(site, got.str("conversation")), chatAuth(t, site)); got.status != http.StatusForbidden {
		t.Errorf("got %d, want 403", got.status)
	}
}

func TestChatConversationAPI(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	conversation := app.mustInstallChat(t, site, "").Conversation
	auth, room := chatAuth(t, site), roomURL(site, conversation)
	member := site.Objects().Conversations[0].Members[0]
	users := site.URL() + "/scim/site/" + site.CloudID() + "/Users/"
	for address, want := range map[string]string{
		room:                      `"name":"Release room"`,
		room + "/roster":          member,
		room + "/message?limit=1": `"messages":[{`,
		site.URL() + "/site/":     site.CloudID(),
		site.URL() + "/me":        `"account_id":"addon_com.example.chat"`,
		strings.TrimSuffix(room, "/"+conversation): `"size":1`,
		users + member: `"id":"` + member,
	} {
		if got := get(t, address, auth); got.status != http.StatusOK || !strings.Contains(string(got.body), want) {
			t.Errorf("%s: got %d %s, want %s", address, got.status, got.body, want)
		}
	}
	for address, want := range map[string]int{
		room + "/message?limit=0":  400,
		room + "/message?limit=76": 400,
		room + "/message/none":     404,
		users + "nobody":           404,
	} {
		if got := get(t, address, auth); got.status != want {
			t.Errorf("%s: got %d, want %d", address, got.status, want)
		}
	}
}

// chatTokenFor asks for a token of a client with the secret of all tests.
func chatTokenFor(t *testing.T, s *Site, client string) answered {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {client}, "client_secret": {"chat-secret"}}
	return do(t, http.MethodPost, s.URL()+"/oauth/token", formContent, form.Encode(), "")
}

// chatMessages lists the messages of a conversation, oldest first.
func chatMessages(t *testing.T, address, auth string) []struct{ ID string } {
	t.Helper()
	var got struct{ Messages []struct{ ID string } }
	get(t, address, auth).into(t, &got)
	return got.Messages
}

func TestChatMessages(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	conversation := app.mustInstallChat(t, site, "").Conversation
	auth, messages := chatAuth(t, site), roomURL(site, conversation)+"/message"
	const doc = `{"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"Deploy done"}]}]}`
	last := ""
	for _, test := range []struct {
		kind, body string
		want       int
	}{
		{"application/json", `{"body":` + doc + `}`, 201},
		{"application/json", doc, 201},
		{"text/plain", "Deploy done", 201},
		{"text/markdown", "Deploy done", 201},
		{"text/html", "<b>", 400},
		{"application/json", `{"body":{}}`, 400},
		{"application/json", `[`, 400},
		{"text/plain", "", 400},
	} {
		got := do(t, http.MethodPost, messages, test.kind, test.body, auth)
		if got.status != test.want {
			t.Errorf("%s %s: got %d %s, want %d", test.kind, test.body, got.status, got.body, test.want)
		}
		if got.status == http.StatusCreated {
			last = got.str("id")
		}
	}
	if got := get(t, messages+"/"+last, auth); got.str("text") != "Deploy done" {
		t.Errorf("message: got %s", got.body)
	}
	foreign := chatMessages(t, messages, auth)[0].ID
	for _, test := range []struct {
		method, id, body string
		want             int
	}{
		{"PUT", last, "Changed", 204},
		{"PUT", foreign, "Changed", 403},
		{"DELETE", foreign, "", 403},
		{"DELETE", last, "", 204},
		{"DELETE", last, "", 404},
	} {
		if got := do(t, test.method, messages+"/"+test.id, "text/plain", test.body, auth); got.status != test.want {
			t.Errorf("%s %s: got %d %s, want %d", test.method, test.id, got.status, got.body, test.want)
		}
	}
	site.Reset()
	if got := len(chatMessages(t, messages, auth)); got != 1 {
		t.Errorf("messages after reset: got %d, want 1", got)
	}
}

func TestChatPages(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	conversation := app.mustInstallChat(t, site, "").Conversation
	account := site.People()[0].AccountID
	address, err := site.ChatPageURL("com.example.chat", "board", conversation, account)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	claims := verifyChat(t, u.Query().Get("jwt"))
	if u.Path != "/base/board" || claims.Subject != account || claims.Context.ResourceID != conversation {
		t.Errorf("got %s %+v", u.Path, claims)
	}
	for name, in := range map[string][4]string{
		"unknown app":     {"other", "board", conversation, account},
		"unknown module":  {"com.example.chat", "open-work", conversation, account},
		"unknown room":    {"com.example.chat", "board", "x", account},
		"other room":      {"com.example.chat", "board", site.Conversations()[1], account},
		"unknown account": {"com.example.chat", "board", conversation, "nobody"},
	} {
		if _, err := site.ChatPageURL(in[0], in[1], in[2], in[3]); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	if forged, err := site.SignChat("com.example.chat", map[string]any{"iss": "client"}); err != nil || verifyChatIssuer(forged) == "" {
		t.Errorf("sign: got %q, %v", forged, err)
	}
	if _, err := site.SignChat("other", nil); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("sign for an unknown app: got %v", err)
	}
}

func verifyChatIssuer(raw string) string {
	iss, _ := journal.Decode("", raw).Claims["iss"].(string)
	return iss
}

func TestOpeningARoomPullsStates(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	conversation := app.mustInstallChat(t, site, "").Conversation
	account := site.Objects().Conversations[0].Members[1]
	address := site.URL() + "/-/ui/chat/" + conversation + "?as=" + url.QueryEscape(account)
	var shown struct {
		Apps []struct {
			Glances        []struct{ Label string }
			Configurations []struct{ Configured, Known bool }
			Dialogs        []struct {
				PrimaryAction struct{ Key string }
				Width         string
			}
			Sidebars []struct{ Key string }
			Targets  []struct{ Destination struct{ Kind string } }
		}
		Viewer  struct{ AccountID string }
		Members []struct{ AccountID string }
	}
	get(t, address, "").into(t, &shown)
	one := shown.Apps[0]
	if one.Glances[0].Label != "3 open" || one.Configurations[0].Configured || !one.Configurations[0].Known {
		t.Errorf("states: got %+v", one)
	}
	if shown.Viewer.AccountID != account || len(shown.Members) < 2 {
		t.Errorf("people: got %+v", shown)
	}
	if len(one.Dialogs) != 1 || one.Dialogs[0].PrimaryAction.Key != "save" || one.Dialogs[0].Width != "480px" ||
		len(one.Sidebars) != 1 || one.Targets[0].Destination.Kind != "sidebar" || one.Targets[1].Destination.Kind != "service" {
		t.Errorf("pages: got %+v", one)
	}
	asked := app.to("/glance")
	if len(asked) != 1 || asked[0].header.Get("Origin") != site.URL() {
		t.Fatalf("glance: got %+v", asked)
	}
	q, _ := url.ParseQuery(asked[0].query)
	if claims := verifyChat(t, q.Get("jwt")); claims.Subject != account {
		t.Errorf("asked as %q, want %q", claims.Subject, account)
	}
	get(t, address, "")
	if n := len(app.to("/glance")); n != 1 {
		t.Errorf("opened again: got %d calls, want 1", n)
	}
}

// TestChatServices checks where and with what token a browser calls the service
// behind an action target.
func TestChatServices(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	room := app.mustInstallChat(t, site, "").Conversation
	member := site.Objects().Conversations[0].Members[1]
	base := site.URL() + "/-/ui/chat/" + room + "/services/"
	got := get(t, base+"ack?app=com.example.chat&as="+url.QueryEscape(member), "")
	if got.status != http.StatusOK || got.str("url") != app.baseURL()+"/ack" {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	if claims := verifyChat(t, got.str("token")); claims.Subject != member || claims.Context.ResourceID != room {
		t.Errorf("claims: got %+v", claims)
	}
	for query, want := range map[string]int{
		"show-board?app=com.example.chat":       404,
		"none?app=com.example.chat":             404,
		"ack?app=other":                         404,
		"ack?app=com.example.chat&as=anonymous": 403,
	} {
		if got := get(t, base+query, ""); got.status != want {
			t.Errorf("%s: got %d %s, want %d", query, got.status, got.body, want)
		}
	}
}
