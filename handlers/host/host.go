// Package host is what Jira itself calls: the lifecycle, webhooks, the page for
// admins, and the files that anybody may read.
//
// It knows no gadget and no chat. What they add to the page for admins comes as
// sections.
package host

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/feed"
	"github.com/sightline-go/sightline/internal/viewer"
)

// Section is a part of the page for admins; nil if it has nothing to say to the
// caller.
type Section func(r *edge.Request, caller *connect.Caller) (templ.Component, error)

// Host serves what Jira calls. All fields except Feed and Sections are required.
type Host struct {
	Edge  *edge.Edge
	Views *viewer.Views
	// App is the Connect protocol: the descriptor and the lifecycle calls.
	App   *connect.App
	Store Store
	// Ready reports why the program should get no requests, within a second.
	Ready func(ctx context.Context) error
	// Feed takes the facts of events; nil: none are kept.
	Feed *feed.Feed
	// Wake tells the reconciler that a glance may have become due.
	Wake func()
	// Static serves the embedded files.
	Static http.Handler
	// Sections follow each other on the page for admins.
	Sections []Section
	// ConnectOff says that no Connect route answers.
	ConnectOff bool
	// ChatDescriptor is the path of the chat app's descriptor, "" without a chat.
	ChatDescriptor string
}

// Routes are the addresses that probes and browsers call.
func (h *Host) Routes() []edge.Route {
	return []edge.Route{
		edge.Get("/", h.Edge.Public(h.home)),
		edge.Get("/healthz", h.Edge.Public(h.health)),
		edge.Get("/readyz", h.Edge.Public(h.ready)),
		edge.Get("/static/*file", h.Edge.Public(h.staticFile)),
	}
}

// ConnectRoutes are the addresses that Connect calls, and the descriptor that
// names them.
func (h *Host) ConnectRoutes() []edge.Route {
	routes := []edge.Route{
		edge.Get(connect.DescriptorPath, h.Edge.Public(h.descriptor)),
		edge.Get("/configure", h.Edge.Page(h.configurePage)),

		edge.Post("/webhooks/issue", h.Edge.Webhook(h.issueChanged)),
		edge.Post("/webhooks/worklog", h.Edge.Webhook(h.worklogChanged)),
	}
	for _, call := range h.App.Calls() {
		routes = append(routes, edge.Post(call.Path, h.Edge.Lifecycle(call)))
	}
	return routes
}
