package timelog

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// Input is the input of [Make].
type Input struct {
	Worklogs []workload.Worklog // those outside the window and duplicates do not count
	Team     []workload.Person  // everybody who has a row, also without time; nil: everybody who logged time
	Now      time.Time          // decides what today is
	Zone     *time.Location     // the viewer's; nil: UTC
	Window   workload.Window    // 0 or less: Fortnight
	Span     workload.Span      // the days of the sheet, instead of Window; zero: none
	Gaps     workload.Gaps      // what is missing from Worklogs and Team
	// Sheet is what the rows are, and Titles what issues are called, by their ids.
	Sheet  workload.Sheet
	Titles map[string]workload.Title
}

// Cell is the time of one person on one day, or a sum of cells.
type Cell struct {
	Spent   time.Duration
	Entries int
}

func (c *Cell) add(o Cell) {
	c.Spent = workload.Sum(c.Spent, o.Spent)
	c.Entries += o.Entries
}

// Row is one person's time, or that on an issue or a project: a cell for each day of the
// sheet, and their sum. Parts divide it.
type Row struct {
	Person workload.Person
	On     On
	Cells  []Cell
	Total  Cell
	Parts  []Row
}

// Sheet is people by days. The accounts of apps have rows of their own, which
// no sum includes.
type Sheet struct {
	Days  []workload.Date // oldest first; without a Span, the last is Today
	Today workload.Date   // in Zone
	Zone  string          // IANA name of the time zone of the days
	Rows  []Row           // by time, most first, then by name
	Apps  []Row           // in the same order
	// Groups are issues with the people of Rows, or projects, in the same order; nil in
	// sheets of people.
	Groups []Row
	// Others is the time of people outside the team, Unknown the time without a
	// known author. Neither has a Person.
	Others, Unknown Row
	Sums            []Cell // of Rows, Others and Unknown, by day
	Total           Cell   // of Rows, Others and Unknown

	Gaps workload.Gaps // what is missing from all of these
}

// Make counts, by person and day, the worklogs that [workload.Logged] yields. With
// a team, only its members have rows of their own.
func Make(in Input) Sheet {
	if in.Window <= 0 {
		in.Window = workload.Fortnight
	}
	today := workload.DateOf(in.Now, in.Zone)
	if in.Span == (workload.Span{}) {
		in.Span = workload.Span{From: today.AddDays(1 - int(in.Window)), To: today}
	}
	s := Sheet{Days: daysOf(in.Span), Today: today, Zone: zoneName(in.Zone), Gaps: in.Gaps}
	s.Others, s.Unknown = s.row(workload.Person{}), s.row(workload.Person{})
	people := s.teamRows(in.Team)
	parts := newDivided()
	s.count(in, people, parts)
	for _, row := range people {
		switch {
		case !row.Person.App:
			s.Rows = append(s.Rows, *row)
		case row.Total.Entries > 0:
			s.Apps = append(s.Apps, *row)
		}
	}
	slices.SortFunc(s.Rows, byTime)
	slices.SortFunc(s.Apps, byTime)
	parts.divide(&s, in)
	s.addUp()
	return s
}

func zoneName(zone *time.Location) string {
	if zone == nil {
		return time.UTC.String()
	}
	return zone.String()
}

// Span is the sheet's days; the zero span is none.
func (s Sheet) Span() workload.Span {
	if len(s.Days) == 0 {
		return workload.Span{}
	}
	return workload.Span{From: s.Days[0], To: s.Days[len(s.Days)-1]}
}

func daysOf(s workload.Span) []workload.Date {
	days := make([]workload.Date, s.Days())
	for i := range days {
		days[i] = s.From.AddDays(i)
	}
	return days
}

// teamRows gives every member of the team a row, by account id.
func (s *Sheet) teamRows(team []workload.Person) map[string]*Row {
	people := make(map[string]*Row, len(team))
	for _, p := range team {
		if p.AccountID != "" {
			s.join(people, p)
		}
	}
	return people
}

// join returns the person's row, a new one if needed, and completes its data on
// the person.
func (s *Sheet) join(people map[string]*Row, p workload.Person) *Row {
	row := people[p.AccountID]
	if row == nil {
		fresh := s.row(p)
		row = &fresh
		people[p.AccountID] = row
	}
	row.Person.Complete(p)
	return row
}

func (s *Sheet) row(p workload.Person) Row { return Row{Person: p, Cells: make([]Cell, len(s.Days))} }

func (s *Sheet) count(in Input, people map[string]*Row, parts *divided) {
	first, last := s.Days[0], s.Days[len(s.Days)-1]
	at := make(map[workload.Date]int, len(s.Days))
	for i, day := range s.Days {
		at[day] = i
	}
	outside := map[string]*Row{}
	for w, day := range workload.Logged(in.Worklogs, first, last, in.Zone) {
		one := Cell{Spent: max(0, w.Spent), Entries: 1}
		switch {
		case !w.Author.Known():
			s.Unknown.add(at[day], one)
		case in.Team == nil || people[w.Author.AccountID] != nil:
			s.join(people, w.Author).add(at[day], one)
			parts.add(s, in, w, at[day], one)
		default:
			s.join(outside, w.Author).add(at[day], one)
		}
	}
	s.addOthers(outside)
}

func (r *Row) add(day int, c Cell) {
	r.Cells[day].add(c)
	r.Total.add(c)
}

// addOthers adds up the people outside the team; apps are not counted as people.
func (s *Sheet) addOthers(outside map[string]*Row) {
	for _, row := range outside {
		if row.Person.App {
			continue
		}
		for day, c := range row.Cells {
			s.Others.add(day, c)
		}
	}
}

func byTime(a, b Row) int {
	return cmp.Or(cmp.Compare(b.Total.Spent, a.Total.Spent), byName(a, b))
}

func byName(a, b Row) int {
	return cmp.Or(
		cmp.Compare(strings.ToLower(a.Person.Name), strings.ToLower(b.Person.Name)),
		cmp.Compare(a.Person.AccountID, b.Person.AccountID),
		compareOn(a.On, b.On),
	)
}

func (s *Sheet) addUp() {
	s.Sums = make([]Cell, len(s.Days))
	for _, row := range append(slices.Clone(s.Rows), s.Others, s.Unknown) {
		for i, c := range row.Cells {
			s.Sums[i].add(c)
		}
		s.Total.add(row.Total)
	}
}

// AppTotal is the time of the apps' accounts.
func (s Sheet) AppTotal() Cell {
	var sum Cell
	for _, row := range s.Apps {
		sum.add(row.Total)
	}
	return sum
}

// Order is an order of rows. The zero value is by time, most first.
type Order struct {
	ByName  bool
	Reverse bool
	// Pins are the accounts whose rows come first, in this order.
	Pins []string
}

// Sorted returns the people's rows in an order.
func (s Sheet) Sorted(o Order) []Row { return sorted(s.Rows, o) }

func sorted(list []Row, o Order) []Row {
	compare, rank := byTime, map[string]int{}
	if o.ByName {
		compare = byName
	}
	for i, account := range o.Pins {
		rank[account] = i - len(o.Pins)
	}
	rows := slices.Clone(list)
	slices.SortFunc(rows, func(a, b Row) int {
		if o.Reverse {
			a, b = b, a
		}
		return compare(a, b)
	})
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Compare(rank[a.Person.AccountID], rank[b.Person.AccountID])
	})
	return rows
}
