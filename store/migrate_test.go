package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/store/internal/database"
)

// steps are the migrations of this program.
func steps(tb testing.TB) (texts []string) {
	tb.Helper()
	for _, entry := range must(migrationFiles.ReadDir("migrations"))(tb) {
		texts = append(texts, string(must(migrationFiles.ReadFile("migrations/"+entry.Name()))(tb)))
	}
	return texts
}

// newer are the migrations of a program that has one more than this one: it
// adds a column to each table.
func newer(tb testing.TB, needs string) fs.FS {
	tb.Helper()
	files := fstest.MapFS{}
	entries := must(migrationFiles.ReadDir("migrations"))(tb)
	for _, entry := range entries {
		files["migrations/"+entry.Name()] = &fstest.MapFile{Data: must(migrationFiles.ReadFile("migrations/" + entry.Name()))(tb)}
	}
	text := "-- needs " + needs
	for _, table := range tables() {
		table := table.name
		text += "\nALTER TABLE " + table + " ADD COLUMN more text NOT NULL DEFAULT '';"
	}
	files[fmt.Sprintf("migrations/%04d_more.sql", len(entries)+1)] = &fstest.MapFile{
		Data: []byte(text),
	}
	return files
}

// program opens a database as a program of a version, with its migrations.
func program(ctx context.Context, tb testing.TB, url, version string, migrations fs.FS) (*Store, error) {
	tb.Helper()
	s, err := openWith(ctx, Options{URL: url, Version: version, Keys: ring(tb, keyOne), Limits: Limits{Call: unhurried}}, migrations)
	if err == nil {
		tb.Cleanup(func() { _ = s.Close() })
	}
	return s, err
}

// works fails a test whose program is not ready or cannot read and write.
func works(tb testing.TB, s *Store) {
	tb.Helper()
	check(tb, s.Ready(tb.Context()))
	w := &world{clock: &clock{now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}}
	w.use(s)
	ctx, item := tb.Context(), connect.DashboardItem{Dashboard: "1", Item: "2"}
	tenant := w.installed(tb, "k", "site")
	must(w.SetState(ctx, "k", connect.StateDisabled, time.Time{}))(tb)
	must(w.SetState(ctx, "k", connect.StateActive, time.Time{}))(tb)
	w.begun(tb, "site", "room")
	w.configured(tb, "site", "room", "ABC")
	w.settle(tb, glance.State{Label: "1 open"})
	must(w.Store.Glances.List(ctx))(tb)
	must(w.Conversation(ctx, glance.SurfaceChat, "site", "room"))(tb)
	check(tb, w.SaveGadgetConfig(ctx, tenant.ID, item, nil, w.clock.Now()))
	_, _, err := w.GadgetConfig(ctx, tenant.ID, item)
	check(tb, err)
	check(tb, w.SaveSlackInstall(ctx, workspace(tenant.ID)))
	must(w.SlackInstall(ctx, "T1"))(tb)
	must(w.SlackTeams(ctx, tenant.ID))(tb)
	must(w.MarkDirty(ctx, tenant.ID, "ABC", randomID(), w.clock.Now()))(tb)
	must(w.Rekey(ctx))(tb)
	must(w.Erase(ctx, w.clock.Now()))(tb)
}

// names fails a test whose error does not name both releases.
func names(tb testing.TB, err error, needs, version string) {
	tb.Helper()
	if !errors.Is(err, ErrNewerSchema) || !strings.Contains(err.Error(), "release "+needs) || !strings.Contains(err.Error(), "this is "+version) {
		tb.Errorf("got %v, want one that names %s and %s", err, needs, version)
	}
}

func TestMigrateAtOnce(t *testing.T) {
	onBothURLs(t, func(t *testing.T, url string) {
		var wait sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wait.Go(func() {
				s, err := program(t.Context(), t, url, "0.1.0", migrationFiles)
				if err == nil {
					err = s.Ready(t.Context())
				}
				errs[i] = err
			})
		}
		wait.Wait()
		check(t, errors.Join(errs...))

		w := newWorld(t, url)
		w.installed(t, "k", "")
		w.use(w.again(t, keyOne))
		var rows []string
		check(t, w.read.Raw("SELECT version || ' ' || needs FROM schema_migrations ORDER BY version").Scan(&rows).Error)
		var want []string
		for i, text := range steps(t) {
			first, _, _ := strings.Cut(text, "\n")
			want = append(want, fmt.Sprint(i+1, " ", strings.TrimPrefix(first, "-- needs ")))
		}
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Errorf("schema_migrations: %s", diff)
		}
		for _, table := range tables() {
			table := table.name
			check(t, w.read.Exec("SELECT 1 FROM "+table).Error)
		}
		check(t, w.db.Exec("DELETE FROM schema_migrations").Error)
		if err := w.Ready(t.Context()); err == nil {
			t.Error("ready without a migration")
		}
	})
}

