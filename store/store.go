package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/internal/quota"
	"github.com/sightline-go/sightline/internal/seal"
	"github.com/sightline-go/sightline/store/internal/database"
)

var (
	_ connect.Installations      = (*Tenants)(nil)
	_ connect.ForgeInstallations = (*Forge)(nil)
	_ glance.Rows                = (*Glances)(nil)
	_ index.Storage              = (*Index)(nil)
	_ quota.Storage              = (*Quota)(nil)
)

// migrationFiles are the schema.
//
//go:embed migrations/*.sql
var migrationFiles embed.FS

// KeyRing holds the keys that secrets are sealed under with AES-256-GCM: the
// first seals, all open. It prints as a constant.
type KeyRing = seal.KeyRing

// ParseKeyRing reads a list of id:base64(32 bytes), separated by commas; the
// first seals. Ids are letters, digits and "_.-". Errors count entries from 1
// and hold nothing of them.
func ParseKeyRing(s string) (*KeyRing, error) { return seal.ParseKeyRing(s) }

// Limits say how much of the database server a store uses, and for how long one
// call may last. A zero field means its default.
type Limits = database.Limits

// Never is an age that a connection does not reach.
const Never = database.Never

var (
	// ErrSealed means that a sealed value does not open: its key is not in the
	// ring, it was altered, or it belongs to something else.
	ErrSealed = seal.ErrSealed
	// ErrNewerSchema says that the database needs a newer program: its error
	// names the release that is needed and this program's.
	ErrNewerSchema = database.ErrNewerSchema
	// ErrNoDatabase says that there is no database, and that it was not to be made.
	ErrNoDatabase = database.ErrNoDatabase
	// ErrOldSchema says that the schema is not up to date, and was not to be changed.
	ErrOldSchema = database.ErrOldSchema
)

// CheckURL reports what is wrong with a database URL, without opening
// anything. It never repeats a password.
func CheckURL(text string) error { return database.CheckURL(text) }

// Options say where the data is and what opens its secrets.
type Options struct {
	// URL is sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE.
	URL string
	// Keys seal the secrets; required.
	Keys *KeyRing
	// Lost are ids of keys that are not among Keys: what they sealed does not
	// keep the database from being opened, for [Store.Forget].
	Lost []string
	// Version is the program's: MAJOR.MINOR.PATCH, required. One with a suffix
	// (0.2.0-dev) is a development build. A database that was migrated by a
	// newer program says which release can still work with it; a development
	// build counts as newer than all of them.
	Version string
	// Limits say how much of the database server is used, and for how long one
	// call may last.
	Limits Limits
	// Existing refuses to make a database that is not there, with [ErrNoDatabase].
	Existing bool
	// Unchanged leaves the schema as it is found: one that is not up to date is
	// [ErrOldSchema].
	Unchanged bool
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Log hears of applied migrations and, at its debug level, of every
	// statement, without values; nil means silence.
	Log *slog.Logger
	// Traced is told of every statement after it has run; nil: of none.
	Traced func(ctx context.Context, s Statement)
}

// Statement is one that has run on the database.
type Statement = database.Statement

// Store is an open database, by subject. It is safe for concurrent use.
type Store struct {
	*core

	Tenants       *Tenants
	Forge         *Forge
	Gadgets       *Gadgets
	Conversations *Conversations
	Glances       *Glances
	Slack         *Slack
	Index         *Index
	Quota         *Quota
	Reports       *Reports
}

// Open opens the database, creates it when it is an SQLite file that does not
// exist, and brings its schema up to date. A database that needs a newer
// program is an error that wraps [ErrNewerSchema]. Its errors hold no password.
//
// Every method of the store that somebody waits for ends within [Limits.Call];
// Erase, Retry and the reconciler's marks may take half a minute. What the database cannot
// do now is an error that wraps [*connect.UnavailableError].
func Open(ctx context.Context, o Options) (*Store, error) {
	return openWith(ctx, o, migrationFiles)
}

// openWith opens with the migrations of another program.
func openWith(ctx context.Context, o Options, migrations fs.FS) (*Store, error) {
	if err := CheckURL(o.URL); err != nil {
		return nil, err
	}
	if o.Keys == nil {
		return nil, errors.New("open database: no secret keys")
	}
	c, err := o.open(ctx, migrations)
	if err != nil {
		return nil, err
	}
	if err := c.checkSecrets(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database%s: %w", c.db, err), c.db.Close())
	}
	return &Store{
		core:    c,
		Tenants: &Tenants{c}, Forge: &Forge{&Tenants{c}}, Gadgets: &Gadgets{c}, Slack: &Slack{c},
		Conversations: &Conversations{c}, Glances: &Glances{c}, Index: &Index{c}, Quota: &Quota{c}, Reports: &Reports{c},
	}, nil
}

// core is what all subjects share.
type core struct {
	db   *database.DB
	keys *seal.KeyRing
	// lost are keys of which only the id is known.
	lost []string
	// self tells this program's changes from those of others.
	self    string
	now     func() time.Time
	outages *outage.Log
	opened  opened
}

func (o Options) open(ctx context.Context, migrations fs.FS) (*core, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	db, err := database.Open(ctx, database.Options{
		URL: o.URL, Migrations: migrations, Version: o.Version, Limits: o.Limits, Existing: o.Existing, Unchanged: o.Unchanged, Now: o.Now, Log: o.Log, Traced: o.Traced,
	})
	if err != nil {
		return nil, err
	}
	return &core{db: db, keys: o.Keys, lost: o.Lost, self: randomID(), now: o.Now, outages: outage.New(o.Log, o.Now)}, nil
}

// Close ends all connections. The store is of no use afterwards.
func (s *Store) Close() error { return s.db.Close() }
