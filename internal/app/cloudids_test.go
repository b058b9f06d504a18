package app

import (
	"context"
	"fmt"
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
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/store"
)

// lookUps is a look-up of cloud ids on a database of its own.
type lookUps struct {
	*cloudIDs
	logs    logBuffer
	elapsed atomic.Int64 // nanoseconds of the clock
}

func newLookUps(t *testing.T) *lookUps {
	t.Helper()
	st := newStore(t, nil)
	l := new(lookUps)
	now := func() time.Time { return time.Unix(1700000000, l.elapsed.Load()) }
	l.cloudIDs = &cloudIDs{
		store: st, client: &http.Client{Transport: &http.Transport{}}, now: now, rand: func() float64 { return 0.5 },
		outages: outage.New(slog.New(slog.NewTextHandler(&l.logs, nil)), now),
	}
	return l
}

// newStore is a database of the test's own; now is its clock, nil the machine's.
func newStore(t *testing.T, now func() time.Time) *store.Store {
	t.Helper()
	keys, err := store.ParseKeyRing("test:" + NewKey())
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), store.Options{
		Version: sightline.Version, Now: now,
		URL: "sqlite://" + filepath.Join(t.TempDir(), "sightline.db"), Keys: keys, Log: slog.New(slog.DiscardHandler),
		Limits: store.Limits{Call: time.Minute}, // a busy machine changes no answer
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}

// install stores a tenant with the address of its site.
func (l *lookUps) install(t *testing.T, name, base string) connect.TenantID {
	t.Helper()
	saved, err := l.store.Tenants.SaveInstall(t.Context(), connect.Install{
		Key: "app.sightline", ClientKey: connect.ClientKey(name), SharedSecret: connect.NewSecret("the-shared-secret"),
		BaseURL: base, ProductType: connect.ProductJira,
	})
	if err != nil {
		t.Fatal(err)
	}
	return saved.ID
}

// once does what a look every minute does, and waits for its outcome.
func (l *lookUps) once(t *testing.T) {
	t.Helper()
	var flight sync.WaitGroup
	l.all(t.Context(), &flight)
	flight.Wait()
}

func (l *lookUps) background(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() { l.run(ctx) })
	t.Cleanup(func() { cancel(); done.Wait() })
}

func (l *lookUps) knows(t *testing.T, cloud connect.CloudID) bool {
	t.Helper()
	_, err := l.store.Tenants.TenantByCloudID(t.Context(), cloud)
	return err == nil
}

// site answers look-ups, with status 503 while it is down.
type site struct {
	*httptest.Server
	down  atomic.Bool
	asked atomic.Int32
}

func newSite(t *testing.T, cloud string) *site {
	t.Helper()
	s := new(site)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		if r.URL.Path != "/_edge/tenant_info" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		if s.down.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprintf(w, `{"cloudId":%q}`, cloud)
	}))
	t.Cleanup(s.Close)
	return s
}

// newHanging is a site that takes calls and never answers; under says how many
// there are.
func newHanging(t *testing.T) (url string, under *atomic.Int32) {
	t.Helper()
	under = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		under.Add(1)
		defer under.Add(-1)
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	return server.URL, under
}

// Sites that hang do not delay a good one, neither at the first look nor when
// they are many and have failed before.
func TestCloudIDBehindSitesThatHang(t *testing.T) {
	t.Parallel()
	for name, hanging := range map[string]int{"three": 3, "more than have room": maxLookUps + 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLookUps(t)
			address, under := newHanging(t)
			for i := range hanging {
				id := l.install(t, fmt.Sprint("hanging-", i), address)
				if hanging > maxLookUps { // they failed before
					l.of = with(l.of, id, &lookUp{failures: 1})
				}
			}
			l.background(t)
			want := min(hanging, maxRepeats)
			eventually(t, "all that have room hang", func() bool { return int(under.Load()) == want })
			l.wake(l.install(t, "good", newSite(t, "cloud-good").URL))
			eventually(t, "cloud id", func() bool { return l.knows(t, "cloud-good") })
			if got := int(under.Load()); got != want {
				t.Errorf("%d look-ups hang now, want %d: the good one waited for them", got, want)
			}
		})
	}
}

