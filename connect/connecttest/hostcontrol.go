package connecttest

import (
	"net/http"
)

// controls are the site's own calls on apps and webhooks, and those of the
// dashboard page.
func (s *hostServer) controls(mux *http.ServeMux) {
	mux.HandleFunc("POST /-/apps/{key}/rotate", s.serveRotate)
	mux.HandleFunc("POST /-/apps/{key}/import", s.serveImport)
	mux.HandleFunc("GET /-/apps/{key}/modules/{module}", s.serveModuleURL)
	mux.HandleFunc("POST /-/webhooks", s.serveFire)
	s.uiRoutes(mux)
}

func (s *hostServer) serveRotate(w http.ResponseWriter, r *http.Request) {
	out, err := s.Rotate(r.Context(), r.PathValue("key"))
	answerInstalled(w, out, err)
}

func (s *hostServer) serveImport(w http.ResponseWriter, r *http.Request) {
	out, err := s.Import(r.Context(), r.PathValue("key"))
	answerInstalled(w, out, err)
}

func (s *hostServer) serveModuleURL(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	key, module := r.PathValue("key"), r.PathValue("module")
	address, err := s.ModuleURL(key, module, viewerOf(q), q.Get("dashboard"), q.Get("item"))
	if err == nil && !q.Has("dashboard") {
		address, err = s.PageURL(key, module, viewerOf(q), q)
	}
	if err != nil {
		controlError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"url": address})
}

func (s *hostServer) serveFire(w http.ResponseWriter, r *http.Request) {
	var hook Webhook
	if err := decode(w, r, &hook); err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	sent, err := s.Fire(hook)
	if err != nil {
		controlError(w, err)
		return
	}
	writeJSON(w, http.StatusAccepted, map[string]int{"sent": sent})
}
