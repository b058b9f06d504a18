package glance_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/store"
)

const (
	cloud        = "cloud-1"
	conversation = "room-1"
)

var (
	glanceKey = glance.Key{Surface: glance.SurfaceChat, Site: cloud, Conversation: conversation, Kind: glance.KindGlance, Module: "workload"}
	setupKey  = glance.Key{Surface: glance.SurfaceChat, Site: cloud, Conversation: conversation, Kind: glance.KindConfiguration, Module: "setup"}
	config    = glance.Config{Projects: []string{"ABC"}, Window: 14, Zone: "UTC"}
)

// counts is a source whose numbers a test sets.
type counts struct {
	mu   sync.Mutex
	open int
	err  error
	asks int
	// of answers in place of open.
	of func() glance.Numbers
}

func (c *counts) set(open int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open, c.err = open, err
}

func (c *counts) Numbers(context.Context, string, glance.Config) (glance.Numbers, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asks++
	if c.of != nil {
		return c.of(), c.err
	}
	return glance.Numbers{Open: c.open}, c.err
}

// screen is a surface that shows the states of many rooms.
type screen struct {
	mu     sync.Mutex
	shown  map[glance.Key][]glance.State
	times  map[glance.Key][]time.Time // of all calls
	refuse func(k glance.Key) error
	// during runs in each call, outside the lock.
	during func(ctx context.Context, k glance.Key) error
	seen   chan struct{}
}

func newScreen() *screen {
	return &screen{
		shown: map[glance.Key][]glance.State{}, times: map[glance.Key][]time.Time{}, seen: make(chan struct{}, 10_000),
	}
}

func (s *screen) refuseWith(f func(glance.Key) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = f
}

func (s *screen) PutGlance(ctx context.Context, at glance.Place, state glance.State) (string, error) {
	return "handle of " + state.Label, s.put(ctx, keyOf(at, glance.KindGlance), state)
}

func (s *screen) PutConfigured(ctx context.Context, at glance.Place, configured bool) error {
	return s.put(ctx, keyOf(at, glance.KindConfiguration), glance.State{Configured: configured})
}

func (*screen) Abilities() glance.Abilities {
	return glance.Abilities{Configuration: true, CallsAMinute: 100}
}

func keyOf(at glance.Place, kind glance.Kind) glance.Key {
	return glance.Key{Surface: glance.SurfaceChat, Site: at.Site, Conversation: at.Conversation, Kind: kind, Module: at.Module}
}

func (s *screen) put(ctx context.Context, k glance.Key, state glance.State) error {
	s.mu.Lock()
	during := s.during
	s.times[k] = append(s.times[k], time.Now())
	s.mu.Unlock()
	if during != nil {
		if err := during(ctx, k); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.seen <- struct{}{} }()
	if s.refuse != nil {
		if err := s.refuse(k); err != nil {
			return err
		}
	}
	s.shown[k] = append(s.shown[k], state)
	return nil
}

func (s *screen) labels(k glance.Key) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for _, state := range s.shown[k] {
		list = append(list, state.Label)
	}
	return list
}

// until waits on a condition that a push may have made true.
func (s *screen) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for !ok() {
		select {
		case <-s.seen:
		case <-time.After(20 * time.Millisecond):
		case <-deadline:
			t.Fatalf("never: %s", what)
		}
	}
}

// bench is a reconciler on a real database with one installed tenant.
type bench struct {
	store  *store.Store
	tenant connect.TenantID
	source *counts
	screen *screen
	r      *glance.Reconciler
	now    func() time.Time
}

func newBench(t *testing.T) *bench {
	t.Helper()
	return newBenchAt(t, time.Now)
}

