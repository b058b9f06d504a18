package connect_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestUserTokenIsKept(t *testing.T) {
	t.Parallel()
	site := newActSite(t)
	out, now := site.outbound(), outboundNow
	out.Now = func() time.Time { return now }
	tenant := outboundTenant(site.URL)
	reinstalled := outboundTenant(site.URL)
	reinstalled.Generation = 2
	steps := []struct {
		name string
		rt   http.RoundTripper
		wait time.Duration
		want int64
	}{
		{"first", out.User(tenant, "ann", "READ", "WRITE"), 0, 1},
		{"same", out.User(tenant, "ann", "WRITE", "read"), 0, 1},
		{"fewer scopes", out.User(tenant, "ann", "READ"), 0, 2},
		{"all scopes", out.User(tenant, "ann"), 0, 3},
		{"another person", out.User(tenant, "bob"), 0, 4},
		{"installed anew", out.User(reinstalled, "ann"), 0, 5},
		{"61 s before the end", out.User(tenant, "ann"), 839 * time.Second, 5},
		{"60 s before the end", out.User(tenant, "ann"), time.Second, 6},
		{"the new one", out.User(tenant, "ann"), time.Second, 6},
	}
	for _, step := range steps {
		now = now.Add(step.wait)
		site.status(t, step.rt)
		wantCount(t, step.name, &site.exchanges, step.want)
	}
	out.Forget("another-tenant")
	site.status(t, out.User(tenant, "ann"))
	wantCount(t, "another tenant forgotten", &site.exchanges, 6)
	out.Forget("tenant-1")
	site.status(t, out.User(tenant, "ann"))
	wantCount(t, "forgotten", &site.exchanges, 7)
}

func TestUserTokenWithoutLifeIsNotKept(t *testing.T) {
	t.Parallel()
	site := newActSite(t)
	site.lifetime = -5
	rt := site.outbound().User(outboundTenant(site.URL), "ann")
	for range 3 {
		if got := site.status(t, rt); got != http.StatusOK {
			t.Errorf("status: got %d, want 200", got)
		}
	}
	wantCount(t, "exchanges", &site.exchanges, 3)
}

func TestUserExchangeIsShared(t *testing.T) {
	t.Parallel()
	site := newActSite(t)
	entered, release := make(chan struct{}), make(chan struct{})
	site.onToken = func(http.ResponseWriter, *http.Request) bool {
		close(entered)
		<-release
		return false
	}
	rt := site.outbound().User(outboundTenant(site.URL), "ann")
	call := func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, site.URL+"/rest/x", nil)
		if err != nil {
			return err
		}
		resp, err := rt.RoundTrip(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		return err
	}
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error, 1)
	go func() { first <- call(ctx) }()
	<-entered
	others := make(chan error, 8)
	for range cap(others) {
		go func() { others <- call(t.Context()) }()
	}
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("first: got %v, want context.Canceled", err)
	}
	close(release)
	for range cap(others) {
		if err := <-others; err != nil {
			t.Errorf("other: %v", err)
		}
	}
	wantCount(t, "exchanges", &site.exchanges, 1)
}

func TestUserTokenRefusedByTheAPI(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name             string
		accept           func(string) bool
		body             io.Reader
		status           int
		calls, exchanges int64
	}{
		{"once", func(token string) bool { return token != "token-1" }, strings.NewReader("again"), 200, 2, 2},
		{"for ever", func(string) bool { return false }, strings.NewReader("again"), 401, 2, 2},
		{"once, no body", func(token string) bool { return token != "token-1" }, nil, 200, 2, 2},
		{"body cannot be replayed", func(token string) bool { return token != "token-1" }, io.MultiReader(strings.NewReader("again")), 401, 1, 1},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			site := newActSite(t)
			site.accept = tc.accept
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, site.URL+"/rest/x", tc.body)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := site.outbound().User(outboundTenant(site.URL), "ann").RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err != nil || resp.StatusCode != tc.status {
				t.Errorf("got status %d (%v), want %d", resp.StatusCode, err, tc.status)
			}
			if tc.status == http.StatusOK && tc.body != nil && string(got) != "again" {
				t.Errorf("replayed body: got %q, want %q", got, "again")
			}
			wantCount(t, "calls", &site.calls, tc.calls)
			wantCount(t, "exchanges", &site.exchanges, tc.exchanges)
		})
	}
}

func TestUserFailureIsNotKept(t *testing.T) {
	t.Parallel()
	site := newActSite(t)
	site.onToken = func(w http.ResponseWriter, _ *http.Request) bool {
		if site.exchanges.Load() > 1 {
			return false
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}
	rt := site.outbound().User(outboundTenant(site.URL), "ann")
	_, err := outboundGet(t, rt, site.URL+"/rest/x")
	var temporary interface{ Temporary() bool }
	if !errors.As(err, &temporary) || !temporary.Temporary() {
		t.Errorf("got %v, want a temporary error", err)
	}
	if got := site.status(t, rt); got != http.StatusOK {
		t.Errorf("second call: got %d, want 200", got)
	}
}
