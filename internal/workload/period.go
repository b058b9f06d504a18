package workload

import (
	"slices"
	"time"
)

// Period is a time by the calendar in which logged work counts. The zero value is none:
// then the [Window] counts, which ends with today.
type Period string

// The periods. Those that are not over end with today; a range has its own days.
const (
	PeriodNone        Period = ""
	PeriodThisWeek    Period = "thisWeek"
	PeriodLastWeek    Period = "lastWeek"
	PeriodThisMonth   Period = "thisMonth"
	PeriodLastMonth   Period = "lastMonth"
	PeriodThisQuarter Period = "thisQuarter"
	PeriodLastQuarter Period = "lastQuarter"
	PeriodRange       Period = "range"
)

// Periods are all periods but none, in the order of the form.
func Periods() []Period {
	return []Period{
		PeriodThisWeek, PeriodLastWeek, PeriodThisMonth, PeriodLastMonth, PeriodThisQuarter, PeriodLastQuarter, PeriodRange,
	}
}

// MaxRange is how many days a range has at most.
const MaxRange = 100

// Span is some days, both ends included.
type Span struct{ From, To Date }

// Days is how many they are.
func (s Span) Days() int { return int(s.To.utc().Sub(s.From.utc())/(24*time.Hour)) + 1 }

// with is the smallest span with both.
func (s Span) with(o Span) Span {
	if o.From.Before(s.From) {
		s.From = o.From
	}
	if s.To.Before(o.To) {
		s.To = o.To
	}
	return s
}

// Span is the days in which logged work counts, on a day; first is the first day of a
// week where the viewer lives.
func (c GadgetConfig) Span(today Date, first time.Weekday) Span {
	switch c.Period {
	case PeriodNone:
		return Span{today.AddDays(1 - int(c.Window)), today}
	case PeriodRange:
		return Span{c.From, c.To}
	case PeriodThisWeek:
		return Span{weekOf(today, first), today}
	case PeriodLastWeek:
		return Span{weekOf(today, first).AddDays(-7), weekOf(today, first).AddDays(-1)}
	case PeriodThisMonth:
		return Span{monthOf(today, 1, 0), today}
	case PeriodLastMonth:
		return Span{monthOf(today, 1, -1), monthOf(today, 1, 0).AddDays(-1)}
	case PeriodThisQuarter:
		return Span{monthOf(today, 3, 0), today}
	case PeriodLastQuarter:
		return Span{monthOf(today, 3, -1), monthOf(today, 3, 0).AddDays(-1)}
	}
	return Span{today, today}
}

// Around is every [GadgetConfig.Span] that a viewer may have of whom neither the time zone
// nor the first day of the week is known; today is a day in UTC, from which no zone is
// further away than a day.
func (c GadgetConfig) Around(today Date) Span {
	all := c.Span(today, time.Monday)
	for day := today.AddDays(-1); !today.AddDays(1).Before(day); day = day.AddDays(1) {
		for first := time.Sunday; first <= time.Saturday; first++ {
			all = all.with(c.Span(day, first))
		}
	}
	return all
}

// weekOf is the first day of the week that a day is in.
func weekOf(day Date, first time.Weekday) Date {
	return day.AddDays(-((int(day.Weekday()) - int(first) + 7) % 7))
}

// monthOf is the first day of the month, or of the block of months, that a day is in, or
// of one some blocks later.
func monthOf(day Date, months, later int) Date {
	begin := (int(day.Month)-1)/months*months + later*months
	return DateOf(time.Date(day.Year, time.Month(begin+1), 1, 0, 0, 0, 0, time.UTC), time.UTC)
}

// periodProblem is what is wrong with the period or with the days of a range.
func (c GadgetConfig) periodProblem() Wrong {
	switch {
	case c.Period != PeriodNone && !slices.Contains(Periods(), c.Period):
		return Wrong{Code: WrongWindow}
	case c.Period != PeriodRange && (!c.From.IsZero() || !c.To.IsZero()):
		return Wrong{Code: WrongWindow}
	case c.Period == PeriodRange && (c.From.IsZero() || c.To.IsZero() || c.To.Before(c.From) || Span{c.From, c.To}.Days() > MaxRange):
		return Wrong{Code: WrongRange, Limit: MaxRange}
	}
	return Wrong{}
}
