package forgerest

import (
	"errors"
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// Controls are the site's own calls on Forge apps, and those of its pages.
func (s *Server) Controls() []control.Call {
	return []control.Call{
		control.On("POST /-/forge/ticks", "sends the scheduled triggers of an app, or of all", s.serveTick).WithQuery("app"),
		control.On("POST /-/forge/deploy", "offers administrators a version to upgrade to, from a folder (dir) or a text (manifest, resources)", s.serveDeploy).WithBody(control.Fields[Source]()...),
		control.On("POST /-/forge/upgrade", "moves a Connect installation on: to a stage of what was deployed, or with dir, or with manifest and resources", s.serveUpgrade).
			WithBody(control.Fields[Upgrade]()...),
		control.On("POST /-/forge/keys", "makes another key for invocation tokens", s.serveRotate),
		control.On("GET /-/forge/settings", "what people and administrators have decided about Forge apps", s.serveSettings),
		control.On("PUT /-/forge/settings", "decides otherwise", s.serveSetSettings).WithBody(control.Fields[Settings]()...),
		control.On("DELETE /-/forge/tokens", "ends the OAuth tokens of an app, or of all", s.serveExpire).WithQuery("app"),
		control.On("GET /-/ui/forge/page", "for the site's pages: what goes into a Forge app's frame", s.uiPage),
		control.On("POST /-/ui/forge/invoke", "for the site's pages: invokeRemote", s.uiInvoke),
		control.On("POST /-/ui/forge/product", "for the site's pages: requestJira, a call of the REST API as the viewer", s.uiProduct),
		control.On("POST /-/ui/forge/submit", "for the site's pages: view.submit of a gadget's editor", s.uiSubmit),
	}
}

// Reply answers an install: what is wrong with a manifest is a 400.
func Reply(w http.ResponseWriter, out any, err error) {
	var wrong *ManifestError
	switch {
	case errors.As(err, &wrong):
		reply.Problem(w, http.StatusBadRequest, err.Error())
	case err != nil:
		control.Error(w, err)
	default:
		reply.JSON(w, http.StatusOK, out)
	}
}

// serveTick sends the scheduled triggers of ?app=, or of all apps.
func (s *Server) serveTick(w http.ResponseWriter, r *http.Request) {
	sent, err := s.Tick(r.Context(), r.URL.Query().Get("app"))
	if sent == 0 && err != nil {
		control.Error(w, err)
		return
	}
	out := map[string]any{"sent": sent}
	if err != nil {
		out["refused"] = err.Error()
	}
	reply.JSON(w, http.StatusOK, out)
}

func (s *Server) serveUpgrade(w http.ResponseWriter, r *http.Request) {
	var in Upgrade
	if err := reply.Decode(w, r, &in); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	out, err := s.Upgrade(r.Context(), in)
	Reply(w, out, err)
}

func (s *Server) serveDeploy(w http.ResponseWriter, r *http.Request) {
	var in Source
	if err := reply.Decode(w, r, &in); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	out, err := s.Deploy(in)
	Reply(w, out, err)
}

func (s *Server) serveRotate(w http.ResponseWriter, _ *http.Request) {
	err := s.RotateKey()
	if err != nil {
		control.Error(w, err)
		return
	}
	key, err := s.Key()
	Reply(w, map[string]string{"kid": key.ID}, err)
}

func (s *Server) serveSettings(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, s.Settings())
}

func (s *Server) serveSetSettings(w http.ResponseWriter, r *http.Request) {
	control.Do(w, r, func(settings Settings) (any, error) {
		s.SetSettings(settings)
		return s.Settings(), nil
	})
}

// serveExpire ends the OAuth tokens of ?app=, or of all apps.
func (s *Server) serveExpire(w http.ResponseWriter, r *http.Request) {
	if err := s.ExpireTokens(r.URL.Query().Get("app")); err != nil {
		control.Error(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
