package handlers

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
)

// quiet are the routes that probes and browsers repeat.
func isQuiet(route string) bool {
	return slices.ContainsFunc([]string{"/healthz", "/readyz", "/static/*file"}, func(suffix string) bool {
		return len(route) >= len(suffix) && route[len(route)-len(suffix):] == suffix
	})
}

// health says that the process is up.
func (s *Server) health(c *gin.Context) error {
	c.String(http.StatusOK, "ok\n")
	return nil
}

// ready says that the database is reachable and migrated.
func (s *Server) ready(c *gin.Context) error {
	if err := s.Store.Ready(c.Request.Context()); err != nil {
		return &problem{status: http.StatusServiceUnavailable, code: "not_ready", text: saysNotReady, err: err}
	}
	c.String(http.StatusOK, "ok\n")
	return nil
}

const jsonType = "application/json; charset=utf-8"

func (s *Server) descriptor(c *gin.Context) error {
	c.Data(http.StatusOK, jsonType, s.Descriptor)
	return nil
}

func (s *Server) chatDescriptor(c *gin.Context) error {
	c.Data(http.StatusOK, jsonType, s.ChatDescriptor)
	return nil
}

// staticFile serves the embedded files; their address holds their hash.
func (s *Server) staticFile(c *gin.Context) error {
	r := c.Request.Clone(c.Request.Context())
	r.URL.Path = "/static" + c.Param("file")
	r.URL.RawPath = ""
	s.static.ServeHTTP(c.Writer, r)
	return nil
}
