package workload

import (
	"iter"
	"math"
	"time"
)

// Logged yields the worklogs that started from one day to another, both
// included, with the day of each. It compares calendar days, not instants, so
// that days of 23 and 25 hours are correct. A nil zone means UTC.
//
// Of worklogs with the same ID the first counts; one without an ID is never a
// duplicate. Whatever sums up time counts these, so that all sums agree.
func Logged(worklogs []Worklog, from, to Date, zone *time.Location) iter.Seq2[*Worklog, Date] {
	return func(yield func(*Worklog, Date) bool) {
		seen := make(Seen, len(worklogs))
		for i := range worklogs {
			w := &worklogs[i]
			day := DateOf(w.Started, zone)
			if day.Before(from) || to.Before(day) || seen.Before(w.ID) {
				continue
			}
			if !yield(w, day) {
				return
			}
		}
	}
}

// Sum adds up times of at least 0. What is too long for a duration, 292 years, is
// the longest one instead of a negative time.
func Sum(times ...time.Duration) time.Duration {
	var all time.Duration
	for _, t := range times {
		t = max(0, t)
		if t > math.MaxInt64-all {
			return math.MaxInt64
		}
		all += t
	}
	return all
}