// newBenchAt is newBench with a clock.
func newBenchAt(t *testing.T, now func() time.Time) *bench {
	t.Helper()
	keys, err := store.ParseKeyRing("k:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	st, err := store.Open(ctx, store.Options{
		URL: "sqlite://" + filepath.Join(t.TempDir(), "glance.db"), Keys: keys, Version: "0.1.0", Log: slog.New(slog.DiscardHandler), Now: now,
		Limits: store.Limits{Call: time.Minute}, // a busy machine changes no answer
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	tenant, err := st.Tenants.SaveInstall(ctx, connect.Install{
		Key: "app", ClientKey: "client", SharedSecret: connect.NewSecret("secret"),
		BaseURL: "https://a.atlassian.net", DisplayURL: "https://a.atlassian.net", ProductType: connect.ProductJira,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Tenants.SetCloudID(ctx, tenant.ID, cloud); err != nil {
		t.Fatal(err)
	}
	b := &bench{store: st, tenant: tenant.ID, source: &counts{}, screen: newScreen(), now: now}
	b.r = b.reconciler()
	return b
}

// reconciler is another process on the same database.
func (b *bench) reconciler() *glance.Reconciler {
	return &glance.Reconciler{
		Rows: b.store.Glances, Source: b.source, Surfaces: map[glance.SurfaceName]glance.Surface{glance.SurfaceChat: b.screen},
		Log: slog.New(slog.DiscardHandler), Now: b.now, Rand: func() float64 { return 0 },
	}
}

func (b *bench) begin(t *testing.T, g, s glance.Key) {
	t.Helper()
	c := glance.Conversation{Site: g.Site, ID: g.Conversation}
	if err := b.store.Conversations.Begin(t.Context(), c, g, s, b.now()); err != nil {
		t.Fatal(err)
	}
	b.configure(t, g, s, config)
}

func (b *bench) configure(t *testing.T, g, s glance.Key, c glance.Config) {
	t.Helper()
	if err := b.store.Conversations.Configure(t.Context(), g, s, c, b.now()); err != nil {
		t.Fatal(err)
	}
	b.r.Wake()
}

// start runs the reconciler until the returned function is called.
func (b *bench) start(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() { b.r.Run(ctx) })
	stop = func() { cancel(); done.Wait() }
	t.Cleanup(stop)
	return stop
}

func (b *bench) mark(t *testing.T, due time.Time) {
	t.Helper()
	if _, err := b.store.Glances.MarkDirty(t.Context(), b.tenant, "ABC", "", due); err != nil {
		t.Fatal(err)
	}
	b.r.Wake()
}

func TestConfiguredRoomSeesBothStates(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.source.set(12, nil)
	b.begin(t, glanceKey, setupKey)
	b.start(t)
	b.screen.until(t, "both states", func() bool {
		return len(b.screen.labels(glanceKey)) > 0 && len(b.screen.labels(setupKey)) > 0
	})
	if diff := cmp.Diff([]string{"12 open"}, b.screen.labels(glanceKey)); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	row, err := b.store.Glances.Glance(t.Context(), glanceKey)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := row.PullLabel(), "12 open"; got != want {
		t.Errorf("pulled %q, want %q", got, want)
	}
}

func TestBurstIsFewPushes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.begin(t, glanceKey, setupKey)
	b.start(t)
	b.screen.until(t, "first label", func() bool { return len(b.screen.labels(glanceKey)) == 1 })
	const delay = 500 * time.Millisecond
	start := time.Now()
	for i := range 100 {
		b.source.set(i+1, nil)
		b.mark(t, time.Now().Add(delay))
	}
	b.screen.until(t, "newest label", func() bool {
		labels := b.screen.labels(glanceKey)
		return labels[len(labels)-1] == "100 open"
	})
	// One before the burst, and one for each delay during it.
	most := 2 + int(time.Since(start)/delay)
	if n := len(b.screen.labels(glanceKey)); n > most {
		t.Errorf("%d pushes for 100 events, want %d at most", n, most)
	}
}

func TestUnchangedStateIsNotPushed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.source.set(3, nil)
	b.begin(t, glanceKey, setupKey)
	b.start(t)
	b.screen.until(t, "first label", func() bool { return len(b.screen.labels(glanceKey)) == 1 })
	before := b.asked()
	b.mark(t, time.Now())
	b.screen.until(t, "another look", func() bool { return b.asked() > before })
	b.screen.until(t, "row at rest", func() bool {
		row, err := b.store.Glances.Glance(t.Context(), glanceKey)
		return err == nil && !row.NeedsCompute()
	})
	if n := len(b.screen.labels(glanceKey)); n != 1 {
		t.Errorf("%d pushes, want 1", n)
	}
}

