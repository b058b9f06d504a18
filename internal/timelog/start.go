package timelog

import (
	"errors"
	"time"
)

// The errors of [Start].
var (
	ErrNotDay   = errors.New("not a day")
	ErrNotClock = errors.New("not a time of day")
	// ErrSkipped is a time that the clocks skip on that day.
	ErrSkipped = errors.New("the clocks skip this time")
)

// The layouts of the two fields.
const (
	dayLayout   = time.DateOnly
	clockLayout = "15:04"
)

// Fields writes an instant for the two fields of a form: the day and the time of
// day in a zone, without seconds.
func Fields(at time.Time, zone *time.Location) (day, clock string) {
	local := at.In(zone)
	return local.Format(dayLayout), local.Format(clockLayout)
}

// Start reads the two fields in a zone; was is the former start. Fields that
// hold the minute of was give was, with its seconds. Of a time that comes twice,
// because the clocks go back, Start takes the one with the offset of was, else
// the first. The error is ErrNotDay, ErrNotClock, both joined, or ErrSkipped.
func Start(day, clock string, zone *time.Location, was time.Time) (time.Time, error) {
	if d, c := Fields(was, zone); d == day && c == clock {
		return was, nil
	}
	if err := errors.Join(checkDay(day), checkClock(clock)); err != nil {
		return time.Time{}, err
	}
	return resolve(day, clock, zone, was)
}

func checkDay(day string) error {
	date, err := time.Parse(dayLayout, day)
	if err != nil || date.Year() < 1970 || date.Year() > 9998 {
		return ErrNotDay
	}
	return nil
}

func checkClock(clock string) error {
	if _, err := time.Parse(clockLayout, clock); err != nil {
		return ErrNotClock
	}
	return nil
}

// resolve tries the offsets around the day: first that of the former start, then
// the one before the day, then the one after.
func resolve(day, clock string, zone *time.Location, was time.Time) (time.Time, error) {
	wall, err := time.Parse(dayLayout+" "+clockLayout, day+" "+clock)
	if err != nil {
		return time.Time{}, ErrNotClock
	}
	const reach = 26 * time.Hour // beyond any change of offset on that day
	for _, near := range []time.Time{was, wall.Add(-reach), wall.Add(reach)} {
		_, offset := near.In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if d, c := Fields(at, zone); d == day && c == clock {
			return at, nil
		}
	}
	return time.Time{}, ErrSkipped
}
