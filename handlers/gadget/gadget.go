// Package gadget is the dashboard items of the app: their pages, views, forms
// and preferences, and what opens over a view.
//
// A gadget is one type that implements [Gadget]. What gadgets have in common is
// in [Gadgets], which needs only that interface. The sidebar of a chat shows
// the workload gadget's view in its own shell.
//
// It knows no chat, no glance and no database: what it keeps goes through [Store].
package gadget

import (
	"context"
	"fmt"
	"slices"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/descriptor"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/internal/pageread"
	"github.com/sightline-go/sightline/internal/viewer"
)

// Gadget is one kind of dashboard item.
type Gadget interface {
	// Key is the key of its module in the descriptor, and part of its
	// addresses: /gadget/KEY.
	Key() string
	// Title heads an item that has no title of its own.
	Title(l *lang.Language) string
	// View draws what a person sees of an item. The error is an [board.Unconfigured]
	// if nobody has set the item up. With fresh it waits for fresh numbers.
	View(ctx context.Context, at board.At, fresh bool) (templ.Component, error)
	// Weighs says that it shows loads: its form asks what a load is and who works when.
	Weighs() bool
	// Sample is shown in the gadget directory, before anything is set up.
	Sample(l *lang.Language) templ.Component
	// Columns reports whether the owner of an item chooses columns of its table.
	Columns() bool
	// Days reports whether the view shows days, of which the owner chooses when they
	// lack time.
	Days() bool
	// Calls are the later calls that only this gadget's page has.
	Calls() []board.Call
}

// Gadgets serves all gadgets on their dashboards.
type Gadgets struct {
	Edge     *edge.Edge
	Views    *viewer.Views
	Forms    *form.Forms
	Sessions *connect.Sessions
	Store    Store
	// AsApp returns a client that calls a tenant's Jira as the app.
	AsApp func(ctx context.Context, t *connect.Tenant) (*jira.Client, error)
	// Pages are the readings in viewers' own pages, InPage says of a tenant whether
	// its viewers' pages read.
	Pages  *pageread.Readings
	InPage func(t *connect.Tenant) bool
	// Kinds are the gadgets that the descriptor names.
	Kinds []Gadget

	copies *copies
	// bases are the addresses of the gadgets by their keys.
	bases map[string]string
}

// New serves gadgets; all exported fields are required.
func New(s Gadgets) *Gadgets {
	s.bases = make(map[string]string, len(s.Kinds))
	for _, g := range s.Kinds {
		s.bases[g.Key()] = s.Edge.Path("/gadget/" + g.Key())
	}
	s.copies = &copies{store: s.Store, now: s.Edge.Now, outages: outage.New(s.Edge.Log, s.Edge.Now)}
	return &s
}

// ConnectRoutes are the addresses of every gadget on Connect.
func (s *Gadgets) ConnectRoutes() []edge.Route {
	var routes []edge.Route
	for _, g := range s.Kinds {
		at := "/gadget/" + g.Key()
		routes = append(routes, edge.Get(at, s.page(g)))
		routes = append(routes, s.calls(g, at, func(h itemFunc) edge.Endpoint { return s.call(g, h) })...)
	}
	return routes
}

// itemFunc serves a call about a dashboard item.
type itemFunc func(r *edge.Request, it item) error

// calls are the later calls of a gadget's page below an address, each behind the
// adapter.
func (s *Gadgets) calls(g Gadget, at string, adapt func(h itemFunc) edge.Endpoint) []edge.Route {
	routes := []edge.Route{
		edge.Get(at+"/view", adapt(s.view)),
		edge.Get(at+"/form", adapt(s.form)),
		edge.Post(at+"/form", adapt(s.save)),
		edge.Post(at+"/preferences", adapt(s.preferences)),
	}
	for name, pick := range s.Forms.Pickers() {
		routes = append(routes, edge.Get(at+"/"+name, adapt(func(r *edge.Request, it item) error { return pick(r, it.editor()) })))
	}
	for _, c := range g.Calls() {
		serve := func(r *edge.Request, it item) error { return c.Serve(r, it.At) }
		routes = append(routes, edge.Route{Method: c.Method, Path: at + "/" + c.Name, Endpoint: adapt(serve)})
	}
	return routes
}

// Check compares the gadgets with the dashboard items of the descriptor, which
// is the app's own.
func (s *Gadgets) Check(d *descriptor.Descriptor) error {
	served := make([]string, 0, len(s.Kinds))
	for _, g := range s.Kinds {
		served = append(served, g.Key())
	}
	for _, module := range d.Modules.DashboardItems {
		i := slices.Index(served, module.Key)
		if i < 0 {
			return fmt.Errorf("nothing serves the descriptor's gadget %q", module.Key)
		}
		served = slices.Delete(served, i, i+1)
	}
	if len(served) > 0 {
		return fmt.Errorf("the descriptor has no gadget %q", served[0])
	}
	return nil
}
