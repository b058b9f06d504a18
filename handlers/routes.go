package handlers

import (
	"strings"

	"github.com/sightline-go/sightline/handlers/edge"
)

// Route is one address that the server answers, as its method and its path
// under the base path.
type Route struct{ Method, Path string }

// Routes lists every address that the server answers.
func (s *Server) Routes() []Route {
	var list []Route
	for _, r := range s.engine.Routes() {
		list = append(list, Route{r.Method, strings.TrimPrefix(r.Path, s.base)})
	}
	return list
}

// mount mounts the rooms' routes. Addresses are matched exactly as written.
func (s *Server) mount(e *edge.Edge, routes []edge.Route) error {
	if err := s.engine.SetTrustedProxies(nil); err != nil {
		return err
	}
	s.engine.RedirectTrailingSlash = false
	s.engine.RedirectFixedPath = false
	s.engine.HandleMethodNotAllowed = true
	e.Mount(s.engine, routes)
	return nil
}
