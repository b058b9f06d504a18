package slackrest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// slackSite is a workspace with an app whose answers the test makes.
type slackSite struct {
	*Server
	mu    sync.Mutex
	now   time.Time
	calls []Call
	reply func(Call) (Reply, error)
}

func (s *slackSite) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *slackSite) forward(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *slackSite) send(_ context.Context, c Call) (Reply, error) {
	s.mu.Lock()
	s.calls = append(s.calls, c)
	reply := s.reply
	s.mu.Unlock()
	if reply == nil {
		return Reply{Status: http.StatusOK}, nil
	}
	return reply(c)
}

const app = "http://app.test"

func newSlack(t *testing.T, scopes ...string) *slackSite {
	t.Helper()
	s := &slackSite{now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	s.Server = New(Options{URL: func() string { return "http://site.test" }, Now: s.clock, Send: s.send, Changed: func(string) {}})
	err := s.Register(App{
		Name: "App", ClientID: "id", ClientSecret: "secret", SigningSecret: "sign", RedirectURL: app + "/back", Command: "/show",
		CommandURL: app + "/command", InteractionsURL: app + "/act", OptionsURL: app + "/options", EventsURL: app + "/events",
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(scopes) > 0 {
		s.Server.mu.Lock()
		s.put(scopes)
		s.Server.mu.Unlock()
	}
	return s
}

// form calls a method with a form, as the app.
func (s *slackSite) form(t *testing.T, method string, args url.Values) map[string]any {
	t.Helper()
	return s.call(t, method, "application/x-www-form-urlencoded", args.Encode(), s.token())
}

func (s *slackSite) token() string {
	if s.installed == nil {
		return ""
	}
	return s.installed.token
}

func (s *slackSite) call(t *testing.T, method, kind, body, token string) map[string]any {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/slack/api/"+method, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	rec := httptest.NewRecorder()
	s.Serve(rec, r)
	out := map[string]any{}
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		t.Fatalf("%s: %d %q", method, rec.Code, rec.Body)
	}
	out["status"], out["retry"] = rec.Code, rec.Header().Get("Retry-After")
	return out
}

func wants(t *testing.T, name string, got map[string]any, code string) {
	t.Helper()
	said, _ := got["error"].(string)
	if said != code || got["ok"] != (code == "") || got["status"] != http.StatusOK {
		t.Errorf("%s: got %v, want error %q inside 200", name, got, code)
	}
}

const (
	open    = "C0SLCHANNA"
	other   = "C0SLCHANNB"
	private = "C0SLCHANNC"
	ann     = "U0SLPEOPLA"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newSlack(t, "chat:write", "channels:join")
	ok := url.Values{"channel": {open}, "text": {"x"}}
	wants(t, "not a member", s.form(t, "chat.postMessage", ok), "not_in_channel")
	s.forward(2 * time.Second)
	wants(t, "join", s.form(t, "conversations.join", url.Values{"channel": {open}}), "")
	wants(t, "no such method", s.form(t, "chat.shout", ok), "unknown_method")
	wants(t, "no token", s.call(t, "chat.postMessage", "application/x-www-form-urlencoded", ok.Encode(), ""), "not_authed")
	wants(t, "another token", s.call(t, "chat.postMessage", "application/x-www-form-urlencoded", ok.Encode(), "xoxb-no"), "invalid_auth")
	wants(t, "no text", s.form(t, "chat.postMessage", url.Values{"channel": {open}}), "no_text")
	wants(t, "bad blocks", s.form(t, "chat.postMessage", url.Values{"channel": {other}, "text": {"x"}, "blocks": {`[{"type":"song"}]`}}), "not_in_channel")
	s.forward(2 * time.Second)
	wants(t, "bad blocks", s.form(t, "chat.postMessage", url.Values{"channel": {open}, "text": {"x"}, "blocks": {`[{"type":"song"}]`}}), "invalid_blocks")
	wants(t, "no channel", s.form(t, "chat.postMessage", url.Values{"channel": {"C1"}, "text": {"x"}}), "channel_not_found")
	wants(t, "private", s.form(t, "chat.postMessage", url.Values{"channel": {private}, "text": {"x"}}), "channel_not_found")
	wants(t, "no scope", s.form(t, "bookmarks.add", url.Values{"channel_id": {open}}), "missing_scope")
	wants(t, "not JSON", s.call(t, "chat.update", "application/json", "{", s.token()), "invalid_json")
	wants(t, "plain text", s.call(t, "chat.update", "text/plain", "x", s.token()), "invalid_post_type")
	wants(t, "no message", s.form(t, "chat.update", url.Values{"channel": {open}, "ts": {"1.2"}, "text": {"x"}}), "message_not_found")
	theirs := s.State().Channels[0].Messages[0].TS
	wants(t, "theirs", s.form(t, "chat.update", url.Values{"channel": {open}, "ts": {theirs}, "text": {"x"}}), "cant_update_message")
	wants(t, "theirs", s.form(t, "chat.delete", url.Values{"channel": {open}, "ts": {theirs}}), "cant_delete_message")
	if err := s.Archive(t.Context(), open, true); err != nil {
		t.Fatal(err)
	}
	s.forward(2 * time.Second)
	wants(t, "archived", s.form(t, "chat.postMessage", ok), "is_archived")
	token := s.token()
	if err := s.RevokeToken(); err != nil {
		t.Fatal(err)
	}
	wants(t, "revoked", s.call(t, "auth.test", "application/x-www-form-urlencoded", "", token), "token_revoked")
}

func TestMessages(t *testing.T) {
	t.Parallel()
	s := newSlack(t, "chat:write", "chat:write.public")
	blocks := `[{"type":"section","text":{"type":"mrkdwn","text":"x"}}]`
	body, _ := json.Marshal(map[string]any{"channel": open, "text": "one", "blocks": json.RawMessage(blocks)})
	posted := s.call(t, "chat.postMessage", "application/json; charset=utf-8", string(body), s.token())
	wants(t, "post as JSON", posted, "")
	ts := posted["ts"].(string)
	newest := func() Message {
		list := s.State().Channels[0].Messages
		return list[len(list)-1]
	}
	wants(t, "with blocks", s.form(t, "chat.update", url.Values{"channel": {open}, "ts": {ts}, "text": {"two"}, "blocks": {blocks}}), "")
	if m := newest(); m.Text != "two" || len(m.Blocks) == 0 || m.Edited {
		t.Errorf("with blocks: got %+v", m)
	}
	wants(t, "text alone", s.form(t, "chat.update", url.Values{"channel": {open}, "ts": {ts}, "text": {"three"}}), "")
	if m := newest(); m.Text != "three" || len(m.Blocks) != 0 || !m.Edited {
		t.Errorf("text alone drops the blocks: got %+v", m)
	}
	if err := s.LockMessage(open, ts, "edit_window_closed"); err != nil {
		t.Fatal(err)
	}
	wants(t, "locked", s.form(t, "chat.update", url.Values{"channel": {open}, "ts": {ts}, "text": {"x"}}), "edit_window_closed")
	wants(t, "ephemeral", s.form(t, "chat.postEphemeral", url.Values{"channel": {open}, "user": {ann}, "text": {"psst"}}), "")
	if m := newest(); m.For != ann {
		t.Errorf("ephemeral: got %+v", m)
	}
	if err := s.DeleteMessage(open, ts); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteMessage(open, ts); !errors.Is(err, ErrNotFound) {
		t.Errorf("twice: got %v", err)
	}
}

func TestTiers(t *testing.T) {
	t.Parallel()
	s := newSlack(t, "chat:write", "chat:write.public", "bookmarks:write", "channels:join")
	post := url.Values{"channel": {open}, "text": {"x"}}
	wants(t, "first", s.form(t, "chat.postMessage", post), "")
	if got := s.form(t, "chat.postMessage", post); got["status"] != http.StatusTooManyRequests || got["retry"] != "1" {
		t.Errorf("second in the same second: got %v", got)
	}
	wants(t, "another channel", s.form(t, "chat.postMessage", url.Values{"channel": {other}, "text": {"x"}}), "")
	s.forward(time.Second)
	wants(t, "a second later", s.form(t, "chat.postMessage", post), "")

	wants(t, "join", s.form(t, "conversations.join", url.Values{"channel": {open}}), "")
	add := url.Values{"channel_id": {open}, "title": {"x"}, "type": {"link"}, "link": {"https://x.test"}}
	for range tier2 {
		wants(t, "bookmark", s.form(t, "bookmarks.add", add), "")
	}
	if got := s.form(t, "bookmarks.add", add); got["status"] != http.StatusTooManyRequests || got["retry"] != "60" {
		t.Errorf("one too many: got %v", got)
	}
	for len(s.State().Channels[0].Bookmarks) < maxBookmarks {
		s.forward(time.Minute)
		for range tier2 {
			s.form(t, "bookmarks.add", add)
		}
	}
	s.forward(time.Minute)
	wants(t, "full", s.form(t, "bookmarks.add", add), "too_many_bookmarks")
}

func TestBookmarks(t *testing.T) {
	t.Parallel()
	s := newSlack(t, "bookmarks:write", "bookmarks:read", "channels:join")
	wants(t, "not a member", s.form(t, "bookmarks.add", url.Values{"channel_id": {open}}), "not_in_channel")
	wants(t, "join", s.form(t, "conversations.join", url.Values{"channel": {open}}), "")
	wants(t, "no link", s.form(t, "bookmarks.add", url.Values{"channel_id": {open}, "title": {"x"}, "type": {"link"}, "link": {"x"}}), "invalid_link")
	added := s.form(t, "bookmarks.add", url.Values{"channel_id": {open}, "title": {"x"}, "type": {"link"}, "link": {"https://x.test"}})
	wants(t, "add", added, "")
	id := added["bookmark"].(map[string]any)["id"].(string)
	wants(t, "edit", s.form(t, "bookmarks.edit", url.Values{"channel_id": {open}, "bookmark_id": {id}, "title": {"y"}}), "")
	if got := s.State().Channels[0].Bookmarks; len(got) != 1 || got[0].Title != "y" || got[0].Link != "https://x.test" {
		t.Errorf("got %+v", got)
	}
	wants(t, "list", s.form(t, "bookmarks.list", url.Values{"channel_id": {open}}), "")
	wants(t, "another channel's", s.form(t, "bookmarks.remove", url.Values{"channel_id": {other}, "bookmark_id": {id}}), "not_in_channel")
	wants(t, "remove", s.form(t, "bookmarks.remove", url.Values{"channel_id": {open}, "bookmark_id": {id}}), "")
	wants(t, "gone", s.form(t, "bookmarks.edit", url.Values{"channel_id": {open}, "bookmark_id": {id}}), "not_found")
}

// modal is a view with one field of every type.
const modal = `{"type":"modal","callback_id":"c","private_metadata":"m","title":{"type":"plain_text","text":"T"},
	"submit":{"type":"plain_text","text":"Save"},"blocks":[
	{"type":"input","block_id":"p","label":{"type":"plain_text","text":"P"},"element":{"type":"multi_external_select","action_id":"p","max_selected_items":2}},
	{"type":"input","block_id":"w","label":{"type":"plain_text","text":"W"},"element":{"type":"static_select","action_id":"w",
		"options":[{"text":{"type":"plain_text","text":"7"},"value":"7"}],"initial_option":{"text":{"type":"plain_text","text":"7"},"value":"7"}}},
	{"type":"input","block_id":"q","optional":true,"label":{"type":"plain_text","text":"Q"},"element":{"type":"timepicker","action_id":"q"}},
	{"type":"actions","elements":[{"type":"button","action_id":"stop","value":"v","text":{"type":"plain_text","text":"Stop"}}]}]}`

// opened has a modal open for Ann.
func opened(t *testing.T) *slackSite {
	t.Helper()
	s := newSlack(t, "commands")
	s.reply = func(c Call) (Reply, error) {
		if c.Operation == "slack.command" {
			form, _ := url.ParseQuery(string(c.Body))
			body, _ := json.Marshal(map[string]any{"trigger_id": form.Get("trigger_id"), "view": json.RawMessage(modal)})
			wants(t, "open", s.call(t, "views.open", "application/json", string(body), s.token()), "")
			wants(t, "open twice", s.call(t, "views.open", "application/json", string(body), s.token()), "exchanged_trigger_id")
		}
		if c.Operation == "slack.options" {
			return Reply{Status: 200, Body: []byte(`{"options":[{"text":{"type":"plain_text","text":"A"},"value":"A"},{"text":{"type":"plain_text","text":"B"},"value":"B"}]}`)}, nil
		}
		return Reply{Status: 200}, nil
	}
	if err := s.Say(t.Context(), open, ann, "/show me"); err != nil {
		t.Fatal(err)
	}
	if len(s.State().Modals) != 1 {
		t.Fatal("no modal")
	}
	return s
}

func raw(values map[string]any) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	for name, value := range values {
		out[name], _ = json.Marshal(value)
	}
	return out
}

func TestModal(t *testing.T) {
	t.Parallel()
	s := opened(t)
	if wrong, err := s.Submit(t.Context(), ann, nil); err != nil || wrong["p"] == "" {
		t.Errorf("without a required field: got %v, %v", wrong, err)
	}
	if _, err := s.Submit(t.Context(), ann, raw(map[string]any{"p": []string{"A"}})); err == nil {
		t.Error("what the app has not offered was taken")
	}
	if _, err := s.Submit(t.Context(), ann, raw(map[string]any{"x": "A"})); err == nil {
		t.Error("an unknown field was taken")
	}
	list, err := s.Suggest(t.Context(), ann, "p", "a")
	if err != nil || len(list) != 2 {
		t.Fatalf("options: got %v, %v", list, err)
	}
	s.reply = func(Call) (Reply, error) {
		return Reply{Status: 200, Body: []byte(`{"response_action":"errors","errors":{"p":"No."}}`)}, nil
	}
	if wrong, err := s.Submit(t.Context(), ann, raw(map[string]any{"p": []string{"A"}, "q": "22:00"})); err != nil || wrong["p"] != "No." {
		t.Errorf("refused: got %v, %v", wrong, err)
	}
	if got := s.State().Modals[ann]; got.Errors["p"] != "No." {
		t.Errorf("the modal is gone or says nothing: %+v", got)
	}
	form, _ := url.ParseQuery(string(s.calls[len(s.calls)-1].Body))
	var payload struct {
		Type string
		View struct {
			Metadata string `json:"private_metadata"`
			State    struct {
				Values map[string]map[string]map[string]any
			}
		}
	}
	if err := json.Unmarshal([]byte(form.Get("payload")), &payload); err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(payload.View.State.Values)
	for _, want := range []string{"selected_options", "selected_option:map[", "selected_time:22:00"} {
		if !strings.Contains(got, want) {
			t.Errorf("state %s has no %s", got, want)
		}
	}
	if payload.Type != "view_submission" || payload.View.Metadata != "m" {
		t.Errorf("got %+v", payload)
	}
	s.reply = nil
	if err := s.Click(t.Context(), ann, "stop"); err != nil {
		t.Error(err)
	}
	if err := s.Click(t.Context(), ann, "none"); !errors.Is(err, ErrNotFound) {
		t.Errorf("no such button: got %v", err)
	}
	if wrong, err := s.Submit(t.Context(), ann, raw(map[string]any{"p": []string{"A", "B"}})); err != nil || wrong != nil {
		t.Errorf("got %v, %v", wrong, err)
	}
	if _, err := s.Submit(t.Context(), ann, nil); !errors.Is(err, ErrNotFound) {
		t.Errorf("after it closed: got %v", err)
	}
}

func TestTriggerEnds(t *testing.T) {
	t.Parallel()
	s := newSlack(t, "commands")
	s.reply = func(c Call) (Reply, error) {
		form, _ := url.ParseQuery(string(c.Body))
		s.forward(3 * time.Second)
		body, _ := json.Marshal(map[string]any{"trigger_id": form.Get("trigger_id"), "view": json.RawMessage(modal)})
		wants(t, "late", s.call(t, "views.open", "application/json", string(body), s.token()), "expired_trigger_id")
		return Reply{Status: 200, Body: []byte(`{"response_type":"ephemeral","text":"late"}`)}, nil
	}
	if err := s.Say(t.Context(), open, ann, "/show"); err != nil {
		t.Fatal(err)
	}
	list := s.State().Channels[0].Messages
	if last := list[len(list)-1]; last.Text != "late" || last.For != ann {
		t.Errorf("got %+v", last)
	}
	wants(t, "no trigger", s.call(t, "views.open", "application/json", `{"trigger_id":"x","view":{}}`, s.token()), "invalid_trigger_id")
	if err := s.Say(t.Context(), open, ann, "/other"); err == nil {
		t.Error("another command was taken")
	}
}

func TestViewsAreChecked(t *testing.T) {
	t.Parallel()
	for name, view := range map[string]string{
		"home":        `{"type":"home","blocks":[]}`,
		"long title":  `{"type":"modal","title":{"type":"plain_text","text":"1234567890123456789012345"},"blocks":[]}`,
		"no submit":   `{"type":"modal","title":{"type":"plain_text","text":"T"},"blocks":[{"type":"input","block_id":"a","label":{"text":"A"},"element":{"type":"plain_text_input","action_id":"a"}}]}`,
		"no options":  `{"type":"modal","title":{"type":"plain_text","text":"T"},"submit":{"text":"S"},"blocks":[{"type":"input","block_id":"a","label":{"text":"A"},"element":{"type":"static_select","action_id":"a"}}]}`,
		"two ids":     `{"type":"modal","title":{"type":"plain_text","text":"T"},"blocks":[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]}`,
		"odd element": `{"type":"modal","title":{"type":"plain_text","text":"T"},"submit":{"text":"S"},"blocks":[{"type":"input","block_id":"a","label":{"text":"A"},"element":{"type":"dial","action_id":"a"}}]}`,
	} {
		if _, refused := parseView(view); refused == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, refused := parseView(modal); refused != nil {
		t.Errorf("the good one: %s", refused.code)
	}
}

func TestCallsAreSigned(t *testing.T) {
	t.Parallel()
	s := newSlack(t, "commands")
	if err := s.Say(t.Context(), open, ann, "/show it"); err != nil {
		t.Fatal(err)
	}
	c := s.calls[0]
	want := Sign("sign", s.clock(), c.Body)
	if c.Header.Get("X-Slack-Signature") != want.Get("X-Slack-Signature") || c.Header.Get("X-Slack-Request-Timestamp") == "" {
		t.Errorf("got %v", c.Header)
	}
	if !strings.Contains(string(c.Body), "text=it") || !strings.Contains(string(c.Body), "user_id="+ann) {
		t.Errorf("got %s", c.Body)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	s := newSlack(t, "channels:join")
	if err := s.SetMember(t.Context(), open, true); err != nil {
		t.Fatal(err)
	}
	s.reply = func(Call) (Reply, error) { return Reply{Status: 500}, nil }
	s.calls = nil
	if err := s.Archive(t.Context(), open, true); err == nil {
		t.Error("an event that was never taken: got no error")
	}
	if len(s.calls) != eventTries || s.calls[0].Header.Get("X-Slack-Retry-Num") != "" || s.calls[2].Header.Get("X-Slack-Retry-Num") != "2" {
		t.Errorf("got %d calls, want %d with retry numbers", len(s.calls), eventTries)
	}
	s.calls = nil
	if err := s.Archive(t.Context(), other, true); err != nil || len(s.calls) != 0 {
		t.Errorf("a channel without the bot: got %v, %d calls", err, len(s.calls))
	}
	s.reply = nil
	if err := s.Uninstall(t.Context()); err != nil || len(s.calls) != 2 {
		t.Errorf("uninstall: got %v, %d calls, want 2", err, len(s.calls))
	}
	if err := s.Uninstall(t.Context()); !errors.Is(err, ErrNoApp) {
		t.Errorf("twice: got %v", err)
	}
	s.reply = func(c Call) (Reply, error) {
		var in struct{ Challenge string }
		_ = json.Unmarshal(c.Body, &in)
		return Reply{Status: 200, Body: []byte(in.Challenge)}, nil
	}
	if err := s.Challenge(t.Context()); err != nil {
		t.Error(err)
	}
	s.reply = nil
	if err := s.Challenge(t.Context()); err == nil {
		t.Error("an app that does not answer the challenge: got no error")
	}
}

func TestAuthorize(t *testing.T) {
	t.Parallel()
	s := newSlack(t)
	ask := func(method string, form url.Values) *httptest.ResponseRecorder {
		t.Helper()
		target := "/slack/oauth/v2/authorize"
		var body string
		if method == http.MethodGet {
			target += "?" + form.Encode()
		} else {
			body = form.Encode()
		}
		r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		s.Serve(rec, r)
		return rec
	}
	good := url.Values{"client_id": {"id"}, "scope": {"commands,chat:write"}, "state": {"<s>"}, "redirect_uri": {app + "/back"}}
	if rec := ask(http.MethodGet, good); rec.Code != 200 || !strings.Contains(rec.Body.String(), "&lt;s&gt;") || strings.Contains(rec.Body.String(), "<s>") {
		t.Errorf("page: got %d %s", rec.Code, rec.Body)
	}
	for name, change := range map[string]url.Values{
		"client": {"client_id": {"no"}}, "redirect": {"redirect_uri": {"http://evil.test"}}, "scope": {"scope": {""}},
	} {
		bad := url.Values{}
		for k, v := range good {
			bad[k] = v
		}
		for k, v := range change {
			bad[k] = v
		}
		if rec := ask(http.MethodGet, bad); rec.Code != http.StatusBadRequest {
			t.Errorf("%s: got %d", name, rec.Code)
		}
	}
	good.Set("answer", "deny")
	if to := ask(http.MethodPost, good).Header().Get("Location"); !strings.Contains(to, "error=access_denied") {
		t.Errorf("denied: got %q", to)
	}
	good.Set("answer", "allow")
	good.Set("user", ann)
	to, err := url.Parse(ask(http.MethodPost, good).Header().Get("Location"))
	if err != nil || to.Query().Get("state") != "<s>" || to.Query().Get("code") == "" {
		t.Fatalf("allowed: got %v, %v", to, err)
	}
	args := url.Values{"client_id": {"id"}, "client_secret": {"secret"}, "code": {to.Query().Get("code")}, "redirect_uri": {app + "/back"}}
	s.forward(codeLife)
	wants(t, "late", s.form(t, "oauth.v2.access", args), "invalid_code")
}
