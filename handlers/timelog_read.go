package handlers

import (
	"context"
	"errors"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/workload"
)

// timelogSight is what one person sees of the time logged. It keeps sums alone:
// issues and comments are read when somebody opens a cell, and not kept.
type timelogSight struct {
	view
	sheet    timelog.Sheet
	week     timelog.Week
	provider provider
	// off says that the site tracks no time.
	off bool
}

// provider is what a site tracks time with.
type provider struct {
	// name is that of another provider than Jira itself; "" also when the
	// person may not know.
	name string
	off  bool
}

// timelog is what a person sees of the time logged at a spot, see [shelf.get].
func (v *views) timelog(ctx context.Context, p spot, fresh bool) (timelogSight, bool, error) {
	return v.timelogs.get(ctx, p.who, p.place, fresh, func(ctx context.Context) (timelogSight, error) {
		return v.loadTimelog(ctx, p, nil)
	})
}

// rereadTimelog reads anew what a person sees after they wrote to issues.
func (v *views) rereadTimelog(ctx context.Context, p spot, written []int64) error {
	v.timelogs.expire(p.who, p.place)
	_, _, err := v.timelogs.get(ctx, p.who, p.place, true, func(ctx context.Context) (timelogSight, error) {
		return v.loadTimelog(ctx, p, written)
	})
	return err
}

// loadTimelog reads the time logged with one person's rights.
func (v *views) loadTimelog(ctx context.Context, p spot, written []int64) (timelogSight, error) {
	out := timelogSight{view: view{readAt: v.server.Now(), fragment: &fragment{}}}
	j, err := v.server.Jira(p.tenant, p.account)
	if err != nil {
		return timelogSight{}, err
	}
	preferences := v.server.preferences.warm(ctx, p.who)
	person, site, err := v.prepareTimelog(ctx, p, j, &out)
	out.language = v.server.texts.Of(person.Locale)
	if err != nil || !out.configured {
		return out, err
	}
	out.week = timelog.Week{HoursADay: site.TimeTracking.WorkingHoursPerDay, Days: site.TimeTracking.WorkingDaysPerWeek}
	if !site.TimeTrackingEnabled || out.provider.off {
		return v.withoutTime(p, out), nil
	}
	var zone *time.Location
	zone, out.unknownZone = zoneOf(person)
	err = v.readTimelog(ctx, source.Reader{Jira: j, Written: written}, zone, &out)
	if errors.Is(err, rest.ErrBadRequest) {
		return v.unlessOff(ctx, p, j, out, err)
	}
	if err != nil {
		return timelogSight{}, err
	}
	await(ctx, preferences, v.server.Patience.Preferences)
	return out, nil
}

// prepareTimelog asks side by side for what the reading depends on.
func (v *views) prepareTimelog(ctx context.Context, p spot, j *jira.Client, out *timelogSight) (person jira.User, site jira.Settings, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		person, site, err = v.prepare(ctx, p.who, j, p.config, &out.view)
		return err
	})
	g.Go(func() error {
		out.provider = v.provider(ctx, p.who, j)
		return nil
	})
	return person, site, g.Wait()
}

// withoutTime is a sight of a site that tracks no time. The settings that say so
// are asked for again with the next look, so that switching on is seen.
func (v *views) withoutTime(p spot, out timelogSight) timelogSight {
	site := who{tenant: p.tenant}.person()
	v.sites.Drop(func(k personKey) bool { return k == site })
	v.providers.Drop(func(k personKey) bool { return k.tenant == p.tenant.ID })
	out.off = true
	return out
}

// unlessOff finds out whether a search failed because time tracking was
// switched off since the settings were read.
func (v *views) unlessOff(ctx context.Context, p spot, j *jira.Client, out timelogSight, cause error) (timelogSight, error) {
	site, err := j.Settings.Get(ctx)
	if err != nil || site.TimeTrackingEnabled {
		return timelogSight{}, cause
	}
	return v.withoutTime(p, out), nil
}

// provider asks what the site tracks time with. Most people may not know that,
// and no answer of Jira's is a reason to show nothing. One that comes late is
// there for the next view.
func (v *views) provider(ctx context.Context, w who, j *jira.Client) provider {
	ctx, cancel := context.WithTimeout(ctx, v.server.Patience.Provider)
	defer cancel()
	found, _, _, err := v.providers.Get(ctx, w.person(), func(ctx context.Context) (provider, error) {
		selected, on, err := j.TimeTracking.Selected(ctx)
		switch {
		case errors.Is(err, rest.ErrForbidden), errors.Is(err, rest.ErrUnauthorized):
			return provider{}, nil
		case err != nil || !on:
			return provider{off: err == nil}, err
		case selected.Key == jiraProvider:
			return provider{}, nil
		}
		return provider{name: selected.Name}, nil
	})
	if err != nil {
		return provider{}
	}
	return found
}

// jiraProvider is the key of Jira's own time tracking.
const jiraProvider = "JIRA"

// readTimelog asks side by side for the worklogs and for the team.
func (v *views) readTimelog(ctx context.Context, reader source.Reader, zone *time.Location, out *timelogSight) error {
	today := workload.DateOf(out.readAt, zone)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		out.reading, err = reader.Logged(ctx, out.config.Projects, today.AddDays(1-int(out.config.Window)), today)
		return err
	})
	g.Go(func() (err error) {
		out.team, err = reader.Team(ctx, chosenTeam(out.config))
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	out.sheet = timelog.Make(timelog.Input{
		Worklogs: out.reading.Worklogs, Team: out.team.People(), Now: out.readAt, Zone: zone, Window: out.config.Window,
	})
	out.reading.Worklogs = nil // only the sums are kept
	return nil
}

// zoneOf is a person's time zone, and its name where it is none we know.
func zoneOf(person jira.User) (zone *time.Location, unknown string) {
	zone, err := time.LoadLocation(person.TimeZone)
	if err != nil {
		return time.UTC, person.TimeZone
	}
	return zone, ""
}

// worklogProblem explains what Jira said about one worklog.
func worklogProblem(err error) error {
	switch {
	case errors.Is(err, rest.ErrNotFound):
		return &problem{status: http.StatusNotFound, code: "worklog.gone", text: saysWorklogGone, err: err}
	case errors.Is(err, rest.ErrForbidden):
		return &problem{status: http.StatusForbidden, code: "worklog.refused", text: saysWorklogNotAllowed, err: err}
	}
	return err
}
