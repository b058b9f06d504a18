package harness

import (
	"net/http"
	"slices"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/workload"
)

// Configured starts the program with a gadget that its owner has set up in Jira
// and that nobody has opened yet.
func Configured(t testing.TB, changes ...func(*app.ServeFlags)) (*Running, connecttest.Dashboard, string) {
	t.Helper()
	r := Start(t, connecttest.NewSite(t), changes...)
	r.Install(t)
	dashboard := r.Site.Objects().Dashboards[0]
	item := dashboard.Items[0].ID
	config := workload.NewGadgetConfig()
	for _, p := range r.Site.Objects().Projects {
		config.Projects = append(config.Projects, p.Key)
	}
	r.Rest(t, dashboard.Owner, http.MethodPut, "/rest/api/3/dashboard/"+dashboard.ID+"/items/"+item+"/properties/"+workload.ConfigProperty, config, nil)
	return r, dashboard, item
}

// Refreshed waits for a page's fresh numbers, as its script does.
func (r *Running) Refreshed(t testing.TB, page, dashboard, item string) string {
	t.Helper()
	address := r.URL + "/gadget/workload/view?fresh=1&dashboardId=" + dashboard + "&dashboardItemId=" + item
	req := NewRequest(t, http.MethodGet, address, nil)
	req.Header.Set("Authorization", "JWT "+Attribute(t, page, "data-session"))
	status, body := Fetch(t, req)
	if status != http.StatusOK {
		t.Fatalf("fresh view: %d\n%s", status, body)
	}
	return body
}

// Rested waits until every state of a room is delivered.
func (r *Running) Rested(t testing.TB, room string) {
	t.Helper()
	Eventually(t, "everything delivered", func() bool {
		rows, err := r.Store.Glances.List(t.Context())
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

// Meter counts from a given time on.
type Meter struct {
	R        *Running
	Log, Seq int
}

// Meter counts from now on.
func (r *Running) Meter() Meter {
	m := Meter{R: r, Log: len(r.Logs.String())}
	if seen := r.Site.Requests(0); len(seen) > 0 {
		m.Seq = seen[len(seen)-1].Seq
	}
	return m
}

// Calls are the app's completed calls to the site.
func (m Meter) Calls() []connecttest.Request {
	return slices.DeleteFunc(m.R.Site.Requests(m.Seq), func(q connecttest.Request) bool { return q.From != AppKey })
}
