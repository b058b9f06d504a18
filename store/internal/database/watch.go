package database

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	sqlite "modernc.org/sqlite"
)

// Statement is one that has run.
type Statement struct {
	// Text has placeholders, never values.
	Text string
	// Began is when it began, of the machine's clock.
	Began time.Time
	// Transaction says that it was part of one.
	Transaction bool
	// Postgres says which of the two databases ran it.
	Postgres bool
	// Failed is why it failed, as a code of the database, "timeout", "canceled" or
	// "other"; "" if it did not. The error's own text may hold values.
	Failed string
}

const (
	logName   = "sightline:log"
	beginName = "sightline:begin"
)

// watch logs each statement, at the debug level, and tells Traced of it.
func (d *DB) watch(db *gorm.DB) error {
	on := db.Callback()
	err := errors.Join(on.Query().Register(logName, d.ran), on.Row().Register(logName, d.ran), on.Raw().Register(logName, d.ran))
	if d.traced == nil {
		return err
	}
	begin := func(tx *gorm.DB) { tx.InstanceSet(beginName, time.Now()) }
	return errors.Join(err,
		on.Query().Before("gorm:query").Register(beginName, begin),
		on.Row().Before("gorm:row").Register(beginName, begin),
		on.Raw().Before("gorm:raw").Register(beginName, begin))
}

// ran notes a statement with its placeholders, never its values.
func (d *DB) ran(tx *gorm.DB) {
	ctx := tx.Statement.Context
	logged := d.log.Enabled(ctx, slog.LevelDebug)
	if !logged && d.traced == nil {
		return
	}
	_, inside := tx.Statement.ConnPool.(gorm.TxCommitter)
	text := strings.Join(strings.Fields(tx.Statement.SQL.String()), " ")
	if logged {
		d.log.DebugContext(ctx, "statement", "sql", text, "transaction", inside)
	}
	if began, ok := tx.InstanceGet(beginName); ok {
		at, _ := began.(time.Time)
		d.traced(ctx, Statement{Text: text, Began: at, Transaction: inside, Postgres: OnPostgres(tx), Failed: failure(tx.Error)})
	}
}

// failure is why a statement failed, without a value.
func failure(err error) string {
	var refused *pgconn.PgError
	var failed *sqlite.Error
	switch {
	case err == nil:
		return ""
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.As(err, &refused):
		return refused.Code
	case errors.As(err, &failed):
		return strconv.Itoa(failed.Code())
	}
	return "other"
}
