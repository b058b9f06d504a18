package viewer

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/workload"
)

// Timelog is who logged what when, as one person sees it. It keeps only sums:
// issues and comments are read when somebody opens a cell, and not kept.
type Timelog struct {
	View
	Sheet    timelog.Sheet
	Week     timelog.Week
	Provider Provider
	// Off says that the site tracks no time. Sheet is empty then.
	Off bool
}

// Timelogs reads and keeps the time logged for all viewers. D is the drawing of
// one view.
type Timelogs[D any] struct {
	views *Views
	cache *Cache[Timelog, D]
}

// NewTimelogs makes timelogs with a cache of their own.
func NewTimelogs[D any](v *Views) *Timelogs[D] {
	return &Timelogs[D]{v, NewCache[Timelog, D](v)}
}

// Get is what a person sees at a place, see [Cache.Get].
func (t *Timelogs[D]) Get(ctx context.Context, p Place, fresh bool) (Seen[Timelog, D], error) {
	return t.get(ctx, p, fresh, nil)
}

// Reread reads anew what a person sees after they wrote to the issues with the
// given ids, and returns once the result is kept.
func (t *Timelogs[D]) Reread(ctx context.Context, p Place, written []int64) error {
	t.cache.Expire(p)
	_, err := t.get(ctx, p, true, written)
	return err
}

func (t *Timelogs[D]) get(ctx context.Context, p Place, fresh bool, written []int64) (Seen[Timelog, D], error) {
	return t.cache.Get(ctx, p, fresh, func(ctx context.Context) (Timelog, error) { return t.views.timelog(ctx, p, written) })
}

// timelog reads the time logged with the person's rights.
func (v *Views) timelog(ctx context.Context, p Place, written []int64) (Timelog, error) {
	out := Timelog{View: View{ReadAt: v.now()}}
	j, err := v.Jira(p.Person)
	if err != nil {
		return Timelog{}, err
	}
	preferences := v.Preferences.warm(ctx, p.Person)
	person, site, err := v.prepareTimelog(ctx, p, j, &out)
	if err != nil || !out.Configured {
		return out, err
	}
	out.Week = timelog.Week{HoursADay: site.TimeTracking.WorkingHoursPerDay, Days: site.TimeTracking.WorkingDaysPerWeek}
	if !site.TimeTrackingEnabled || out.Provider.Off {
		return v.withoutTime(p, out), nil
	}
	var zone *time.Location
	zone, out.UnknownZone = ZoneOf(person)
	err = out.read(ctx, source.Reader{Jira: j, Written: written}, zone)
	if errors.Is(err, rest.ErrBadRequest) {
		return v.unlessOff(ctx, p, j, out, err)
	}
	if err != nil {
		return Timelog{}, err
	}
	await(ctx, preferences, v.Patience.Preferences)
	return out, nil
}

// prepareTimelog asks in parallel for what the reading depends on.
func (v *Views) prepareTimelog(ctx context.Context, p Place, j *jira.Client, out *Timelog) (person jira.User, site jira.Settings, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		person, site, err = v.prepare(ctx, p, j, &out.View)
		return err
	})
	g.Go(func() error {
		out.Provider = v.People.provider(ctx, p.Person, j)
		return nil
	})
	return person, site, g.Wait()
}

// withoutTime is the view of a site that tracks no time. The next view asks for
// the settings again, so that switching it on is noticed.
func (v *Views) withoutTime(p Place, out Timelog) Timelog {
	v.People.forgetTracking(p.Tenant)
	out.Off = true
	return out
}

// unlessOff finds out whether a search failed because time tracking has been
// switched off since the settings were read.
func (v *Views) unlessOff(ctx context.Context, p Place, j *jira.Client, out Timelog, cause error) (Timelog, error) {
	site, err := j.Settings.Get(ctx)
	if err != nil || site.TimeTrackingEnabled {
		return Timelog{}, cause
	}
	return v.withoutTime(p, out), nil
}

// read asks in parallel for the work logs and for the team.
func (t *Timelog) read(ctx context.Context, reader source.Reader, zone *time.Location) error {
	today := workload.DateOf(t.ReadAt, zone)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		t.Reading, err = reader.Logged(ctx, t.Config.Projects, today.AddDays(1-int(t.Config.Window)), today)
		return err
	})
	g.Go(func() (err error) {
		t.Team, err = reader.Team(ctx, choice(t.Config))
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	t.Sheet = timelog.Make(timelog.Input{
		Worklogs: t.Reading.Worklogs, Team: t.Team.People(), Now: t.ReadAt, Zone: zone, Window: t.Config.Window,
	})
	t.Reading.Worklogs = nil // only the sums are kept
	return nil
}

// NameOf is somebody's name in the rows of people and apps, "" if they have no
// row.
func (t Timelog) NameOf(account string) string {
	for _, rows := range [][]timelog.Row{t.Sheet.Rows, t.Sheet.Apps} {
		for _, r := range rows {
			if r.Person.AccountID == account {
				return r.Person.Name
			}
		}
	}
	return ""
}
