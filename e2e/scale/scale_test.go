package scale

import (
	"context"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/store"
)

// scaleSize is how big a run is.
type scaleSize struct {
	tenants, rooms, projects int // rooms and projects of one tenant
	changes                  int // of each project
	kills                    int
	replicas                 int // processes on the database
}

// TestScale: whatever the platform answers and however often the program is
// killed, in the end every conversation shows the newest state, none was shown
// an older one after a newer one, and none was called more often than its
// limit. The big run has ten thousand conversations of two hundred tenants.
func TestScale(t *testing.T) {
	harness.Minutes(t)
	size := scaleSize{tenants: 20, rooms: 15, projects: 3, changes: 1, kills: 1, replicas: 1}
	big := os.Getenv("SIGHTLINE_TEST_ALL") == "1" && !harness.RaceDetector
	if big {
		size = scaleSize{tenants: 200, rooms: 50, projects: 5, changes: 2, kills: 3, replicas: 1}
	} else {
		t.Parallel()
	}
	for name, database := range map[string]func(*testing.T) string{
		"SQLite":     func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "scale.db") },
		"PostgreSQL": harness.PostgresURL,
	} {
		t.Run(name, func(t *testing.T) {
			if !big {
				t.Parallel()
			}
			newScale(t, size, database(t)).run(t)
		})
	}
}

// TestScaleReplicas is a smaller run with two processes on one PostgreSQL; one
// is killed and the other continues.
func TestScaleReplicas(t *testing.T) {
	harness.Minutes(t)
	t.Parallel()
	size := scaleSize{tenants: 20, rooms: 10, projects: 2, changes: 1, kills: 1, replicas: 2}
	newScale(t, size, harness.PostgresURL(t)).run(t)
}

// scale is one run.
type scale struct {
	size     scaleSize
	platform *platform
	jira     *scaleJira
	client   *http.Client
	logs     *harness.LogBuffer
	random   *mathrand.Rand
	replicas []*replica

	mu   sync.Mutex
	want map[string]int // what each room should show
}

func newScale(t *testing.T, size scaleSize, database string) *scale {
	t.Helper()
	s := &scale{
		size: size, platform: newPlatform(t), jira: newScaleJira(t), logs: &harness.LogBuffer{}, want: map[string]int{},
		client: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}},
		random: mathrand.New(mathrand.NewPCG(3, 4)),
	}
	binary := harness.Binary(t)
	for range size.replicas {
		s.replicas = append(s.replicas, s.newReplica(t, binary, database))
	}
	s.seed(t, harness.OpenStore(t, database))
	return s
}

// replica is one process of the program.
type replica struct {
	binary  string
	url     string
	env     []string
	logs    *harness.LogBuffer
	client  *http.Client
	gauges  *gauges
	process *exec.Cmd
	used    time.Duration // processor time
}

// newReplica prepares a process on the database.
func (s *scale) newReplica(t *testing.T, binary, database string) *replica {
	t.Helper()
	addr, metricsAddr := freeAddr(t), freeAddr(t)
	r := &replica{binary: binary, url: "http://" + addr, logs: s.logs, client: s.client, gauges: &gauges{url: "http://" + metricsAddr + "/metrics"}}
	f := onsite.Flags(r.url, s.platform.URL, database)
	for flag, value := range map[string]string{
		"addr": f.Addr, "base-url": f.BaseURL, "database-url": f.DatabaseURL, "secret-keys": harness.Keys(),
		"allowed-hosts": strings.TrimPrefix(s.jira.URL, "http://"), "chat-api-url": f.ChatAPIURL, "chat-token-url": f.ChatTokenURL,
		"chat-client-id": f.ChatClientID, "chat-client-secret": f.ChatClientSecret,
		"metrics-addr": metricsAddr, "log-level": "error", "drain": "0s", "index": "off", // each label is to cost a search
		"database-statement-timeout": "1m", // a busy machine changes no answer
	} {
		r.env = append(r.env, app.Variable(flag)+"="+value)
	}
	return r
}

