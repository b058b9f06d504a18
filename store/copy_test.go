package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/store/internal/database"
	"github.com/sightline-go/sightline/store/internal/transfer"
)

// onBothWays runs a test with a world on each engine and a database that nobody has
// opened yet on the other.
func onBothWays(t *testing.T, test func(t *testing.T, w *world, to string)) {
	t.Helper()
	t.Parallel()
	file := func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "other.db") }
	t.Run("from sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, file(t)), postgresURL(t))
	})
	t.Run("from postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, postgresURL(t)), file(t))
	})
}

// opened is another database, at the world's time and with its keys.
func (w *world) opened(t *testing.T, url string) *Store {
	t.Helper()
	st := must(Open(t.Context(), w.options(t, url)))(t)
	t.Cleanup(func() { _ = st.Close() })
	return st
}

func (w *world) options(t *testing.T, url string) Options {
	t.Helper()
	return Options{URL: url, Version: "0.1.0", Keys: ring(t, keyOne), Now: w.clock.Now, Limits: Limits{Call: unhurried}}
}

// everyTenant is all that is stored of tenants, for a comparison: the databases have
// orders of their own.
func everyTenant(t *testing.T, st *Store) []string {
	t.Helper()
	var all []string
	line := func(v ...any) { all = append(all, string(must(json.Marshal(v))(t))) }
	for _, tenant := range must(st.Tenants.List(t.Context()))(t) {
		export := must(st.Export(t.Context(), tenant.ID))(t)
		for _, table := range export.Tables {
			for _, row := range table.Rows {
				line(table.Name, row)
			}
		}
		for gadget, roster := range export.Rosters {
			line(gadget, roster)
		}
		for _, issue := range export.Index.Issues {
			line(tenant.ID, issue)
		}
		for _, log := range export.Index.Worklogs {
			line(tenant.ID, log)
		}
		for _, change := range export.Index.Changes {
			line(tenant.ID, change)
		}
	}
	slices.Sort(all)
	return all
}

// What is moved is the same on the other engine: sites, secrets, rooms, facts, notes.
func TestCopyFrom(t *testing.T) {
	onBothWays(t, func(t *testing.T, w *world, url string) {
		w.peopled(t, "one")
		w.peopled(t, "two")
		to := w.opened(t, url)
		got := must(to.CopyFrom(t.Context(), w.Store, CopyOptions{Resting: true}))(t)
		if got.Tenants != 2 || got.Rows < 30 || !cmp.Equal(got.Keys, []string{"one"}) {
			t.Errorf("copied %+v", got)
		}
		if diff := cmp.Diff(everyTenant(t, w.Store), everyTenant(t, to)); diff != "" {
			t.Errorf("not the same (-from +to):\n%s", diff)
		}
		tenant := must(to.Tenants.TenantByClientKey(t.Context(), "one"))(t)
		if tenant.SharedSecret.Reveal() != "secret of one" {
			t.Error("the secret is another one")
		}
		if before := must(to.Beat(t.Context(), w.clock.forward(time.Hour)))(t); before.IsZero() {
			t.Error("it is not known when a program was alive")
		}

		if _, err := to.CopyFrom(t.Context(), w.Store, CopyOptions{}); !errors.Is(err, ErrNotEmpty) {
			t.Errorf("into what is not empty: %v", err)
		}
		check(t, w.Store.Remove(t.Context(), tenant.ID))
		must(to.CopyFrom(t.Context(), w.Store, CopyOptions{Replace: true}))(t)
		if diff := cmp.Diff(everyTenant(t, w.Store), everyTenant(t, to)); diff != "" {
			t.Errorf("replaced (-from +to):\n%s", diff)
		}
	})
}

