package index

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// maxAge is the setting: no number that is older may be shown.
const maxAge = 10 * time.Minute

// audience is people who look at boards, and what Jira has shown each of them.
type audience struct {
	*board
	tenantOf *connect.Tenant
	views    *viewer.Views
	loads    *viewer.Workloads[string]
	rng      *rand.Rand
	// asked and held count how often facts were asked for and given.
	asked, held atomic.Int64
	// eyes are as whom Jira sees each viewer: it changes when they lose or get rights.
	eyes   map[connect.AccountID]connecttest.Person
	boards map[connect.AccountID][]string
	shown  map[connect.AccountID][]moment
}

// moment is what Jira shows a viewer from a time on.
type moment struct {
	at      time.Time
	reading source.Reading
}

// counted counts how often the index answers.
type counted struct {
	source.Facts
	a *audience
}

// Held implements source.Facts.
func (c counted) Held(ctx context.Context, s source.Scope) (source.Held, bool) {
	held, ok := c.Facts.Held(ctx, s)
	c.a.asked.Add(1)
	if ok {
		c.a.held.Add(1)
	}
	return held, ok
}

func (b *board) person(t *testing.T, username string) connecttest.Person {
	t.Helper()
	people := b.Site.People()
	i := slices.IndexFunc(people, func(p connecttest.Person) bool { return p.Username == username })
	if i < 0 {
		t.Fatalf("the site has no %s", username)
	}
	return people[i]
}

func newAudience(t *testing.T, b *board, rng *rand.Rand) *audience {
	t.Helper()
	a := &audience{
		board: b, rng: rng, eyes: map[connect.AccountID]connecttest.Person{}, boards: map[connect.AccountID][]string{},
		shown: map[connect.AccountID][]moment{}, tenantOf: &connect.Tenant{ID: connect.TenantID(b.tenant), Generation: 1, BaseURL: b.Site.URL(), DisplayURL: b.Site.URL()},
	}
	a.views = viewer.New(viewer.Config{
		Jira: func(_ *connect.Tenant, account connect.AccountID) (*jira.Client, error) {
			return jira.New(&http.Client{Transport: as{a.eyes[account], http.DefaultTransport}}, b.Site.URL())
		},
		Facts: func(connect.TenantID) source.Facts { return counted{b.feed.Facts(b.tenant), a} }, MaxAge: maxAge,
		Languages: lang.New(), Log: slog.New(slog.DiscardHandler), Now: b.now,
	})
	t.Cleanup(a.views.Close)
	a.loads = viewer.NewWorkloads[string](a.views)
	return a
}

// joins makes somebody look at projects.
func (a *audience) joins(p connecttest.Person, projects ...string) {
	a.eyes[connect.AccountID(p.AccountID)], a.boards[connect.AccountID(p.AccountID)] = p, projects
}

// viewers are in the same order each time, for the seed's sake.
func (a *audience) viewers() (list []connect.AccountID) {
	for account := range a.eyes {
		list = append(list, account)
	}
	slices.Sort(list)
	return list
}

// note keeps what Jira shows everybody now.
func (a *audience) note(t *testing.T) {
	t.Helper()
	for _, account := range a.viewers() {
		client, err := jira.New(&http.Client{Transport: as{a.eyes[account], http.DefaultTransport}}, a.Site.URL())
		if err != nil {
			t.Fatal(err)
		}
		m := moment{at: a.now()}
		today := workload.DateOf(m.at, time.UTC)
		if m.reading, err = source.NewReader(client).Work(t.Context(), a.boards[account], today.AddDays(-int(window)-2), today.AddDays(2)); err != nil {
			t.Fatal(err)
		}
		a.shown[account] = append(a.shown[account], m)
	}
}

