package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/linktest"
	"github.com/sightline-go/sightline/store/internal/database"
)

// short is the limit of calls in tests of what happens when it is over.
const short = 300 * time.Millisecond

// limited opens the database once more, with short calls.
func (w *world) limited(t *testing.T, url string) *world {
	t.Helper()
	return w.limitedTo(t, url, short)
}

func (w *world) limitedTo(t *testing.T, url string, call time.Duration) *world {
	t.Helper()
	limited := &world{url: url, clock: w.clock}
	limited.use(limited.within(t, keyOne, Limits{Call: call, MaxConns: 2}))
	return limited
}

// unavailable checks the reason of a call that the database refused, and that it
// came long before a caller gives up.
func unavailable(t *testing.T, name, want string, call func() error) {
	t.Helper()
	start := time.Now()
	err := call()
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("%s: ended after %s", name, took)
	}
	var down *connect.UnavailableError
	if !errors.As(err, &down) {
		t.Errorf("%s: got %v, want it to be unavailable", name, err)
		return
	}
	if want != "" && down.Reason != want {
		t.Errorf("%s: got reason %q of %v, want %q", name, down.Reason, err, want)
	}
	if errors.Is(err, connect.ErrNotFound) {
		t.Errorf("%s: %v reads like absence", name, err)
	}
}

// through is a PostgreSQL URL that leads over a link.
func through(t *testing.T, address string) (*linktest.Link, string) {
	t.Helper()
	u, err := url.Parse(address)
	check(t, err)
	link := linktest.New(t, u.Host)
	u.Host = link.Addr()
	return link, u.String()
}

// TestFrozenServer: every call to a server that does not answer any more ends,
// and works again as soon as it answers.
func TestFrozenServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, postgresURL(t))
	tenant := w.installed(t, "k", "site")
	w.begun(t, "site", "room")
	w.configured(t, "site", "room", "ABC")
	row := w.claim(t)[0]
	link, address := through(t, w.url)
	far := w.limited(t, address)
	link.Freeze()
	for name, call := range far.calls(t, t.Context(), tenant.ID, row) {
		if name == "Erase" || name == "MarkOlder" || name == "Open" {
			continue // they may take longer, see Open
		}
		unavailable(t, name, "", call)
	}
	link.Cut()
	link.Thaw()
	must(far.Tenant(t.Context(), tenant.ID))(t)
	link.Cut()
	must(far.Tenant(t.Context(), tenant.ID))(t)
	if n := link.Open(); n > 2 {
		t.Errorf("%d connections, want 2 at most", n)
	}
}

// TestLocked: a lock of another program ends no later than a call.
func TestLocked(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		tenant := w.installed(t, "k", "site")
		// A third of a call is left to say that a lock was in the way.
		other := w.limitedTo(t, w.url, 5*short)
		statement := "UPDATE tenants SET state = state"
		if w.core.db.OnPostgres() {
			statement = "LOCK TABLE tenants IN ACCESS EXCLUSIVE MODE"
		}
		tx := w.db.Begin()
		check(t, tx.Exec(statement).Error)
		unavailable(t, "install", database.ReasonLocked, func() error { _, err := other.SaveInstall(t.Context(), install("k")); return err })
		unavailable(t, "state", database.ReasonLocked, func() error {
			_, err := other.SetState(t.Context(), "k", connect.StateDisabled, time.Time{})
			return err
		})
		if w.core.db.OnPostgres() {
			unavailable(t, "tenant", database.ReasonLocked, func() error { _, err := other.Tenant(t.Context(), tenant.ID); return err })
		} else {
			unavailable(t, "ready", database.ReasonLocked, func() error { return other.Ready(t.Context()) })
		}
		check(t, tx.Rollback().Error)
		must(other.SaveInstall(t.Context(), install("k")))(t)
		check(t, other.Ready(t.Context()))
	})
}

// TestCallerIsGone: what a caller does not wait for is no fault of the database.
func TestCallerIsGone(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		other := w.limited(t, w.url)
		tx := w.db.Begin()
		check(t, tx.Exec("UPDATE readiness SET checked_at = 1").Error)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(short/10, cancel)
		err := other.Ready(ctx)
		if down := new(connect.UnavailableError); err == nil || errors.As(err, &down) {
			t.Errorf("got %v, want the caller's own end", err)
		}
		check(t, tx.Rollback().Error)
	})
}

func TestSQLiteRefusals(t *testing.T) {
	t.Parallel()
	newSQLite := func(t *testing.T) *world {
		t.Helper()
		return newWorld(t, "sqlite://"+filepath.Join(t.TempDir(), "x.db"))
	}
	save := func(w *world) func() error {
		return func() error { _, err := w.SaveInstall(context.Background(), install("k2")); return err }
	}
	t.Run("full", func(t *testing.T) {
		w := newSQLite(t)
		w.installed(t, "k", "site")
		check(t, w.db.Exec("PRAGMA max_page_count = 1").Error) // no more than there are
		unavailable(t, "fill", database.ReasonFull, func() error {
			for {
				err := w.SaveGadgetConfig(t.Context(), w.installed(t, "k", "site").ID, connect.DashboardItem{Item: randomID()}, []byte(strings.Repeat("x", 4000)), time.Now())
				if err != nil {
					return err
				}
			}
		})
		check(t, w.db.Exec("PRAGMA max_page_count = 1000000").Error)
		check(t, save(w)())
	})
	t.Run("read-only", func(t *testing.T) {
		w := newSQLite(t)
		check(t, w.db.Exec("PRAGMA query_only = 1").Error)
		unavailable(t, "install", database.ReasonReadOnly, save(w))
		unavailable(t, "ready", database.ReasonReadOnly, func() error { return w.Ready(t.Context()) })
		check(t, w.db.Exec("PRAGMA query_only = 0").Error)
		check(t, save(w)())
	})
	t.Run("damaged", func(t *testing.T) {
		w := newSQLite(t)
		path := strings.TrimPrefix(w.url, "sqlite://")
		check(t, w.Close())
		spoil(t, path)
		_, err := Open(t.Context(), Options{URL: w.url, Version: "0.1.0", Keys: ring(t, keyOne)})
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("got %v, want a refusal that names %s", err, path)
		}
	})
}

// spoil overwrites all pages but the first of a database.
func spoil(t *testing.T, path string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	check(t, err)
	info, err := file.Stat()
	check(t, err)
	_, err = file.WriteAt([]byte(strings.Repeat("spoilt. ", int(info.Size()-4096)/8)), 4096)
	check(t, errors.Join(err, file.Close()))
}

func TestPostgresRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, postgresURL(t))
	w.installed(t, "k", "site")
	t.Run("denied", func(t *testing.T) {
		name := userOf(t, w.role(t, ""))
		empty, err := url.Parse(postgresURL(t))
		check(t, err)
		check(t, w.db.Exec("GRANT USAGE ON SCHEMA "+empty.Query().Get("search_path")+" TO "+name).Error)
		empty.User = url.User(name)
		_, err = Open(t.Context(), Options{URL: empty.String(), Version: "0.1.0", Keys: ring(t, keyOne)})
		if err == nil || !strings.Contains(err.Error(), "the schema is at 0 and has to be brought to") {
			t.Errorf("got %v, want that the user may not create tables", err)
		}
	})
	t.Run("read-only", func(t *testing.T) {
		reader := w.role(t, "ALTER ROLE %s SET default_transaction_read_only = on")
		_, err := Open(t.Context(), Options{URL: reader, Version: "0.1.0", Keys: ring(t, keyOne)})
		if down := new(connect.UnavailableError); !errors.As(err, &down) || down.Reason != database.ReasonReadOnly {
			t.Errorf("got %v, want %q", err, database.ReasonReadOnly)
		}
	})
	t.Run("failover", func(t *testing.T) {
		other := w.limited(t, w.role(t, ""))
		name := userOf(t, other.url)
		check(t, w.db.Exec("ALTER ROLE "+name+" SET default_transaction_read_only = on").Error)
		check(t, w.db.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"+name+"'").Error)
		unavailable(t, "install", database.ReasonReadOnly, func() error { _, err := other.SaveInstall(t.Context(), install("k")); return err })
		check(t, w.db.Exec("ALTER ROLE "+name+" RESET default_transaction_read_only").Error)
		must(other.SaveInstall(t.Context(), install("k")))(t)
	})
	t.Run("connections", func(t *testing.T) {
		other := w.limited(t, w.role(t, "ALTER ROLE %s CONNECTION LIMIT 1"))
		tx := other.db.Begin()
		check(t, tx.Error)
		unavailable(t, "tenant", database.ReasonConnections, func() error { _, err := other.TenantByCloudID(t.Context(), "site"); return err })
		time.AfterFunc(short/3, func() { tx.Rollback() })
		must(other.TenantByCloudID(t.Context(), "site"))(t) // waits for the one that there is
	})
	t.Run("timeout", func(t *testing.T) {
		other := w.limited(t, w.url)
		unavailable(t, "sleep", database.ReasonTimeout, func() error {
			return other.core.db.Reading(t.Context(), func(db *gorm.DB) error { return db.Exec("SELECT pg_sleep(60)").Error })
		})
	})
	t.Run("stopped", func(t *testing.T) {
		_, err := Open(t.Context(), Options{URL: "postgres://x@127.0.0.1:1/x", Version: "0.1.0", Keys: ring(t, keyOne)})
		if down := new(connect.UnavailableError); !errors.As(err, &down) || down.Reason != database.ReasonStopped {
			t.Errorf("got %v, want %q", err, database.ReasonStopped)
		}
	})
}

func userOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	check(t, err)
	return u.User.Username()
}

// role makes a user of the server that may read and write the rows of the test's
// schema and nothing else, and returns its URL. setting, if any, is about it.
func (w *world) role(t *testing.T, setting string) string {
	t.Helper()
	u, err := url.Parse(w.url)
	check(t, err)
	schema, name := u.Query().Get("search_path"), strings.ToLower("sightline_"+randomID())
	owner, err := sql.Open("pgx", w.url)
	check(t, err)
	run := func(statements ...string) {
		for _, statement := range statements {
			if _, err := owner.ExecContext(context.Background(), strings.ReplaceAll(statement, "%s", name)); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
	}
	run("CREATE ROLE %s LOGIN", "GRANT USAGE ON SCHEMA "+schema+" TO %s",
		"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "+schema+" TO %s")
	if setting != "" {
		run(setting)
	}
	t.Cleanup(func() {
		run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '%s'", "DROP OWNED BY %s", "DROP ROLE %s")
		_ = owner.Close()
	})
	u.User = url.User(name)
	return u.String()
}
