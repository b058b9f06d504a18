package connecttest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// listening is an app with webhooks in the first conversation of a site that
// sends refused webhooks again at once.
func listening(t *testing.T) (*Site, *testApp, string) {
	t.Helper()
	site, app := quick(t), newTestApp(t)
	app.hooks = true
	return site, app, app.mustInstallChat(t, site, "").Conversation
}

// told are the webhooks that came, as "event action person", in their order.
func (a *testApp) told(t *testing.T, site *Site, conversation string) []string {
	t.Helper()
	if err := site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, c := range slices.Concat(a.to("/hook/conversation"), a.to("/hook/roster")) {
		claims := verifyChat(t, strings.TrimPrefix(c.header.Get("Authorization"), "Bearer "))
		if claims.Context != (chatPlace{site.CloudID(), conversation, "conversation"}) || claims.Issuer != "client" {
			t.Errorf("claims: got %+v", claims)
		}
		var body struct {
			Action, CloudID, Type string
			Conversation          struct{ ID string }
			Initiator, User       struct{ ID string }
		}
		if err := json.Unmarshal(c.body, &body); err != nil || body.CloudID != site.CloudID() || body.Conversation.ID != conversation {
			t.Errorf("body: got %s", c.body)
		}
		who := body.Initiator.ID + body.User.ID
		if body.Type == "conversation:updates" && claims.Subject != body.Initiator.ID {
			t.Errorf("signed for %s, want %s", claims.Subject, body.Initiator.ID)
		}
		list = append(list, body.Type+" "+body.Action+" "+who)
	}
	return list
}

func TestConversationWebhooks(t *testing.T) {
	t.Parallel()
	site, app, room := listening(t)
	people := site.Objects().Conversations[0].Members
	inside, outside := people[0], ""
	for _, p := range site.People() {
		if p.Active && !p.App && !slices.Contains(people, p.AccountID) {
			outside = p.AccountID
		}
	}
	for _, call := range []struct {
		method, path, body string
		want               int
	}{
		{"PATCH", room, `{"name":"War room","topic":"Now","account":"` + inside + `"}`, 200},
		{"PATCH", room, `{"archived":true}`, 200},
		{"PATCH", room, `{"archived":true}`, 200}, // it is already
		{"PATCH", room, `{"archived":false}`, 200},
		{"PATCH", room + "/roster", `{"add":["` + outside + `","` + inside + `"],"remove":["` + inside + `"]}`, 200},
		{"DELETE", room, ``, 204},
		{"DELETE", room, ``, 404},
		{"PATCH", room, `{"name":"x"}`, 404},
		{"PATCH", room + "/roster", `{"add":[]}`, 404},
	} {
		kind := ""
		if call.body != "" {
			kind = "application/json"
		}
		if got := do(t, call.method, site.URL()+"/-/conversations/"+call.path, kind, call.body, ""); got.status != call.want {
			t.Errorf("%s %s: got %d %s, want %d", call.method, call.body, got.status, got.body, call.want)
		}
	}
	got, admin := app.told(t, site, room), site.world.AdminID()
	want := []string{
		"conversation:updates update " + inside, "conversation:updates archive " + admin, "conversation:updates unarchive " + admin,
		"conversation:updates delete " + admin, "roster:updates add " + outside, "roster:updates remove " + inside,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if slices.Contains(site.Conversations(), room) {
		t.Error("the room is still there")
	}
	site.Reset()
	if !slices.Contains(site.Conversations(), room) {
		t.Error("a reset does not bring the room back")
	}
}

func TestConversationRefusals(t *testing.T) {
	t.Parallel()
	site, app, room := listening(t)
	for _, call := range []struct {
		method, path, body string
		want               int
	}{
		{"POST", "", `{"name":" "}`, 422},
		{"POST", "", `{"name":"x","privacy":"secret"}`, 422},
		{"POST", "", `{"name":"x","account":"nobody"}`, 422},
		{"POST", "", `{"title":"x"}`, 400},
		{"PATCH", "/" + room, `{"name":""}`, 422},
		{"PATCH", "/" + room, `{"archived":"yes"}`, 400},
		{"PATCH", "/" + room, `{"topic":"x","account":"addon_none"}`, 422},
		{"PATCH", "/" + room + "/roster", `{"add":["nobody"]}`, 422},
		{"PUT", "/" + room, `{}`, 405},
	} {
		if got := do(t, call.method, site.URL()+"/-/conversations"+call.path, "application/json", call.body, ""); got.status != call.want {
			t.Errorf("%s %s: got %d %s, want %d", call.method, call.body, got.status, got.body, call.want)
		}
	}
	if got := app.told(t, site, room); len(got) > 0 {
		t.Errorf("the app was told %q", got)
	}
}

func TestChatWebhookRetries(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		statuses []int
		want     int
	}{
		{"taken at once", []int{204}, 1},
		{"404 is sent again, too", []int{404, 302, 200}, 3},
		{"for ever", []int{500, 500, 500, 500, 500}, 4},
	} {
		site, app, room := listening(t)
		tries := 0
		app.answers(func(call) int { tries++; return test.statuses[tries-1] })
		topic := "new"
		if err := site.UpdateConversation(room, ConversationChange{Topic: &topic}); err != nil {
			t.Fatal(err)
		}
		if got := app.told(t, site, room); len(got) != test.want {
			t.Errorf("%s: got %d calls, want %d", test.name, len(got), test.want)
		}
	}
}

