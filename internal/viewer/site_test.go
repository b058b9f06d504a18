package viewer_test

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// Some of the local site's people.
const (
	lead     = "mlindqvist" // administers every project
	outsider = "rpetrie"    // has no role in the private project VALT
)

// clock is a time that a test moves on.
type clock struct {
	mu sync.Mutex
	at time.Time
}

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

// world is views over a local site, without the app's protocol in between:
// every person signs with a token of their own.
type world struct {
	t     testing.TB
	site  *connecttest.Site
	clock *clock
	views *viewer.Views
	// tenant is the site as an installation.
	tenant *connect.Tenant
}

// patient is waits long enough for a busy machine.
func patient() viewer.Patience {
	const long = 20 * time.Second
	return viewer.Patience{FirstLook: long, Changed: long, Preferences: long, Provider: long, Modal: long, Event: long}
}

func newWorld(t testing.TB, patience viewer.Patience) *world {
	t.Helper()
	w := &world{t: t, site: connecttest.NewSite(t), clock: &clock{at: time.Now()}}
	w.tenant = &connect.Tenant{ID: "t1", Generation: 1, BaseURL: w.site.URL(), DisplayURL: w.site.URL()}
	w.views = viewer.New(viewer.Config{
		Jira: w.jira, Languages: lang.New(), Patience: patience, Log: slog.New(slog.DiscardHandler), Now: w.clock.now,
	})
	t.Cleanup(w.views.Close)
	return w
}

// as signs calls with a person's own token, as scripts do.
type as struct {
	connecttest.Person
	base http.RoundTripper
}

func (a as) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.SetBasicAuth(a.Email, a.Token)
	return a.base.RoundTrip(r)
}

func (w *world) jira(_ *connect.Tenant, account connect.AccountID) (*jira.Client, error) {
	people := w.site.People()
	i := slices.IndexFunc(people, func(p connecttest.Person) bool { return p.AccountID == string(account) })
	return jira.New(&http.Client{Transport: as{people[i], w.site.Client().Transport}}, w.site.URL())
}

// person finds somebody of the site by their name there.
func (w *world) person(username string) viewer.Person {
	w.t.Helper()
	people := w.site.People()
	i := slices.IndexFunc(people, func(p connecttest.Person) bool { return p.Username == username })
	if i < 0 {
		w.t.Fatalf("the site has no %s", username)
	}
	return viewer.Person{Tenant: w.tenant, Account: connect.AccountID(people[i].AccountID)}
}

// place is where a person looks at some projects.
func (w *world) place(p viewer.Person, projects ...string) viewer.Place {
	config := workload.NewGadgetConfig()
	config.Projects = projects
	return viewer.Place{Person: p, Name: "item/1/2", Config: func(context.Context, *jira.Client) (workload.GadgetConfig, bool, error) {
		return config, len(projects) > 0, nil
	}}
}

func (w *world) fault(f connecttest.Fault) {
	w.t.Helper()
	if err := w.site.AddFault(f); err != nil {
		w.t.Fatal(err)
	}
}

// calls counts the requests whose path begins with a prefix.
func (w *world) calls(method, prefix string) int {
	n := 0
	for _, r := range w.site.Requests(0) {
		if r.Method == method && strings.HasPrefix(r.Path, prefix) {
			n++
		}
	}
	return n
}

const search = "/rest/api/3/search/jql"

// eventually waits until something holds; the test's own time limit ends it.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-t.Context().Done():
			t.Fatalf("never: %s", what)
		}
	}
}
