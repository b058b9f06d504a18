package chatrest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
)

// page is the chat as its page sees it.
type page struct{ *Server }

func (s page) calls() []control.Call {
	return []control.Call{
		control.On("GET /-/chat", "rooms with their apps, labels and states, and every state pushed", s.serveChat),
		control.On("GET /-/ui/chat/{conversation}", "for the site's pages: a room with its messages", s.uiChat),
		control.On("GET /-/ui/chat/{conversation}/modules/{module}", "for the site's pages: the address of an app's page", s.uiChatModule),
		control.On("GET /-/ui/chat/{conversation}/services/{target}", "for the site's pages: the address of an app's service", s.uiChatService),
		control.On("POST /-/ui/chat/{conversation}/token", "for the site's pages: a token for an app's page", s.uiChatToken),
		control.On("POST /-/ui/chat/{conversation}/messages", "for the site's pages: says something in a room", s.uiPostMessage),
	}
}

// serveChat shows all conversations, and what apps pushed.
func (s page) serveChat(w http.ResponseWriter, _ *http.Request) {
	list := make([]conversationView, 0)
	for _, id := range s.Conversations() {
		if view, ok := s.conversationView(id); ok {
			view.Members = nil
			list = append(list, view)
		}
	}
	s.chat.mu.Lock()
	pushed := append([]push{}, s.chat.pushed...)
	s.chat.mu.Unlock()
	reply.JSON(w, http.StatusOK, map[string]any{"conversations": list, "pushed": pushed})
}

type messageView struct {
	ID     string          `json:"id"`
	Time   time.Time       `json:"time"`
	Sender *control.Viewer `json:"sender"`
	App    string          `json:"app,omitempty"`
	Text   string          `json:"text"`
	Body   json.RawMessage `json:"body"`
}

// uiChat opens a conversation: apps are asked for states that are not known
// yet.
func (s page) uiChat(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("conversation")
	account, ok := s.viewer(w, r)
	if !ok {
		return
	}
	s.pull(r.Context(), id, account)
	view, ok := s.conversationView(id)
	if !ok {
		reply.Problem(w, http.StatusNotFound, errNoConversation.Error())
		return
	}
	for i, shown := range view.Apps {
		if a, err := s.chat.installedIn(id, shown.Key); err == nil {
			view.Apps[i] = shown.withPages(a.descriptor)
		}
	}
	members := view.Members
	view.Members = nil
	reply.JSON(w, http.StatusOK, map[string]any{
		"conversation": map[string]any{
			"id": view.ID, "cloudId": s.CloudID, "name": view.Name, "topic": view.Topic, "archived": view.Archived,
		},
		"members": members, "viewer": control.Show(s.World, account, ""), "messages": s.messageViews(id), "apps": view.Apps,
	})
}

// viewer is the person in ?as=, by default the first member. An anonymous
// visitor is refused: the chat has none.
func (s page) viewer(w http.ResponseWriter, r *http.Request) (string, bool) {
	s.chat.mu.Lock()
	room := s.chat.find(r.PathValue("conversation"))
	account := control.AskedBy(r.URL.Query())
	if room != nil && !r.URL.Query().Has("as") && len(room.members) > 0 {
		account = room.members[0]
	}
	s.chat.mu.Unlock()
	switch {
	case room == nil:
		reply.Problem(w, http.StatusNotFound, errNoConversation.Error())
	case account == "":
		reply.Problem(w, http.StatusForbidden, "the chat has no anonymous visitors")
	case s.World.KnownAccount(account) != nil:
		reply.Problem(w, http.StatusUnprocessableEntity, "as: not an active account of this site")
	default:
		return account, true
	}
	return "", false
}

func (s page) messageViews(conversation string) []messageView {
	s.chat.mu.Lock()
	defer s.chat.mu.Unlock()
	list := make([]messageView, 0)
	for _, m := range s.chat.at(conversation).messages {
		sender := control.Show(s.World, m.Sender, "")
		if a := s.chat.apps[m.App]; a != nil {
			sender = &control.Viewer{AccountID: m.Sender, DisplayName: a.name()}
		}
		list = append(list, messageView{ID: m.ID, Time: m.Time, Sender: sender, App: m.App, Text: m.Text, Body: m.Body})
	}
	return list
}

func (s page) uiChatModule(w http.ResponseWriter, r *http.Request) {
	account, ok := s.viewer(w, r)
	if !ok {
		return
	}
	address, err := s.PageURL(r.URL.Query().Get("app"), r.PathValue("module"), r.PathValue("conversation"), account)
	if err != nil {
		control.Error(w, err)
		return
	}
	reply.JSON(w, http.StatusOK, map[string]string{"url": address, "origin": uri.Origin(address)})
}

// uiChatService tells the browser where to call an app's service and with what
// token: the chat's client calls it, not its server.
func (s page) uiChatService(w http.ResponseWriter, r *http.Request) {
	account, ok := s.viewer(w, r)
	if !ok {
		return
	}
	address, token, err := s.service(r.URL.Query().Get("app"), r.PathValue("target"), r.PathValue("conversation"), account)
	if err != nil {
		control.Error(w, err)
		return
	}
	reply.JSON(w, http.StatusOK, map[string]string{"url": address, "token": token})
}

func (s page) service(key, target, conversation, account string) (address, token string, err error) {
	a, err := s.chat.installedIn(conversation, key)
	if err != nil {
		return "", "", err
	}
	path, ok := a.descriptor.service(target)
	if !ok {
		return "", "", fmt.Errorf("service %q of app %s: %w", target, key, install.ErrNoModule)
	}
	u, err := a.url(path)
	if err != nil {
		return "", "", err
	}
	token, err = s.Token(key, conversation, account)
	return u.String(), token, err
}

func (s page) uiChatToken(w http.ResponseWriter, r *http.Request) {
	account, ok := s.viewer(w, r)
	if !ok {
		return
	}
	token, err := s.Token(r.URL.Query().Get("app"), r.PathValue("conversation"), account)
	control.Token(w, token, err)
}

// uiPostMessage writes a message as the viewer.
func (s page) uiPostMessage(w http.ResponseWriter, r *http.Request) {
	account, ok := s.viewer(w, r)
	if !ok {
		return
	}
	var in struct {
		Text string `json:"text"`
	}
	if err := reply.Decode(w, r, &in); err != nil || in.Text == "" {
		reply.Problem(w, http.StatusUnprocessableEntity, "text: is missing")
		return
	}
	s.say(r.PathValue("conversation"), message{Sender: account, Body: document(in.Text), Text: in.Text})
	w.WriteHeader(http.StatusCreated)
}
