package forge

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestForgeOnlyStory is the life of a site that never had Connect, on both
// databases: what the smaller tests look at, one after the other in one
// program.
func TestForgeOnlyStory(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	binary := harness.Binary(t)
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		clock := &harness.Clock{}
		site := connecttest.NewSite(t, connecttest.Options{Now: clock.Now})
		r := harness.Start(t, site, harness.OnForge(site), harness.WithoutConnect, harness.On(database), harness.By(clock))
		hasNoConnect(t, r)
		f := r.InstallForge(t, forge.StageForge, "") // writes the manifest first
		wants(t, http.StatusNoContent, f.App.Status)
		w := timed{&watched{Running: r}, clock}
		bothRight(t, f)
		w.settle(t, f)
		slack, channel := w.inSlack(t, f)
		w.works(t, f, "installed")
		slack.WaitForMessage(t, channel, open(w.open))
		seesLess(t, f)

		withoutToken(t, f)
		expiresMidView(t, f)
		upstreamFails(t, f)

		w.killed(t, f, binary)
		w.works(t, f, "after the kill")
		slack = harness.Workspace{Running: w.Running, Slack: slack.Slack}
		slack.WaitForMessage(t, channel, open(w.open))

		w.missesADay(t, f)
		w.works(t, f, "a day later")

		if _, err := site.UninstallForge(t.Context(), f.App.AppID); err != nil {
			t.Fatal(err)
		}
		if got := w.OnlyTenant(t); got.ID != w.tenant || got.State != connect.StateUninstalled {
			t.Errorf("uninstalled: got %+v", got)
		}
		again := w.InstallForge(t, forge.StageForge, "")
		again.Configure(t, "workload", w.project) // Jira has dropped the gadget
		w.works(t, again, "reinstalled")
		w.LeaksNothing(t)
	})
}

// hasNoConnect looks whether nothing answers where Connect would.
func hasNoConnect(t *testing.T, r *harness.Running) {
	t.Helper()
	for _, path := range []string{"/atlassian-connect.json", "/gadget/workload"} {
		if status, _ := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, r.URL+path, nil)); status != http.StatusNotFound {
			t.Errorf("%s: got %d with Connect off", path, status)
		}
	}
}

