package database

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// Single makes an SQLite database that nobody uses into a single file, without a
// write-ahead log beside it, checks its pages and runs f, which only reads.
func Single(ctx context.Context, path string, f func(db *gorm.DB) error) (err error) {
	query := url.Values{"_pragma": {"journal_mode(DELETE)"}}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.Encode()
	db, err := connectTo(ctx, &sqlite.Dialector{DriverName: "sqlite", DSN: dsn}, 1)
	if err != nil {
		return err
	}
	pool, err := db.DB()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	var found string
	if err := db.WithContext(ctx).Raw("PRAGMA integrity_check(1)").Scan(&found).Error; err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("the file is damaged: %s", found)
	}
	return f(db.WithContext(ctx))
}

// fillingLock is the PostgreSQL advisory lock under which a database is filled.
const fillingLock = migrationLock + 1

// LockFilling keeps others that would fill the database out until the transaction
// ends. SQLite has one writer.
func LockFilling(tx *gorm.DB) error {
	if !OnPostgres(tx) {
		return nil
	}
	return tx.Exec("SELECT pg_advisory_xact_lock(?)", int64(fillingLock)).Error
}

// Known reports an error that wraps [ErrNewerSchema] if a newer program has migrated
// the database, even if this one can work on it: it does not know all of it.
func (d *DB) Known(ctx context.Context) error {
	return d.Reading(ctx, func(db *gorm.DB) error {
		at, err := d.schema(db)
		if err == nil && at.version > len(d.steps) {
			err = fmt.Errorf("%w: schema %d, known up to %d; do this with the program that migrated it", ErrNewerSchema, at.version, len(d.steps))
		}
		return err
	})
}
