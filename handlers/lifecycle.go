package handlers

import "github.com/gin-gonic/gin"

func (s *Server) installed(c *gin.Context, body []byte) error {
	tenant, err := s.Lifecycle.Installed(c.Request, body)
	if err != nil {
		return err
	}
	outcome(c).tenant = tenant.ID
	return nil
}

func (s *Server) uninstalled(c *gin.Context, body []byte) error {
	return s.Lifecycle.Uninstalled(c.Request, body)
}

func (s *Server) enabled(c *gin.Context, body []byte) error {
	return s.Lifecycle.Enabled(c.Request, body)
}

func (s *Server) disabled(c *gin.Context, body []byte) error {
	return s.Lifecycle.Disabled(c.Request, body)
}
