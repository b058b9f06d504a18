package faults

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
)

func withOneConnection(f *app.ServeFlags) { f.DatabaseMaxConns, f.DatabaseStatementTimeout = "1", "5s" }

// TestStopUnderLoad: clients that keep their connections, and stop to call once
// probes say so, lose no request when the program is told to stop.
func TestStopUnderLoad(t *testing.T) {
	t.Parallel()
	database := "sqlite://" + filepath.Join(t.TempDir(), "sightline.db")
	p := harness.NewProcess(t, connecttest.NewSite(t, connecttest.Options{}), database)
	p.Flags.Drain = "1s"
	p.Run(t, binary(t))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var answered, lost atomic.Int32
	var clients sync.WaitGroup
	for range 16 {
		clients.Go(func() {
			client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
			defer client.CloseIdleConnections()
			for ctx.Err() == nil {
				// A POST is not sent again by the transport.
				resp, err := client.Post(p.URL+"/installed", "application/json", strings.NewReader("{}"))
				if err != nil {
					lost.Add(1)
					t.Log(err)
					return
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
				answered.Add(1)
			}
		})
	}
	harness.Eventually(t, "some requests", func() bool { return answered.Load() > 100 })
	p.Signal(t, syscall.SIGTERM)
	harness.Eventually(t, "not ready", func() bool { return probe(t, p.Running) == http.StatusServiceUnavailable })
	begun := answered.Load()
	harness.Eventually(t, "still answers", func() bool { return answered.Load() > begun })
	cancel()
	clients.Wait()
	if err := p.Wait(); err != nil {
		t.Errorf("stopped: %v", err)
	}
	if lost.Load() > 0 {
		t.Errorf("%d of %d requests were lost", lost.Load(), answered.Load())
	}
	if !strings.Contains(p.Logs.String(), `"msg":"stopped"`) {
		t.Error("the log does not say that the program stopped")
	}
}

// TestSecondSignal: a second signal ends the program at once.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	p := harness.NewProcess(t, connecttest.NewSite(t, connecttest.Options{}), "sqlite://"+filepath.Join(t.TempDir(), "sightline.db"))
	p.Flags.Drain = "10m"
	p.Run(t, binary(t))
	p.Signal(t, syscall.SIGTERM)
	harness.Eventually(t, "not ready", func() bool { return probe(t, p.Running) == http.StatusServiceUnavailable })
	p.Signal(t, syscall.SIGTERM)
	var ended *exec.ExitError
	if err := p.Wait(); !errors.As(err, &ended) {
		t.Errorf("got %v, want a status other than 0", err)
	}
}

// TestRefusesToStart: a program that could serve nothing does not start, and
// says which setting is wrong; so do the commands.
func TestRefusesToStart(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	p := harness.NewProcess(t, connecttest.NewSite(t, connecttest.Options{}), "sqlite://"+filepath.Join(folder, "sightline.db"))
	p.Run(t, binary(t))
	if status, _ := install(t, p.Running); status/100 != 2 {
		t.Fatalf("install: %d", status)
	}
	p.Kill(t)
	if err := p.Store.Close(); err != nil { // its last connection moves the log into the file
		t.Fatal(err)
	}
	good := p.Flags
	key := func(id, fill string) string {
		return id + ":" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat(fill, 32)))
	}
	id, _, _ := strings.Cut(good.SecretKeys, ":")
	spoilt, other := filepath.Join(folder, "spoilt.db"), filepath.Join(folder, "other.db")
	if err := errors.Join(os.WriteFile(spoilt, []byte(strings.Repeat("spoilt ", 4000)), 0o600), os.Mkdir(other, 0o700)); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		database, keys string
		says           []string
	}{
		"a key that is not there": {good.DatabaseURL, key("new", "n"), []string{"SIGHTLINE_SECRET_KEYS", `"` + id + `"`}},
		"another key of that id":  {good.DatabaseURL, key(id, "x"), []string{"SIGHTLINE_SECRET_KEYS", `"` + id + `"`}},
		"a folder that is not":    {"sqlite://" + folder + "/none/x.db", good.SecretKeys, []string{"SIGHTLINE_DATABASE_URL", folder + "/none"}},
		"a folder":                {"sqlite://" + other, good.SecretKeys, []string{"SIGHTLINE_DATABASE_URL", other}},
		"no database":             {"sqlite://" + spoilt, good.SecretKeys, []string{"SIGHTLINE_DATABASE_URL", spoilt}},
	} {
		p.Flags.DatabaseURL, p.Flags.SecretKeys = tt.database, tt.keys
		for _, command := range []string{"serve", "tenants", "glances"} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			run := p.Command(ctx, binary(t), command)
			var out bytes.Buffer
			run.Stderr = &out
			err := run.Run()
			cancel()
			if ended := new(exec.ExitError); !errors.As(err, &ended) || ended.ExitCode() <= 0 {
				t.Errorf("%s, %s: got %v, want a status other than 0", name, command, err)
			}
			for _, says := range tt.says {
				if !strings.Contains(out.String(), says) {
					t.Errorf("%s, %s: does not say %q:\n%s", name, command, says, &out)
				}
			}
		}
	}
}

