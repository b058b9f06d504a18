package jql

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

const dayFormat = "2006-01-02"

var (
	periodPattern    = regexp.MustCompile(`^([-+]?)((?:\d{1,6}[wdhm] *)+)$`)
	periodPart       = regexp.MustCompile(`(\d+)([wdhm])`)
	incrementPattern = regexp.MustCompile(`^([-+]?\d{1,6})([yMwdhm]?)$`)
)

// timeField is a field that holds an instant.
func timeField(names string, get func(*world.Issue) time.Time) field {
	return newField(names, equality+ordering, func(b *binder, c clause) predicate {
		d := b.dates(c)
		return func(i *world.Issue) bool {
			return d.test(c.op, get(i).IsZero(), func(limit time.Time) int { return get(i).Compare(limit) })
		}
	}).of(kindDate, nil)
}

// bindDue compares days.
func bindDue(b *binder, c clause) predicate {
	d := b.dates(c)
	zone := b.env.Zone
	return func(i *world.Issue) bool {
		return d.test(c.op, i.Due == "", func(limit time.Time) int {
			return strings.Compare(world.SortableDay(i.Due), world.SortableDay(limit.In(zone).Format(dayFormat)))
		})
	}
}

// bindWorklogDate compares the days on which work was done, in the caller's
// zone.
func bindWorklogDate(b *binder, c clause) predicate {
	d := b.dates(c)
	zone := b.env.Zone
	return b.someLog(c.op, d.empty, func(l *world.Worklog) bool {
		return d.test(c.op, false, func(limit time.Time) int {
			first := startOf('d', limit.In(zone))
			switch {
			case l.Started.Before(first):
				return -1
			case l.Started.Before(startOf('d', first.AddDate(0, 0, 1))):
				return 0
			}
			return 1
		})
	})
}

// dates is what a list of date operands stands for.
type dates struct {
	limits []time.Time
	empty  bool
}

// test compares a field with every limit; none says that it has no value.
func (d dates) test(op string, none bool, order func(limit time.Time) int) bool {
	equal := func(limit time.Time) bool { return order(limit) == 0 }
	switch {
	case op == "=" || op == "IN" || op == "IS":
		return none && d.empty || !none && slices.ContainsFunc(d.limits, equal)
	case op == "!=" || op == "NOT IN" || op == "IS NOT":
		return !none && !slices.ContainsFunc(d.limits, equal)
	}
	return !none && slices.ContainsFunc(d.limits, func(limit time.Time) bool { return compare(op, order(limit)) })
}

func (b *binder) dates(c clause) dates {
	var d dates
	for _, o := range c.operands {
		if o.kind == isEmpty {
			d.empty = true
			continue
		}
		if t, ok := b.instant(c, o); ok {
			d.limits = append(d.limits, t)
		}
	}
	return d
}

// instant reads a date, a period from now, or a function of time.
func (b *binder) instant(c clause, o operand) (time.Time, bool) {
	now := b.env.Now.In(b.env.Zone)
	if o.kind == isFunction {
		return b.call(c, o, now)
	}
	for _, layout := range []string{"2006-1-2", "2006/1/2"} {
		if t, err := time.Parse(layout, o.text); err == nil {
			return midnight(t.Year(), t.Month(), t.Day(), b.env.Zone), true
		}
	}
	for _, layout := range []string{"2006-1-2 15:04", "2006/1/2 15:04"} {
		if t, err := time.ParseInLocation(layout, o.text, b.env.Zone); err == nil {
			return t, true
		}
	}
	if t, ok := period(now, o.text); ok {
		return t, true
	}
	b.fault("Date value '%s' for field '%s' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', "+
		"'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.", clip(o.text), clip(c.field))
	return time.Time{}, false
}

// period adds a text such as "-1w 2d" to now. Days are calendar days.
func period(now time.Time, s string) (time.Time, bool) {
	m := periodPattern.FindStringSubmatch(s)
	if m == nil {
		return now, false
	}
	sign := 1
	if m[1] == "-" {
		sign = -1
	}
	for _, part := range periodPart.FindAllStringSubmatch(m[2], -1) {
		n, err := strconv.Atoi(part[1])
		if err != nil {
			return now, false
		}
		now = add(now, sign*n, part[2][0])
	}
	return now, true
}

func add(t time.Time, n int, unit byte) time.Time {
	switch unit {
	case 'y':
		return t.AddDate(n, 0, 0)
	case 'M':
		return t.AddDate(0, n, 0)
	case 'w':
		return t.AddDate(0, 0, 7*n)
	case 'd':
		return t.AddDate(0, 0, n)
	case 'h':
		return t.Add(time.Duration(n) * time.Hour)
	}
	return t.Add(time.Duration(n) * time.Minute)
}

// rounding splits names such as startOfDay.
func rounding(name string) (unit byte, atEnd, ok bool) {
	lower := strings.ToLower(name)
	rest, atEnd := strings.CutPrefix(lower, "endof")
	if !atEnd {
		if rest, ok = strings.CutPrefix(lower, "startof"); !ok {
			return 0, false, false
		}
	}
	switch rest {
	case "day":
		return 'd', atEnd, true
	case "week":
		return 'w', atEnd, true
	case "month":
		return 'M', atEnd, true
	case "year":
		return 'y', atEnd, true
	}
	return 0, false, false
}

// call runs a function of time: now(), or startOfDay(-1) and its kind.
func (b *binder) call(c clause, o operand, now time.Time) (time.Time, bool) {
	unit, atEnd, ok := rounding(o.text)
	switch {
	case strings.EqualFold(o.text, "now") && len(o.args) == 0:
		return now, true
	case !ok || len(o.args) > 1:
		b.noFunction(c, o)
		return now, false
	}
	if len(o.args) == 1 {
		m := incrementPattern.FindStringSubmatch(o.args[0])
		if m == nil {
			b.fault("Incorrect increment '%s' for function '%s'. It must be a number with an optional unit (y, M, w, d, h or m).", clip(o.args[0]), clip(o.text))
			return now, false
		}
		n, _ := strconv.Atoi(m[1])
		step := unit
		if m[2] != "" {
			step = m[2][0]
		}
		now = add(now, n, step)
	}
	first := startOf(unit, now)
	if atEnd {
		return startOf('d', add(first, 1, unit)).Add(-time.Millisecond), true
	}
	return first, true
}

// startOf is the first instant of the day, week (from Monday), month or year
// that t is in.
func startOf(unit byte, t time.Time) time.Time {
	y, m, d := t.Date()
	switch unit {
	case 'w':
		d -= (int(t.Weekday()) + 6) % 7
	case 'M':
		d = 1
	case 'y':
		m, d = time.January, 1
	}
	return midnight(y, m, d, t.Location())
}

// midnight is the first instant of a day, which is later than midnight if the
// clocks go forward then.
func midnight(y int, m time.Month, d int, zone *time.Location) time.Time {
	t := time.Date(y, m, d, 0, 0, 0, 0, zone)
	if t.Hour() > 12 { // the evening before
		return t.Add(time.Hour)
	}
	return t
}
