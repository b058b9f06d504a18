package timelog

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/internal/workload"
)

// On is what time was logged on: an issue or, in a sheet of projects, a project. The zero
// On is none.
type On struct {
	// Key is the issue's or the project's, "" if its title is not known.
	Key string
	// Name is the issue's summary or the project's name.
	Name string
	// id tells issues apart whose titles are not known.
	id string
}

// onOf is what a worklog is on in a kind of sheet.
func (in Input) onOf(w *workload.Worklog) On {
	title := in.Titles[w.Issue]
	if in.Sheet == workload.SheetProjects {
		return On{Key: title.Project.ID, Name: title.Project.Name, id: title.Project.ID}
	}
	return On{Key: title.Key, Name: title.Summary, id: w.Issue}
}

// parts are rows of what was logged on, by its id.
type parts map[string]*Row

func (p parts) of(s *Sheet, on On) *Row {
	row := p[on.id]
	if row == nil {
		fresh := s.row(workload.Person{})
		fresh.On = on
		row = &fresh
		p[on.id] = row
	}
	return row
}

// whose are rows of people in a row, by account id.
type whose map[string]*Row

// divided counts what people with rows of their own have logged, by what it is on.
type divided struct {
	// below are the parts of people's rows, above the rows of their own with the people
	// in each.
	below map[string]parts
	above parts
	in    map[string]whose
}

func newDivided() *divided {
	return &divided{below: map[string]parts{}, above: parts{}, in: map[string]whose{}}
}

// add counts time of somebody who has a row.
func (d *divided) add(s *Sheet, in Input, w *workload.Worklog, day int, one Cell) {
	if in.Sheet == workload.SheetPeople {
		return
	}
	on, account := in.onOf(w), w.Author.AccountID
	if in.Sheet == workload.SheetPeopleIssues {
		if d.below[account] == nil {
			d.below[account] = parts{}
		}
		d.below[account].of(s, on).add(day, one)
		return
	}
	d.above.of(s, on).add(day, one)
	if d.in[on.id] == nil {
		d.in[on.id] = whose{}
	}
	s.join(d.in[on.id], w.Author).add(day, one)
}

// divide puts the parts into a sheet whose people have their rows. Those of apps are in
// no row of another kind.
func (d *divided) divide(s *Sheet, in Input) {
	for _, rows := range [][]Row{s.Rows, s.Apps} {
		for i := range rows {
			rows[i].Parts = sortedRows(d.below[rows[i].Person.AccountID])
		}
	}
	if in.Sheet != workload.SheetIssuesPeople && in.Sheet != workload.SheetProjects {
		return
	}
	people := map[string]workload.Person{}
	for _, row := range s.Rows {
		people[row.Person.AccountID] = row.Person
	}
	for id, row := range d.above {
		whole := s.row(workload.Person{})
		whole.On = row.On
		for account, part := range d.in[id] {
			person, ok := people[account]
			if !ok { // an app
				continue
			}
			for day, c := range part.Cells {
				whole.add(day, c)
			}
			if in.Sheet == workload.SheetIssuesPeople {
				part.Person, part.On = person, row.On
				whole.Parts = append(whole.Parts, *part)
			}
		}
		if whole.Total.Entries > 0 {
			slices.SortFunc(whole.Parts, byTime)
			s.Groups = append(s.Groups, whole)
		}
	}
	slices.SortFunc(s.Groups, byTime)
}

func sortedRows(p parts) []Row {
	if len(p) == 0 {
		return nil
	}
	rows := make([]Row, 0, len(p))
	for _, row := range p {
		rows = append(rows, *row)
	}
	slices.SortFunc(rows, byTime)
	return rows
}

// compareOn puts what is called the same in the order of its keys, 9 before 10.
func compareOn(a, b On) int {
	number := func(key string) (project string, length int) {
		at := strings.LastIndexByte(key, '-')
		if at < 0 {
			return key, 0
		}
		return key[:at+1], len(key)
	}
	aProject, aLength := number(a.Key)
	bProject, bLength := number(b.Key)
	return cmp.Or(cmp.Compare(aProject, bProject), cmp.Compare(aLength, bLength), cmp.Compare(a.Key, b.Key), cmp.Compare(a.id, b.id))
}

// SortedGroups returns the rows of issues or projects in an order.
func (s Sheet) SortedGroups(o Order) []Row { return sorted(s.Groups, o) }
