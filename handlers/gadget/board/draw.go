package board

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// Drawer renders each view at most once for each age and each choice of its
// viewer.
type Drawer struct {
	Edge  *edge.Edge
	Views *viewer.Views
}

// Moment is what a drawing depends on besides the view.
type Moment struct {
	Own viewer.Chosen
	Now time.Time
	// Stale says that newer numbers are being read, until when Jira takes calls
	// again if it takes none.
	Stale bool
	Until time.Time
}

// SampleMoment is that of sample data.
func SampleMoment(now time.Time) Moment {
	return Moment{Own: viewer.Chosen{Preferences: workload.NewPreferences()}, Now: now}
}

// Draw is a view as a component. slot, v and stale come from the same reading.
func (d Drawer) Draw(ctx context.Context, slot *viewer.Slot[edge.Drawn], v viewer.View, stale bool, p viewer.Person, draw func(Moment) templ.Component) (templ.Component, error) {
	m := Moment{Own: d.Views.Preferences.Get(ctx, p), Now: d.Edge.Now(), Stale: stale}
	if stale {
		m.Until = d.Views.Refusing(p.Tenant.ID)
	}
	look := viewer.Look{Age: v.Language.Age(m.Now.Sub(v.ReadAt)), Stale: stale, Until: m.Until, Chosen: m.Own}
	return slot.Draw(look, func() (edge.Drawn, error) { return d.Edge.Draw(ctx, draw(m)) })
}

// OlderNote says until when numbers stay as old as they are.
func (m Moment) OlderNote(l *lang.Language, zone *time.Location) []string {
	if m.Until.IsZero() {
		return nil
	}
	if zone == nil {
		zone = time.UTC
	}
	return []string{l.Say(l.Workload.OlderUntil, l.Clock(m.Until.In(zone)))}
}
