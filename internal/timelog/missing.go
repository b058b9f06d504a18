package timelog

import (
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// Short is a working day on which somebody logged less than they should.
type Short struct {
	Day   workload.Date
	Spent time.Duration
}

// Gap is what one person did not log.
type Gap struct {
	Person workload.Person
	Days   []Short // oldest first
	// Time is what is missing in all of them.
	Time time.Duration
}

// IsShort reports whether a day of the sheet lacks time. Today and later days are not
// over, and days off need none.
func (s Sheet) IsShort(day int, spent time.Duration, week Week, should workload.Missing) bool {
	return should > 0 && s.Days[day].Before(s.Today) && week.Works(s.Days[day]) && spent < hours(should)
}

func hours(m workload.Missing) time.Duration { return time.Duration(m) * time.Hour }

// Missing are the people with days that lack time, in the order of the rows. Accounts of
// apps and deactivated people are none of them.
func (s Sheet) Missing(week Week, should workload.Missing) []Gap {
	var gaps []Gap
	for _, row := range s.Rows {
		gap := Gap{Person: row.Person}
		if row.Person.Inactive {
			continue
		}
		for i, c := range row.Cells {
			if s.IsShort(i, c.Spent, week, should) {
				gap.Days = append(gap.Days, Short{s.Days[i], c.Spent})
				gap.Time += hours(should) - c.Spent
			}
		}
		if len(gap.Days) > 0 {
			gaps = append(gaps, gap)
		}
	}
	return gaps
}
