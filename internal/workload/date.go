package workload

import (
	"cmp"
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"time"
)

// Date is a calendar day without a time zone, like Jira's due dates. The zero
// Date stands for none.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// calendarCycle is after how many years the Gregorian calendar repeats itself.
const calendarCycle = 400

// day is a year, of six digits at most as in PostgreSQL, and the rest.
var day = regexp.MustCompile(`^([+-]?\d{4,6})(-\d{2}-\d{2})$`)

// ParseDate reads a day in the form 2006-01-02, the form of Jira's date fields.
// A slip of the finger is enough for Jira to hold the year 20226, and an import
// may bring a year before year 1: both are read, the latter with a minus. Any
// other text, the empty one included, is an error.
func ParseDate(s string) (Date, error) {
	parts := day.FindStringSubmatch(s)
	if parts == nil {
		return Date{}, fmt.Errorf("parse date %q: want YYYY-MM-DD", s)
	}
	year, err := strconv.Atoi(parts[1])
	if err != nil {
		return Date{}, fmt.Errorf("parse date %q: %w", s, err)
	}
	// Package time reads years of four digits only; all others have the same
	// calendar as one of those.
	within := (year%calendarCycle + calendarCycle) % calendarCycle
	t, err := time.Parse(time.DateOnly, fmt.Sprintf("%04d%s", within, parts[2]))
	if err != nil {
		return Date{}, fmt.Errorf("parse date %q: want YYYY-MM-DD", s)
	}
	return Date{Year: year, Month: t.Month(), Day: t.Day()}, nil
}

// DateOf returns the day that a calendar in loc shows at the instant t. A nil
// loc means UTC.
func DateOf(t time.Time, loc *time.Location) Date {
	y, m, d := t.In(orUTC(loc)).Date()
	return Date{Year: y, Month: m, Day: d}
}

// IsZero reports whether d stands for no date.
func (d Date) IsZero() bool { return d == Date{} }

// String returns the day in the form that [ParseDate] reads, the zero Date as "".
// Texts of years beyond 9999 do not sort like the days: see [Date.Compare].
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	width := 4
	if d.Year < 0 {
		width = 5
	}
	return fmt.Sprintf("%0*d-%02d-%02d", width, d.Year, d.Month, d.Day)
}

// MarshalText implements [encoding.TextMarshaler].
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]: it reads what [ParseDate] does.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// Compare is negative if d is an earlier day than other, positive if it is a
// later one.
func (d Date) Compare(other Date) int {
	return cmp.Or(
		cmp.Compare(d.Year, other.Year),
		cmp.Compare(d.Month, other.Month),
		cmp.Compare(d.Day, other.Day),
	)
}

// AddDays returns the day n calendar days after d, before it when n is negative.
func (d Date) AddDays(n int) Date {
	return DateOf(d.utc().AddDate(0, 0, n), time.UTC)
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// In returns the first moment of the day in loc: midnight or, where the clocks
// skip midnight, the moment they skip to. A nil loc means UTC.
//
// time.Date does not promise that moment for a midnight that is skipped or
// comes twice, so In searches for it. No offset has ever reached 16 hours.
func (d Date) In(loc *time.Location) time.Time {
	const reach = 16 * time.Hour
	earliest := d.utc().Add(-reach)
	at := func(second int) time.Time { return earliest.Add(time.Duration(second) * time.Second) }
	first := sort.Search(int(2*reach/time.Second), func(i int) bool {
		return !DateOf(at(i), loc).Before(d)
	})
	return at(first).In(orUTC(loc))
}

func (d Date) utc() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

func orUTC(loc *time.Location) *time.Location {
	if loc == nil {
		return time.UTC
	}
	return loc
}
