package workload

import "time"

// Ahead is for how many days ahead a workload shows, week by week, what is due; 0: for
// none. Today counts as none of them, as in what is due soon.
type Ahead int

// The usual numbers of days, and the most.
const (
	AheadNone      Ahead = 0
	AheadWeek      Ahead = 7
	AheadFortnight Ahead = 14
	AheadMonth     Ahead = 28
	MaxAhead       Ahead = 56
)

// Aheads are the usual numbers of days, none first.
func Aheads() []Ahead { return []Ahead{AheadNone, AheadWeek, AheadFortnight, AheadMonth} }

// Valid reports whether a workload can look so far ahead.
func (a Ahead) Valid() bool { return a >= AheadNone && a <= MaxAhead }

// maxWeeks is how many weeks have a day of today and those ahead.
const maxWeeks = int(MaxAhead)/7 + 1

// Weeks are the weeks ahead of a day: the first is what is left of its week, the last
// ends with the last day ahead. Weeks begin with the given day.
func (a Ahead) Weeks(today Date, first time.Weekday) (list []Span) {
	if a <= AheadNone {
		return nil
	}
	last := today.AddDays(int(min(a, MaxAhead)))
	for from, end := today, weekOf(today, first).AddDays(6); !last.Before(from); from, end = end.AddDays(1), end.AddDays(7) {
		if last.Before(end) {
			end = last
		}
		list = append(list, Span{from, end})
	}
	return list
}

// Part is how many open issues there are at some time ahead, and how much they are in
// the summary's measure.
type Part struct {
	N    int
	Size Size
}

func (p *Part) add(o Part) { p.N, p.Size = p.N+o.N, p.Size+o.Size }

// Spread is when open issues are due that are not overdue. With those that are, all
// parts together are what is open.
type Spread struct {
	// Weeks are as many as the summary has.
	Weeks [maxWeeks]Part
	// Later is due after these weeks, Undated has no due date.
	Later, Undated Part
}

// plus is a spread with another; nil is nothing. Neither is changed.
func (s *Spread) plus(o *Spread) *Spread {
	if o == nil {
		return s
	}
	var sum Spread
	if s != nil {
		sum = *s
	}
	sum.addAll(o)
	return &sum
}

func (s *Spread) addAll(o *Spread) {
	for i := range s.Weeks {
		s.Weeks[i].add(o.Weeks[i])
	}
	s.Later.add(o.Later)
	s.Undated.add(o.Undated)
}

// at is the part of what is due on a day; nil for what is overdue.
func (s *Spread) at(due Date, weeks []Span) *Part {
	switch {
	case due.IsZero():
		return &s.Undated
	case due.Before(weeks[0].From):
		return nil
	}
	for i, week := range weeks {
		if !week.To.Before(due) {
			return &s.Weeks[i]
		}
	}
	return &s.Later
}

// Spread is Ahead, also where nothing is open.
func (c Counts) Spread() Spread {
	if c.Ahead == nil {
		return Spread{}
	}
	return *c.Ahead
}

// addAhead adds an issue that was counted to the time ahead when it is due.
func (c *Counts) addAhead(i *Issue, m Measure, weeks []Span) {
	if len(weeks) == 0 {
		return
	}
	if c.Ahead == nil {
		c.Ahead = &Spread{}
	}
	if part := c.Ahead.at(i.Due, weeks); part != nil {
		one := Part{N: 1}
		if m.Sized() {
			one.Size, _ = i.size(m) // nothing, if nobody has estimated it
		}
		part.add(one)
	}
}

// DueWithin is the JQL behind one of the weeks of [Counts].Ahead.
func (s Scope) DueWithin(whose Assignees, week int) string {
	if s.Summary == nil || week >= len(s.Summary.Weeks) {
		return ""
	}
	span := s.Summary.Weeks[week]
	return s.search(whose, func(c Counts) int { return c.Spread().Weeks[week].N }, s.Where.Statuses.open(), Due(span.From, span.To))
}

// Due is the JQL for what is due from one day to another, both included.
func Due(from, to Date) string { return all(onOrAfter("duedate", from), onOrBefore("duedate", to)) }

// DueLater is the JQL behind the later part of [Counts].Ahead.
func (s Scope) DueLater(whose Assignees) string {
	if s.Summary == nil || len(s.Summary.Weeks) == 0 {
		return ""
	}
	last := s.Summary.Weeks[len(s.Summary.Weeks)-1].To
	return s.search(whose, func(c Counts) int { return c.Spread().Later.N }, s.Where.Statuses.open(), after("duedate", last))
}

// Undated is the JQL behind the undated part of [Counts].Ahead.
func (s Scope) Undated(whose Assignees) string {
	return s.search(whose, func(c Counts) int { return c.Spread().Undated.N }, s.Where.Statuses.open(), "duedate is EMPTY")
}
