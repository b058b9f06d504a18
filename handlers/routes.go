package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
)

// routes is the table of contents: every address, how its callers prove who
// they are, and what serves it.
func (s *Server) routes() []edge.Route {
	routes := []edge.Route{
		edge.Get("/healthz", s.edge.Public(s.health)), {Method: http.MethodHead, Path: "/healthz", Endpoint: s.edge.Public(s.health)},
		edge.Get("/readyz", s.edge.Public(s.ready)), {Method: http.MethodHead, Path: "/readyz", Endpoint: s.edge.Public(s.ready)},
		edge.Get(connect.DescriptorPath, s.edge.Public(s.descriptor)),
		edge.Get("/static/*file", s.edge.Public(s.staticFile)),

		edge.Get("/configure", s.edge.Page(s.configurePage)),

		edge.Post("/webhooks/issue", s.edge.Webhook(s.issueChanged)),
		edge.Post("/webhooks/worklog", s.edge.Webhook(s.worklogChanged)),
	}
	for _, call := range s.App.Calls() {
		routes = append(routes, edge.Post(call.Path, s.edge.Lifecycle(call)))
	}
	routes = append(routes, s.gadgetRoutes()...)
	if s.Slack != nil {
		routes = append(routes, s.slackRoutes()...)
	}
	if s.Chat != nil {
		routes = append(routes, s.chatRoutes()...)
	}
	return routes
}

// chatRoutes are the addresses of the conversation app.
func (s *Server) chatRoutes() []edge.Route {
	routes := []edge.Route{
		edge.Get("/atlassian-chat.json", s.edge.Public(s.chatDescriptor)),
		edge.Post("/chat/lifecycle/installed", s.chatLifecycle(s.chatInstalled)),
		edge.Post("/chat/lifecycle/uninstalled", s.chatLifecycle(s.chatUninstalled)),
		edge.Post("/chat/webhooks/conversation", s.chatWebhook(s.conversationChanged)),
		edge.Post("/chat/webhooks/roster", s.chatWebhook(s.rosterChanged)),
		edge.Get("/chat/glance", s.chatState(s.glanceState)),
		{Method: http.MethodOptions, Path: "/chat/glance", Endpoint: s.edge.Public(s.preflight)},
		edge.Get("/chat/configuration", s.chatState(s.configurationState)),
		{Method: http.MethodOptions, Path: "/chat/configuration", Endpoint: s.edge.Public(s.preflight)},
		edge.Get("/chat/setup", s.chatPage(s.setupPage)),
		edge.Post("/chat/setup", s.chatAPI(s.setupSave)),
		edge.Get("/chat/setup/label", s.chatAPI(s.setupLabel)),
		edge.Get("/chat/sidebar", s.chatPage(s.sidebarPage)),
		edge.Get("/chat/sidebar/view", s.inRoom(s.sidebarView)),
		edge.Post("/chat/sidebar/preferences", s.inRoom(s.preferencesSave(s.sidebarView))),
		edge.Get("/chat/sidebar/person", s.inRoom(s.personIssues)),
		edge.Get("/chat/sidebar/issue", s.inRoom(s.issueDetails)),
	}
	for name, pick := range s.pickers() {
		routes = append(routes, edge.Get("/chat/setup/"+name, s.inRoom(pick)))
	}
	return routes
}

// gadgetRoutes are those of the dashboard items.
func (s *Server) gadgetRoutes() []edge.Route {
	var routes []edge.Route
	for _, g := range []gadget{gadgetWorkload, gadgetTimelog} {
		at := "/gadget/" + string(g)
		routes = append(routes,
			edge.Get(at, s.gadgetPage(g)),
			edge.Get(at+"/view", s.atItem(g, s.gadgetView)),
			edge.Get(at+"/form", s.atItem(g, s.gadgetForm)),
			edge.Post(at+"/form", s.atItem(g, s.gadgetSave)),
			edge.Post(at+"/preferences", s.atItem(g, s.preferencesSave(s.gadgetView))),
		)
		for name, pick := range s.pickers() {
			routes = append(routes, edge.Get(at+"/"+name, s.atItem(g, pick)))
		}
	}
	return slices.Concat(routes, []edge.Route{
		edge.Get("/gadget/workload/person", s.atItem(gadgetWorkload, s.personIssues)),
		edge.Get("/gadget/workload/issue", s.atItem(gadgetWorkload, s.issueDetails)),

		edge.Get("/gadget/timelog/day", s.atItem(gadgetTimelog, s.timelogDay)),
		edge.Get("/gadget/timelog/entry", s.atItem(gadgetTimelog, s.timelogEntry)),
		edge.Post("/gadget/timelog/entry", s.atItem(gadgetTimelog, s.timelogSave)),
	})
}

// Route is one address that the server answers, as its method and its path
// under the base path.
type Route struct{ Method, Path string }

// Routes lists every address that the server answers.
func (s *Server) Routes() []Route {
	var list []Route
	for _, r := range s.engine.Routes() {
		list = append(list, Route{r.Method, strings.TrimPrefix(r.Path, strings.TrimSuffix(s.BaseURL.Path, "/"))})
	}
	return list
}
