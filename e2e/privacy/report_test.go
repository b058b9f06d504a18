// Package privacy tests that Atlassian is told whose account ids are stored, and that
// its answers are followed.
package privacy

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/capacity"
	"github.com/sightline-go/sightline/internal/privacy"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.ReleaseMode)
	os.Exit(m.Run())
}

// reported is a program that holds accounts, with a site that knows of changes.
type reported struct {
	*harness.Running
	clock  *harness.Clock
	tenant connect.TenantID
}

func start(t *testing.T, database string, changes ...func(*app.ServeFlags)) *reported {
	t.Helper()
	clock := &harness.Clock{}
	site := connecttest.NewSite(t, connecttest.Options{Now: clock.Now})
	changes = append([]func(*app.ServeFlags){harness.On(database), harness.By(clock), harness.OnForge(site)}, changes...)
	return &reported{Running: harness.Start(t, site, changes...), clock: clock}
}

// holds keeps notes of so many people, among them everybody of the site.
func (r *reported) holds(t *testing.T, people int) []string {
	t.Helper()
	r.tenant = r.OnlyTenant(t).ID
	var accounts []string
	for _, p := range r.Site.People() {
		accounts = append(accounts, p.AccountID)
	}
	for i := len(accounts); i < people; i++ {
		accounts = append(accounts, fmt.Sprintf("557058:00000000-0000-4000-8000-%012d", i))
	}
	item := 0
	for part := range slices.Chunk(accounts, capacity.MaxPeople) {
		roster := capacity.Roster{People: map[string]capacity.Person{}}
		for _, account := range part {
			roster.People[account] = capacity.Person{Name: "An old name", Hours: 4}
		}
		text, err := roster.Encode()
		if err != nil {
			t.Fatal(err)
		}
		item++
		at := connect.DashboardItem{Dashboard: "1", Item: fmt.Sprint(item)}
		if err := r.Store.Gadgets.SaveRoster(t.Context(), r.tenant, at, text); err != nil {
			t.Fatal(err)
		}
	}
	return accounts
}

// held are the accounts that are stored, sorted, with the names that are noted.
func (r *reported) held(t *testing.T) (accounts []string, names map[string]string) {
	t.Helper()
	names = map[string]string{}
	list, err := r.Store.Accounts(t.Context(), r.tenant, func(text []byte) ([]string, error) {
		roster, err := capacity.ParseRoster(text)
		for account, p := range roster.People {
			names[account] = p.Name
		}
		return nil, err
	})
	if err != nil {
		t.Fatal(err)
	}
	for account := range names {
		list = append(list, account)
	}
	slices.Sort(list)
	return slices.Compact(list), names
}

