package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/store/internal/database"
	"github.com/sightline-go/sightline/store/internal/transfer"
)

// ErrNotEmpty says that a database that was to be filled holds sites or rooms.
var ErrNotEmpty = errors.New("the database that is filled is not empty")

// Copied says what a copy holds.
type Copied struct {
	Tenants, Rows int
	// Keys are the ids of the keys that its secrets are sealed under, the newest key
	// first.
	Keys []string

	tables map[string]transfer.Content
}

// CopyFrom fills this database with all that another one holds, as that is at one
// moment, and reads back what it wrote: all in one transaction, so that a copy that is
// cut off leaves nothing and can begin anew. A database that is not empty is
// [ErrNotEmpty], unless it is to be replaced: then all that it held is gone. A program
// that works on this database, or on the other one if that is to rest, is an
// [*InUseError].
//
// Both must have this program's schema.
func (s *Store) CopyFrom(ctx context.Context, from *Store, o CopyOptions) (out Copied, err error) {
	if err := errors.Join(s.db.Known(ctx), from.db.Known(ctx), from.mayMove(ctx, o)); err != nil {
		return out, err
	}
	err = s.db.Fill(ctx, func(to *gorm.DB) error {
		if err := s.makeRoom(to, o.Replace); err != nil {
			return err
		}
		err := from.db.Snapshot(ctx, func(source *gorm.DB) error {
			out, err = copyAll(to, source, from.core)
			return err
		})
		// A program may have been started meanwhile.
		return errors.Join(err, from.mayMove(ctx, o))
	})
	return out, err
}

// mayMove reports who works on a database that is to rest.
func (s *Store) mayMove(ctx context.Context, o CopyOptions) error {
	if !o.Resting {
		return nil
	}
	if err := s.db.Reading(ctx, s.rests); err != nil {
		return fmt.Errorf("the database that is copied: %w", err)
	}
	return nil
}

// CopyOptions say what may be done for a copy.
type CopyOptions struct {
	// Replace removes what the database holds.
	Replace bool
	// Resting says that no program may work on the database that is copied: what it
	// changes meanwhile would be lost.
	Resting bool
}

// makeRoom empties the tables.
func (s *Store) makeRoom(to *gorm.DB, replace bool) error {
	if err := database.LockFilling(to); err != nil {
		return err
	}
	if err := s.rests(to); err != nil {
		return fmt.Errorf("the database that is filled: %w", err)
	}
	var holds int
	err := to.Raw(`SELECT (SELECT count(*) FROM tenants) + (SELECT count(*) FROM conversations)`).Scan(&holds).Error
	switch {
	case err != nil:
		return err
	case holds > 0 && !replace:
		return ErrNotEmpty
	}
	for _, t := range slices.Backward(tables()) {
		if err := to.Exec("DELETE FROM " + t.name).Error; err != nil {
			return fmt.Errorf("empty %s: %w", t.name, err)
		}
	}
	return nil
}

func copyAll(to, source *gorm.DB, from *core) (out Copied, err error) {
	var names []string
	for _, t := range tables() {
		names = append(names, t.name)
	}
	if out.tables, err = transfer.Copy(to, source, names); err != nil {
		return out, err
	}
	out.Tenants = out.tables["tenants"].Rows
	for _, content := range out.tables {
		out.Rows += content.Rows
	}
	out.Keys, err = from.keysUsed(source)
	return out, err
}

// keysUsed are the ids of the keys under which something is sealed.
func (s *core) keysUsed(db *gorm.DB) (ids []string, err error) {
	for _, header := range s.keys.Headers() {
		for _, column := range sealedColumns() {
			rows, err := column.some(db, column.begins(header), 1, header)
			if err != nil {
				return nil, err
			}
			if len(rows) > 0 {
				ids = append(ids, string(header[2:]))
				break
			}
		}
	}
	return ids, nil
}

// Backup writes all that the database holds to a new file, an SQLite database
// whichever engine this one is on, and reads the file back. It can be made while
// programs work. A file that is there is an error that wraps os.ErrExist; one that is
// not complete is named otherwise, and the next backup removes it.
func (s *Store) Backup(ctx context.Context, o Options, path string) (Copied, error) {
	if _, err := os.Lstat(path); err == nil {
		return Copied{}, fmt.Errorf("%s: %w", path, os.ErrExist)
	}
	part := path + ".part"
	if err := removeDatabase(part); err != nil {
		return Copied{}, err
	}
	copied, err := s.backupTo(ctx, o, part)
	if err == nil {
		err = settle(part, path)
	}
	if err != nil {
		return Copied{}, errors.Join(err, removeDatabase(part))
	}
	return copied, nil
}

func (s *Store) backupTo(ctx context.Context, o Options, part string) (Copied, error) {
	o.URL, o.Existing = "sqlite://"+part, false
	to, err := Open(ctx, o)
	if err != nil {
		return Copied{}, err
	}
	copied, err := to.CopyFrom(ctx, s, CopyOptions{})
	if err = errors.Join(err, to.Close()); err != nil {
		return Copied{}, err
	}
	return copied, database.Single(ctx, part, func(db *gorm.DB) error { return transfer.Check(db, copied.tables) })
}

// settle sees to it that a file lasts, and gives it its name.
func settle(part, path string) error {
	if err := syncFile(part); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return syncFile(filepath.Dir(path))
}

func syncFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	if info, err := file.Stat(); err == nil && info.IsDir() && !canSyncFolders {
		return file.Close()
	}
	return errors.Join(file.Sync(), file.Close())
}

// canSyncFolders is false where the system has no such thing.
const canSyncFolders = os.PathSeparator == '/'

// removeDatabase removes an SQLite file and what stands beside it.
func removeDatabase(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Restore is [Store.CopyFrom] with a file that [Store.Backup] wrote, also a release
// ago. The file is not changed: a copy of it in the system's temporary folder is
// brought up to this program's schema.
func (s *Store) Restore(ctx context.Context, b *BackupFile, replace bool) (Copied, error) {
	return s.CopyFrom(ctx, b.store, CopyOptions{Replace: replace})
}

// BackupFile is a backup that was opened. Close it.
type BackupFile struct {
	store  *Store
	folder string
}

// OpenBackup opens a copy of a backup with the keys of the options, which must open
// its secrets.
//
// A database with a write-ahead log beside it is no backup: the file alone is not all.
func OpenBackup(ctx context.Context, o Options, path string) (_ *BackupFile, err error) {
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		return nil, fmt.Errorf("open backup %s: it is a database that is in use or was not closed, and no backup: beside it is %s-wal", path, filepath.Base(path))
	}
	folder, err := os.MkdirTemp("", "sightline-restore-")
	if err != nil {
		return nil, err
	}
	b := &BackupFile{folder: folder}
	copied := filepath.Join(folder, "backup.db")
	if err = copyFile(copied, path); err == nil {
		o.URL, o.Existing = "sqlite://"+copied, true
		b.store, err = Open(ctx, o)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open backup %s: %w", path, err), os.RemoveAll(folder))
	}
	return b, nil
}

// Close removes the copy.
func (b *BackupFile) Close() error { return errors.Join(b.store.Close(), os.RemoveAll(b.folder)) }

func copyFile(to, from string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, source)
	return errors.Join(err, file.Close())
}
