// Package resttest drives the REST APIs of the local site in their own tests:
// calls by people of the sample, and checks of what was answered.
package resttest

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Site is an API that listens, over a world. Its tests fill in what differs
// between the APIs.
type Site struct {
	*testing.T
	World *world.World
	// URL is where it listens.
	URL string
	// Root goes before paths that do not begin with a slash.
	Root string
	// Sign authenticates a call as a person, by user name; "" is anonymous.
	Sign func(r *http.Request, as string)
	// Refused checks the shape of a refusal, and that its text contains the
	// part.
	Refused func(r Reply, status int, part string)
}

// Listen serves the API until the test ends.
func (s *Site) Listen(h http.HandlerFunc) {
	server := httptest.NewServer(h)
	s.Cleanup(server.Close)
	s.URL = server.URL
}

// Person is the person with a user name; the account id is empty if there is
// none.
func (s *Site) Person(username string) world.Person {
	for _, p := range s.World.People() {
		if p.Username == username {
			return p
		}
	}
	return world.Person{Username: username}
}

// Account is the account id of a user name; an account id is returned
// unchanged.
func (s *Site) Account(username string) string {
	return cmp.Or(s.Person(username).AccountID, username)
}

// Send makes a call. Headers are pairs and override the call's own; an empty
// value removes a header.
func (s *Site) Send(as, method, path, body string, headers ...string) Reply {
	s.Helper()
	if !strings.HasPrefix(path, "/") {
		path = s.Root + path
	}
	r, err := http.NewRequestWithContext(s.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	s.Sign(r, as)
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
	return Reply{s, got.StatusCode, got.Header, string(raw)}
}

// Get reads something.
func (s *Site) Get(as, path string) Reply {
	s.Helper()
	return s.Send(as, http.MethodGet, path, "")
}

// Reply is what the API answered.
type Reply struct {
	*Site
	Status int
	Header http.Header
	Body   string
}

// Into reads the body of an answer with the status.
func (r Reply) Into(status int, v any) {
	r.Helper()
	if r.Status != status {
		r.Fatalf("got %d %s, want %d", r.Status, r.Body, status)
	}
	if err := json.Unmarshal([]byte(r.Body), v); err != nil {
		r.Fatalf("read %s: %v", r.Body, err)
	}
}

// Empty checks that there is only the status.
func (r Reply) Empty(status int) {
	r.Helper()
	if r.Status != status || r.Body != "" {
		r.Errorf("got %d %q, want %d and nothing", r.Status, r.Body, status)
	}
}

// Fails checks a refusal: its status, its shape, and a part of its text.
func (r Reply) Fails(status int, part string) {
	r.Helper()
	r.Refused(r, status, part)
	if status == http.StatusUnauthorized && r.Header.Get("WWW-Authenticate") == "" {
		r.Error("401 without WWW-Authenticate")
	}
}

// Refusal is a row of a table of calls that fail. It has no type name of its
// own, so that rows need no field names.
type Refusal = struct {
	As, Method, Path, Body string
	Status                 int
	Part                   string
}

// Refuses makes the calls, each in a test of its own.
func (s *Site) Refuses(rows []Refusal) {
	s.Helper()
	for _, row := range rows {
		s.Run(row.Method+" "+clipped(row.Path)+" "+clipped(row.Body)+" as "+row.As, func(t *testing.T) {
			one := *s
			one.T = t
			one.Send(row.As, row.Method, row.Path, row.Body).Fails(row.Status, row.Part)
		})
	}
}

func clipped(s string) string { return s[:min(len(s), 60)] }

// Jira checks a refusal in the shape of Jira's error collection.
func Jira(r Reply, status int, part string) {
	r.Helper()
	var e struct {
		Messages *[]string          `json:"errorMessages"`
		Errors   *map[string]string `json:"errors"`
	}
	if r.Status != status || json.Unmarshal([]byte(r.Body), &e) != nil || e.Messages == nil || e.Errors == nil {
		r.Errorf("got %d %s, want %d and Jira's shape of errors", r.Status, r.Body, status)
	}
	if !strings.Contains(r.Body, part) {
		r.Errorf("got %s, want it to have %q", r.Body, part)
	}
}
