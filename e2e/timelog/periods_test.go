package timelog

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// TestPeriods shows last week, last month and a hundred days, and compares each number
// with a count of what the site says. A week begins where the viewer lives.
func TestPeriods(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	dashboard := r.Site.Objects().Dashboards[0]
	all := r.AllLogs(t, dashboard.Owner, "HARB", "LANT")
	for period, days := range map[workload.Period]func(today time.Time, begins time.Weekday) (last time.Time, n int){
		workload.PeriodLastWeek: func(today time.Time, begins time.Weekday) (time.Time, int) {
			last := today.AddDate(0, 0, -1)
			for last.AddDate(0, 0, 1).Weekday() != begins {
				last = last.AddDate(0, 0, -1)
			}
			return last, 7
		},
		workload.PeriodLastMonth: func(today time.Time, _ time.Weekday) (time.Time, int) {
			last := today.AddDate(0, 0, -today.Day())
			return last, last.Day()
		},
		workload.PeriodRange: func(today time.Time, _ time.Weekday) (time.Time, int) { return today, workload.MaxRange },
	} {
		for username, begins := range map[string]time.Weekday{"mlindqvist": time.Monday, "ytanabe": time.Sunday} {
			config := workload.NewGadgetConfig()
			config.Projects, config.Period = []string{"HARB", "LANT"}, period
			r.ForgetViews(t)
			k := r.Timekeeper(t, dashboard, username)
			want := func() harness.Sheet {
				last, n := days(time.Now().In(k.Zone), begins)
				return harness.SheetOf(all, k.Zone, last, n)
			}
			if period == workload.PeriodRange {
				config.To = workload.DateOf(time.Now(), k.Zone)
				config.From = config.To.AddDays(1 - workload.MaxRange)
			}
			r.ConfigureTimelog(t, dashboard, config)
			r.ForgetViews(t)
			before, got := want(), harness.ReadSheet(t, k.Page(t))
			if diff := cmp.Diff(before, got); diff != "" && !cmp.Equal(want(), got) { // they differ only at midnight
				t.Errorf("%s, %s: (-want +got)\n%s", period, username, diff)
			}
			if len(got.Hours) < 3 || got.Total == "0" {
				t.Errorf("%s, %s: too little to show anything: %+v", period, username, got)
			}
		}
	}
}
