package connecttest

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// slackApp is an app that takes everything and answers commands.
func slackApp(t *testing.T, s *Site) (address string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/command" {
			_, _ = w.Write([]byte(`{"response_type":"ephemeral","text":"seen"}`))
		}
	}))
	t.Cleanup(server.Close)
	got := postJSON(t, s.URL()+"/-/slack/app", SlackApp{
		Name: "App", ClientID: "id", ClientSecret: "secret", SigningSecret: "sign", RedirectURL: server.URL, Command: "/show",
		CommandURL: server.URL + "/command", InteractionsURL: server.URL, OptionsURL: server.URL, EventsURL: server.URL,
	})
	if got.status != http.StatusNoContent {
		t.Fatalf("register: got %d %s", got.status, got.body)
	}
	return server.URL
}

// slackToken installs the app and returns its token.
func slackToken(t *testing.T, s *Site, redirect string) string {
	t.Helper()
	q := url.Values{"client_id": {"id"}, "scope": {"chat:write,chat:write.public"}, "state": {"x"}, "user": {"U0SLPEOPLA"}, "answer": {"allow"}}
	q.Set("redirect_uri", redirect)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/slack/oauth/v2/authorize", strings.NewReader(q.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", slackFormType)
	resp, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		Token string `json:"access_token"`
	}
	slackCall(t, s, "oauth.v2.access", url.Values{
		"client_id": {"id"}, "client_secret": {"secret"}, "code": {to.Query().Get("code")}, "redirect_uri": {q.Get("redirect_uri")},
	}).into(t, &out)
	return out.Token
}

const slackFormType = "application/x-www-form-urlencoded"

func slackCall(t *testing.T, s *Site, method string, form url.Values) answered {
	t.Helper()
	return do(t, http.MethodPost, s.URL()+slackAPI+method, slackFormType, form.Encode(), "")
}

func TestSlackControl(t *testing.T) {
	t.Parallel()
	s := NewSite(t)
	redirect := slackApp(t, s)
	if got := postJSON(t, s.URL()+"/-/slack/app", SlackApp{}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("an empty app: got %d", got.status)
	}
	const channel = "/-/slack/channels/C0SLCHANNA"
	if got := postJSON(t, s.URL()+channel+"/messages", map[string]string{"user": "U0SLPEOPLA", "text": "/show"}); got.status != http.StatusNotFound {
		t.Errorf("a command before the app is there: got %d %s", got.status, got.body)
	}
	if token := slackToken(t, s, redirect); !strings.HasPrefix(token, "xoxb-") {
		t.Fatalf("token: got %q", token)
	}
	if got := postJSON(t, s.URL()+channel+"/messages", map[string]string{"user": "U0SLPEOPLA", "text": "/show"}); got.status != http.StatusNoContent {
		t.Errorf("command: got %d %s", got.status, got.body)
	}
	list := s.Slack().State().Channels[0].Messages
	if last := list[len(list)-1]; last.Text != "seen" || last.For != "U0SLPEOPLA" {
		t.Errorf("answer: got %+v", last)
	}
	if got := postJSON(t, s.URL()+"/-/slack/channels", map[string]any{"name": "new"}); got.status != http.StatusCreated {
		t.Errorf("channel: got %d %s", got.status, got.body)
	}
	for path, body := range map[string]any{
		channel + "/archive": map[string]bool{"archived": true}, channel + "/member": map[string]bool{"member": true},
		"/-/slack/uninstall": nil,
	} {
		if got := postJSON(t, s.URL()+path, body); got.status != http.StatusNoContent {
			t.Errorf("%s: got %d %s", path, got.status, got.body)
		}
	}
	for path, body := range map[string]any{
		"/-/slack/channels/C1/archive":         map[string]bool{"archived": true},
		"/-/slack/modals/U0SLPEOPLA/submit":    map[string]any{},
		"/-/slack/modals/U0SLPEOPLA/close":     nil,
		"/-/slack/revoke":                      nil,
		"/-/slack/channels/C1/messages/1/lock": map[string]string{"error": "edit_window_closed"},
	} {
		if got := postJSON(t, s.URL()+path, body); got.status != http.StatusNotFound {
			t.Errorf("%s: got %d %s, want 404", path, got.status, got.body)
		}
	}
}

// The log names calls of both directions and holds no token.
func TestSlackInTheLog(t *testing.T) {
	t.Parallel()
	s := NewSite(t)
	token := slackToken(t, s, slackApp(t, s))
	if err := s.Slack().Say(t.Context(), "C0SLCHANNA", "U0SLPEOPLA", "/show"); err != nil {
		t.Fatal(err)
	}
	if err := s.AddFault(Fault{Path: "/slack/api/chat.postMessage", Status: 500, Times: 1}); err != nil {
		t.Fatal(err)
	}
	post := url.Values{"channel": {"C0SLCHANNA"}, "text": {"x"}, "token": {token}}
	if got := slackCall(t, s, "chat.postMessage", post); got.status != 500 || !strings.Contains(string(got.body), `"ok":false`) {
		t.Errorf("fault: got %d %s", got.status, got.body)
	}
	if got := slackCall(t, s, "chat.postMessage", post); got.status != 200 || !strings.Contains(string(got.body), `"ok":true`) {
		t.Errorf("got %d %s", got.status, got.body)
	}
	seen := map[string]int{}
	for _, q := range s.Requests(0) {
		seen[q.Operation]++
		if strings.Contains(q.Query+q.Reason+q.Path, token) {
			t.Errorf("the log holds the token: %+v", q)
		}
	}
	for _, want := range []string{"slack.authorize", "slack.oauth.v2.access", "slack.command", "slack.chat.postMessage"} {
		if seen[want] == 0 {
			t.Errorf("no %s in the log: %v", want, seen)
		}
	}
	s.Reset()
	if state := s.Slack().State(); !state.Installed || len(state.Channels[0].Messages) != 1 {
		t.Errorf("after a reset: got %+v", state)
	}
}

// A page that stands on its own gets the custom parameters of the host's page.
func TestPageURL(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	app.amend = func(d map[string]any) {
		d["modules"].(map[string]any)["generalPages"] = []any{map[string]any{
			"key": "own", "name": map[string]any{"value": "Own"}, "url": "/own?code={ac.code}&d={dashboard.id}",
		}}
	}
	app.mustInstall(t, site)
	address, err := site.PageURL("com.example.app", "own", site.People()[0].AccountID, url.Values{"ac.code": {"a b&c"}, "dashboard.id": {"1"}})
	if err != nil {
		t.Fatal(err)
	}
	u, _ := openPage(t, app, address)
	if q := u.Query(); q.Get("code") != "a b&c" || q.Get("d") != "" {
		t.Errorf("got %s", u)
	}
	if _, err := site.PageURL("com.example.app", "none", "", nil); err == nil {
		t.Error("no such page: got no error")
	}
	if got := do(t, http.MethodGet, site.URL()+"/-/apps/com.example.app/modules/own?as=anonymous&ac.code=z", "", "", ""); !strings.Contains(string(got.body), "code=z") {
		t.Errorf("control call: got %s", got.body)
	}
}
