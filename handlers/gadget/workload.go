package gadget

import (
	"context"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/web"
)

// Workload is the gadget that shows how much work each person has.
type Workload struct {
	board.Drawer
	workloads *viewer.Workloads[edge.Drawn]
}

// NewWorkload makes the gadget, with views of its own.
func NewWorkload(e *edge.Edge, v *viewer.Views) *Workload {
	return &Workload{board.Drawer{Edge: e, Views: v}, viewer.NewWorkloads[edge.Drawn](v)}
}

// Key implements [Gadget].
func (*Workload) Key() string { return "workload" }

// Title implements [Gadget].
func (*Workload) Title(l *lang.Language) string { return l.Product.Workload }

// Columns implements [Gadget].
func (*Workload) Columns() bool { return true }

// Days implements [Gadget].
func (*Workload) Days() bool { return false }

// Weighs implements [Gadget].
func (*Workload) Weighs() bool { return true }

// Calls implements [Gadget].
func (w *Workload) Calls() []board.Call {
	return []board.Call{
		board.Get("person", w.Issues),
		board.Get("issue", w.Issue),
		board.Get(callHandover, w.handover),
		board.Post(callHandover, w.handOver),
		board.Post(callUndo, w.undo),
		board.Get(board.CallTable, board.Exported(w.table, board.ShowTable)),
		board.Get(board.CallFile, board.Exported(w.table, board.SendTable)),
		board.Get(callIssueTable, w.issueTable),
		board.Get(callIssueFile, w.issueFile),
	}
}

// View implements [Gadget].
func (w *Workload) View(ctx context.Context, at board.At, fresh bool) (templ.Component, error) {
	seen, err := w.workloads.Get(ctx, at.Place, fresh)
	if err != nil {
		return nil, err
	}
	if !seen.View.Configured {
		return nil, &board.Unconfigured{Language: seen.View.Language}
	}
	return w.Draw(ctx, seen.Drawn, seen.View.View, seen.Stale, at.Person, func(m board.Moment) templ.Component {
		return web.WorkloadView(present(seen.View, at, m))
	})
}
