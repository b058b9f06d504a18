package gadget

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// drawer renders each view at most once for each age and each choice of its
// viewer.
type drawer struct {
	edge  *edge.Edge
	views *viewer.Views
}

// moment is what a drawing depends on besides the view.
type moment struct {
	own viewer.Chosen
	now time.Time
	// stale says that newer numbers are being read, until when Jira takes calls
	// again if it takes none.
	stale bool
	until time.Time
}

// sampleMoment is that of sample data.
func sampleMoment(now time.Time) moment {
	return moment{own: viewer.Chosen{Preferences: workload.NewPreferences()}, now: now}
}

// draw is a view as a component. slot, v and stale come from the same reading.
func (d drawer) draw(ctx context.Context, slot *viewer.Slot[edge.Drawn], v viewer.View, stale bool, p viewer.Person, draw func(moment) templ.Component) (templ.Component, error) {
	m := moment{own: d.views.Preferences.Get(ctx, p), now: d.edge.Now(), stale: stale}
	if stale {
		m.until = d.views.Refusing(p.Tenant.ID)
	}
	look := viewer.Look{Age: v.Language.Age(m.now.Sub(v.ReadAt)), Stale: stale, Until: m.until, Chosen: m.own}
	return slot.Draw(look, func() (edge.Drawn, error) { return d.edge.Draw(ctx, draw(m)) })
}

// olderNote says until when numbers stay as old as they are.
func (m moment) olderNote(l *lang.Language, zone *time.Location) []string {
	if m.until.IsZero() {
		return nil
	}
	if zone == nil {
		zone = time.UTC
	}
	return []string{l.Say(l.Workload.OlderUntil, l.Clock(m.until.In(zone)))}
}
