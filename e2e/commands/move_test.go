package commands

import (
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// does runs a command with the program's settings and wants an exit code and a text.
func does(t *testing.T, p *harness.Process, code int, want string, args ...string) string {
	t.Helper()
	command := p.Command(t.Context(), binary(t), args...)
	said, _ := command.CombinedOutput()
	if command.ProcessState.ExitCode() != code || !strings.Contains(string(said), want) {
		t.Fatalf("%v: exit %d, want %d and %q:\n%s", args, command.ProcessState.ExitCode(), code, want, said)
	}
	return string(said)
}

// stop ends the program as an operator does.
func stop(t *testing.T, p *harness.Process) {
	t.Helper()
	p.Signal(t, syscall.SIGTERM)
	if err := p.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, p.Logs)
	}
}

// TestMoveHouse: a program moves to PostgreSQL and back, and to a backup of both; no
// site installs the app again, its gadget and its room go on.
func TestMoveHouse(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	site, folder := connecttest.NewSite(t), t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	p := harness.NewProcess(t, site, "sqlite://"+file("first.db"))
	p.Run(t, binary(t))
	if err := p.OnSite().Furnish(t.Context()); err != nil {
		t.Fatal(err)
	}
	sites := func() string { // id, cloud id and address
		t.Helper()
		return strings.Join(strings.Split(does(t, p, 0, site.CloudID(), "tenants"), "\t")[:3], " ")
	}
	list := sites()
	board := site.Objects().Dashboards[0]
	shows := func() {
		t.Helper()
		if page := p.Gadget(t, board.Owner, board.ID, board.Items[0].ID); !strings.Contains(page, "Team workload") {
			t.Errorf("the gadget does not show: %s", page)
		}
	}
	shows()

	postgres := harness.PostgresURL(t)
	does(t, p, 1, "a program works on it", "migrate", "--to", postgres)
	does(t, p, 0, "1 tenants", "backup", file("backup.db"))
	does(t, p, 1, "a program works on it", "restore", file("backup.db"), "--force")
	does(t, p, 1, "file already exists", "backup", file("backup.db"))
	stop(t, p)

	for _, to := range []string{postgres, "sqlite://" + file("second.db")} {
		does(t, p, 0, "the new database holds 1 tenants", "migrate", "--to", to)
		does(t, p, 1, "not empty", "migrate", "--to", to)
		p.Flags.DatabaseURL = to
		p.Run(t, binary(t))
		if got := sites(); got != list {
			t.Errorf("on %s there is %s, want %s", to, got, list)
		}
		shows()
		stop(t, p)
	}

	does(t, p, 1, "--force", "restore", file("backup.db"))
	does(t, p, 0, "with test. Keep that apart", "restore", file("backup.db"), "--force")
	p.Flags.DatabaseURL = "sqlite://" + file("third.db")
	does(t, p, 0, "the database holds 1 tenants", "restore", file("backup.db"))
	p.Run(t, binary(t))
	shows()
	stop(t, p)
	if got := sites(); got != list {
		t.Errorf("restored there is %s, want %s", got, list)
	}

	p.Flags.DatabaseURL = "sqlite://" + file("none.db")
	for _, args := range [][]string{{"backup", file("none.backup")}, {"migrate", "--to", "sqlite://" + file("none.copy")}} {
		does(t, p, 1, "there is no database of Sightline", args...)
	}
	does(t, p, 1, "no such file", "restore", file("none.backup"))
	does(t, p, 2, "SIGHTLINE_DATABASE_URL: database URL: want", "migrate", "--to", "mysql://a")
	for _, name := range []string{"none.db", "none.backup", "none.backup.part", "none.copy"} {
		if _, err := os.Stat(file(name)); err == nil {
			t.Errorf("%s was made", name)
		}
	}
}

// TestKilledMove: what was killed in the middle begins anew.
func TestKilledMove(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	folder := t.TempDir()
	p := harness.NewProcess(t, connecttest.NewSite(t), "sqlite://"+filepath.Join(folder, "large.db"))
	tenant, err := p.Store.Tenants.SaveInstall(t.Context(), connect.Install{
		Key: "app", ClientKey: "client-1", SharedSecret: connect.NewSecret("s"), BaseURL: "https://a.atlassian.net", ProductType: connect.ProductJira,
	})
	if err != nil {
		t.Fatal(err)
	}
	large(t, filepath.Join(folder, "large.db"), string(tenant.ID))

	t.Run("backup", func(t *testing.T) {
		file := filepath.Join(folder, "backup.db")
		kill(t, p.Command(t.Context(), binary(t), "backup", file), func() bool { return size(file+".part-wal") > 1<<20 })
		if size(file) > 0 {
			t.Error("a backup is there that is not complete")
		}
		does(t, p, 0, "1 tenants", "backup", file)
	})
	t.Run("migrate to SQLite", func(t *testing.T) {
		file := filepath.Join(folder, "other.db")
		kill(t, p.Command(t.Context(), binary(t), "migrate", "--to", "sqlite://"+file), func() bool { return size(file+"-wal") > 1<<20 })
		does(t, p, 0, "1 tenants", "migrate", "--to", "sqlite://"+file)
	})
	t.Run("migrate to PostgreSQL", func(t *testing.T) {
		to := harness.PostgresURL(t)
		db, err := sql.Open("pgx", to)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		kill(t, p.Command(t.Context(), binary(t), "migrate", "--to", to+"&application_name=killed"), func() bool {
			var n int
			err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'killed' AND query LIKE 'INSERT INTO index_pages%'").Scan(&n)
			return err == nil && n > 0
		})
		does(t, p, 0, "1 tenants", "migrate", "--to", to)
	})
}

// large gives a tenant pages of 60 MB, so that copying takes a while.
func large(t *testing.T, file, tenant string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.ExecContext(t.Context(), `INSERT INTO index_pages (tenant_id, shelf, project, bucket, body)
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) SELECT ?, 3, 'ABC', i, randomblob(100000) FROM n`, tenant)
	if err != nil {
		t.Fatal(err)
	}
}

func size(file string) int64 {
	info, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return info.Size()
}

// kill ends a command at once when it has begun.
func kill(t *testing.T, command *exec.Cmd, begun func() bool) {
	t.Helper()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	harness.Eventually(t, "it has begun", begun)
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err == nil {
		t.Fatal("it had ended before it was killed")
	}
}
