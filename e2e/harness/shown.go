package harness

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/onsite"
)

// SetUpRoom puts the chat app into a room and fills in its dialog.
func (r *Running) SetUpRoom(t testing.TB, key string, room connecttest.Conversation, projects ...string) {
	t.Helper()
	if _, err := r.Site.InstallChat(t.Context(), r.URL+"/atlassian-chat.json", room.ID, onsite.ChatClientID, onsite.ChatClientSecret); err != nil {
		t.Fatal(err)
	}
	member := room.Members[0]
	address, err := r.Site.ChatPageURL(key, "setup-dialog", room.ID, member)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := Fetch(t, NewRequest(t, http.MethodGet, address, nil)); status != http.StatusOK || !strings.Contains(body, projects[0]) {
		t.Fatalf("dialog: %d\n%s", status, body)
	}
	status, body := r.SaveRoom(t, key, room.ID, member, url.Values{"projects": projects, "window": {"14"}, "zone": {"UTC"}})
	if status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
}

// SaveRoom posts a room's dialog as a person.
func (r *Running) SaveRoom(t testing.TB, key, room, member string, form url.Values) (int, string) {
	t.Helper()
	token, err := r.Site.ChatToken(key, room, member)
	if err != nil {
		t.Fatal(err)
	}
	req := NewRequest(t, http.MethodPost, r.URL+"/chat/setup", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+token)
	return Fetch(t, req)
}

// Shown is what the chat shows in a room.
type Shown struct {
	Label      string
	Configured bool
	Pushes     int
}

// Shown is what the chat of the program's site shows in a room.
func (r *Running) Shown(t testing.TB, room string) Shown {
	t.Helper()
	return ShownAt(t, r.Site.URL(), room)
}

// ShownAt is what the chat of the site at an address shows in a room.
func ShownAt(t testing.TB, site, room string) Shown {
	t.Helper()
	status, body := Fetch(t, NewRequest(t, http.MethodGet, site+"/-/chat", nil))
	if status != http.StatusOK {
		t.Fatalf("chat: %d\n%s", status, body)
	}
	var state struct {
		Conversations []struct {
			ID   string
			Apps []struct {
				Glances        []struct{ Label string }
				Configurations []struct{ Configured bool }
			}
		}
		Pushed []struct{ Conversation, Module string }
	}
	if err := json.Unmarshal([]byte(body), &state); err != nil {
		t.Fatal(err)
	}
	var out Shown
	for _, c := range state.Conversations {
		if c.ID == room && len(c.Apps) > 0 {
			out.Label, out.Configured = c.Apps[0].Glances[0].Label, c.Apps[0].Configurations[0].Configured
		}
	}
	for _, p := range state.Pushed {
		if p.Conversation == room && p.Module == "chat:glance" {
			out.Pushes++
		}
	}
	return out
}

// WaitForLabel waits until the chat shows a label that begins with want.
func (r *Running) WaitForLabel(t testing.TB, room, want string) {
	t.Helper()
	Eventually(t, "label "+want, func() bool {
		label := r.Shown(t, room).Label
		return label == want || strings.HasPrefix(label, want+" ·")
	})
}

// PullsWhatIsShown calls the state addresses as a chat client does.
func (r *Running) PullsWhatIsShown(t testing.TB, key string, room connecttest.Conversation) {
	t.Helper()
	token, err := r.Site.ChatToken(key, room.ID, room.Members[0])
	if err != nil {
		t.Fatal(err)
	}
	var glance struct{ Label struct{ Value string } }
	var configuration struct{ Configured bool }
	for path, into := range map[string]any{"/chat/glance": &glance, "/chat/configuration": &configuration} {
		req := NewRequest(t, http.MethodGet, r.URL+path+"?jwt="+token, nil)
		req.Header.Set("Origin", r.Site.URL())
		status, body := Fetch(t, req)
		if status != http.StatusOK {
			t.Fatalf("%s: %d\n%s", path, status, body)
		}
		if err := json.Unmarshal([]byte(body), into); err != nil {
			t.Fatal(err)
		}
	}
	now := r.Shown(t, room.ID)
	if glance.Label.Value != now.Label || configuration.Configured != now.Configured || !now.Configured {
		t.Errorf("pulled %q %v, shown %q %v", glance.Label.Value, configuration.Configured, now.Label, now.Configured)
	}
}
