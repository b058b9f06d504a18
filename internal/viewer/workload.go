package viewer

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// Workload is how much work each person has, as one viewer sees it.
type Workload struct {
	View
	Summary workload.Summary
}

// Workloads reads and keeps the workloads of all viewers. D is the drawing of
// one.
type Workloads[D any] struct {
	views *Views
	cache *Cache[Workload, D]
}

// NewWorkloads makes workloads with a cache of their own.
func NewWorkloads[D any](v *Views) *Workloads[D] {
	return &Workloads[D]{v, NewCache[Workload, D](v)}
}

// Get is what a person sees at a place, see [Cache.Get].
func (w *Workloads[D]) Get(ctx context.Context, p Place, fresh bool) (Seen[Workload, D], error) {
	return w.cache.Get(ctx, p, fresh, func(ctx context.Context) (Workload, error) { return w.views.workload(ctx, p) })
}

// workload reads a workload with the person's rights.
func (v *Views) workload(ctx context.Context, p Place) (Workload, error) {
	out := Workload{View: View{ReadAt: v.now()}}
	j, err := v.Jira(p.Person)
	if err != nil {
		return Workload{}, err
	}
	preferences := v.Preferences.warm(ctx, p.Person)
	person, site, err := v.prepare(ctx, p, j, &out.View)
	if err != nil || !out.Configured {
		return out, err
	}
	var zone *time.Location
	zone, out.UnknownZone = ZoneOf(person)
	out.Tracking = site.TimeTracking
	if err := out.read(ctx, j, zone); err != nil {
		return Workload{}, err
	}
	await(ctx, preferences, v.Patience.Preferences)
	return out, nil
}

// read asks in parallel for the issues and work logs and for the team.
func (w *Workload) read(ctx context.Context, j *jira.Client, zone *time.Location) error {
	today := workload.DateOf(w.ReadAt, zone)
	reader := source.Reader{Jira: j}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		w.Reading, err = reader.Work(ctx, w.Config.Projects, today.AddDays(1-int(w.Config.Window)), today)
		return err
	})
	g.Go(func() (err error) {
		w.Team, err = reader.Team(ctx, choice(w.Config))
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	w.Summary = workload.Summarize(workload.Input{
		Issues: w.Reading.Issues, Worklogs: w.Reading.Worklogs, Team: w.Team.People(),
		Now: w.ReadAt, Zone: zone, Window: w.Config.Window,
	})
	// Only the summary is shown; the issues themselves are not kept.
	w.Reading.Issues, w.Reading.Worklogs = nil, nil
	return nil
}

// Scope is what the view counts: its searches find the same issues.
func (w Workload) Scope() workload.Scope {
	apps := make([]workload.Person, 0, len(w.Summary.Apps))
	for _, row := range w.Summary.Apps {
		if row.Open > 0 {
			apps = append(apps, row.Person)
		}
	}
	return workload.Scope{Projects: w.Reading.Shown, Team: accounts(w.Team.People()), Apps: accounts(apps)}
}

// Today is the viewer's day, even at a place that nobody has set up.
func (w Workload) Today() workload.Date {
	if w.Summary.Today.IsZero() {
		return workload.DateOf(w.ReadAt, time.UTC)
	}
	return w.Summary.Today
}

// Row finds somebody among the rows of people and apps; false if they have no
// row.
func (w Workload) Row(account string) (workload.Row, bool) {
	for _, rows := range [][]workload.Row{w.Summary.Rows, w.Summary.Apps} {
		for _, row := range rows {
			if row.Person.AccountID == account {
				return row, true
			}
		}
	}
	return workload.Row{}, false
}

func accounts(people []workload.Person) []string {
	if people == nil {
		return nil
	}
	list := make([]string, 0, len(people))
	for _, p := range people {
		list = append(list, p.AccountID)
	}
	return list
}
