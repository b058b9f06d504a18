package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	driver "modernc.org/sqlite" // registers "sqlite": SQLite in pure Go

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

var (
	_ connect.Installations = (*Store)(nil)
	_ glance.Rows           = (*Store)(nil)
)

// Options say where the data is and what opens its secrets.
type Options struct {
	// URL is sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE.
	URL string
	// Keys seal the secrets; required.
	Keys *KeyRing
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Log hears of applied migrations and, at its debug level, of every
	// statement, without values; nil means silence.
	Log *slog.Logger
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	// db writes, read reads; on PostgreSQL they are one pool.
	db, read *gorm.DB
	keys     *KeyRing
	now      func() time.Time
	log      *slog.Logger
}

// Open opens the database, creates it when it is an SQLite file that does not
// exist, and brings its schema up to date. Its errors hold no password.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Keys == nil {
		return nil, errors.New("open database: no secret keys")
	}
	at, err := parseURL(o.URL)
	if err != nil {
		return nil, err
	}
	s := &Store{keys: o.Keys, now: o.Now, log: o.Log}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if err := s.open(ctx, at); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, at location) error {
	if at.path == "" {
		return s.openPostgres(ctx, at.dsn)
	}
	return s.openSQLite(ctx, at.path)
}

// openSQLite opens two pools. SQLite has one writer at a time; one connection
// makes the others wait in Go, in order and with their context, and not in
// SQLite's busy loop. Reads have their own, so that a look-up never waits
// behind a write.
func (s *Store) openSQLite(ctx context.Context, path string) (err error) {
	if err := createFile(path); err != nil {
		return err
	}
	if s.db, err = connectWriter(ctx, path); err != nil {
		return err
	}
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if s.read, err = connectTo(ctx, sqliteDialector(path, false), 4); err != nil {
		return err
	}
	err = errors.Join(s.logStatements(s.db), s.logStatements(s.read))
	// Reads are parsed once: that is half of what a short one takes. Not so
	// writes: GORM holds its list of statements while it prepares one, which
	// waits for the writer's only connection, which a transaction may hold that
	// waits for the list.
	s.read = s.read.Session(&gorm.Session{PrepareStmt: true})
	return err
}

// connectWriter tries again for a while when the file is busy: processes that
// start at once on an empty file each switch it to WAL, and SQLite's own
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

// The parsed statements of a pool: there are fewer texts than that. GORM
// starts a goroutine that nothing ends for any other time than these ten
// years, which are its word for always.
const (
	maxStatements  = 500
	keepStatements = 10 * 365 * 24 * time.Hour
)

// sqliteBusy is SQLite's primary result code SQLITE_BUSY.
const sqliteBusy = 5

func sqliteDialector(path string, write bool) gorm.Dialector {
	return &sqlite.Dialector{DriverName: "sqlite", DSN: sqliteDSN(path, write)}
}

// openPostgres opens one pool, small enough that several replicas fit into
// the server's default of 100 connections.
func (s *Store) openPostgres(ctx context.Context, dsn string) (err error) {
	if s.db, err = connectTo(ctx, postgres.Open(dsn), 16); err != nil {
		return err
	}
	s.read = s.db
	if err := s.migrate(ctx); err != nil {
		return err
	}
	return s.logStatements(s.db)
}

// logStatements writes what runs into the log: the text with its placeholders.
func (s *Store) logStatements(db *gorm.DB) error {
	write := func(tx *gorm.DB) {
		ctx := tx.Statement.Context
		if !s.log.Enabled(ctx, slog.LevelDebug) {
			return
		}
		_, inside := tx.Statement.ConnPool.(gorm.TxCommitter)
		text := strings.Join(strings.Fields(tx.Statement.SQL.String()), " ")
		s.log.DebugContext(ctx, "statement", "sql", text, "transaction", inside)
	}
	const name = "sightline:log"
	on := db.Callback()
	return errors.Join(on.Query().Register(name, write), on.Row().Register(name, write), on.Raw().Register(name, write))
}

// connectTo opens a pool of at most size connections. GORM's logger is off
// because it prints values; its transaction around single statements is off
// because those are atomic by themselves.
func connectTo(ctx context.Context, d gorm.Dialector, size int) (*gorm.DB, error) {
	db, err := gorm.Open(d, &gorm.Config{
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

// Close ends all connections. The store is of no use afterwards.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*gorm.DB{s.db, s.read} {
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

// Ready reports why the database cannot be used: it does not answer, or its
// schema is not the program's.
func (s *Store) Ready(ctx context.Context) error {
	version, err := schemaVersion(s.read.WithContext(ctx))
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	return checkVersion(version)
}

// transaction runs f in one transaction: all of it or nothing.
func (s *Store) transaction(ctx context.Context, f func(tx *gorm.DB) error) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		s.log.DebugContext(ctx, "transaction")
		return f(tx)
	})
}

func onPostgres(db *gorm.DB) bool { return db.Name() == "postgres" }

// absent translates GORM's word for absence into ours.
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
