package form

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/absence"
	"github.com/sightline-go/sightline/internal/capacity"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

const (
	// holidaysAhead is for how many days the form lists holidays.
	holidaysAhead = 365
	// maxCrew is how many people a search shows, searchCrew how many are asked for:
	// apps' accounts are among them.
	maxCrew, searchCrew = 10, 50
	// calendarTime is how long a form waits for a calendar.
	calendarTime = 3 * time.Second
)

// Notes keeps what the editors of a gadget have noted about its people.
type Notes interface {
	// Today is the day from which on holidays are listed.
	Today() workload.Date
	// Roster is what is noted.
	Roster(ctx context.Context) (capacity.Roster, error)
	// SaveRoster replaces it.
	SaveRoster(ctx context.Context, r capacity.Roster) error
}

// Calendars reads calendars of absences.
type Calendars interface {
	// Check reports whether an address can be a calendar's.
	Check(address string) error
	// Get is what the calendar at an address says, ok if it is known before ctx ends.
	Get(ctx context.Context, address string) (reading absence.Reading, ok bool)
}

// WithRoster is a draft with what is noted about people.
func (d Draft) WithRoster(r capacity.Roster) Draft {
	d.load.Crew, d.load.Calendar = nil, r.Calendar
	for account, p := range r.People {
		d.load.Crew = append(d.load.Crew, member{account: account, name: p.Name, hours: hoursText(p.Hours), days: p.Days, own: p.Days != nil, away: awayText(p.Away)})
	}
	slices.SortFunc(d.load.Crew, func(a, b member) int { return strings.Compare(a.name+a.account, b.name+b.account) })
	return d
}

func hoursText(hours float64) string {
	if hours == 0 {
		return ""
	}
	return strconv.FormatFloat(hours, 'f', -1, 64)
}

func awayText(spans []capacity.Span) string {
	texts := make([]string, 0, len(spans))
	for _, s := range spans {
		texts = append(texts, s.String())
	}
	return strings.Join(texts, ", ")
}

// roster is what was typed about people, and what is wrong with it. Whoever works on
// the site's days has none of their own.
func (d Draft) roster(calendars Calendars, site capacity.Hours) (capacity.Roster, workload.FieldErrors) {
	r, wrong := capacity.Roster{Calendar: d.load.Calendar}, workload.FieldErrors{}
	if len(d.load.Crew) > capacity.MaxPeople {
		wrong[workload.FieldPeople] = workload.Wrong{Code: workload.WrongManyPeople, Limit: capacity.MaxPeople}
		return r, wrong
	}
	for _, m := range d.load.Crew {
		person, problem := m.person()
		if problem.Code != "" {
			wrong[web.PersonError(m.account)] = problem
			continue
		}
		if r.People == nil {
			r.People = map[string]capacity.Person{}
		}
		if slices.Equal(slices.Sorted(slices.Values(person.Days)), site.Days()) {
			person.Days = nil
		}
		r.People[m.account] = person
	}
	if r.Calendar != "" && (calendars == nil || len(r.Calendar) > capacity.MaxCalendar || calendars.Check(r.Calendar) != nil) {
		wrong[workload.FieldCalendar] = workload.Wrong{Code: workload.WrongCalendar}
	}
	if err := r.Validate(); err != nil && len(wrong) == 0 { // a form that was made by hand
		wrong[workload.FieldPeople] = workload.Wrong{Code: workload.WrongControl}
	}
	return r, wrong
}

// person reads a row.
func (m member) person() (capacity.Person, workload.Wrong) {
	p := capacity.Person{Name: m.name}
	if m.hours != "" {
		hours, err := strconv.ParseFloat(strings.Replace(m.hours, ",", ".", 1), 64)
		if err != nil || !capacity.ValidHours(hours) {
			return p, workload.Wrong{Code: workload.WrongHours}
		}
		p.Hours = hours
	}
	if m.own {
		p.Days = append(capacity.Days{}, m.days...)
	}
	var err error
	p.Away, err = capacity.ParseSpans(m.away)
	return p, spansProblem(err, workload.WrongAway, workload.WrongManyAway, capacity.MaxAbsences)
}

// spansProblem is what is wrong with typed days.
func spansProblem(err error, one, many workload.WrongCode, limit int) workload.Wrong {
	switch {
	case err == nil:
		return workload.Wrong{}
	case errors.Is(err, capacity.ErrTooMany):
		return workload.Wrong{Code: many, Limit: limit}
	}
	_, text, _ := strings.Cut(err.Error(), ": ")
	return workload.Wrong{Code: one, Text: Shorten(text, queryShown)}
}

