package form

import (
	"context"
	"maps"
	"reflect"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/absence"
	"github.com/sightline-go/sightline/internal/capacity"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// The names of the calls that the fields of working time make.
const (
	callHolidays = "holidays"
	callCrew     = "crew"
)

// pickHolidays lists the holidays of the chosen region.
func (f *Forms) pickHolidays(_ context.Context, l *lang.Language, _ *jira.Client, to For, d Draft) templ.Component {
	if to.Notes == nil {
		return web.HolidaysView(web.Holidays{L: l})
	}
	return web.HolidaysView(holidays(l, to.Call(callHolidays), d, to.Notes.Today()))
}

// pickCrew looks up people who can be assigned issues in the chosen projects.
func (f *Forms) pickCrew(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) templ.Component {
	view := web.CrewFound{L: l, Typed: d.find}
	query, keys := Shorten(d.find, maxSearch), ProjectKeys(d.Config().Projects)
	isQuery := d.Config().Where().IsQuery()
	if query == "" || len(keys) == 0 && !isQuery {
		return web.CrewView(view)
	}
	var users []jira.User
	var err error
	if isQuery { // whose projects nobody knows
		users, err = j.Users.Search(ctx, jira.UserSearchOptions{Query: query, MaxResults: searchCrew})
	} else {
		users, err = j.Users.SearchMultiProject(ctx, jira.MultiProjectSearchOptions{Query: query, ProjectKeys: keys, MaxResults: searchCrew})
	}
	if err != nil {
		view.Problem = l.Capacity.PeopleFailed
		return web.CrewView(view)
	}
	site, err := f.Views.People.Site(ctx, to.Person.Served(), j)
	if err != nil {
		site = jira.Settings{}
	}
	for _, u := range users {
		if u.AccountID == "" || u.AccountType == "app" || len(view.Found) == maxCrew {
			continue
		}
		m := member{account: u.AccountID, name: u.DisplayName}
		view.Found = append(view.Found, m.row(l, site.TimeTracking))
	}
	return web.CrewView(view)
}

// noting prepares to keep what was typed about people, and adds what is wrong with it.
// Jira does not keep that, so it is asked first whether the person may.
func (f *Forms) noting(ctx context.Context, j *jira.Client, to For, d Draft, wrong workload.FieldErrors) (keep func(context.Context) error, err error) {
	nothing := func(context.Context) error { return nil }
	if to.Notes == nil || !d.load.sent {
		return nothing, nil
	}
	if err := to.allowed(ctx, j); err != nil {
		return nil, err
	}
	site, err := f.Views.People.Site(ctx, to.Person.Served(), j)
	if err != nil {
		return nil, err
	}
	roster, mistakes := d.roster(f.Calendars, capacity.SiteHours(site.TimeTracking.WorkingHoursPerDay, site.TimeTracking.WorkingDaysPerWeek))
	maps.Copy(wrong, mistakes)
	before, err := to.Notes.Roster(ctx)
	if err == nil && reflect.DeepEqual(before, roster) {
		return nothing, nil
	}
	return func(ctx context.Context) error { return to.Notes.SaveRoster(ctx, roster) }, nil
}

// calendarNotes says what is known of the calendar that is noted.
func (f *Forms) calendarNotes(ctx context.Context, l *lang.Language, form *web.LoadForm) {
	if f.Calendars == nil || form.Calendar == "" || f.Calendars.Check(form.Calendar) != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, calendarTime)
	defer cancel()
	reading, ok := f.Calendars.Get(ctx, form.Calendar)
	if !ok {
		form.CalendarProblem = l.Capacity.CalendarProblem.Waiting
		return
	}
	form.CalendarProblem = calendarProblem(l, reading.Problem)
	if reading.ReadAt.IsZero() {
		return
	}
	form.CalendarNotes = append(form.CalendarNotes, l.Count(l.Capacity.CalendarRead, reading.Total))
	if reading.Unreadable > 0 {
		form.CalendarNotes = append(form.CalendarNotes, l.Count(l.Capacity.CalendarUnreadable, reading.Unreadable))
	}
}

func calendarProblem(l *lang.Language, p absence.Problem) string {
	t := l.Capacity.CalendarProblem
	return map[absence.Problem]string{
		absence.NotAddress: t.Address, absence.Private: t.Private, absence.Unreachable: t.Unreachable,
		absence.Refused: t.Refused, absence.TooLarge: t.Large, absence.Broken: t.Broken,
	}[p]
}