// reports makes the reports that are due and returns the accounts of each call since.
func (r *reported) reports(t *testing.T) (all []connecttest.ReportedAccount) {
	t.Helper()
	before := len(r.Site.ReportedAccounts())
	if err := r.App.Reporter().All(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r.Site.ReportedAccounts()[before:]
}

func idsOf(list []connecttest.ReportedAccount) (ids []string) {
	for _, a := range list {
		ids = append(ids, a.AccountID)
	}
	slices.Sort(ids)
	return ids
}

// TestReport: everybody is reported once a week, in batches, once whatever fails in
// between; closed accounts are erased, changed ones have their new names.
func TestReport(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		r := start(t, database)
		r.Install(t)
		accounts := r.holds(t, 200)
		slices.Sort(accounts)
		closed, changed := r.Person(1), r.Person(2)
		r.Site.SetAccount(connecttest.AccountChange{AccountID: closed, Closed: true})
		r.Site.SetAccount(connecttest.AccountChange{AccountID: changed, Updated: r.clock.Now().Add(time.Minute)})

		// The second batch fails: what the first one asked for is done, and the rest follows.
		r.Fault(t, connecttest.Fault{Path: connecttest.ConnectReportPath, DelayMs: 1, Times: 1})
		r.Fault(t, connecttest.Fault{Path: connecttest.ConnectReportPath, Status: http.StatusServiceUnavailable, Times: 1})
		first := r.reports(t)
		if len(first) != privacy.Batch {
			t.Fatalf("%d were reported before the failure, want %d", len(first), privacy.Batch)
		}
		if again := r.reports(t); len(again) != 0 {
			t.Errorf("tried again at once: %d", len(again))
		}
		// Then the limit is reached: as long as the answer says, nothing is tried.
		r.Fault(t, connecttest.Fault{Path: connecttest.ConnectReportPath, Status: http.StatusTooManyRequests, RetryAfter: 3600, Times: 1})
		r.clock.Forward(2 * time.Minute)
		if got := r.reports(t); len(got) != 0 {
			t.Fatalf("reported in spite of the limit: %d", len(got))
		}
		r.clock.Forward(58 * time.Minute)
		if got := r.reports(t); len(got) != 0 {
			t.Errorf("reported two minutes too early: %d", len(got))
		}
		r.clock.Forward(3 * time.Minute)
		second := r.reports(t)
		if diff := cmp.Diff(accounts, idsOf(append(first, second...))); diff != "" {
			t.Errorf("reported (-held +reported):\n%s", diff)
		}
		installed := r.OnlyTenant(t).InstalledAt.Truncate(time.Second)
		for _, a := range append(first, second...) {
			if !a.UpdatedAt.Equal(installed) || a.App != harness.AppKey {
				t.Fatalf("%+v, want the time of the install, %s", a, installed)
			}
		}
		left, names := r.held(t)
		if slices.Contains(left, closed) || len(left) != len(accounts)-1 {
			t.Errorf("%d are held of %d, the closed one: %v", len(left), len(accounts), slices.Contains(left, closed))
		}
		if names[changed] != r.Site.People()[2].DisplayName || names[r.Person(0)] != "An old name" {
			t.Errorf("names: %q, %q", names[changed], names[r.Person(0)])
		}
		r.week(t, left)
		r.LeaksNothing(t)
		if strings.Contains(r.Logs.String(), closed) {
			t.Error("the log names somebody")
		}
	})
}

// week looks that the next report is a week after the first one, as of that.
func (r *reported) week(t *testing.T, left []string) {
	t.Helper()
	r.clock.Forward(6 * 24 * time.Hour)
	if got := r.reports(t); len(got) != 0 {
		t.Errorf("reported before the week was over: %d", len(got))
	}
	r.clock.Forward(24 * time.Hour)
	next := r.reports(t)
	if diff := cmp.Diff(left, idsOf(next)); diff != "" {
		t.Errorf("the next week (-held +reported):\n%s", diff)
	}
	if age := r.clock.Now().Sub(next[0].UpdatedAt); age < 7*24*time.Hour || age > 8*24*time.Hour {
		t.Errorf("as of %s ago, want the beginning of the last report", age)
	}
}

// TestReportFails: whatever is answered, nobody is forgotten, and it is logged once.
func TestReportFails(t *testing.T) {
	t.Parallel()
	r := start(t, "sqlite://"+t.TempDir()+"/reports.db")
	r.Install(t)
	accounts := r.holds(t, 0)
	slices.Sort(accounts)
	for name, f := range map[string]connecttest.Fault{
		"reset":         {Reset: true},
		"broken JSON":   {Status: 200, Headers: map[string]string{"Content-Type": "application/json"}, Body: `{"accounts":[{`},
		"not JSON":      {Status: 200, Headers: map[string]string{"Content-Type": "text/html"}, Body: `<p>`},
		"unauthorized":  {Status: http.StatusUnauthorized},
		"forbidden":     {Status: http.StatusForbidden},
		"not there":     {Status: http.StatusNotFound},
		"a bad request": {Status: http.StatusBadRequest},
		"broken":        {Status: http.StatusInternalServerError},
	} {
		f.Path, f.Times = connecttest.ConnectReportPath, 1
		r.Fault(t, f)
		if got := r.reports(t); len(got) != 0 {
			t.Errorf("%s: %d were reported", name, len(got))
		}
		r.clock.Forward(25 * time.Hour)
	}
	if n := strings.Count(r.Logs.String(), `"msg":"report the accounts of a tenant"`); n != 1 {
		t.Errorf("logged %d times", n)
	}
	// An answer about others, and of a status that nobody knows, asks for nothing.
	r.Fault(t, connecttest.Fault{
		Path: connecttest.ConnectReportPath, Times: 1, Status: 200,
		Headers: map[string]string{"Content-Type": "application/json", "Cycle-Period": "30"},
		Body:    `{"accounts":[{"accountId":"somebody-else","status":"closed"},{"accountId":"` + accounts[0] + `","status":"sleeping"}]}`,
	})
	r.reports(t)
	if left, _ := r.held(t); !slices.Equal(left, accounts) {
		t.Errorf("held: %v", left)
	}
	// The round began with the first failure, eight times 25 hours ago.
	r.clock.Forward(30*24*time.Hour - 8*25*time.Hour - time.Hour)
	if got := r.reports(t); len(got) != 0 {
		t.Errorf("reported before the cycle of the answer was over: %d", len(got))
	}
	r.clock.Forward(2 * time.Hour)
	if got := idsOf(r.reports(t)); !slices.Equal(got, accounts) {
		t.Errorf("after the failures: %v", got)
	}
}

