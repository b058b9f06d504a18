package capacity

import (
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// Weeks is how many weeks are looked ahead, and Horizon the days that they have at
// most.
const (
	Weeks   = 4
	Horizon = (Weeks + 1) * week
)

// Input is the input of [Forecasts].
type Input struct {
	Issues []workload.Issue // done ones and duplicates do not count
	Today  workload.Date
	Site   Hours
	// DaysOff are days on which nobody works.
	DaysOff map[workload.Date]bool
	// People are those whose hours are known, by account id; all others work as the
	// site does.
	People map[string]Person
	// Away is what else takes working time from somebody on a day, for example a
	// calendar; nil: nothing does.
	Away func(account string, day workload.Date) time.Duration
}

// Week compares, at one day, what is due until then with the working time until
// then.
type Week struct {
	// From and To are the first and the last day; the first week begins today.
	From, To workload.Date
	// By is the day of the comparison: of the days in the week on which something is
	// due, and its last, the one on which time is shortest.
	By workload.Date
	// Due is what remains to be done of all that is due until By, Left the working
	// time from today until By, both days included.
	Due, Left time.Duration
}

// Share is the share of the time that is taken: 0 if nothing is due, more than 1 if
// it does not fit. Without any time it is [NoTime].
func (w Week) Share() float64 {
	switch {
	case w.Due == 0:
		return 0
	case w.Left == 0:
		return NoTime
	}
	return min(NoTime, float64(w.Due)/float64(w.Left))
}

// NoTime is the share where something is due and no time is left, and the largest.
const NoTime = 1000

// Over reports whether what is due does not fit.
func (w Week) Over() bool { return w.Due > w.Left }

// Forecast is what is ahead of one person.
type Forecast struct {
	Weeks [Weeks]Week
	// Late is the part of Due that is overdue. It is to be done by the end of the
	// first week.
	Late time.Duration
	// Undated is what remains of issues without a due date: it is in no week.
	Undated time.Duration
	// Blank counts open issues without remaining time, due in these weeks or before.
	Blank int
	// Counted counts the issues that are in Due of the last week.
	Counted int
}

// Forecasts looks ahead for everybody who has an open issue, and for each of the
// accounts, which may have none.
//
// Work is assumed to be done in the order of its due dates: of each day on which
// something is due, all that is due until then is compared with all working time
// until then. Today counts as a whole day.
func Forecasts(in Input, accounts ...string) map[string]Forecast {
	ahead := span(in.Today, in.Site)
	load := map[string]*demand{}
	for _, account := range accounts {
		load[account] = &demand{}
	}
	seen := make(workload.Seen, len(in.Issues))
	for i := range in.Issues {
		issue := &in.Issues[i]
		if seen.Before(issue.ID) || issue.Category == workload.CategoryDone || issue.Assignee == nil || issue.Assignee.AccountID == "" {
			continue
		}
		d := load[issue.Assignee.AccountID]
		if d == nil {
			d = &demand{}
			load[issue.Assignee.AccountID] = d
		}
		d.add(issue, ahead)
	}
	out := make(map[string]Forecast, len(load))
	for account, d := range load {
		out[account] = d.against(in, account, ahead)
	}
	return out
}

// span is the first and the last day of each week ahead. The first is the rest of
// this week or, if nobody works any more in that, all until the end of the next.
func span(today workload.Date, site Hours) [Weeks]Span {
	end := today.AddDays(week - 1 - sinceMonday(today))
	if !worksWithin(today, end, site) {
		end = end.AddDays(week)
	}
	var weeks [Weeks]Span
	weeks[0] = Span{today, end}
	for i := 1; i < Weeks; i++ {
		weeks[i] = Span{end.AddDays(1), end.AddDays(week)}
		end = weeks[i].To
	}
	return weeks
}

func worksWithin(from, to workload.Date, site Hours) bool {
	for d := from; !to.Before(d); d = d.AddDays(1) {
		if site.Of(d) > 0 {
			return true
		}
	}
	return false
}

// demand is what somebody has to do.
type demand struct {
	due      map[workload.Date]time.Duration
	forecast Forecast
}

func (d *demand) add(issue *workload.Issue, ahead [Weeks]Span) {
	first, last := ahead[0], ahead[Weeks-1]
	due := issue.Due
	switch {
	case due.IsZero():
		d.forecast.Undated = workload.Sum(d.forecast.Undated, issue.Remaining)
		return
	case last.To.Before(due):
		return
	case issue.Remaining <= 0:
		d.forecast.Blank++
		return
	case due.Before(first.From):
		due = first.To
		d.forecast.Late = workload.Sum(d.forecast.Late, issue.Remaining)
	}
	if d.due == nil {
		d.due = map[workload.Date]time.Duration{}
	}
	d.due[due] = workload.Sum(d.due[due], issue.Remaining)
	d.forecast.Counted++
}

// against goes through the days ahead and keeps, for each week, the day on which
// time is shortest.
func (d *demand) against(in Input, account string, ahead [Weeks]Span) Forecast {
	out := d.forecast
	working := in.working(account)
	var due, left time.Duration
	for i, span := range ahead {
		var w Week
		for day := span.From; !span.To.Before(day); day = day.AddDays(1) {
			left += working(day)
			due = workload.Sum(due, d.due[day])
			here := Week{span.From, span.To, day, due, left}
			if (d.due[day] > 0 || day == span.To) && (w.By.IsZero() || w.Share() < here.Share()) {
				w = here
			}
		}
		out.Weeks[i] = w
	}
	return out
}

// working is the working time of a person on a day.
func (in Input) working(account string) func(workload.Date) time.Duration {
	person := in.People[account]
	hours := person.hours(in.Site)
	return func(day workload.Date) time.Duration {
		if in.DaysOff[day] || person.isAway(day) {
			return 0
		}
		left := hours.Of(day)
		if in.Away != nil {
			left -= min(left, max(0, in.Away(account, day)))
		}
		return left
	}
}

// Most is the largest share of a week.
func (f Forecast) Most() float64 {
	most := 0.0
	for _, w := range f.Weeks {
		most = max(most, w.Share())
	}
	return most
}

// Load puts a forecast into one word: heavy if a week takes more than heavy percent
// of the time, light if all take less than light percent. Of somebody whose open
// issues have no due dates or no estimates nothing can be said: "".
func (f Forecast) Load(open, heavy, light int) workload.Load {
	most := f.Most() * 100
	switch {
	case open > 0 && f.Counted == 0:
		return ""
	case most > float64(heavy):
		return workload.LoadHeavy
	case most < float64(light) || open == 0:
		return workload.LoadLight
	}
	return workload.LoadBalanced
}
