package timelog

import (
	"math"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// Week is a site's working time.
type Week struct {
	HoursADay float64 // 0 or less: 8
	Days      float64 // working days a week; 0 or less: 5
}

// Hours is the length of a working day, in hours.
func (w Week) Hours() float64 {
	if w.HoursADay <= 0 {
		return 8
	}
	return w.HoursADay
}

// DaysAWeek is the number of working days a week.
func (w Week) DaysAWeek() float64 {
	if w.Days <= 0 {
		return 5
	}
	return w.Days
}

// Works reports whether d is a working day. Jira's settings say how many days of
// a week are, but not which: Works counts them from Monday, and rounds up.
func (w Week) Works(d workload.Date) bool {
	sinceMonday := (int(d.Weekday()) + 6) % 7
	return sinceMonday < int(math.Ceil(w.DaysAWeek()))
}

// Step classes a time by its share of a working day.
type Step int

// The steps, each up to and including its share of a day.
const (
	StepNone    Step = iota // no time at all
	StepQuarter             // up to a quarter of a day
	StepHalf                // up to half a day
	StepDay                 // up to a whole day
	StepOver                // more than a day
)

// Step says which step a time is of.
func (w Week) Step(spent time.Duration) Step {
	share := spent.Hours() / w.Hours()
	switch {
	case spent <= 0:
		return StepNone
	case share <= 0.25:
		return StepQuarter
	case share <= 0.5:
		return StepHalf
	case share <= 1:
		return StepDay
	}
	return StepOver
}

// Limit is the longest time of a step. StepOver has no longest time; its Limit
// is the day that it exceeds.
func (w Week) Limit(s Step) time.Duration {
	day := time.Duration(w.Hours() * float64(time.Hour))
	switch s {
	case StepQuarter:
		return day / 4
	case StepHalf:
		return day / 2
	case StepDay, StepOver:
		return day
	}
	return 0
}
