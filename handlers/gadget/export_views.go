package gadget

import (
	"context"
	"net/url"
	"time"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/export"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/timelog"
	"github.com/sightline-go/sightline/web"
)

// exported answers with a table, made for the place and the person of a call.
func exported(find func(ctx context.Context, at At) (table, error), answer func(t table, r *edge.Request, at At) error) Func {
	return func(r *edge.Request, at At) error {
		t, err := find(r.Request.Context(), at)
		if err != nil {
			return err
		}
		return answer(t, r, at)
	}
}

func showTable(t table, r *edge.Request, at At) error { return t.show(r, at) }
func sendTable(t table, r *edge.Request, _ At) error  { return t.send(r) }

// table is the view as the viewer has it, with the rows that open on request.
func (w *Workload) table(ctx context.Context, at At) (table, error) {
	found, err := w.workloads.Get(ctx, at.Place, false)
	if err != nil {
		return table{}, err
	}
	seen := found.View
	if !seen.Configured {
		return table{}, edge.Refuse(lang.ProblemNotFound)
	}
	shown := present(seen, at, moment{own: w.views.Preferences.Get(ctx, at.Person), now: w.edge.Now()})
	drawn := shown.Table()
	t := table{l: seen.Language, title: shown.Title, moment: momentOf(seen.View), notes: shown.Notes, head: drawn.Head, page: callTable, file: callFile, about: url.Values{}}
	for _, row := range drawn.Rows {
		t.rows = append(t.rows, cellsOf(row))
	}
	return t, nil
}

func cellsOf(row []web.Value) []export.Cell {
	cells := make([]export.Cell, len(row))
	for i, v := range row {
		if v.Counts {
			cells[i] = export.Number(v.N)
		} else {
			cells[i] = export.Text(v.Text)
		}
	}
	return cells
}

// table is the sheet as the viewer has it, with the rows that open on request.
func (t *Timelog) table(ctx context.Context, at At) (table, error) {
	found, err := t.timelogs.Get(ctx, at.Place, false)
	if err != nil {
		return table{}, err
	}
	seen := found.View
	if !seen.Configured || seen.Off {
		return table{}, edge.Refuse(lang.ProblemNotFound)
	}
	own := t.views.Preferences.Get(ctx, at.Person)
	p := timelogPresenter{Timelog: seen, l: seen.Language, at: at, own: own}
	shown := presentTimelog(seen, at, moment{own: own, now: t.edge.Now()})
	out := table{l: p.l, title: shown.Title, moment: momentOf(seen.View), notes: shown.Notes, page: callTable, file: callFile, about: url.Values{}}
	out.head = append(out.head, p.l.Workload.Person)
	for _, d := range seen.Sheet.Days {
		out.head = append(out.head, d.String())
	}
	out.head = append(out.head, p.l.Say(p.l.Workload.TimeIn, p.l.Timelog.Total, p.unit()))
	add := func(name string, r timelog.Row) { out.rows = append(out.rows, p.cells(name, r)) }
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
	hours := func(d time.Duration) export.Cell { return export.Number(d.Hours() / unitHours(t.View)) }
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
