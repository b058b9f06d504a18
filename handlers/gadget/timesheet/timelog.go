// Package timesheet is the gadget that shows who worked on what and when: the sheet, what
// opens over it, and the forms in which people log, correct and delete their own work.
package timesheet

import (
	"context"
	"log/slog"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/web"
)

// Timelog is the gadget that shows who logged what when.
type Timelog struct {
	board.Drawer
	timelogs *viewer.Timelogs[edge.Drawn]
	log      *slog.Logger
}

// NewTimelog makes the gadget, with views of its own.
func NewTimelog(e *edge.Edge, v *viewer.Views) *Timelog {
	return &Timelog{board.Drawer{Edge: e, Views: v}, viewer.NewTimelogs[edge.Drawn](v), e.Log}
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
func (t *Timelog) Calls() []board.Call {
	return []board.Call{
		board.Get("day", t.day),
		board.Get("entry", t.entry),
		board.Post("entry", t.saveEntry),
		board.Get("log", t.logForm),
		board.Post("log", t.saveLog),
		board.Get("remove", t.removal),
		board.Post("remove", t.remove),
		board.Get(callMissing, t.missing),
		board.Get(board.CallTable, board.Exported(t.table, board.ShowTable)),
		board.Get(board.CallFile, board.Exported(t.table, board.SendTable)),
	}
}

// View implements [Gadget].
func (t *Timelog) View(ctx context.Context, at board.At, fresh bool) (templ.Component, error) {
	found, err := t.timelogs.Get(ctx, at.Place, fresh)
	if err != nil {
		return nil, err
	}
	seen := found.View
	switch {
	case !seen.Configured:
		return nil, &board.Unconfigured{Language: seen.Language}
	case seen.Off:
		return timeTrackingOff(seen.Language), nil
	}
	return t.Draw(ctx, found.Drawn, seen.View, found.Stale, at.Person, func(m board.Moment) templ.Component {
		return web.TimelogView(presentTimelog(seen, at, m))
	})
}

func timeTrackingOff(l *lang.Language) templ.Component {
	return web.MessageView(web.Message{
		Kind: web.MessageWarning, Title: l.Timelog.Off, Text: l.Say(l.Timelog.OffText, l.Product.Workload),
	})
}
