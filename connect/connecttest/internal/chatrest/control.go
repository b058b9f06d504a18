package chatrest

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
)

// Controls are the site's own calls on conversations, and those of the chat
// page.
func (s *Server) Controls(mux *http.ServeMux) {
	mux.HandleFunc("POST /-/conversations", func(w http.ResponseWriter, r *http.Request) {
		control.Do(w, r, func(in NewConversation) (any, error) {
			id, err := s.CreateConversation(in)
			return map[string]string{"id": id}, err
		})
	})
	mux.HandleFunc("PATCH /-/conversations/{id}", func(w http.ResponseWriter, r *http.Request) {
		control.Do(w, r, func(in ConversationChange) (any, error) {
			return struct{}{}, s.UpdateConversation(r.PathValue("id"), in)
		})
	})
	mux.HandleFunc("PATCH /-/conversations/{id}/roster", func(w http.ResponseWriter, r *http.Request) {
		control.Do(w, r, func(in RosterChange) (any, error) { return struct{}{}, s.ChangeRoster(r.PathValue("id"), in) })
	})
	mux.HandleFunc("DELETE /-/conversations/{id}", func(w http.ResponseWriter, r *http.Request) {
		if err := s.DeleteConversation(r.PathValue("id"), r.URL.Query().Get("account")); err != nil {
			control.Error(w, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	page{s}.routes(mux)
}
