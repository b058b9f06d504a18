package absence

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"

	"github.com/sightline-go/sightline/internal/workload"
)

// The forms of iCalendar's days and times.
const (
	formDay  = "20060102"
	formTime = "20060102T150405"
)

// moment reads a day, which is in UTC, or a time in its own zone. A zone that is not
// known, as Outlook names them, is the calendar's.
func (r *reading) moment(p *ics.IANAProperty) (at time.Time, day, ok bool) {
	if p == nil {
		return time.Time{}, false, false
	}
	value := strings.TrimSpace(p.Value)
	if len(value) == len(formDay) {
		at, err := time.Parse(formDay, value)
		return at, true, err == nil
	}
	zone := r.zone
	if local, utc := strings.CutSuffix(value, "Z"); utc {
		value, zone = local, time.UTC
	} else if named := p.ICalParameters[string(ics.ParameterTzid)]; len(named) > 0 {
		if known, err := workload.ParseZone(strings.Trim(named[0], `"`)); err == nil {
			zone = known
		}
	}
	at, err := time.ParseInLocation(formTime, value, zone)
	if err == nil && zone == time.UTC {
		at = at.In(r.zone)
	}
	return at, false, err == nil
}

// span is when an event begins for the first time, and how long it lasts each time.
func (r *reading) span(e *ics.VEvent) (begins time.Time, lasts time.Duration, ok bool) {
	begins, day, ok := r.moment(e.GetProperty(ics.ComponentPropertyDtStart))
	if !ok {
		return begins, 0, false
	}
	if p := e.GetProperty(ics.ComponentPropertyDtEnd); p != nil {
		end, _, ok := r.moment(p)
		lasts = end.Sub(begins)
		return begins, lasts, ok && lasts >= 0 && lasts <= maxDays*wholeDay
	}
	if p := e.GetProperty(ics.ComponentPropertyDuration); p != nil {
		lasts, ok = period(p.Value)
		return begins, lasts, ok
	}
	if day {
		lasts = wholeDay
	}
	return begins, lasts, true
}

// periodForm is a duration such as P1W, P2D or PT1H30M.
var periodForm = regexp.MustCompile(`^\+?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$`)

func period(text string) (time.Duration, bool) {
	parts := periodForm.FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil {
		return 0, false
	}
	var lasts time.Duration
	for i, unit := range []time.Duration{7 * wholeDay, wholeDay, time.Hour, time.Minute, time.Second} {
		n, _ := strconv.Atoi(parts[i+1]) // "" is none
		lasts += time.Duration(n) * unit
	}
	return lasts, lasts <= maxDays*wholeDay
}

// movedTimes are the times, as they are written, of repetitions that have an event
// of their own, by the event's id.
func movedTimes(events []*ics.VEvent) map[string][]string {
	moved := map[string][]string{}
	for _, e := range events {
		if at := text(e, ics.ComponentPropertyRecurrenceId); at != "" {
			id := text(e, ics.ComponentPropertyUniqueId)
			moved[id] = append(moved[id], at)
		}
	}
	return moved
}

// starts are the times at which an event begins until the last day of the reading;
// nil if its repetition is not understood.
func (r *reading) starts(e *ics.VEvent, begins time.Time) ([]time.Time, error) {
	rules := e.GetProperties(ics.ComponentPropertyRrule)
	if len(rules) == 0 || text(e, ics.ComponentPropertyRecurrenceId) != "" {
		return append([]time.Time{begins}, r.listed(e, ics.ComponentPropertyRdate)...), nil
	}
	r.repeats++
	if r.repeats > maxRepeats || r.ctx.Err() != nil {
		return nil, TooLarge
	}
	skipped := append(r.listed(e, ics.ComponentPropertyExdate), r.movedFrom(e)...)
	starts := append([]time.Time{}, r.listed(e, ics.ComponentPropertyRdate)...)
	for _, p := range rules {
		rule, ok := r.rule(p.Value, begins)
		if !ok {
			return nil, nil
		}
		for next := rule.Iterator(); ; {
			at, more := next()
			if !more || r.to.Before(workload.DateOf(at, at.Location())) {
				break
			}
			if r.times++; r.times > maxTimes {
				return nil, TooLarge
			}
			if r.from.AddDays(-maxDays).Before(workload.DateOf(at, at.Location())) {
				starts = append(starts, at)
			}
		}
	}
	return slices.DeleteFunc(starts, func(at time.Time) bool {
		return slices.ContainsFunc(skipped, at.Equal)
	}), nil
}

// rule reads a repetition by days or more. Whatever repeats by hours, or several
// times a day, is no absence and would have no end.
func (r *reading) rule(text string, begins time.Time) (*rrule.RRule, bool) {
	if len(text) > maxRule {
		return nil, false
	}
	option, err := rrule.StrToROption(text)
	if err != nil || option.Freq > rrule.DAILY || len(option.Byhour)+len(option.Byminute)+len(option.Bysecond) > 0 {
		return nil, false
	}
	end := r.to.AddDays(1).In(begins.Location())
	if begins.Before(end.AddDate(-maxYears, 0, 0)) {
		return nil, false
	}
	if option.Until.IsZero() || end.Before(option.Until) {
		option.Until = end
	}
	option.Dtstart = begins
	rule, err := rrule.NewRRule(*option)
	return rule, err == nil
}

// listed are the times of a property that may be there several times, each with
// several values.
func (r *reading) listed(e *ics.VEvent, property ics.ComponentProperty) []time.Time {
	var list []time.Time
	for _, p := range e.GetProperties(property) {
		for value := range strings.SplitSeq(p.Value, ",") {
			one := *p
			one.Value, _, _ = strings.Cut(value, "/") // a period's start
			if at, _, ok := r.moment(&one); ok && len(list) < maxListed {
				list = append(list, at)
			}
		}
	}
	return list
}

func (r *reading) movedFrom(e *ics.VEvent) []time.Time {
	var list []time.Time
	start := e.GetProperty(ics.ComponentPropertyDtStart)
	for _, value := range r.moved[text(e, ics.ComponentPropertyUniqueId)] {
		one := *start
		one.Value = value
		if at, _, ok := r.moment(&one); ok {
			list = append(list, at)
		}
	}
	return list
}
