// Package faults plays what happens to the program's database, such as locks, a
// server that hangs, a full disk, wrong keys, the end of the process; and what
// happens around it: services that fail, slow clients, a clock that jumps.
package faults

import (
	"context"
	"database/sql"
	"flag"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/linktest"
)

var command harness.SharedBinary

// atOnce is how many tests run at the same time, whatever the machine has: they wait
// for limits of time more than they compute. -parallel says otherwise.
const atOnce = "6"

func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err)
	}
	os.Exit(command.Run(m, "faults"))
}

// binary is the command, built once for all tests of the package.
func binary(t *testing.T) string {
	t.Helper()
	return command.Path(t)
}

// on has the program use a database, with calls that end soon.
func on(database string) func(*app.ServeFlags) {
	return func(f *app.ServeFlags) { f.DatabaseURL, f.DatabaseStatementTimeout = database, "1s" }
}

// What a test locks, and on PostgreSQL for whom: rooms can still be read.
const (
	tenantTables = "tenants, gadget_configs IN ACCESS EXCLUSIVE MODE"
	roomTables   = "conversations, glances IN EXCLUSIVE MODE"
)

// locked is a lock that the test holds.
type locked struct {
	db *sql.DB
	tx *sql.Tx
	// pid is the holder's, on PostgreSQL.
	pid int
}

// lock keeps everybody else from tables on PostgreSQL, and from changing anything
// on SQLite, until it is opened.
func lock(t *testing.T, database, tables string) *locked {
	t.Helper()
	driver, source, statement := "pgx", database, "LOCK TABLE "+tables
	if path, ok := strings.CutPrefix(database, "sqlite://"); ok {
		driver, source, statement = "sqlite", "file:"+path+"?_txlock=immediate&_pragma=busy_timeout(5000)", "UPDATE tenants SET state = state"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	l := &locked{db: db}
	if l.tx, err = db.BeginTx(context.Background(), nil); err == nil {
		_, err = l.tx.ExecContext(t.Context(), statement)
	}
	if err == nil && driver == "pgx" {
		err = l.tx.QueryRowContext(t.Context(), "SELECT pg_backend_pid()").Scan(&l.pid)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.open)
	return l
}

// open gives the lock back, if it is still held.
func (l *locked) open() { _, _ = l.tx.Rollback(), l.db.Close() }

// wait waits until somebody waits for the lock. SQLite cannot tell: there
// nothing is waited for.
func (l *locked) wait(t *testing.T) {
	t.Helper()
	harness.Eventually(t, "the program waits for the lock", func() bool {
		if l.pid == 0 {
			return true
		}
		n := 0
		err := l.db.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))", l.pid).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n > 0
	})
}

// probe asks whether the program is ready. It answers within a second; a busy
// machine may take a little longer.
func probe(t *testing.T, r *harness.Running) int {
	t.Helper()
	start := time.Now()
	status, _ := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, r.URL+"/readyz", nil))
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("readyz answered after %s", took)
	}
	return status
}

// posted is an answer to a call of the site, and when another may help.
type posted struct {
	status int
	retry  string
}

// install has the site install the app and returns what was answered, and when.
func install(t *testing.T, r *harness.Running) (status int, took time.Duration) {
	t.Helper()
	start := time.Now()
	got, _ := r.Site.Install(t.Context(), r.URL+"/atlassian-connect.json") // its error says the status, too
	return got.Status, time.Since(start)
}

// get is the answer to a page's request.
func get(t *testing.T, address string) posted {
	t.Helper()
	resp, err := harness.Client().Do(harness.NewRequest(t, http.MethodGet, address, nil))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return posted{resp.StatusCode, resp.Header.Get("Retry-After")}
}

// page starts the program with one gadget that is set up.
func page(t *testing.T, change ...func(*app.ServeFlags)) (*harness.Stage, string) {
	t.Helper()
	r := harness.Start(t, connecttest.NewSite(t, connecttest.Options{}), change...)
	s := &harness.Stage{Running: r, Installed: r.Install(t), Dashboard: r.Site.Objects().Dashboards[0]}
	s.Viewer = s.Dashboard.Owner
	return s, s.Showing(t, "workload", "ACME")
}

// link is a database URL that leads over a link.
func link(t *testing.T, database string) (*linktest.Link, string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	l := linktest.New(t, u.Host)
	u.Host = l.Addr()
	return l, u.String()
}
