package handlers

import (
	"context"
	"errors"
	"net/http"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"sightline/connect"
	"sightline/connect/jira"
	"sightline/internal/glance"
	"sightline/internal/workload"
	"sightline/web"
)

// sidebarPage is the whole workload of a conversation, as the person who
// opens it may see it.
func (s *Server) sidebarPage(c *gin.Context, caller *connect.ChatCaller) error {
	body, err := s.sidebarBody(c, caller, false)
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, web.Page(s.chatShell(web.KindChatSidebar, body)))
	return nil
}

// sidebarView answers the same as a fragment.
func (s *Server) sidebarView(c *gin.Context, caller *connect.ChatCaller) error {
	body, err := s.sidebarBody(c, caller, c.Query("fresh") == "1")
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, body)
	return nil
}

func (s *Server) sidebarBody(c *gin.Context, caller *connect.ChatCaller, fresh bool) (templ.Component, error) {
	ctx := c.Request.Context()
	row, err := s.row(c, caller, s.glance)
	if err != nil {
		return nil, err
	}
	if row.DesiredRev == 0 && len(row.Config.Projects) == 0 {
		return web.MessageView(web.Message{Kind: web.MessageEmpty, Title: "This room is not set up yet", Text: "Choose the projects that this room shows in its Sightline settings."}), nil
	}
	person, err := s.chatPerson(ctx, caller)
	if errors.Is(err, errNoTenant) {
		return noTenant(), nil
	}
	if err != nil {
		return nil, err
	}
	seen, stale, err := s.views.get(ctx, person, chatPlace(caller), fresh, roomConfig(row.Config))
	if err != nil {
		return nil, err
	}
	return s.workload(seen, person.tenant, stale), nil
}

func chatPlace(caller *connect.ChatCaller) string { return "chat/" + caller.Conversation() }

// roomConfig is a room's configuration as a gadget's.
func roomConfig(c glance.Config) configSource {
	return func(context.Context, *jira.Client) (workload.GadgetConfig, bool, error) {
		config := workload.NewGadgetConfig()
		config.Projects, config.Window = c.Projects, workload.Window(c.Window)
		return config, true, nil
	}
}
