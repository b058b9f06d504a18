package commands

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

func TestMetrics(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	app := r.Install(t)
	dashboard := r.Site.Objects().Dashboards[0]
	r.Gadget(t, dashboard.Owner, dashboard.ID, dashboard.Items[0].ID)
	// Jira names the same next page for ever: a list that is cut.
	r.Fault(t, connecttest.Fault{
		Path: harness.SearchPath, Status: http.StatusOK, Headers: map[string]string{"Content-Type": "application/json"},
		Body: `{"issues":[{"id":"1","key":"HARB-1"}],"nextPageToken":"again"}`,
	})
	harness.NewBoard(t, r, "LANT").Look(t, r.Person(2))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() {
		if err := r.App.ServeMetrics(ctx, listener); err != nil {
			t.Errorf("serve metrics: %v", err)
		}
	})
	defer done.Wait()
	defer cancel()
	status, body := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, "http://"+listener.Addr().String()+"/metrics", nil))
	if status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	for _, want := range []string{
		`sightline_lists_cut_total{reason="repeats"}`, `sightline_lists_cut_total{reason="bytes"} 0`,
		`sightline_pages_shed_total{reason="full"} 0`, `sightline_pages_shed_total{reason="share"} 0`,
		`sightline_http_request_duration_seconds_count{method="GET",route="/gadget/workload",status="200"}`,
		`sightline_upstream_call_duration_seconds_count{method="GET",status="200"}`,
		`sightline_jira_points_total{purpose="fill"} 0`, `sightline_jira_calls_held_total{purpose="glance"} 0`,
		"sightline_jira_points_limit 65000", "sightline_jira_points_left 64", "sightline_jira_quota_reset_seconds ",
		"go_goroutines", `sightline_build_info{commit="`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in the metrics", want)
		}
	}
	for _, wrong := range []string{app.ClientKey, dashboard.Owner, "jwt=", `reason="repeats"} 0`, `sightline_jira_points_total{purpose="person"} 0`} {
		if strings.Contains(body, wrong) {
			t.Errorf("the metrics hold %q", wrong)
		}
	}
	if status, _ := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, r.URL+"/metrics", nil)); status != http.StatusNotFound {
		t.Errorf("the app itself serves /metrics: %d", status)
	}
}
