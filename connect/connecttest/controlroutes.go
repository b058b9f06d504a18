package connecttest

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

func (s *Site) controlRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /-/people", s.servePeople)
	mux.HandleFunc("GET /-/objects", s.serveObjects)
	mux.HandleFunc("GET /-/settings", s.serveSettings)
	mux.HandleFunc("PUT /-/settings", s.serveSetSettings)
	mux.HandleFunc("POST /-/apps", s.serveInstall)
	mux.HandleFunc("DELETE /-/apps/{key}", s.serveUninstall)
	mux.HandleFunc("POST /-/reset", s.serveReset)
	mux.Handle("/-/assets/", s.pages)
	s.journal.Controls(mux, s.life.Done())
	s.faults.Controls(mux)
	s.host.Controls(mux)
	s.chat.Controls(mux)
	s.slackControl(mux)
	return control.Guard(reply.WithProblems(mux))
}

func (s *Site) serveReset(w http.ResponseWriter, _ *http.Request) {
	s.Reset()
	w.WriteHeader(http.StatusNoContent)
}
