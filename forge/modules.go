package forge

import (
	"github.com/sightline-go/sightline/connect/descriptor"
)

// The keys that parts of the manifest name each other by.
const (
	remoteKey    = "backend"
	resourceKey  = "app"
	resourcePath = "static/app"
)

// The keys of the endpoints. An invocation token of a trigger names its
// endpoint's key; one of a page names the page's module instead.
const (
	EndpointPages     = "pages"
	EndpointLifecycle = "lifecycle"
	EndpointEvents    = "events"
	EndpointTick      = "tick"
	EndpointUninstall = "uninstall"
)

// The addresses that Forge calls, below the base URL.
const (
	PathLifecycle = "/forge/lifecycle"
	PathEvents    = "/forge/events"
	PathTick      = "/forge/tick"
	PathUninstall = "/forge/uninstall"
	// PathPages comes before a module's key: the address of its page's first call.
	PathPages = "/forge/ui/"
)

// GadgetKey is the key of the Forge gadget that stands for a dashboard item of
// the descriptor: a key is used only once in a manifest, and the hybrid stage
// has both.
func GadgetKey(item string) string { return item + "-gadget" }

// PageKey is the same for a page of the descriptor.
func PageKey(page string) string { return page + "-page" }

// guideURL tells an admin what becomes of the Connect app.
const guideURL = "https://github.com/sightline-go/sightline/blob/main/forge/README.md"

func modules(d *descriptor.Descriptor, o Options) Modules {
	return Modules{
		Gadgets:     gadgets(d, o),
		AdminPages:  adminPages(d),
		GlobalPages: globalPages(d),
		Triggers: []Trigger{
			{Key: "app-lifecycle", Endpoint: EndpointLifecycle, Events: []string{"avi:forge:installed:app", "avi:forge:upgraded:app"}},
			{Key: "work-events", Endpoint: EndpointEvents, Events: events(d)},
		},
		ScheduledTriggers: []ScheduledTrigger{{Key: "token-refresh", Endpoint: EndpointTick, Interval: "hour"}},
		PreUninstall:      []EndpointUse{{Key: "before-uninstall", Endpoint: EndpointUninstall}},
		Endpoints:         endpoints(),
		Migration:         []Migration{{Key: "migration-plan", GuideURL: guideURL, Will: "YES"}},
	}
}

func gadgets(d *descriptor.Descriptor, o Options) []Gadget {
	var list []Gadget
	for _, item := range d.Modules.DashboardItems {
		g := Gadget{
			Key: GadgetKey(item.Key), Title: Text{titleKey(item.Key)}, Description: Text{aboutKey(item.Key)},
			Thumbnail: o.BaseURL + item.ThumbnailURL, Resource: resourceKey, Resolver: Resolver{EndpointPages},
			Edit: Edit{resourceKey}, Refreshable: item.Refreshable,
		}
		if o.ConnectKey != "" {
			g.ConnectKeys = []string{item.Key}
		}
		list = append(list, g)
	}
	return list
}

// adminPages is the descriptor's page to configure the app: an admin connects
// Slack there.
func adminPages(d *descriptor.Descriptor) []Page {
	p := d.Modules.ConfigurePage
	if p == nil {
		return nil
	}
	return []Page{{
		Key: PageKey(p.Key), Title: Text{titleKey(p.Key)}, Resource: resourceKey, Resolver: Resolver{EndpointPages}, UseAsConfig: true,
	}}
}

// globalPages are the pages that people reach by a link, such as the one on
// which somebody of Slack says who they are in Jira. Forge takes at most one.
func globalPages(d *descriptor.Descriptor) []Page {
	var list []Page
	for _, p := range d.Modules.GeneralPages {
		list = append(list, Page{Key: PageKey(p.Key), Title: Text{titleKey(p.Key)}, Resource: resourceKey, Resolver: Resolver{EndpointPages}})
	}
	return list
}

// events are those of the descriptor's webhooks. The app's own changes count
// like all others, so no filter leaves them out.
func events(d *descriptor.Descriptor) []string {
	var list []string
	for _, hook := range d.Modules.Webhooks {
		if event, ok := forgeEvent(hook.Event); ok {
			list = append(list, event)
		}
	}
	return list
}

// forgeEvent is the Forge event for one of Connect's, false when there is none.
// See https://developer.atlassian.com/platform/forge/events-reference/jira/
func forgeEvent(webhook string) (string, bool) {
	event, ok := map[string]string{
		"jira:issue_created": "avi:jira:created:issue",
		"jira:issue_updated": "avi:jira:updated:issue",
		"jira:issue_deleted": "avi:jira:deleted:issue",
		"worklog_created":    "avi:jira:created:worklog",
		"worklog_updated":    "avi:jira:updated:worklog",
		"worklog_deleted":    "avi:jira:deleted:worklog",
	}[webhook]
	return event, ok
}

func endpoints() []Endpoint {
	system := Auth{AppSystemToken: &Enabled{true}}
	list := []Endpoint{{
		Key: EndpointPages, Remote: remoteKey,
		Auth: Auth{AppSystemToken: &Enabled{true}, AppUserToken: &Enabled{true}},
	}}
	for _, e := range []struct{ key, path string }{
		{EndpointLifecycle, PathLifecycle},
		{EndpointEvents, PathEvents},
		{EndpointTick, PathTick},
		{EndpointUninstall, PathUninstall},
	} {
		list = append(list, Endpoint{Key: e.key, Remote: remoteKey, Route: &Route{e.path}, Auth: system})
	}
	return list
}

// backend is the app itself. It keeps account ids and what gadgets show, which
// is data of people.
func backend(baseURL string) Remote {
	return Remote{
		Key: remoteKey, BaseURL: baseURL, Operations: []string{"compute", "storage"}, Storage: Storage{InScopeEUD: true},
	}
}

// connectModules are the descriptor's own, as Forge writes them.
func connectModules(d *descriptor.Descriptor) *ConnectModules {
	c := &ConnectModules{Lifecycle: []ConnectLifecycle{{
		Key: "connect-lifecycle", Installed: d.Lifecycle.Installed, Uninstalled: d.Lifecycle.Uninstalled,
	}}}
	for _, i := range d.Modules.DashboardItems {
		c.DashboardItems = append(c.DashboardItems, ConnectDashboardItem{
			Key: i.Key, Name: Value{i.Name.Value}, Description: Value{i.Description.Value}, URL: i.URL,
			ThumbnailURL: i.ThumbnailURL, Configurable: i.Configurable, Refreshable: i.Refreshable,
		})
	}
	for _, h := range d.Modules.Webhooks {
		c.Webhooks = append(c.Webhooks, ConnectWebhook{Key: webhookKey(h.Event), Event: h.Event, URL: h.URL})
	}
	for _, p := range d.Modules.GeneralPages {
		c.GeneralPages = append(c.GeneralPages, connectPage(p))
	}
	if p := d.Modules.ConfigurePage; p != nil {
		c.ConfigurePage = []ConnectPage{connectPage(*p)}
	}
	return c
}

func connectPage(p descriptor.PageModule) ConnectPage {
	return ConnectPage{Key: p.Key, Name: Value{p.Name.Value}, Location: p.Location, URL: p.URL}
}
