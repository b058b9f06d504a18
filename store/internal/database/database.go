// Package database opens SQLite or PostgreSQL for package store: connections and
// their limits, calls that end in time and say what the database cannot do, and the
// schema with its migrations. It knows no table but its own two.
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	driver "modernc.org/sqlite" // registers "sqlite": SQLite in pure Go
)

// Options say where the data is and how much of the server is used.
type Options struct {
	// URL is sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE.
	URL string
	// Migrations hold the schema in the folder "migrations", see readMigrations.
	Migrations fs.FS
	// Version is the program's: MAJOR.MINOR.PATCH, with a suffix if it is a
	// development build.
	Version string
	Limits  Limits
	// Existing refuses to make a database that is not there, with ErrNoDatabase.
	Existing bool
	// Unchanged leaves the schema as it is found: one that is not up to date is
	// ErrOldSchema.
	Unchanged bool
	// Now is the clock, Log hears of applied migrations and, at its debug level,
	// of every statement, without values.
	Now func() time.Time
	Log *slog.Logger
	// Traced is told of every statement after it has run; nil: of none.
	Traced func(ctx context.Context, s Statement)
}

// DB is an open database with its schema up to date. It is safe for concurrent
// use.
type DB struct {
	// db writes, read reads; on PostgreSQL they are one pool.
	db, read *gorm.DB
	at       location
	limits   Limits
	now      func() time.Time
	log      *slog.Logger
	traced   func(ctx context.Context, s Statement)
	// steps are the migrations that this program knows, version is its own.
	steps   []migration
	version release
	// existing keeps a database from being made, unchanged its schema from being
	// changed.
	existing, unchanged bool
}

// Open opens the database, creates it when it is an SQLite file that does not
// exist, brings its schema up to date, and checks that it takes writes and is not
// damaged. Its errors hold no password.
func Open(ctx context.Context, o Options) (*DB, error) {
	at, err := parseURL(o.URL)
	if err != nil {
		return nil, err
	}
	db, err := o.closed(at)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := db.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database%s: %w", at, db.explain(ctx, err)), db.Close())
	}
	return db, nil
}

// closed is a database that is not open yet.
func (o Options) closed(at location) (*DB, error) {
	version, err := parseRelease(o.Version)
	if err != nil {
		return nil, fmt.Errorf("this program: %w", err)
	}
	steps, err := readMigrations(o.Migrations)
	if err != nil {
		return nil, err
	}
	db := &DB{at: at, limits: o.Limits.withDefaults(), now: o.Now, log: o.Log, traced: o.Traced, steps: steps, version: version, existing: o.Existing, unchanged: o.Unchanged}
	if err := db.fits(schemaAfter(steps)); err != nil {
		return nil, fmt.Errorf("this program's own migrations: %w", err)
	}
	return db, nil
}

// open connects and brings the schema up to date.
func (d *DB) open(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	if err := d.connect(within); err != nil {
		return err
	}
	if err := d.migrate(ctx); err != nil {
		return err
	}
	if err := d.prepare(); err != nil {
		return err
	}
	return errors.Join(d.checkPages(ctx), d.checkWrites(ctx))
}

// connect opens two pools on SQLite, which allows one writer at a time. With a
// single connection for writes, writers wait in Go, in order and with their
// context, not in SQLite's busy loop. Reads have a pool of their own, so they
// never wait for a write. On PostgreSQL it opens one pool, small enough that
// several replicas fit into the server's default of 100 connections.
func (d *DB) connect(ctx context.Context) (err error) {
	if d.at.path == "" {
		d.db, err = d.connectPostgres(ctx, d.at.dsn)
		d.read = d.db
		return err
	}
	if err := d.createFile(); err != nil {
		return err
	}
	if d.db, err = d.connectWriter(ctx, d.at.path); err != nil {
		return err
	}
	d.read, err = connectTo(ctx, d.sqlite(d.at.path, false), min(d.limits.MaxConns, maxReaders))
	return err
}

// prepare sets the pools up once the schema is there.
func (d *DB) prepare() error {
	if d.read == d.db {
		return d.watch(d.db)
	}
	err := errors.Join(d.watch(d.db), d.watch(d.read))
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
func (d *DB) connectWriter(ctx context.Context, path string) (*gorm.DB, error) {
	for wait := time.Millisecond; ; wait *= 2 {
		db, err := connectTo(ctx, d.sqlite(path, true), 1)
		var failure *driver.Error
		if !errors.As(err, &failure) || failure.Code()&0xff != sqliteBusy || wait > 4*time.Second || !pause(ctx, wait) {
			return db, err
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

func (d *DB) sqlite(path string, write bool) gorm.Dialector {
	return &sqlite.Dialector{DriverName: "sqlite", DSN: sqliteDSN(path, write, d.limits.lock())}
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
	pool.SetMaxIdleConns(size) // sql.DB's default of 2 would reconnect all the time
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return db, nil
}

// String names SQLite's file in an error, after a space. A server is not named.
func (d *DB) String() string { return d.at.String() }

// OnPostgres reports which of the two databases it is.
func (d *DB) OnPostgres() bool { return OnPostgres(d.db) }

// Pools are the connections by what they are for: one pool, or two on SQLite.
func (d *DB) Pools() (map[string]*sql.DB, error) {
	all := map[string]*sql.DB{}
	for name, db := range map[string]*gorm.DB{"read": d.read, "write": d.db} {
		pool, err := db.DB()
		if err != nil {
			return nil, err
		}
		all[name] = pool
	}
	if all["read"] == all["write"] {
		return map[string]*sql.DB{"all": all["write"]}, nil
	}
	return all, nil
}

// closeTime bounds the end of connections to a server that does not answer.
const closeTime = 2 * time.Second

// Close ends all connections. The database is of no use afterwards.
func (d *DB) Close() error {
	closed := make(chan error, 1)
	go func() { closed <- d.closePools() }()
	timer := time.NewTimer(closeTime)
	defer timer.Stop()
	select {
	case err := <-closed:
		return err
	case <-timer.C:
		return nil // the process ends, and its connections with it
	}
}

func (d *DB) closePools() error {
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

// OnPostgres reports which of the two databases a session is on.
func OnPostgres(db *gorm.DB) bool { return db.Name() == "postgres" }
