package timesheet

import (
	"net/url"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
)

// FuzzWorklogForm posts any correction of a work log, in each language: what is
// sent to Jira makes sense, everything else comes back as the form.
func FuzzWorklogForm(f *testing.F) {
	for _, seed := range []string{
		"", "spent=1h&day=2026-11-29&clock=09:00&comment=a", "spent=-1h", "spent=1e99h&day=20226-01-01", "day=0000-00-00&clock=24:00",
		"comment=%00%ff", "spent=9999999999999w", "clock=02:30&day=2026-03-29", "spent=1,5 Std. 3 Min.",
	} {
		f.Add(seed)
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, posted string) {
		values, _ := url.ParseQuery(posted)
		for _, l := range lang.New().All() {
			e := correction{Correction: viewer.Correction{Language: l, Zone: zone}, l: l, units: unitsOf(l, jira.TimeTracking{})}
			e.at.Tenant = &connect.Tenant{}
			e.Now.Started, e.Now.Spent = time.Unix(1700000000, 0), time.Hour
			fields := postedEntry(values)
			fields.base = e.version()
			change, wrong := e.change(fields)
			switch {
			case change != nil && wrong != nil:
				t.Error("sent, and refused")
			case change != nil && (change.TimeSpentSeconds < 0 || change.TimeSpentSeconds > int64(10*365*24*time.Hour/time.Second)):
				t.Errorf("sends %d s for %q", change.TimeSpentSeconds, fields.spent)
			case change != nil && !change.Started.IsZero() && (change.Started.Year() < 1 || change.Started.Year() > 9999):
				t.Errorf("sends a start in the year %d for %q", change.Started.Year(), fields.day)
			}
		}
	})
}
