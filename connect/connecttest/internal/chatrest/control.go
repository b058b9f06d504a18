package chatrest

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
)

// Controls are the site's own calls on conversations, and those of the chat
// page.
func (s *Server) Controls() []control.Call {
	return append([]control.Call{
		control.On("POST /-/conversations", "a new room", s.serveCreate).WithBody(control.Fields[NewConversation]()...),
		control.On("PATCH /-/conversations/{id}", "changes a room", s.serveChange).WithBody(control.Fields[ConversationChange]()...),
		control.On("PATCH /-/conversations/{id}/roster", "adds and removes people", s.serveRoster).WithBody(control.Fields[RosterChange]()...),
		control.On("DELETE /-/conversations/{id}", "deletes a room, as somebody", s.serveDelete).WithQuery("account"),
	}, page{s}.calls()...)
}

func (s *Server) serveCreate(w http.ResponseWriter, r *http.Request) {
	control.Do(w, r, func(in NewConversation) (any, error) {
		id, err := s.CreateConversation(in)
		return map[string]string{"id": id}, err
	})
}

func (s *Server) serveChange(w http.ResponseWriter, r *http.Request) {
	control.Do(w, r, func(in ConversationChange) (any, error) {
		return struct{}{}, s.UpdateConversation(r.PathValue("id"), in)
	})
}

func (s *Server) serveRoster(w http.ResponseWriter, r *http.Request) {
	control.Do(w, r, func(in RosterChange) (any, error) { return struct{}{}, s.ChangeRoster(r.PathValue("id"), in) })
}

func (s *Server) serveDelete(w http.ResponseWriter, r *http.Request) {
	if err := s.DeleteConversation(r.PathValue("id"), r.URL.Query().Get("account")); err != nil {
		control.Error(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
