package host

import (
	"io"
	"net/http"
	"strings"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/feed"
)

// ManifestPath is where the app's Forge manifest is served.
const ManifestPath = "/forge/manifest.yml"

// ForgeRoutes are the addresses that Forge calls, and the manifest that names
// them.
func (h *Host) ForgeRoutes() []edge.Route {
	e, names := h.Edge, h.Edge.Forge.Names
	routes := []edge.Route{
		edge.Get(ManifestPath, e.Public(h.manifest)),
		e.ForgeTrigger(names.Lifecycle, connect.ForgeInstalled, h.forgeInstalled),
		e.ForgeTrigger(names.Events, connect.ForgeTrigger, h.forgeEvent),
		e.ForgeTrigger(names.Tick, connect.ForgeTick, h.forgeTick),
		e.ForgeGone(names.Uninstall, h.forgeGone),
	}
	if page := h.App.Descriptor.Modules.ConfigurePage; page != nil {
		key := names.Page(page.Key)
		module := connect.ForgeModule{Type: edge.ForgeAdminPage, Key: key}
		routes = append(routes, edge.Get(names.Pages+key, e.ForgePage(h.configurePage, module)))
	}
	return routes
}

func (h *Host) manifest(r *edge.Request) error {
	r.Data(http.StatusOK, "application/yaml; charset=utf-8", h.Edge.Forge.Manifest)
	return nil
}

// forgeInstalled is called after the app was installed or upgraded. Its tenant
// and token are already stored.
func (h *Host) forgeInstalled(r *edge.Request, caller *connect.Caller, _ io.Reader) error {
	return h.renewed(r, caller)
}

// forgeTick is called every hour with a new token; work that was waiting for
// one continues.
func (h *Host) forgeTick(r *edge.Request, caller *connect.Caller, _ io.Reader) error {
	if err := h.Feed.Ticked(r.Request.Context(), string(caller.Tenant().ID)); err != nil {
		return err
	}
	return h.renewed(r, caller)
}

// renewed marks the tenant's glances: they may have been waiting for a token.
func (h *Host) renewed(r *edge.Request, caller *connect.Caller) error {
	_, err := h.Store.MarkDirty(r.Request.Context(), caller.Tenant().ID, "", "", h.Edge.Now().Add(pushDelay))
	if err != nil {
		return err
	}
	h.Wake()
	return nil
}

// The events that the manifest asks for, by what happened to what.
const (
	forgeIssueEvents   = ":issue"
	forgeWorklogEvents = ":worklog"
)

// forgeEvent makes the same mark as a Connect webhook; making it twice costs
// nothing. Forge events have no delivery id, so a repeated event marks again.
//
// The body of a remote event is not fully documented: if something is missing,
// more is marked.
func (h *Host) forgeEvent(r *edge.Request, caller *connect.Caller, body io.Reader) error {
	event, err := readIssueEvent(body)
	project := ""
	switch {
	case edge.IsBodyError(err):
		return err
	case err != nil:
		r.Ignored(oddShape())
		event.Facts = feed.Event{Odd: true}
	case event.Name == "" || strings.HasSuffix(event.Name, forgeWorklogEvents):
	case strings.HasSuffix(event.Name, forgeIssueEvents):
		project = event.project()
	default:
		return &connect.IgnoredError{Reason: connect.IgnoredUnknown, Detail: "an event that the manifest does not ask for"}
	}
	if err := h.Feed.Tell(r.Request.Context(), string(caller.Tenant().ID), event.Facts); err != nil {
		return err
	}
	h.Views.Changed(caller.Tenant().ID, event.Facts.Issue())
	_, err = h.Store.MarkChanged(r.Request.Context(), caller.Tenant().ID, project, event.Facts.Issue(), "", h.Edge.Now().Add(pushDelay))
	if err != nil {
		return err
	}
	h.Wake()
	return nil
}

// forgeGone is called before an installation is removed.
func (h *Host) forgeGone(r *edge.Request, i *connect.Invocation) error {
	return h.Edge.Forge.Tenants.Uninstall(r.Request.Context(), i)
}