func (b *bench) asked() int {
	b.source.mu.Lock()
	defer b.source.mu.Unlock()
	return b.source.asks
}

func TestRefusalIsFinalOnlyForThePlatform(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		source  error
		surface error
		stopped bool
	}{
		{"platform forbids", nil, fmt.Errorf("%w: %w", glance.ErrGone, &rest.Error{Status: 403}), true},
		{"platform does not know the room", nil, glance.ErrGone, true},
		{"platform is down", nil, &rest.Error{Status: 503}, false},
		{"platform forbids for another reason", nil, &rest.Error{Status: 403}, false},
		{"jira forbids", &rest.Error{Status: 403}, nil, false},
		{"network", errors.New("connection reset"), nil, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.source.set(1, tc.source)
			b.screen.refuseWith(func(k glance.Key) error {
				if k.Kind == glance.KindGlance {
					return tc.surface
				}
				return nil
			})
			b.begin(t, glanceKey, setupKey)
			b.start(t)
			b.screen.until(t, "recorded failure", func() bool {
				row, err := b.store.Glances.Glance(t.Context(), glanceKey)
				return err == nil && row.LastError != ""
			})
			row, err := b.store.Glances.Glance(t.Context(), glanceKey)
			if err != nil {
				t.Fatal(err)
			}
			if got := row.NextAttempt.IsZero(); got != tc.stopped {
				t.Errorf("stopped %v, want %v (%s)", got, tc.stopped, row.LastError)
			}
		})
	}
}

func TestOneBadRoomDoesNotDelayOthers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.source.set(5, nil)
	b.screen.refuseWith(func(k glance.Key) error {
		if k.Conversation == "bad" {
			return &rest.Error{Status: 500}
		}
		return nil
	})
	for i := range 10 {
		name := fmt.Sprintf("room-%d", i)
		if i == 0 {
			name = "bad"
		}
		g, s := glanceKey, setupKey
		g.Conversation, s.Conversation = name, name
		b.begin(t, g, s)
	}
	b.start(t)
	b.screen.until(t, "all good rooms", func() bool {
		for i := 1; i < 10; i++ {
			k := glanceKey
			k.Conversation = fmt.Sprintf("room-%d", i)
			if len(b.screen.labels(k)) == 0 {
				return false
			}
		}
		return true
	})
}

func TestFailureIsTriedAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.source.set(7, nil)
	failures := 1
	b.screen.refuseWith(func(k glance.Key) error {
		if k.Kind == glance.KindGlance && failures > 0 {
			failures--
			return &rest.Error{Status: 503}
		}
		return nil
	})
	b.begin(t, glanceKey, setupKey)
	b.start(t)
	b.screen.until(t, "label after the failure", func() bool { return len(b.screen.labels(glanceKey)) == 1 })
}

func TestRemovedRoomIsLeftAlone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.begin(t, glanceKey, setupKey)
	if err := b.store.Conversations.RemoveConversation(t.Context(), glance.SurfaceChat, cloud, conversation, time.Time{}); err != nil {
		t.Fatal(err)
	}
	stop := b.start(t)
	b.r.Wake()
	stop()
	if n := len(b.screen.labels(glanceKey)) + len(b.screen.labels(setupKey)); n != 0 {
		t.Errorf("%d pushes into a room that the app left", n)
	}
}
