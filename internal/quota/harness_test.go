package quota

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

// newClock is at a full hour.
func newClock() *clock { return &clock{at: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// memory is a storage that can be lost. The databases are tested in store.
type memory struct {
	mu     sync.Mutex
	down   bool
	points spendings
	said   map[string]Said
	calls  int
}

func newMemory() *memory { return &memory{points: spendings{}, said: map[string]Said{}} }

var errDown = errors.New("down")

// SharePoints implements Storage.
func (m *memory) SharePoints(_ context.Context, hour time.Time, mine []Entry) ([]Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls++
	if m.down {
		return nil, errDown
	}
	var out []Entry
	for _, e := range mine {
		for p, points := range e.Points {
			m.points[spending{hour.Unix(), e.Tenant, p}] += points
		}
		if e.Said.At.After(m.said[e.Tenant].At) {
			m.said[e.Tenant] = e.Said
		}
		sums := Entry{Tenant: e.Tenant, Points: map[Purpose]int{}, Said: m.said[e.Tenant]}
		for s, points := range m.points {
			if s.hour == hour.Unix() && s.tenant == e.Tenant {
				sums.Points[s.purpose] += points
			}
		}
		out = append(out, sums)
	}
	return out, nil
}

// ForgetPoints implements Storage.
func (m *memory) ForgetPoints(_ context.Context, before time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.DeleteFunc(m.points, func(s spending, _ int) bool { return s.hour < before.Unix() })
	return nil
}

func (m *memory) lose(down bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = down
}

// api answers every call the same way.
type api struct {
	status int
	header http.Header
	body   string
	calls  int
}

// RoundTrip implements http.RoundTripper.
func (a *api) RoundTrip(req *http.Request) (*http.Response, error) {
	a.calls++
	h := a.header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set("Content-Type", "application/json;charset=UTF-8")
	return &http.Response{StatusCode: max(a.status, 1), Header: h, Body: io.NopCloser(strings.NewReader(a.body)), Request: req}, nil
}

// says is an answer with headers, in pairs.
func says(status int, pairs ...string) *api {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return &api{status: status, header: h, body: `{}`}
}

// call makes one call and reads its answer.
func (l *Ledger) call(t *testing.T, base http.RoundTripper, tenant string, p Purpose, method, path string) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "https://"+tenant+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&Transport{Base: base, Ledger: l, Tenant: tenant, Purpose: p}).RoundTrip(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	if err == nil {
		err = resp.Body.Close()
	}
	_ = resp.Body.Close() // as may happen
	if err != nil {
		t.Fatal(err)
	}
	return nil
}

// must makes a call that is not held back.
func (l *Ledger) must(t *testing.T, base http.RoundTripper, tenant string, p Purpose) {
	t.Helper()
	if err := l.call(t, base, tenant, p, http.MethodGet, "/rest/api/3/field"); err != nil {
		t.Fatalf("%s of %s: %v", p, tenant, err)
	}
}

// heldUntil is until when a purpose is held back; zero: it is not.
func (l *Ledger) heldUntil(t *testing.T, tenant string, p Purpose) time.Time {
	t.Helper()
	var held *HeldError
	if err := l.Hold(tenant, p); err != nil && !errors.As(err, &held) {
		t.Fatal(err)
	}
	if held == nil {
		return time.Time{}
	}
	return held.Until
}
