package host

import (
	"net/http"
	"net/url"

	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// Controls are the site's own calls on apps and webhooks, and those of the
// dashboard page.
func (s *Server) Controls() []control.Call {
	return append([]control.Call{
		control.On("POST /-/apps/{key}/rotate", "gives a Connect app a new secret", s.serveRotate),
		control.On("POST /-/apps/{key}/import", "gives a Connect app a new client key, as a site import does", s.serveImport),
		control.On("GET /-/apps/{key}/modules/{module}", "the address of a page for somebody, of a gadget with dashboard and item; a page gets all other parameters", s.serveModuleURL).
			WithQuery("as", "dashboard", "item", "*"),
		control.On("POST /-/webhooks", "sends a webhook without a change", s.serveFire).WithBody(control.Fields[Webhook]()...),
	}, page{s}.calls()...)
}

func (s *Server) serveRotate(w http.ResponseWriter, r *http.Request) {
	out, err := s.Rotate(r.Context(), r.PathValue("key"))
	install.Answer(w, out, err)
}

func (s *Server) serveImport(w http.ResponseWriter, r *http.Request) {
	out, err := s.Import(r.Context(), r.PathValue("key"))
	install.Answer(w, out, err)
}

func (s *Server) serveModuleURL(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	key, module := r.PathValue("key"), r.PathValue("module")
	address, err := s.moduleURL(key, module, q)
	if err != nil {
		control.Error(w, err)
		return
	}
	reply.JSON(w, http.StatusOK, map[string]string{"url": address})
}

func (s *Server) moduleURL(key, module string, q url.Values) (string, error) {
	as, dashboard, item := control.AskedBy(q), q.Get("dashboard"), q.Get("item")
	if s.Forge.Has(key) {
		return s.Forge.URL(key, module, as, dashboard, item, q)
	}
	address, err := s.ModuleURL(key, module, as, dashboard, item)
	if err == nil && !q.Has("dashboard") {
		return s.PageURL(key, module, as, q)
	}
	return address, err
}

func (s *Server) serveFire(w http.ResponseWriter, r *http.Request) {
	var hook Webhook
	if err := reply.Decode(w, r, &hook); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	sent, err := s.Fire(hook)
	if err != nil {
		control.Error(w, err)
		return
	}
	reply.JSON(w, http.StatusAccepted, map[string]int{"sent": sent})
}
