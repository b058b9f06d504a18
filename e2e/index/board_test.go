package index

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/feed"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/quota"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// board is a program whose gadget shows some projects.
type board struct {
	*harness.Running
	tenant   string
	projects []string
	admin    connecttest.Person
	feed     *feed.Feed
	now      func() time.Time
	// levels are the security levels that issues may be given.
	levels []string
}

// secure lets issues be hidden from all but some people, from the app too or not.
func (b *board) secure(t *testing.T, people ...connecttest.Person) {
	t.Helper()
	var accounts []string
	for _, p := range people {
		accounts = append(accounts, p.AccountID)
	}
	b.levels = []string{"Few", "Fewer"}
	check(t, b.Site.SetSecurity(connecttest.Security{Levels: []connecttest.SecurityLevel{
		{Name: "Few", People: accounts, Apps: true}, {Name: "Fewer", People: accounts},
	}}))
}

// on keeps an index.
func on(f *app.ServeFlags) { f.Index = "on" }

// newBoard installs the program and looks at a gadget with the projects.
func newBoard(t *testing.T, site *connecttest.Site, changes ...func(*app.ServeFlags)) *board {
	t.Helper()
	changes = append(changes, func(f *app.ServeFlags) { f.LogLevel = "info" })
	b := &board{Running: harness.Start(t, site, changes...), projects: []string{"HARB", "LANT"}, now: time.Now}
	b.Install(t)
	found, err := b.Store.Tenants.TenantByCloudID(t.Context(), connect.CloudID(site.CloudID()))
	if err != nil {
		t.Fatal(err)
	}
	b.tenant, b.feed = string(found.ID), b.App.Feed()
	people := site.People()
	b.admin = people[slices.IndexFunc(people, func(p connecttest.Person) bool { return p.Admin })]
	b.looked(t, b.projects...)
	return b
}

// looked is what a look at a gadget leaves behind.
func (b *board) looked(t *testing.T, projects ...string) {
	t.Helper()
	value, err := json.Marshal(map[string]any{"projects": projects})
	if err == nil {
		err = b.Store.Gadgets.SaveGadgetConfig(t.Context(), connect.TenantID(b.tenant), connect.DashboardItem{Dashboard: "1", Item: "2"}, value, time.Now())
	}
	if err != nil {
		t.Fatal(err)
	}
	b.feed.Survey()
}

// as signs calls with the admin's own token, as scripts do.
type as struct {
	connecttest.Person
	base http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (a as) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.SetBasicAuth(a.Email, a.Token)
	return a.base.RoundTrip(r)
}

// asks is a client that sees everything.
func (b *board) asks(t *testing.T) *jira.Client {
	t.Helper()
	client, err := jira.New(&http.Client{Transport: as{b.admin, http.DefaultTransport}}, b.Site.URL())
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// state is how far the index is.
func (b *board) state(t *testing.T) index.State {
	t.Helper()
	s, err := index.New(b.Store.Index, nil).State(t.Context(), b.tenant)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// filled waits until everything is held.
func (b *board) filled(t *testing.T) {
	t.Helper()
	harness.Eventually(t, "the index is filled", func() bool {
		_, ok := b.held(t)
		return ok
	})
}

// window is the longest one that can be chosen.
const window = workload.Month

func input(now time.Time) workload.Input {
	return workload.Input{Now: now, Zone: time.UTC, Window: window}
}

// pointFields are the sample's fields of story points.
var pointFields = []string{"customfield_10016", "customfield_10026"}

// held counts what the index holds.
func (b *board) held(t *testing.T) (workload.Summary, bool) {
	return b.heldIn(t, workload.MeasureIssues)
}

// heldIn counts it in a measure.
func (b *board) heldIn(t *testing.T, m workload.Measure) (workload.Summary, bool) {
	t.Helper()
	in := input(b.now())
	in.Measure = m
	today := workload.DateOf(in.Now, in.Zone)
	scope := feed.Scope{Projects: b.projects, From: today.AddDays(1 - int(window)).In(time.UTC), To: today.AddDays(1).In(time.UTC)}
	if m == workload.MeasurePoints {
		scope.Points = pointFields
	}
	var (
		ok  bool
		err error
	)
	in.Tally, ok, err = b.feed.Count(t.Context(), b.tenant, scope, in, quota.Glance)
	if err != nil {
		t.Fatal(err)
	}
	return workload.Summarize(in), ok
}

// asked counts what Jira says.
func (b *board) asked(t *testing.T) workload.Summary {
	t.Helper()
	return workload.Summarize(b.read(t))
}

// read is what Jira says.
func (b *board) read(t *testing.T) workload.Input {
	t.Helper()
	in := input(b.now())
	today := workload.DateOf(in.Now, in.Zone)
	reader := source.NewReader(b.asks(t))
	reader.Points = pointFields
	reading, err := reader.Work(t.Context(), b.projects, today.AddDays(1-int(window)), today)
	if err != nil {
		t.Fatal(err)
	}
	in.Issues, in.Worklogs = reading.Issues, reading.Worklogs
	return in
}

// differ is how the index and Jira count differently.
func (b *board) differ(t *testing.T) string {
	t.Helper()
	in := b.read(t)
	for _, in.Measure = range workload.Measures() {
		held, ok := b.heldIn(t, in.Measure)
		if !ok {
			return fmt.Sprintf("the index may not be counted: %+v", b.state(t))
		}
		if diff := gocmp.Diff(nameless(workload.Summarize(in)), nameless(held)); diff != "" {
			return fmt.Sprintf("in %q: %s", in.Measure, diff)
		}
	}
	return ""
}

// nameless is a summary as a label has it: without names.
func nameless(s workload.Summary) workload.Summary {
	for _, rows := range [][]workload.Row{s.Rows, s.Apps} {
		for i := range rows {
			rows[i].Person.Name, rows[i].Person.AvatarURL = "", ""
		}
		slices.SortFunc(rows, func(a, b workload.Row) int { return cmp.Compare(a.Person.AccountID, b.Person.AccountID) })
	}
	return s
}

// same fails unless the index counts what Jira says, soon.
func (b *board) same(t *testing.T, when string) {
	t.Helper()
	if err := b.Site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := b.differ(t); diff != "" {
		t.Fatalf("%s: (-Jira +index)\n%s", when, diff)
	}
}
