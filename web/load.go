package web

import (
	"strconv"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/lang"
)

// The names of the fields of load and working time. FieldHoliday is sent once for
// each holiday that is offered, FieldOff once for each that is ticked; FieldPerson
// once for each person, whose fields have the names of [HoursName] and its like.
const (
	FieldLoad       = "load"
	FieldHeavy      = "heavy"
	FieldLight      = "light"
	FieldDueSoon    = "dueSoon"
	FieldRegion     = "region"
	FieldHoliday    = "holiday"
	FieldOff        = "off"
	FieldDaysOff    = "daysOff"
	FieldPeople     = "people"
	FieldPerson     = "person"
	FieldPersonName = "personName"
	FieldFind       = "who"
	FieldCalendar   = "calendar"
	FieldClosed     = "closed"
	FieldOpened     = "opened"
)

// HoursName is the name of a person's field of hours a day.
func HoursName(account string) string { return "hours:" + account }

// DaysName is the name of a person's working days, sent once for each.
func DaysName(account string) string { return "days:" + account }

// AwayName is the name of a person's absences.
func AwayName(account string) string { return "away:" + account }

// PersonError is the key of what is wrong with a person's row.
func PersonError(account string) string { return FieldPeople + ":" + account }

// LoadForm is the part of a workload's form that says what a load is and who works
// when.
type LoadForm struct {
	// Open shows it at first.
	Open  bool
	Rules []Option
	// Heavy, Light and DueSoon are as typed; "" means the usual.
	Heavy, Light, DueSoon string
	// Statuses choose which statuses count as open.
	Statuses []ValuePicker
	Regions  []Option
	Holidays Holidays
	// DaysOff are further days off, as typed.
	DaysOff string
	Crew    Crew
	// Calendar is the address of a calendar of absences, CalendarNotes what is known
	// of it, CalendarProblem why it cannot be read.
	Calendar        string
	CalendarNotes   []string
	CalendarProblem string
}

// Holidays are those of a region, each a day off or not.
type Holidays struct {
	L *lang.Language
	// URL is the GET address that answers HolidaysView for the form in its query.
	URL  string
	Days []Option
}

// Crew is the people with hours or absences of their own.
type Crew struct {
	// URL is the GET address that answers CrewView for the form in its query, the
	// typed text included.
	URL   string
	Max   int
	Rows  []CrewRow
	Found CrewFound
}

// CrewRow is one person of the crew, as typed.
type CrewRow struct {
	Account, Name string
	Hours         string // "" means Usual
	Usual         string
	Days          []Option // one for each day of the week
	Away          string
	Error         string
}

// CrewFound are people that can be added.
type CrewFound struct {
	L     *lang.Language
	Typed string
	Found []CrewRow
	// Problem says why the search failed.
	Problem string
}

// wrong are the attributes of a row's fields that are wrong.
func (r CrewRow) wrong() templ.Attributes {
	if r.Error == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": errorID(PersonError(r.Account))}
}

// WeekBar is one of somebody's weeks ahead.
type WeekBar struct {
	// Share is the part of the working time that is taken; 1 fills the bar.
	Share float64
	Over  bool
	// Text says the same in words.
	Text string
}

// The size of a week's bar, and where its scale begins and ends.
const (
	weekTop    = 4
	weekHeight = 16
)

func (b WeekBar) height() float64 { return weekHeight * min(1, max(0, b.Share)) }

func (b WeekBar) y() string { return pixels(weekTop + weekHeight - b.height()) }

func (b WeekBar) fill() string { return pixels(b.height()) }

func pixels(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }
