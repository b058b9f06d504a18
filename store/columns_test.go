package store

import (
	"context"
	"log/slog"
	"regexp"
	"testing"
)

// statements is a log that fails a test of a statement that reads all columns,
// whatever they are: on PostgreSQL it breaks once for each connection when a
// newer program adds one.
func statements(tb testing.TB) *slog.Logger {
	if _, ok := tb.(*testing.B); ok {
		return slog.New(slog.DiscardHandler) // formatting them takes time
	}
	return slog.New(statementLog{Handler: slog.DiscardHandler, tb: tb})
}

type statementLog struct {
	slog.Handler
	tb testing.TB
}

func (statementLog) Enabled(context.Context, slog.Level) bool { return true }

var allColumns = regexp.MustCompile(`(?i)(^SELECT|RETURNING)\s+(\S+\.)?\*`)

func (l statementLog) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if allColumns.MatchString(a.Value.String()) {
			l.tb.Errorf("a statement does not name its columns: %s", a.Value)
		}
		return true
	})
	return nil
}
