package jirarest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// site is an API that listens, over the sample.
type site struct {
	*testing.T
	world   *world.World
	url     string
	mu      sync.Mutex
	changes []jirarest.Change
}

// The people of the sample that tests are about.
const (
	lead     = "mlindqvist"
	admin    = "iokonjo"
	other    = "praghunathan"
	outsider = "rpetrie"
	inactive = "wcastellane"
	nobody   = ""
)

func clock() time.Time { return time.Date(2026, 3, 10, 15, 30, 0, 0, time.UTC) }

func newSite(t *testing.T) *site {
	t.Helper()
	return serve(t, world.Sample(clock()))
}

func serve(t *testing.T, w *world.World) *site {
	t.Helper()
	return serveWith(t, w, func(*jirarest.Options) {})
}

func serveWith(t *testing.T, w *world.World, change func(*jirarest.Options)) *site {
	t.Helper()
	s := &site{T: t, world: w}
	o := jirarest.Options{
		World: w, BaseURL: func() string { return s.url }, Now: clock, CloudID: "c",
		Changed: func(c jirarest.Change) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.changes = append(s.changes, c)
		},
	}
	change(&o)
	api := jirarest.New(o)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := jirarest.Principal{Account: r.Header.Get("As"), App: r.Header.Get("App")}
		if scopes := r.Header.Get("Scopes"); scopes != "" {
			p.Scopes = strings.Fields(scopes)
		}
		api.Serve(w, r, p)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// account is the account id of a user name; an account id stays.
func (s *site) account(username string) string {
	for _, p := range s.world.People() {
		if p.Username == username {
			return p.AccountID
		}
	}
	return username
}

// reply is what the site answered.
type reply struct {
	*site
	status int
	header http.Header
	body   string
}

// send calls the site; headers are pairs.
func (s *site) send(as, method, path, body string, headers ...string) reply {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("As", s.account(as))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
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

// into reads the body of an answer with the status.
func (r reply) into(status int, v any) {
	r.Helper()
	if r.status != status {
		r.Fatalf("got %d %s, want %d", r.status, r.body, status)
	}
	if err := json.Unmarshal([]byte(r.body), v); err != nil {
		r.Fatalf("read %s: %v", r.body, err)
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

func (r reply) empty(status int) {
	r.Helper()
	if r.status != status || r.body != "" {
		r.Errorf("got %d %q, want %d and nothing", r.status, r.body, status)
	}
}

// events takes the changes told since the last time.
func (s *site) events() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, c := range s.changes {
		names = append(names, fmt.Sprint(c.Event, " ", c.IssueKey))
	}
	s.changes = nil
	return strings.Join(names, ", ")
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
			one := &site{T: t, world: s.world, url: s.url}
			one.send(row.as, row.method, row.path, row.body).fails(row.status, row.part)
		})
	}
}

func clipped(s string) string { return s[:min(len(s), 60)] }
