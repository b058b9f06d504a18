package gadget

import (
	"context"
	"net/url"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/export"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

// table is the view as the viewer has it, with the rows that open on request.
func (w *Workload) table(ctx context.Context, at board.At) (board.Table, error) {
	found, err := w.workloads.Get(ctx, at.Place, false)
	if err != nil {
		return board.Table{}, err
	}
	seen := found.View
	if !seen.Configured {
		return board.Table{}, edge.Refuse(lang.ProblemNotFound)
	}
	shown := present(seen, at, board.Moment{Own: w.Views.Preferences.Get(ctx, at.Person), Now: w.Edge.Now()})
	drawn := shown.Table()
	t := board.Table{L: seen.Language, Title: shown.Title, Moment: board.MomentOf(seen.View), Notes: shown.Notes, Head: drawn.Head, Page: board.CallTable, File: board.CallFile, About: url.Values{}}
	for _, row := range drawn.Rows {
		t.Rows = append(t.Rows, cellsOf(row))
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
