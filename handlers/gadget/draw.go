package gadget

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/viewer"
)

// drawer renders each view at most once for each age and each choice of its
// viewer.
type drawer struct {
	edge  *edge.Edge
	views *viewer.Views
}

// draw is a view as a component. slot, v and stale come from the same reading.
func (d drawer) draw(ctx context.Context, slot *viewer.Slot[edge.Drawn], v viewer.View, stale bool, p viewer.Person, draw func(own viewer.Chosen, now time.Time) templ.Component) (templ.Component, error) {
	own, now := d.views.Preferences.Get(ctx, p), d.edge.Now()
	look := viewer.Look{Age: v.Language.Age(now.Sub(v.ReadAt)), Stale: stale, Chosen: own}
	return slot.Draw(look, func() (edge.Drawn, error) { return d.edge.Draw(ctx, draw(own, now)) })
}
