package replicas

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

const (
	// requests are how many a rolling restart is to lose none of.
	requests = 100_000
	// people ask at once.
	people = 16
)

// balanced are three processes on one database behind a balancer.
type balanced struct {
	*balancer
	harness.Board
	processes []*harness.Process
	client    connect.ClientKey
	secret    connect.Secret

	answered atomic.Int64
	mu       sync.Mutex
	lost     map[string]int // by what was asked and answered
}

func newBalanced(t *testing.T) *balanced {
	t.Helper()
	s := &balanced{balancer: newBalancer(t), lost: map[string]int{}}
	site, database := connecttest.NewSite(t), harness.PostgresURL(t)
	for range 3 {
		p := harness.NewProcess(t, site, database)
		p.Flags.BaseURL, p.Flags.Drain = s.balancer.URL, "2s"
		p.Extra = []string{"SIGHTLINE_LOG_LEVEL=error"} // a log of so many requests is of no use
		p.Run(t, command.Path(t))
		s.processes = append(s.processes, p)
		s.add(t, p.URL)
	}
	whole := *s.processes[0].Running
	whole.URL = s.balancer.URL
	s.ready(t)
	whole.Install(t)
	s.Board = harness.NewBoard(t, &whole, "HARB")
	tenant, err := whole.Store.Tenants.TenantByClientKey(t.Context(), whole.OnlyTenant(t).ClientKey)
	if err != nil {
		t.Fatal(err)
	}
	s.client, s.secret = tenant.ClientKey, tenant.SharedSecret
	return s
}

// ready waits until the balancer sends requests to all processes.
func (s *balanced) ready(t *testing.T) {
	t.Helper()
	for _, one := range s.backends {
		harness.Eventually(t, one.base+" is ready", one.ready.Load)
	}
}

// load asks for pages, views and tells of events, as people and Jira do, until the
// context ends. What is not answered as it should be is lost.
func (s *balanced) load(ctx context.Context, t *testing.T) (wait func()) {
	t.Helper()
	var asking sync.WaitGroup
	for n := range people {
		asking.Go(func() {
			client := &http.Client{Timeout: time.Minute, Transport: once{&http.Transport{}}}
			defer client.CloseIdleConnections()
			for ctx.Err() == nil {
				s.visit(ctx, t, client, s.Person(n%9))
			}
		})
	}
	return asking.Wait
}

// visit opens the gadget and makes some of its later calls.
func (s *balanced) visit(ctx context.Context, t *testing.T, client *http.Client, account string) {
	address, err := s.Site.ModuleURL(harness.AppKey, "workload", account, s.Dashboard.ID, s.Item)
	if err != nil {
		t.Error(err)
		return
	}
	page := s.ask(t, client, http.MethodGet, address, "")
	_, token, _ := strings.Cut(page, `data-session="`)
	token, _, found := strings.Cut(token, `"`)
	for range 20 {
		if ctx.Err() != nil || !found {
			return
		}
		s.ask(t, client, http.MethodGet, s.balancer.URL+s.Address("/gadget/workload/view"), token)
	}
	s.ask(t, client, http.MethodPost, s.balancer.URL+"/webhooks/issue", s.event(t))
}

func (s *balanced) event(t *testing.T) string {
	now := time.Now()
	return harness.HMACToken(t, jwt.SigningMethodHS256, map[string]any{
		"iss": string(s.client), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "qsh": connecttest.QSH(http.MethodPost, "/webhooks/issue", "", ""),
	}, s.secret.Reveal())
}

// ask sends one request, and notes whether it was lost.
func (s *balanced) ask(t *testing.T, client *http.Client, method, address, token string) string {
	req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, address, nil)
	if err != nil {
		t.Error(err)
		return ""
	}
	if token != "" {
		req.Header.Set("Authorization", "JWT "+token)
	}
	body, status := "", 0
	resp, err := client.Do(req)
	if err == nil {
		var data []byte
		data, err = io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		body, status = string(data), resp.StatusCode
	}
	s.answered.Add(1)
	if err != nil || status != http.StatusOK {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.lost[method+" "+req.URL.Path+": "+http.StatusText(status)]++
	}
	return body
}

// TestRollingRestart: three processes are replaced one after the other under load, and
// no request of a hundred thousand is lost.
func TestRollingRestart(t *testing.T) {
	harness.Minutes(t)
	s := newBalanced(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	begun := time.Now()
	wait := s.load(ctx, t)
	restarts := 0
	for s.answered.Load() < requests {
		p := s.processes[restarts%len(s.processes)]
		before := s.answered.Load()
		p.Signal(t, syscall.SIGTERM)
		if err := p.Wait(); err != nil {
			t.Errorf("stopped: %v", err)
		}
		p.Run(t, command.Path(t))
		s.ready(t)
		restarts++
		// The next one is stopped when the others have worked for a while.
		within(t, "some requests", func() bool { return s.answered.Load() >= min(before+requests/10, requests) })
	}
	cancel()
	wait()
	t.Logf("%d requests in %s, %d restarts, lost: %v", s.answered.Load(), time.Since(begun).Round(time.Second), restarts, s.lost)
	if restarts < len(s.processes) {
		t.Errorf("only %d restarts", restarts)
	}
	if len(s.lost) > 0 {
		t.Errorf("lost: %v", s.lost)
	}
	for _, one := range s.backends {
		if one.served.Load() == 0 {
			t.Errorf("%s got no request", one.base)
		}
	}
}

// within waits for as long as a hundred thousand requests may take.
func within(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Minute)
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("never: %s", what)
		case <-time.After(10 * time.Millisecond):
		}
	}
}
