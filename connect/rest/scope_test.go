package rest_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

func TestScopes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, reason string
		status       int
		want         rest.Scope
	}{
		{"nothing", "", 200, rest.ScopeNone},
		{"another refusal", "", 503, rest.ScopeNone},
		{"app", rest.ReasonGlobalQuota, 429, rest.ScopeApp},
		{"tenant", rest.ReasonTenantQuota, 429, rest.ScopeTenant},
		{"endpoint", rest.ReasonBurst, 429, rest.ScopeEndpoint},
		{"issue", rest.ReasonIssueWrites, 429, rest.ScopeIssue},
		{"unknown", "jira-cost-based", 429, rest.ScopeTenant},
		{"none", "", 429, rest.ScopeTenant},
	} {
		h := http.Header{"Ratelimit-Reason": {tc.reason}, "Retry-After": {"7"}}
		if got := rest.ReadRateLimit(tc.status, h, retryNow); got.Scope != tc.want {
			t.Errorf("%s: got %v, want %v", tc.name, got.Scope, tc.want)
		}
	}
}

// The gateway's refusal has no reason, and no Retry-After.
func TestGatewayRefusal(t *testing.T) {
	t.Parallel()
	h := http.Header{"X-Failure-Category": {"FAILURE_CLIENT_RATE_LIMIT"}, "X-Ratelimit-Reset": {retryNow.Add(90 * time.Second).Format("2006-01-02T15:04:05Z")}}
	if got := rest.ReadRateLimit(429, h, retryNow); got.RetryAfter != 90*time.Second || got.Scope != rest.ScopeTenant {
		t.Errorf("got %+v", got)
	}
}

// call is a request of one tenant.
type call struct{ tenant, method, path string }

// Each kind of refusal holds back what it concerns and nothing else.
func TestPaceHoldsWhatIsConcerned(t *testing.T) {
	t.Parallel()
	refused := call{"acme", "PUT", "/rest/api/3/issue/AB-1/worklog/7"}
	for _, tc := range []struct {
		name, reason string
		held, free   []call
	}{
		{
			"app", rest.ReasonGlobalQuota,
			[]call{{"acme", "GET", "/rest/api/3/myself"}, {"other", "GET", "/rest/api/3/field"}},
			nil,
		},
		{
			"tenant", rest.ReasonTenantQuota,
			[]call{{"acme", "GET", "/rest/api/3/myself"}},
			[]call{{"other", "PUT", refused.path}},
		},
		{
			"unknown", "jira-cost-based",
			[]call{{"acme", "GET", "/rest/api/3/myself"}},
			[]call{{"other", "PUT", refused.path}},
		},
		{
			"none", "",
			[]call{{"acme", "GET", "/rest/api/3/myself"}},
			[]call{{"other", "PUT", refused.path}},
		},
		{
			"endpoint", rest.ReasonBurst,
			[]call{refused, {"acme", "PUT", "/rest/api/2/issue/CD-99/worklog/1"}},
			[]call{{"acme", "GET", refused.path}, {"acme", "PUT", "/rest/api/3/issue/AB-1"}, {"other", "PUT", refused.path}},
		},
		{
			"issue", rest.ReasonIssueWrites,
			[]call{refused, {"acme", "POST", "/rest/api/3/issue/AB-1/worklog"}, {"acme", "DELETE", "/rest/api/3/issue/AB-1"}},
			[]call{{"acme", "GET", "/rest/api/3/issue/AB-1"}, {"acme", "PUT", "/rest/api/3/issue/AB-12"}, {"other", "PUT", refused.path}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, one := range append(slices.Clone(tc.held), tc.free...) {
				waited := waitAfter(t, refused, tc.reason, one)
				if want := slices.Contains(tc.held, one); waited != want {
					t.Errorf("%v: waited %v, want %v", one, waited, want)
				}
			}
		})
	}
}

// waitAfter reports whether a call waits after another one was refused.
func waitAfter(t *testing.T, refused call, reason string, next call) (waited bool) {
	t.Helper()
	header := http.Header{"Retry-After": {"9"}}
	if reason != "" {
		header.Set("RateLimit-Reason", reason)
	}
	base := &play{lines: []line{{status: http.StatusTooManyRequests, header: header}, {status: http.StatusOK}}}
	var shared rest.Budget
	budgets := map[string]*rest.Budget{"acme": {}, "other": {}}
	now := retryNow.Truncate(time.Hour) // where the answer's wait is believed
	for i, c := range []call{refused, next} {
		pace := &rest.Pace{
			Base: base, Budget: budgets[c.tenant], Shared: &shared, MaxInterval: -1,
			Now: func() time.Time { return now }, Rand: func() float64 { return 0 },
			Sleep: func(_ context.Context, d time.Duration) error {
				waited = i == 1 && d == 9*time.Second
				return nil
			},
		}
		req := &http.Request{Method: c.method, URL: &url.URL{Scheme: "https", Host: c.tenant, Path: c.path}, Header: http.Header{}}
		resp, err := pace.RoundTrip(req.WithContext(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
	}
	return waited
}

// With an interval below zero warnings slow nothing down.
func TestPaceWithoutSpreading(t *testing.T) {
	t.Parallel()
	warn := &play{lines: []line{{status: http.StatusOK, header: near(20, "2026-11-24T12:30Z")}, {status: http.StatusOK}}}
	var waits []time.Duration
	pace := pacer(warn, nil, &waits)
	pace.MaxInterval = -1
	for range 2 {
		if err := send(t.Context(), t, pace); err != nil || len(waits) > 0 {
			t.Errorf("got %v after %v, want no wait", err, waits)
		}
	}
}
