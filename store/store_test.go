package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sightline/connect"
	"sightline/internal/glance"
)

func TestOpenRefusesURLs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, test := range []struct{ url, want string }{
		{"", "want sqlite://PATH or postgres://"},
		{"sightline.db", "want sqlite://PATH"},
		{"sqlite:sightline.db", "want sqlite://PATH"},
		{"mysql://root:hunter2@localhost/db", "want sqlite://PATH"},
		{"SQLITE://x.db", "want sqlite://PATH"},
		{"sqlite://", "without a path"},
		{"sqlite://x.db?mode=ro", "no options"},
		{"sqlite://x.db#hunter2", "no options"},
		{"sqlite://:memory:", "needs a file"},
		{"sqlite://" + dir, "it is a directory"},
		{"sqlite://" + dir + "/", "is a directory"},
		{"sqlite://" + dir + "/no/such/x.db", "there is no directory " + dir + "/no/such"},
		{"postgres://", "names no host"},
		{"postgres://u:hunter2@", "names no host"},
		{"postgres://u:hunter2@localhost", "database name"},
		{"postgres://u:hunter2@localhost/a/b", "database name"},
		{"postgres://u:hun ter2@localhost/db", "not a URL"},
		{"postgres://u:hunter2%@localhost/db", "not a URL"},
		{"postgres://u:hunter2:x/db", "not a URL"},
		{"postgres://u:1?hunter2@localhost/db", "unknown parameter"},
		{"postgres://u:1#hunter2@localhost/db", "fragment"},
		{"postgres://u@localhost/db?password=hunter2", "unknown parameter"},
		{"postgres://u@localhost/db?sslmode=disable&sslmode=hunter2", "more than once"},
		{"postgres://u:hunter2@localhost/db?sslmode=maybe", "sslmode"},
		{"postgres://u:hunter2@127.0.0.1:1/db?sslmode=disable&connect_timeout=1", "127.0.0.1"},
	} {
		_, err := Open(t.Context(), Options{URL: test.url, Keys: ring(t, keyOne)})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("open %q: got %v, want %q", test.url, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("open %q: the error has the password: %v", test.url, err)
		}
	}
	if _, err := Open(t.Context(), Options{URL: "sqlite://" + dir + "/x.db"}); err == nil {
		t.Error("opened without keys")
	}
}

func TestOpenCreatesPrivateFile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plain.db", "a b%20é&_pragma=x.db"} {
		path := filepath.Join(t.TempDir(), name)
		w := newWorld(t, "sqlite://"+path)
		w.installed(t, "k", "")
		for _, suffix := range []string{"", "-wal", "-shm"} {
			info, err := os.Stat(path + suffix)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := info.Mode().Perm(), os.FileMode(0o600); got != want {
				t.Errorf("mode of %s%s: got %v, want %v", name, suffix, got, want)
			}
		}
	}
}

