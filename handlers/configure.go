package handlers

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/web"
)

// configurePage tells an admin that the app works and what to do next. There
// is nothing to set for a whole site: gadgets are set up on their dashboards
// and glances in their rooms.
func (s *Server) configurePage(c *gin.Context, caller *connect.Caller) error {
	l := s.language(c)
	m := web.Message{
		Kind:  web.MessageInfo,
		Title: l.Product.Installed,
		Text:  l.Say(l.Product.InstalledText, l.Product.Workload),
	}
	if caller.Tenant().OAuthClientID == "" {
		m.Kind = web.MessageWarning
		m.Title = l.Product.NoImpersonation
		m.Text = l.Product.NoImpersonText
	}
	body := web.MessageView(m)
	section, err := s.slackSection(c.Request.Context(), l, caller)
	if err != nil {
		return err
	}
	if section != nil {
		body = templ.Join(body, section)
	}
	s.renderPage(c, http.StatusOK, s.shell(l, product, body))
	return nil
}
