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
	out.Head = append(out.Head, p.l.Workload.Person)
	for _, d := range seen.Sheet.Days {
		out.Head = append(out.Head, d.String())
	}
	out.Head = append(out.Head, p.l.Say(p.l.Workload.TimeIn, p.l.Timelog.Total, p.unit()))
	add := func(name string, r timelog.Row) { out.Rows = append(out.Rows, p.cells(name, r)) }
	for _, r := range p.sorted() {
		name := r.Person.Name
		if r.Person.Inactive {
			name = p.l.Say(p.l.Export.Inactive, name)
		}
		add(name, r)
	}
	for _, r := range []struct {
		name string
		timelog.Row
	}{{p.l.Workload.Others, seen.Sheet.Others}, {p.l.Workload.Unknown, seen.Sheet.Unknown}} {
		if r.Total.Entries > 0 {
			add(r.name, r.Row)
		}
	}
	if own.Bots {
		for _, r := range seen.Sheet.Apps {
			add(p.l.Say(p.l.Export.App, r.Person.Name), r)
		}
	}
	return out, nil
}

// cells is a row of a sheet; days without time are empty, as they are shown.
func (t timelogPresenter) cells(name string, r timelog.Row) []export.Cell {
	hours := func(d time.Duration) export.Cell { return export.Number(d.Hours() / board.UnitHours(t.View)) }
	row := []export.Cell{export.Text(name)}
	for _, c := range r.Cells {
		if c.Entries == 0 {
			row = append(row, export.Cell{})
			continue
		}
		row = append(row, hours(c.Spent))
	}
	return append(row, hours(r.Total.Spent))
}