// An older program works on a newer one's database if the migrations allow it.
func TestOlderProgram(t *testing.T) {
	for name, tt := range map[string]struct {
		needs, version string
		refused        bool
	}{
		"the same":              {"0.3.0", "0.3.0", false},
		"needs less":            {"0.2.9", "0.3.0", false},
		"needs the next patch":  {"0.3.1", "0.3.0", true},
		"needs the next minor":  {"0.10.0", "0.9.5", true},
		"needs the next major":  {"1.0.0", "0.99.99", true},
		"a development build":   {"1.0.0", "0.3.0-dev", false},
		"a release candidate":   {"1.0.0", "1.0.0-rc.1", false},
		"ten is more than nine": {"0.9.0", "0.10.0", false},
	} {
		t.Run(name, func(t *testing.T) {
			onBothURLs(t, func(t *testing.T, url string) {
				older := must(program(t.Context(), t, url, tt.version, migrationFiles))(t)
				works(t, older)
				works(t, must(program(t.Context(), t, url, "9.0.0", newer(t, tt.needs)))(t))

				again, err := program(t.Context(), t, url, tt.version, migrationFiles)
				if tt.refused {
					names(t, err, tt.needs, tt.version)
					names(t, older.Ready(t.Context()), tt.needs, tt.version)
					return
				}
				check(t, err)
				works(t, older)
				works(t, again)
			})
		})
	}
}

// An older and a newer program start at once on an empty database.
func TestOlderAndNewerAtOnce(t *testing.T) {
	for name, refused := range map[string]bool{"0.1.0": false, "0.2.0": true} {
		t.Run("needs "+name, func(t *testing.T) {
			onBothURLs(t, func(t *testing.T, url string) {
				var wait sync.WaitGroup
				for i := range 8 {
					wait.Go(func() {
						if i%2 == 0 {
							s, err := program(t.Context(), t, url, "0.2.0", newer(t, name))
							if err == nil {
								err = s.Ready(t.Context())
							}
							if err != nil {
								t.Errorf("newer: %v", err)
							}
							return
						}
						// It may have come first and be refused later.
						s, err := program(t.Context(), t, url, "0.1.0", migrationFiles)
						if err == nil {
							err = s.Ready(t.Context())
						}
						if err != nil && (!refused || !errors.Is(err, ErrNewerSchema)) {
							t.Errorf("older: %v", err)
						}
					})
				}
				wait.Wait()
				_, err := program(t.Context(), t, url, "0.1.0", migrationFiles)
				if refused {
					names(t, err, "0.2.0", "0.1.0")
				} else {
					check(t, err)
				}
			})
		})
	}
}

func TestDamagedSchema(t *testing.T) {
	for name, statement := range map[string]string{
		"negative":         "UPDATE schema_migrations SET version = -1 WHERE version = 1",
		"nought":           "INSERT INTO schema_migrations (version, applied_at, needs) VALUES (0, 0, '0.1.0')",
		"a gap":            "INSERT INTO schema_migrations (version, applied_at, needs) VALUES (99, 0, '0.1.0')",
		"one is missing":   "DELETE FROM schema_migrations WHERE version = 2",
		"needs nothing":    "INSERT INTO schema_migrations (version, applied_at) VALUES (NEXT, 0)",
		"needs no release": "INSERT INTO schema_migrations (version, applied_at, needs) VALUES (NEXT, 0, 'later')",
		"needs a negative": "INSERT INTO schema_migrations (version, applied_at, needs) VALUES (NEXT, 0, '0.-1.0')",
		"needs too much":   "INSERT INTO schema_migrations (version, applied_at, needs) VALUES (NEXT, 0, '0.99999999999999999999.0')",
		"needs a build":    "INSERT INTO schema_migrations (version, applied_at, needs) VALUES (NEXT, 0, '0.1.0-dev')",
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, w *world) {
				check(t, w.db.Exec(strings.ReplaceAll(statement, "NEXT", fmt.Sprint(len(steps(t))+1))).Error)
				if err := w.Ready(t.Context()); !errors.Is(err, database.ErrDamagedSchema) {
					t.Errorf("ready: got %v, want %v", err, database.ErrDamagedSchema)
				}
				for _, version := range []string{"0.1.0", "0.1.0-dev", "9.0.0"} {
					if _, err := program(t.Context(), t, w.url, version, migrationFiles); !errors.Is(err, database.ErrDamagedSchema) {
						t.Errorf("open as %s: got %v, want %v", version, err, database.ErrDamagedSchema)
					}
				}
			})
		})
	}
}

// oldSchema makes a database as the first builds of 0.1.0 did, up to a
// version; their table of migrations did not say what it needs.
func oldSchema(tb testing.TB, url string, upTo int) {
	tb.Helper()
	db := raw(tb, url)
	execute(tb, db, `CREATE TABLE IF NOT EXISTS schema_migrations (
		version bigint NOT NULL PRIMARY KEY, applied_at bigint NOT NULL)`)
	files := must(filepath.Glob("testdata/first/*.sql"))(tb)
	for i, file := range files[:upTo] {
		execute(tb, db, string(must(os.ReadFile(file))(tb)))
		execute(tb, db, fmt.Sprintf("INSERT INTO schema_migrations (version, applied_at) VALUES (%d, 1)", i+1))
	}
	check(tb, db.Close())
}

