package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/store"
)

// StoreFlags say where the data is, which keys seal its secrets, and how much of
// the database server is used. An empty limit is its default.
type StoreFlags struct {
	DatabaseURL              string `name:"database-url" default:"sqlite://sightline.db" help:"sqlite://PATH or postgres://…"`
	SecretKeys               string `help:"id:base64(32 bytes), comma-separated; the first encrypts, all decrypt."`
	DatabaseMaxConns         string `default:"10" help:"Connections to the database at most; further calls wait for one."`
	DatabaseConnIdle         string `default:"5m" help:"After how long PostgreSQL's unused connections are closed; 0: never."`
	DatabaseConnLifetime     string `default:"30m" help:"How old PostgreSQL's connections get; 0: without limit."`
	DatabaseStatementTimeout string `default:"3s" help:"How long one call to the database may take, all waits included."`
}

// The bounds of the settings of the database.
const (
	maxMaxConns  = 1000
	minConnTime  = time.Second
	maxConnTime  = 24 * time.Hour
	minStatement = 100 * time.Millisecond
	maxStatement = time.Minute
)

// Open opens the database, for work on what a program keeps there: one that is not
// there is not made. Wrong flags are a SettingsError. lost are ids of keys whose values
// need not open.
func (f StoreFlags) Open(ctx context.Context, lost ...string) (*store.Store, error) {
	options, err := f.Options()
	if err != nil {
		return nil, err
	}
	options.Lost, options.Existing = lost, true
	return openStore(ctx, options)
}

// Create is Open, but makes a database that is not there.
func (f StoreFlags) Create(ctx context.Context) (*store.Store, error) {
	options, err := f.Options()
	if err != nil {
		return nil, err
	}
	return openStore(ctx, options)
}

// Options are the flags as the store takes them, for a silent program. The error is a
// SettingsError.
func (f StoreFlags) Options() (store.Options, error) {
	var c checks
	options := f.check(&c)
	options.Log = slog.New(slog.DiscardHandler)
	return options, c.err()
}

// openStore opens the database; an error names the setting that it is about.
func openStore(ctx context.Context, options store.Options) (*store.Store, error) {
	st, err := store.Open(ctx, options)
	switch {
	case err == nil:
		return st, nil
	case errors.Is(err, store.ErrSealed):
		return nil, fmt.Errorf("%s: %w", Variable("secret-keys"), err)
	}
	return nil, fmt.Errorf("%s: %w", Variable("database-url"), err)
}

func (f StoreFlags) check(c *checks) store.Options {
	out := store.Options{URL: f.DatabaseURL, Version: sightline.Version, Limits: store.Limits{
		MaxConns: c.count("database-max-conns", f.DatabaseMaxConns, maxMaxConns),
		Idle:     orNever(f.DatabaseConnIdle, c.duration("database-conn-idle", f.DatabaseConnIdle, 0, minConnTime, maxConnTime)),
		Lifetime: orNever(f.DatabaseConnLifetime, c.duration("database-conn-lifetime", f.DatabaseConnLifetime, 0, minConnTime, maxConnTime)),
		Call:     c.statement(f.DatabaseStatementTimeout),
	}}
	c.note("database-url", store.CheckURL(f.DatabaseURL))
	if f.SecretKeys == "" {
		c.note("secret-keys", fmt.Errorf("%w; a new one: k1:%s", errRequired, NewKey()))
		return out
	}
	keys, err := store.ParseKeyRing(f.SecretKeys)
	c.note("secret-keys", err)
	out.Keys = keys
	return out
}

// orNever keeps a written 0 apart from what is not written.
func orNever(text string, d time.Duration) time.Duration {
	if text != "" && d == 0 {
		return store.Never
	}
	return d
}

// count is a whole number from 1 to most; "" is 0.
func (c *checks) count(flag, text string, most int) int {
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		c.note(flag, fmt.Errorf("is not a number from 1 to %d", most))
	}
	return n
}

func (c *checks) statement(text string) time.Duration {
	if text == "" {
		return 0
	}
	return c.duration("database-statement-timeout", text, -1, minStatement, maxStatement)
}

// duration is a time such as 1m30s between two bounds, or zero if that is
// accepted; "" is 0.
func (c *checks) duration(flag, text string, zero, least, most time.Duration) time.Duration {
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil || d != zero && (d < least || d > most) {
		c.note(flag, fmt.Errorf("is not a time from %s to %s, such as 30s or 5m", least, most))
	}
	return d
}

// NewKey makes a key for SecretKeys: 32 random bytes in base64.
func NewKey() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return base64.StdEncoding.EncodeToString(b)
}
