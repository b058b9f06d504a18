package timesheet

import (
	"context"
	"net/url"
	"time"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/export"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/internal/workload"
)

// table is the sheet as the viewer has it, with the rows that open on request.
func (t *Timelog) table(ctx context.Context, at board.At) (board.Table, error) {
	found, err := t.timelogs.Get(ctx, at.Place, false)
	if err != nil {
		return board.Table{}, err
	}
	seen := found.View
	if !seen.Configured || seen.Off {
		return board.Table{}, edge.Refuse(lang.ProblemNotFound)
	}
	own := t.Views.Preferences.Get(ctx, at.Person)
	p := timelogPresenter{Timelog: seen, l: seen.Language, at: at, own: own}
	shown := presentTimelog(seen, at, board.Moment{Own: own, Now: t.Edge.Now()})
	out := board.Table{L: p.l, Title: shown.Title, Moment: board.MomentOf(seen.View), Notes: shown.Notes, Page: board.CallTable, File: board.CallFile, About: url.Values{}}
	rows, parts := p.naming()
	out.Head = append(out.Head, rows)
	if parts != "" {
		out.Head = append(out.Head, parts)
	}
	for _, d := range seen.Sheet.Days {
		out.Head = append(out.Head, d.String())
	}
	out.Head = append(out.Head, p.l.Say(p.l.Workload.TimeIn, p.l.Timelog.Total, p.unit()))
	out.Rows = p.lines(own.Bots)
	return out, nil
}

// lines are the rows of a table, as far as they add up: of a row that is divided, its
// parts.
func (t timelogPresenter) lines(apps bool) (lines [][]export.Cell) {
	_, divided := t.naming()
	add := func(name string, r timelog.Row) {
		if divided == "" {
			lines = append(lines, t.cells(r, name))
			return
		}
		for _, part := range r.Parts {
			lines = append(lines, t.cells(part, name, t.partName(part)))
		}
		if len(r.Parts) == 0 {
			lines = append(lines, t.cells(r, name, ""))
		}
	}
	if t.ofThings() {
		for _, r := range t.Sheet.SortedGroups(t.order()) {
			add(onName(t, r.On), r)
		}
	} else {
		for _, r := range t.sorted() {
			add(t.exported(r.Person), r)
		}
	}
	for _, r := range []struct {
		name string
		timelog.Row
	}{{t.l.Workload.Others, t.Sheet.Others}, {t.l.Workload.Unknown, t.Sheet.Unknown}} {
		if r.Total.Entries > 0 {
			add(r.name, r.Row)
		}
	}
	if apps {
		for _, r := range t.Sheet.Apps {
			add(t.l.Say(t.l.Export.App, r.Person.Name), r)
		}
	}
	return lines
}

func (t timelogPresenter) exported(p workload.Person) string {
	if p.Inactive {
		return t.l.Say(t.l.Export.Inactive, p.Name)
	}
	return p.Name
}

// partName is what a part of a row is called: the other of issue and person.
func (t timelogPresenter) partName(part timelog.Row) string {
	if t.ofThings() {
		return t.exported(part.Person)
	}
	return onName(t, part.On)
}

// cells is a row of a sheet; days without time are empty, as they are shown.
func (t timelogPresenter) cells(r timelog.Row, names ...string) []export.Cell {
	hours := func(d time.Duration) export.Cell { return export.Number(d.Hours() / board.UnitHours(t.View)) }
	row := board.Texts(names...)
	for _, c := range r.Cells {
		if c.Entries == 0 {
			row = append(row, export.Cell{})
			continue
		}
		row = append(row, hours(c.Spent))
	}
	return append(row, hours(r.Total.Spent))
}
