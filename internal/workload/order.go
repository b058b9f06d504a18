package workload

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Ordered returns the people's rows in the order that a viewer chose, the pinned
// ones first; pinned counts these.
func (s Summary) Ordered(p Preferences) (rows []Row, pinned int) {
	var others []Row
	for _, row := range s.Rows {
		if p.Pinned(row.Person.AccountID) {
			rows = append(rows, row)
		} else {
			others = append(others, row)
		}
	}
	order(rows, p.Sort, s.Measure)
	order(others, p.Sort, s.Measure)
	return append(rows, others...), len(rows)
}

// order sorts rows. Equal ones go by what is open, most first, then by name, in
// either direction.
func order(rows []Row, by Sort, m Measure) {
	before := slices.Clone(rows)
	list := make([]*Row, len(rows)) // rows are large: to compare copies would take longer than to count
	for i := range before {
		list[i] = &before[i]
	}
	slices.SortFunc(list, func(a, b *Row) int { return compareRows(a, b, by, m) })
	for i, row := range list {
		rows[i] = *row
	}
}

func compareRows(a, b *Row, by Sort, m Measure) int {
	c := by.By.compare(a, b)
	if of := by.By.size(); of != nil && m.Sized() {
		c = cmp.Compare(of(&a.Sizes), of(&b.Sizes))
	}
	if by.Desc {
		c = -c
	}
	if c = cmp.Or(c, cmp.Compare(b.Sizes.Open, a.Sizes.Open), cmp.Compare(b.Open, a.Open)); c != 0 {
		return c
	}
	return compareNames(a, b)
}

func compareNames(a, b *Row) int {
	return cmp.Or(
		cmp.Compare(strings.ToLower(a.Person.Name), strings.ToLower(b.Person.Name)),
		cmp.Compare(a.Person.AccountID, b.Person.AccountID),
	)
}

// size is what a column shows of sizes, nil for columns that show none.
func (c Column) size() func(*Sizes) Size {
	switch c {
	case ByOpen:
		return func(s *Sizes) Size { return s.Open }
	case ByToDo:
		return func(s *Sizes) Size { return s.ToDo }
	case ByInProgress:
		return func(s *Sizes) Size { return s.InProgress }
	case ByOverdue:
		return func(s *Sizes) Size { return s.Overdue }
	case ByDueSoon:
		return func(s *Sizes) Size { return s.DueSoon }
	}
	return nil
}

// compare puts what is less before what is more.
func (c Column) compare(a, b *Row) int {
	switch c {
	case ByName:
		return compareNames(a, b)
	case ByToDo:
		return cmp.Compare(a.ToDo, b.ToDo)
	case ByInProgress:
		return cmp.Compare(a.InProgress, b.InProgress)
	case ByOverdue:
		return cmp.Compare(a.Overdue, b.Overdue)
	case ByDueSoon:
		return cmp.Compare(a.DueSoon, b.DueSoon)
	case ByBlank:
		return cmp.Compare(a.Blank, b.Blank)
	case ByRemaining:
		return cmp.Compare(a.Remaining, b.Remaining)
	case ByLogged:
		return cmp.Compare(a.Logged, b.Logged)
	case ByLoad:
		return cmp.Compare(a.Load.weight(), b.Load.weight())
	}
	return cmp.Compare(a.Open, b.Open)
}

func (l Load) weight() int {
	return slices.Index([]Load{LoadLight, LoadBalanced, LoadHeavy}, l)
}

// Capacity is the average working time in a window: its share of a week's
// working days. It ignores holidays and absences. hoursADay and daysAWeek are
// Jira's settings; values that make no sense become eight and five.
func (w Window) Capacity(hoursADay, daysAWeek float64) time.Duration {
	if hoursADay <= 0 || hoursADay > 24 {
		hoursADay = 8
	}
	if daysAWeek <= 0 || daysAWeek > 7 {
		daysAWeek = 5
	}
	return time.Duration(float64(w) / 7 * daysAWeek * hoursADay * float64(time.Hour))
}