// Ten thousand sites go to the other engine and back, and are the same.
func TestTenThousandTenants(t *testing.T) {
	if os.Getenv("SIGHTLINE_TEST_ALL") != "1" {
		t.Skip("takes more than five seconds; SIGHTLINE_TEST_ALL=1 runs it")
	}
	t.Parallel()
	w := newWorld(t, "sqlite://"+filepath.Join(t.TempDir(), "a.db"))
	w.manySites(t, 10_000)
	there, back := w.opened(t, postgresURL(t)), w.opened(t, "sqlite://"+filepath.Join(t.TempDir(), "b.db"))
	began := time.Now()
	first := must(there.CopyFrom(t.Context(), w.Store, CopyOptions{Resting: true}))(t)
	onPostgres := time.Now()
	second := must(back.CopyFrom(t.Context(), there, CopyOptions{Resting: true}))(t)
	t.Logf("%d rows, to PostgreSQL in %s and back in %s", first.Rows, onPostgres.Sub(began), time.Since(onPostgres))
	if first.Tenants != 10_000 || !cmp.Equal(first, second, cmp.AllowUnexported(Copied{}, transfer.Content{})) {
		t.Errorf("there %+v, back %+v", first, second)
	}
	check(t, transfer.Check(session(w.core.db.Reading), second.tables))
	for _, st := range []*Store{there, back} {
		for _, key := range []string{"c0", "c4711", "c9999"} {
			if tenant := must(st.Tenants.TenantByClientKey(t.Context(), connect.ClientKey(key)))(t); tenant.SharedSecret.Reveal() != "secret of "+key {
				t.Errorf("the secret of %s is another one", key)
			}
		}
	}
}

// manySites makes tenants with all that a site has, by a few statements.
func (w *world) manySites(t *testing.T, n int) {
	t.Helper()
	add := func(table string, row func(i int) []any) {
		t.Helper()
		columns := must(database.Columns(w.db, table))(t)[:len(row(0))]
		check(t, w.db.Transaction(func(tx *gorm.DB) error {
			const batch = 500
			for begin := 0; begin < n; begin += batch {
				var values []any
				for i := range batch {
					values = append(values, row(begin+i))
				}
				text := "INSERT INTO " + table + " (" + database.Names(columns) + ") VALUES ?" + strings.Repeat(", ?", batch-1)
				if err := tx.Exec(text, values...).Error; err != nil {
					return err
				}
			}
			return nil
		}))
	}
	sealed := func(plain, aad string) []byte { return must(w.keys.Seal([]byte(plain), aad))(t) }
	name := func(kind string, i int) string { return fmt.Sprint(kind, i) }
	now, page := millis(w.clock.Now()), []byte(strings.Repeat("\x00facts\xff", 200))
	add("tenants", func(i int) []any {
		return []any{name("t", i), "jira", name("site-", i), "https://a.example", "https://a.example", "active", 1, now, now, 0}
	})
	add("connect_installs", func(i int) []any {
		key := name("c", i)
		return []any{key, name("t", i), "sightline", sealed("secret of "+key, secretAAD(connect.ClientKey(key)))}
	})
	add("forge_installs", func(i int) []any {
		return []any{name("f", i), name("t", i), "e", "https://api.example", "1.0.0", "{}", now}
	})
	add("conversations", func(i int) []any { return []any{name("site-", i), "room", name("t", i), "ann", "active"} })
	add("glances", func(i int) []any {
		return []any{name("site-", i), "room", "chat:glance", "workload", `["ABC"]`, 14, "Europe/Berlin", `{"label":"ä"}`, now, 1, 1, 1, 1, 0, now}
	})
	add("gadget_configs", func(i int) []any { return []any{name("t", i), "1", "2", `{"projects":["ABC"]}`, now} })
	add("rosters", func(i int) []any {
		id := rosterID(connect.TenantID(name("t", i)), connect.DashboardItem{Dashboard: "1", Item: "2"})
		return []any{id, name("t", i), "1", "2", sealed("notes", rosterAAD(id))}
	})
	add("site_choices", func(i int) []any { return []any{name("t", i), pointFields, `["customfield_1"]`, now} })
	for bucket := range 2 {
		add("index_pages", func(i int) []any { return []any{name("t", i), 3, "ABC", bucket, page} })
	}
}

