package harness

import (
	"context"
	"encoding/base64"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/handlers"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/store"
)

// Keys is a key ring for tests.
func Keys() string {
	return "test:" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))
}

// LogBuffer collects a program's log for a test to search.
type LogBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *LogBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *LogBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// Running is the whole program with a local site.
type Running struct {
	Site  *connecttest.Site
	Flags app.ServeFlags
	App   *app.Program // nil if it is another process
	Store *store.Store
	URL   string
	Logs  *LogBuffer
	// Handler is the program without its listener.
	Handler http.Handler

	// stop ends the program.
	stop func()
}

// patient waits far longer than people would, so that a busy machine changes no
// answer.
func patient() handlers.Patience {
	const long = 20 * time.Second
	return handlers.Patience{FirstLook: long, Changed: long, Preferences: long, Provider: long, Modal: 2 * time.Second, Event: long}
}

// patientDatabase is how long calls to the database may take, for the same reason.
const patientDatabase = "1m"

// AsPeople waits as long as people do: for tests of what they get when the wait
// is over.
func AsPeople(f *app.ServeFlags) { f.Patience = handlers.DefaultPatience() }

// Start starts the app on a local site of its own, with patient waits. changes
// may alter the settings.
func Start(t testing.TB, site *connecttest.Site, changes ...func(*app.ServeFlags)) *Running {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &Running{Site: site, URL: "http://" + listener.Addr().String(), Logs: &LogBuffer{}}
	r.Flags = onsite.Flags(r.URL, site.URL(), "sqlite://"+filepath.Join(t.TempDir(), "sightline.db"))
	r.Flags.LogFormat, r.Flags.LogLevel, r.Flags.Patience = "json", "debug", patient()
	r.Flags.DatabaseStatementTimeout = patientDatabase
	// What fills it would be counted, and fail, with what is tested.
	r.Flags.Index = "off"
	r.serve(t, listener, changes)
	return r
}

// Stop ends the program until it is started again.
func (r *Running) Stop() { r.stop() }

// Restart stops the program and starts it again at the same address on the same
// data, with its settings changed.
func (r *Running) Restart(t testing.TB, changes ...func(*app.ServeFlags)) {
	t.Helper()
	address := strings.TrimPrefix(r.URL, "http://")
	r.stop()
	r.Site.CloseIdleConnections()
	var listener net.Listener
	Eventually(t, "the address is free", func() (free bool) {
		var err error
		listener, err = net.Listen("tcp", address)
		return err == nil
	})
	r.serve(t, listener, changes)
}

// serve runs the program until the test ends or it is started again.
func (r *Running) serve(t testing.TB, listener net.Listener, changes []func(*app.ServeFlags)) {
	t.Helper()
	for _, change := range changes {
		change(&r.Flags)
	}
	r.URL = r.Flags.BaseURL
	set, err := r.Flags.Parse(r.Logs)
	if err != nil {
		t.Fatal(err)
	}
	var program *app.Program
	asProgram(r.URL, func(context.Context) { program, err = app.New(t.Context(), set) })
	if err != nil {
		t.Fatal(err)
	}
	r.App, r.Store, r.Handler = program, program.Store(), program.Server()
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	address := r.URL // a test may change its own
	done.Go(func() {
		asProgram(address, func(context.Context) {
			if err := program.Run(ctx, listener); err != nil {
				t.Errorf("run: %v", err)
			}
		})
	})
	r.stop = sync.OnceFunc(func() {
		cancel()
		done.Wait()
		if err := program.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	t.Cleanup(r.stop)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(r.Logs)
		}
	})
}

// Install installs the app in Jira and waits until its cloud id is known.
func (r *Running) Install(t testing.TB) connecttest.App {
	t.Helper()
	app, err := r.Site.Install(t.Context(), r.URL+"/atlassian-connect.json")
	if err != nil {
		t.Fatal(err)
	}
	Eventually(t, "cloud id", func() bool {
		_, err := r.Store.Tenants.TenantByCloudID(t.Context(), connect.CloudID(r.Site.CloudID()))
		return err == nil
	})
	return app
}

// Eventually waits until something in the background has happened.
func Eventually(t testing.TB, what string, ok func() bool) {
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

// Quiet is a logger that says nothing.
func Quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// Client follows no redirects and gives up in time.
func Client() *http.Client {
	return &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
