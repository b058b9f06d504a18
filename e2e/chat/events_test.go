package chat

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/internal/workload"
)

// configuredRoom is a room that shows the open issues of a project.
func configuredRoom(t testing.TB) (r harness.Room, open int) {
	t.Helper()
	r = harness.NewRoom(t)
	form := url.Values{"projects": {"HARB"}, "window": {"14"}, "zone": {"UTC"}, "parts": {"open"}}
	if status, body := r.SaveRoom(t, r.Key, r.ID, r.Members[0], form); status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
	open = r.Count(t, r.Members[0], workload.OpenIssues("HARB"))
	if got, want := r.Shown(t, r.ID).Label, fmt.Sprintf("%d open", open); got != want {
		t.Fatalf("the room shows %q when the dialog closes, want %q", got, want)
	}
	return r, open
}

// stopped is why the room accepts no states, "" if it does.
func stopped(t testing.TB, r harness.Room) glance.Reason {
	t.Helper()
	rows, err := r.Store.Glances.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row.Key.Conversation == r.ID && row.Stopped {
			return row.StoppedFor
		}
	}
	return ""
}

// tell sends an event as the platform does.
func tell(t testing.TB, r harness.Room, about, action string) {
	t.Helper()
	call := harness.ChatCall{Method: http.MethodPost, Path: "/chat/webhooks/" + about, Kind: "application/json", Body: r.Event(action, nil)}
	if status, body := r.Send(t, call, "Bearer "+r.Sign(t, r.Claims())); status != http.StatusOK {
		t.Fatalf("%s %s: status %d\n%s", about, action, status, body)
	}
}

func archive(t testing.TB, r harness.Room, archived bool) {
	t.Helper()
	if err := r.Site.UpdateConversation(r.ID, connecttest.ConversationChange{Archived: &archived}); err != nil {
		t.Fatal(err)
	}
}

func TestArchivedRoomRests(t *testing.T) {
	t.Parallel()
	r, open := configuredRoom(t)
	archive(t, r, true)
	harness.Eventually(t, "the room rests", func() bool { return stopped(t, r) == glance.ReasonArchived })
	pushes := r.Shown(t, r.ID).Pushes
	r.FinishOneIssue(t, r.Members[0], "HARB")

	// An event that is late, repeated or false changes nothing.
	for range 2 {
		tell(t, r, "conversation", "archive")
		tell(t, r, "conversation", "unarchive")
		tell(t, r, "roster", "add")
	}
	if got := stopped(t, r); got != glance.ReasonArchived {
		t.Errorf("the room is stopped for %q, want archived", got)
	}
	if got := r.Shown(t, r.ID).Pushes; got != pushes {
		t.Errorf("%d states pushed into an archived room", got-pushes)
	}

	archive(t, r, false)
	r.WaitForLabel(t, r.ID, fmt.Sprintf("%d open", open-1))
	tell(t, r, "conversation", "archive") // sent again, too late
	if got := stopped(t, r); got != "" {
		t.Errorf("a late event stops the room for %q", got)
	}
	r.FinishOneIssue(t, r.Members[0], "HARB")
	r.WaitForLabel(t, r.ID, fmt.Sprintf("%d open", open-2))
}

func TestDeletedRoomIsForgotten(t *testing.T) {
	t.Parallel()
	r, _ := configuredRoom(t)
	if err := r.Site.DeleteConversation(r.ID, ""); err != nil {
		t.Fatal(err)
	}
	harness.Eventually(t, "the room is forgotten", func() bool { return len(r.Kept(t)) == 0 })
	for _, action := range []string{"delete", "archive", "unarchive", "update"} {
		tell(t, r, "conversation", action)
	}
	tell(t, r, "roster", "remove")
	if kept := r.Kept(t); len(kept) > 0 {
		t.Errorf("events about a deleted room brought back %q", kept)
	}
}

func TestEmptyRoomRests(t *testing.T) {
	t.Parallel()
	r, open := configuredRoom(t)
	last := len(r.Members) - 1
	leave := func(people ...string) {
		t.Helper()
		if err := r.Site.ChangeRoster(r.ID, connecttest.RosterChange{Remove: people}); err != nil {
			t.Fatal(err)
		}
	}
	leave(r.Members[:last]...)
	r.FinishOneIssue(t, r.Members[0], "HARB")
	r.WaitForLabel(t, r.ID, fmt.Sprintf("%d open", open-1)) // one member is left to read it
	leave(r.Members[last])
	harness.Eventually(t, "the room rests", func() bool { return stopped(t, r) == glance.ReasonEmpty })
	archive(t, r, true)
	harness.Eventually(t, "the reason is the newer one", func() bool { return stopped(t, r) == glance.ReasonArchived })
	archive(t, r, false)
	harness.Eventually(t, "the room is still empty", func() bool { return stopped(t, r) == glance.ReasonEmpty })
	if err := r.Site.ChangeRoster(r.ID, connecttest.RosterChange{Add: r.Members[:1]}); err != nil {
		t.Fatal(err)
	}
	harness.Eventually(t, "somebody is back", func() bool { return stopped(t, r) == "" })
	r.FinishOneIssue(t, r.Members[0], "HARB")
	r.WaitForLabel(t, r.ID, fmt.Sprintf("%d open", open-2))
}

