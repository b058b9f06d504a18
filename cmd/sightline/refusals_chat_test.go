package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
)

// room is a program whose chat app is in one room, and makes requests as the
// chat would, and wrong ones.
type room struct {
	*running
	connecttest.Conversation
	key string // the chat app's
}

// newRoom puts the app into the first room; change may alter the settings.
func newRoom(t testing.TB, changes ...func(*app.ServeFlags)) room {
	t.Helper()
	r := startProgram(t, connecttest.NewSite(t), changes...)
	r.install(t)
	out := room{running: r, Conversation: r.site.Objects().Conversations[0]}
	app, err := r.site.InstallChat(t.Context(), r.url+"/atlassian-chat.json", out.ID, onsite.ChatClientID, onsite.ChatClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	out.key = app.Key
	eventually(t, "the room is known to be not set up", func() bool { return len(out.kept(t)) == 2 })
	return out
}

// claims are those of a right token for the room.
func (r room) claims() map[string]any {
	now := time.Now()
	return map[string]any{
		"iss": onsite.ChatClientID, "sub": r.Members[0], "iat": now.Unix(), "exp": now.Add(10 * time.Minute).Unix(),
		"context": map[string]any{"cloudId": r.site.CloudID(), "resourceId": r.ID, "resourceType": "conversation"},
	}
}

// about changes one claim of the context.
func (r room) about(name string, value any) map[string]any {
	claims := r.claims()
	claims["context"] = with(claims["context"].(map[string]any), name, value)
	return claims
}

func (r room) sign(t testing.TB, claims map[string]any) string {
	t.Helper()
	return hmacToken(t, jwt.SigningMethodHS256, claims, onsite.ChatClientSecret)
}

// chatCall is a call that the chat makes, or one of its pages.
type chatCall struct{ method, path, kind, body string }

func (r room) calls(t testing.TB) []chatCall {
	t.Helper()
	const form, body = "application/x-www-form-urlencoded", "application/json"
	return []chatCall{
		{method: http.MethodGet, path: "/chat/glance"},
		{method: http.MethodGet, path: "/chat/configuration"},
		{method: http.MethodGet, path: "/chat/setup"},
		{method: http.MethodGet, path: "/chat/sidebar"},
		{method: http.MethodGet, path: "/chat/sidebar/view"},
		{http.MethodPost, "/chat/setup", form, "projects=HARB&window=14&zone=UTC"},
		{http.MethodPost, "/chat/lifecycle/uninstalled", body, r.lifecycle("uninstalled", nil)},
		{http.MethodPost, "/chat/lifecycle/installed", body, r.lifecycle("installed", nil)},
		{http.MethodPost, "/chat/webhooks/conversation", body, r.event("update", nil)},
		{http.MethodPost, "/chat/webhooks/roster", body, r.event("add", nil)},
		{method: http.MethodGet, path: "/chat/setup/label?projects=HARB&window=14&zone=UTC"},
		{http.MethodPost, "/chat/sidebar/preferences", form, "sort=name"},
		{method: http.MethodGet, path: "/chat/sidebar/person?id=" + r.Members[0]},
		{method: http.MethodGet, path: "/chat/sidebar/issue?key=HARB-1"},
		{method: http.MethodGet, path: "/chat/setup/projects?q=h"},
		{method: http.MethodGet, path: "/chat/setup/roles?projects=HARB"},
		{method: http.MethodGet, path: "/chat/setup/people?query=x"},
	}
}

// TestEveryChatRouteIsTried fails when a route has no call among those that
// the tests forge.
func TestEveryChatRouteIsTried(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	tried := map[string]bool{}
	for _, call := range r.calls(t) {
		path, _, _ := strings.Cut(call.path, "?")
		tried[call.method+" "+path] = true
	}
	routes := 0
	for _, route := range r.app.Server().Routes() {
		if !strings.HasPrefix(route.Path, "/chat/") || route.Method == http.MethodOptions { // a preflight has no token
			continue
		}
		routes++
		if !tried[route.Method+" "+route.Path] {
			t.Errorf("no test forges %s %s", route.Method, route.Path)
		}
	}
	if routes != len(tried) {
		t.Errorf("%d routes, %d calls", routes, len(tried))
	}
}

// event is the body of a webhook, some of its members changed.
func (r room) event(action string, change map[string]any) string {
	body := map[string]any{
		"action": action, "cloudId": r.site.CloudID(), "type": "conversation:updates",
		"conversation": map[string]any{"id": r.ID, "name": r.Name, "isArchived": false},
		"initiator":    map[string]any{"id": r.Members[0]}, "user": map[string]any{"id": r.Members[1]},
	}
	maps.Copy(body, change)
	return asJSON(body)
}

// lifecycle is the body of a lifecycle call, some of its members changed.
func (r room) lifecycle(event string, change map[string]any) string {
	body := map[string]any{
		"key": appKey, "productType": "chat", "cloudId": r.site.CloudID(), "resourceType": "conversation",
		"resourceId": r.ID, "eventType": event, "userId": r.Members[0], "oauthClientId": onsite.ChatClientID, "version": "1",
	}
	maps.Copy(body, change)
	return asJSON(body)
}

// send sends a call with the given Authorization headers.
func (r room) send(t testing.TB, c chatCall, authorization ...string) (int, string) {
	t.Helper()
	req := newRequest(t, c.method, r.url+c.path, strings.NewReader(c.body))
	if c.kind != "" {
		req.Header.Set("Content-Type", c.kind)
	}
	if len(authorization) > 0 {
		req.Header["Authorization"] = authorization
	}
	return fetch(t, req)
}

// kept is what the database holds of rooms: what they show and whether they
// are set up.
func (r *running) kept(t testing.TB) []string {
	t.Helper()
	rows, err := r.store.Glances.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list := make([]string, 0, len(rows))
	for _, row := range rows {
		list = append(list, fmt.Sprint(row.Key, row.Config, row.Desired.Configured))
	}
	return list
}

func TestForgedChatCallsAreRefused(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	before := r.kept(t)
	for name, token := range r.wrongTokens(t) {
		t.Run(name, func(t *testing.T) {
			for _, call := range r.calls(t) {
				status, body := r.send(t, call, "Bearer "+token)
				refused(t, status, body, token)
				if t.Failed() {
					t.Fatalf("%s %s", call.method, call.path)
				}
			}
		})
	}
	if diff := cmp.Diff(before, r.kept(t)); diff != "" {
		t.Errorf("refused calls changed what is kept:\n%s", diff)
	}
	r.leaksNothing(t)
	for _, call := range r.calls(t) {
		if status, body := r.send(t, call, "Bearer "+r.sign(t, r.claims())); status >= 300 && call.path != "/chat/lifecycle/installed" && status != http.StatusNotFound {
			t.Errorf("%s %s: a right token is refused: %d\n%s", call.method, call.path, status, body)
		}
	}
}

// wrongTokens are tokens that no call takes.
func (r room) wrongTokens(t testing.TB) map[string]string {
	t.Helper()
	key, _ := r.site.InstallKey()
	now, right := time.Now(), r.claims()
	signed := r.sign(t, right)
	parts := strings.Split(signed, ".")
	tokens := map[string]string{
		"none": "", "garbage": "garbage", "two parts": parts[0] + "." + parts[1], "four parts": signed + ".x", "empty parts": "..",
		"no signature":      parts[0] + "." + parts[1] + ".",
		"not base64":        "!!!." + parts[1] + "." + parts[2],
		"padded base64":     parts[0] + "==." + parts[1] + "." + parts[2],
		"payload no json":   parts[0] + ".aGVsbG8." + parts[2],
		"payload an array":  parts[0] + ".W10." + parts[2],
		"longer than 8 KiB": r.sign(t, with(right, "pad", strings.Repeat("x", 9<<10))),
		"alg none":          unsigned(t, right, "none"),
		"alg NONE":          unsigned(t, right, "NONE"),
		"alg hs256":         unsigned(t, right, "hs256"),
		"alg empty":         unsigned(t, right, ""),
		"HS384":             hmacToken(t, jwt.SigningMethodHS384, right, onsite.ChatClientSecret),
		"HS512":             hmacToken(t, jwt.SigningMethodHS512, right, onsite.ChatClientSecret),
		"RS256":             rsaToken(t, right, key, "any"),
		"empty secret":      hmacToken(t, jwt.SigningMethodHS256, right, ""),
		"wrong secret":      hmacToken(t, jwt.SigningMethodHS256, right, onsite.ChatClientSecret+" "),
		"client id as key":  hmacToken(t, jwt.SigningMethodHS256, right, onsite.ChatClientID),
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	published := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}))
	tokens["a public key as secret"] = hmacToken(t, jwt.SigningMethodHS256, right, published)
	contextToken, err := r.site.ContextToken(appKey, r.Members[0])
	if err != nil {
		t.Fatal(err)
	}
	tokens["a token of jira"] = contextToken
	for name, claims := range map[string]map[string]any{
		"no expiry":               with(right, "exp", nil),
		"expired":                 with(right, "exp", now.Add(-20*time.Second).Unix()),
		"expiry a fraction":       with(right, "exp", float64(now.Unix())+60.5),
		"expiry in words":         with(right, "exp", "tomorrow"),
		"expiry negative":         with(right, "exp", -1),
		"expiry in the year 9999": with(right, "exp", 253402300000),
		"not yet":                 with(right, "nbf", now.Add(3*time.Hour).Unix()),
		"issued in future":        with(right, "iat", now.Add(3*time.Hour).Unix()),
		"no issuer":               with(right, "iss", nil),
		"another issuer":          with(right, "iss", "another-client"),
		"issuer a number":         with(right, "iss", 7),
		"issuer the app":          with(right, "iss", appKey),
		"subject a list":          with(right, "sub", []string{r.Members[0]}),
		"no context":              with(right, "context", nil),
		"context null":            with(right, "context", jwt.MapClaims(nil)),
		"context a text":          with(right, "context", r.ID),
		"context a list":          with(right, "context", []any{right["context"]}),
		"context empty":           with(right, "context", map[string]any{}),
		"no cloud id":             r.about("cloudId", nil),
		"cloud id a number":       r.about("cloudId", 7),
		"no conversation":         r.about("resourceId", nil),
		"conversation empty":      r.about("resourceId", ""),
		"not a conversation":      r.about("resourceType", "site"),
	} {
		tokens[name] = r.sign(t, claims)
	}
	return tokens
}