func TestSQLitePragmas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite://"+filepath.Join(t.TempDir(), "x.db"))
	for name, want := range map[string]string{"journal_mode": "wal", "busy_timeout": "5000", "foreign_keys": "1", "synchronous": "1"} {
		var got, gotRead string
		check(t, w.db.Raw("PRAGMA "+name).Scan(&got).Error)
		check(t, w.read.Raw("PRAGMA "+name).Scan(&gotRead).Error)
		if got != want || gotRead != want {
			t.Errorf("%s: got %s and %s, want %s", name, got, gotRead, want)
		}
	}
	if err := w.read.Exec("DELETE FROM tenants").Error; err == nil {
		t.Error("the readers' pool writes")
	}
}

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
		if want := []int{1}; !slices.Equal(versions, want) {
			t.Errorf("versions: got %v, want %v", versions, want)
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

func TestCanceledContext(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		row := w.claim(t)[0]
		before := w.dump(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		now := w.clock.Now()
		key, item := glanceKey("site", "room"), connect.DashboardItem{Dashboard: "1", Item: "2"}
		for name, call := range map[string]func() error{
			"TenantByClientKey":     func() error { _, err := w.TenantByClientKey(ctx, "k"); return err },
			"SaveInstall":           func() error { _, err := w.SaveInstall(ctx, install("k2")); return err },
			"SetState":              func() error { _, err := w.SetState(ctx, "k", connect.StateDisabled); return err },
			"Tenant":                func() error { _, err := w.Tenant(ctx, tenant.ID); return err },
			"TenantByCloudID":       func() error { _, err := w.TenantByCloudID(ctx, "site"); return err },
			"Tenants":               func() error { _, err := w.Tenants(ctx); return err },
			"TenantsWithoutCloudID": func() error { _, err := w.TenantsWithoutCloudID(ctx); return err },
			"SetCloudID":            func() error { return w.SetCloudID(ctx, tenant.ID, "other") },
			"Erase":                 func() error { _, err := w.Erase(ctx, now); return err },
			"Rekey":                 func() error { _, err := w.Rekey(ctx); return err },
			"GadgetConfig":          func() error { _, _, err := w.GadgetConfig(ctx, tenant.ID, item); return err },
			"SaveGadgetConfig":      func() error { return w.SaveGadgetConfig(ctx, tenant.ID, item, nil, now) },
			"SaveConversation":      func() error { return w.SaveConversation(ctx, glance.Conversation{Cloud: "site", ID: "x"}) },
			"Conversation":          func() error { _, err := w.Conversation(ctx, "site", "room"); return err },
			"RemoveConversation":    func() error { return w.RemoveConversation(ctx, "site", "room") },
			"Begin":                 func() error { return w.Begin(ctx, glance.Conversation{Cloud: "site", ID: "x"}, key, key, now) },
			"Configure":             func() error { return w.Configure(ctx, key, key, glance.Config{Projects: []string{"A"}}, now) },
			"MarkDirty":             func() error { _, err := w.MarkDirty(ctx, tenant.ID, "", "d", now); return err },
			"Glance":                func() error { _, err := w.Glance(ctx, key); return err },
			"Glances":               func() error { _, err := w.Glances(ctx); return err },
			"Claim":                 func() error { _, err := w.Claim(ctx, now, now.Add(time.Minute), 1); return err },
			"Desire":                func() error { _, err := w.Desire(ctx, row, glance.State{}, now); return err },
			"Deliver":               func() error { return w.Deliver(ctx, row) },
			"Fail":                  func() error { return w.Fail(ctx, row, "why", now) },
			"Release":               func() error { return w.Release(ctx, row) },
			"NextDue":               func() error { _, err := w.NextDue(ctx); return err },
			"MarkOlder":             func() error { _, err := w.MarkOlder(ctx, now, now); return err },
			"Ready":                 func() error { return w.Ready(ctx) },
			"Open": func() error {
				_, err := Open(ctx, Options{URL: w.url, Keys: ring(t, keyOne)})
				return err
			},
		} {
			err := call()
			if !errors.Is(err, context.Canceled) || errors.Is(err, connect.ErrNotFound) || errors.Is(err, glance.ErrLeaseLost) {
				t.Errorf("%s: got %v, want %v", name, err, context.Canceled)
			}
		}
		if diff := cmp.Diff(before, w.dump(t)); diff != "" {
			t.Errorf("the database changed: %s", diff)
		}
	})
}

func TestClosedIsNotAbsent(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		check(t, w.Close())
		if _, err := w.TenantByClientKey(t.Context(), "nobody"); err == nil || errors.Is(err, connect.ErrNotFound) {
			t.Errorf("tenant: got %v, want a failure that is not absence", err)
		}
		if _, err := w.SaveInstall(t.Context(), install("k")); err == nil {
			t.Error("saved into a closed database")
		}
		if err := w.Ready(t.Context()); err == nil {
			t.Error("a closed database is ready")
		}
	})
}
