package handlers

import (
	"context"
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// sidebarPage is the whole workload of a conversation, as the person who
// opens it may see it.
func (s *Server) sidebarPage(r *edge.Request, caller *connect.ChatCaller) error {
	p, err := s.roomSpot(r, caller)
	if errors.Is(err, errNoTenant) {
		l := r.Language()
		r.RenderPage(http.StatusOK, s.chatShell(l, web.KindChatSidebar, noTenant(l, caller.Cloud())))
		return nil
	}
	if err != nil {
		return err
	}
	body, err := s.firstLook(r, p.gadget, func(ctx context.Context) (templ.Component, error) { return s.sidebarBody(ctx, p, false) })
	shell := s.chatShell(r.Language(), web.KindChatSidebar, body)
	if err != nil {
		return r.FailIn(shell, err)
	}
	r.RenderPage(http.StatusOK, shell)
	return nil
}

// sidebarView answers the same as a fragment.
func (s *Server) sidebarView(r *edge.Request, p spot) error {
	body, err := s.sidebarBody(r.Request.Context(), p, r.Query("fresh") == "1")
	if err != nil {
		return err
	}
	r.Render(http.StatusOK, body)
	return nil
}

func (s *Server) sidebarBody(ctx context.Context, p spot, fresh bool) (templ.Component, error) {
	seen, err := s.workloads.Get(ctx, p.Place, fresh)
	if err != nil {
		return nil, err
	}
	if !seen.View.Configured {
		return web.RoomUnset(seen.View.Language, s.setupDialog), nil
	}
	return s.workload(ctx, seen, p)
}

// chatPlace names a conversation's sidebar in the caches of views.
func chatPlace(conversation string) string { return "chat/" + conversation }

// roomConfig is a room's configuration as a gadget's.
func roomConfig(c glance.Config) viewer.ConfigSource {
	return func(context.Context, *jira.Client) (workload.GadgetConfig, bool, error) {
		return sharedConfig(c), len(c.Projects) > 0, nil
	}
}

// sharedConfig is the part of a room's configuration that a gadget has, too.
func sharedConfig(c glance.Config) workload.GadgetConfig {
	config := workload.NewGadgetConfig()
	config.Projects, config.Role, config.Query = c.Projects, c.Role, c.Query
	config.Window = workload.Window(c.Window)
	return config
}
