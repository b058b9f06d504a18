package viewer

import (
	"context"
	"errors"
	"slices"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/workload"
)

// Timelog is who logged what when, as one person sees it. It keeps only sums, and what
// issues are called that have rows: comments are read when somebody opens a cell, and
// not kept.
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

// Get is what a person sees at a place, see [Cache.Get]. With fresh it shows what
// the place is configured to show now.
func (t *Timelogs[D]) Get(ctx context.Context, p Place, fresh bool) (Seen[Timelog, D], error) {
	if found, ok := t.cache.Peek(p); ok && !fresh {
		return found, nil
	}
	return t.get(ctx, p, fresh)
}

func (t *Timelogs[D]) get(ctx context.Context, p Place, fresh bool) (Seen[Timelog, D], error) {
	if fresh {
		p = p.askedOnce()
	}
	load := func(ctx context.Context) (Timelog, error) { return t.views.timelog(ctx, p, nil) }
	return current(ctx, t.views, t.cache, reading[Timelog]{p, fresh, load, func(t Timelog) View { return t.View }})
}

// Reread reads anew what a person sees after they wrote to the issues with the
// given ids, and returns once the result is kept.
func (t *Timelogs[D]) Reread(ctx context.Context, p Place, written []int64) error {
	t.cache.Expire(p)
	t.views.shared.drop(func(k sharedKey) bool { return k.personKey.of(p.Person) })
	_, err := t.cache.Get(ctx, p, true, func(ctx context.Context) (Timelog, error) { return t.views.timelog(ctx, p, written) })
	return err
}

// timelog reads the time logged with the person's rights.
func (v *Views) timelog(ctx context.Context, p Place, written []int64) (Timelog, error) {
	out := Timelog{View: v.begins()}
	j, err := v.Reader(p.Person)
	if err != nil {
		return Timelog{}, err
	}
	preferences := v.Preferences.warm(ctx, p.Person)
	provider := v.People.provider(ctx, p.Person, j)
	reader := v.Source(p.Person, j)
	reader.Written = written
	var refused error // Jira does not know the field, if it tracks no time
	known, err := asking{v, p, j, &out.View}.all(ctx, func(ctx context.Context, s seeing) (err error) {
		refused, err = out.see(ctx, s, reader)
		return err
	})
	if err != nil || !out.Configured {
		return out, err
	}
	out.Provider = <-provider
	out.Week = timelog.Week{HoursADay: out.Tracking.WorkingHoursPerDay, Days: out.Tracking.WorkingDaysPerWeek}
	switch {
	case !known.site.TimeTrackingEnabled || out.Provider.Off:
		return v.withoutTime(p, out), nil
	case refused != nil:
		return v.unlessOff(ctx, p, j, out, refused)
	}
	out.count(known)
	await(ctx, preferences, v.Patience.Preferences)
	return out, nil
}

// see reads the work logs and the team. A Jira that tracks no time refuses the
// search.
func (t *Timelog) see(ctx context.Context, s seeing, reader source.Reader) (refused, err error) {
	s.titled = s.Sheet != workload.SheetPeople
	var at times
	err = s.read(ctx, reader, func(ctx context.Context) (err error) {
		t.Reading, at, err = s.logged(ctx, reader)
		if errors.Is(err, rest.ErrBadRequest) {
			refused, err = err, nil
		}
		return err
	})
	if err == nil && refused == nil {
		s.began(at)
	}
	return refused, err
}

// withoutTime is the view of a site that tracks no time. The next view asks for
// the settings again, so that switching it on is noticed.
func (v *Views) withoutTime(p Place, out Timelog) Timelog {
	v.People.forgetTracking(p.Person)
	out.Off, out.Reading, out.Team = true, source.Reading{}, source.Team{}
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

// count makes the sums of what was read. Only they are kept.
func (t *Timelog) count(k known) {
	t.Sheet = timelog.Make(timelog.Input{
		Worklogs: t.Reading.Worklogs, Team: t.Team.People(), Now: t.ReadAt, Zone: k.zone, Span: t.Config.Span(workload.DateOf(t.ReadAt, k.zone), k.first),
		Gaps: t.Reading.Gaps.With(t.Team.Gaps()), Sheet: t.Config.Sheet, Titles: t.Reading.Titles,
	})
	t.Reading.Worklogs, t.Reading.Titles = nil, nil
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

// hasRow reports whether somebody's time is in the rows of people.
func (t Timelog) hasRow(account string) bool {
	return slices.ContainsFunc(t.Sheet.Rows, func(r timelog.Row) bool { return r.Person.AccountID == account })
}
