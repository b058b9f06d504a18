package rest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/rest"
)

func TestRateLimit(t *testing.T) {
	t.Parallel()
	unknown := rest.RateLimit{Limit: -1, Remaining: -1}
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	cases := []struct {
		name   string
		header map[string]string
		want   rest.RateLimit
	}{
		{"nothing", nil, unknown},
		{
			"jira",
			map[string]string{"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "12", "X-RateLimit-Reset": "2026-11-24T12:00Z", "X-RateLimit-NearLimit": "true"},
			rest.RateLimit{Limit: 100, Remaining: 12, Reset: noon, NearLimit: true},
		},
		{
			"turned away",
			map[string]string{"X-RateLimit-Remaining": "0", "Retry-After": "30", "RateLimit-Reason": "jira-quota-tenant-based"},
			rest.RateLimit{Limit: -1, RetryAfter: 20 * time.Second, Reason: rest.ReasonTenantQuota, Scope: rest.ScopeTenant},
		},
		{
			"chat, used up until an instant",
			map[string]string{"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-11-24T12:00:00Z"},
			rest.RateLimit{Limit: 100, Reset: noon, RetryAfter: 20 * time.Second},
		},
		{
			"rubbish",
			map[string]string{"X-RateLimit-Limit": "many", "X-RateLimit-Remaining": "-3", "X-RateLimit-Reset": "17955.21600.0", "X-RateLimit-NearLimit": "no", "Retry-After": "soon", "RateLimit-Reason": strings.Repeat("x", 65), "RateLimit": `;;"`},
			unknown,
		},
		{
			"structured",
			map[string]string{"Beta-RateLimit-Policy": `"tenant-app-quota";q=65000;w=3600, "burst";q=100;w=1`, "Beta-RateLimit": `"tenant-app-quota";r=120;t=1800`},
			rest.RateLimit{Limit: -1, Remaining: -1, Quotas: []rest.Quota{
				{Name: "tenant-app-quota", Limit: 65000, Window: time.Hour, Remaining: 120, Reset: 30 * time.Minute, Measured: true},
				{Name: "burst", Limit: 100, Window: time.Second, Remaining: -1, Measured: true},
			}},
		},
		{
			"enforced beside measured, in any order",
			map[string]string{
				"RateLimit-Policy": `"jira-burst-based";q=100;w=1, "global-app-quota";q=65000;w=3600`, "RateLimit": `"global-app-quota";t=3200`,
				"Beta-RateLimit-Policy": `"tenant-app-quota";q=100000;w=3600,"global-app-quota";q=9;w=3600`, "Beta-RateLimit": `"global-app-quota";r=1;t=5`,
			},
			rest.RateLimit{Limit: -1, Remaining: -1, Quotas: []rest.Quota{
				{Name: "jira-burst-based", Limit: 100, Window: time.Second, Remaining: -1},
				{Name: rest.QuotaGlobal, Limit: 65000, Window: time.Hour, Remaining: -1, Reset: 3200 * time.Second},
				{Name: rest.QuotaTenant, Limit: 100000, Window: time.Hour, Remaining: -1, Measured: true},
			}},
		},
		{
			"twice",
			map[string]string{"RateLimit-Policy": `"global-app-quota";q=65000;w=3600, "global-app-quota";q=60000;w=3600`, "RateLimit": `"global-app-quota";r=70;t=9, "global-app-quota";r=900;t=3`},
			rest.RateLimit{Limit: -1, Remaining: -1, Quotas: []rest.Quota{{Name: rest.QuotaGlobal, Limit: 60000, Window: time.Hour, Remaining: 70, Reset: 9 * time.Second}}},
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				for name, value := range tc.header {
					w.Header().Set(name, value)
				}
				w.WriteHeader(http.StatusNoContent)
			})
			c.Now = func() time.Time { return noon.Add(-20 * time.Second) }
			_, resp, err := rest.Do[rest.None](t.Context(), c, rest.Request{Method: http.MethodGet, Path: "/x"})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, resp.RateLimit()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