// Nothing is written to, and nothing moved away from, where a program works.
func TestCopyWhereAProgramWorks(t *testing.T) {
	onBothWays(t, func(t *testing.T, w *world, url string) {
		w.installed(t, "one", "")
		to := w.opened(t, url)
		resting := CopyOptions{Resting: true}
		program := Program{Name: "web-1/7", Version: "0.1.0", StartedAt: w.clock.Now()}

		check(t, w.Attend(t.Context(), program))
		w.clock.forward(59 * time.Second)
		used := new(InUseError)
		if _, err := to.CopyFrom(t.Context(), w.Store, resting); !errors.As(err, &used) || !strings.Contains(err.Error(), "web-1/7, version 0.1.0, seen 59s ago") {
			t.Errorf("away from it: %v", err)
		}
		if n := len(must(to.Tenants.List(t.Context()))(t)); n != 0 {
			t.Errorf("%d tenants are there", n)
		}
		w.clock.forward(2 * time.Second) // it was killed
		must(to.CopyFrom(t.Context(), w.Store, resting))(t)

		check(t, to.Attend(t.Context(), program))
		if _, err := to.CopyFrom(t.Context(), w.Store, CopyOptions{Replace: true}); !errors.As(err, &used) {
			t.Errorf("into it: %v", err)
		}
		check(t, to.Leave(t.Context(), program.Name))
		check(t, w.Attend(t.Context(), program))
		must(to.CopyFrom(t.Context(), w.Store, CopyOptions{Replace: true}))(t) // a backup may be made meanwhile
		if list := must(to.Programs(t.Context()))(t); len(list) != 0 {
			t.Errorf("who works there was copied: %v", list)
		}
	})
}

// A copy that fails at its last row leaves nothing, and another one can be made.
func TestCopyFails(t *testing.T) {
	onBothWays(t, func(t *testing.T, w *world, url string) {
		w.peopled(t, "one")
		to := w.opened(t, url)
		db := session(to.db.Writing)
		refuse, accept := "CREATE TRIGGER no BEFORE INSERT ON alive BEGIN SELECT RAISE(ABORT, 'refused'); END", "DROP TRIGGER no"
		if to.db.OnPostgres() {
			refuse, accept = "ALTER TABLE alive ADD CONSTRAINT no CHECK (alive_at < 0)", "ALTER TABLE alive DROP CONSTRAINT no"
		}
		check(t, db.Exec(refuse).Error)
		if _, err := to.CopyFrom(t.Context(), w.Store, CopyOptions{}); err == nil || !strings.Contains(err.Error(), "copy alive: ") {
			t.Errorf("got %v", err)
		}
		for _, table := range tables() {
			var n int
			check(t, db.Raw("SELECT count(*) FROM "+table.name).Scan(&n).Error)
			if n != 0 {
				t.Errorf("%d rows are left in %s", n, table.name)
			}
		}
		check(t, db.Exec(accept).Error)
		must(to.CopyFrom(t.Context(), w.Store, CopyOptions{}))(t)
	})
}

// A newer program's database is not copied by an older one, which does not know all
// of it.
func TestCopyNewerSchema(t *testing.T) {
	onBothWays(t, func(t *testing.T, w *world, url string) {
		must(program(t.Context(), t, w.url, "0.2.0", newer(t, "0.1.0")))(t)
		to := w.opened(t, url)
		if _, err := to.CopyFrom(t.Context(), w.Store, CopyOptions{}); !errors.Is(err, ErrNewerSchema) {
			t.Errorf("got %v", err)
		}
	})
}

// upTo are the migrations of an earlier program.
func upTo(t *testing.T, last int) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	for _, entry := range must(migrationFiles.ReadDir("migrations"))(t)[:last] {
		files["migrations/"+entry.Name()] = &fstest.MapFile{Data: must(migrationFiles.ReadFile("migrations/" + entry.Name()))(t)}
	}
	return files
}

