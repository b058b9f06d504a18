package workload

import "time"

// Tally counts issues and work logs one by one, so that they need not be in memory at
// once. [Summarize] makes a summary of it.
type Tally struct {
	today, soon, from, to Date
	zone                  *time.Location
	// people are those with an open issue or with time logged, by account id.
	people     map[string]*Row
	unassigned Counts
	measure    Measure
	weeks      []Span
	by         By
	groups     groups
	unknown    time.Duration
}

// NewTally returns an empty tally: in says when, where and for how long.
func NewTally(in Input) *Tally {
	today := DateOf(in.Now, in.Zone)
	days := in.Span
	if days == (Span{}) {
		days = Span{today.AddDays(1 - int(in.window())), today}
	}
	return &Tally{
		today: today, soon: today.AddDays(in.Weighing.DueSoonDays()), from: days.From, to: days.To, zone: in.Zone,
		people: map[string]*Row{}, measure: in.Measure, weeks: in.Weeks, by: in.By, groups: groups{},
	}
}

func (in Input) window() Window {
	if in.Window <= 0 {
		return Fortnight
	}
	return in.Window
}

// Row is where the issues and work logs of a person are counted, nil for nobody. It
// stays the same. Ask for it only to count something.
func (t *Tally) Row(p Person) *Row {
	if p.AccountID == "" {
		return nil
	}
	return join(t.people, p)
}

// Open counts an issue that is not done, in the row of its assignee. The same issue
// twice counts twice.
func (t *Tally) Open(row *Row, c Category, due Date, remaining time.Duration) {
	t.counts(row).addIssue(c, due, remaining, t.today, t.soon)
}

// Sized reports whether the tally needs the sizes of what [Tally.Open] counts.
func (t *Tally) Sized() bool { return t.measure.Sized() }

// Size adds how much an issue is that was counted in a row, or that nobody has
// estimated it. Only its category, due date, remaining estimate and points matter.
func (t *Tally) Size(row *Row, issue *Issue) {
	t.counts(row).addSize(issue, t.measure, t.today, t.soon)
}

func (t *Tally) counts(row *Row) *Counts {
	if row == nil {
		return &t.unassigned
	}
	return &row.Counts
}

// Within reports whether a work log that was started then counts.
func (t *Tally) Within(started time.Time) bool {
	day := DateOf(started, t.zone)
	return !day.Before(t.from) && !t.to.Before(day)
}

// Log counts a work log that is [Tally.Within] the window, in the row of its author.
func (t *Tally) Log(row *Row, spent time.Duration) {
	if row == nil || !row.Person.Known() {
		t.unknown = Sum(t.unknown, spent)
		return
	}
	row.log(spent)
}

// countIssues counts a list of issues, each once.
func (t *Tally) countIssues(issues []Issue) {
	seen := make(Seen, len(issues))
	for i := range issues {
		issue := &issues[i]
		if seen.Before(issue.ID) || issue.Category == CategoryDone {
			continue
		}
		var row *Row
		if issue.Assignee != nil {
			row = t.Row(*issue.Assignee)
		}
		t.Open(row, issue.Category, issue.Due, issue.Remaining)
		if t.measure.Sized() {
			t.Size(row, issue)
		}
		t.counts(row).addAhead(issue, t.measure, t.weeks)
		if t.by.Axis() != AxisNone {
			t.group(issue, row)
		}
	}
}

// group counts an issue in the group of its value.
func (t *Tally) group(issue *Issue, row *Row) {
	counts := t.groups.of(issue.In, row)
	counts.addIssue(issue.Category, issue.Due, issue.Remaining, t.today, t.soon)
	if t.measure.Sized() {
		counts.addSize(issue, t.measure, t.today, t.soon)
	}
	counts.addAhead(issue, t.measure, t.weeks)
}

// countWorklogs counts a list of work logs, each once.
func (t *Tally) countWorklogs(logs []Worklog) {
	for w := range Logged(logs, t.from, t.to, t.zone) {
		var row *Row
		if w.Author.Known() {
			row = t.Row(w.Author)
		}
		t.Log(row, w.Spent)
	}
}
