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
		`sightline_http_request_duration_seconds_count{method="GET",route="/gadget/workload",status="200"} 1`,
		`sightline_upstream_call_duration_seconds_count{method="GET",status="200"}`,
		"go_goroutines",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in the metrics", want)
		}
	}
	for _, wrong := range []string{app.ClientKey, dashboard.Owner, "jwt="} {
		if strings.Contains(body, wrong) {
			t.Errorf("the metrics hold %q", wrong)
		}
	}
	if status, _ := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, r.URL+"/metrics", nil)); status != http.StatusNotFound {
		t.Errorf("the app itself serves /metrics: %d", status)
	}
}
