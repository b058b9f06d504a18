package jira

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// timeLayout is how Jira writes an instant: milliseconds, a zone without a
// colon.
const timeLayout = "2006-01-02T15:04:05.000-0700"

// Time is an instant in Jira's form, such as 2021-01-17T12:34:00.000+0000. The
// zero value stands for null and for an empty text.
type Time struct{ time.Time }

// UnmarshalJSON reads Jira's form and RFC 3339, with any fraction of a second, a
// zone such as +0000, +00:00, +00 or Z, and years of any length and before year
// 1, as dates that were imported may have.
func (t *Time) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	if text == "" {
		*t = Time{}
		return nil
	}
	text, cycles := shortYear(text)
	for _, layout := range []string{"2006-01-02T15:04:05Z0700", time.RFC3339, "2006-01-02T15:04:05Z07"} {
		if at, err := time.Parse(layout, text); err == nil {
			if cycles != 0 {
				at = at.UTC().AddDate(cycles*calendarCycle, 0, 0)
			}
			*t = Time{at}
			return nil
		}
	}
	return errors.New("not an instant")
}

// calendarCycle is after how many years the Gregorian calendar repeats itself.
const calendarCycle = 400

// longYear is a date that begins with another year than package time reads.
var longYear = regexp.MustCompile(`^([+-]\d{4,6}|\d{5,6})(-.*)$`)

// shortYear puts a year of four digits before the rest of a date, and returns
// how many cycles of the calendar it is away.
func shortYear(text string) (short string, cycles int) {
	parts := longYear.FindStringSubmatch(text)
	if parts == nil {
		return text, 0
	}
	year, err := strconv.Atoi(parts[1])
	if err != nil {
		return text, 0
	}
	within := (year%calendarCycle + calendarCycle) % calendarCycle
	return fmt.Sprintf("%04d%s", within, parts[2]), (year - within) / calendarCycle
}

// MarshalJSON writes Jira's form, or null for the zero value.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.Format(timeLayout))
}
