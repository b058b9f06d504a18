package reader

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/workload"
)

// points are what the app has spent, at all sites.
func points(q *connecttest.Quota) (sum int) {
	for _, app := range q.Report().Apps {
		sum += app.Points
	}
	return sum
}

// TestBothReaders compares the readers on the same boards: the same numbers, no
// calls of the app's own for a page, and each part within 200 kB. Its log has what
// each costs where Jira takes 0.2 s a call.
func TestBothReaders(t *testing.T) {
	harness.Long(t)
	for _, issues := range []int{120, 1437, 5000} {
		t.Run(fmt.Sprint(issues), func(t *testing.T) {
			quota := &connecttest.Quota{}
			site := connecttest.NewSite(t, connecttest.Options{Data: strings.NewReader(harness.WideData(issues)), Quota: quota})
			r := harness.Start(t, site, harness.OnForge(site), harness.WithoutConnect, harness.InBrowser)
			f := r.InstallForge(t, forge.StageForge, "")
			f.ConfigureFor(t, "workload", workload.Fortnight, "WIDE")
			f.Fault(t, connecttest.Fault{Path: "*/rest/api/3/*", DelayMs: 200})
			page, seen, begun := f.Reader(f.Dashboard.Owner, "workload"), f.Meter().Seq, time.Now()
			inPage := page.View(t)
			took := time.Since(begun)
			if calls := own(f, seen); len(calls) > 0 {
				t.Errorf("the app itself called Jira: %+v", calls)
			}
			if page.Sent > 200_000 {
				t.Errorf("a part has %d bytes", page.Sent)
			}
			t.Logf("page: %d steps, %d requests, %d calls of the app, %d bytes handed over (largest part %d), %s", page.Waves, len(page.Asked), page.Calls, page.Bytes, page.Sent, took.Round(10*time.Millisecond))
			before := points(quota)
			seen, begun = f.Meter().Seq, time.Now()
			served := f.Call(t, f.Dashboard.Owner, "workload", "/view?fresh=1").HTML
			took = time.Since(begun)
			t.Logf("server: %d calls, %d points, %s", len(own(f, seen)), points(quota)-before, took.Round(10*time.Millisecond))
			if diff := cmp.Diff(harness.ReadTeam(t, served), harness.ReadTeam(t, inPage)); diff != "" {
				t.Errorf("(-server +page):\n%s", diff)
			}
		})
	}
}
