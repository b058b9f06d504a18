package faults

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// server is a PostgreSQL server of the test's own.
type server struct {
	bin, data, port string
}

// newServer makes a server; without the programs for it the test is skipped.
func newServer(t *testing.T) *server {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		t.Skip("no initdb below /usr/lib/postgresql: the server that a test restarts is its own")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") // a free port
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(listener.Addr().String(), ":")
	_ = listener.Close()
	// Not in the test's folder: the server's user may not enter that.
	folder, err := os.MkdirTemp("", "sightline-postgres-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	s := &server{bin: filepath.Dir(slices.Max(found)), data: filepath.Join(folder, "data"), port: port}
	if os.Getuid() == 0 {
		s.run(t, "chown", "postgres", folder)
	}
	s.asOwner(t, "initdb", "-D", s.data, "-U", "postgres", "-A", "trust", "-N")
	s.start(t)
	t.Cleanup(func() { s.stop(t) })
	return s
}

func (s *server) start(t *testing.T) {
	t.Helper()
	options := fmt.Sprintf("-p %s -k '' -c listen_addresses=127.0.0.1 -c fsync=off", s.port)
	s.asOwner(t, "pg_ctl", "-D", s.data, "-w", "-l", s.data+"/log", "-o", options, "start")
}

// stop ends the server and everybody's connections, whether it runs or not.
func (s *server) stop(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(s.data + "/postmaster.pid"); err == nil {
		s.asOwner(t, "pg_ctl", "-D", s.data, "-w", "-m", "immediate", "stop")
	}
}

// asOwner runs one of the server's programs, which refuse to run as root.
func (s *server) asOwner(t *testing.T, program string, args ...string) {
	t.Helper()
	args = append([]string{filepath.Join(s.bin, program)}, args...)
	if os.Getuid() == 0 {
		args = append([]string{"runuser", "-u", "postgres", "--"}, args...)
	}
	s.run(t, args[0], args[1:]...)
}

func (s *server) run(t *testing.T, program string, args ...string) {
	t.Helper()
	command := exec.Command(program, args...)
	command.Dir = filepath.Dir(s.data)
	out, err := os.CreateTemp(t.TempDir(), "out") // the server keeps it open: a pipe would never end
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	command.Stdout, command.Stderr = out, out
	if err := command.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		t.Fatalf("%s %v: %v\n%s", program, args, err, said)
	}
}

// TestDatabaseRestart: while the server is away an install is told to come again,
// and when it is back the program goes on with what was stored.
func TestDatabaseRestart(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	s := newServer(t)
	p := harness.NewProcess(t, connecttest.NewSite(t, connecttest.Options{}), "postgres://postgres@127.0.0.1:"+s.port+"/postgres?sslmode=disable")
	p.Flags.DatabaseStatementTimeout = "1s"
	p.Run(t, binary(t))
	if status, _ := install(t, p.Running); status/100 != 2 {
		t.Fatalf("install: %d", status)
	}
	s.stop(t)
	harness.Eventually(t, "not ready", func() bool { return probe(t, p.Running) == http.StatusServiceUnavailable })
	if status, took := install(t, p.Running); status != http.StatusServiceUnavailable || took > hostGivesUp {
		t.Errorf("install: %d after %s, want %d", status, took, http.StatusServiceUnavailable)
	}
	s.start(t)
	harness.Eventually(t, "ready", func() bool { return probe(t, p.Running) == http.StatusOK })
	if status, _ := install(t, p.Running); status/100 != 2 {
		t.Errorf("install after the restart: %d", status)
	}
	s.stop(t)
	s.start(t)
	if status, _ := install(t, p.Running); status/100 != 2 {
		t.Errorf("install over connections of the server before: %d", status)
	}
	if got := len(tenants(t, p)); got != 1 {
		t.Errorf("%d tenants, want 1", got)
	}
}

// TestReadOnly: a database that takes no writes for a while is found out, and
// used again without a restart.
func TestReadOnly(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	s := newServer(t)
	p := harness.NewProcess(t, connecttest.NewSite(t, connecttest.Options{}), "postgres://postgres@127.0.0.1:"+s.port+"/postgres?sslmode=disable")
	p.Run(t, binary(t))
	sql := func(statement string) {
		t.Helper()
		s.run(t, filepath.Join(s.bin, "psql"), "-h", "127.0.0.1", "-p", s.port, "-U", "postgres", "-c", "SET default_transaction_read_only = off", "-c", statement)
	}
	sql("ALTER SYSTEM SET default_transaction_read_only = on")
	sql("SELECT pg_reload_conf()")
	harness.Eventually(t, "not ready", func() bool { return probe(t, p.Running) == http.StatusServiceUnavailable })
	if status, _ := install(t, p.Running); status != http.StatusServiceUnavailable {
		t.Errorf("install: %d, want %d", status, http.StatusServiceUnavailable)
	}
	sql("ALTER SYSTEM RESET default_transaction_read_only")
	sql("SELECT pg_reload_conf()")
	harness.Eventually(t, "ready", func() bool { return probe(t, p.Running) == http.StatusOK })
	if status, _ := install(t, p.Running); status/100 != 2 {
		t.Errorf("install: %d", status)
	}
	if !strings.Contains(p.Logs.String(), `"reason":"read-only"`) {
		t.Error("the log does not have the reason")
	}
}
