package realdata

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestRealDataOnForge compares every number of both gadgets on Forge for the
// data of public trackers with a count made straight from the file, for viewers
// on both sides of the date line.
func TestRealDataOnForge(t *testing.T) {
	t.Parallel()
	site, data, shift, people := publicSite(t)
	r := harness.Start(t, site, harness.OnForge(site), harness.WithoutConnect)
	f := r.InstallForge(t, forge.StageForge, "")
	for _, window := range []workload.Window{workload.Month} {
		for _, gadget := range []string{"workload", "timelog"} {
			f.ConfigureFor(t, gadget, window, "ARROW")
		}
		for _, viewer := range viewersOf(t, site, f.Dashboard.Owner) {
			zone, err := time.LoadLocation(viewer.TimeZone)
			if err != nil {
				t.Fatal(err)
			}
			team := func() harness.ShownTeam { return data.count(t, people, "ARROW", int(window), shift, time.Now(), zone) }
			same(t, viewer, team, func() harness.ShownTeam { return harness.ReadTeam(t, f.View(t, viewer.AccountID, "workload")) })
			logs := data.logged(t, people, "ARROW", shift)
			sheet := func() harness.Sheet { return harness.SheetOf(logs, zone, time.Now(), int(window)) }
			same(t, viewer, sheet, func() harness.Sheet { return harness.ReadSheet(t, f.View(t, viewer.AccountID, "timelog")) })
			if got := team(); len(got.Rows) < 20 || got.Totals.Remaining == "0" || sheet().Total == "0" {
				t.Errorf("%d days, %s: too little to show anything: %+v", window, zone, got.Totals)
			}
		}
	}
}

// same compares what a gadget shows with a count. At midnight the count may be
// that before or after.
func same[T any](t *testing.T, viewer connecttest.Person, count, shown func() T) {
	t.Helper()
	before := count()
	got := shown()
	if diff := cmp.Diff(before, got); diff != "" && !cmp.Equal(count(), got) {
		t.Errorf("%s in %s (-want +got):\n%s", viewer.Username, viewer.TimeZone, diff)
	}
}
