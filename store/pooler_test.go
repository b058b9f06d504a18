package store

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// pooler starts a PgBouncer that hands each transaction to any session, before the
// server of a database's URL, and returns the URL that leads through it.
func pooler(t *testing.T, database string) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		t.Skip("TestPooler needs pgbouncer")
	}
	folder, err := os.MkdirTemp("", "sightline-pooler-") // another user may enter it
	check(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	u, err := url.Parse(database)
	check(t, err)
	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	check(t, err)
	_, port, err := net.SplitHostPort(free.Addr().String())
	check(t, errors.Join(err, free.Close()))
	settings := filepath.Join(folder, "pgbouncer.ini")
	check(t, os.WriteFile(settings, fmt.Appendf(nil, `[databases]
* = host=%s port=%s user=%s
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %s
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
`, u.Hostname(), u.Port(), u.User.Username(), port), 0o644))
	run := exec.CommandContext(t.Context(), program, settings)
	if other, err := user.Lookup("nobody"); os.Getuid() == 0 && err == nil { // it refuses to run as root
		uid, _ := strconv.ParseUint(other.Uid, 10, 32)
		run.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
		check(t, os.Chmod(folder, 0o755))
	}
	check(t, run.Start())
	t.Cleanup(func() { _, _ = run.Process.Kill(), run.Wait() })
	u.Host = net.JoinHostPort("127.0.0.1", port)
	for deadline := time.Now().Add(time.Minute); ; {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", u.Host)
		if err == nil {
			_ = conn.Close()
			return u.String()
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// TestPooler: behind a pooler whose sessions change with each transaction the
// program says what to set, and with that works.
func TestPooler(t *testing.T) {
	t.Parallel()
	at, err := url.Parse(postgresURL(t))
	check(t, err)
	admin := newWorld(t, at.String())
	name := "pooled_" + strings.ToLower(randomID())
	check(t, admin.db.Exec("CREATE DATABASE "+name).Error)
	t.Cleanup(func() { _ = admin.db.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)").Error })
	at.Path, at.RawQuery = "/"+name, "sslmode=disable"
	through := pooler(t, at.String())
	_, err = Open(t.Context(), Options{URL: through, Version: "0.1.0", Keys: ring(t, keyOne)})
	if err == nil || !strings.Contains(err.Error(), "default_query_exec_mode=exec") {
		t.Errorf("without the setting: got %v", err)
	}
	w := newWorld(t, through+"&default_query_exec_mode=exec")
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			key := fmt.Sprint("k", i)
			got, err := w.SaveInstall(t.Context(), install(key))
			if err != nil {
				t.Error(err)
				return
			}
			if read, err := w.TenantByClientKey(t.Context(), connect.ClientKey(key)); err != nil || read.ID != got.ID {
				t.Errorf("%s: got %+v, %v", key, read, err)
			}
			if err := w.Ready(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
