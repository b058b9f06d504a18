// Package chat is the chat platform's door: its lifecycle, events and states,
// the dialog that sets up a room, and the sidebar, which shows the workload
// gadget's view.
//
// It knows neither Slack nor a database: what it keeps goes through [Store].
package chat

import (
	"context"
	"net/http"
	"slices"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/chat"
	"github.com/sightline-go/sightline/connect/descriptor"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/handlers/gadget"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/viewer"
)

// Config is what serving the chat platform needs. All fields are required.
type Config struct {
	// Verifier proves the platform's calls.
	Verifier *connect.ChatVerifier
	// Platform is asked about conversations.
	Platform *chat.Client
	// Origins are the origins whose pages may ask for states, and that may
	// frame our pages.
	Origins []string
	// Descriptor is the conversation app's own, rendered.
	Descriptor []byte
	// Numbers counts what a glance shows, as the reader sees it.
	Numbers func(ctx context.Context, reader source.Reader, c glance.Config) (glance.Numbers, error)
	Store   Store
}

// DescriptorPath is where the chat app's descriptor is served.
const DescriptorPath = "/atlassian-chat.json"

// Store keeps conversations and their states.
type Store interface {
	room.Store
	TenantByCloudID(ctx context.Context, id connect.CloudID) (*connect.Tenant, error)
}

// Chat serves the chat platform. All exported fields are required; make it with
// [New].
type Chat struct {
	Config
	Edge  *edge.Edge
	Views *viewer.Views
	Forms *form.Forms
	Rooms *room.Rooms
	// Workload is what the sidebar shows.
	Workload *gadget.Workload
	// Wake tells the reconciler that a glance may have become due.
	Wake func()

	key    string
	glance glance.Key
	setup  glance.Key
	// dialog is the key of the dialog that sets up a room.
	dialog string
	// previews are the numbers behind labels that people try out.
	previews *viewer.Cache[glance.Numbers, struct{}]
}

// New reads the keys of the app and of its two states out of the descriptor.
func New(c Chat) (*Chat, error) {
	d, err := descriptor.ParseChat(c.Descriptor)
	if err != nil {
		return nil, err
	}
	c.key, c.dialog = d.Key, d.Modules.Configurations[0].Page.Target
	c.glance = glance.Key{Surface: glance.SurfaceChat, Kind: glance.KindGlance, Module: d.Modules.Glances[0].Key}
	c.setup = glance.Key{Surface: glance.SurfaceChat, Kind: glance.KindConfiguration, Module: d.Modules.Configurations[0].Key}
	c.previews = viewer.NewCache[glance.Numbers, struct{}](c.Views)
	return &c, nil
}

// Routes are the addresses of the conversation app.
func (c *Chat) Routes() []edge.Route {
	routes := []edge.Route{
		edge.Get(DescriptorPath, c.Edge.Public(c.descriptor)),
		edge.Post("/chat/lifecycle/installed", c.lifecycle(c.installed)),
		edge.Post("/chat/lifecycle/uninstalled", c.lifecycle(c.uninstalled)),
		edge.Post("/chat/webhooks/conversation", c.webhook(c.conversationChanged)),
		edge.Post("/chat/webhooks/roster", c.webhook(c.rosterChanged)),
		edge.Get("/chat/glance", c.state(c.glanceState)),
		{Method: http.MethodOptions, Path: "/chat/glance", Endpoint: c.Edge.Public(c.preflight)},
		edge.Get("/chat/configuration", c.state(c.configurationState)),
		{Method: http.MethodOptions, Path: "/chat/configuration", Endpoint: c.Edge.Public(c.preflight)},
		edge.Get("/chat/setup", c.page(c.setupPage)),
		edge.Post("/chat/setup", c.api(c.setupSave)),
		edge.Get("/chat/setup/label", c.api(c.setupLabel)),
		edge.Get("/chat/sidebar", c.page(c.sidebarPage)),
		edge.Get("/chat/sidebar/view", c.sidebar(c.sidebarView)),
		edge.Post("/chat/sidebar/preferences", c.sidebar(gadget.SavePreferences(c.Views.Preferences, c.sidebarView))),
	}
	for _, call := range c.Workload.Calls() {
		routes = append(routes, edge.Route{Method: call.Method, Path: "/chat/sidebar/" + call.Name, Endpoint: c.sidebar(call.Serve)})
	}
	for name, pick := range c.Forms.Pickers() {
		routes = append(routes, edge.Get("/chat/setup/"+name, c.sidebar(func(r *edge.Request, at board.At) error {
			return pick(r, c.dialogOf(at.Person))
		})))
	}
	return routes
}

