package sqlstore_test

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/sqlstore"
)

const (
	keyOne = "one:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
	keyTwo = "two:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
)

var sameSecret = gocmp.Comparer(func(a, b connect.Secret) bool { return a.Reveal() == b.Reveal() })

// onBoth runs a test on SQLite and on PostgreSQL, each with a database of its own.
func onBoth(t *testing.T, test func(t *testing.T, db *sql.DB)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, "sqlite", "file:"+filepath.Join(t.TempDir(), "test.db")+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, postgres(t))
	})
}

func open(t *testing.T, driver, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// postgres is a schema of its own on the server of the tests.
func postgres(t *testing.T) *sql.DB {
	t.Helper()
	address, err := url.Parse(cmp.Or(os.Getenv("SIGHTLINE_TEST_POSTGRES"), "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable"))
	if err != nil {
		t.Fatal(err)
	}
	admin := open(t, "pgx", address.String())
	if err := admin.PingContext(t.Context()); err != nil {
		if os.Getenv("SIGHTLINE_TEST_ALL") != "" {
			t.Fatal(err)
		}
		t.Skip("no PostgreSQL server:", err)
	}
	name := fmt.Sprintf("sqlstore_%d", time.Now().UnixNano())
	exec(t, admin, "CREATE SCHEMA "+name)
	t.Cleanup(func() { _, _ = admin.Exec("DROP SCHEMA " + name + " CASCADE") })
	q := address.Query()
	q.Set("search_path", name)
	address.RawQuery = q.Encode()
	return open(t, "pgx", address.String())
}

func exec(t *testing.T, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

func store(t *testing.T, db *sql.DB, keys string) *sqlstore.Store {
	t.Helper()
	return must(sqlstore.Open(t.Context(), db, keys))(t)
}

func must[T any](value T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func install(key string) connect.Install {
	return connect.Install{
		Key: "hello", ClientKey: connect.ClientKey(key), SharedSecret: connect.NewSecret("secret of " + key), ProductType: connect.ProductJira,
		BaseURL: "https://" + key + ".atlassian.net/", OAuthClientID: "oauth", IssuedAt: time.Unix(1700000000, 0),
	}
}

// What was installed is there after a restart, in the same words.
func TestInstallOutlivesTheProcess(t *testing.T) {
	onBoth(t, func(t *testing.T, db *sql.DB) {
		first := store(t, db, keyOne)
		saved := must(first.SaveInstall(t.Context(), install("acme")))(t)
		got := must(store(t, db, keyOne).TenantByClientKey(t.Context(), "acme"))(t)
		if diff := gocmp.Diff(saved, got, sameSecret); diff != "" {
			t.Errorf("(-saved +read):\n%s", diff)
		}
		if got.SharedSecret.Reveal() != "secret of acme" || got.DisplayURL != "https://acme.atlassian.net" || got.Generation != 1 || got.InstalledAt.IsZero() {
			t.Errorf("got %+v", got)
		}
		if _, err := first.TenantByClientKey(t.Context(), "nobody"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("unknown: got %v", err)
		}
		for _, in := range []connect.Install{{}, {ClientKey: "x"}, {SharedSecret: connect.NewSecret("x")}} {
			if _, err := first.SaveInstall(t.Context(), in); err == nil {
				t.Errorf("saved %+v", in)
			}
		}
	})
}

// Who has the database without the keys has no secret; keys are replaced.
func TestSecretsAreSealed(t *testing.T) {
	onBoth(t, func(t *testing.T, db *sql.DB) {
		one := store(t, db, keyOne)
		must(one.SaveInstall(t.Context(), install("acme")))(t)
		must(one.SaveInstall(t.Context(), install("other")))(t)
		call := connect.ForgeInstall{
			ID: "i", Cloud: "c", Environment: "PRODUCTION", APIBaseURL: "https://api.atlassian.com/ex/jira/c",
			SystemToken: connect.NewSecret("token of i"), SystemExpires: time.Now().Add(time.Hour), InUse: true,
		}
		tenant := must(one.SaveForgeInstall(t.Context(), call))(t)
		for _, query := range []string{"SELECT shared_secret FROM connect_tenants WHERE client_key = 'acme'", "SELECT token FROM connect_forge_installs"} {
			var stored []byte
			if err := db.QueryRowContext(t.Context(), query).Scan(&stored); err != nil || len(stored) == 0 || strings.Contains(string(stored), " of ") {
				t.Errorf("%s: got %q, %v", query, stored, err)
			}
		}
		if _, err := store(t, db, keyTwo).TenantByClientKey(t.Context(), "acme"); !errors.Is(err, sqlstore.ErrSealed) {
			t.Errorf("without the key: got %v, want %v", err, sqlstore.ErrSealed)
		}
		if n := must(store(t, db, keyTwo+","+keyOne).Rekey(t.Context()))(t); n != 3 {
			t.Errorf("sealed %d anew, want 3", n)
		}
		two := store(t, db, keyTwo)
		if got := must(two.TenantByClientKey(t.Context(), "acme"))(t); got.SharedSecret.Reveal() != "secret of acme" {
			t.Error("the secret changed")
		}
		if token, _, err := two.ForgeToken(t.Context(), tenant.ID); err != nil || token.Reveal() != "token of i" {
			t.Errorf("token: %v", err)
		}
		exec(t, db, `UPDATE connect_tenants SET shared_secret = (SELECT shared_secret FROM connect_tenants WHERE client_key = 'acme') WHERE client_key = 'other'`)
		if _, err := two.TenantByClientKey(t.Context(), "other"); !errors.Is(err, sqlstore.ErrSealed) {
			t.Errorf("the secret of another: got %v, want %v", err, sqlstore.ErrSealed)
		}
	})
}

func TestOpenRefusesKeys(t *testing.T) {
	t.Parallel()
	db := open(t, "sqlite", "file:"+filepath.Join(t.TempDir(), "test.db"))
	for _, keys := range []string{"", "one", "one:AQEB", keyOne + "," + keyOne} {
		if _, err := sqlstore.Open(t.Context(), db, keys); err == nil || !strings.Contains(err.Error(), "secret key") || strings.Contains(err.Error(), "AQEB") {
			t.Errorf("%q: got %v", keys, err)
		}
	}
	one, two := store(t, db, keyOne).SessionKeys(), store(t, db, keyTwo+","+keyOne).SessionKeys()
	if len(one) != 1 || len(two) != 2 || string(one[0]) != string(two[1]) {
		t.Error("session keys do not follow the secret keys")
	}
}

// A database that is gone is not an unknown tenant, and hosts are told to call again.
func TestDatabaseDown(t *testing.T) {
	t.Parallel()
	db := open(t, "sqlite", "file:"+filepath.Join(t.TempDir(), "test.db"))
	s := store(t, db, keyOne)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, find := s.TenantByClientKey(t.Context(), "acme")
	_, save := s.SaveInstall(t.Context(), install("acme"))
	_, state := s.SetState(t.Context(), "acme", connect.StateUninstalled, time.Time{})
	_, _, forge := s.ForgeTenant(t.Context(), "i")
	_, _, token := s.ForgeToken(t.Context(), "t")
	_, has := s.HasForgeTenant(t.Context(), "c", "PRODUCTION")
	for name, err := range map[string]error{"find": find, "save": save, "state": state, "forge": forge, "token": token, "has": has, "refused": s.ForgeRefused(t.Context(), "t")} {
		if down := (*connect.UnavailableError)(nil); !errors.As(err, &down) || errors.Is(err, connect.ErrNotFound) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// Fifty installs at once of two processes end in the last committed secret.
func TestInstallsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, db *sql.DB) {
		stores := []*sqlstore.Store{store(t, db, keyOne), store(t, db, keyOne)}
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() {
				in := install("acme")
				in.SharedSecret = connect.NewSecret(fmt.Sprint("secret ", i))
				if _, err := stores[i%2].SaveInstall(t.Context(), in); err != nil {
					t.Error(err)
				}
				if _, err := stores[i%2].TenantByClientKey(t.Context(), "acme"); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		got := must(stores[0].TenantByClientKey(t.Context(), "acme"))(t)
		if got.Generation != 50 || !strings.HasPrefix(got.SharedSecret.Reveal(), "secret ") {
			t.Errorf("got generation %d, want 50", got.Generation)
		}
	})
}

// Two processes may start on an empty database at once.
func TestOpenAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, db *sql.DB) {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := sqlstore.Open(t.Context(), db, keyOne); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	})
}
