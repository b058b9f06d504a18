package handlers

import (
	"net/http"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
)

// health says that the process is up.
func (s *Server) health(r *edge.Request) error {
	r.String(http.StatusOK, "ok\n")
	return nil
}

// ready says that the database is reachable and migrated.
func (s *Server) ready(r *edge.Request) error {
	if err := s.Store.Ready(r.Request.Context()); err != nil {
		return edge.Because(lang.ProblemNotReady, err)
	}
	r.String(http.StatusOK, "ok\n")
	return nil
}

const jsonType = "application/json; charset=utf-8"

func (s *Server) descriptor(r *edge.Request) error {
	r.Data(http.StatusOK, jsonType, s.App.Rendered)
	return nil
}

func (s *Server) chatDescriptor(r *edge.Request) error {
	r.Data(http.StatusOK, jsonType, s.ChatDescriptor)
	return nil
}

// staticFile serves the embedded files; their address holds their hash.
func (s *Server) staticFile(r *edge.Request) error {
	file := r.Request.Clone(r.Request.Context())
	file.URL.Path = "/static" + r.Param("file")
	file.URL.RawPath = ""
	s.static.ServeHTTP(r.Writer, file)
	return nil
}
