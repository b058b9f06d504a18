package dcrest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
	"github.com/sightline-go/sightline/connect/connecttest/internal/dcrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// The people of the sample that tests are about. The hermit may not browse
// users.
const (
	lead     = "mlindqvist"
	admin    = "iokonjo"
	other    = "ytanabe"
	twice    = "creyes" // in two directories
	outsider = "rpetrie"
	hermit   = "tfaleolo"
	inactive = "wcastellane"
	nobody   = ""
)

// site is an API that listens, over the sample, with a clock to turn.
type site struct {
	*testing.T
	world *world.World
	api   *dcrest.API
	url   string
	clock *clock
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func newSite(t *testing.T, strict bool) *site {
	t.Helper()
	c := &clock{at: time.Date(2026, 3, 10, 15, 30, 0, 0, time.UTC)}
	s := &site{T: t, world: world.Sample(c.now()), clock: c}
	s.api = dcrest.New(dcrest.Options{World: s.world, BaseURL: func() string { return s.url }, Now: c.now, Strict: strict})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, err := s.api.Authenticate(r)
		if err != nil {
			dcrest.Refuse(w, api.Refuse(http.StatusUnauthorized, "%v", err))
			return
		}
		s.api.Serve(w, r, p)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *site) person(username string) world.Person {
	for _, p := range s.world.People() {
		if p.Username == username {
			return p
		}
	}
	return world.Person{Username: username, UserKey: "unknown"}
}

func (s *site) key(username string) string { return s.person(username).UserKey }

type reply struct {
	*site
	status int
	header http.Header
	body   string
}

// send calls below /dc/rest/api/2/ with the user's name and token; headers are
// pairs and may replace that.
func (s *site) send(as, method, path, body string, headers ...string) reply {
	s.Helper()
	if !strings.HasPrefix(path, "/") {
		path = "/dc/rest/api/2/" + path
	}
	r, err := http.NewRequestWithContext(s.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	if as != nobody {
		r.SetBasicAuth(as, s.person(as).Token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		s.Fatal(err)
	}
	return reply{s, got.StatusCode, got.Header, string(raw)}
}

func (s *site) get(as, path string) reply {
	s.Helper()
	return s.send(as, http.MethodGet, path, "")
}

func (r reply) into(status int, v any) {
	r.Helper()
	if r.status != status {
		r.Fatalf("got %d %s, want %d", r.status, r.body, status)
	}
	if err := json.Unmarshal([]byte(r.body), v); err != nil {
		r.Fatalf("read %s: %v", r.body, err)
	}
}

func (r reply) empty(status int) {
	r.Helper()
	if r.status != status || r.body != "" {
		r.Errorf("got %d %q, want %d and nothing", r.status, r.body, status)
	}
}

// fails checks a refusal: its status, its shape, and a part of its text.
func (r reply) fails(status int, part string) {
	r.Helper()
	var e struct {
		Messages *[]string          `json:"errorMessages"`
		Errors   *map[string]string `json:"errors"`
	}
	if r.status != status || json.Unmarshal([]byte(r.body), &e) != nil || e.Messages == nil || e.Errors == nil {
		r.Errorf("got %d %s, want %d and Jira's shape of errors", r.status, r.body, status)
	}
	if !strings.Contains(r.body, part) {
		r.Errorf("got %s, want it to have %q", r.body, part)
	}
	if status == http.StatusUnauthorized && r.header.Get("WWW-Authenticate") == "" {
		r.Error("401 without WWW-Authenticate")
	}
}

// refusal is a row of a table of calls that fail.
type refusal struct {
	as, method, path, body string
	status                 int
	part                   string
}

func (s *site) refuses(rows []refusal) {
	s.Helper()
	for _, row := range rows {
		s.Run(row.method+" "+clipped(row.path)+" "+clipped(row.body)+" as "+row.as, func(t *testing.T) {
			one := *s
			one.T = t
			one.send(row.as, row.method, row.path, row.body).fails(row.status, row.part)
		})
	}
}

func clipped(s string) string { return s[:min(len(s), 60)] }
