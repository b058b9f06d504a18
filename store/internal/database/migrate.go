package database

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"gorm.io/gorm"
)

var (
	// ErrNewerSchema says that the database needs a newer program: its error
	// names the release that is needed and this program's.
	ErrNewerSchema = errors.New("database is newer than this program")
	// ErrDamagedSchema says that the table schema_migrations holds what no
	// program writes.
	ErrDamagedSchema = errors.New("schema_migrations is damaged")
	// ErrNoDatabase says that there is no database of this program, and that it was
	// not to be made.
	ErrNoDatabase = errors.New("there is no database of Sightline")
	// ErrOldSchema says that the schema is not up to date, and was not to be changed.
	ErrOldSchema = errors.New("database is older than this program")
)

// migrationLock is the PostgreSQL advisory lock under which schemas change:
// "sightlin" in ASCII.
const migrationLock = 0x73696768746c696e

// migrate does nothing to a schema that is up to date, so that a user who may
// only read and write rows can start on it. It applies what is missing in one
// transaction, so that the disk is waited for once. Programs that start at once take turns: on PostgreSQL by an advisory
// lock that ends with the transaction, on SQLite by the write lock that BEGIN
// takes.
func (d *DB) migrate(ctx context.Context) error {
	at, err := d.migrated(ctx)
	if err == nil && at.version == 0 && d.existing {
		return ErrNoDatabase
	}
	if err == nil && at.version < len(d.steps) && d.unchanged {
		return fmt.Errorf("%w: schema %d, which the next start of this program brings to %d", ErrOldSchema, at.version, len(d.steps))
	}
	if err == nil && at.version < len(d.steps) {
		err = d.applySteps(ctx, at)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// migrated is the schema as it is found, version 0 if there is none.
func (d *DB) migrated(ctx context.Context) (at schemaState, err error) {
	err = d.Reading(ctx, func(db *gorm.DB) error {
		if known, err := knowsNeeds(db); err != nil || !known {
			return err
		}
		if at, err = d.schema(db); err != nil {
			return err
		}
		return d.fits(at)
	})
	if err == nil {
		d.logNewer(ctx, at)
	}
	return at, err
}

// applySteps applies what is missing after a schema was found.
func (d *DB) applySteps(ctx context.Context, at schemaState) error {
	err := d.inTransaction(ctx, d.db.WithContext(ctx), func(tx *gorm.DB) error {
		for {
			if done, err := d.migrateOne(ctx, tx); done || err != nil {
				return err
			}
		}
	})
	if err != nil && ReasonOf(err) == ReasonDenied {
		return fmt.Errorf("the schema is at %d and has to be brought to %d, which this user may not; start once as one who may create tables: %w",
			at.version, len(d.steps), err)
	}
	return err
}

// migrateOne applies the next migration and reports whether there was none.
func (d *DB) migrateOne(ctx context.Context, tx *gorm.DB) (done bool, err error) {
	if err := d.lockMigrations(tx); err != nil {
		return false, err
	}
	at, err := d.schema(tx)
	if err != nil {
		return false, err
	}
	if err := d.fits(at); err != nil {
		return false, err
	}
	if at.version >= len(d.steps) {
		d.logNewer(ctx, at)
		return true, nil
	}
	next := d.steps[at.version]
	if err := tx.Exec(next.text).Error; err != nil {
		return false, fmt.Errorf("%s: %w", next.name, err)
	}
	d.log.InfoContext(ctx, "migrate database", "migration", next.name)
	return false, tx.Exec("INSERT INTO schema_migrations (version, applied_at, needs) VALUES (?, ?, ?)",
		at.version+1, d.now().UnixMilli(), next.needs.String()).Error
}

// lockMigrations keeps others out until the transaction ends, and makes the
// table of migrations or brings one of release 0.1.0's first builds, which did
// not have the column needs, up to date. Those builds can still work with it.
func (d *DB) lockMigrations(tx *gorm.DB) error {
	if OnPostgres(tx) {
		if err := patient(tx); err != nil {
			return err
		}
		if err := tx.Exec("SELECT pg_advisory_xact_lock(?)", int64(migrationLock)).Error; err != nil {
			return err
		}
	}
	err := tx.Exec(`CREATE TABLE IF NOT EXISTS schema_migrations (
		version bigint NOT NULL PRIMARY KEY, applied_at bigint NOT NULL, needs text NOT NULL DEFAULT '')`).Error
	if err != nil {
		return err
	}
	if known, err := knowsNeeds(tx); err != nil || known {
		return err
	}
	return d.addNeeds(tx)
}

// knowsNeeds reports whether there is a table of migrations, with the column
// needs.
func knowsNeeds(db *gorm.DB) (bool, error) {
	columns := "SELECT COUNT(*) FROM pragma_table_info('schema_migrations') WHERE name = 'needs'"
	if OnPostgres(db) {
		columns = "SELECT COUNT(*) FROM pg_attribute WHERE attrelid = to_regclass('schema_migrations') AND attname = 'needs'"
	}
	var count int
	err := db.Raw(columns).Scan(&count).Error
	return count > 0, err
}

// patient lets the statements of a transaction last: a migration may rewrite a
// large table, and another program may be at it.
func patient(tx *gorm.DB) error {
	return tx.Exec("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = " + strconv.FormatInt(openTime.Milliseconds(), 10)).Error
}

// addNeeds adds the column and fills it for the migrations that are known.
func (d *DB) addNeeds(tx *gorm.DB) error {
	err := tx.Exec("ALTER TABLE schema_migrations ADD COLUMN needs text NOT NULL DEFAULT ''").Error
	for i, step := range d.steps {
		if err != nil {
			return err
		}
		err = tx.Exec("UPDATE schema_migrations SET needs = ? WHERE version = ?", step.needs.String(), i+1).Error
	}
	return err
}

// schemaState is what the table of migrations says.
type schemaState struct {
	// version counts the migrations that were applied.
	version int
	// needs is the oldest release that can work on the database.
	needs release
}

// schemaAfter is the state that migrations lead to.
func schemaAfter(steps []migration) schemaState {
	at := schemaState{version: len(steps)}
	for _, step := range steps {
		at.needs = at.needs.latest(step.needs)
	}
	return at
}

// schema reads the table of migrations. Its rows count from 1 without a gap,
// and each names a release.
func (d *DB) schema(db *gorm.DB) (schemaState, error) {
	var rows []struct {
		Version int64
		Needs   string
	}
	err := db.Raw("SELECT version, needs FROM schema_migrations ORDER BY version").Scan(&rows).Error
	if err != nil {
		return schemaState{}, fmt.Errorf("read schema version: %w", err)
	}
	at := schemaState{version: len(rows)}
	for i, row := range rows {
		if row.Version != int64(i+1) {
			return at, fmt.Errorf("%w: version %d where %d is due", ErrDamagedSchema, row.Version, i+1)
		}
		if row.Needs == "" && i < len(d.steps) {
			// Written by a first build that started together with this one.
			row.Needs = d.steps[i].needs.String()
		}
		needs, err := parseRelease(row.Needs)
		if err != nil || needs.dev {
			return at, fmt.Errorf("%w: version %d needs %q", ErrDamagedSchema, row.Version, row.Needs)
		}
		at.needs = at.needs.latest(needs)
	}
	return at, nil
}

// fits reports why this program cannot work on a schema, were it migrated. A
// development build counts as newer than every release.
func (d *DB) fits(at schemaState) error {
	if !d.version.dev && d.version.before(at.needs) {
		return fmt.Errorf("%w: it needs release %s or later, this is %s (schema %d, known up to %d)",
			ErrNewerSchema, at.needs, d.version, at.version, len(d.steps))
	}
	return nil
}

// logNewer notes that a newer program has migrated the database.
func (d *DB) logNewer(ctx context.Context, at schemaState) {
	if at.version > len(d.steps) {
		d.log.InfoContext(ctx, "the database was migrated by a newer program and can be used",
			"schema", at.version, "known", len(d.steps), "needs", at.needs.String(), "version", d.version.String())
	}
}

// checkSchema reports why this program cannot work on the database as it is.
func (d *DB) checkSchema(ctx context.Context) error {
	var at schemaState
	err := d.Reading(ctx, func(db *gorm.DB) (err error) {
		at, err = d.schema(db)
		return err
	})
	if err != nil {
		return err
	}
	if at.version < len(d.steps) {
		return fmt.Errorf("schema %d, want %d: not migrated", at.version, len(d.steps))
	}
	return d.fits(at)
}
