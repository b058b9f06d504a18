package handlers

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/web"
)

// workload is the view as a component.
func (s *Server) workload(ctx context.Context, seen viewer.Seen[viewer.Workload, edge.Drawn], p spot) (templ.Component, error) {
	return s.drawn(ctx, seen.Drawn, seen.View.View, seen.Stale, p, func(own viewer.Chosen, now time.Time) templ.Component {
		return web.WorkloadView(present(seen.View, p, own, seen.Stale, now))
	})
}

// drawn is a view as a component that is rendered at most once for each age and
// each choice of its viewer.
func (s *Server) drawn(ctx context.Context, slot *viewer.Slot[edge.Drawn], v viewer.View, stale bool, p spot, draw func(own viewer.Chosen, now time.Time) templ.Component) (templ.Component, error) {
	own, now := s.views.Preferences.Get(ctx, p.Person), s.Now()
	look := viewer.Look{Age: v.Language.Age(now.Sub(v.ReadAt)), Stale: stale, Chosen: own}
	return slot.Draw(look, func() (edge.Drawn, error) { return s.edge.Draw(ctx, draw(own, now)) })
}
