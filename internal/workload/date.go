package workload

import (
	"cmp"
	"fmt"
	"sort"
	"time"
)

// Date is a calendar day without a time zone, like Jira's due dates. The zero
// Date stands for none.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads a day in the form 2006-01-02, the form of Jira's date fields.
// Any other text, the empty one included, is an error.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("parse date %q: want YYYY-MM-DD", s)
	}
	return DateOf(t, time.UTC), nil
}

// DateOf returns the day that a calendar in loc shows at the instant t. A nil
// loc means UTC.
func DateOf(t time.Time, loc *time.Location) Date {
	y, m, d := t.In(orUTC(loc)).Date()
	return Date{Year: y, Month: m, Day: d}
}

// IsZero reports whether d stands for no date.
func (d Date) IsZero() bool { return d == Date{} }

// String returns the day in the form 2006-01-02, the zero Date as "".
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool {
	return cmp.Or(
		cmp.Compare(d.Year, other.Year),
		cmp.Compare(d.Month, other.Month),
		cmp.Compare(d.Day, other.Day),
	) < 0
}

// AddDays returns the day n calendar days after d, before it when n is negative.
func (d Date) AddDays(n int) Date {
	return DateOf(d.utc().AddDate(0, 0, n), time.UTC)
}

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