func TestBackupAndRestore(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		id := w.peopled(t, "one")
		file := filepath.Join(t.TempDir(), "sight line.db")
		check(t, os.WriteFile(file+".part", []byte("of a backup that was killed"), 0o600))
		check(t, w.Attend(t.Context(), Program{Name: "a", Version: "0.1.0"}))
		if got := must(w.Backup(t.Context(), w.options(t, ""), file))(t); got.Tenants != 1 {
			t.Errorf("kept %+v", got)
		}
		if there := must(os.ReadDir(filepath.Dir(file)))(t); len(there) != 1 {
			t.Errorf("beside the backup there is %v", there)
		}
		if info := must(os.Stat(file))(t); info.Mode().Perm() != 0o600 {
			t.Errorf("others may read it: %v", info.Mode())
		}
		if _, err := w.Backup(t.Context(), w.options(t, ""), file); !errors.Is(err, os.ErrExist) {
			t.Errorf("over it: %v", err)
		}
		want, bytes := everyTenant(t, w.Store), string(must(os.ReadFile(file))(t))

		check(t, w.Leave(t.Context(), "a"))
		check(t, w.Store.Remove(t.Context(), id))
		b := must(OpenBackup(t.Context(), w.options(t, ""), file))(t)
		must(w.Restore(t.Context(), b, true))(t)
		check(t, b.Close())
		if _, err := os.Stat(b.folder); !os.IsNotExist(err) {
			t.Errorf("the copy is left: %v", err)
		}
		if diff := cmp.Diff(want, everyTenant(t, w.Store)); diff != "" {
			t.Errorf("not the same (-before +after):\n%s", diff)
		}
		if bytes != string(must(os.ReadFile(file))(t)) {
			t.Error("the backup was changed")
		}
		other := w.options(t, "")
		other.Keys = ring(t, keyTwo)
		if _, err := OpenBackup(t.Context(), other, file); !errors.Is(err, ErrSealed) {
			t.Errorf("with another key: %v", err)
		}
	})
}

// What was kept by an earlier release is brought back as this one has it.
func TestRestoreOlderBackup(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		file := filepath.Join(t.TempDir(), "old.db")
		early := must(program(t.Context(), t, "sqlite://"+file, "0.1.0", upTo(t, 14)))(t)
		check(t, session(early.core.db.Writing).Exec(`INSERT INTO tenants (id, product, base_url, display_url, state, generation, installed_at, updated_at)
			VALUES ('t', 'jira', 'https://a.example', 'https://a.example', 'active', 1, 1, 1)`).Error)
		check(t, early.Close())
		b := must(OpenBackup(t.Context(), w.options(t, ""), file))(t)
		defer func() { check(t, b.Close()) }()
		must(w.Restore(t.Context(), b, false))(t)
		if tenant := must(w.Store.Tenants.Tenant(t.Context(), "t"))(t); tenant.State != connect.StateActive {
			t.Errorf("got %+v", tenant)
		}
	})
}

// What is no backup is refused before anything is changed.
func TestNoBackup(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	check(t, os.WriteFile(filepath.Join(folder, "text"), []byte(strings.Repeat("no database ", 1000)), 0o600))
	check(t, os.WriteFile(filepath.Join(folder, "empty"), nil, 0o600))
	w := newWorld(t, "sqlite://"+filepath.Join(folder, "a.db"))
	for name, want := range map[string]string{
		"a.db": "no backup: beside it is a.db-wal",
		"text": "file is not a database", "empty": "there is no database of Sightline", "missing": "no such file or directory", ".": "is a directory",
	} {
		_, err := OpenBackup(t.Context(), w.options(t, ""), filepath.Join(folder, name))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
	for path, want := range map[string]string{
		filepath.Join(folder, "no", "folder.db"): "there is no directory",
		filepath.Join(folder, "a.db"):            "file already exists",
	} {
		if _, err := w.Backup(t.Context(), w.options(t, ""), path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", path, err, want)
		}
	}
}

// What is read back must be what was written.
func TestReadBack(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.peopled(t, "one")
		to := w.opened(t, "sqlite://"+filepath.Join(t.TempDir(), "to.db"))
		copied := must(to.CopyFrom(t.Context(), w.Store, CopyOptions{}))(t)
		check(t, transfer.Check(session(to.db.Reading), copied.tables))
		for _, change := range []string{
			"UPDATE glances SET dirty_rev = dirty_rev + 1 WHERE kind = 'chat:glance'",
			"UPDATE connect_installs SET shared_secret = substr(shared_secret, 2)",
			"DELETE FROM alive",
			"UPDATE tenants SET held = NOT held",
		} {
			check(t, session(to.db.Writing).Exec(change).Error)
			if err := transfer.Check(session(to.db.Reading), copied.tables); !errors.Is(err, transfer.ErrDiffers) {
				t.Errorf("%s: %v", change, err)
			}
			copied = must(to.CopyFrom(t.Context(), w.Store, CopyOptions{Replace: true}))(t)
		}
	})
}
