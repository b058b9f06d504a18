package handlers

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/web"
)

// configurePage tells an admin that the app works and what to do next. There
// is nothing to set for a whole site: gadgets are set up on their dashboards
// and glances in their rooms.
func (s *Server) configurePage(r *edge.Request, caller *connect.Caller) error {
	l := r.Language()
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
	section, err := s.slackSection(r.Request.Context(), l, caller)
	if err != nil {
		return err
	}
	if section != nil {
		body = templ.Join(body, section)
	}
	r.RenderPage(http.StatusOK, s.edge.Shell(l, product, body))
	return nil
}
