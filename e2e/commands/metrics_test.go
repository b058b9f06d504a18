package commands

import (
	"context"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
)

func TestMetrics(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	installed := r.Install(t)
	dashboard := r.Site.Objects().Dashboards[0]
	r.Gadget(t, dashboard.Owner, dashboard.ID, dashboard.Items[0].ID)
	// Jira names the same next page for ever: a list that is cut.
	r.Fault(t, connecttest.Fault{
		Path: harness.SearchPath, Status: http.StatusOK, Headers: map[string]string{"Content-Type": "application/json"},
		Body: `{"issues":[{"id":"1","key":"HARB-1"}],"nextPageToken":"again"}`,
	})
	harness.NewBoard(t, r, "LANT").Look(t, r.Person(2))
	harness.Ask(t, harness.NewRequest(t, http.MethodGet, r.URL+"/no-such-page", nil))
	body := scraped(t, r)
	for _, want := range []string{
		`sightline_lists_cut_total{reason="repeats"}`, `sightline_lists_cut_total{reason="bytes"} 0`,
		`sightline_pages_shed_total{reason="full"} 0`, `sightline_pages_shed_total{reason="share"} 0`,
		`sightline_http_request_duration_seconds_count{method="GET",route="/gadget/workload",status="200"}`,
		`sightline_upstream_call_duration_seconds_count{method="GET",status="200"}`,
		`sightline_jira_points_total{purpose="fill"} 0`, `sightline_jira_calls_held_total{purpose="glance"} 0`,
		"sightline_jira_points_limit 65000", "sightline_jira_points_left 64", "sightline_jira_quota_reset_seconds ",
		"go_goroutines", `sightline_build_info{commit="`,
		`sightline_tenants{state="active"} 1`, `sightline_tenants{state="uninstalled"} 0`, "sightline_glances_waiting 0", "sightline_glances_oldest_seconds 0",
		`sightline_cache_reads_total{cache="views",found="missed"} `, `go_sql_open_connections{db_name="write"} 1`, `go_sql_max_open_connections{db_name="read"} `,
		`sightline_accounts_reported_total{answer="closed"} 0`, `sightline_refusals_total{reason="not_found"} 1`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in the metrics", want)
		}
	}
	for _, wrong := range []string{installed.ClientKey, dashboard.Owner, "jwt=", `reason="repeats"} 0`, `sightline_jira_points_total{purpose="person"} 0`} {
		if strings.Contains(body, wrong) {
			t.Errorf("the metrics hold %q", wrong)
		}
	}
	if status, _ := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, r.URL+"/metrics", nil)); status != http.StatusNotFound {
		t.Errorf("the app itself serves /metrics: %d", status)
	}
}

// scraped are the metrics of a running program, as Prometheus reads them.
func scraped(t *testing.T, r *harness.Running) string {
	t.Helper()
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
	return body
}

// TestFilesNameMetrics: alerts and dashboard ask for metrics that a running program
// has, and each of its own is in one of them.
func TestFilesNameMetrics(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		r := harness.Start(t, connecttest.NewSite(t), harness.On(database), func(f *app.ServeFlags) { f.Index = "on" })
		r.Install(t)
		harness.NewBoard(t, r, "LANT").Look(t, r.Person(2))
		harness.Ask(t, harness.NewRequest(t, http.MethodGet, r.URL+"/no-such-page", nil))
		there := metricsIn(scraped(t, r))
		there["sightline_events_ignored"] = true // has labels only once there is one
		asked := map[string]bool{}
		for _, file := range []string{"alerts.yaml", "dashboard.json"} {
			text, err := os.ReadFile("../../deploy/" + file)
			if err != nil {
				t.Fatal(err)
			}
			if wrong := missing(string(text), there, asked); len(wrong) > 0 {
				t.Errorf("%s: there is no %v", file, wrong)
			}
			if missing(strings.ReplaceAll(string(text), "sightline_upstream_call", "sightline_upstraem_call"), there, map[string]bool{}) == nil {
				t.Errorf("%s: a misspelt metric passes", file)
			}
		}
		for name := range there {
			if strings.HasPrefix(name, "sightline_") && !asked[name] && !slices.Contains([]string{"sightline_jira_quota_reset_seconds", "sightline_index_facts_read", "sightline_glances_counted", "sightline_index_tenants"}, name) {
				t.Errorf("nothing shows %s", name)
			}
		}
	})
}

// metric is a name in an expression or in what a program exposes.
var metric = regexp.MustCompile(`\b(?:sightline|go|process|promhttp)_[a-z0-9_]+`)

// metricsIn are the names of all samples, without the suffixes of their kind.
func metricsIn(text string) map[string]bool {
	names := map[string]bool{}
	for line := range strings.Lines(text) {
		if name := metric.FindString(line); name != "" && strings.HasPrefix(line, name) {
			names[bare(name)] = true
		}
	}
	return names
}

func bare(name string) string {
	for _, suffix := range []string{"_bucket", "_count", "_sum", "_total"} {
		name = strings.TrimSuffix(name, suffix)
	}
	return name
}

// missing are the metrics that a text asks for and a program does not have.
func missing(text string, there, asked map[string]bool) (list []string) {
	for _, name := range metric.FindAllString(text, -1) {
		if asked[bare(name)] = true; !there[bare(name)] {
			list = append(list, name)
		}
	}
	return list
}
