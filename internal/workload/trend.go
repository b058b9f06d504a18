package workload

import (
	"slices"
	"time"
)

// Trend is how many days a workload looks back; the zero value is none.
type Trend int

// How far a workload may look back.
const (
	TrendNone    Trend = 0
	TrendWeek    Trend = 7
	TrendMonth   Trend = 28
	TrendQuarter Trend = 91
	TrendYear    Trend = 364
)

// Trends are all trends, none first.
func Trends() []Trend { return []Trend{TrendNone, TrendWeek, TrendMonth, TrendQuarter, TrendYear} }

// Valid reports whether a workload can look back so far.
func (t Trend) Valid() bool { return slices.Contains(Trends(), t) }

// step is how many days are between two moments.
func (t Trend) step() int {
	switch t {
	case TrendMonth:
		return 2
	case TrendQuarter:
		return 7
	case TrendYear:
		return 28
	}
	return 1
}

// Times are the moments of the trend before now, at the same time of day, the oldest
// first.
func (t Trend) Times(now time.Time) (list []time.Time) {
	for days := int(t); days > 0; days -= t.step() {
		list = append(list, now.AddDate(0, 0, -days))
	}
	return list
}

// Line is how something went: at each moment, and now at last.
type Line []Carried

// Before is the first of the line, Now its last.
func (l Line) Before() Carried { return l[0] }

// Now is how it is.
func (l Line) Now() Carried { return l[len(l)-1] }

// More is how many more issues are open than before.
func (l Line) More() int { return l.Now().Open - l.Before().Open }

// Lines are the lines of a summary's people, by account id, and of everybody whose
// issues are in its totals.
type Lines struct {
	People map[string]Line
	Team   Line
}

// Lines puts moments before a summary in line with it. Of now, only what was done since
// the first of them is taken: what is open is in the summary. Whoever is neither in the
// team nor a person does not count, as in the summary.
func (s Summary) Lines(before []Moment, now Moment, team []Person) Lines {
	all := Lines{People: make(map[string]Line, len(s.Rows))}
	members := teamRows(team)
	app := map[string]bool{}
	for _, row := range s.Apps {
		app[row.Person.AccountID] = true
	}
	sumOf := func(m Moment) (sum Carried) {
		for account, had := range m.By {
			if account == "" || !app[account] && (team == nil || members[account] != nil) {
				sum.add(had)
			}
		}
		return sum
	}
	for _, m := range before {
		all.Team = append(all.Team, sumOf(m))
		for _, row := range s.Rows {
			account := row.Person.AccountID
			all.People[account] = append(all.People[account], m.By[account])
		}
	}
	for _, row := range s.Rows {
		account := row.Person.AccountID
		all.People[account] = append(all.People[account], row.Counts.carried(now.By[account].Done))
	}
	all.Team = append(all.Team, s.Totals.carried(sumOf(now).Done))
	return all
}

func (c *Carried) add(other Carried) {
	c.Open += other.Open
	c.Overdue += other.Overdue
	c.Remaining = Sum(c.Remaining, other.Remaining)
	c.Done += other.Done
}

func (c Counts) carried(done int) Carried {
	return Carried{Open: c.Open, Overdue: c.Overdue, Remaining: c.Remaining, Done: done}
}