// TestDiskFull: a file that may not grow is answered 503, what is stored stays
// readable, and a program that may write again goes on.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sightline.db")
	p := harness.NewProcess(t, connecttest.NewSite(t, connecttest.Options{}), "sqlite://"+path)
	p.Run(t, binary(t))
	p.Limit(t, 1<<10)
	harness.Eventually(t, "not ready", func() bool { return probe(t, p.Running) == http.StatusServiceUnavailable })
	if status, took := install(t, p.Running); status != http.StatusServiceUnavailable || took > hostGivesUp {
		t.Errorf("install: %d after %s, want %d", status, took, http.StatusServiceUnavailable)
	}
	p.Limit(t, 1<<40)
	harness.Eventually(t, "ready", func() bool { return probe(t, p.Running) == http.StatusOK })
	if status, _ := install(t, p.Running); status/100 != 2 {
		t.Errorf("install with room: %d", status)
	}
	p.Kill(t)
	p.Run(t, binary(t))
	if got := len(tenants(t, p)); got != 1 {
		t.Errorf("%d tenants after a restart, want 1", got)
	}
}

func tenants(t *testing.T, p *harness.Process) []string {
	t.Helper()
	list, err := p.Store.Tenants.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, tenant := range list {
		ids = append(ids, string(tenant.ID))
	}
	return ids
}

// nobody is a user id that owns nothing here.
const nobody = 65534

// TestForeignFile: a file that the program's user may only read is no database to
// start with; the reason names the setting and the file.
func TestForeignFile(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("TestForeignFile runs the program as another user, which only root may")
	}
	// Not in the test's folder: another user may not enter that.
	folder, err := os.MkdirTemp("", "sightline-foreign-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	path, program := filepath.Join(folder, "sightline.db"), filepath.Join(folder, "sightline")
	p := harness.NewProcess(t, connecttest.NewSite(t, connecttest.Options{}), "sqlite://"+path)
	content, err := os.ReadFile(binary(t))
	if err := errors.Join(err, p.Store.Close(), os.WriteFile(program, content, 0o755), os.Chmod(program, 0o755)); err != nil {
		t.Fatal(err)
	}
	for name, mode := range map[string]struct{ folder, file os.FileMode }{
		"a file to be read":                {0o777, 0o444},
		"file and folder to be read":       {0o755, 0o444},
		"a folder to be read":              {0o755, 0o666},
		"a file that may not even be read": {0o777, 0o600},
	} {
		if err := errors.Join(os.Chmod(folder, mode.folder), os.Chmod(path, mode.file)); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		run := p.Command(ctx, program, "serve")
		run.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		var out bytes.Buffer
		run.Stderr, run.Dir = &out, folder
		err := run.Run()
		cancel()
		if ended := new(exec.ExitError); !errors.As(err, &ended) || ended.ExitCode() <= 0 {
			t.Errorf("%s: got %v, want a status other than 0", name, err)
		}
		for _, says := range []string{"SIGHTLINE_DATABASE_URL", path, "(read-only)"} {
			if !strings.Contains(out.String(), says) {
				t.Errorf("%s: does not say %q:\n%s", name, says, &out)
			}
		}
	}
}
