package realdata

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// logged is a project's worklogs in the file as the gadget must see them: moved
// by some days, under the site's accounts.
func (d publicData) logged(t *testing.T, people map[string]connecttest.Person, project string, shift int) []harness.Logged {
	t.Helper()
	inProject := map[string]bool{}
	for _, i := range d.Issues {
		inProject[i.Key] = i.Project == project
	}
	var out []harness.Logged
	for _, w := range d.Worklogs {
		if !inProject[w.Issue] {
			continue
		}
		author := w.Author
		if w.ActorUser != "" {
			author = w.ActorUser // the person that the bot logged it for
		}
		who := people[author]
		out = append(out, harness.Logged{ID: w.ID, Issue: w.Issue, Author: who.AccountID, App: who.App, Started: parseTime(t, w.Started).AddDate(0, 0, shift), Seconds: w.TimeSpentSeconds})
	}
	return out
}

// TestRealDataTimelog compares every number of the timelog gadget for the data
// of public trackers with a count made straight from the file, for viewers on
// both sides of the date line.
func TestRealDataTimelog(t *testing.T) {
	t.Parallel()
	site, data, shift, people := publicSite(t)
	r := harness.Start(t, site)
	r.Install(t)
	dashboard := site.Objects().Dashboards[0]
	for _, window := range []workload.Window{workload.Month, workload.Week} {
		config := workload.NewGadgetConfig()
		config.Projects, config.Window = []string{"ARROW"}, window
		r.ConfigureTimelog(t, dashboard, config)
		all := data.logged(t, people, "ARROW", shift)
		for _, viewer := range viewersOf(t, site, dashboard.Owner) {
			r.ForgetViews(t)
			k := r.Timekeeper(t, dashboard, viewer.AccountID)
			before := harness.SheetOf(all, k.Zone, time.Now(), int(window))
			got := harness.ReadSheet(t, k.Page(t))
			// They differ only at midnight; the page may show either.
			if diff := cmp.Diff(before, got); diff != "" && !cmp.Equal(harness.SheetOf(all, k.Zone, time.Now(), int(window)), got) {
				t.Errorf("%d days, %s: (-want +got)\n%s", window, k.Zone, diff)
			}
			t.Logf("%d days, %s: %d people, %s hours", window, k.Zone, len(got.Hours), got.Total)
			if window == workload.Month && (len(got.Hours) < 3 || got.Total == "0") {
				t.Errorf("%s: too little to show anything: %+v", k.Zone, got)
			}
		}
	}
}
