package harness

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
)

// Room is a program whose chat app is in one room. It makes requests as the
// chat would, and forged ones.
type Room struct {
	*Running
	connecttest.Conversation
	Key string // the chat app's
}

// NewRoom puts the app into the first room; change may alter the settings.
func NewRoom(t testing.TB, changes ...func(*app.ServeFlags)) Room {
	t.Helper()
	r := Start(t, connecttest.NewSite(t), changes...)
	r.Install(t)
	out := Room{Running: r, Conversation: r.Site.Objects().Conversations[0]}
	app, err := r.Site.InstallChat(t.Context(), r.URL+"/atlassian-chat.json", out.ID, onsite.ChatClientID, onsite.ChatClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	out.Key = app.Key
	Eventually(t, "the room is known to be not set up", func() bool { return len(out.Kept(t)) == 2 })
	return out
}

// Claims are those of a valid token for the room.
func (r Room) Claims() map[string]any {
	now := time.Now()
	return map[string]any{
		"iss": onsite.ChatClientID, "sub": r.Members[0], "iat": now.Unix(), "exp": now.Add(10 * time.Minute).Unix(),
		"context": map[string]any{"cloudId": r.Site.CloudID(), "resourceId": r.ID, "resourceType": "conversation"},
	}
}

// Sign signs claims as the chat does.
func (r Room) Sign(t testing.TB, claims map[string]any) string {
	t.Helper()
	return HMACToken(t, jwt.SigningMethodHS256, claims, onsite.ChatClientSecret)
}

// ChatCall is a call that the chat or one of its pages makes.
type ChatCall struct{ Method, Path, Kind, Body string }

// Calls are all calls that the chat makes, all valid.
func (r Room) Calls(t testing.TB) []ChatCall {
	t.Helper()
	const form, body = "application/x-www-form-urlencoded", "application/json"
	return []ChatCall{
		{Method: http.MethodGet, Path: "/chat/glance"},
		{Method: http.MethodGet, Path: "/chat/configuration"},
		{Method: http.MethodGet, Path: "/chat/setup"},
		{Method: http.MethodGet, Path: "/chat/sidebar"},
		{Method: http.MethodGet, Path: "/chat/sidebar/view"},
		{http.MethodPost, "/chat/setup", form, "projects=HARB&window=14&zone=UTC"},
		{http.MethodPost, "/chat/lifecycle/uninstalled", body, r.Lifecycle("uninstalled", nil)},
		{http.MethodPost, "/chat/lifecycle/installed", body, r.Lifecycle("installed", nil)},
		{http.MethodPost, "/chat/webhooks/conversation", body, r.Event("update", nil)},
		{http.MethodPost, "/chat/webhooks/roster", body, r.Event("add", nil)},
		{Method: http.MethodGet, Path: "/chat/setup/label?projects=HARB&window=14&zone=UTC"},
		{http.MethodPost, "/chat/sidebar/preferences", form, "sort=name"},
		{Method: http.MethodGet, Path: "/chat/sidebar/person?id=" + r.Members[0]},
		{Method: http.MethodGet, Path: "/chat/sidebar/issue?key=HARB-1"},
		{Method: http.MethodGet, Path: "/chat/sidebar/handover?account="},
		{http.MethodPost, "/chat/sidebar/handover?account=", form, "issue=HARB-1&to=" + r.Members[0]},
		{http.MethodPost, "/chat/sidebar/undo?account=&to=" + r.Members[0] + "&issues=HARB-1", form, "undo=1"},
		{Method: http.MethodGet, Path: "/chat/setup/projects?q=h"},
		{Method: http.MethodGet, Path: "/chat/setup/roles?projects=HARB"},
		{Method: http.MethodGet, Path: "/chat/setup/rows?projects=HARB"},
		{Method: http.MethodGet, Path: "/chat/setup/people?query=x"},
		{Method: http.MethodGet, Path: "/chat/setup/holidays?region=SE"},
		{Method: http.MethodGet, Path: "/chat/setup/crew?who=m"},
		{Method: http.MethodGet, Path: "/chat/setup/find-filter?find:filter=a"},
		{Method: http.MethodGet, Path: "/chat/setup/find-group?find:group=a"},
		{Method: http.MethodGet, Path: "/chat/setup/find-atlassianTeam?find:atlassianTeam=a"},
		{Method: http.MethodGet, Path: "/chat/setup/find-types?projects=HARB"},
		{Method: http.MethodGet, Path: "/chat/setup/find-components?projects=HARB"},
		{Method: http.MethodGet, Path: "/chat/setup/find-versions?projects=HARB"},
		{Method: http.MethodGet, Path: "/chat/setup/find-labels?projects=HARB"},
		{Method: http.MethodGet, Path: "/chat/setup/find-epics?projects=HARB"},
		{Method: http.MethodGet, Path: "/chat/setup/find-opened?projects=HARB"},
		{Method: http.MethodGet, Path: "/chat/setup/find-closed?projects=HARB"},
		{Method: http.MethodGet, Path: "/chat/setup/preview?projects=HARB"},
		{Method: http.MethodGet, Path: "/chat/setup/jql?jql=project+%3D+HARB"},
		{Method: http.MethodGet, Path: "/chat/sidebar/table"},
		{Method: http.MethodGet, Path: "/chat/sidebar/csv"},
		{Method: http.MethodGet, Path: "/chat/sidebar/issuetable?id=" + r.Members[0]},
		{Method: http.MethodGet, Path: "/chat/sidebar/issuecsv?id=" + r.Members[0]},
	}
}

// Event is the body of a webhook, with some members changed.
func (r Room) Event(action string, change map[string]any) string {
	body := map[string]any{
		"action": action, "cloudId": r.Site.CloudID(), "type": "conversation:updates",
		"conversation": map[string]any{"id": r.ID, "name": r.Name, "isArchived": false},
		"initiator":    map[string]any{"id": r.Members[0]}, "user": map[string]any{"id": r.Members[1]},
	}
	maps.Copy(body, change)
	return AsJSON(body)
}

// Lifecycle is the body of a lifecycle call, with some members changed.
func (r Room) Lifecycle(event string, change map[string]any) string {
	body := map[string]any{
		"key": AppKey, "productType": "chat", "cloudId": r.Site.CloudID(), "resourceType": "conversation",
		"resourceId": r.ID, "eventType": event, "userId": r.Members[0], "oauthClientId": onsite.ChatClientID, "version": "1",
	}
	maps.Copy(body, change)
	return AsJSON(body)
}

// Send sends a call with the given Authorization headers.
func (r Room) Send(t testing.TB, c ChatCall, authorization ...string) (int, string) {
	t.Helper()
	req := NewRequest(t, c.Method, r.URL+c.Path, strings.NewReader(c.Body))
	if c.Kind != "" {
		req.Header.Set("Content-Type", c.Kind)
	}
	if len(authorization) > 0 {
		req.Header["Authorization"] = authorization
	}
	return Fetch(t, req)
}

// Preview is the label that the dialog shows somebody for what they have chosen, ""
// if it shows none.
func (r Room) Preview(t testing.TB, person string, form url.Values) string {
	t.Helper()
	status, body := r.Send(t, ChatCall{Method: http.MethodGet, Path: "/chat/setup/label?" + form.Encode()},
		"Bearer "+r.Sign(t, With(r.Claims(), "sub", person)))
	if status != http.StatusOK || !strings.Contains(body, `data-fragment="label"`) {
		t.Fatalf("preview: %d\n%s", status, body)
	}
	_, rest, _ := strings.Cut(body, "data-label>")
	label, _, _ := strings.Cut(rest, "<")
	return label
}

// Kept is what the database holds about rooms: what they show and whether they
// are set up.
func (r *Running) Kept(t testing.TB) []string {
	t.Helper()
	rows, err := r.Store.Glances.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list := make([]string, 0, len(rows))
	for _, row := range rows {
		list = append(list, fmt.Sprint(row.Key, row.Config, row.Desired.Configured))
	}
	return list
}