func (c *Chat) descriptor(r *edge.Request) error {
	r.Data(http.StatusOK, edge.JSONType, c.Descriptor)
	return nil
}

// in names a state of one conversation.
func in(k glance.Key, cloud connect.CloudID, conversation string) glance.Key {
	k.Site, k.Conversation = string(cloud), conversation
	return k
}

func (c *Chat) installed(r *edge.Request, call connect.ChatInstall) error {
	if err := c.checkCall(call, "installed"); err != nil {
		return err
	}
	conversation := glance.Conversation{
		Surface: glance.SurfaceChat, Site: string(call.CloudID), ID: call.ResourceID, InstalledBy: string(call.UserID),
		Since: call.IssuedAt,
	}
	err := c.Store.Begin(r.Request.Context(), conversation,
		in(c.glance, call.CloudID, call.ResourceID), in(c.setup, call.CloudID, call.ResourceID), c.Edge.Now())
	if err != nil {
		return err
	}
	c.Wake()
	return nil
}

func (c *Chat) uninstalled(r *edge.Request, call connect.ChatInstall) error {
	if err := c.checkCall(call, "uninstalled"); err != nil {
		return err
	}
	return c.forgetRoom(r.Request.Context(), call.CloudID, call.ResourceID, call.IssuedAt)
}

// checkCall compares what a lifecycle call says with which app we are and where
// it was sent.
func (c *Chat) checkCall(call connect.ChatInstall, event string) error {
	switch {
	case call.Key != c.key:
		return &connect.AuthError{Code: connect.CodeChatBody, Detail: "for another app"}
	case call.EventType != "" && call.EventType != event:
		return &connect.AuthError{Code: connect.CodeChatBody, Detail: "of another event"}
	}
	return nil
}

// row is a state of the caller's own conversation.
func (c *Chat) row(r *edge.Request, caller *connect.ChatCaller, k glance.Key) (glance.Row, error) {
	row, err := c.Store.Glance(r.Request.Context(), in(k, caller.Cloud(), caller.Conversation()))
	if room.IsAbsent(err) {
		return row, edge.Because(lang.ProblemUnknownConversation, err)
	}
	return row, err
}

// glanceState answers the same label that is pushed.
func (c *Chat) glanceState(r *edge.Request, caller *connect.ChatCaller) error {
	row, err := c.row(r, caller, c.glance)
	if err != nil {
		return err
	}
	r.JSON(http.StatusOK, map[string]any{
		"label":    map[string]any{"value": room.Pulled(r.Language(), row)},
		"metadata": row.Desired.Numbers,
	})
	return nil
}

// configurationState answers whether the conversation is set up.
func (c *Chat) configurationState(r *edge.Request, caller *connect.ChatCaller) error {
	row, err := c.row(r, caller, c.setup)
	if err != nil {
		return err
	}
	r.JSON(http.StatusOK, map[string]any{"configured": row.Desired.Configured})
	return nil
}

// crossOrigin lets the listed origins read a state and refuses others. Callers
// that are not browsers send no origin.
func (c *Chat) crossOrigin(r *edge.Request) error {
	r.Header("Vary", "Origin")
	origin := r.GetHeader("Origin")
	if origin == "" {
		return nil
	}
	if !slices.Contains(c.Origins, origin) {
		return edge.Refuse(lang.ProblemChatOrigin)
	}
	r.Header("Access-Control-Allow-Origin", origin)
	return nil
}

// preflight answers the request that a browser makes before it sends the token
// in a header.
func (c *Chat) preflight(r *edge.Request) error {
	if err := c.crossOrigin(r); err != nil {
		return err
	}
	r.Header("Access-Control-Allow-Methods", "GET")
	r.Header("Access-Control-Allow-Headers", "Authorization, Content-Type")
	r.Header("Access-Control-Max-Age", "600")
	r.Status(http.StatusNoContent)
	return nil
}
