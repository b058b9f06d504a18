package glance

import (
	"fmt"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// Weekly is when a conversation gets a summary of its week. The zero value is never.
type Weekly struct {
	On  bool         `json:"on,omitempty"`
	Day time.Weekday `json:"day,omitempty"`
	// At is a time of day, such as "09:00", in the conversation's zone.
	At string `json:"at,omitempty"`
}

// problem is what is wrong with it.
func (w Weekly) problem() error {
	if !w.On {
		return nil
	}
	if w.Day < time.Sunday || w.Day > time.Saturday {
		return fmt.Errorf("weekly summary: no such day of the week: %d", w.Day)
	}
	if _, err := ParseClock(w.At); err != nil {
		return fmt.Errorf("weekly summary: %w", err)
	}
	return nil
}

// NextWeekly is the first time after a moment at which the summary is due; zero if it
// never is. A time of day that clocks skip is as long after midnight as on other days; one
// that comes twice is due once.
func (c Config) NextWeekly(after time.Time) time.Time {
	at, err := ParseClock(c.Weekly.At)
	if !c.Weekly.On || err != nil {
		return time.Time{}
	}
	zone, _ := c.Location()
	day := workload.DateOf(after, zone)
	for range 8 { // today's may be over
		if day.Weekday() == c.Weekly.Day {
			due := time.Date(day.Year, day.Month, day.Day, at/60, at%60, 0, 0, zone)
			if due.After(after) {
				return due
			}
		}
		day = day.AddDays(1)
	}
	return time.Time{}
}

// QuietUntil is the end of the quiet hours that a moment is in; zero if it is in none.
func (c Config) QuietUntil(now time.Time) time.Time { return c.quietUntil(now) }

// IsUnclear reports whether a message that failed may have arrived, or may still arrive.
func IsUnclear(err error) bool { return isAmbiguous(&StageError{Stage: StagePush, Err: err}) }

// WaitOf is how long a chat or Jira asked to wait; 0 if it did not.
func WaitOf(err error) time.Duration { return retryAfter(err) }

// Change is the difference between a part's numbers now and before, with its unit; more
// says that there is more now. ok is false if there is none, or if it cannot be told.
func (w Words) Change(p Part, now, before Numbers) (text string, more, ok bool) {
	if now.Measure != before.Measure || now.More || before.More {
		return "", false, false
	}
	size, sized := now.size(p)
	was, _ := before.size(p)
	by := int64(now.of(p) - before.of(p))
	if sized = sized && now.Measure.Sized(); sized {
		by = int64(size - was)
	}
	if by == 0 {
		return "", false, false
	}
	return w.number(p, numbersOf(max(by, -by), sized, now.Measure), false), by > 0, true
}

// numbersOf are numbers of which each part is the same.
func numbersOf(n int64, sized bool, m workload.Measure) (out Numbers) {
	if sized {
		size := workload.Size(n)
		out.Measure, out.Sizes = m, Sizes{size, size, size, size}
		return out
	}
	count := int(n)
	return Numbers{Open: count, Overdue: count, DueSoon: count, Unassigned: count, Heavy: count, Blank: count, Logged: n}
}
