package timelog

import (
	"maps"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestFreshNumbersHaveTheConfigurationOfNow: a property that a script writes past
// the app is in the next fresh view of both gadgets, also after views that were
// just read, and whatever the database keeps a copy of.
func TestFreshNumbersHaveTheConfigurationOfNow(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	harbour := workload.NewGadgetConfig()
	harbour.Projects = []string{"HARB"}
	r.ConfigureTimelog(t, b.Dashboard, harbour)
	k := r.Timekeeper(t, b.Dashboard, b.Dashboard.Owner)
	k.Page(t)
	session := harness.Attribute(t, b.Look(t, b.Dashboard.Owner).Body, "data-session")
	for _, window := range []workload.Window{workload.Month, workload.Week} {
		changed := workload.NewGadgetConfig()
		changed.Projects, changed.Window = []string{"LANT"}, window
		b.Configure(t, changed)
		r.ConfigureTimelog(t, b.Dashboard, changed)
		logs := r.AllLogs(t, b.Dashboard.Owner, "LANT")
		_, sheet := k.Call(t, "/gadget/timelog/view?fresh=1", nil)
		want := harness.SheetOf(logs, k.Zone, time.Now(), int(window))
		if got := harness.ReadSheet(t, sheet); got.Total != want.Total || !maps.Equal(got.Days, want.Days) {
			t.Errorf("timelog: %s, %v; want %s, %v", got.Total, got.Days, want.Total, want.Days)
		}
		team := b.Call(t, b.Address("/gadget/workload/view")+"&fresh=1", session)
		if got := harness.ReadTeam(t, team.Body).Totals.Logged; got != want.Total {
			t.Errorf("workload: %s logged in %d days, want %s", got, window, want.Total)
		}
	}
}