// look is a look of somebody: what is shown, of whatever age, is what Jira showed
// them then.
func (a *audience) look(t *testing.T, account connect.AccountID, fresh bool) (stale bool) {
	t.Helper()
	config := workload.NewGadgetConfig()
	config.Projects = a.boards[account]
	place := viewer.Place{
		Person: viewer.Person{Tenant: a.tenantOf, Account: account}, Name: "item/1/2",
		Config: func(context.Context, *jira.Client) (workload.GadgetConfig, bool, error) { return config, true, nil },
	}
	asked := a.now()
	seen, err := a.loads.Get(t.Context(), place, fresh)
	if err != nil {
		t.Fatal(err)
	}
	view := seen.View
	if age := asked.Sub(view.ReadAt); age > maxAge {
		t.Fatalf("%s sees numbers %s old", a.eyes[account].Username, age)
	}
	history := a.shown[account]
	i := len(history) - 1
	for i > 0 && history[i].at.After(view.ReadAt) {
		i--
	}
	then := history[i].reading
	want := workload.Summarize(workload.Input{
		Issues: then.Issues, Worklogs: then.Worklogs, Now: view.ReadAt, Zone: view.Zone, Window: config.Window, Gaps: then.Gaps,
	})
	if diff := gocmp.Diff(want, view.Summary); diff != "" {
		t.Fatalf("%s sees of %v, %s old (-Jira then +shown)\n%s", a.eyes[account].Username, config.Projects, asked.Sub(view.ReadAt), diff)
	}
	if !slices.Equal(then.Hidden, view.Reading.Hidden) {
		t.Fatalf("%s: hidden %v, want %v", a.eyes[account].Username, view.Reading.Hidden, then.Hidden)
	}
	return seen.Stale
}

// later moves the clock. Events that are late come before, or never: their tokens
// end.
func (a *audience) later(t *testing.T, w *wire, clock *harness.Clock, d time.Duration) {
	t.Helper()
	if a.rng.IntN(2) == 0 {
		w.deliver(t)
	}
	w.mu.Lock()
	w.late = nil
	w.mu.Unlock()
	clock.Forward(d)
}

// TestViewsOfAWarmIndex changes issues, work logs and rights at random while people
// look, and treats events badly. Whatever is shown is what Jira showed its viewer at
// that time, and none of it is older than the setting.
func TestViewsOfAWarmIndex(t *testing.T) {
	t.Parallel()
	steps := 20
	if harness.AllTests() {
		steps = 300
	}
	if many, err := strconv.Atoi(os.Getenv("SIGHTLINE_TEST_STEPS")); err == nil {
		steps = many
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	clock, rng := &harness.Clock{}, rand.New(rand.NewPCG(seed, 1))
	w := &wire{rng: rand.New(rand.NewPCG(seed, 2))}
	b := newBoard(t, connecttest.NewSite(t, connecttest.Options{Now: clock.Now}), harness.By(clock), between(t, w), on)
	b.now = clock.Now
	b.projects = []string{"HARB", "LANT", "VALT"}
	b.looked(t, b.projects...)
	b.filled(t)
	a := newAudience(t, b, rng)
	insider, outsider := b.person(t, "mlindqvist"), b.person(t, "rpetrie") // outside VALT
	a.joins(insider, "HARB", "VALT")
	a.joins(outsider, "HARB", "VALT")
	a.joins(b.admin, "HARB", "LANT", "VALT")
	guest := connect.AccountID(outsider.AccountID)
	w.bad = true
	a.note(t)
	for step := range steps {
		switch n := rng.IntN(20); {
		case n < 12:
			b.change(t, rng)
		case n < 14: // rights are given or taken away, of which no event tells
			if a.eyes[guest] == outsider {
				a.eyes[guest] = insider
			} else {
				a.eyes[guest] = outsider
			}
		case n < 19:
			a.later(t, w, clock, time.Duration(rng.IntN(240))*time.Second)
		default:
			a.later(t, w, clock, 11*time.Minute)
		}
		a.note(t)
		if rng.IntN(3) == 0 {
			if err := b.Site.WaitIdle(t.Context()); err != nil {
				t.Fatal(err)
			}
			a.views.Changed(a.tenantOf.ID)
		}
		if rng.IntN(10) == 0 {
			w.deliver(t)
		}
		account := a.viewers()[rng.IntN(len(a.eyes))]
		if stale := a.look(t, account, false); stale {
			a.look(t, account, true) // joins the reading that began
		}
		if t.Failed() {
			t.Fatalf("step %d", step)
		}
	}
	held, asked := a.held.Load(), a.asked.Load()
	t.Logf("%d steps: the index answered %d of %d times", steps, held, asked)
	if held*10 < asked*8 || asked == 0 {
		t.Errorf("the index answered %d of %d times", held, asked)
	}
}
