package database

import (
	"context"
	"database/sql"
	"time"

	"gorm.io/gorm"
)

// retryPause is how long a call waits before it tries again to get a connection
// that the server refused, or a transaction that it ended to resolve a deadlock.
const retryPause = 50 * time.Millisecond

// Reading runs f on the connections for reads, as one call.
func (d *DB) Reading(ctx context.Context, f func(db *gorm.DB) error) error {
	return d.call(ctx, d.limits.Call, d.read, f)
}

// Writing runs f, which is a single statement, as one call.
func (d *DB) Writing(ctx context.Context, f func(db *gorm.DB) error) error {
	return d.call(ctx, d.limits.Call, d.db, f)
}

// Transaction runs f in one transaction, as one call: all of it or nothing. f
// may run more than once.
func (d *DB) Transaction(ctx context.Context, f func(tx *gorm.DB) error) error {
	return d.call(ctx, d.limits.Call, d.db, func(db *gorm.DB) error { return d.inTransaction(ctx, db, f) })
}

// sweepTime bounds a sweep.
const sweepTime = 30 * time.Second

// Sweep is Transaction for work that nobody waits for and that may change every
// row. Its statements may last longer; a lock is waited for no longer.
func (d *DB) Sweep(ctx context.Context, f func(tx *gorm.DB) error) error {
	return d.call(ctx, max(sweepTime, d.limits.Call), d.db, func(db *gorm.DB) error {
		return d.inTransaction(ctx, db, func(tx *gorm.DB) error {
			if OnPostgres(tx) {
				if err := tx.Exec("SET LOCAL statement_timeout = 0").Error; err != nil {
					return err
				}
			}
			return f(tx)
		})
	})
}

// Snapshot runs f, which only reads, on the database as it is at one moment, however
// long that takes.
func (d *DB) Snapshot(ctx context.Context, f func(tx *gorm.DB) error) error {
	db := d.read.WithContext(ctx)
	err := db.Transaction(func(tx *gorm.DB) error {
		if err := lasts(tx); err != nil {
			return err
		}
		return f(tx)
	}, &sql.TxOptions{Isolation: d.snapshotLevel(), ReadOnly: true})
	return d.explain(ctx, err)
}

// snapshotLevel has PostgreSQL keep to the moment of the first statement, as SQLite
// does in any transaction.
func (d *DB) snapshotLevel() sql.IsolationLevel {
	if d.OnPostgres() {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

// Fill is Transaction for as long as f takes.
func (d *DB) Fill(ctx context.Context, f func(tx *gorm.DB) error) error {
	return d.explain(ctx, d.inTransaction(ctx, d.db.WithContext(ctx), func(tx *gorm.DB) error {
		if err := lasts(tx); err != nil {
			return err
		}
		return f(tx)
	}))
}

// lasts lifts the server's limits of a transaction.
func lasts(tx *gorm.DB) error {
	if !OnPostgres(tx) {
		return nil
	}
	return tx.Exec("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0").Error
}

func (d *DB) inTransaction(ctx context.Context, db *gorm.DB, f func(tx *gorm.DB) error) error {
	return db.Transaction(func(tx *gorm.DB) error {
		d.log.DebugContext(ctx, "transaction")
		return f(tx)
	})
}

// call is the one way to the database: it bounds f, tries again what that may
// mend, and says which errors are the database's.
func (d *DB) call(ctx context.Context, limit time.Duration, pool *gorm.DB, f func(db *gorm.DB) error) error {
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	db := pool.WithContext(within)
	var before error
	for {
		err := f(db)
		if before != nil && within.Err() != nil {
			err = before // says more than that the time is over
		}
		if err == nil || !mayTryAgain(err) || !pause(within, retryPause) {
			return d.explain(ctx, err)
		}
		before = err
	}
}

// Within bounds several calls that make one answer as one call is.
func (d *DB) Within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, d.limits.Call)
}

// pause reports whether the context lasted as long.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
