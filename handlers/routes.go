package handlers

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// routes is the table of contents: every address, how its callers prove who
// they are, and what serves it.
func (s *Server) routes() {
	t := table{s.engine.Group(strings.TrimSuffix(s.BaseURL.Path, "/"))}

	for _, method := range []string{http.MethodGet, http.MethodHead} { // probes use either
		t.add(method, "/healthz", s.public(s.health))
		t.add(method, "/readyz", s.public(s.ready))
	}
	t.add(http.MethodGet, "/atlassian-connect.json", s.public(s.descriptor))
	t.add(http.MethodGet, "/static/*file", s.public(s.staticFile))

	t.add(http.MethodPost, "/lifecycle/installed", s.lifecycle(s.installed))
	t.add(http.MethodPost, "/lifecycle/uninstalled", s.lifecycle(s.uninstalled))
	t.add(http.MethodPost, "/lifecycle/enabled", s.lifecycle(s.enabled))
	t.add(http.MethodPost, "/lifecycle/disabled", s.lifecycle(s.disabled))

	t.add(http.MethodGet, "/configure", s.page(s.configurePage))
	s.gadgetRoutes(t)

	t.add(http.MethodPost, "/webhooks/issue", s.webhook(s.issueChanged))
	t.add(http.MethodPost, "/webhooks/worklog", s.webhook(s.worklogChanged))

	if s.Slack != nil {
		s.slackRoutes(t)
	}
	if s.Chat != nil {
		s.chatRoutes(t)
	}
}

// chatRoutes are the addresses of the conversation app.
func (s *Server) chatRoutes(t table) {
	t.add(http.MethodGet, "/atlassian-chat.json", s.public(s.chatDescriptor))
	t.add(http.MethodPost, "/chat/lifecycle/installed", s.chatLifecycle(s.chatInstalled))
	t.add(http.MethodPost, "/chat/lifecycle/uninstalled", s.chatLifecycle(s.chatUninstalled))
	t.add(http.MethodPost, "/chat/webhooks/conversation", s.chatWebhook(s.conversationChanged))
	t.add(http.MethodPost, "/chat/webhooks/roster", s.chatWebhook(s.rosterChanged))
	t.add(http.MethodGet, "/chat/glance", s.chatState(s.glanceState))
	t.add(http.MethodOptions, "/chat/glance", s.public(s.preflight))
	t.add(http.MethodGet, "/chat/configuration", s.chatState(s.configurationState))
	t.add(http.MethodOptions, "/chat/configuration", s.public(s.preflight))
	t.add(http.MethodGet, "/chat/setup", s.chatPage(s.setupPage))
	t.add(http.MethodPost, "/chat/setup", s.chatAPI(s.setupSave))
	t.add(http.MethodGet, "/chat/setup/label", s.chatAPI(s.setupLabel))
	for name, pick := range s.pickers() {
		t.add(http.MethodGet, "/chat/setup/"+name, s.inRoom(pick))
	}
	t.add(http.MethodGet, "/chat/sidebar", s.chatPage(s.sidebarPage))
	t.add(http.MethodGet, "/chat/sidebar/view", s.inRoom(s.sidebarView))
	t.add(http.MethodPost, "/chat/sidebar/preferences", s.inRoom(s.preferencesSave(s.sidebarView)))
	t.add(http.MethodGet, "/chat/sidebar/person", s.inRoom(s.personIssues))
	t.add(http.MethodGet, "/chat/sidebar/issue", s.inRoom(s.issueDetails))
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

// gadgetRoutes are those of the dashboard items.
func (s *Server) gadgetRoutes(t table) {
	for _, g := range []gadget{gadgetWorkload, gadgetTimelog} {
		at := "/gadget/" + string(g)
		t.add(http.MethodGet, at, s.gadgetPage(g))
		t.add(http.MethodGet, at+"/view", s.atItem(g, s.gadgetView))
		t.add(http.MethodGet, at+"/form", s.atItem(g, s.gadgetForm))
		t.add(http.MethodPost, at+"/form", s.atItem(g, s.gadgetSave))
		t.add(http.MethodPost, at+"/preferences", s.atItem(g, s.preferencesSave(s.gadgetView)))
		for name, pick := range s.pickers() {
			t.add(http.MethodGet, at+"/"+name, s.atItem(g, pick))
		}
	}

	t.add(http.MethodGet, "/gadget/workload/person", s.atItem(gadgetWorkload, s.personIssues))
	t.add(http.MethodGet, "/gadget/workload/issue", s.atItem(gadgetWorkload, s.issueDetails))

	t.add(http.MethodGet, "/gadget/timelog/day", s.atItem(gadgetTimelog, s.timelogDay))
	t.add(http.MethodGet, "/gadget/timelog/entry", s.atItem(gadgetTimelog, s.timelogEntry))
	t.add(http.MethodPost, "/gadget/timelog/entry", s.atItem(gadgetTimelog, s.timelogSave))
}

// table mounts endpoints, and nothing but endpoints: a bare Gin handler has
// no adapter and does not compile into a route.
type table struct{ group *gin.RouterGroup }

func (t table) add(method, path string, e endpoint) { t.group.Handle(method, path, e.handle) }
