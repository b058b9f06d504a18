package main

import (
	"context"
	"encoding/base64"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/handlers"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/store"
)

// TestMain lets the test binary be the program itself, so that a test can
// kill it.
func TestMain(m *testing.M) {
	gin.SetMode(gin.ReleaseMode)
	if os.Getenv("SIGHTLINE_TEST_MAIN") == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

// testKeys is a key ring for tests.
func testKeys() string {
	return "test:" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))
}

// logBuffer gathers a program's log for a test to look through.
type logBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// running is the whole program beside a local site.
type running struct {
	site  *connecttest.Site
	flags app.ServeFlags
	app   *app.Program // nil when it is another process
	store *store.Store
	url   string
	logs  *logBuffer
	// handler is the program without its listener.
	handler http.Handler
}

// patient waits as nobody does, so that a busy machine changes no answer.
func patient() handlers.Patience {
	const long = 20 * time.Second
	return handlers.Patience{FirstLook: long, Changed: long, Preferences: long, Provider: long, Modal: 2 * time.Second}
}

// asPeople waits as the app does for people: for tests of what they get when
// the wait is over.
func asPeople(f *app.ServeFlags) { f.Patience = handlers.DefaultPatience() }

// startProgram starts the app on a local site of its own, patient. changes may
// alter the settings.
func startProgram(t testing.TB, site *connecttest.Site, changes ...func(*app.ServeFlags)) *running {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &running{site: site, url: "http://" + listener.Addr().String(), logs: &logBuffer{}}
	flags := onsite.Flags(r.url, site.URL(), "sqlite://"+filepath.Join(t.TempDir(), "sightline.db"))
	flags.LogFormat, flags.LogLevel, flags.Patience = "json", "debug", patient()
	for _, change := range changes {
		change(&flags)
	}
	r.url = flags.BaseURL
	r.flags = flags
	set, err := flags.Parse(r.logs)
	if err != nil {
		t.Fatal(err)
	}
	program, err := app.New(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	r.app, r.store, r.handler = program, program.Store(), program.Server()
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		if err := program.Run(ctx, listener); err != nil {
			t.Errorf("run: %v", err)
		}
	})
	t.Cleanup(func() {
		cancel()
		done.Wait()
		if err := program.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if t.Failed() {
			t.Log(r.logs)
		}
	})
	return r
}

// install installs the app in Jira and waits until its cloud id is known.
func (r *running) install(t testing.TB) connecttest.App {
	t.Helper()
	app, err := r.site.Install(t.Context(), r.url+"/atlassian-connect.json")
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "cloud id", func() bool {
		_, err := r.store.Tenants.TenantByCloudID(t.Context(), connect.CloudID(r.site.CloudID()))
		return err == nil
	})
	return app
}

// eventually waits until something that happens by itself has happened.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("never: %s", what)
		}
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// client follows no redirects and gives up in time.
func client() *http.Client {
	return &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
