package store

import (
	"context"
	"embed"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// migrationFiles are numbered from 1 without a gap: 0001_what.sql.
//
//go:embed migrations/*.sql
var migrationFiles embed.FS

// ErrNewerSchema says that the database was migrated by a newer program.
var ErrNewerSchema = errors.New("database is newer than this program")

// migrationLock is the PostgreSQL advisory lock under which schemas change:
// "sightlin" in ASCII.
const migrationLock = 0x73696768746c696e

// migrate applies what is missing, one transaction each. Programs that start
// at once take turns: on PostgreSQL by an advisory lock that ends with the
// transaction, on SQLite by the write lock that BEGIN takes.
func (d *database) migrate(ctx context.Context) error {
	for done := false; !done; {
		err := d.transaction(ctx, func(tx *gorm.DB) (err error) {
			done, err = d.migrateOne(ctx, tx)
			return err
		})
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return nil
}

// migrateOne applies the next migration and reports whether there was none.
func (d *database) migrateOne(ctx context.Context, tx *gorm.DB) (done bool, err error) {
	if err := lockMigrations(tx); err != nil {
		return false, err
	}
	version, err := schemaVersion(tx)
	if err != nil {
		return false, err
	}
	files, err := migrationFiles.ReadDir("migrations")
	if err != nil {
		return false, err
	}
	if version >= len(files) {
		return true, checkVersion(version)
	}
	name := files[version].Name()
	text, err := migrationFiles.ReadFile("migrations/" + name)
	if err != nil {
		return false, err
	}
	if err := tx.Exec(string(text)).Error; err != nil {
		return false, fmt.Errorf("%s: %w", name, err)
	}
	d.log.InfoContext(ctx, "migrate database", "migration", name)
	return false, tx.Exec("INSERT INTO schema_migrations (version, applied_at) VALUES (?, ?)",
		version+1, millis(d.now())).Error
}

// lockMigrations keeps others out until the transaction ends.
func lockMigrations(tx *gorm.DB) error {
	if onPostgres(tx) {
		if err := tx.Exec("SELECT pg_advisory_xact_lock(?)", int64(migrationLock)).Error; err != nil {
			return err
		}
	}
	return tx.Exec(`CREATE TABLE IF NOT EXISTS schema_migrations (
		version bigint NOT NULL PRIMARY KEY, applied_at bigint NOT NULL)`).Error
}

func schemaVersion(db *gorm.DB) (version int, err error) {
	err = db.Raw("SELECT COALESCE(MAX(version), 0) FROM schema_migrations").Scan(&version).Error
	return version, err
}

// checkVersion compares the database's version with the program's.
func checkVersion(version int) error {
	files, err := migrationFiles.ReadDir("migrations")
	switch {
	case err != nil:
		return err
	case version > len(files):
		return fmt.Errorf("%w: schema %d, known up to %d", ErrNewerSchema, version, len(files))
	case version < len(files):
		return fmt.Errorf("schema %d, want %d: not migrated", version, len(files))
	}
	return nil
}
