package glance

import (
	"fmt"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// ParseClock reads a time of day, such as "07:30", and returns the minutes
// since midnight.
func ParseClock(text string) (minutes int, err error) {
	at, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, fmt.Errorf("time of day %q: want HH:MM", text)
	}
	return at.Hour()*60 + at.Minute(), nil
}

// quietUntil returns when the quiet hours end that now lies in, and the zero
// time when it lies in none. They are what the room's clock on the wall says:
// where clocks are put forward over their end, they end with the jump; where
// an hour comes twice, each of the two is quiet or not by its face.
func (c Config) quietUntil(now time.Time) time.Time {
	from, errFrom := ParseClock(c.QuietFrom)
	to, errTo := ParseClock(c.QuietTo)
	zone, errZone := c.location()
	if errFrom != nil || errTo != nil || errZone != nil || from == to {
		return time.Time{}
	}
	quiet := func(t time.Time) bool {
		local := t.In(zone)
		at := local.Hour()*60 + local.Minute()
		if from < to {
			return from <= at && at < to
		}
		return from <= at || at < to
	}
	if !quiet(now) {
		return time.Time{}
	}
	end := now.Truncate(time.Minute)
	for quiet(end) {
		end = end.Add(time.Minute)
	}
	return end
}

// midnight returns when the day ends in which a state was computed at now:
// from then on other issues are overdue and due soon. The zero time when the
// zone is unknown.
func (c Config) midnight(now time.Time) time.Time {
	zone, err := c.location()
	if err != nil {
		return time.Time{}
	}
	return workload.DateOf(now, zone).AddDays(1).In(zone)
}