// TestEventsWhileTheChatIsDown: the events are believed.
func TestEventsWhileTheChatIsDown(t *testing.T) {
	t.Parallel()
	r, _ := configuredRoom(t)
	if err := r.Site.AddFault(connecttest.Fault{Method: http.MethodGet, Path: "/site/*", Status: http.StatusInternalServerError}); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		about, action string
		want          glance.Reason
	}{
		{"roster", "remove", ""},
		{"conversation", "unarchive", ""},
		{"conversation", "archive", "archived"},
		{"conversation", "archive", "archived"},
		{"roster", "add", "archived"},
		{"conversation", "update", "archived"},
		{"conversation", "unarchive", ""},
	} {
		tell(t, r, tc.about, tc.action)
		if got := stopped(t, r); got != tc.want {
			t.Errorf("after %s the room is stopped for %q, want %q", tc.action, got, tc.want)
		}
	}
}

// TestRemovedApp: the platform's answers also tell that the app was removed.
func TestRemovedApp(t *testing.T) {
	t.Parallel()
	r, _ := configuredRoom(t)
	if err := r.Site.AddFault(connecttest.Fault{Method: http.MethodGet, Path: "/site/*/roster", Status: http.StatusForbidden}); err != nil {
		t.Fatal(err)
	}
	tell(t, r, "roster", "remove")
	if got := stopped(t, r); got != glance.ReasonAbsent {
		t.Errorf("the room is stopped for %q", got)
	}
	// Added again, it shows its states again.
	r.Site.ClearFaults()
	if _, err := r.Site.InstallChat(t.Context(), r.URL+"/atlassian-chat.json", r.ID, onsite.ChatClientID, onsite.ChatClientSecret); err != nil {
		t.Fatal(err)
	}
	if got := stopped(t, r); got != "" {
		t.Errorf("installed again, the room is stopped for %q", got)
	}
	harness.Eventually(t, "both states are back", func() bool {
		shown := r.Shown(t, r.ID)
		return shown.Configured && strings.HasSuffix(shown.Label, " open")
	})
}

func TestStrangeEvents(t *testing.T) {
	t.Parallel()
	r, _ := configuredRoom(t)
	before := r.Kept(t)
	token := "Bearer " + r.Sign(t, r.Claims())
	right := r.Event("archive", nil)
	for _, about := range []string{"conversation", "roster"} {
		path := "/chat/webhooks/" + about
		for _, action := range []string{"create", "update", "pin", "", "ARCHIVE", "archive ", strings.Repeat("x", 9000)} {
			status, body := r.Send(t, harness.ChatCall{Method: http.MethodPost, Path: path, Kind: "application/json", Body: r.Event(action, nil)}, token)
			if status != http.StatusOK || body != "" {
				t.Errorf("%s %.20q: status %d, want 200\n%s", about, action, status, body)
			}
		}
		for name, body := range map[string]string{
			"another conversation": r.Event("delete", map[string]any{"conversation": map[string]any{"id": r.Site.Objects().Conversations[1].ID}}),
			"another cloud":        r.Event("delete", map[string]any{"cloudId": "11111111-2222-4333-8444-555555555555"}),
		} {
			t.Run(about+" "+name, func(t *testing.T) {
				status, answer := r.Send(t, harness.ChatCall{Method: http.MethodPost, Path: path, Kind: "application/json", Body: body}, token)
				harness.Refused(t, status, answer, token)
			})
		}
		// A verified event of another shape is acknowledged, and ignored.
		for name, body := range map[string]string{
			"no conversation":     r.Event("delete", map[string]any{"conversation": nil}),
			"no cloud":            r.Event("delete", map[string]any{"cloudId": nil}),
			"ids of wrong types":  r.Event("delete", map[string]any{"cloudId": []string{r.Site.CloudID()}}),
			"nothing":             "",
			"an array":            "[" + right + "]",
			"cut short":           right[:len(right)-1],
			"something behind it": right + "{}",
			"deep":                strings.TrimSuffix(right, "}") + `,"x":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}",
			"invalid utf-8":       strings.Replace(right, "updates", "\xff\xfe", 1),
			"cloud twice":         strings.TrimSuffix(right, "}") + `,"cloudId":"x"}`,
		} {
			t.Run(about+" "+name, func(t *testing.T) {
				status, answer := r.Send(t, harness.ChatCall{Method: http.MethodPost, Path: path, Kind: "application/json", Body: body}, token)
				if status != http.StatusOK || answer != "" {
					t.Errorf("status %d, want 200\n%s", status, answer)
				}
			})
		}
		for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8"} {
			if status, body := r.Send(t, harness.ChatCall{Method: http.MethodPost, Path: path, Kind: kind, Body: r.Event("update", nil)}, token); status != http.StatusOK {
				t.Errorf("%s as %q: status %d, want 200\n%s", about, kind, status, body)
			}
		}
		large := harness.ChatCall{Method: http.MethodPost, Path: path, Kind: "application/json", Body: `{"pad":"` + strings.Repeat("x", 1<<20) + `"}`}
		if status, body := r.Send(t, large, token); status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s of 1 MB: status %d, want 413\n%s", about, status, body)
		}
	}
	if diff := cmp.Diff(before, r.Kept(t)); diff != "" {
		t.Errorf("the events changed what is stored:\n%s", diff)
	}
}
