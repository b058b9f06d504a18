package timesheet

import (
	"cmp"
	"strings"

	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// naming is what rows are called in a kind of sheet: the rows, and what is below them.
func (t timelogPresenter) naming() (rows, parts string) {
	x, person := t.l.Axes, t.l.Workload.Person
	switch t.Config.Sheet {
	case workload.SheetPeopleIssues:
		return person, x.Issue
	case workload.SheetIssuesPeople:
		return x.Issue, person
	case workload.SheetProjects:
		return x.Names.Project, ""
	}
	return person, ""
}

// group puts rows of another kind in place of people's, if the sheet has them.
func (t timelogPresenter) group(out *web.Timelog) {
	rows, parts := t.naming()
	switch {
	case parts != "":
		out.Caption = t.l.Say(t.l.Axes.SheetCaptionOf, rows, parts)
	case t.Config.Sheet != workload.SheetPeople:
		out.Caption = t.l.Say(t.l.Axes.SheetCaption, rows)
	}
	if !t.ofThings() {
		return
	}
	out.RowsName, out.Rows = rows, nil
	for _, r := range t.Sheet.SortedGroups(t.order()) {
		row := t.thing(r, workload.Person{AccountID: viewer.Everybody, Name: onName(t, r.On)})
		for _, part := range r.Parts {
			below := t.person(part, part.On.Key)
			below.Part, below.Value = true, part.On.Key
			row.Parts = append(row.Parts, below)
		}
		out.Rows = append(out.Rows, row)
	}
	out.Hidden = board.HiddenRows(t.Config, len(out.Rows))
}

// ofThings reports whether the rows are issues or projects.
func (t timelogPresenter) ofThings() bool {
	return t.Config.Sheet == workload.SheetIssuesPeople || t.Config.Sheet == workload.SheetProjects
}

// parts are the issues below a person's row.
func (t timelogPresenter) parts(r timelog.Row) []web.TimelogRow {
	var list []web.TimelogRow
	for _, part := range r.Parts {
		row := t.thing(part, r.Person)
		row.ID, row.Part = r.Person.AccountID, true
		list = append(list, row)
	}
	return list
}

// thing is the row of an issue or a project, with the time of a person or of everybody.
func (t timelogPresenter) thing(r timelog.Row, who workload.Person) web.TimelogRow {
	row := web.TimelogRow{Name: onName(t, r.On), Value: r.On.Key, Total: t.amount(r.Total.Spent), Hint: r.On.Name}
	if workload.IsIssueKey(r.On.Key) && !t.at.IsZero() {
		row.Href = board.Browse(t.at.Tenant, r.On.Key)
	}
	if workload.IsIssueKey(r.On.Key) {
		row.Key = r.On.Key
	}
	for i, c := range r.Cells {
		row.Cells = append(row.Cells, t.opened(who, t.Sheet.Days[i], c, r.On))
	}
	return row
}

// onName is what an issue or a project is called to the viewer.
func onName(t timelogPresenter, on timelog.On) string {
	switch {
	case on.Key == "":
		return t.l.Axes.Hidden
	case workload.IsIssueKey(on.Key):
		return strings.TrimSpace(t.l.Say(t.l.Axes.Epic, on.Key, on.Name))
	}
	return cmp.Or(on.Name, on.Key)
}

// whoseDay names a person's day on something, where it stands alone.
func (t timelogPresenter) whoseDay(who workload.Person, on timelog.On) string {
	switch {
	case on.Key == "", who.AccountID == viewer.Everybody:
		return who.Name
	}
	return t.l.Say(t.l.Axes.PartOf, who.Name, on.Key)
}
