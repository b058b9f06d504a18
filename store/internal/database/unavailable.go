package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	sqlite "modernc.org/sqlite"

	"github.com/sightline-go/sightline/connect"
)

// The reasons of a [connect.UnavailableError] of this package.
const (
	ReasonLocked      = "locked"      // something else holds what is needed
	ReasonReadOnly    = "read-only"   // it takes no writes: a standby, a file's mode
	ReasonFull        = "full"        // no room: disk, quota, memory
	ReasonStopped     = "stopped"     // it cannot be reached, or is starting or stopping
	ReasonConnections = "connections" // it has no connection left
	ReasonTimeout     = "timeout"     // it did not answer within [Limits.Call]
	ReasonDamaged     = "damaged"     // its files cannot be read
	ReasonDenied      = "denied"      // it refuses this user or this table
)

// retryAfter is when another try may help: soon for what passes by itself, later
// for what somebody has to mend, never (0) for what no wait mends.
func retryAfter(reason string) time.Duration {
	switch reason {
	case ReasonLocked, ReasonConnections, ReasonTimeout:
		return 5 * time.Second
	case ReasonDamaged:
		return 0
	}
	return 30 * time.Second
}

// explain turns an error of the database itself into a
// [connect.UnavailableError]. Those of a caller who has gone, and our own, stay.
func (d *DB) explain(ctx context.Context, err error) error {
	if err == nil || errors.Is(ctx.Err(), context.Canceled) {
		return err
	}
	reason := ReasonOf(err)
	if reason == "" || errors.As(err, new(*connect.UnavailableError)) { // said already
		return err
	}
	if file := new(sqlite.Error); errors.As(err, &file) && file.Code()&0xff == sqliteCantOpen && takesNoWrites(d.at.path) {
		reason = ReasonReadOnly
	}
	if reason == ReasonReadOnly && d.at.path != "" {
		err = fmt.Errorf("%s or its folder takes no writes: %w", d.at.path, err)
	}
	return &connect.UnavailableError{Reason: reason, RetryAfter: retryAfter(reason), Err: err}
}

// takesNoWrites reports whether a file, or the folder in which SQLite puts others
// beside it, cannot be written: SQLite then only says that it cannot open one.
func takesNoWrites(path string) bool {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return refusesWrites(err)
	}
	_ = file.Close()
	beside, err := os.CreateTemp(filepath.Dir(path), ".sightline-*")
	if err != nil {
		return refusesWrites(err)
	}
	_ = errors.Join(beside.Close(), os.Remove(beside.Name()))
	return false
}

func refusesWrites(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// ReasonOf is why the database could not do it, "" if that is not its fault.
func ReasonOf(err error) string {
	var (
		refused  *pgconn.PgError
		file     *sqlite.Error
		noServer *pgconn.ConnectError
		network  net.Error
	)
	switch {
	case errors.As(err, &refused):
		return reasonOfState(refused.Code)
	case errors.As(err, &file):
		return reasonOfCode(file.Code())
	case errors.Is(err, context.DeadlineExceeded):
		return ReasonTimeout
	case errors.As(err, &noServer), errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, net.ErrClosed), errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone),
		strings.HasSuffix(err.Error(), "conn closed"): // pgx has no name for it
		return ReasonStopped
	}
	return ""
}

// reasonOfState knows PostgreSQL's codes.
// See https://www.postgresql.org/docs/current/errcodes-appendix.html
func reasonOfState(code string) string {
	switch code {
	case "55P03", "40P01", "40001": // lock timeout, deadlock, serialization
		return ReasonLocked
	case "25006":
		return ReasonReadOnly
	case "53300":
		return ReasonConnections
	case "57014": // statement timeout
		return ReasonTimeout
	case "42501", "3D000":
		return ReasonDenied
	case "58030", "58P01", "58P02":
		return ReasonDamaged
	}
	switch code[:min(2, len(code))] {
	case "53": // disk full, out of memory
		return ReasonFull
	case "08", "57":
		return ReasonStopped
	case "28":
		return ReasonDenied
	case "XX":
		return ReasonDamaged
	}
	return ""
}

// SQLite's result codes. See https://www.sqlite.org/rescode.html
const (
	sqlitePerm     = 3
	sqliteBusy     = 5
	sqliteLocked   = 6
	sqliteNoMem    = 7
	sqliteReadOnly = 8
	sqliteStopped  = 9 // SQLITE_INTERRUPT
	sqliteIOErr    = 10
	sqliteCorrupt  = 11
	sqliteFull     = 13
	sqliteCantOpen = 14
	sqliteProtocol = 15
	sqliteNotADB   = 26

	sqliteIOErrWrite    = 778
	sqliteIOErrFsync    = 1034
	sqliteIOErrTruncate = 1546
	sqliteIOErrShmSize  = 4874
)

func reasonOfCode(code int) string {
	switch code {
	case sqliteIOErrWrite, sqliteIOErrFsync, sqliteIOErrTruncate, sqliteIOErrShmSize:
		return ReasonFull
	}
	switch code & 0xff {
	case sqliteBusy, sqliteLocked, sqliteProtocol:
		return ReasonLocked
	case sqlitePerm, sqliteReadOnly:
		return ReasonReadOnly
	case sqliteFull, sqliteNoMem:
		return ReasonFull
	case sqliteStopped:
		return ReasonTimeout
	case sqliteCantOpen:
		return ReasonStopped
	case sqliteCorrupt, sqliteNotADB, sqliteIOErr:
		return ReasonDamaged
	}
	return ""
}

// mayTryAgain reports whether a call failed in a way that the next moment may
// mend: the server had no connection left, ended the transaction to resolve a
// deadlock, or was restarted since this connection was used last. A change that
// was made before its connection broke is made once more, which all of ours bear.
func mayTryAgain(err error) bool {
	var (
		refused  *pgconn.PgError
		noServer *pgconn.ConnectError
	)
	if errors.As(err, &refused) {
		switch refused.Code {
		case "53300", "57P01", "57P02", "57P05", "40P01", "40001":
			return true
		}
		return false
	}
	return !errors.As(err, &noServer) && !errors.Is(err, context.DeadlineExceeded) && ReasonOf(err) == ReasonStopped && !isSQLite(err)
}

func isSQLite(err error) bool {
	var file *sqlite.Error
	return errors.As(err, &file)
}
