package forgerest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// The lifecycle events.
// See https://developer.atlassian.com/platform/forge/events-reference/life-cycle/
const (
	eventInstalled = "avi:forge:installed:app"
	eventUpgraded  = "avi:forge:upgraded:app"
)

// Install is how an app is installed.
type Install struct {
	Source
	// Environment is PRODUCTION, which it is when empty, STAGING or DEVELOPMENT.
	Environment string `json:"environment"`
	// NoContexts leaves app.installation.contexts out of the invocation tokens,
	// which may happen.
	NoContexts bool `json:"noContexts"`
	// Quiet is that no lifecycle event is sent.
	Quiet bool `json:"quiet"`
	// Dashboards are the ids of those that get the gadgets; empty: all.
	Dashboards []string `json:"dashboards"`
	// License is the claim app.license of the invocation tokens, which paid apps
	// have in production; empty: there is none.
	License json.RawMessage `json:"license,omitempty"`
}

// Install installs an app and puts one of each of its gadgets on the
// dashboards. An app that is installed already in that environment keeps its
// installation id and gets the next major version; one that was a Connect app
// takes over from it. It sends the lifecycle event: once before it returns, and
// three times more when the backend does not take it.
func (s *Server) Install(ctx context.Context, o Install) (App, error) {
	s.installing.Lock()
	defer s.installing.Unlock()
	from, err := o.read()
	if err != nil {
		return App{}, err
	}
	return s.putIn(ctx, from, o)
}

func (s *Server) putIn(ctx context.Context, from source, o Install) (App, error) {
	environment := firstOf(o.Environment, Production)
	if !slices.Contains([]string{Production, "STAGING", "DEVELOPMENT"}, environment) {
		return App{}, errors.New("install app: environment must be PRODUCTION, STAGING or DEVELOPMENT")
	}
	a := &app{
		source: from, environment: environment, noContexts: o.NoContexts, license: o.License,
		id: "ari:cloud:ecosystem::installation/" + sign.UUID(), version: 1,
	}
	event := eventInstalled
	if old, err := s.byKey(a.key()); err == nil {
		a.id, a.version, a.clientKey, event = old.id, old.version+1, old.clientKey, eventUpgraded
	}
	if err := s.takeOver(ctx, a, o.Quiet); err != nil {
		return App{}, err
	}
	if err := s.activate(a, o.Dashboards); err != nil {
		return App{}, err
	}
	out := s.public(a)
	if !o.Quiet {
		out.Status = s.lifecycle(ctx, a, event)
	}
	return out, nil
}

// activate puts the installation in force and its gadgets on the dashboards, or
// only on some.
func (s *Server) activate(a *app, dashboards []string) error {
	s.World.AddApp(a.key(), a.name())
	s.put(a)
	for _, mod := range a.manifest.of(kindGadget) {
		for _, d := range s.World.Dashboards() {
			if len(dashboards) > 0 && !slices.Contains(dashboards, d.ID) {
				continue
			}
			item := a.item(mod)
			item.Title = a.title(mod)
			if _, err := s.World.Place(d.ID, item); err != nil {
				return fmt.Errorf("install app %s: %w", a.key(), err)
			}
		}
	}
	return nil
}

// item is a gadget as a dashboard names it.
func (a *app) item(mod module) world.DashboardItem {
	return world.DashboardItem{AppKey: a.key(), ModuleKey: mod.Key, FullKey: a.moduleARI(mod.Key)}
}

// lifecycle sends an event to the triggers that listen and gives the first
// answer of the last one.
func (s *Server) lifecycle(ctx context.Context, a *app, event string) int {
	status := 0
	for _, mod := range a.manifest.of(kindTrigger) {
		if mod.Endpoint == "" || !slices.Contains(mod.Events, event) {
			continue
		}
		body, err := json.Marshal(s.lifecycleBody(a, mod, event))
		if err != nil {
			return 0
		}
		status = s.first(ctx, a, mod.Endpoint, event, body)
	}
	return status
}

func (s *Server) lifecycleBody(a *app, mod module, event string) object {
	who := "installerAccountId"
	if event == eventUpgraded {
		who = "upgraderAccountId"
	}
	return object{
		"eventType": event, "timestamp": s.Now().UnixMilli(), "id": a.id, who: s.World.AdminID(),
		"app":         object{"id": a.manifest.App.ID, "version": a.versionText(), "name": a.name()},
		"environment": object{"id": a.environmentID()},
		"permissions": object{"scopes": a.manifest.scopes},
		"context":     object{"cloudId": s.CloudID, "moduleKey": mod.Key},
	}
}

// Uninstall makes the call before an installation goes, whose answer changes
// nothing, and takes the app away: its tokens, its user, its gadgets.
func (s *Server) Uninstall(ctx context.Context, name string) (App, error) {
	s.installing.Lock()
	defer s.installing.Unlock()
	a, err := s.app(name)
	if err != nil {
		return App{}, err
	}
	out := s.public(a)
	for _, mod := range a.manifest.of(kindPreUninstall) {
		if mod.Endpoint == "" {
			continue
		}
		t, err := s.trigger(a, mod.Endpoint, "forge.preUninstall", nil, uninstallTime)
		if err != nil {
			return out, err
		}
		got, _ := s.send(ctx, a, t) // the log of requests has a call without an answer, too
		out.Status = got.Status
	}
	if a.manifest.hybrid() {
		s.Connect.Uninstall(ctx, a.manifest.connectKey())
	}
	s.remove(a)
	s.tokens.end(func(g grant) bool { return g.installation == a.id })
	s.forget(a)
	s.World.RemoveApp(a.key())
	return out, nil
}

// forget drops the configurations of an app's gadgets.
func (s *Server) forget(a *app) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.World.Dashboards() {
		for _, item := range d.Items {
			if item.AppKey == a.key() {
				delete(s.configurations, world.ItemProperties(d.ID, item.ID))
			}
		}
	}
}
