package gadget

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/web"
)

// Workload is the gadget that shows how much work each person has.
type Workload struct {
	drawer
	workloads *viewer.Workloads[edge.Drawn]
}

// NewWorkload makes the gadget, with views of its own.
func NewWorkload(e *edge.Edge, v *viewer.Views) *Workload {
	return &Workload{drawer{e, v}, viewer.NewWorkloads[edge.Drawn](v)}
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
func (w *Workload) Calls() []Call {
	return []Call{
		{http.MethodGet, "person", w.Issues},
		{http.MethodGet, "issue", w.Issue},
		{http.MethodGet, callHandover, w.handover},
		{http.MethodPost, callHandover, w.handOver},
		{http.MethodPost, callUndo, w.undo},
		{http.MethodGet, callTable, exported(w.table, showTable)},
		{http.MethodGet, callFile, exported(w.table, sendTable)},
		{http.MethodGet, callIssueTable, w.issueTable},
		{http.MethodGet, callIssueFile, w.issueFile},
	}
}

// View implements [Gadget].
func (w *Workload) View(ctx context.Context, at At, fresh bool) (templ.Component, error) {
	seen, err := w.workloads.Get(ctx, at.Place, fresh)
	if err != nil {
		return nil, err
	}
	if !seen.View.Configured {
		return nil, &Unconfigured{seen.View.Language}
	}
	return w.draw(ctx, seen.Drawn, seen.View.View, seen.Stale, at.Person, func(m moment) templ.Component {
		return web.WorkloadView(present(seen.View, at, m))
	})
}
