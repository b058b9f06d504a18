package handlers

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"sightline/connect"
	"sightline/web"
)

// configurePage tells an admin that the app works and what to do next. There
// is nothing to set for a whole site: gadgets are set up on their dashboards
// and glances in their rooms.
func (s *Server) configurePage(c *gin.Context, caller *connect.Caller) error {
	m := web.Message{
		Kind:  web.MessageInfo,
		Title: "Sightline is installed",
		Text:  "Add the gadget “" + defaultTitle + "” to a dashboard and choose its projects there. There is nothing to set for the whole site.",
	}
	if caller.Tenant().OAuthClientID == "" {
		m.Kind = web.MessageWarning
		m.Title = "Sightline cannot read Jira for people yet"
		m.Text = "This installation came without the permission to act on users' behalf, so gadgets stay empty. Install the app anew to grant it."
	}
	body := web.MessageView(m)
	section, err := s.slackSection(c.Request.Context(), caller)
	if err != nil {
		return err
	}
	if section != nil {
		body = templ.Join(body, section)
	}
	s.render(c, http.StatusOK, web.Page(s.shell("Sightline", body)))
	return nil
}