// TestSlowChatWebhook checks that a late answer counts as no answer.
func TestSlowChatWebhook(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t, Options{RetryDelay: time.Millisecond, Timeout: 500 * time.Millisecond}), newTestApp(t)
	app.hooks = true
	room := app.mustInstallChat(t, site, "").Conversation
	late := make(chan struct{})
	t.Cleanup(func() { close(late) })
	app.answers(func(call) int { <-late; return 204 })
	topic := "new"
	if err := site.UpdateConversation(room, ConversationChange{Topic: &topic}); err != nil {
		t.Fatal(err)
	}
	if err := site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	tries := site.Requests(0)
	tries = slices.DeleteFunc(tries, func(r Request) bool { return r.Operation != "chat.webhook conversation:updates" })
	if len(tries) != 4 || tries[0].Status != 0 || tries[0].Reason == "" {
		t.Errorf("got %+v", tries)
	}
}

// TestManageConversations uses the operations that need the scope
// manage:conversation.
func TestManageConversations(t *testing.T) {
	t.Parallel()
	site, app, room := listening(t)
	auth, base := chatAuth(t, site), strings.TrimSuffix(roomURL(site, ""), "/")
	made := do(t, "POST", base, "application/json", `{"name":"Made by the app","privacy":"private","topic":"t"}`, auth)
	if made.status != http.StatusCreated {
		t.Fatalf("create: got %d %s", made.status, made.body)
	}
	if err := site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	own := roomURL(site, made.str("id"))
	if got := get(t, own, auth); got.status != 200 || got.str("privacy") != "private" || got.str("topic") != "t" {
		t.Errorf("the new one: got %d %s", got.status, got.body)
	}
	if n := len(app.to("/chat/installed")); n != 2 {
		t.Errorf("installed calls: got %d, want 2", n)
	}
	first, someone := roomURL(site, room), site.People()[12].AccountID
	for _, call := range []struct {
		method, address, body string
		want                  int
	}{
		{"PATCH", first, `{"name":"Other name"}`, 200},
		{"PUT", first + "/archive", ``, 204},
		{"PATCH", first + "/roster", `{"add":["` + someone + `"]}`, 204},
		{"PATCH", first + "/roster", `{"remove":["` + someone + `"]}`, 400},
		{"PATCH", first, `{"name":""}`, 400},
		{"POST", base, `{"topic":"x"}`, 400},
		{"POST", base, `{"name":"x","privacy":"x"}`, 400},
		{"PATCH", roomURL(site, "none"), `{"name":"x"}`, 404},
	} {
		kind := ""
		if call.body != "" {
			kind = "application/json"
		}
		if got := do(t, call.method, call.address, kind, call.body, auth); got.status != call.want {
			t.Errorf("%s %s %s: got %d %s, want %d", call.method, call.address, call.body, got.status, got.body, call.want)
		}
	}
	for query, want := range map[string]string{"": `"size":1`, "?include-archived=true": `"size":2`, "?include-private=false": `"size":0`} {
		if got := get(t, base+query, auth); !strings.Contains(string(got.body), want) {
			t.Errorf("%s: got %s, want %s", query, got.body, want)
		}
	}
	got := do(t, "PUT", first+"/unarchive", "", "", auth)
	if got.status != 204 || !strings.Contains(string(get(t, first, auth).body), `"isArchived":false`) {
		t.Errorf("unarchive: got %d %s", got.status, got.body)
	}
}

// TestManageNeedsItsScope checks that an app that may only participate cannot
// change a conversation.
func TestManageNeedsItsScope(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	body := `{"descriptor":"` + app.chatURL() + `","product":"chat","clientId":"client","clientSecret":"chat-secret","scopes":["participate:conversation"]}`
	got := do(t, "POST", site.URL()+"/-/apps", "application/json", body, "")
	auth, first := chatAuth(t, site), roomURL(site, got.str("conversation"))
	if got := get(t, first, auth); got.status != 200 {
		t.Errorf("read: got %d", got.status)
	}
	for _, call := range [][3]string{{"PATCH", first, `{"name":"x"}`}, {"PUT", first + "/archive", ""}, {"PATCH", first + "/roster", `{"add":[]}`}} {
		if got := do(t, call[0], call[1], "application/json", call[2], auth); got.status != http.StatusForbidden {
			t.Errorf("%s %s: got %d %s", call[0], call[1], got.status, got.body)
		}
	}
}
