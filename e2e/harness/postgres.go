package harness

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/internal/app"
)

// OnEachDatabase runs a test with a new database of either kind.
func OnEachDatabase(t *testing.T, test func(t *testing.T, database string)) {
	t.Helper()
	for name, database := range map[string]func(t *testing.T) string{
		"SQLite":     func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "sightline.db") },
		"PostgreSQL": PostgresURL,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, database(t))
		})
	}
}

// On keeps the program's data in a database.
func On(database string) func(*app.ServeFlags) {
	return func(f *app.ServeFlags) { f.DatabaseURL = database }
}

// PostgresURL makes a schema for one test. Without a server the test is
// skipped, unless SIGHTLINE_TEST_ALL=1 demands it.
func PostgresURL(t *testing.T) string {
	t.Helper()
	server := cmp.Or(os.Getenv("SIGHTLINE_TEST_POSTGRES"), "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable")
	db, err := sql.Open("pgx", server)
	if err == nil {
		err = db.PingContext(t.Context())
	}
	if err != nil {
		if os.Getenv("SIGHTLINE_TEST_ALL") == "1" {
			t.Fatalf("no PostgreSQL server, set SIGHTLINE_TEST_POSTGRES: %v", err)
		}
		t.Skip("no PostgreSQL server, set SIGHTLINE_TEST_POSTGRES")
	}
	schema := strings.ToLower("sightline_" + rand.Text())
	if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.ExecContext(context.Background(), "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			t.Error(err)
		}
		_ = db.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", schema)
	u.RawQuery = query.Encode()
	return u.String()
}
