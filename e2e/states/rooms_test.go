package states

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/onsite"
)

// roomScenes are the chat's dialog and sidebar.
func roomScenes() []harness.Scene {
	const form = "[data-fragment=config]"
	scenes := []harness.Scene{
		{Name: "sidebar", Set: inRoom("workload-sidebar", "HARB", "LANT"), Shown: freshTeam},
		{Name: "sidebar not set up", Set: inRoom("workload-sidebar"), Shown: anyMessage, Says: []string{"This room is not set up yet"}},
		{Name: "sidebar without Jira", Set: withoutJira("workload-sidebar"), Shown: anyMessage, Says: []string{"Jira is not connected"}, Speechless: true},
		{
			Name: "sidebar while Jira is down", Shown: anyMessage, Says: []string{"Jira could not answer."}, Complains: []string{"502"},
			Set: func(t *testing.T, s *harness.Stage) string {
				address := inRoom("workload-sidebar", "HARB")(t, s)
				s.ForgetViews(t)
				s.Fault(t, connecttest.Fault{Path: harness.SearchPath, Status: 500})
				return address
			},
		},
		{Name: "sidebar issue list", Set: inRoom("workload-sidebar", "HARB"), Act: clicks("button.person-name"), Shown: "[data-fragment=issues]"},
		{Name: "dialog", Set: inRoom("setup-dialog"), Shown: form, Complains: []string{"401"}},
		{
			Name: "dialog set up", Set: inRoom("setup-dialog", "HARB", "LANT"), Shown: form + " [data-label]", Complains: []string{"401"},
			Act: clicks("#sl-parts-unassigned"),
		},
		{
			Name: "dialog narrowed", Set: inRoom("setup-dialog", "HARB"), Shown: "#sl-narrow[open] #sl-jql-check .help", Complains: []string{"401"},
			Act: func(t *testing.T, s *harness.Stage, page *browsertest.Frame) {
				page.Click("#sl-narrow summary")
				typed("#sl-jql", "priority = High")(t, s, page)
			},
		},
		{Name: "dialog without Jira", Set: withoutJira("setup-dialog"), Shown: anyMessage, Says: []string{"Jira is not connected"}, Speechless: true},
		{
			Name: "dialog with a search", Set: inRoom("setup-dialog"), Shown: "#sl-found[data-for=ha] [data-key]", Complains: []string{"401"},
			Act: typed("#sl-search", "ha"),
		},
	}
	for i := range scenes {
		scenes[i].Viewer = "iokonjo"
	}
	return scenes
}

// inChat is the page of a chat app as the chat signs it. The page is alone in the
// tab, so the test gives it the token that the chat would give; with it the page
// can call the app.
type inChat struct{ onConnect }

func (c inChat) visit(t *testing.T, s *harness.Stage, tab *browsertest.Tab, sc harness.Scene, address string) *browsertest.Frame {
	page := c.onConnect.visit(t, s, tab, sc, address)
	withToken(t, s, tab)
	return page
}

func withToken(t *testing.T, s *harness.Stage, tab *browsertest.Tab) {
	t.Helper()
	token, err := s.Site.ChatToken(harness.AppKey, s.Site.Objects().Conversations[0].ID, s.Viewer)
	if err != nil {
		t.Fatal(err)
	}
	tab.Do(fmt.Sprintf("window.AP = { auth: { withToken: (done) => done(null, %q) } }", token))
}

// inRoom sets a room up, unless there are no projects, and returns the address of
// one of the app's pages in it.
func inRoom(module string, projects ...string) func(*testing.T, *harness.Stage) string {
	return func(t *testing.T, s *harness.Stage) string {
		return stageRoom(t, s, module, projects)
	}
}

func stageRoom(t *testing.T, s *harness.Stage, module string, projects []string) string {
	t.Helper()
	room := s.Site.Objects().Conversations[0]
	app, err := s.Site.InstallChat(t.Context(), s.URL+"/atlassian-chat.json", room.ID, onsite.ChatClientID, onsite.ChatClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	if len(projects) > 0 {
		form := url.Values{"projects": projects, "window": {"14"}, "zone": {"UTC"}}
		if status, body := s.SaveRoom(t, app.Key, room.ID, s.Viewer, form); status >= 300 {
			t.Fatalf("set the room up: %d\n%s", status, body)
		}
	}
	address, err := s.Site.ChatPageURL(app.Key, module, room.ID, s.Viewer)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// withoutJira is a page in a room whose site's Jira does not have the app.
func withoutJira(module string) func(*testing.T, *harness.Stage) string {
	return func(t *testing.T, s *harness.Stage) string {
		if _, err := s.Site.Uninstall(t.Context(), harness.AppKey); err != nil {
			t.Fatal(err)
		}
		return stageRoom(t, s, module, nil)
	}
}

// TestStatesOfRooms plays every state of the chat's dialog and sidebar.
func TestStatesOfRooms(t *testing.T) {
	scenes := roomScenes()
	play(t, inChat{}, append(scenes, inGerman(scenes)...))
}
