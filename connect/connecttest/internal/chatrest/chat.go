package chatrest

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// errNoConversation says that the chat has no conversation of that id.
var errNoConversation error = reply.Absent("there is no such conversation")

// chat is the site's chat platform: a few rooms, their apps and messages.
type chat struct {
	mu      sync.Mutex
	rooms   []*room
	clients map[string]oauthClient
	apps    map[string]*app
	pushed  []push
}

// oauthClient is an OAuth client; one app has one.
type oauthClient struct {
	secret string
	app    string
	scopes []string
}

// app is an app that is installed in at least one conversation. It never
// changes.
type app struct {
	descriptor *appDescriptor
	clientID   string
	secret     string
}

func (a *app) name() string {
	if a.descriptor.Name != "" {
		return a.descriptor.Name
	}
	return a.descriptor.Key
}

// room is a conversation.
type room struct {
	id, name, topic   string
	created, modified time.Time
	private, archived bool
	members           []string
	messages          []message
	installs          map[string]*roomApp
}

// roomApp is an app in one conversation.
type roomApp struct {
	states map[string]moduleState
	window rateWindow
}

// moduleState is what was last pushed for a module, or pulled.
type moduleState struct {
	Label      string          `json:"label,omitempty"`
	Metadata   json.RawMessage `json:"metadata,omitempty"`
	Configured *bool           `json:"configured,omitempty"`
}

// message is one message of a conversation.
type message struct {
	ID     string
	Sender string
	App    string
	Time   time.Time
	Body   json.RawMessage
	Text   string
}

// push is a state that an app sent.
type push struct {
	Time         time.Time       `json:"time"`
	Conversation string          `json:"conversation"`
	App          string          `json:"app"`
	Module       string          `json:"module"`
	Key          string          `json:"key"`
	State        json.RawMessage `json:"state"`
}

// pushLimit is how many of the newest pushes are kept.
const pushLimit = 1000

func newChat(people []world.Person, now time.Time) *chat {
	c := &chat{clients: map[string]oauthClient{}, apps: map[string]*app{}}
	c.rooms = sampleRooms(people, now)
	return c
}

// sampleRooms makes the same rooms on every start.
func sampleRooms(people []world.Person, now time.Time) []*room {
	var rooms []*room
	for i, about := range []struct{ name, topic, text string }{
		{"Release room", "What ships, and when", "Freeze is on Thursday. Anything still open by then moves to the next release."},
		{"Support desk", "Requests from customers", "Two customers asked about exports today, I'll file them together."},
		{"Planning", "Who takes what next", "Let's go through the unassigned ones before lunch."},
		{"Leads", "", "Numbers for the review are in."},
	} {
		r := &room{
			id: roomID(about.name), name: about.name, topic: about.topic,
			created: now.AddDate(0, 0, -30), modified: now.AddDate(0, 0, -1), installs: map[string]*roomApp{},
		}
		for n := range min(len(people), 8-2*i) {
			r.members = append(r.members, people[(n+i*2)%len(people)].AccountID)
		}
		if len(r.members) > 0 {
			at := now.Add(-time.Duration(i+1) * 20 * time.Minute)
			r.messages = []message{{ID: roomID(about.name + "/1"), Sender: r.members[0], Time: at, Text: about.text, Body: document(about.text)}}
		}
		rooms = append(rooms, r)
	}
	return rooms
}

// roomID makes an id of a UUID's shape out of a name.
func roomID(name string) string {
	h := sign.Hash("conversation " + name)
	return fmt.Sprintf("%s-%s-4%s-8%s-%s", h[:8], h[8:12], h[13:16], h[17:20], h[20:32])
}

// reset puts rooms and messages back. Apps and what they pushed last stay.
func (c *chat) reset(people []world.Person, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.rooms
	c.rooms, c.pushed = sampleRooms(people, now), nil
	for _, r := range old {
		if fresh := c.find(r.id); fresh != nil {
			fresh.installs = r.installs
		}
	}
}

// find needs the lock.
func (c *chat) find(id string) *room {
	i := slices.IndexFunc(c.rooms, func(r *room) bool { return r.id == id })
	if i < 0 {
		return nil
	}
	return c.rooms[i]
}

// at is find for an admitted call: an empty room if the conversation was
// deleted meanwhile. It needs the lock.
func (c *chat) at(id string) *room {
	if r := c.find(id); r != nil {
		return r
	}
	return &room{id: id, members: []string{}}
}

func (c *chat) client(id string) (oauthClient, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	client, ok := c.clients[id]
	return client, ok
}

// installedIn finds an app in a conversation.
func (c *chat) installedIn(conversation, key string) (*app, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.find(conversation)
	if r == nil {
		return nil, fmt.Errorf("conversation %q: %w", conversation, errNoConversation)
	}
	if r.installs[key] == nil {
		return nil, fmt.Errorf("app %q in conversation %q: %w", key, conversation, install.ErrNotInstalled)
	}
	return c.apps[key], nil
}

// setState keeps a pushed state or, if none is known yet, a pulled one.
func (c *chat) setState(conversation, key, kind, module string, state moduleState, pushed bool, p push) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.find(conversation)
	if r == nil || r.installs[key] == nil {
		return false
	}
	states := r.installs[key].states
	if _, known := states[kind+"/"+module]; known && !pushed {
		return false
	}
	states[kind+"/"+module] = state
	if pushed {
		c.pushed = append(c.pushed[max(0, len(c.pushed)-pushLimit+1):], p)
	}
	return true
}

func (c *chat) state(conversation, key, kind, module string) (moduleState, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.find(conversation)
	if r == nil || r.installs[key] == nil {
		return moduleState{}, false
	}
	state, ok := r.installs[key].states[kind+"/"+module]
	return state, ok
}

// each calls do for every conversation; do must not keep the members.
func (c *chat) each(do func(id, name string, members []string)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.rooms {
		do(r.id, r.name, r.members)
	}
}
