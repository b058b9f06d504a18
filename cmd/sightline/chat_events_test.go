package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/internal/workload"
)

// configuredRoom is a room that shows the open issues of a project.
func configuredRoom(t testing.TB) (r room, open int) {
	t.Helper()
	r = newRoom(t)
	form := url.Values{"projects": {"HARB"}, "window": {"14"}, "zone": {"UTC"}, "parts": {"open"}}
	if status, body := r.saveRoom(t, r.key, r.ID, r.Members[0], form); status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
	open = r.count(t, r.Members[0], workload.OpenIssues("HARB"))
	if got, want := r.shown(t, r.ID).label, fmt.Sprintf("%d open", open); got != want {
		t.Fatalf("the room shows %q when the dialog closes, want %q", got, want)
	}
	return r, open
}

// stopped is why the room takes no states, "" while it does.
func (r room) stopped(t testing.TB) glance.Reason {
	t.Helper()
	rows, err := r.store.Glances.List(t.Context())
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

// tell sends an event as the platform would.
func (r room) tell(t testing.TB, about, action string) {
	t.Helper()
	call := chatCall{http.MethodPost, "/chat/webhooks/" + about, "application/json", r.event(action, nil)}
	if status, body := r.send(t, call, "Bearer "+r.sign(t, r.claims())); status != http.StatusOK {
		t.Fatalf("%s %s: status %d\n%s", about, action, status, body)
	}
}

func (r room) archive(t testing.TB, archived bool) {
	t.Helper()
	if err := r.site.UpdateConversation(r.ID, connecttest.ConversationChange{Archived: &archived}); err != nil {
		t.Fatal(err)
	}
}

func TestArchivedRoomRests(t *testing.T) {
	t.Parallel()
	r, open := configuredRoom(t)
	r.archive(t, true)
	eventually(t, "the room rests", func() bool { return r.stopped(t) == glance.ReasonArchived })
	pushes := r.shown(t, r.ID).pushes
	r.finishOneIssue(t, r.Members[0], "HARB")

	// What came late, twice or was never true changes nothing.
	for range 2 {
		r.tell(t, "conversation", "archive")
		r.tell(t, "conversation", "unarchive")
		r.tell(t, "roster", "add")
	}
	if got := r.stopped(t); got != glance.ReasonArchived {
		t.Errorf("the room rests for %q, want archived", got)
	}
	if got := r.shown(t, r.ID).pushes; got != pushes {
		t.Errorf("%d states pushed into an archived room", got-pushes)
	}

	r.archive(t, false)
	r.waitForLabel(t, r.ID, fmt.Sprintf("%d open", open-1))
	r.tell(t, "conversation", "archive") // sent again, too late
	if got := r.stopped(t); got != "" {
		t.Errorf("an event that came too late stops the room for %q", got)
	}
	r.finishOneIssue(t, r.Members[0], "HARB")
	r.waitForLabel(t, r.ID, fmt.Sprintf("%d open", open-2))
}

func TestDeletedRoomIsForgotten(t *testing.T) {
	t.Parallel()
	r, _ := configuredRoom(t)
	if err := r.site.DeleteConversation(r.ID, ""); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the room is forgotten", func() bool { return len(r.kept(t)) == 0 })
	for _, action := range []string{"delete", "archive", "unarchive", "update"} {
		r.tell(t, "conversation", action)
	}
	r.tell(t, "roster", "remove")
	if kept := r.kept(t); len(kept) > 0 {
		t.Errorf("events about a room that is gone brought back %q", kept)
	}
}

func TestEmptyRoomRests(t *testing.T) {
	t.Parallel()
	r, open := configuredRoom(t)
	last := len(r.Members) - 1
	leave := func(people ...string) {
		t.Helper()
		if err := r.site.ChangeRoster(r.ID, connecttest.RosterChange{Remove: people}); err != nil {
			t.Fatal(err)
		}
	}
	leave(r.Members[:last]...)
	r.finishOneIssue(t, r.Members[0], "HARB")
	r.waitForLabel(t, r.ID, fmt.Sprintf("%d open", open-1)) // one is left, who reads it
	leave(r.Members[last])
	eventually(t, "the room rests", func() bool { return r.stopped(t) == glance.ReasonEmpty })
	r.archive(t, true)
	eventually(t, "the reason is the newer one", func() bool { return r.stopped(t) == glance.ReasonArchived })
	r.archive(t, false)
	eventually(t, "the room is still empty", func() bool { return r.stopped(t) == glance.ReasonEmpty })
	if err := r.site.ChangeRoster(r.ID, connecttest.RosterChange{Add: r.Members[:1]}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "somebody is back", func() bool { return r.stopped(t) == "" })
	r.finishOneIssue(t, r.Members[0], "HARB")
	r.waitForLabel(t, r.ID, fmt.Sprintf("%d open", open-2))
}

// TestEventsWhileTheChatIsDown takes the events at their word.
func TestEventsWhileTheChatIsDown(t *testing.T) {
	t.Parallel()
	r, _ := configuredRoom(t)
	if err := r.site.AddFault(connecttest.Fault{Method: http.MethodGet, Path: "/site/*", Status: http.StatusInternalServerError}); err != nil {
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
		r.tell(t, tc.about, tc.action)
		if got := r.stopped(t); got != tc.want {
			t.Errorf("after %s the room rests for %q, want %q", tc.action, got, tc.want)
		}
	}
}

// TestAppThatWasTakenOut hears of it from the platform's answers, too.
func TestAppThatWasTakenOut(t *testing.T) {
	t.Parallel()
	r, _ := configuredRoom(t)
	if err := r.site.AddFault(connecttest.Fault{Method: http.MethodGet, Path: "/site/*/roster", Status: http.StatusForbidden}); err != nil {
		t.Fatal(err)
	}
	r.tell(t, "roster", "remove")
	if got := r.stopped(t); got != glance.ReasonAbsent {
		t.Errorf("the room rests for %q", got)
	}
	// Put back, it shows its states again.
	r.site.ClearFaults()
	if _, err := r.site.InstallChat(t.Context(), r.url+"/atlassian-chat.json", r.ID, onsite.ChatClientID, onsite.ChatClientSecret); err != nil {
		t.Fatal(err)
	}
	if got := r.stopped(t); got != "" {
		t.Errorf("installed anew, the room rests for %q", got)
	}
	eventually(t, "both states are back", func() bool {
		shown := r.shown(t, r.ID)
		return shown.configured && strings.HasSuffix(shown.label, " open")
	})
}

func TestStrangeEvents(t *testing.T) {
	t.Parallel()
	r, _ := configuredRoom(t)
	before := r.kept(t)
	token := "Bearer " + r.sign(t, r.claims())
	right := r.event("archive", nil)
	for _, about := range []string{"conversation", "roster"} {
		path := "/chat/webhooks/" + about
		for _, action := range []string{"create", "update", "pin", "", "ARCHIVE", "archive ", strings.Repeat("x", 9000)} {
			status, body := r.send(t, chatCall{http.MethodPost, path, "application/json", r.event(action, nil)}, token)
			if status != http.StatusOK || body != "" {
				t.Errorf("%s %.20q: status %d, want 200\n%s", about, action, status, body)
			}
		}
		for name, body := range map[string]string{
			"another conversation": r.event("delete", map[string]any{"conversation": map[string]any{"id": r.site.Objects().Conversations[1].ID}}),
			"another cloud":        r.event("delete", map[string]any{"cloudId": "11111111-2222-4333-8444-555555555555"}),
			"no conversation":      r.event("delete", map[string]any{"conversation": nil}),
			"no cloud":             r.event("delete", map[string]any{"cloudId": nil}),
			"ids of wrong types":   r.event("delete", map[string]any{"cloudId": []string{r.site.CloudID()}}),
			"nothing":              "",
			"an array":             "[" + right + "]",
			"cut short":            right[:len(right)-1],
			"something behind it":  right + "{}",
			"deep":                 strings.TrimSuffix(right, "}") + `,"x":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}",
			"invalid utf-8":        strings.Replace(right, "updates", "\xff\xfe", 1),
			"cloud twice":          strings.TrimSuffix(right, "}") + `,"cloudId":"x"}`,
		} {
			t.Run(about+" "+name, func(t *testing.T) {
				status, answer := r.send(t, chatCall{http.MethodPost, path, "application/json", body}, token)
				refused(t, status, answer, token)
			})
		}
		for kind, want := range map[string]int{"": 401, "text/plain": 401, "application/x-www-form-urlencoded": 401, "application/json; charset=utf-8": 200} {
			if status, body := r.send(t, chatCall{http.MethodPost, path, kind, r.event("update", nil)}, token); status != want {
				t.Errorf("%s as %q: status %d, want %d\n%s", about, kind, status, want, body)
			}
		}
		large := chatCall{http.MethodPost, path, "application/json", `{"pad":"` + strings.Repeat("x", 1<<20) + `"}`}
		if status, body := r.send(t, large, token); status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s of 1 MB: status %d, want 413\n%s", about, status, body)
		}
	}
	if diff := cmp.Diff(before, r.kept(t)); diff != "" {
		t.Errorf("the events changed what is kept:\n%s", diff)
	}
}
