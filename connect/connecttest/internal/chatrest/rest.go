package chatrest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/auth"
	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// caller is the app that calls the chat platform, in one conversation
// unless the call has none.
type caller struct {
	app  *app
	key  string
	room string
}

// handler answers a caller that has been admitted.
type handler func(w http.ResponseWriter, r *http.Request, c caller)

// platform is the chat as apps see it: the REST API and the token endpoint.
type platform struct{ *Server }

// Routes are the calls of apps.
func (s *Server) Routes(mux *http.ServeMux) { platform{s}.routes(mux) }

func (s platform) routes(mux *http.ServeMux) {
	const room = "/site/{cloud}/conversation/{conversation}"
	const message = room + "/message"
	for pattern, h := range map[string]handler{
		"GET /site/{$}":                                  s.listSites,
		"GET /site/{cloud}/conversation":                 s.listConversations,
		"GET " + room:                                    s.getConversation,
		"GET " + room + "/roster":                        s.getRoster,
		"GET " + message:                                 s.listMessages,
		"GET " + message + "/recent":                     s.listMessages,
		"POST " + message:                                s.postMessage,
		"GET " + message + "/{message}":                  s.getMessage,
		"PUT " + message + "/{message}":                  s.putMessage,
		"DELETE " + message + "/{message}":               s.deleteMessage,
		"PUT " + room + "/app/module/{type}/{key}/state": s.putModuleState,
		"GET /me":                             s.getMe,
		"GET /scim/site/{cloud}/Users/{user}": s.getChatUser,
	} {
		mux.HandleFunc(pattern, s.call(scopeParticipate, h))
	}
	s.manageRoutes(mux)
	mux.HandleFunc("POST /oauth/token", s.serveChatToken)
	mux.HandleFunc("POST /app/module/chat/conversation/{type}/{key}/state", s.postModuleState)
}

// call admits an app only if it is installed in the conversation and has
// the scope.
func (s platform) call(scope string, next handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, ok := s.caller(w, r)
		if !ok {
			return
		}
		if c, ok := s.admit(w, id, scope, r.PathValue("cloud"), r.PathValue("conversation")); ok {
			next(w, r, c)
		}
	}
}

// caller finds the app behind the bearer token.
func (s platform) caller(w http.ResponseWriter, r *http.Request) (auth.Identity, bool) {
	id, err := s.gate.Caller(r)
	if err != nil || id.App == "" {
		refuse(w, http.StatusUnauthorized, "the bearer token is missing, unknown or has expired")
		return id, false
	}
	journal.NoteCaller(w, id.App, "", id.Token)
	return id, true
}

// admit checks site, conversation, installation, rate and scope, in this
// order. It skips empty names.
func (s platform) admit(w http.ResponseWriter, id auth.Identity, scope, cloud, conversation string) (caller, bool) {
	c := caller{key: id.App, room: conversation}
	if cloud != "" && cloud != s.CloudID {
		refuse(w, http.StatusNotFound, "there is no such site")
		return c, false
	}
	if conversation != "" {
		var err error
		if c.app, err = s.chat.installedIn(conversation, id.App); err != nil {
			refuse(w, installStatus(err), err.Error())
			return c, false
		}
		if !s.allow(w, conversation, id.App) {
			refuse(w, http.StatusTooManyRequests, "request has been rate limited")
			return c, false
		}
	}
	if !id.Has(scope) {
		refuse(w, http.StatusForbidden, "the scope "+scope+" is missing")
		return c, false
	}
	return c, true
}

func installStatus(err error) int {
	if errors.Is(err, install.ErrNotInstalled) {
		return http.StatusForbidden
	}
	return http.StatusNotFound
}

// refuse answers in the chat platform's shape of errors.
func refuse(w http.ResponseWriter, status int, message string) {
	reply.Note(w, message)
	reply.JSON(w, status, struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}{status, message})
}

// Operation names a call of the chat platform for the log.
func Operation(method, path string) string {
	names := []struct{ part, name string }{
		{"/state", "ModuleState"},
		{"/roster", "Roster"},
		{"/message", "Message"},
		{"/Users/", "User"},
		{"/conversation", "Conversation"},
		{"/me", "Me"},
		{"/site/", "Sites"},
	}
	i := slices.IndexFunc(names, func(n struct{ part, name string }) bool { return strings.Contains(path, n.part) })
	if i < 0 {
		return ""
	}
	return "chat." + strings.ToLower(method) + names[i].name
}

