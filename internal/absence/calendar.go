package absence

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/sightline-go/sightline/internal/workload"
)

// Bounds of what one calendar says.
const (
	maxEvents   = 5000
	maxRepeats  = 200     // events that repeat
	maxTimes    = 100_000 // of all that repeat
	maxListed   = 5000    // dates of one property
	maxYears    = 30      // since a repetition began
	maxRule     = 300     // bytes of one rule
	repeatTime  = 2 * time.Second
	maxDays     = 400 // of one event
	maxNames    = 50  // people of one event
	maxNameSize = 255 // bytes
)

// Calendar is what a file says of some days.
type Calendar struct {
	Events []Event
	// Total counts all events of the file, Unreadable those that were left out
	// because they are not understood.
	Total, Unreadable int
}

// Event takes time from people.
type Event struct {
	// Title and Names say whose: Names are those of attendees and the organizer.
	Title string
	Names []string
	// Days are those that it lasts, and how long on each.
	Days map[workload.Date]time.Duration
}

// Parse reads a file, and keeps of it what happens from one day to another, both
// included. Cancelled events and those that leave people free say nothing. A moment
// counts on the day that it has in its own time zone.
//
// The error is Broken or TooLarge.
func Parse(ctx context.Context, data []byte, from, to workload.Date) (Calendar, error) {
	file, err := ics.ParseCalendar(bytes.NewReader(data))
	if err != nil || !bytes.Contains(data, []byte("END:VCALENDAR")) {
		return Calendar{}, Broken
	}
	events := file.Events()
	if len(events) > maxEvents {
		return Calendar{}, TooLarge
	}
	r := reading{from: from, to: to, zone: zoneOf(file), moved: movedTimes(events)}
	r.ctx, r.cancel = context.WithTimeout(ctx, repeatTime)
	defer r.cancel()
	for _, e := range events {
		if err := r.read(e); err != nil {
			return Calendar{}, err
		}
	}
	r.out.Total = len(events)
	return r.out, nil
}

// zoneOf is the calendar's own time zone, UTC if it names none that is known.
func zoneOf(file *ics.Calendar) *time.Location {
	for _, p := range file.CalendarProperties {
		if p.IANAToken == string(ics.PropertyXWRTimezone) {
			if zone, err := workload.ParseZone(p.Value); err == nil {
				return zone
			}
		}
	}
	return time.UTC
}

// reading is the reading of one file.
type reading struct {
	ctx      context.Context //nolint:containedctx // ends with Parse
	cancel   context.CancelFunc
	from, to workload.Date
	zone     *time.Location
	// moved are the times of repetitions that have an event of their own, by the
	// event's id.
	moved   map[string][]string
	repeats int
	times   int
	out     Calendar
}

func text(e *ics.VEvent, p ics.ComponentProperty) string {
	if found := e.GetProperty(p); found != nil {
		return strings.TrimSpace(found.Value)
	}
	return ""
}

func (r *reading) read(e *ics.VEvent) error {
	status, free := text(e, ics.ComponentPropertyStatus), text(e, ics.ComponentPropertyTransp)
	if strings.EqualFold(status, "CANCELLED") || strings.EqualFold(free, "TRANSPARENT") {
		return nil
	}
	begins, lasts, ok := r.span(e)
	if !ok {
		r.out.Unreadable++
		return nil
	}
	starts, err := r.starts(e, begins)
	if err != nil {
		return err
	}
	if starts == nil {
		r.out.Unreadable++
		return nil
	}
	event := Event{Title: shorten(unescape(text(e, ics.ComponentPropertySummary))), Names: names(e), Days: map[workload.Date]time.Duration{}}
	for _, start := range starts {
		event.add(start, lasts, r.from, r.to)
	}
	if len(event.Days) > 0 {
		r.out.Events = append(r.out.Events, event)
	}
	return nil
}

// add counts the part of each day that a time covers. Whole days are in UTC.
func (e Event) add(start time.Time, lasts time.Duration, from, to workload.Date) {
	end := start.Add(lasts)
	day := workload.DateOf(start, start.Location())
	if day.Before(from) {
		day = from
	}
	for ; !to.Before(day); day = day.AddDays(1) {
		begins, ends := day.In(start.Location()), day.AddDays(1).In(start.Location())
		if !begins.Before(end) {
			return
		}
		if begins.Before(start) {
			begins = start
		}
		if end.Before(ends) {
			ends = end
		}
		if ends.After(begins) {
			e.Days[day] = min(wholeDay, e.Days[day]+ends.Sub(begins))
		}
	}
}

const wholeDay = 24 * time.Hour

func names(e *ics.VEvent) []string {
	var list []string
	for _, property := range []ics.ComponentProperty{ics.ComponentPropertyAttendee, ics.ComponentPropertyOrganizer} {
		for _, p := range e.GetProperties(property) {
			for _, name := range p.ICalParameters[string(ics.ParameterCn)] {
				name = shorten(strings.Trim(name, `"`))
				if name != "" && len(list) < maxNames && !slices.Contains(list, name) {
					list = append(list, name)
				}
			}
		}
	}
	return list
}

func shorten(s string) string { return s[:min(len(s), maxNameSize)] }

// unescape undoes what iCalendar does to texts.
func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\,`, ",", `\;`, ";", `\n`, " ", `\N`, " ").Replace(s)
}