// freeAddr is a free address.
func freeAddr(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// seed installs the tenants and sets up all rooms.
func (s *scale) seed(t *testing.T, st *store.Store) {
	t.Helper()
	begun := time.Now()
	for tenant := range s.size.tenants {
		s.seedTenant(t, st, tenant)
	}
	t.Logf("%d conversations set up in %s", s.size.tenants*s.size.rooms, time.Since(begun).Round(time.Millisecond))
}

func (s *scale) seedTenant(t *testing.T, st *store.Store, tenant int) {
	t.Helper()
	cloud := fmt.Sprintf("cloud-%d", tenant)
	base := fmt.Sprintf("%s/t/%d", s.jira.URL, tenant)
	saved, err := st.Tenants.SaveInstall(t.Context(), connect.Install{
		Key: harness.AppKey, ClientKey: connect.ClientKey(scaleClient(tenant)), SharedSecret: connect.NewSecret(scaleSecret(tenant)),
		BaseURL: base, DisplayURL: base, ProductType: connect.ProductJira,
	})
	if err == nil {
		err = st.Tenants.SetCloudID(t.Context(), saved.ID, connect.CloudID(cloud))
	}
	if err != nil {
		t.Fatal(err)
	}
	for project := range s.size.projects {
		s.jira.add(tenant, project, 3)
	}
	for room := range s.size.rooms {
		shows := glance.Key{Surface: glance.SurfaceChat, Site: cloud, Conversation: fmt.Sprintf("room-%d", room), Kind: glance.KindGlance, Module: "workload"}
		setup := shows
		setup.Kind, setup.Module = glance.KindConfiguration, "setup"
		c := glance.Conversation{Surface: glance.SurfaceChat, Site: cloud, ID: shows.Conversation}
		config := glance.Config{Projects: []string{scaleProject(room % s.size.projects)}, Window: 14, Zone: "Europe/Berlin"}
		if err := st.Conversations.Begin(t.Context(), c, shows, setup, time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := st.Conversations.Configure(t.Context(), shows, setup, config, time.Now()); err != nil {
			t.Fatal(err)
		}
		s.want[cloud+"/"+shows.Conversation] = 3
	}
}

// run changes issues while the program works and is killed, and then waits
// until everything is shown.
func (s *scale) run(t *testing.T) {
	t.Helper()
	begun := time.Now()
	watched, unwatch := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	for _, r := range s.replicas {
		r.start(t)
		watching.Go(func() { r.gauges.watch(watched) })
	}
	defer func() { unwatch(); watching.Wait() }()
	changes, ctx := errgroup.WithContext(t.Context())
	changes.Go(func() error { return s.change(t) })
	for n := range s.size.kills {
		// Somewhere in the n-th part of the work.
		part := (2 + s.size.changes) * len(s.want) / s.size.kills
		at := n*part + s.random.IntN(part)
		s.until(t, fmt.Sprintf("%d calls before a kill", at), func() bool { return s.platform.called() > at || ctx.Err() != nil })
		victim := s.replicas[n%len(s.replicas)]
		victim.kill(t)
		t.Logf("killed after %d calls", s.platform.called())
		victim.start(t)
	}
	if err := changes.Wait(); err != nil {
		t.Fatal(err)
	}
	s.waitFor(t, 0)
	took := time.Since(begun)
	for _, r := range s.replicas {
		r.stop(t)
	}
	s.report(t, took)
}

// waitFor waits until at most most conversations are behind.
func (s *scale) waitFor(t *testing.T, most int) {
	t.Helper()
	var behind []string
	n := 0
	ok := s.until(t, fmt.Sprintf("%d conversations behind", most), func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		behind, n = s.platform.behind(s.want)
		return n <= most
	})
	if !ok {
		t.Logf("%d are behind, for example\n%s\n%s", n, strings.Join(behind, "\n"), s.logs)
	}
}

// until waits long enough for a busy machine.
func (s *scale) until(t *testing.T, what string, ok func() bool) bool {
	t.Helper()
	deadline := time.After(5 * time.Minute)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-t.Context().Done():
			return false
		case <-deadline:
			t.Errorf("never: %s", what)
			return false
		}
	}
	return true
}

