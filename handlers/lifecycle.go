package handlers

import "github.com/sightline-go/sightline/handlers/edge"

func (s *Server) installed(r *edge.Request, body []byte) error {
	tenant, err := s.Lifecycle.Installed(r.Request, body)
	if err != nil {
		return err
	}
	r.IsOf(tenant.ID)
	return nil
}

func (s *Server) uninstalled(r *edge.Request, body []byte) error {
	return s.Lifecycle.Uninstalled(r.Request, body)
}

func (s *Server) enabled(r *edge.Request, body []byte) error {
	return s.Lifecycle.Enabled(r.Request, body)
}

func (s *Server) disabled(r *edge.Request, body []byte) error {
	return s.Lifecycle.Disabled(r.Request, body)
}
