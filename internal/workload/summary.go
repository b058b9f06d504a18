package workload

// dueSoonDays is how many days ahead an open issue counts as due soon.
const dueSoonDays = 7

// Summarize counts, per person, what is open, overdue, due soon and logged, and
// compares the people with each other.
//
// Everybody with an open issue has a row. With a team, exactly its members have
// one, also with nothing open. Logged time counts only for people with a row.
//
// The accounts of apps do not count as people. Those with something open or
// logged have rows of their own, outside all totals, medians and loads. With a
// team, only members are among them.
//
// Of issues and worklogs with the same ID the first counts; one without an ID
// is never a duplicate.
func Summarize(in Input) Summary {
	if in.Window <= 0 {
		in.Window = Fortnight
	}
	today := DateOf(in.Now, in.Zone)
	s := Summary{
		Today:  today,
		From:   today.AddDays(1 - int(in.Window)),
		Zone:   orUTC(in.Zone).String(),
		Window: in.Window,
	}
	people := teamRows(in.Team)
	s.countIssues(in, people)
	s.countWorklogs(in, people)
	s.Rows, s.Apps = split(people)
	s.Median = median(s.Rows)
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

func (s *Summary) countIssues(in Input, people map[string]*Row) {
	seen := make(Seen, len(in.Issues))
	for i := range in.Issues {
		issue := &in.Issues[i]
		if seen.Before(issue.ID) || issue.Category == CategoryDone {
			continue
		}
		if issue.Assignee == nil || issue.Assignee.AccountID == "" {
			s.Unassigned.addIssue(issue, s.Today)
			continue
		}
		if in.Team != nil && people[issue.Assignee.AccountID] == nil {
			continue
		}
		join(people, *issue.Assignee).addIssue(issue, s.Today)
	}
}

func (c *Counts) addIssue(issue *Issue, today Date) {
	c.Open++
	switch issue.Category {
	case CategoryNew:
		c.ToDo++
	case CategoryInProgress:
		c.InProgress++
	}
	switch due := issue.Due; {
	case due.IsZero():
	case due.Before(today):
		c.Overdue++
	case !today.AddDays(dueSoonDays).Before(due):
		c.DueSoon++
	}
	c.Remaining += max(0, issue.Remaining)
}

// countWorklogs compares days, not instants, so that days of 23 and 25 hours
// are correct.
func (s *Summary) countWorklogs(in Input, people map[string]*Row) {
	seen := make(Seen, len(in.Worklogs))
	for i := range in.Worklogs {
		w := &in.Worklogs[i]
		day := DateOf(w.Started, in.Zone)
		if seen.Before(w.ID) || day.Before(s.From) || s.Today.Before(day) {
			continue
		}
		member := in.Team == nil || people[w.Author.AccountID] != nil
		if w.Author.App && w.Author.AccountID != "" && member {
			join(people, w.Author)
		}
		if row := people[w.Author.AccountID]; row != nil {
			row.Logged += max(0, w.Spent)
		}
	}
}

// split separates people from apps, each sorted by open issues. It drops apps
// that have nothing to show.
func split(all map[string]*Row) (people, apps []Row) {
	people = make([]Row, 0, len(all))
	for _, row := range all {
		switch {
		case !row.Person.App:
			people = append(people, *row)
		case row.Open > 0 || row.Logged > 0:
			apps = append(apps, *row)
		}
	}
	order(people, ByOpen.First())
	order(apps, ByOpen.First())
	return people, apps
}

func (s *Summary) addUp() {
	s.Totals = s.Unassigned
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
	c.Remaining += other.Remaining
	c.Logged += other.Logged
}
