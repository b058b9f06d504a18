package index

import (
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// dayNumber counts the days from 1 January 1970.
func dayNumber(d workload.Date) int64 {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix() / int64(day/time.Second)
}

// dateOfDay is the reverse of dayNumber.
//
// It is the algorithm of https://howardhinnant.github.io/date_algorithms.html,
// civil_from_days: package time takes four times as long, and each open issue has a
// due date.
func dateOfDay(number int64) workload.Date {
	const cycle = 146097 // days of 400 years
	number += 719468     // from 1 March of year 0
	era := number / cycle
	if number < 0 {
		era = (number - cycle + 1) / cycle
	}
	ofCycle := number - era*cycle
	year := (ofCycle - ofCycle/1460 + ofCycle/36524 - ofCycle/(cycle-1)) / 365
	ofYear := ofCycle - (365*year + year/4 - year/100)
	month := (5*ofYear + 2) / 153 // from March
	d := workload.Date{Year: int(year + era*400), Month: time.Month(month + 3), Day: int(ofYear-(153*month+2)/5) + 1}
	if month >= 10 {
		d.Year, d.Month = d.Year+1, time.Month(month-9)
	}
	return d
}
