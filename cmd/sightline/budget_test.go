package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/workload"
)

// slow makes each of the site's answers take long enough that calls made side
// by side overlap.
func (r *running) slow(t testing.TB) {
	t.Helper()
	if err := r.site.AddFault(connecttest.Fault{Path: "*", DelayMs: 600}); err != nil {
		t.Fatal(err)
	}
}

// configured starts the program with a gadget that its owner has set up in
// Jira, which nobody has looked at yet.
func configured(t testing.TB, changes ...func(*app.ServeFlags)) (*running, connecttest.Dashboard, string) {
	t.Helper()
	r := startProgram(t, connecttest.NewSite(t), changes...)
	r.install(t)
	dashboard := r.site.Objects().Dashboards[0]
	item := dashboard.Items[0].ID
	config := workload.NewGadgetConfig()
	for _, p := range r.site.Objects().Projects {
		config.Projects = append(config.Projects, p.Key)
	}
	r.rest(t, dashboard.Owner, http.MethodPut, "/rest/api/3/dashboard/"+dashboard.ID+"/items/"+item+"/properties/"+workload.ConfigProperty, config, nil)
	return r, dashboard, item
}

// TestViewBudgets: how often a view of the gadget asks the database and, one
// call after the other, Jira.
func TestViewBudgets(t *testing.T) {
	t.Parallel()
	r, dashboard, item := configured(t)
	r.slow(t)
	m := r.meter()
	page := r.gadget(t, dashboard.Owner, dashboard.ID, item)
	m.within(t, "first ever", 2, 3)

	m = r.meter()
	if again := r.gadget(t, dashboard.Owner, dashboard.ID, item); total(t, again) != total(t, page) {
		t.Error("the second view has other numbers")
	}
	m.within(t, "fresh in cache", 0, 0)

	m = r.meter()
	r.gadget(t, r.viewer(t, dashboard), dashboard.ID, item)
	m.within(t, "first of another person", 1, 3)

	r.change(t)
	m = r.meter()
	r.refreshed(t, r.gadget(t, dashboard.Owner, dashboard.ID, item), dashboard.ID, item)
	m.within(t, "token and configuration cached", 1, 1)
	if len(m.calls()) == 0 {
		t.Error("nothing was read after the event")
	}
}

// change tells the app that an issue changed. It makes views out of date, while
// tokens and configurations stay.
func (r *running) change(t testing.TB) {
	t.Helper()
	err := r.site.Fire(t.Context(), connecttest.Webhook{Event: "jira:issue_updated", Issue: r.site.Objects().Projects[0].Key + "-1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// refreshed waits for a page's fresh numbers, as its script does.
func (r *running) refreshed(t testing.TB, page, dashboard, item string) string {
	t.Helper()
	address := r.url + "/gadget/workload/view?fresh=1&dashboardId=" + dashboard + "&dashboardItemId=" + item
	req := newRequest(t, http.MethodGet, address, nil)
	req.Header.Set("Authorization", "JWT "+attribute(t, page, "data-session"))
	status, body := fetch(t, req)
	if status != http.StatusOK {
		t.Fatalf("fresh view: %d\n%s", status, body)
	}
	return body
}

// TestSameViewIsReadOnce: many who ask for the same at once share one reading.
func TestSameViewIsReadOnce(t *testing.T) {
	t.Parallel()
	r, dashboard, item := configured(t)
	r.change(t) // makes the tenant known, so that the requests run side by side
	r.slow(t)
	m := r.meter()
	pages := make([]string, 20)
	var wg sync.WaitGroup
	for i := range pages {
		wg.Go(func() { pages[i] = r.gadget(t, dashboard.Owner, dashboard.ID, item) })
	}
	wg.Wait()
	for _, page := range pages {
		if total(t, page) != total(t, pages[0]) {
			t.Error("two views at once have different numbers")
		}
	}
	m.within(t, "twenty at once", 1, 3)
	seen := map[string]int{}
	for _, c := range m.calls() {
		seen[c.Method+" "+c.Path+"?"+c.Query]++
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

// TestInstallBudget: an install is one write, and waits for nothing but, once,
// the key that it is signed with. The cloud id is looked up beside the answer:
// here that hangs.
func TestInstallBudget(t *testing.T) {
	t.Parallel()
	r := startProgram(t, connecttest.NewSite(t))
	if err := r.site.AddFault(connecttest.Fault{Path: "/_edge/tenant_info", DelayMs: 60_000}); err != nil {
		t.Fatal(err)
	}
	m := r.meter()
	if _, err := r.site.Install(t.Context(), r.url+"/atlassian-connect.json"); err != nil {
		t.Fatal(err)
	}
	m.install(t, "first", 1)
	m = r.meter()
	if _, err := r.site.Rotate(t.Context(), appKey); err != nil {
		t.Fatal(err)
	}
	m.install(t, "again", 0)
}

// install checks the one installed call that was made.
func (m meter) install(t testing.TB, what string, want int) {
	t.Helper()
	requests := m.r.site.Requests(m.seq)
	i := slices.IndexFunc(requests, func(q connecttest.Request) bool { return q.To == appKey && strings.HasSuffix(q.Path, "/installed") })
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
	for _, w := range m.database(t) {
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
	r := startProgram(t, connecttest.NewSite(t))
	app := r.install(t)
	room := r.site.Objects().Conversations[0]
	var projects []string
	for _, p := range r.site.Objects().Projects {
		projects = append(projects, p.Key)
	}
	r.setUpRoom(t, app.Key, room, projects[:2]...)
	r.rested(t, room.ID)

	r.slow(t)
	before := r.shown(t, room.ID).pushes
	r.finishOneIssue(t, r.site.Objects().Dashboards[0].Owner, projects[0])
	if err := r.site.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := r.meter()
	eventually(t, "push", func() bool { return r.shown(t, room.ID).pushes > before })
	r.rested(t, room.ID)

	done := m.database(t)
	if len(done) < 2 || len(done) > 3 {
		t.Errorf("%d times at the database, want 2 or 3:\n%v", len(done), done)
	}
	calls := m.calls()
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
		t.Errorf("want a search of each project side by side and one push:\n%s", listCalls(calls))
	}
	t.Logf("%d times at the database, %d calls in %d trips", len(done), len(calls), trips(calls))
}

// rested waits until every state of a room is delivered.
func (r *running) rested(t testing.TB, room string) {
	t.Helper()
	eventually(t, "everything delivered", func() bool {
		rows, err := r.store.Glances.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, row := range rows {
			if row.Key.Conversation == room && row.DeliveredRev == row.DesiredRev && row.ComputedRev == row.DirtyRev && row.Lease == "" {
				n++
			}
		}
		return n == 2
	})
}
