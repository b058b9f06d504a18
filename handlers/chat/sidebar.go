package chat

import (
	"context"
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/web"
)

// sidebarPage is the whole workload of a conversation, as far as the person who
// opens it may see it.
func (c *Chat) sidebarPage(r *edge.Request, caller *connect.ChatCaller) error {
	at, err := c.sidebarAt(r, caller)
	if errors.Is(err, room.ErrNoTenant) {
		l := r.Language()
		r.RenderPage(http.StatusOK, c.shell(l, web.KindChatSidebar, room.NoTenant(l, caller.Cloud())))
		return nil
	}
	if err != nil {
		return err
	}
	body, err := gadget.FirstLook(r, c.Views.Patience.FirstLook, c.Workload.Title, func(ctx context.Context) (templ.Component, error) {
		return c.sidebarBody(ctx, at, false)
	})
	shell := c.shell(r.Language(), web.KindChatSidebar, body)
	if err != nil {
		return r.FailIn(shell, err)
	}
	r.RenderPage(http.StatusOK, shell)
	return nil
}

// sidebarView answers the same as a fragment.
func (c *Chat) sidebarView(r *edge.Request, at board.At) error {
	body, err := c.sidebarBody(r.Request.Context(), at, r.Query("fresh") == "1")
	if err != nil {
		return err
	}
	r.Render(http.StatusOK, body)
	return nil
}

func (c *Chat) sidebarBody(ctx context.Context, at board.At, fresh bool) (templ.Component, error) {
	body, err := c.Workload.View(ctx, at, fresh)
	if unset := new(board.Unconfigured); errors.As(err, &unset) {
		return web.RoomUnset(unset.Language, c.dialog), nil
	}
	return body, err
}

// sidebar serves a later call of a room's sidebar.
func (c *Chat) sidebar(h board.Func) edge.Endpoint {
	return c.api(func(r *edge.Request, caller *connect.ChatCaller) error {
		at, err := c.sidebarAt(r, caller)
		if errors.Is(err, room.ErrNoTenant) && r.Request.Method == http.MethodGet {
			r.Render(http.StatusOK, room.NoTenant(r.Language(), caller.Cloud()))
			return nil
		}
		if errors.Is(err, room.ErrNoTenant) {
			return edge.Refuse(lang.ProblemNoTenant)
		}
		if err != nil {
			return err
		}
		return h(r, at)
	})
}

// sidebarAt is a room's sidebar. The error is room.ErrNoTenant if its site's
// Jira does not have the app.
func (c *Chat) sidebarAt(r *edge.Request, caller *connect.ChatCaller) (board.At, error) {
	row, err := c.row(r, caller, c.glance)
	if err != nil {
		return board.At{}, err
	}
	person, err := c.person(r, caller)
	if err != nil {
		return board.At{}, err
	}
	place := viewer.Place{Person: person, Name: PlaceName(caller.Conversation()), Config: room.ConfigSource(row.Config)}
	return board.At{Place: place, Address: edge.Address{Base: c.Edge.Path("/chat/sidebar")}}, nil
}

// PlaceName names a conversation's sidebar in the caches of views.
func PlaceName(conversation string) string { return "chat/" + conversation }
