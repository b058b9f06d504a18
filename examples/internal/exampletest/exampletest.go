// Package exampletest runs the examples as programs on a local site.
package exampletest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// asProgram is set for a test binary that is to be the example itself.
const asProgram = "SIGHTLINE_EXAMPLE"

// Main runs the tests of an example, or the example in a process that [Start]
// began.
func Main(m *testing.M, program func()) {
	if os.Getenv(asProgram) != "" {
		program()
		return
	}
	os.Exit(m.Run())
}

// Program is an example that runs.
type Program struct {
	// URL is its address.
	URL string

	t   *testing.T
	env map[string]string
	cmd *exec.Cmd
	out *output
}

// output is what a program writes.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements [io.Writer].
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

// String is all that was written.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// Start runs the example with what the site's documentation says that an app must be
// told, and what more says.
func Start(t *testing.T, site *connecttest.Site, more map[string]string) *Program {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	p := &Program{t: t, URL: "http://" + address, env: map[string]string{
		"ADDR": address, "BASE_URL": "http://" + address,
		"DATABASE":    "file:" + filepath.Join(t.TempDir(), "example.db") + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)",
		"SECRET_KEYS": "test:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
		"KEYS_URL":    site.URL() + "/install-keys", "TOKEN_URL": site.URL() + "/oauth2/token",
		"SCRIPT_URL":     site.URL() + "/atlassian-connect/all.js",
		"FORGE_APP_ID":   "00000000-0000-4000-8000-000000000001",
		"FORGE_KEYS_URL": site.URL() + connecttest.ForgeKeysPath, "FORGE_API_URL": site.URL(),
	}}
	maps.Copy(p.env, more)
	p.run()
	t.Cleanup(p.stop)
	return p
}

// Restart ends the program and starts it again with the same settings.
func (p *Program) Restart() {
	p.t.Helper()
	p.stop()
	p.run()
}

func (p *Program) run() {
	p.t.Helper()
	p.out = new(output)
	p.cmd = exec.Command(os.Args[0])
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	p.cmd.Env = append(os.Environ(), asProgram+"=1")
	for name, value := range p.env {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	exited := make(chan error, 1)
	cmd := p.cmd
	go func() { exited <- cmd.Wait() }()
	late := time.After(30 * time.Second)
	for {
		conn, err := net.Dial("tcp", p.env["ADDR"])
		if err == nil {
			_ = conn.Close()
			return
		}
		select {
		case err := <-exited:
			p.t.Fatalf("the example ended: %v\n%s", err, p.out)
		case <-late:
			p.t.Fatalf("the example does not listen\n%s", p.out)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (p *Program) stop() {
	_ = p.cmd.Process.Kill()
	for { // until nobody listens any more
		conn, err := net.Dial("tcp", p.env["ADDR"])
		if err != nil {
			return
		}
		_ = conn.Close()
		<-time.After(time.Millisecond)
	}
}

// Log is what the program has written since it was started last.
func (p *Program) Log() string { return p.out.String() }

// Get returns the status and body of an address, with a token if it is not empty.
func Get(t *testing.T, address, authorization string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// Until waits until a condition holds.
func Until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatal(errors.New("never happened: " + what))
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Greeting is the greeting in a JSON body, or the body itself.
func Greeting(body string) string {
	var said struct {
		Greeting string `json:"greeting"`
	}
	if json.Unmarshal([]byte(body), &said) != nil {
		return body
	}
	return said.Greeting
}