// TestWrongPlacesOnEveryChatPath sends a right token where none is looked for,
// and two where one is due.
func TestWrongPlacesOnEveryChatPath(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	before := r.kept(t)
	token := r.sign(t, r.claims())
	for _, call := range r.calls(t) {
		inQuery := call
		inQuery.path += map[bool]string{true: "&", false: "?"}[strings.Contains(call.path, "?")] + "jwt=" + token
		twice := inQuery
		twice.path += "&jwt=" + token
		for name, tc := range map[string]struct {
			call   chatCall
			header http.Header
		}{
			"none":               {call, nil},
			"query and header":   {inQuery, http.Header{"Authorization": {"Bearer " + token}}},
			"twice in the query": {twice, nil},
			"two headers":        {call, http.Header{"Authorization": {"Bearer " + token, "Bearer " + token}}},
			"cookie":             {call, http.Header{"Cookie": {"jwt=" + token}}},
			"x-acpt":             {call, http.Header{"X-Acpt": {token}}},
			"scheme of jira":     {call, http.Header{"Authorization": {"JWT " + token}}},
			"no scheme":          {call, http.Header{"Authorization": {token}}},
		} {
			req := newRequest(t, tc.call.method, r.url+tc.call.path, strings.NewReader(tc.call.body))
			for key, values := range tc.header {
				req.Header[key] = values
			}
			if tc.call.kind != "" {
				req.Header.Set("Content-Type", tc.call.kind)
			}
			status, body := fetch(t, req)
			refused(t, status, body, token)
			if t.Failed() {
				t.Fatalf("%s: %s %s", name, call.method, call.path)
			}
		}
	}
	if diff := cmp.Diff(before, r.kept(t)); diff != "" {
		t.Errorf("refused calls changed what is kept:\n%s", diff)
	}
	r.leaksNothing(t)
}