// TestReportOnForge: a site that has only the Forge app is reported with the app's token.
func TestReportOnForge(t *testing.T) {
	t.Parallel()
	r := start(t, "sqlite://"+t.TempDir()+"/reports.db", harness.WithoutConnect)
	f := r.InstallForge(t, forge.StageForge, "")
	f.Configure(t, "workload", r.Site.Objects().Projects[0].Key)
	accounts := r.holds(t, 0)
	slices.Sort(accounts)
	closed := r.Person(1)
	r.Site.SetAccount(connecttest.AccountChange{AccountID: closed, Closed: true})
	if got := idsOf(r.reports(t)); !slices.Equal(got, accounts) {
		t.Errorf("got %d, want %d", len(got), len(accounts))
	}
	if left, _ := r.held(t); slices.Contains(left, closed) || len(left) != len(accounts)-1 {
		t.Errorf("%d are held of %d", len(left), len(accounts))
	}
	// Without a token nothing is sent; a tick brings a new one.
	r.clock.Forward(8 * 24 * time.Hour)
	if got := r.reports(t); len(got) != 0 {
		t.Errorf("reported without a token: %d", len(got))
	}
	if _, err := r.Site.ForgeTick(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	r.clock.Forward(2 * time.Minute)
	if got := r.reports(t); len(got) != len(accounts)-1 {
		t.Errorf("got %d with a new token", len(got))
	}
}

// TestReplicasShare: two programs do one report between them; what one that was killed
// has left undone, the other does.
func TestReplicasShare(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		r := start(t, database)
		r.Install(t)
		accounts := r.holds(t, 0)
		slices.Sort(accounts)
		storage := r.Store.Reports
		round, ok, err := storage.TakeReport(t.Context(), "killed", r.clock.Now().Add(5*time.Minute))
		if err != nil || !ok {
			t.Fatalf("%v, %v", ok, err)
		}
		if got := r.reports(t); len(got) != 0 {
			t.Errorf("two have the report: %d", len(got))
		}
		r.clock.Forward(6 * time.Minute)
		if got := idsOf(r.reports(t)); !slices.Equal(got, accounts) {
			t.Errorf("left undone: %d of %d", len(got), len(accounts))
		}
		if err := storage.KeepReport(t.Context(), "killed", round, r.clock.Now()); err == nil {
			t.Error("the killed one keeps what is another's")
		}
		// Nothing is reported of a site that uninstalled the app.
		if _, err := r.Site.Uninstall(context.WithoutCancel(t.Context()), harness.AppKey); err != nil {
			t.Fatal(err)
		}
		r.clock.Forward(8 * 24 * time.Hour)
		if got := r.reports(t); len(got) != 0 {
			t.Errorf("reported after the uninstall: %d", len(got))
		}
	})
}

// TestReportsOff: whoever switches reports off is heard.
func TestReportsOff(t *testing.T) {
	t.Parallel()
	r := start(t, "sqlite://"+t.TempDir()+"/reports.db", func(f *app.ServeFlags) { f.ReportAccounts = "off" })
	if r.App.Reporter() != nil {
		t.Error("reports are on")
	}
}
