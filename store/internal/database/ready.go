package database

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// Ready reports why the database cannot be used: it does not answer, it is not
// migrated, it has been migrated since and needs a newer program, or it takes no
// writes. It writes one row.
func (d *DB) Ready(ctx context.Context) error {
	if err := d.checkSchema(ctx); err != nil {
		return err
	}
	return d.checkWrites(ctx)
}

// checkPages reports that an SQLite file is damaged. A file so large that the
// check does not end in time is taken as it is.
func (d *DB) checkPages(ctx context.Context) error {
	if d.OnPostgres() {
		return nil
	}
	var found string
	err := d.Reading(ctx, func(db *gorm.DB) error { return db.Raw("PRAGMA quick_check(1)").Scan(&found).Error })
	switch {
	case err != nil && ReasonOf(err) != ReasonTimeout:
		return fmt.Errorf("check: %w", err)
	case err == nil && found != "ok":
		return fmt.Errorf("check: the file is damaged: %s", found)
	}
	return nil
}

// checkWrites writes a row that holds something else each time: SQLite does not
// write a page that stays the same.
func (d *DB) checkWrites(ctx context.Context) error {
	err := d.Writing(ctx, func(db *gorm.DB) error {
		return db.Exec(`INSERT INTO readiness (id, checked_at) VALUES (1, ?)
			ON CONFLICT (id) DO UPDATE SET checked_at = excluded.checked_at`, time.Now().UnixNano()).Error
	})
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}
