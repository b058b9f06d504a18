package viewer_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/viewer"
)

// TestWorkloadIsTheViewersOwn: two people at one place see what Jira shows each
// of them.
func TestWorkloadIsTheViewersOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, patient())
	workloads := viewer.NewWorkloads[string](w.views)
	get := func(username string) viewer.Workload {
		seen, err := workloads.Get(t.Context(), w.place(w.person(username), "HARB", "VALT"), false)
		if err != nil {
			t.Fatal(err)
		}
		return seen.View
	}
	all, some := get(lead), get(outsider)
	if !slices.Equal(all.Reading.Shown, []string{"HARB", "VALT"}) || len(all.Reading.Hidden) > 0 {
		t.Errorf("the lead sees %v, not %v", all.Reading.Shown, all.Reading.Hidden)
	}
	if !slices.Equal(some.Reading.Shown, []string{"HARB"}) || !slices.Equal(some.Reading.Hidden, []string{"VALT"}) {
		t.Errorf("the outsider sees %v, not %v", some.Reading.Shown, some.Reading.Hidden)
	}
	if all.Summary.Totals.Open <= some.Summary.Totals.Open || some.Summary.Totals.Open == 0 {
		t.Errorf("%d and %d open", all.Summary.Totals.Open, some.Summary.Totals.Open)
	}
	before := w.calls("POST", search) + w.calls("GET", search)
	if again := get(lead); again.Summary.Totals.Open != all.Summary.Totals.Open {
		t.Errorf("%d open the second time", again.Summary.Totals.Open)
	}
	if after := w.calls("POST", search) + w.calls("GET", search); after != before {
		t.Errorf("a fresh view asked %d times", after-before)
	}
}

// TestUnconfiguredPlaceAsksLittle: a place that nobody has set up has only a
// language.
func TestUnconfiguredPlaceAsksLittle(t *testing.T) {
	t.Parallel()
	w := newWorld(t, patient())
	seen, err := viewer.NewWorkloads[string](w.views).Get(t.Context(), w.place(w.person(lead)), false)
	if err != nil || seen.View.Configured || seen.View.Language == nil {
		t.Errorf("got %+v, %v", seen.View, err)
	}
	if n := w.calls("POST", search) + w.calls("GET", search); n != 0 {
		t.Errorf("%d searches", n)
	}
	if seen.View.Today().IsZero() {
		t.Error("there is no day")
	}
}

// TestForgottenTenantIsReadAnew: a tenant's views are forgotten with it, and so
// is what Jira said about its people.
func TestForgottenTenantIsReadAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, patient())
	p := w.place(w.person(lead), "HARB")
	workloads := viewer.NewWorkloads[string](w.views)
	get := func() {
		if _, err := workloads.Get(t.Context(), p, false); err != nil {
			t.Fatal(err)
		}
	}
	get()
	if !w.views.People.Known(p.Person) || w.views.People.Language(p.Person) == nil {
		t.Error("the viewer is not known")
	}
	w.views.Forget(w.tenant.ID)
	if w.views.People.Known(p.Person) || w.views.People.Language(p.Person) != nil {
		t.Error("the viewer is still known")
	}
	before := w.calls("GET", "/rest/api/3/myself")
	get()
	if w.calls("GET", "/rest/api/3/myself") != before+1 {
		t.Error("the viewer was not asked for anew")
	}
}

// TestProviderIsNotWaitedFor: a view is shown before the site's time tracking
// is known.
func TestProviderIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	patience := patient()
	patience.Provider = time.Millisecond
	w := newWorld(t, patience)
	w.fault(connecttest.Fault{Path: "/rest/api/3/configuration/timetracking", DelayMs: 60_000})
	seen, err := viewer.NewTimelogs[string](w.views).Get(t.Context(), w.place(w.person(lead), "HARB"), false)
	if err != nil || len(seen.View.Sheet.Rows) == 0 || seen.View.Provider != (viewer.Provider{}) {
		t.Errorf("got %d rows, %+v, %v", len(seen.View.Sheet.Rows), seen.View.Provider, err)
	}
}

// logged finds a work log of the local site and who wrote it.
func (w *world) logged(t *testing.T) (issue, id string, author viewer.Person) {
	t.Helper()
	j, err := w.views.Jira(w.person(lead))
	if err != nil {
		t.Fatal(err)
	}
	page, err := j.Search.JQL(t.Context(), jira.SearchOptions{JQL: "project = HARB AND worklogDate >= -30d", Fields: []string{"worklog"}, MaxResults: 50})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range page.Issues {
		if f := i.Fields.Worklog; f != nil && len(f.Worklogs) > 0 && f.Worklogs[0].Author != nil {
			return i.Key, f.Worklogs[0].ID, viewer.Person{Tenant: w.tenant, Account: connect.AccountID(f.Worklogs[0].Author.AccountID)}
		}
	}
	t.Fatal("nothing is logged")
	return "", "", viewer.Person{}
}

// TestCorrectionIsTheAuthors: only the author gets a work log to correct, and
// each refusal has its own error.
func TestCorrectionIsTheAuthors(t *testing.T) {
	t.Parallel()
	w := newWorld(t, patient())
	issue, id, author := w.logged(t)
	found, err := w.views.Correction(t.Context(), author, issue, id)
	if err != nil || found.Now.ID != id || found.Language == nil || found.Zone == nil {
		t.Fatalf("the author got %+v, %v", found, err)
	}
	other := w.person(lead)
	if other.Account == author.Account {
		other = w.person(outsider)
	}
	if _, err := w.views.Correction(t.Context(), other, issue, id); !errors.Is(err, viewer.ErrNotAuthor) {
		t.Errorf("another person got %v", err)
	}
	if _, err := w.views.Correction(t.Context(), author, issue, "999999999"); !errors.Is(err, viewer.ErrWorklogGone) || !errors.Is(err, rest.ErrNotFound) {
		t.Errorf("one that is not there: %v", err)
	}
	w.fault(connecttest.Fault{Method: "PUT", Path: "/rest/api/3/issue/*/worklog/*", Status: 403})
	if _, err := found.Save(t.Context(), jira.WorklogInput{TimeSpentSeconds: 60}); !errors.Is(err, viewer.ErrWorklogRefused) {
		t.Errorf("refused by Jira: %v", err)
	}
}
