package index

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

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
	// by is what people's rows are divided by.
	by workload.By
	// asked and held count how often facts were asked for and given.
	asked, held atomic.Int64
	// eyes are as whom Jira sees each viewer: it changes when they lose or get rights.
	eyes   map[connect.AccountID]connecttest.Person
	boards map[connect.AccountID][]string
	// turns are since when Jira sees each viewer as whom.
	turns map[connect.AccountID][]turn
	wire  *wire
	*oracle
	last map[connect.AccountID]time.Time // of each viewer's last view
	// wentOn counts the views that went on from an earlier reading, guessed those of them
	// that could not be compared; fresh are all that were read.
	wentOn, guessed, fresh int
}

// turn is as whom Jira sees a viewer from a time on.
type turn struct {
	at   time.Time
	eyes string
}

// moment is what Jira shows somebody from a time on.
type moment struct {
	at      time.Time
	eyes    string
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

func newAudience(t *testing.T, b *board, rng *rand.Rand, w *wire) *audience {
	t.Helper()
	a := &audience{
		board: b, rng: rng, wire: w, oracle: newOracle(t, b),
		eyes: map[connect.AccountID]connecttest.Person{}, boards: map[connect.AccountID][]string{},
		turns: map[connect.AccountID][]turn{}, last: map[connect.AccountID]time.Time{},
		tenantOf: &connect.Tenant{ID: connect.TenantID(b.tenant), Generation: 1, BaseURL: b.Site.URL(), DisplayURL: b.Site.URL()},
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
	axes := workload.Groupings()
	a.by = workload.By{Split: axes[rng.IntN(len(axes))].Axis, TeamField: "customfield_10001"}
	t.Logf("people are divided by %s", a.by.Split)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now, w.told = b.now, func(e wired) { a.views.Changed(a.tenantOf.ID, e.about.subject()) }
	return a
}

// joins makes somebody look at projects.
func (a *audience) joins(p connecttest.Person, projects ...string) {
	a.boards[connect.AccountID(p.AccountID)] = projects
	a.sees(connect.AccountID(p.AccountID), p)
}

// sees makes Jira see a viewer as somebody.
func (a *audience) sees(account connect.AccountID, eyes connecttest.Person) {
	a.eyes[account] = eyes
	a.turns[account] = append(a.turns[account], turn{a.now(), eyes.Username})
}

// as are those as whom Jira saw a viewer from one time to another.
func (a *audience) as(account connect.AccountID, from, to time.Time) (names []string) {
	for _, t := range a.turns[account] {
		switch {
		case !t.at.After(from):
			names = []string{t.eyes}
		case !t.at.After(to) && !slices.Contains(names, t.eyes):
			names = append(names, t.eyes)
		}
	}
	return names
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
	a.learn(a.wire)
	noted := map[string]bool{}
	for _, account := range a.viewers() {
		for _, eyes := range a.everybody(account) {
			if noted[eyes.Username] {
				continue
			}
			noted[eyes.Username] = true
			client, err := jira.New(&http.Client{Transport: as{eyes, http.DefaultTransport}}, a.Site.URL())
			if err != nil {
				t.Fatal(err)
			}
			m := moment{at: a.now(), eyes: eyes.Username}
			today := workload.DateOf(m.at, time.UTC)
			reader := source.NewReader(client)
			reader.By = a.by
			if m.reading, err = reader.Work(t.Context(), a.boards[account], today.AddDays(-int(window)-2), today.AddDays(2)); err != nil {
				t.Fatal(err)
			}
			for _, i := range m.reading.Issues {
				a.projectOf[i.ID] = i.Project
			}
			a.seen[eyes.Username] = append(a.seen[eyes.Username], m)
			a.forget(eyes.Username, m.at.Add(-2*maxAge))
		}
	}
}

// everybody are those as whom Jira has seen a viewer.
func (a *audience) everybody(account connect.AccountID) (list []connecttest.Person) {
	for _, p := range a.Site.People() {
		if slices.ContainsFunc(a.turns[account], func(t turn) bool { return t.eyes == p.Username }) {
			list = append(list, p)
		}
	}
	return list
}

// look is a look of somebody: what is shown, of whatever age, is what Jira showed
// them then.
func (a *audience) look(t *testing.T, account connect.AccountID, fresh bool) (stale bool) {
	t.Helper()
	config := workload.NewGadgetConfig()
	config.Projects, config.By = a.boards[account], a.by
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
	if age := asked.Sub(view.FullAt); age > maxAge || view.FullAt.After(view.ReadAt) {
		t.Fatalf("%s sees numbers %s old, read %s before", a.eyes[account].Username, age, view.ReadAt.Sub(view.FullAt))
	}
	wentOn := !view.FullAt.Equal(view.ReadAt)
	if a.last[account] != view.ReadAt {
		a.last[account] = view.ReadAt
		a.fresh++
		if wentOn {
			a.wentOn++
		}
	}
	a.judge(t, account, view, wentOn)
	return seen.Stale
}

// judge compares what somebody is shown.
func (a *audience) judge(t *testing.T, account connect.AccountID, view viewer.Workload, wentOn bool) {
	t.Helper()
	as := a.as(account, view.FullAt, view.ReadAt)
	untold := map[string]bool{}
	if wentOn {
		untold = a.wire.untold(view.FullAt, view.ReadAt)
	}
	then := a.during(as[0], view.FullAt, view.ReadAt)
	if !wentOn { // a reading of everything saw it all
		then, as = then[len(then)-1:], as[len(as)-1:]
	}
	diff, tried := a.allows(view, as, untold)
	if !tried {
		a.guessed++
	}
	what := fmt.Sprintf("%s as %v sees of %v, read at %s, all at %s", account, as, view.Config.Projects, view.ReadAt.Format("15:04:05.000"), view.FullAt.Format("15:04:05.000"))
	if diff != "" {
		t.Fatalf("%s (-Jira then +shown), untold %v\n%s", what, untold, diff)
	}
	if hidden := then[0].reading.Hidden; !slices.Equal(hidden, view.Reading.Hidden) {
		t.Fatalf("%s: hidden %v, want %v", what, view.Reading.Hidden, hidden)
	}
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
	a := newAudience(t, b, rng, w)
	insider, outsider := b.person(t, "mlindqvist"), b.person(t, "rpetrie") // outside VALT
	b.secure(t, insider, b.admin)
	a.joins(insider, "HARB", "VALT")
	a.joins(outsider, "HARB", "VALT")
	a.joins(b.admin, "HARB", "LANT", "VALT")
	guest := connect.AccountID(outsider.AccountID)
	w.bad = true
	a.note(t)
	for step := range steps {
		if step > 0 && step%500 == 0 {
			t.Logf("%d steps: %d of %d views went on", step, a.wentOn, a.fresh)
		}
		switch n := rng.IntN(20); {
		case n < 12:
			b.change(t, rng)
		case n < 14: // rights are given or taken away, of which no event tells
			eyes := outsider
			if a.eyes[guest] == outsider {
				eyes = insider
			}
			a.sees(guest, eyes)
		case n < 19:
			a.later(t, w, clock, time.Duration(rng.IntN(240))*time.Second)
		default:
			a.later(t, w, clock, 11*time.Minute)
		}
		if err := b.Site.WaitIdle(t.Context()); err != nil {
			t.Fatal(err)
		}
		a.note(t)
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
	t.Logf("%d steps: the index answered %d of %d times; %d of %d views went on from an earlier reading, %d of them could not be compared",
		steps, held, asked, a.wentOn, a.fresh, a.guessed)
	if held*10 < asked*8 || asked == 0 {
		t.Errorf("the index answered %d of %d times", held, asked)
	}
	if steps >= 100 && (a.wentOn*10 < a.fresh || a.guessed*10 > a.wentOn) {
		t.Errorf("%d of %d views went on from an earlier reading, %d of them could not be compared", a.wentOn, a.fresh, a.guessed)
	}
}
