package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// nobody is the user of the container image.
const nobody = 65532

// TestEmptyRoot does the steps of the Dockerfile in a plain folder: the program
// runs as an unprivileged user where there is nothing but itself and a folder for
// its data, and its health check says so.
func TestEmptyRoot(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		if os.Getenv("SIGHTLINE_TEST_ALL") == "1" {
			t.Fatal("only root can give a program an empty root")
		}
		t.Skip("only root can give a program an empty root")
	}
	root, err := os.MkdirTemp("", "sightline-root-") // every folder above it can be entered
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "serveonly", "-o", filepath.Join(root, "sightline"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	if err := errors.Join(os.Chmod(root, 0o755), os.Mkdir(filepath.Join(root, "data"), 0o700), os.Chown(filepath.Join(root, "data"), nobody, nobody)); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	inside := func(errs io.Writer, args ...string) *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), "/sightline", args...)
		cmd.Dir, cmd.Stderr = "/", errs
		cmd.Env = []string{
			"SIGHTLINE_DATABASE_URL=sqlite:///data/sightline.db", "SQLITE_TMPDIR=/data", "SIGHTLINE_ADDR=" + addr,
			"SIGHTLINE_BASE_URL=https://sightline.example/app", "SIGHTLINE_SECRET_KEYS=" + testKeys(), "SIGHTLINE_DRAIN=0s",
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		return cmd
	}
	var logs bytes.Buffer
	serve := inside(&logs, "serve")
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	var last bytes.Buffer
	healthy := func() bool {
		last.Reset()
		return inside(&last, "healthcheck").Run() == nil
	}
	ready := false
	for deadline := time.Now().Add(30 * time.Second); !ready && time.Now().Before(deadline); {
		ready = healthy()
	}
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := serve.Wait(); err != nil || !ready {
		t.Errorf("ready %v, ended with %v: %s\n%s", ready, err, last.String(), logs.String())
	}
	if code := exitOf(inside(&last, "healthcheck").Run()); code != exitFailed {
		t.Errorf("the health check of a stopped program exits %d", code)
	}
	if _, err := os.Stat(filepath.Join(root, "data", "sightline.db")); err != nil {
		t.Error(err)
	}
	if !strings.Contains(logs.String(), "starting") {
		t.Errorf("the log has no first line:\n%s", logs.String())
	}
}