// bothRight sets up both gadgets and compares them with counts that are made
// from the site's own answers.
func bothRight(t *testing.T, f harness.Forge) {
	t.Helper()
	owner, all := f.Dashboard.Owner, projects(f)
	for _, gadget := range []string{"workload", "timelog"} {
		f.Configure(t, gadget, all...)
	}
	team := harness.ReadTeam(t, f.View(t, owner, "workload"))
	if want := f.Count(t, owner, "project in ("+strings.Join(all, ",")+") AND statusCategory != Done"); team.Totals.Open != want || want == 0 {
		t.Errorf("open: got %d, want %d", team.Totals.Open, want)
	}
	sheet := harness.ReadSheet(t, f.View(t, owner, "timelog"))
	zone := time.UTC
	for _, p := range f.Site.People() {
		if p.AccountID == owner {
			var err error
			if zone, err = time.LoadLocation(p.TimeZone); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := harness.SheetOf(f.AllLogs(t, owner, all...), zone, time.Now(), int(workload.Fortnight))
	if diff := cmp.Diff(want, sheet); diff != "" || want.Total == "0" {
		t.Errorf("hours (-want +got):\n%s", diff)
	}
}

func projects(f harness.Forge) (keys []string) {
	for _, p := range f.Site.Objects().Projects {
		keys = append(keys, p.Key)
	}
	return keys
}

// seesLess looks whether a person who sees less in Jira sees less here.
func seesLess(t *testing.T, f harness.Forge) {
	t.Helper()
	f.Configure(t, "workload", projects(f)...)
	viewer := f.Person(9)
	all := harness.ReadTeam(t, f.View(t, f.Dashboard.Owner, "workload")).Totals.Open
	less := harness.ReadTeam(t, f.View(t, viewer, "workload")).Totals.Open
	if want := f.Count(t, viewer, "statusCategory != Done AND project in (HARB, LANT)"); less != want || less >= all || less == 0 {
		t.Errorf("the viewer sees %d open, want %d; the owner sees %d", less, want, all)
	}
	f.Configure(t, "workload", f.Site.Objects().Projects[0].Key)
}

// withoutToken: a person whose token Forge does not send sees no data, and how
// to allow access.
func withoutToken(t *testing.T, f harness.Forge) {
	t.Helper()
	viewer, settings := f.Person(9), f.Site.ForgeSettings()
	f.Site.SetForgeSettings(connecttest.ForgeSettings{WithoutConsent: []string{viewer}})
	for _, gadget := range []string{"workload", "timelog"} {
		got := f.Call(t, viewer, gadget, "/view?fresh=1")
		if got.Status != 200 || got.Code != http.StatusForbidden || !strings.Contains(got.HTML, "Allow access") ||
			strings.Contains(got.HTML, "data-count") || strings.Contains(got.HTML, "<td") {
			t.Errorf("%s without a token: got %+v", gadget, got)
		}
	}
	f.Site.SetForgeSettings(settings)
	f.View(t, viewer, "workload")
}

// expiresMidView: the token ends while the view is read, after which Jira
// refuses each call. The page says so, and its next call brings a new token.
func expiresMidView(t *testing.T, f harness.Forge) {
	t.Helper()
	viewer, settings := f.Person(9), f.Site.ForgeSettings()
	f.Site.SetForgeSettings(connecttest.ForgeSettings{}) // Forge gives no other token
	f.ForgetViews(t)
	f.Fault(t, connecttest.Fault{Path: "*/search/jql", Status: http.StatusUnauthorized})
	got := f.Call(t, viewer, "workload", "/view?fresh=1")
	if got.Status != 200 || got.Code != http.StatusForbidden || !strings.Contains(got.Detail, "reload it") || strings.Contains(got.HTML, "data-count") {
		t.Errorf("the token ends: got %+v", got)
	}
	f.Site.ClearFaults()
	f.Site.SetForgeSettings(settings)
	if err := f.Site.ExpireForgeTokens(""); err != nil {
		t.Fatal(err)
	}
	f.View(t, viewer, "workload")
}

// upstreamFails: Jira's refusals and failures come as a text and a code inside
// the answer.
func upstreamFails(t *testing.T, f harness.Forge) {
	t.Helper()
	for status, want := range map[int]int{http.StatusTooManyRequests: 429, http.StatusServiceUnavailable: 502} {
		f.ForgetViews(t)
		f.Fault(t, connecttest.Fault{Path: "*/search/jql", Status: status})
		if got := f.Call(t, f.Dashboard.Owner, "workload", "/view?fresh=1"); got.Status != 200 || got.Code != want || got.HTML == "" || got.Detail == "" {
			t.Errorf("%d: got %+v", status, got)
		}
		f.Site.ClearFaults()
	}
	f.ForgetViews(t)
	f.View(t, f.Dashboard.Owner, "workload")
}

// inSlack adds the app to Slack, and a person sets up a channel.
func (w timed) inSlack(t *testing.T, f harness.Forge) (harness.Workspace, string) {
	t.Helper()
	slack := w.RegisterSlack(t)
	slack.AddOnForge(t, f, w.AdminAccount(t))
	channel, user := slack.Slack.State().Channels[0].ID, slack.Slack.State().People[0].ID
	slack.ConnectOnForge(t, f, slack.Invited(t, channel, user), w.owner)
	slack.SetUp(t, channel, user, w.project)
	slack.WaitForMessage(t, channel, open(w.open))
	w.kept = w.Kept(t)
	return slack, channel
}

// killed ends the program between an event's answer and its work. The next start
// does the work.
func (w timed) killed(t *testing.T, f harness.Forge, binary string) {
	t.Helper()
	p := w.AsProcess(t)
	p.Run(t, binary)
	f.View(t, w.owner, "workload")
	seen := p.Seen()
	p.FinishOneIssue(t, w.owner, w.project)
	p.Told(t, seen)
	p.Kill(t)
	w.open--
	p.Run(t, binary)
	p.WaitForLabel(t, w.room.ID, open(w.open))
	p.Kill(t)
	w.Restart(t)
}

// TestForgeFollowsAnEvent: after an event a refresh shows the change within 15
// seconds, for both doors.
func TestForgeFollowsAnEvent(t *testing.T) {
	t.Parallel()
	for name, install := range map[string]func(t *testing.T, r *harness.Running, project string) (owner string, total func() int){
		"Forge": func(t *testing.T, r *harness.Running, project string) (string, func() int) {
			f := r.InstallForge(t, forge.StageForge, "")
			f.Configure(t, "workload", project)
			owner := f.Dashboard.Owner
			return owner, func() int { return harness.ReadTeam(t, f.View(t, owner, "workload")).Totals.Open }
		},
		"Connect": func(t *testing.T, r *harness.Running, project string) (string, func() int) {
			r.Install(t)
			b := harness.NewBoard(t, r, project)
			owner := b.Dashboard.Owner
			return owner, func() int { return harness.ReadTeam(t, r.Gadget(t, owner, b.Dashboard.ID, b.Item)).Totals.Open }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := connecttest.NewSite(t)
			r := harness.Start(t, site, harness.OnForge(site))
			project := site.Objects().Projects[0].Key
			owner, total := install(t, r, project)
			before, start := total(), time.Now()
			r.FinishOneIssue(t, owner, project)
			harness.Eventually(t, "the change shows", func() bool { return total() == before-1 })
			if took := time.Since(start); took > 15*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}
