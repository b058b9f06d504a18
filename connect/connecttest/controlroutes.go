package connecttest

import (
	"net/http"
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
	s.journal.controls(mux, s.life.Done())
	s.faults.controls(mux)
	s.host.controls(mux)
	s.chat.controls(mux)
	s.slackControl(mux)
	return guarded(withProblems(mux))
}

func (s *Site) serveReset(w http.ResponseWriter, _ *http.Request) {
	s.Reset()
	w.WriteHeader(http.StatusNoContent)
}
