package workload

import (
	"slices"
	"time"
)

// maxOutside is how many people outside the team are known by name: no address
// has room for more.
const maxOutside = 200

// Summarize counts, per person, what is open, overdue, due soon and logged, and
// compares the people with each other.
//
// Everybody with an open issue, or with time logged in the window, has a row.
// With a team, exactly its members have one, also with nothing open. The issues
// of people outside the team do not count; their time does, as that of others, so
// that the time logged is one sum whatever the rows.
//
// People whose account is deactivated are in the totals and in no comparison.
//
// The accounts of apps do not count as people. Those with something open or
// logged have rows of their own, outside all totals, medians and loads. With a
// team, only members are among them.
//
// Of issues and worklogs with the same ID the first counts; one without an ID
// is never a duplicate.
func Summarize(in Input) Summary {
	t := in.Tally
	if t == nil {
		t = NewTally(in)
	}
	t.countIssues(in.Issues)
	t.countWorklogs(in.Worklogs)
	s := Summary{
		Today:      t.today,
		From:       t.from,
		To:         t.to,
		Zone:       orUTC(in.Zone).String(),
		Window:     in.window(),
		Unassigned: t.unassigned,
		Unknown:    t.unknown,
		Gaps:       in.Gaps,

		Weighing: in.Weighing,
		Measure:  in.Measure,
		Weeks:    in.Weeks,
		By:       in.By,
	}
	s.Rows, s.Apps = split(s.among(t.people, in), in.Measure)
	if in.By.Axis() != AxisNone {
		s.Groups = s.groupsOf(t.groups)
	}
	s.setLoads()
	s.addUp()
	return s
}

// teamRows gives every member of the team a row, by account id.
func teamRows(team []Person) map[string]*Row {
	people := make(map[string]*Row, len(team))
	for _, p := range team {
		if p.AccountID != "" {
			join(people, p)
		}
	}
	return people
}

// join returns the person's row, a new one if needed, and completes its data on
// the person.
func join(people map[string]*Row, p Person) *Row {
	row := people[p.AccountID]
	if row == nil {
		row = &Row{Person: p}
		people[p.AccountID] = row
	}
	row.Person.Complete(p)
	return row
}

// among returns the rows to show of those who were counted. With a team those are its
// members', and what others have logged is added up.
func (s *Summary) among(counted map[string]*Row, in Input) map[string]*Row {
	if in.Team == nil {
		return counted
	}
	people := teamRows(in.Team)
	var outside []string
	for account, row := range counted {
		switch member := people[account]; {
		case member != nil:
			member.Person.Complete(row.Person)
			member.Counts = row.Counts
			continue
		case !row.Person.App:
			s.Others = Sum(s.Others, row.Logged)
		}
		if row.Open > 0 {
			outside = append(outside, account)
		}
	}
	if !in.Gaps.Issues.Any() && len(outside) <= maxOutside {
		slices.Sort(outside)
		s.Outside = append(make([]string, 0, len(outside)), outside...)
	}
	return people
}

func (c *Counts) addIssue(category Category, due Date, remaining time.Duration, today, soon Date) {
	in := slotsOf(category, due, today, soon)
	c.Open++
	c.ToDo += int(in.bit(slotToDo))
	c.InProgress += int(in.bit(slotInProgress))
	c.Overdue += int(in.bit(slotOverdue))
	c.DueSoon += int(in.bit(slotDueSoon))
	c.Remaining = Sum(c.Remaining, remaining)
}

// addSize adds how much an issue is that was counted.
func (c *Counts) addSize(i *Issue, m Measure, today, soon Date) {
	size, ok := i.size(m)
	if !ok {
		c.Blank++
		return
	}
	c.Sizes.add(size, slotsOf(i.Category, i.Due, today, soon))
}

func (c *Counts) log(spent time.Duration) { c.Logged = Sum(c.Logged, spent) }

// split separates people from apps, each sorted by what is open. It drops apps
// that have nothing to show.
func split(all map[string]*Row, m Measure) (people, apps []Row) {
	people = make([]Row, 0, len(all))
	for _, row := range all {
		switch {
		case !row.Person.App:
			people = append(people, *row)
		case row.Open > 0 || row.Logged > 0:
			apps = append(apps, *row)
		}
	}
	order(people, ByOpen.First(), m)
	order(apps, ByOpen.First(), m)
	return people, apps
}

func (s *Summary) addUp() {
	s.Totals = s.Unassigned
	s.Totals.Logged = Sum(s.Totals.Logged, s.Others, s.Unknown)
	for i := range s.Rows {
		s.Totals.add(&s.Rows[i].Counts)
	}
}

func (c *Counts) add(other *Counts) {
	c.Open += other.Open
	c.ToDo += other.ToDo
	c.InProgress += other.InProgress
	c.Overdue += other.Overdue
	c.DueSoon += other.DueSoon
	c.Blank += other.Blank
	c.Sizes.addAll(other.Sizes)
	c.Ahead = c.Ahead.plus(other.Ahead)
	c.Remaining = Sum(c.Remaining, other.Remaining)
	c.log(other.Logged)
}