// loadForm is the part of a form about load and working time.
func loadForm(l *lang.Language, to For, d Draft) *web.LoadForm {
	f := &web.LoadForm{
		Open: d.Load == workload.LoadByCapacity || len(d.load.Crew) > 0 || !d.Statuses.IsZero(),
		Rules: []web.Option{
			{Value: string(workload.LoadByMedian), Label: l.Capacity.ByMedian, Selected: d.Load != workload.LoadByCapacity},
			{Value: string(workload.LoadByCapacity), Label: l.Capacity.ByCapacity, Selected: d.Load == workload.LoadByCapacity},
		},
		Heavy: d.load.Heavy, Light: d.load.Light, DueSoon: d.load.DueSoon,
		Regions:  regionOptions(l, d.Region),
		Holidays: holidays(l, to.Call(callHolidays), d, to.Notes.Today()),
		DaysOff:  d.load.DaysOff,
		Crew:     web.Crew{URL: to.Call(callCrew), Max: capacity.MaxPeople, Found: web.CrewFound{L: l}},
		Calendar: d.load.Calendar,
	}
	f.Crew.Rows = crewRows(l, d, jira.TimeTracking{})
	for _, s := range statusFields() {
		f.Statuses = append(f.Statuses, statusPicker(l, to, d, s))
	}
	return f
}

func crewRows(l *lang.Language, d Draft, site jira.TimeTracking) []web.CrewRow {
	var rows []web.CrewRow
	for _, m := range d.load.Crew[:min(len(d.load.Crew), capacity.MaxPeople)] {
		rows = append(rows, m.row(l, site))
	}
	return rows
}

// mark puts what is wrong beside its row, and opens the fields that have mistakes.
func mark(form *web.LoadForm, errors map[string]string) {
	if form == nil {
		return
	}
	for i := range form.Crew.Rows {
		row := &form.Crew.Rows[i]
		row.Error = errors[web.PersonError(row.Account)]
		form.Open = form.Open || row.Error != ""
	}
	for _, field := range []string{
		web.FieldLoad, web.FieldHeavy, web.FieldLight, web.FieldDueSoon, web.FieldRegion, web.FieldDaysOff, web.FieldPeople, web.FieldCalendar, web.FieldClosed, web.FieldOpened,
	} {
		form.Open = form.Open || errors[field] != ""
	}
}

func regionOptions(l *lang.Language, chosen string) []web.Option {
	list := []web.Option{{Value: "", Label: l.Capacity.NoRegion, Selected: chosen == ""}}
	for _, r := range capacity.Regions() {
		label := l.Country(r.Country)
		if r.Name != "" {
			label += " – " + r.Name
		}
		list = append(list, web.Option{Value: r.Code, Label: label, Selected: r.Code == chosen})
	}
	if chosen != "" && !capacity.KnownRegion(chosen) {
		list = append(list, web.Option{Value: chosen, Label: chosen, Selected: true})
	}
	slices.SortStableFunc(list[1:], func(a, b web.Option) int { return l.Compare(a.Label, b.Label) })
	return list
}

// holidays offers those of the chosen region.
func holidays(l *lang.Language, url string, d Draft, today workload.Date) web.Holidays {
	list := web.Holidays{L: l, URL: url}
	for _, h := range capacity.Holidays(d.Region, today, today.AddDays(holidaysAhead)) {
		at := h.Day.In(time.UTC)
		list.Days = append(list.Days, web.Option{
			Value: h.Day.String(), Label: l.Weekday(at) + " " + l.Date(at) + " · " + h.Name,
			Selected: !slices.Contains(d.Workdays, h.Day),
		})
	}
	return list
}

// row is somebody's row.
func (m member) row(l *lang.Language, site jira.TimeTracking) web.CrewRow {
	hours := capacity.SiteHours(site.WorkingHoursPerDay, site.WorkingDaysPerWeek)
	row := web.CrewRow{Account: m.account, Name: m.name, Hours: m.hours, Usual: l.Say(l.Capacity.UsualHours, l.Decimal(hours[0].Hours())), Away: m.away}
	for i := range hours {
		day := time.Weekday((i + 1) % len(hours)) // from Monday on
		works := hours[i] > 0
		if m.own {
			works = slices.Contains(m.days, day)
		}
		row.Days = append(row.Days, web.Option{Value: strconv.Itoa(int(day)), Label: l.Formats.Weekdays[day], Selected: works})
	}
	return row
}
