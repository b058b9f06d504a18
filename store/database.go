package store

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strings"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	driver "modernc.org/sqlite" // registers "sqlite": SQLite in pure Go

	"github.com/sightline-go/sightline/connect"
)

// database is the open database that all subjects share.
type database struct {
	// db writes, read reads; on PostgreSQL they are one pool.
	db, read *gorm.DB
	keys     *KeyRing
	now      func() time.Time
	log      *slog.Logger
	// steps are the migrations that this program knows, version is its own.
	steps   []migration
	version release
}

// open connects and brings the schema up to date.
func (d *database) open(ctx context.Context, at location) error {
	if err := d.connect(ctx, at); err != nil {
		return err
	}
	if err := d.migrate(ctx); err != nil {
		return err
	}
	return d.prepare()
}

// connect opens two pools on SQLite, which allows one writer at a time. With a
// single connection for writes, writers wait in Go, in order and with their
// context, not in SQLite's busy loop. Reads have a pool of their own, so they
// never wait for a write. On PostgreSQL it opens one pool, small enough that
// several replicas fit into the server's default of 100 connections.
func (d *database) connect(ctx context.Context, at location) (err error) {
	if at.path == "" {
		d.db, err = connectTo(ctx, postgres.Open(at.dsn), 16)
		d.read = d.db
		return err
	}
	if err := createFile(at.path); err != nil {
		return err
	}
	if d.db, err = connectWriter(ctx, at.path); err != nil {
		return err
	}
	d.read, err = connectTo(ctx, sqliteDialector(at.path, false), 4)
	return err
}

// prepare sets the pools up once the schema is there.
func (d *database) prepare() error {
	if d.read == d.db {
		return d.logStatements(d.db)
	}
	err := errors.Join(d.logStatements(d.db), d.logStatements(d.read))
	// Reads are prepared once: parsing is half the cost of a short one. Writes
	// are not: GORM holds its list of statements while it prepares one and waits
	// for the only connection; a transaction that holds the connection may be
	// waiting for the list.
	d.read = d.read.Session(&gorm.Session{PrepareStmt: true})
	return err
}

// connectWriter retries for a few seconds while the file is busy. Processes that
// start together on an empty file all switch it to WAL, and SQLite's
// busy_timeout does not cover that.
func connectWriter(ctx context.Context, path string) (*gorm.DB, error) {
	for wait := time.Millisecond; ; wait *= 2 {
		db, err := connectTo(ctx, sqliteDialector(path, true), 1)
		var failure *driver.Error
		if !errors.As(err, &failure) || failure.Code()&0xff != sqliteBusy || wait > 4*time.Second {
			return db, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
	}
}

// The limits of a pool's prepared statements. The program has fewer than 500
// different ones. For any time to live but ten years, GORM's value for "forever",
// it starts a goroutine that nothing stops.
const (
	maxStatements  = 500
	keepStatements = 10 * 365 * 24 * time.Hour
)

// sqliteBusy is SQLite's primary result code SQLITE_BUSY.
const sqliteBusy = 5

func sqliteDialector(path string, write bool) gorm.Dialector {
	return &sqlite.Dialector{DriverName: "sqlite", DSN: sqliteDSN(path, write)}
}

// logStatements logs each statement with its placeholders, never its values.
func (d *database) logStatements(db *gorm.DB) error {
	write := func(tx *gorm.DB) {
		ctx := tx.Statement.Context
		if !d.log.Enabled(ctx, slog.LevelDebug) {
			return
		}
		_, inside := tx.Statement.ConnPool.(gorm.TxCommitter)
		text := strings.Join(strings.Fields(tx.Statement.SQL.String()), " ")
		d.log.DebugContext(ctx, "statement", "sql", text, "transaction", inside)
	}
	const name = "sightline:log"
	on := db.Callback()
	return errors.Join(on.Query().Register(name, write), on.Row().Register(name, write), on.Raw().Register(name, write))
}

// connectTo opens a pool of at most size connections. GORM's logger is off
// because it prints values; its transaction around single statements is off
// because those are atomic by themselves.
func connectTo(ctx context.Context, to gorm.Dialector, size int) (*gorm.DB, error) {
	db, err := gorm.Open(to, &gorm.Config{
		Logger:                 logger.Discard,
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		PrepareStmtMaxSize:     maxStatements,
		PrepareStmtTTL:         keepStatements,
	})
	if err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return db, nil
}

// close ends all connections.
func (d *database) close() error {
	var errs []error
	for _, db := range []*gorm.DB{d.db, d.read} {
		if db == nil {
			continue
		}
		pool, err := db.DB()
		if err == nil {
			err = pool.Close()
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// transaction runs f in one transaction: all of it or nothing.
func (d *database) transaction(ctx context.Context, f func(tx *gorm.DB) error) error {
	return d.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		d.log.DebugContext(ctx, "transaction")
		return f(tx)
	})
}

func onPostgres(db *gorm.DB) bool { return db.Name() == "postgres" }

// absent turns GORM's "record not found" into [connect.ErrNotFound].
func absent(err error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return connect.ErrNotFound
	}
	return err
}

// randomID returns 130 random bits as text.
func randomID() string { return rand.Text() }

// millis is how a time is stored: UTC milliseconds, 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// fromMillis is the reverse of millis.
func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
