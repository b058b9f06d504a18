package host

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// serveInstallKey answers /install-keys/{kid} as Atlassian's key host does.
func (s *Server) serveInstallKey(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("kid") != s.Key.ID {
		reply.Problem(w, http.StatusNotFound, "there is no such install key")
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(s.Key.Public)
}
