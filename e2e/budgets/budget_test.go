package budgets

import (
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// slow makes each of the site's answers take long enough that parallel calls
// overlap.
func slow(t testing.TB, r *harness.Running) { slowBy(t, r, 600*time.Millisecond) }

func slowBy(t testing.TB, r *harness.Running, d time.Duration) {
	t.Helper()
	if err := r.Site.AddFault(connecttest.Fault{Path: "*", DelayMs: int(d.Milliseconds())}); err != nil {
		t.Fatal(err)
	}
}

// TestViewBudgets: how often a view of the gadget asks the database, and how
// many calls to Jira follow one another.
func TestViewBudgets(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t)
	slow(t, r)
	m := r.Meter()
	page := r.Gadget(t, dashboard.Owner, dashboard.ID, item)
	within(t, m, "first ever", 2, 3)

	m = r.Meter()
	if again := r.Gadget(t, dashboard.Owner, dashboard.ID, item); harness.Total(t, again) != harness.Total(t, page) {
		t.Error("the second view has other numbers")
	}
	within(t, m, "fresh in cache", 0, 0)

	m = r.Meter()
	r.Gadget(t, r.Viewer(t, dashboard), dashboard.ID, item)
	within(t, m, "first of another person", 1, 3)

	change(t, r)
	m = r.Meter()
	r.Refreshed(t, r.Gadget(t, dashboard.Owner, dashboard.ID, item), dashboard.ID, item)
	// The page uses the copy of the configuration. Its reading ends with the page
	// here, so the call for fresh numbers asks Jira for the configuration alone,
	// and keeps that.
	within(t, m, "token and configuration cached, then fresh", 2, 2)
	if len(m.Calls()) == 0 {
		t.Error("nothing was read after the event")
	}
}

// change tells the app that an issue changed. Views become out of date; tokens
// and configurations stay.
func change(t testing.TB, r *harness.Running) {
	t.Helper()
	err := r.Site.Fire(t.Context(), connecttest.Webhook{Event: "jira:issue_updated", Issue: r.Site.Objects().Projects[0].Key + "-1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestSameViewIsReadOnce: many simultaneous requests for the same view share
// one reading.
func TestSameViewIsReadOnce(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t)
	change(t, r) // makes the tenant known, so that the requests run in parallel
	slow(t, r)
	m := r.Meter()
	pages := make([]string, 20)
	var wg sync.WaitGroup
	for i := range pages {
		wg.Go(func() { pages[i] = r.Gadget(t, dashboard.Owner, dashboard.ID, item) })
	}
	wg.Wait()
	for _, page := range pages {
		if harness.Total(t, page) != harness.Total(t, pages[0]) {
			t.Error("two views at once have different numbers")
		}
	}
	within(t, m, "twenty at once", 1, 3)
	seen := map[string]int{}
	for _, c := range m.Calls() {
		seen[c.Caller+" "+c.Method+" "+c.Path+"?"+c.Query]++
	}
	for call, n := range seen {
		if n != 1 {
			t.Errorf("%d times: %s", n, call)
		}
	}
	if len(seen) < 5 {
		t.Errorf("only %d calls: %v", len(seen), seen)
	}
}

// TestInstallBudget: an install is one write, and waits only for the key that
// signed it, once. The cloud id is looked up in the background: here that
// hangs.
func TestInstallBudget(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	if err := r.Site.AddFault(connecttest.Fault{Path: "/_edge/tenant_info", DelayMs: 60_000}); err != nil {
		t.Fatal(err)
	}
	m := r.Meter()
	if _, err := r.Site.Install(t.Context(), r.URL+"/atlassian-connect.json"); err != nil {
		t.Fatal(err)
	}
	install(t, m, "first", 1)
	m = r.Meter()
	if _, err := r.Site.Rotate(t.Context(), harness.AppKey); err != nil {
		t.Fatal(err)
	}
	install(t, m, "again", 0)
}

// install checks the one installed call.
func install(t testing.TB, m harness.Meter, what string, want int) {
	t.Helper()
	requests := m.R.Site.Requests(m.Seq)
	i := slices.IndexFunc(requests, func(q connecttest.Request) bool {
		return q.To == harness.AppKey && strings.HasSuffix(q.Path, "/installed")
	})
	if i < 0 {
		t.Fatalf("%s: no installed call:\n%s", what, listCalls(requests))
	}
	call := requests[i]
	during := func(start, end time.Time) bool { return end.After(call.Start) && start.Before(call.End) }
	calls := slices.DeleteFunc(slices.Clone(requests), func(q connecttest.Request) bool { return q.To != "site" || !during(q.Start, q.End) })
	if len(calls) != want {
		t.Errorf("%s: %d calls before the answer, want %d:\n%s", what, len(calls), want, listCalls(calls))
	}
	var writes []work
	for _, w := range database(t, m) {
		if w.writes() && during(w[0].Time, w[0].Time) {
			writes = append(writes, w)
		}
	}
	if len(writes) != 1 || !writes[0][0].Transaction {
		t.Errorf("%s: want one transaction that writes, got %d:\n%v", what, len(writes), writes)
	}
}

// TestGlanceBudget: bringing a label up to date asks the database three times
// beyond the claim, and Jira once for each page of the search.
func TestGlanceBudget(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	app := r.Install(t)
	room := r.Site.Objects().Conversations[0]
	var projects []string
	for _, p := range r.Site.Objects().Projects {
		projects = append(projects, p.Key)
	}
	r.SetUpRoom(t, app.Key, room, projects[:2]...)
	r.Rested(t, room.ID)

	slow(t, r)
	before := r.Shown(t, room.ID).Pushes
	r.FinishOneIssue(t, r.Site.Objects().Dashboards[0].Owner, projects[0])
	if err := r.Site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := r.Meter()
	harness.Eventually(t, "push", func() bool { return r.Shown(t, room.ID).Pushes > before })
	r.Rested(t, room.ID)

	done := database(t, m)
	if len(done) < 2 || len(done) > 3 {
		t.Errorf("%d times at the database, want 2 or 3:\n%v", len(done), done)
	}
	calls := m.Calls()
	searches := slices.DeleteFunc(slices.Clone(calls), func(q connecttest.Request) bool { return !strings.HasPrefix(q.Path, "/rest/api/3/search") })
	pages := 0
	for _, q := range searches {
		query, err := url.ParseQuery(q.Query)
		if err != nil {
			t.Fatal(err)
		}
		if query.Get("nextPageToken") != "" {
			pages++
		}
	}
	if len(searches) < 2 || trips(searches) > 1+pages || len(calls) != len(searches)+1 {
		t.Errorf("want parallel searches, one per project, and one push:\n%s", listCalls(calls))
	}
	t.Logf("%d times at the database, %d calls in %d trips", len(done), len(calls), trips(calls))
}
