package gadget

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/web"
)

// Timelog is the gadget that shows who logged what when.
type Timelog struct {
	drawer
	timelogs *viewer.Timelogs[edge.Drawn]
	log      *slog.Logger
}

// NewTimelog makes the gadget, with views of its own.
func NewTimelog(e *edge.Edge, v *viewer.Views) *Timelog {
	return &Timelog{drawer{e, v}, viewer.NewTimelogs[edge.Drawn](v), e.Log}
}

// Key implements [Gadget].
func (*Timelog) Key() string { return "timelog" }

// Title implements [Gadget].
func (*Timelog) Title(l *lang.Language) string { return l.Product.Timelog }

// Columns implements [Gadget]: they are days.
func (*Timelog) Columns() bool { return false }

// Days implements [Gadget].
func (*Timelog) Days() bool { return true }

// Weighs implements [Gadget].
func (*Timelog) Weighs() bool { return false }

// Calls implements [Gadget].
func (t *Timelog) Calls() []Call {
	return []Call{
		{http.MethodGet, "day", t.day},
		{http.MethodGet, "entry", t.entry},
		{http.MethodPost, "entry", t.saveEntry},
		{http.MethodGet, "log", t.logForm},
		{http.MethodPost, "log", t.saveLog},
		{http.MethodGet, "remove", t.removal},
		{http.MethodPost, "remove", t.remove},
		{http.MethodGet, callMissing, t.missing},
		{http.MethodGet, callTable, exported(t.table, showTable)},
		{http.MethodGet, callFile, exported(t.table, sendTable)},
	}
}

// View implements [Gadget].
func (t *Timelog) View(ctx context.Context, at At, fresh bool) (templ.Component, error) {
	found, err := t.timelogs.Get(ctx, at.Place, fresh)
	if err != nil {
		return nil, err
	}
	seen := found.View
	switch {
	case !seen.Configured:
		return nil, &Unconfigured{seen.Language}
	case seen.Off:
		return timeTrackingOff(seen.Language), nil
	}
	return t.draw(ctx, found.Drawn, seen.View, found.Stale, at.Person, func(m moment) templ.Component {
		return web.TimelogView(presentTimelog(seen, at, m))
	})
}

func timeTrackingOff(l *lang.Language) templ.Component {
	return web.MessageView(web.Message{
		Kind: web.MessageWarning, Title: l.Timelog.Off, Text: l.Say(l.Timelog.OffText, l.Product.Workload),
	})
}
