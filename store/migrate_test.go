package store

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestMigrate(t *testing.T) {
	onBothURLs(t, func(t *testing.T, url string) {
		// Several processes start at once on an empty database.
		var wait sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wait.Go(func() {
				s, err := Open(t.Context(), Options{URL: url, Keys: ring(t, keyOne)})
				if err == nil {
					err = errors.Join(s.Ready(t.Context()), s.Close())
				}
				errs[i] = err
			})
		}
		wait.Wait()
		check(t, errors.Join(errs...))

		w := newWorld(t, url)
		w.installed(t, "k", "")
		check(t, w.migrate(t.Context()))
		var versions []int
		check(t, w.read.Raw("SELECT version FROM schema_migrations ORDER BY version").Scan(&versions).Error)
		files := must(migrationFiles.ReadDir("migrations"))(t)
		if len(versions) != len(files) || versions[0] != 1 || !slices.IsSorted(versions) {
			t.Errorf("versions: got %v, want each of %d once", versions, len(files))
		}
		for _, table := range tables() {
			check(t, w.read.Exec("SELECT 1 FROM "+table).Error)
		}

		check(t, w.db.Exec("INSERT INTO schema_migrations (version, applied_at) VALUES (99, 0)").Error)
		if err := w.Ready(t.Context()); !errors.Is(err, ErrNewerSchema) {
			t.Errorf("ready: got %v, want %v", err, ErrNewerSchema)
		}
		_, err := Open(t.Context(), Options{URL: url, Keys: ring(t, keyOne)})
		if !errors.Is(err, ErrNewerSchema) || !strings.Contains(err.Error(), "schema 99") {
			t.Errorf("open: got %v, want %v", err, ErrNewerSchema)
		}
		check(t, w.db.Exec("DELETE FROM schema_migrations").Error)
		if err := w.Ready(t.Context()); err == nil {
			t.Error("ready without a migration")
		}
	})
}

func TestMigrationNames(t *testing.T) {
	t.Parallel()
	files, err := migrationFiles.ReadDir("migrations")
	check(t, err)
	for i, file := range files {
		if want := "000" + string(rune('1'+i)) + "_"; !strings.HasPrefix(file.Name(), want) {
			t.Errorf("migration %d: got %s, want %s…", i+1, file.Name(), want)
		}
	}
}
