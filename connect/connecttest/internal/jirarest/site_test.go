package jirarest_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/resttest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

type refusal = resttest.Refusal

// site is an API that listens, over the sample, and remembers the changes told.
type site struct {
	*resttest.Site
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

// serveAt is a site at another time.
func serveAt(t *testing.T, w *world.World, at time.Time) *site {
	t.Helper()
	return serveWith(t, w, func(o *jirarest.Options) { o.Now = func() time.Time { return at } })
}

func serveWith(t *testing.T, w *world.World, change func(*jirarest.Options)) *site {
	t.Helper()
	s := &site{Site: &resttest.Site{T: t, World: w, Refused: resttest.Jira}}
	s.Sign = func(r *http.Request, as string) { r.Header.Set("As", s.Account(as)) }
	o := jirarest.Options{
		World: w, BaseURL: func() string { return s.URL }, Now: clock, CloudID: "c",
		Changed: func(c jirarest.Change) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.changes = append(s.changes, c)
		},
	}
	change(&o)
	api := jirarest.New(o)
	s.Listen(func(w http.ResponseWriter, r *http.Request) {
		p := jirarest.Principal{Account: r.Header.Get("As"), App: r.Header.Get("App")}
		if scopes := r.Header.Get("Scopes"); scopes != "" {
			p.Scopes = strings.Fields(scopes)
		}
		api.Serve(w, r, p)
	})
	return s
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
