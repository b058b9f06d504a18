package viewer

import (
	"context"
	"time"

	"github.com/sightline-go/sightline/internal/absence"
	"github.com/sightline-go/sightline/internal/capacity"
	"github.com/sightline-go/sightline/internal/workload"
)

// Calendars reads who is away, see [absence.Reader].
type Calendars interface {
	// Get is what the calendar at an address says, ok if it is known before ctx ends.
	Get(ctx context.Context, address string) (reading absence.Reading, ok bool)
}

// calendarTime is how long a view waits for a calendar that nobody has read yet.
const calendarTime = 3 * time.Second

// noted is what a place's editors have noted about its people's working time.
type noted struct {
	roster   capacity.Roster
	calendar absence.Reading
	// rosterFailed says that the roster could not be read, calendarFailed the same of
	// its calendar.
	rosterFailed, calendarFailed bool
}

// Capacity is what is ahead of each person.
type Capacity struct {
	// Forecasts are by account id; nil if the load is not by capacity.
	Forecasts map[string]capacity.Forecast
	// RosterFailed says that people's own hours and absences could not be read now,
	// CalendarFailed that their calendar could not.
	RosterFailed, CalendarFailed bool
}

// noted reads what a place's editors have noted. What fails is missing: the view says
// so.
func (s seeing) noted(ctx context.Context) noted {
	var n noted
	if s.place.Roster == nil {
		return n
	}
	var err error
	if n.roster, err = s.place.Roster(ctx); err != nil {
		n.rosterFailed = true
		return n
	}
	if n.roster.Calendar == "" {
		return n
	}
	n.calendarFailed = true
	if s.calendars == nil {
		return n
	}
	within, cancel := context.WithTimeout(ctx, calendarTime)
	defer cancel()
	if reading, ok := s.calendars.Get(within, n.roster.Calendar); ok {
		n.calendar, n.calendarFailed = reading, reading.Problem != ""
	}
	return n
}

// forecast looks ahead for each person who can work, and judges their load by that.
func (w *Workload) forecast(issues []workload.Issue) {
	rows, today := w.Summary.Rows, w.Summary.Today
	people, accounts := make([]workload.Person, 0, len(rows)), make([]string, 0, len(rows))
	for _, row := range rows {
		if !row.Person.Inactive {
			people, accounts = append(people, row.Person), append(accounts, row.Person.AccountID)
		}
	}
	away, _ := w.noted.calendar.Of(people)
	c := w.Config
	daysOff := map[workload.Date]bool{}
	for _, h := range capacity.DaysOff(c.Region, today, today.AddDays(capacity.Horizon), c.DaysOff, c.Workdays) {
		daysOff[h.Day] = true
	}
	w.Capacity = Capacity{
		Forecasts: capacity.Forecasts(capacity.Input{
			Issues: issues, Today: today, Site: capacity.SiteHours(w.HoursADay(), w.DaysAWeek()), DaysOff: daysOff, People: w.noted.roster.People,
			Away: func(account string, day workload.Date) time.Duration { return away[account][day] },
		}, accounts...),
		RosterFailed: w.noted.rosterFailed, CalendarFailed: w.noted.calendarFailed,
	}
	for i := range rows {
		if account := rows[i].Person.AccountID; rows[i].Person.Inactive {
			delete(w.Capacity.Forecasts, account)
		} else {
			rows[i].Load = w.Capacity.Forecasts[account].Load(rows[i].Open, c.HeavyAbove(), c.LightBelow())
		}
	}
}
