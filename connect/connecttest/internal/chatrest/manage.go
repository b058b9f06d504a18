package chatrest

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// manageRoutes are the operations that the scope manage:conversation opens.
func (s platform) manageRoutes(mux *http.ServeMux) {
	const room = "/site/{cloud}/conversation/{conversation}"
	for pattern, h := range map[string]handler{
		"POST /site/{cloud}/conversation": s.postConversation,
		"PATCH " + room:                   s.patchConversation,
		"PUT " + room + "/archive":        s.archiveConversation(true),
		"PUT " + room + "/unarchive":      s.archiveConversation(false),
		"PATCH " + room + "/roster":       s.patchRoster,
	} {
		mux.HandleFunc(pattern, s.call(scopeManage, h))
	}
}

// postConversation makes a conversation. The app that makes it is installed
// there automatically, a moment later.
func (s platform) postConversation(w http.ResponseWriter, r *http.Request, c caller) {
	var in struct {
		Name    string `json:"name"`
		Topic   string `json:"topic"`
		Privacy string `json:"privacy"`
	}
	if err := reply.Decode(w, r, &in); err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	id, err := s.createRoom(NewConversation{Name: in.Name, Topic: in.Topic, Privacy: in.Privacy})
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	s.Outbox.Background(func() { s.joinOwn(c.key, id) })
	reply.JSON(w, http.StatusCreated, map[string]string{"id": id})
}

// joinOwn installs an app in the conversation that it made.
func (s *Server) joinOwn(key, conversation string) {
	s.installing.Lock()
	defer s.installing.Unlock()
	s.chat.mu.Lock()
	a, r := s.chat.apps[key], s.chat.find(conversation)
	if a == nil || r == nil {
		s.chat.mu.Unlock()
		return
	}
	r.installs[key] = &roomApp{states: map[string]moduleState{}}
	s.chat.mu.Unlock()
	if _, err := s.notify(s.Life, a, conversation, install.EventInstalled, a.descriptor.Lifecycle.Installed); err != nil {
		s.Log.Warn("install app in the conversation that it made", "app", key, "error", err)
		return
	}
	s.tellConversation(conversation, world.AppAccount(key), actionCreate)
}

func (s platform) patchConversation(w http.ResponseWriter, r *http.Request, c caller) {
	var in struct {
		Name  *string `json:"name"`
		Topic *string `json:"topic"`
	}
	if err := reply.Decode(w, r, &in); err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	change := ConversationChange{Name: in.Name, Topic: in.Topic, Account: world.AppAccount(c.key)}
	if err := s.UpdateConversation(c.room, change); err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	s.getConversation(w, r, c)
}

func (s platform) archiveConversation(archived bool) handler {
	return func(w http.ResponseWriter, _ *http.Request, c caller) {
		change := ConversationChange{Archived: &archived, Account: world.AppAccount(c.key)}
		if err := s.UpdateConversation(c.room, change); err != nil {
			refuse(w, http.StatusNotFound, err.Error())
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s platform) patchRoster(w http.ResponseWriter, r *http.Request, c caller) {
	var in struct {
		Add []string `json:"add"`
	}
	if err := reply.Decode(w, r, &in); err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	if err := s.ChangeRoster(c.room, RosterChange{Add: in.Add, Account: world.AppAccount(c.key)}); err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
