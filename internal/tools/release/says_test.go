package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// saysTheSame: whatever a program is asked, it is of one version, commit and date: by
// --version, in the first line of its log and in its metrics.
func saysTheSame(t *testing.T, program, version string) {
	t.Helper()
	if said, err := output(t.Context(), root, program, "--version"); err != nil || said != version {
		t.Errorf("--version: %q, %v, want %q", said, err, version)
	}
	parts := regexp.MustCompile(`^(\S+) \(commit (\S+), (\S+)\)\n$`).FindStringSubmatch(version)
	if parts == nil {
		t.Fatalf("version: %q", version)
	}
	line, metrics := served(t, program)
	var first struct{ Msg, Version, Commit, Date string }
	if err := json.Unmarshal([]byte(line), &first); err != nil || first.Msg != "starting" {
		t.Errorf("the log begins with %s: %v", line, err)
	}
	if got := []string{first.Version, first.Commit, first.Date}; strings.Join(got, " ") != strings.Join(parts[1:], " ") {
		t.Errorf("the log has %v, want %v", got, parts[1:])
	}
	want := fmt.Sprintf("sightline_build_info{commit=%q,date=%q,version=%q} 1\n", parts[2], parts[3], parts[1])
	if !strings.Contains(metrics, want) {
		t.Errorf("the metrics lack %s", want)
	}
}

// served starts a program and returns the first line of its log, and its metrics.
func served(t *testing.T, program string) (line, metrics string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	app, of := freeAddress(t), freeAddress(t)
	command := exec.CommandContext(ctx, program, "serve")
	command.Env = append(os.Environ(),
		"SIGHTLINE_ADDR="+app, "SIGHTLINE_METRICS_ADDR="+of, "SIGHTLINE_BASE_URL=http://"+app, "SIGHTLINE_LOG_FORMAT=json", "SIGHTLINE_DRAIN=0s",
		"SIGHTLINE_DATABASE_URL=sqlite://"+filepath.Join(t.TempDir(), "release.db"),
		"SIGHTLINE_SECRET_KEYS=k:"+base64.StdEncoding.EncodeToString(make([]byte, 32)))
	log, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = command.Process.Kill()
		_ = command.Wait() // the error says that it was killed
	}()
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if line == "" {
			line = lines.Text()
		}
		if strings.Contains(lines.Text(), `"msg":"serving"`) {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, log) }()
	return line, scrape(ctx, t, of)
}

func scrape(ctx context.Context, t *testing.T, address string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req) // it listens before it serves
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