// raw opens a database without the store.
func raw(tb testing.TB, url string) *sql.DB {
	tb.Helper()
	driver := "pgx"
	if path, ok := strings.CutPrefix(url, "sqlite://"); ok {
		driver, url = "sqlite", "file:"+path
	}
	db := must(sql.Open(driver, url))(tb)
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

func execute(tb testing.TB, db *sql.DB, statement string) {
	tb.Helper()
	if _, err := db.ExecContext(tb.Context(), statement); err != nil {
		tb.Fatalf("%s: %v", statement, err)
	}
}

// The first builds' databases are taken over with all that they hold, and
// those builds can go on until the next migration.
func TestUpgradeOldSchema(t *testing.T) {
	for upTo := range 4 {
		t.Run(fmt.Sprint("from ", upTo), func(t *testing.T) {
			onBothURLs(t, func(t *testing.T, url string) {
				oldSchema(t, url, upTo)
				w := newWorld(t, url)
				check(t, w.Ready(t.Context()))
				var needs []string
				check(t, w.read.Raw("SELECT needs FROM schema_migrations WHERE version <= 3").Scan(&needs).Error)
				if diff := cmp.Diff([]string{"0.1.0", "0.1.0", "0.1.0"}, needs); diff != "" {
					t.Errorf("needs: %s", diff)
				}
				tenant := w.installed(t, "k", "site")
				w.begun(t, "site", "room")
				w.configured(t, "site", "room", "ABC")
				w.settle(t, glance.State{Label: "1 open"})

				again := must(program(t.Context(), t, url, "9.0.0", newer(t, "0.1.0")))(t)
				works(t, again)
				works(t, w.Store)
				if got := must(again.Tenants.TenantByCloudID(t.Context(), "site"))(t); got.ID != tenant.ID {
					t.Errorf("got tenant %q, want %q", got.ID, tenant.ID)
				}
			})
		})
	}
}

// What the old schema held is there after the upgrade.
func TestUpgradeKeepsRows(t *testing.T) {
	onBothURLs(t, func(t *testing.T, url string) {
		oldSchema(t, url, 1)
		db := raw(t, url)
		for _, statement := range []string{
			`INSERT INTO tenants (id, product, cloud_id, base_url, display_url, state, generation, installed_at, updated_at)
				VALUES ('t', 'jira', 'site', 'https://a', 'https://a', 'active', 3, 1, 2)`,
			`INSERT INTO connect_installs (client_key, tenant_id, app_key) VALUES ('k', 't', 'app')`,
			`INSERT INTO conversations (cloud_id, id, tenant_id) VALUES ('site', 'room', 't')`,
			`INSERT INTO glances (cloud_id, conversation_id, kind, module_key, projects, window_days, zone, next_attempt)
				VALUES ('site', 'room', 'chat:glance', 'workload', '["ABC"]', 14, 'Europe/Berlin', 5)`,
		} {
			execute(t, db, statement)
		}
		check(t, db.Close())

		w := newWorld(t, url)
		tenant := must(w.TenantByClientKey(t.Context(), "k"))(t)
		row := w.row(t, glanceKey("site", "room"))
		if tenant.ID != "t" || tenant.Generation != 3 || row.Tenant != "t" || row.Config.Window != 14 || row.Config.Projects[0] != "ABC" {
			t.Errorf("got %+v and %+v", tenant, row)
		}
	})
}

// A first build that starts together with this one writes rows that do not
// say what they need, after this one has added the column.
func TestOldProgramAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		check(t, w.db.Exec("DELETE FROM schema_migrations WHERE version = 3").Error)
		check(t, w.db.Exec("INSERT INTO schema_migrations (version, applied_at) VALUES (3, 1)").Error)
		works(t, w.again(t, keyOne))
		var version int
		check(t, w.read.Raw("SELECT COALESCE(MAX(version), 0) FROM schema_migrations").Scan(&version).Error)
		if version != len(steps(t)) {
			t.Errorf("version: got %d, want %d", version, len(steps(t)))
		}
	})
}

func TestVersionOfProgram(t *testing.T) {
	t.Parallel()
	url := "sqlite://" + t.TempDir() + "/x.db"
	for _, version := range []string{"", "dev", "1", "1.2", "v1.2.3", "1.2.3.4", "01.2.3", "1.2.3 ", "1.2.3-", "-1.2.3"} {
		if _, err := program(t.Context(), t, url, version, migrationFiles); err == nil || !strings.Contains(err.Error(), "version") {
			t.Errorf("version %q: got %v, want a refusal", version, err)
		}
	}
	// A program whose own migrations need a later one applies none of them.
	_, err := program(t.Context(), t, url, "0.1.0", newer(t, "0.2.0"))
	names(t, err, "0.2.0", "0.1.0")
	if _, err := os.Stat(strings.TrimPrefix(url, "sqlite://")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the database: got %v, want none", err)
	}
}
