package capacity

import (
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// week is how many days a week has.
const week = 7

// The usual working time, where a site sets none.
const (
	usualHours = 8
	usualDays  = 5
)

// Hours is the working time of each day of a week, Monday first.
type Hours [week]time.Duration

// SiteHours is the working week of a site by Jira's settings: hours a day, and days
// a week, either 0 or less for the usual 8 and 5. Jira does not say which days
// those are: they count from Monday, and what is left of a broken number is part of
// a day.
func SiteHours(hoursADay, daysAWeek float64) Hours {
	if !(hoursADay > 0) {
		hoursADay = usualHours
	}
	if !(daysAWeek > 0) {
		daysAWeek = usualDays
	}
	day := duration(min(hoursADay, 24))
	var h Hours
	for i := range h {
		h[i] = time.Duration(float64(day) * min(1, max(0, daysAWeek-float64(i))))
	}
	return h
}

func duration(hours float64) time.Duration { return time.Duration(hours * float64(time.Hour)) }

// Of is the working time of a day, without regard to holidays.
func (h Hours) Of(d workload.Date) time.Duration { return h[sinceMonday(d)] }

// Days are the days with working time, Sunday first.
func (h Hours) Days() []time.Weekday {
	days := []time.Weekday{}
	for day := time.Sunday; day <= time.Saturday; day++ {
		if h[(day+week-time.Monday)%week] > 0 {
			days = append(days, day)
		}
	}
	return days
}

// sinceMonday is the place of a day in its week: 0 for a Monday.
func sinceMonday(d workload.Date) int {
	return int(d.Weekday()+week-time.Monday) % week
}