func TestChatClockMayBeOffALittle(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	now := time.Now()
	for name, claims := range map[string]map[string]any{
		"just expired":   with(r.claims(), "exp", now.Add(-5*time.Second).Unix()),
		"just issued":    with(r.claims(), "iat", now.Add(10*time.Second).Unix()),
		"no iat":         with(r.claims(), "iat", nil),
		"no type":        r.about("resourceType", nil),
		"unknown claims": with(r.claims(), "qsh", []int{1}),
	} {
		if status, body := r.send(t, chatCall{method: http.MethodGet, path: "/chat/configuration"}, "Bearer "+r.sign(t, claims)); status != http.StatusOK {
			t.Errorf("%s: status %d\n%s", name, status, body)
		}
	}
}

func TestChatTokenPlaces(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	token := r.sign(t, r.claims())
	const form = "application/x-www-form-urlencoded"
	get := func(path string) chatCall { return chatCall{method: http.MethodGet, path: path} }
	for name, tc := range map[string]struct {
		call   chatCall
		header []string
		want   int
	}{
		"query":                {get("/chat/configuration?jwt=" + token), nil, 200},
		"header":               {get("/chat/configuration"), []string{"Bearer " + token}, 200},
		"both":                 {get("/chat/configuration?jwt=" + token), []string{"Bearer " + token}, 401},
		"twice in query":       {get("/chat/configuration?jwt=" + token + "&jwt=" + token), nil, 401},
		"an empty second one":  {get("/chat/configuration?jwt=" + token + "&jwt="), nil, 401},
		"two headers":          {get("/chat/configuration"), []string{"Bearer " + token, "Bearer " + token}, 401},
		"a second of no use":   {get("/chat/configuration"), []string{"Bearer " + token, "Basic Og=="}, 401},
		"query and form":       {chatCall{http.MethodPost, "/chat/setup?jwt=" + token, form, "jwt=" + token}, nil, 401},
		"header and form":      {chatCall{http.MethodPost, "/chat/setup", form, "jwt=" + token}, []string{"Bearer " + token}, 401},
		"scheme of jira":       {get("/chat/configuration"), []string{"JWT " + token}, 401},
		"lower-case scheme":    {get("/chat/configuration"), []string{"bearer " + token}, 401},
		"no scheme":            {get("/chat/configuration"), []string{token}, 401},
		"two spaces":           {get("/chat/configuration"), []string{"Bearer  " + token}, 401},
		"something behind it":  {get("/chat/configuration"), []string{"Bearer " + token + " x"}, 401},
		"another parameter":    {get("/chat/configuration?JWT=" + token), nil, 401},
		"in place of the path": {get("/chat/configuration/" + token), nil, 404},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := r.send(t, tc.call, tc.header...)
			if status != tc.want {
				t.Errorf("status %d, want %d\n%s", status, tc.want, body)
			}
			if strings.Contains(body, token[len(token)-20:]) {
				t.Errorf("the answer repeats the token:\n%s", body)
			}
		})
	}
	req := newRequest(t, http.MethodGet, r.url+"/chat/configuration", nil)
	req.Header.Set("Cookie", "jwt="+token)
	req.Header.Set("X-Acpt", token)
	status, body := fetch(t, req)
	refused(t, status, body, token)
}
