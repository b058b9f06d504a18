package forgerest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Call is a call that a module's page makes to its backend with invokeRemote.
type Call struct {
	// Dashboard and Item are the place of a gadget; both are empty for a page.
	Dashboard string `json:"dashboard"`
	Item      string `json:"item"`
	// Edit is that the gadget is being configured, which only those who may
	// change the dashboard can do.
	Edit bool `json:"edit"`
	// Configuration stands in place of the one that was kept with the gadget;
	// nil is that one.
	Configuration json.RawMessage `json:"configuration,omitempty"`
	// Method is GET when it is empty. Path begins with a slash.
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body,omitempty"`
}

// Answer is what a backend answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Invoke makes the call for a person ("" is an anonymous viewer). The error
// says that the call could not be made or that no answer came.
func (s *Server) Invoke(ctx context.Context, name, as, module string, c Call) (Answer, error) {
	a, err := s.app(name)
	if err != nil {
		return Answer{}, err
	}
	t, err := s.invocation(a, as, module, c)
	if err != nil {
		return Answer{}, fmt.Errorf("invoke remote: %w", err)
	}
	got, err := s.send(ctx, a, t)
	return Answer(got), err
}

func (s *Server) invocation(a *app, as, name string, c Call) (trip, error) {
	mod, ok := a.manifest.page(name)
	if !ok {
		return trip{}, fmt.Errorf("module %q of app %s: %w", name, a.key(), errNoModule)
	}
	e, ok := a.manifest.endpoint(mod.Resolver.Endpoint)
	if !ok {
		return trip{}, fmt.Errorf("module %q has no endpoint to call", name)
	}
	if !strings.HasPrefix(c.Path, "/") {
		return trip{}, fmt.Errorf("path %q must begin with a slash", c.Path)
	}
	place, err := s.place(a, mod, as, c)
	if err != nil {
		return trip{}, err
	}
	target, err := a.manifest.address(e, c.Path)
	if err != nil {
		return trip{}, err
	}
	claims := s.claims(a, mod.kind, mod.Key)
	s.addContext(claims, a, mod, as, place)
	return trip{
		operation: "forge.invoke", method: firstOf(strings.ToUpper(c.Method), http.MethodGet), target: target, auth: e.Auth,
		claims: claims, account: as, header: c.header(), body: c.Body, limit: invokeTime,
	}, nil
}

// header are the page's own; tokens of its making do not pass.
func (c Call) header() http.Header {
	header := http.Header{}
	for name, value := range c.Headers {
		if lower := strings.ToLower(name); lower != "authorization" && !strings.HasPrefix(lower, "x-forge-") {
			header.Set(name, value)
		}
	}
	return header
}

// place is what a page's module knows of where it is.
func (s *Server) place(a *app, mod module, as string, c Call) (object, error) {
	if err := s.World.KnownAccount(as); err != nil {
		return nil, err
	}
	place := object{"type": mod.kind}
	if mod.kind != kindGadget {
		return place, nil
	}
	item, d, err := s.item(a, mod, c.Dashboard, c.Item)
	if err != nil {
		return nil, err
	}
	entry := "view"
	switch {
	case !s.World.CanView(as, d):
		return nil, fmt.Errorf("dashboard %s is not shared with the viewer: %w", d.ID, errNotFound)
	case c.Edit && (mod.Edit == nil || !s.World.CanEdit(as, d)):
		return nil, errors.New("the gadget cannot be configured by the viewer")
	case c.Edit:
		entry = "edit"
	}
	configuration := c.Configuration
	if configuration == nil {
		configuration = s.Configuration(d.ID, item.ID)
	}
	maps.Copy(place, object{
		"dashboard": object{"id": d.ID}, "gadget": object{"id": item.ID}, "entryPoint": entry, "gadgetConfiguration": configuration,
	})
	return place, nil
}

// item finds a placed gadget of a module.
func (s *Server) item(a *app, mod module, dashboard, id string) (world.DashboardItem, world.Dashboard, error) {
	d, ok := s.World.Dashboard(dashboard)
	if !ok {
		return world.DashboardItem{}, d, fmt.Errorf("dashboard %q: %w", dashboard, errNotFound)
	}
	item, ok := d.Item(id)
	if !ok || item.AppKey != a.key() || item.ModuleKey != mod.Key {
		return item, d, fmt.Errorf("item %q of module %s on dashboard %s: %w", id, mod.Key, dashboard, errNotFound)
	}
	return item, d, nil
}

// Configuration is what was kept with a gadget, {} when there is nothing yet.
func (s *Server) Configuration(dashboard, item string) json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept, ok := s.configurations[world.ItemProperties(dashboard, item)]; ok {
		return kept
	}
	return json.RawMessage("{}")
}

// Submit keeps a gadget's configuration, as view.submit does in edit mode: a
// JSON object, given by somebody who may change the dashboard.
func (s *Server) Submit(as, dashboard, item string, configuration json.RawMessage) error {
	d, ok := s.World.Dashboard(dashboard)
	it, found := d.Item(item)
	if _, err := s.byKey(it.AppKey); !ok || !found || err != nil {
		return fmt.Errorf("item %q on dashboard %q: %w", item, dashboard, errNotFound)
	}
	var fields map[string]json.RawMessage
	switch {
	case !s.World.CanEdit(as, d):
		return errors.New("keep configuration: the person may not change the dashboard")
	case json.Unmarshal(configuration, &fields) != nil || fields == nil:
		return errors.New("keep configuration: it is not a JSON object")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.configurations[world.ItemProperties(dashboard, item)] = configuration
	return nil
}
