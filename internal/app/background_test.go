package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/store"
)

// installed is a database with one tenant at an address, its cloud id unknown.
func installed(t *testing.T, base string) *store.Store {
	t.Helper()
	keys, err := store.ParseKeyRing("test:" + NewKey())
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), store.Options{
		Version: sightline.Version,
		URL:     "sqlite://" + filepath.Join(t.TempDir(), "sightline.db"), Keys: keys, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	_, err = st.Tenants.SaveInstall(t.Context(), connect.Install{
		Key: "app.sightline", ClientKey: "client-1", SharedSecret: connect.NewSecret("the-shared-secret"),
		BaseURL: base, ProductType: connect.ProductJira,
	})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func TestCloudIDIsLookedUpAgain(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/_edge/tenant_info" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		if asked.Add(1) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte(`{"cloudId":"cloud-1"}`))
	}))
	defer site.Close()
	st := installed(t, site.URL)
	var logs logBuffer
	ids := newCloudIDs(st, http.DefaultTransport, slog.New(slog.NewTextHandler(&logs, nil)))
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	defer done.Wait()
	defer cancel()
	done.Go(func() { ids.run(ctx) })
	eventually(t, "failed look-up", func() bool { return strings.Contains(logs.String(), "look up cloud id") })
	ids.wake() // what the minute's tick does
	eventually(t, "cloud id", func() bool {
		_, err := st.Tenants.TenantByCloudID(t.Context(), "cloud-1")
		return err == nil
	})
}

// logBuffer gathers a log for a test to look through.
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

// eventually waits until something in the background has happened.
func eventually(t *testing.T, what string, ok func() bool) {
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