// change adds issues, project after project, and has Jira send their webhooks.
// The next round begins when most rooms show the previous one.
func (s *scale) change(t *testing.T) error {
	var g errgroup.Group
	g.SetLimit(8)
	for round := range s.size.changes {
		s.waitFor(t, len(s.want)/5)
		for project := range s.size.projects {
			for tenant := range s.size.tenants {
				g.Go(func() error {
					s.grow(tenant, project)
					return s.issueEvent(t, tenant, project, fmt.Sprintf("event-%d-%d-%d", round, tenant, project))
				})
			}
		}
	}
	return g.Wait()
}

// grow adds an issue to a project.
func (s *scale) grow(tenant, project int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	open := s.jira.add(tenant, project, 1)
	for room := project; room < s.size.rooms; room += s.size.projects {
		s.want[fmt.Sprintf("cloud-%d/room-%d", tenant, room)] = open
	}
}

func (r *replica) start(t *testing.T) {
	t.Helper()
	r.process = exec.Command(r.binary, "serve")
	r.process.Env = append(os.Environ(), r.env...)
	r.process.Stderr = r.logs
	if err := r.process.Start(); err != nil {
		t.Fatal(err)
	}
	process := r.process.Process
	t.Cleanup(func() { _ = process.Kill() })
	harness.Eventually(t, "ready", func() bool {
		resp, err := r.client.Do(harness.NewRequest(t, http.MethodGet, r.url+"/readyz", nil))
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// kill ends the process as kill -9 does.
func (r *replica) kill(t *testing.T) {
	t.Helper()
	if err := r.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = r.process.Wait() // the error says that it was killed
	r.used += r.process.ProcessState.UserTime() + r.process.ProcessState.SystemTime()
}

// stop ends the process as an operator does.
func (r *replica) stop(t *testing.T) {
	t.Helper()
	begun := time.Now()
	if err := r.process.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := r.process.Wait(); err != nil {
		t.Errorf("stop: %v", err)
	}
	r.used += r.process.ProcessState.UserTime() + r.process.ProcessState.SystemTime()
	if took := time.Since(begun); took > app.StopTimeout+time.Second {
		t.Errorf("it took %s to stop", took)
	}
}

// maxPushes is how many pushes a changed label may cost.
const maxPushes = 1.2

func (s *scale) report(t *testing.T, took time.Duration) {
	t.Helper()
	p, j := s.platform, s.jira
	busiest := p.busiest()
	p.mu.Lock()
	defer p.mu.Unlock()
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, problem := range append(p.problems, j.problems...) {
		t.Error(problem)
	}
	labels := 0
	for _, room := range p.rooms {
		labels += room.labels
	}
	each := float64(p.puts) / float64(labels)
	t.Logf("%d conversations of %d tenants in %s: %d labels changed, %.3f pushes for each, %d calls (%.0f a second), %d searches, faults %v",
		len(p.rooms), s.size.tenants, took.Round(time.Millisecond), labels, each, p.calls, float64(p.calls)/took.Seconds(), j.searches, p.faults)
	// The platform accepts a hundred calls a minute per conversation, so the
	// busiest one sets the least possible time.
	t.Logf("busiest conversation: %d calls in a minute, of %d; the platform's limit alone would have taken %s",
		busiest, platformLimit, time.Duration(float64(time.Minute)*float64(busiest)/platformLimit).Round(time.Second))
	for _, r := range s.replicas {
		t.Logf("program: %s, %s of a processor", r.gauges, r.used.Round(10*time.Millisecond))
		r.gauges.check(t)
	}
	if each > maxPushes {
		t.Errorf("%.3f pushes for each changed label, want at most %.1f", each, maxPushes)
	}
}
