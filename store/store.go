package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

var (
	_ connect.Installations = (*Tenants)(nil)
	_ glance.Rows           = (*Glances)(nil)
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

// Store is an open database, by subject. It is safe for concurrent use.
type Store struct {
	*database

	Tenants       *Tenants
	Gadgets       *Gadgets
	Conversations *Conversations
	Glances       *Glances
	Slack         *Slack
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
	db := &database{keys: o.Keys, now: o.Now, log: o.Log}
	if db.now == nil {
		db.now = time.Now
	}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if err := db.open(ctx, at); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), db.close())
	}
	return &Store{
		database: db,
		Tenants:  &Tenants{db}, Gadgets: &Gadgets{db}, Slack: &Slack{db},
		Conversations: &Conversations{db}, Glances: &Glances{db},
	}, nil
}

// Close ends all connections. The store is of no use afterwards.
func (s *Store) Close() error { return s.close() }

// Ready reports why the database cannot be used: it does not answer, or its
// schema is not the program's.
func (s *Store) Ready(ctx context.Context) error {
	version, err := schemaVersion(s.read.WithContext(ctx))
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	return checkVersion(version)
}
