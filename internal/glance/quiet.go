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

// quietUntil returns the end of the quiet hours that now lies in, or the zero
// time. Quiet hours follow the wall clock of the room. When clocks skip their
// end, they end at the jump; an hour that comes twice follows the clock both
// times.
func (c Config) quietUntil(now time.Time) time.Time {
	from, errFrom := ParseClock(c.QuietFrom)
	to, errTo := ParseClock(c.QuietTo)
	zone, _ := c.Location()
	if errFrom != nil || errTo != nil || from == to {
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

// midnight returns the end of the day of now, after which other issues are
// overdue or due soon.
func (c Config) midnight(now time.Time) time.Time {
	zone, _ := c.Location()
	return workload.DateOf(now, zone).AddDays(1).In(zone)
}
