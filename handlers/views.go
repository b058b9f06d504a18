package handlers

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/swr"
	"github.com/sightline-go/sightline/internal/workload"
)

// The times and sizes of what is kept in memory.
const (
	// viewFresh is how old a view may be without being refreshed behind the
	// answer; viewKeep is how old a view may be shown at all.
	viewFresh = 30 * time.Second
	viewKeep  = 12 * time.Hour
	// personFresh is how long a person's time zone is believed.
	personFresh = 15 * time.Minute
	maxViews    = 2000
	// loadTime bounds one reading of a workload.
	loadTime = 25 * time.Second
)

// view is a workload as one person sees it.
type view struct {
	configured bool
	config     workload.GadgetConfig
	summary    workload.Summary
	reading    source.Reading
	team       source.Team
	tracking   jira.TimeTracking
	fragment   *fragment
	// unknownZone is the person's time zone when it is none we know.
	unknownZone string
	// language is that of the person's Jira.
	language *lang.Language
	readAt   time.Time
}

func (v view) since() time.Time { return v.readAt }

type personKey struct {
	tenant     connect.TenantID
	generation int64
	account    connect.AccountID
}

// views keeps what was read for people, for a while.
type views struct {
	server    *Server
	workloads shelf[view]
	timelogs  shelf[timelogSight]
	providers *swr.Cache[personKey, provider]
	people    *swr.Cache[personKey, jira.User]
	sites     *swr.Cache[personKey, jira.Settings]
	// changes holds when a tenant's Jira last said that something changed.
	changes sync.Map // connect.TenantID → time.Time
}

func newViews(s *Server) *views {
	v := &views{server: s}
	v.workloads = newShelf[view](v)
	v.timelogs = newShelf[timelogSight](v)
	v.providers = &swr.Cache[personKey, provider]{Fresh: time.Hour, Keep: viewKeep, Max: maxViews, Timeout: loadTime, Now: s.Now}
	v.people = &swr.Cache[personKey, jira.User]{Fresh: personFresh, Keep: viewKeep, Max: maxViews, Timeout: loadTime, Now: s.Now}
	v.sites = &swr.Cache[personKey, jira.Settings]{Fresh: time.Hour, Keep: viewKeep, Max: maxViews, Timeout: loadTime, Now: s.Now}
	return v
}

func (v *views) close() {
	v.workloads.kept.Close()
	v.timelogs.kept.Close()
	v.providers.Close()
	v.people.Close()
	v.sites.Close()
}

// forget drops everything of one tenant.
func (v *views) forget(id connect.TenantID) {
	v.workloads.forget(id)
	v.timelogs.forget(id)
	v.providers.Drop(func(k personKey) bool { return k.tenant == id })
	v.people.Drop(func(k personKey) bool { return k.tenant == id })
	v.sites.Drop(func(k personKey) bool { return k.tenant == id })
	v.changes.Delete(id)
}

// forgetPlace drops what anybody of a tenant saw at a place.
func (v *views) forgetPlace(id connect.TenantID, place string) {
	v.workloads.forgetPlace(id, place)
	v.timelogs.forgetPlace(id, place)
}

// changed notes that a tenant's issues or worklogs changed just now.
func (v *views) changed(id connect.TenantID) { v.changes.Store(id, v.server.Now()) }

func (v *views) isOutdated(id connect.TenantID, at time.Time) bool {
	changed, ok := v.changes.Load(id)
	return ok && !changed.(time.Time).Before(at)
}

// who is a person on a tenant, whichever way they came.
type who struct {
	tenant  *connect.Tenant
	account connect.AccountID
}

func (w who) person() personKey {
	return personKey{w.tenant.ID, w.tenant.Generation, w.account}
}

func (w who) at(place string) viewKey {
	return viewKey{w.tenant.ID, w.tenant.Generation, w.account, place}
}

// configSource finds out what a place is configured to show.
type configSource func(ctx context.Context, j *jira.Client) (config workload.GadgetConfig, configured bool, err error)

// workload is what a person sees at a spot, see [shelf.get].
func (v *views) workload(ctx context.Context, p spot, fresh bool) (view, bool, error) {
	return v.workloads.get(ctx, p.who, p.place, fresh, func(ctx context.Context) (view, error) {
		return v.load(ctx, p.who, p.config)
	})
}

// load reads a workload with one person's rights.
func (v *views) load(ctx context.Context, w who, config configSource) (view, error) {
	out := view{readAt: v.server.Now(), fragment: &fragment{}}
	j, err := v.server.Jira(w.tenant, w.account)
	if err != nil {
		return view{}, err
	}
	preferences := v.server.preferences.warm(ctx, w)
	person, site, err := v.prepare(ctx, w, j, config, &out)
	out.language = v.server.texts.Of(person.Locale)
	if err != nil || !out.configured {
		return out, err
	}
	var zone *time.Location
	zone, out.unknownZone = zoneOf(person)
	out.tracking = site.TimeTracking
	if err := v.read(ctx, j, zone, &out); err != nil {
		return view{}, err
	}
	await(ctx, preferences, v.server.Patience.Preferences)
	return out, nil
}

// await gives what runs beside the reading a little more time.
func await(ctx context.Context, over <-chan struct{}, most time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	select {
	case <-over:
	case <-ctx.Done():
	}
}

// prepare asks side by side for what the reading depends on.
func (v *views) prepare(ctx context.Context, w who, j *jira.Client, config configSource, out *view) (person jira.User, site jira.Settings, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		person, err = v.person(ctx, w, j)
		return err
	})
	g.Go(func() (err error) {
		site, err = v.site(ctx, w, j)
		return err
	})
	g.Go(func() (err error) {
		out.config, out.configured, err = config(ctx, j)
		return err
	})
	return person, site, g.Wait()
}

// knows reports whether Jira need not be asked about a person.
func (v *views) knows(w who) bool {
	_, _, _, ok := v.people.Peek(w.person())
	return ok
}

func (v *views) person(ctx context.Context, w who, j *jira.Client) (jira.User, error) {
	person, _, _, err := v.people.Get(ctx, w.person(), j.Myself.Get)
	return person, err
}

func (v *views) site(ctx context.Context, w who, j *jira.Client) (jira.Settings, error) {
	site, _, _, err := v.sites.Get(ctx, who{tenant: w.tenant}.person(), j.Settings.Get)
	return site, err
}

// read asks side by side for the issues and worklogs and for the team.
func (v *views) read(ctx context.Context, j *jira.Client, zone *time.Location, out *view) error {
	today := workload.DateOf(out.readAt, zone)
	reader := source.Reader{Jira: j}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		out.reading, err = reader.Work(ctx, out.config.Projects, today.AddDays(1-int(out.config.Window)), today)
		return err
	})
	g.Go(func() (err error) {
		out.team, err = reader.Team(ctx, chosenTeam(out.config))
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	out.summary = workload.Summarize(workload.Input{
		Issues: out.reading.Issues, Worklogs: out.reading.Worklogs, Team: out.team.People(),
		Now: out.readAt, Zone: zone, Window: out.config.Window,
	})
	// Only the summary is shown; the issues themselves are not kept.
	out.reading.Issues, out.reading.Worklogs = nil, nil
	return nil
}

// chosenTeam says who is in the configured team.
func chosenTeam(c workload.GadgetConfig) source.Choice {
	return source.Choice{Projects: c.Projects, Role: c.Role, Query: c.Query}
}

// isMissing reports whether Jira says that something does not exist.
func isMissing(err error) bool { return errors.Is(err, rest.ErrNotFound) }