func (s platform) listSites(w http.ResponseWriter, _ *http.Request, _ caller) {
	reply.JSON(w, http.StatusOK, map[string]any{"values": []map[string]string{{"id": s.CloudID, "url": s.URL()}}})
}

// conversationBean is a conversation as the chat platform shows it.
type conversationBean struct {
	CloudID    string            `json:"cloudId"`
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	Topic      string            `json:"topic"`
	Type       string            `json:"type"`
	Privacy    string            `json:"privacy"`
	Created    string            `json:"created"`
	Modified   string            `json:"modified"`
	AvatarURL  string            `json:"avatarUrl"`
	IsArchived bool              `json:"isArchived"`
	Links      map[string]string `json:"_links"`
}

func (s *Server) conversationBean(r *room) conversationBean {
	self := fmt.Sprintf("%s/site/%s/conversation/%s", s.URL(), s.CloudID, r.id)
	return conversationBean{
		CloudID: s.CloudID, ID: r.id, Name: r.name, Topic: r.topic, Type: "group", Privacy: r.privacy(),
		IsArchived: r.archived,
		Created:    timestamp(r.created), Modified: timestamp(r.modified), AvatarURL: s.URL() + "/-/assets/room.svg",
		Links: map[string]string{r.id: self},
	}
}

func (r *room) privacy() string {
	if r.private {
		return "private"
	}
	return "public"
}

func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// listConversations lists the conversations with the app; archived ones only on
// demand.
func (s platform) listConversations(w http.ResponseWriter, r *http.Request, c caller) {
	limit, ok := limitOf(w, r)
	if !ok {
		return
	}
	q := r.URL.Query()
	shown := func(room *room) bool {
		return room.installs[c.key] != nil && strings.Contains(strings.ToLower(room.name), strings.ToLower(q.Get("query"))) &&
			(!room.archived || q.Get("include-archived") == "true") && (!room.private || q.Get("include-private") != "false")
	}
	values := make([]conversationBean, 0)
	s.chat.mu.Lock()
	for _, room := range s.chat.rooms {
		if shown(room) && len(values) < limit {
			values = append(values, s.conversationBean(room))
		}
	}
	s.chat.mu.Unlock()
	reply.JSON(w, http.StatusOK, map[string]any{"values": values, "cursor": "", "limit": limit, "size": len(values)})
}

func (s platform) getConversation(w http.ResponseWriter, _ *http.Request, c caller) {
	s.chat.mu.Lock()
	bean := s.conversationBean(s.chat.at(c.room))
	s.chat.mu.Unlock()
	reply.JSON(w, http.StatusOK, bean)
}

func (s platform) getRoster(w http.ResponseWriter, _ *http.Request, c caller) {
	s.chat.mu.Lock()
	members := slices.Clone(s.chat.at(c.room).members)
	s.chat.mu.Unlock()
	links := make(map[string]string, len(members))
	for _, id := range members {
		links[id] = s.scimURL(id)
	}
	reply.JSON(w, http.StatusOK, map[string]any{"values": members, "_links": links})
}

func (s platform) scimURL(account string) string {
	return s.URL() + "/scim/site/" + s.CloudID + "/Users/" + account
}

// getMe is the app's own user.
func (s platform) getMe(w http.ResponseWriter, _ *http.Request, c caller) {
	reply.JSON(w, http.StatusOK, map[string]string{
		"account_id": world.AppAccount(c.key), "name": c.key, "email": c.key + "@connect.example.com",
		"picture": s.avatarURL(world.AppAccount(c.key)),
	})
}

func (s *Server) avatarURL(account string) string {
	return s.URL() + "/avatar/" + uri.Escape(account) + ".svg"
}

func (s platform) getChatUser(w http.ResponseWriter, r *http.Request, _ caller) {
	p, ok := s.World.Person(r.PathValue("user"))
	if !ok {
		refuse(w, http.StatusNotFound, "there is no such user")
		return
	}
	type value struct {
		Value   string `json:"value"`
		Primary bool   `json:"primary"`
	}
	reply.JSON(w, http.StatusOK, map[string]any{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:User"}, "id": p.AccountID,
		"userName": p.Email, "active": p.Active, "displayName": p.DisplayName, "nickName": p.Username,
		"emails": []value{{p.Email, true}}, "photos": []value{{s.avatarURL(p.AccountID), true}},
		"meta": map[string]string{"resourceType": "User"},
	})
}
