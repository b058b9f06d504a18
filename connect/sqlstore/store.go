package sqlstore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/seal"
)

// ErrSealed says that a stored secret does not open: the key that it was sealed
// under is not among the secret keys, or it was altered.
var ErrSealed = seal.ErrSealed

// Store keeps installations of Connect and of Forge. Make one with [Open]. It is safe
// for concurrent use, also by several processes on one database.
//
// A failure of the database is a [connect.UnavailableError]: hosts call again.
// Unlike the in-memory store it survives the process; like it, it never
// deletes a tenant, so that an uninstalled one that returns keeps its id.
type Store struct {
	// Now is the clock; nil means time.Now. Set it before the first use.
	Now func() time.Time

	db   *sql.DB
	keys *seal.KeyRing
	// turn holds one value: one change at a time in this process, as SQLite
	// has one writer.
	turn chan struct{}
}

// Open makes the tables where they are missing and returns the store. db stays the
// caller's: close it when the app has ended. On SQLite its address should set a
// busy timeout and the write-ahead log, as in the package's example.
//
// secretKeys is a list of id:base64(32 bytes), separated by commas: the first seals,
// all open. So a key is replaced by putting a new one in front, calling
// [Store.Rekey], and removing the old one. An error about it holds nothing of it.
func Open(ctx context.Context, db *sql.DB, secretKeys string) (*Store, error) {
	if db == nil {
		return nil, fmt.Errorf("%w: no database", errIncomplete)
	}
	keys, err := seal.ParseKeyRing(secretKeys)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, keys: keys, turn: make(chan struct{}, 1)}
	if err := s.create(ctx); err != nil {
		return nil, fmt.Errorf("make tables: %w", err)
	}
	return s, nil
}

func (s *Store) create(ctx context.Context) error {
	for statement := range strings.SplitSeq(schema, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		_, err := s.db.ExecContext(ctx, statement)
		if err != nil {
			// PostgreSQL fails if another process has just made the same.
			_, err = s.db.ExecContext(ctx, statement)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// SessionKeys are keys for [connect.Sessions], made from the secret keys, so that
// sessions outlive the process and no further secret is needed.
func (s *Store) SessionKeys() [][]byte { return s.keys.Derive("connect sessions") }

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// change runs f in a transaction. Changes of all processes take turns: each begins
// by writing the same row, which also makes SQLite's transaction a writer at once.
func (s *Store) change(ctx context.Context, f func(tx *sql.Tx) error) error {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return unavailable(ctx.Err())
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return unavailable(err)
	}
	if _, err = tx.ExecContext(ctx, "UPDATE connect_turn SET turn = turn + 1 WHERE id = 1"); err == nil {
		err = f(tx)
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		_ = tx.Rollback() // after a failed commit there is nothing to take back
	}
	return unavailable(err)
}

// unavailable marks what is the database's failure and no answer of the store's.
func unavailable(err error) error {
	var down *connect.UnavailableError
	switch {
	case err == nil, errors.As(err, &down), errors.Is(err, connect.ErrNotFound), errors.Is(err, connect.ErrOldEvent),
		errors.Is(err, connect.ErrOtherSite), errors.Is(err, ErrSealed), errors.Is(err, errIncomplete):
		return err
	}
	return &connect.UnavailableError{Reason: "database", RetryAfter: 5 * time.Second, Err: err}
}

// errIncomplete says that a call lacks what storage needs.
var errIncomplete = errors.New("incomplete")

// Rekey seals all secrets anew under the first key and returns how many there are.
func (s *Store) Rekey(ctx context.Context) (n int, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		tenants, err := s.tenants(ctx, tx, "1 = 1")
		if err != nil {
			return err
		}
		for _, t := range tenants {
			if !t.SharedSecret.IsZero() {
				n++
				err = errors.Join(err, s.put(ctx, tx, t))
			}
		}
		installs, more := s.installs(ctx, tx, "1 = 1")
		if err = errors.Join(err, more); err != nil {
			return err
		}
		for _, i := range installs {
			if i.token.IsZero() {
				continue
			}
			n++
			if err := s.putInstall(ctx, tx, i); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("rekey: %w", err)
	}
	return n, nil
}

// millis and fromMillis are how times are stored.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// now is the time as it can be stored.
func (s *Store) now() time.Time {
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	return now().UTC().Truncate(time.Millisecond)
}

func randomID() string { return rand.Text() }
