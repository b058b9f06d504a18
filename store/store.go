package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

var (
	_ connect.Installations      = (*Tenants)(nil)
	_ connect.ForgeInstallations = (*Forge)(nil)
	_ glance.Rows                = (*Glances)(nil)
)

// Options say where the data is and what opens its secrets.
type Options struct {
	// URL is sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE.
	URL string
	// Keys seal the secrets; required.
	Keys *KeyRing
	// Version is the program's: MAJOR.MINOR.PATCH, required. One with a suffix
	// (0.2.0-dev) is a development build. A database that was migrated by a
	// newer program says which release can still work with it; a development
	// build counts as newer than all of them.
	Version string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Log hears of applied migrations and, at its debug level, of every
	// statement, without values; nil means silence.
	Log *slog.Logger
}

// Store is an open database, by subject. It is safe for concurrent use.
type Store struct {
	*database

	Tenants       *Tenants
	Forge         *Forge
	Gadgets       *Gadgets
	Conversations *Conversations
	Glances       *Glances
	Slack         *Slack
}

// Open opens the database, creates it when it is an SQLite file that does not
// exist, and brings its schema up to date. A database that needs a newer
// program is an error that wraps [ErrNewerSchema]. Its errors hold no password.
func Open(ctx context.Context, o Options) (*Store, error) {
	return openWith(ctx, o, migrationFiles)
}

// openWith opens with the migrations of another program.
func openWith(ctx context.Context, o Options, migrations fs.FS) (*Store, error) {
	at, err := parseURL(o.URL)
	if err != nil {
		return nil, err
	}
	db, err := o.database(migrations)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := db.open(ctx, at); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), db.close())
	}
	return &Store{
		database: db,
		Tenants:  &Tenants{db}, Forge: &Forge{&Tenants{db}}, Gadgets: &Gadgets{db}, Slack: &Slack{db},
		Conversations: &Conversations{db}, Glances: &Glances{db},
	}, nil
}

// database is one that is not open yet.
func (o Options) database(migrations fs.FS) (*database, error) {
	if o.Keys == nil {
		return nil, errors.New("no secret keys")
	}
	version, err := parseRelease(o.Version)
	if err != nil {
		return nil, fmt.Errorf("this program: %w", err)
	}
	steps, err := readMigrations(migrations)
	if err != nil {
		return nil, err
	}
	db := &database{keys: o.Keys, now: o.Now, log: o.Log, steps: steps, version: version}
	if err := db.fits(schemaAfter(steps)); err != nil {
		return nil, fmt.Errorf("this program's own migrations: %w", err)
	}
	if db.now == nil {
		db.now = time.Now
	}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	return db, nil
}

// Close ends all connections. The store is of no use afterwards.
func (s *Store) Close() error { return s.close() }

// Ready reports why the database cannot be used: it does not answer, it is not
// migrated, or it has been migrated since and needs a newer program.
func (s *Store) Ready(ctx context.Context) error { return s.checkSchema(ctx) }
