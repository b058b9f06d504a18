package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

const (
	keyOne = "one:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
	keyTwo = "two:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
)

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// world is one test's own database.
type world struct {
	*core
	*Store
	*subjects
	url   string
	clock *clock
	// db writes, read reads.
	db, read *gorm.DB
}

// subjects are the parts of a store as one value.
type subjects struct {
	*Forge
	*Gadgets
	*Conversations
	*Glances
	*Slack
}

// unhurried is the limit of calls in tests of anything else: a queue of writers on a
// busy machine changes no answer.
const unhurried = time.Minute

// again opens the database once more, as another process would.
func (w *world) again(tb testing.TB, keys string) *Store {
	tb.Helper()
	return w.within(tb, keys, Limits{Call: unhurried})
}

// within is again with other limits.
func (w *world) within(tb testing.TB, keys string, limits Limits) *Store {
	tb.Helper()
	s, err := Open(tb.Context(), Options{
		URL: w.url, Version: "0.1.0", Keys: ring(tb, keys), Now: w.clock.Now, Log: statements(tb), Limits: limits,
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

// use makes s the store of the test.
func (w *world) use(s *Store) {
	w.Store, w.core = s, s.core
	w.db, w.read = session(s.core.db.Writing), session(s.core.db.Reading)
	w.subjects = &subjects{s.Forge, s.Gadgets, s.Conversations, s.Glances, s.Slack}
}

// session is the pool of a kind of calls, for a test's own statements.
func session(calls func(context.Context, func(*gorm.DB) error) error) (pool *gorm.DB) {
	_ = calls(context.Background(), func(db *gorm.DB) error {
		pool = db.WithContext(context.Background())
		return nil
	})
	return pool
}

func newWorld(tb testing.TB, url string) *world {
	tb.Helper()
	w := &world{url: url, clock: &clock{now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}}
	w.use(w.again(tb, keyOne))
	return w
}

func ring(tb testing.TB, text string) *KeyRing {
	tb.Helper()
	keys, err := ParseKeyRing(text)
	if err != nil {
		tb.Fatal(err)
	}
	return keys
}

// onBoth runs a test on SQLite, and on PostgreSQL where one answers.
func onBoth(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	onBothURLs(t, func(t *testing.T, url string) { test(t, newWorld(t, url)) })
}

// onBothURLs is onBoth with a database that nobody has opened yet.
func onBothURLs(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, "sqlite://"+filepath.Join(t.TempDir(), "test.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, postgresURL(t))
	})
}

// postgresURL makes a schema for one test. Without a server the test is
// skipped, unless SIGHTLINE_TEST_ALL=1 demands it.
func postgresURL(tb testing.TB) string {
	tb.Helper()
	server := cmp.Or(os.Getenv("SIGHTLINE_TEST_POSTGRES"), "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable")
	db, err := sql.Open("pgx", server)
	if err == nil {
		err = db.PingContext(tb.Context())
	}
	if err != nil {
		if os.Getenv("SIGHTLINE_TEST_ALL") == "1" {
			tb.Fatalf("no PostgreSQL server, set SIGHTLINE_TEST_POSTGRES: %v", err)
		}
		tb.Skip("no PostgreSQL server, set SIGHTLINE_TEST_POSTGRES")
	}
	schema := strings.ToLower("sightline_" + randomID())
	if _, err := db.ExecContext(tb.Context(), "CREATE SCHEMA "+schema); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if _, err := db.ExecContext(context.Background(), "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			tb.Error(err)
		}
		_ = db.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		tb.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", schema)
	u.RawQuery = query.Encode()
	return u.String()
}

func install(key string) connect.Install {
	return connect.Install{
		Key: "sightline", ClientKey: connect.ClientKey(key), SharedSecret: connect.NewSecret("secret of " + key),
		BaseURL: "https://acme.atlassian.net", ProductType: connect.ProductJira, OAuthClientID: "oauth-" + key,
		EntitlementID: "e1", EntitlementNumber: "E-1", InstallationID: "ari:1",
	}
}

// installed saves an installation on a site.
func (w *world) installed(tb testing.TB, key, cloud string) *connect.Tenant {
	tb.Helper()
	t := must(w.SaveInstall(tb.Context(), install(key)))(tb)
	if cloud != "" {
		check(tb, w.SetCloudID(tb.Context(), t.ID, connect.CloudID(cloud)))
	}
	return t
}

func glanceKey(cloud, conversation string) glance.Key {
	return glance.Key{Surface: glance.SurfaceChat, Site: cloud, Conversation: conversation, Kind: glance.KindGlance, Module: "workload"}
}

func setupKey(cloud, conversation string) glance.Key {
	return glance.Key{Surface: glance.SurfaceChat, Site: cloud, Conversation: conversation, Kind: glance.KindConfiguration, Module: "setup"}
}

// begun puts the app into a conversation.
func (w *world) begun(tb testing.TB, cloud, id string) {
	tb.Helper()
	check(tb, w.Begin(tb.Context(), glance.Conversation{Site: cloud, ID: id, InstalledBy: "ann"},
		glanceKey(cloud, id), setupKey(cloud, id), w.clock.Now()))
}

// configured sets a conversation up.
func (w *world) configured(tb testing.TB, cloud, id string, projects ...string) {
	tb.Helper()
	check(tb, w.Configure(tb.Context(), glanceKey(cloud, id), setupKey(cloud, id),
		glance.Config{Projects: projects, Window: 14, Zone: "Europe/Berlin"}, w.clock.Now()))
}

// paces let everything be claimed that a test can mean.
func paces() []glance.Pace {
	return []glance.Pace{
		{Surface: glance.SurfaceChat, Kind: glance.KindGlance, Every: time.Millisecond, Burst: 1000},
		{Surface: glance.SurfaceChat, Kind: glance.KindConfiguration, Every: time.Millisecond, Burst: 1000},
	}
}

// wanted is a claim of up to limit rows for a minute.
func wanted(now time.Time, limit int) glance.Claim {
	return glance.Claim{
		Now: now, ComputeUntil: now.Add(time.Minute), PushUntil: now.Add(time.Minute),
		Limit: limit, Late: limit, PerTenant: max(limit, 1), Paces: paces(),
	}
}

// claim leases everything that is due, for a minute.
func (w *world) claim(tb testing.TB) []glance.Row {
	tb.Helper()
	return must(w.Claim(tb.Context(), wanted(w.clock.Now(), 100)))(tb)
}

// desire records a state as the reconciler does.
func (w *world) desire(tb testing.TB, r glance.Row, state glance.State) glance.Row {
	tb.Helper()
	return must(w.Desire(tb.Context(), r, w.desired(r, state)))(tb)
}

func (w *world) desired(r glance.Row, state glance.State) glance.Desired {
	now := w.clock.Now()
	return glance.Desired{
		State: state, At: now, PushUntil: now.Add(time.Minute),
		Changed: r.DesiredRev == 0 || r.Desired.Label != state.Label,
	}
}

// settle brings everything that is due to where the platform has it.
func (w *world) settle(tb testing.TB, state glance.State) {
	tb.Helper()
	for _, row := range w.claim(tb) {
		if row.NeedsCompute() {
			row = w.desire(tb, row, state)
		}
		if row.NeedsPush() {
			check(tb, w.Deliver(tb.Context(), row))
		}
	}
}

func (w *world) row(tb testing.TB, k glance.Key) glance.Row {
	tb.Helper()
	return must(w.Glance(tb.Context(), k))(tb)
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(tb testing.TB) T {
		tb.Helper()
		check(tb, err)
		return v
	}
}

func check(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// dump is everything the database holds, as its files or its rows.
func (w *world) dump(tb testing.TB) string {
	tb.Helper()
	var all strings.Builder
	if path, ok := strings.CutPrefix(w.url, "sqlite://"); ok {
		for _, suffix := range []string{"", "-wal"} {
			data, err := os.ReadFile(path + suffix)
			if err != nil && !os.IsNotExist(err) {
				tb.Fatal(err)
			}
			all.Write(data)
		}
		return all.String()
	}
	for _, table := range tables() {
		rows := []string{}
		check(tb, w.db.Raw(fmt.Sprintf("SELECT row_to_json(x)::text || encode(x::text::bytea, 'escape') FROM %s x", table.name)).Scan(&rows).Error)
		all.WriteString(strings.Join(rows, "\n"))
	}
	return all.String()
}
