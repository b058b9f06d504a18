package main

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/onsite"
)

// roomScenes are the chat's dialog and sidebar.
func roomScenes() []scene {
	const form = "[data-fragment=config]"
	scenes := []scene{
		{name: "sidebar", set: inRoom("workload-sidebar", "HARB", "LANT"), shown: freshTeam},
		{name: "sidebar not set up", set: inRoom("workload-sidebar"), shown: anyMessage, says: []string{"This room is not set up yet"}},
		{name: "sidebar without Jira", set: withoutJira("workload-sidebar"), shown: anyMessage, says: []string{"Jira is not connected"}, speechless: true},
		{
			name: "sidebar while Jira is down", shown: anyMessage, says: []string{"Jira could not answer."}, complains: []string{"502"},
			set: func(t *testing.T, s *stage) string {
				address := inRoom("workload-sidebar", "HARB")(t, s)
				s.forgetViews(t)
				s.fault(t, connecttest.Fault{Path: searchPath, Status: 500})
				return address
			},
		},
		{name: "sidebar peek", set: inRoom("workload-sidebar", "HARB"), act: hosted(clicks("button.who")), shown: "[data-fragment=peek]"},
		{name: "dialog", set: inRoom("setup-dialog"), shown: form, complains: []string{"401"}},
		{
			name: "dialog set up", set: inRoom("setup-dialog", "HARB", "LANT"), shown: form + " [data-label]", complains: []string{"401"},
			act: hosted(clicks("#sl-parts-unassigned")),
		},
		{name: "dialog without Jira", set: withoutJira("setup-dialog"), shown: anyMessage, says: []string{"Jira is not connected"}, speechless: true},
		{
			name: "dialog with a search", set: inRoom("setup-dialog"), shown: "#sl-found[data-for=ha] [data-key]", complains: []string{"401"},
			act: hosted(typed("#sl-search", "ha")),
		},
	}
	for i := range scenes {
		scenes[i].viewer = "iokonjo"
	}
	return scenes
}

// hosted gives the page the token that the chat around it would, from when on
// it can call the app: here it stands alone.
func hosted(act func(*testing.T, *stage, *browsertest.Tab)) func(*testing.T, *stage, *browsertest.Tab) {
	return func(t *testing.T, s *stage, tab *browsertest.Tab) {
		token, err := s.site.ChatToken(appKey, s.site.Objects().Conversations[0].ID, s.viewer)
		if err != nil {
			t.Fatal(err)
		}
		tab.Do(fmt.Sprintf("window.AP = { auth: { withToken: (done) => done(null, %q) } }", token))
		act(t, s, tab)
	}
}

// inRoom sets a room up, unless it shows no projects, and answers the address
// of one of the chat's pages in it.
func inRoom(module string, projects ...string) func(*testing.T, *stage) string {
	return func(t *testing.T, s *stage) string {
		return s.room(t, module, projects)
	}
}

func (s *stage) room(t *testing.T, module string, projects []string) string {
	t.Helper()
	room := s.site.Objects().Conversations[0]
	app, err := s.site.InstallChat(t.Context(), s.url+"/atlassian-chat.json", room.ID, onsite.ChatClientID, onsite.ChatClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	if len(projects) > 0 {
		form := url.Values{"projects": projects, "window": {"14"}, "zone": {"UTC"}}
		if status, body := s.saveRoom(t, app.Key, room.ID, room.Members[0], form); status >= 300 {
			t.Fatalf("set the room up: %d\n%s", status, body)
		}
	}
	address, err := s.site.ChatPageURL(app.Key, module, room.ID, s.viewer)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// withoutJira is a page in a room of a site whose Jira does not have the app.
func withoutJira(module string) func(*testing.T, *stage) string {
	return func(t *testing.T, s *stage) string {
		if _, err := s.site.Uninstall(t.Context(), appKey); err != nil {
			t.Fatal(err)
		}
		return s.room(t, module, nil)
	}
}

// TestStatesOfRooms plays every state of the chat's dialog and sidebar.
func TestStatesOfRooms(t *testing.T) {
	scenes := roomScenes()
	play(t, append(scenes, inGerman(scenes)...))
}
