package timelog

import (
	"errors"
	"time"
)

// What is wrong with a start as typed.
var (
	ErrNotDay   = errors.New("not a day")
	ErrNotClock = errors.New("not a time of day")
	// ErrSkipped is a time that the clocks jump over on that day.
	ErrSkipped = errors.New("the clocks skip this time")
)

// How the start's two fields are written.
const (
	dayLayout   = time.DateOnly
	clockLayout = "15:04"
)

// Fields writes an instant as a day and a time of day in a zone, in whole
// minutes, as the fields of a form hold them.
func Fields(at time.Time, zone *time.Location) (day, clock string) {
	local := at.In(zone)
	return local.Format(dayLayout), local.Format(clockLayout)
}

// Start reads the two fields in a zone. A time that comes twice, when the
// clocks go back, is the one with the offset of was, the former start, else the
// first of the two. When the fields say the minute of was, was is the result,
// with its seconds. An error says all that is wrong: it is ErrNotDay,
// ErrNotClock, both of them joined, or ErrSkipped.
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

// resolve tries the offsets around the day: that of the former start first,
// then the earlier of two.
func resolve(day, clock string, zone *time.Location, was time.Time) (time.Time, error) {
	wall, err := time.Parse(dayLayout+" "+clockLayout, day+" "+clock)
	if err != nil {
		return time.Time{}, ErrNotClock
	}
	const reach = 26 * time.Hour // beyond the change of any day
	for _, near := range []time.Time{was, wall.Add(-reach), wall.Add(reach)} {
		_, offset := near.In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if d, c := Fields(at, zone); d == day && c == clock {
			return at, nil
		}
	}
	return time.Time{}, ErrSkipped
}
