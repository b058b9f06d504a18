package dcrest_test

import (
	"cmp"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
	"github.com/sightline-go/sightline/connect/connecttest/internal/dcrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/resttest"
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

type (
	reply   = resttest.Reply
	refusal = resttest.Refusal
)

// site is an API that listens, over the sample, with an adjustable clock.
type site struct {
	*resttest.Site
	api   *dcrest.API
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
	s := &site{Site: &resttest.Site{T: t, World: world.Sample(c.now()), Root: "/dc/rest/api/2/", Refused: resttest.Jira}, clock: c}
	s.Sign = func(r *http.Request, as string) {
		if as != nobody {
			r.SetBasicAuth(as, s.Person(as).Token)
		}
	}
	cloud := jirarest.New(jirarest.Options{World: s.World, BaseURL: func() string { return s.URL + dcrest.ContextPath }, Now: c.now, Unbounded: true})
	s.api = dcrest.New(dcrest.Options{
		World: s.World, BaseURL: func() string { return s.URL }, Now: c.now, Strict: strict,
		Shared: func(w http.ResponseWriter, r *http.Request, account string) {
			cloud.Serve(w, r, jirarest.Principal{Account: account})
		},
	})
	s.Listen(func(w http.ResponseWriter, r *http.Request) {
		p, err := s.api.Authenticate(r)
		if err != nil {
			dcrest.Refuse(w, api.Refuse(http.StatusUnauthorized, "%v", err))
			return
		}
		s.api.Serve(w, r, p)
	})
	return s
}

func (s *site) key(username string) string {
	return cmp.Or(s.Person(username).UserKey, "unknown")
}