func with(of map[connect.TenantID]*lookUp, id connect.TenantID, one *lookUp) map[connect.TenantID]*lookUp {
	if of == nil {
		of = map[connect.TenantID]*lookUp{}
	}
	of[id] = one
	return of
}

// A site that does not answer for a day is asked ever more rarely, and the log has
// two lines: when it began, and when it was over.
func TestCloudIDOfSiteThatIsDown(t *testing.T) {
	t.Parallel()
	l := newLookUps(t)
	s := newSite(t, "cloud-1")
	s.down.Store(true)
	l.install(t, "client-1", s.URL)
	const step = 5 * time.Minute
	for range int(24 * time.Hour / step) {
		l.once(t)
		l.elapsed.Add(int64(step))
	}
	if got := s.asked.Load(); got < 10 || got > 13 {
		t.Errorf("asked %d times in a day, want 10 to 13", got)
	}
	s.down.Store(false)
	for range int(cloudIDMax / step) {
		l.once(t)
		l.elapsed.Add(int64(step))
	}
	if !l.knows(t, "cloud-1") {
		t.Error("the cloud id is not known six hours after the site came back")
	}
	logs := l.logs.String()
	if strings.Count(logs, "\n") != 2 || !strings.Contains(logs, `msg="look up cloud id"`) || !strings.Contains(logs, `msg="look up cloud id works again"`) {
		t.Errorf("log: want one line when it began and one when it ended, got:\n%s", logs)
	}
}

// An install asks at once, however long the site was down.
func TestCloudIDAfterAnotherInstall(t *testing.T) {
	t.Parallel()
	l := newLookUps(t)
	s := newSite(t, "cloud-1")
	s.down.Store(true)
	l.install(t, "client-1", s.URL)
	l.once(t)
	s.down.Store(false)
	l.once(t)
	if got := s.asked.Load(); got != 1 {
		t.Errorf("asked %d times within a minute, want once", got)
	}
	l.wake(l.install(t, "client-1", s.URL))
	l.once(t)
	if !l.knows(t, "cloud-1") {
		t.Error("an install did not make the site be asked")
	}
}

// What is gone is forgotten, also while it is asked.
func TestCloudIDOfTenantThatLeaves(t *testing.T) {
	t.Parallel()
	l := newLookUps(t)
	address, under := newHanging(t)
	l.install(t, "leaving", address)
	ctx, cancel := context.WithCancel(t.Context())
	var flight sync.WaitGroup
	l.all(ctx, &flight)
	eventually(t, "the look-up hangs", func() bool { return under.Load() == 1 })
	if _, err := l.store.Tenants.SetState(t.Context(), "leaving", connect.StateUninstalled, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	l.all(t.Context(), &flight)
	cancel()
	flight.Wait()
	if len(l.of) != 0 || l.under != 0 || l.repeats != 0 {
		t.Errorf("left over: %d tenants, %d under way, %d repeats", len(l.of), l.under, l.repeats)
	}
	if got := l.logs.String(); got != "" {
		t.Errorf("logged: %s", got)
	}
}

// While many install, a look reads those that were installed, not all that wait.
func TestCloudIDOfThoseInstalled(t *testing.T) {
	t.Parallel()
	l := newLookUps(t)
	earlier := newSite(t, "cloud-earlier")
	l.install(t, "earlier", earlier.URL)
	const count = installedAtOnce + 20
	var flight sync.WaitGroup
	for i := range count {
		l.wake(l.install(t, fmt.Sprint("client-", i), newSite(t, fmt.Sprint("cloud-", i)).URL))
	}
	l.started(t.Context(), &flight)
	for len(l.fresh) > 0 {
		flight.Wait()
		l.started(t.Context(), &flight)
	}
	flight.Wait()
	for i := range count {
		if !l.knows(t, connect.CloudID(fmt.Sprint("cloud-", i))) {
			t.Fatalf("the cloud id of tenant %d is not known", i)
		}
	}
	if got := earlier.asked.Load(); got != 0 {
		t.Errorf("another tenant's site was asked %d times", got)
	}
	l.once(t)
	if !l.knows(t, "cloud-earlier") {
		t.Error("what was missed is not looked up within a minute")
	}
}
