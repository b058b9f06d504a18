package points

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// clock stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock {
	return &clock{at: time.Date(2026, 11, 24, 12, 20, 0, 0, time.UTC)}
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// answers plays an operation that returns n issues on a site of a quota.
func answers(q *Quota, app, site, method, path, operation, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(method, path, nil)
	q.Serve(w, r, Call{App: app, Site: site, Operation: operation}, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(body))
	})
	return w
}

func search(q *Quota, app, site string, issues int) *httptest.ResponseRecorder {
	return answers(q, app, site, "POST", "/rest/api/3/search/jql", "searchAndReconsileIssuesUsingJqlPost",
		`{"issues":[`+strings.TrimSuffix(strings.Repeat(`{"id":"1"},`, issues), ",")+`]}`)
}

func TestQuotaCosts(t *testing.T) {
	t.Parallel()
	eight := `[1,2,3,4,5,6,7,8]`
	for _, tc := range []struct {
		method, operation, body string
		cheap                   bool
		want                    int
	}{
		{"GET", "getIssue", `{"id":"1"}`, false, 2},
		{"POST", "searchAndReconsileIssuesUsingJqlPost", `{"issues":[{"id":"1"},{"id":"2"}]}`, false, 3},
		{"GET", "getUsersFromGroup", `{"values":` + eight + `}`, false, 17},
		{"POST", "createIssues", `{"issues":` + eight + `}`, false, 1},
		{"PUT", "editIssue", ``, false, 1},
		{"GET", "getProjectVersions", eight, false, 1},
		{"GET", "findUsers", eight, false, 1},
		{"GET", "searchProjects", `{"values":` + eight + `}`, false, 9},
		{"POST", "bulkFetchIssues", `{"issues":` + eight + `}`, false, 9},
		{"POST", "bulkFetchIssues", `{"issues":` + eight + `}`, true, 1},
		{"POST", "getWorklogsForIds", eight, false, 9},
		{"GET", "getCurrentUser", `{"accountId":"1"}`, false, 3},
		{"GET", "getMyPermissions", `{"permissions":{"A":{},"B":{}}}`, false, 5},
		{"POST", "matchIssues", `{"matches":[{"matchedIssues":[1,2,3],"errors":[]}]}`, false, 2},
	} {
		q := &Quota{Cheap: tc.cheap, Now: newClock().now}
		answers(q, "app", "site", tc.method, "/", tc.operation, tc.body)
		if got := q.Report().Apps[0].Points; got != tc.want {
			t.Errorf("%s: got %d points, want %d", tc.operation, got, tc.want)
		}
	}
}

// Below four fifths the headers do not say what is left; then they count down to the
// wall, which ends with the hour.
func TestQuotaWall(t *testing.T) {
	t.Parallel()
	at := newClock()
	q := &Quota{Global: 100, Burst: -1, Now: at.now}
	one := search(q, "app", "one", 78)
	want := map[string]string{"RateLimit-Policy": `"global-app-quota";q=100;w=3600`, "RateLimit": `"global-app-quota";t=2400`}
	if diff := cmp.Diff(want, limitHeaders(one)); diff != "" {
		t.Errorf("below: (-want +got)\n%s", diff)
	}
	two := search(q, "app", "two", 20) // another site, the same account; it may run over
	want = map[string]string{
		"RateLimit-Policy": `"global-app-quota";q=100;w=3600`, "RateLimit": `"global-app-quota";r=0;t=2400`, "X-RateLimit-NearLimit": "true",
	}
	if diff := cmp.Diff(want, limitHeaders(two)); diff != "" {
		t.Errorf("beyond: (-want +got)\n%s", diff)
	}
	three := search(q, "app", "one", 1)
	want["Retry-After"], want["RateLimit-Reason"] = "2400", "jira-quota-global-based"
	want["X-RateLimit-Limit"], want["X-RateLimit-Remaining"], want["X-RateLimit-Reset"] = "100", "0", "2026-11-24T13:00:00Z"
	if diff := cmp.Diff(want, limitHeaders(three)); diff != "" || three.Code != 429 {
		t.Errorf("%d: (-want +got)\n%s", three.Code, diff)
	}
	if got := search(q, "another", "one", 1).Code; got != 200 {
		t.Errorf("another app: got %d", got)
	}
	at.advance(40 * time.Minute)
	if got := search(q, "app", "one", 1).Code; got != 200 || q.Report().Apps[0].Points != 2 {
		t.Errorf("the next hour: got %d, %+v", got, q.Report())
	}
}

func limitHeaders(w *httptest.ResponseRecorder) map[string]string {
	out := map[string]string{}
	for _, name := range []string{
		"RateLimit-Policy", "RateLimit", "RateLimit-Reason", "Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
		"X-RateLimit-NearLimit", "Beta-RateLimit-Policy", "Beta-RateLimit", "X-Beta-RateLimit-Reset",
	} {
		if value := w.Result().Header.Get(name); value != "" {
			out[name] = value
		}
	}
	return out
}

// A site's quota is its own; the order of the lists varies.
func TestQuotaOfTenants(t *testing.T) {
	t.Parallel()
	q := &Quota{Global: -1, Tenant: 10, Burst: -1, Now: newClock().now}
	search(q, "app", "one", 10)
	refused := search(q, "app", "one", 1)
	if refused.Code != 429 || refused.Result().Header.Get("RateLimit-Reason") != "jira-quota-tenant-based" {
		t.Errorf("got %d %v", refused.Code, refused.Result().Header)
	}
	if got := search(q, "app", "two", 1).Code; got != 200 {
		t.Errorf("a neighbour: got %d", got)
	}
	both := &Quota{Tenant: 10, Burst: -1, Now: newClock().now}
	first, second := limitHeaders(search(both, "app", "one", 1))["RateLimit-Policy"], limitHeaders(search(both, "app", "one", 1))["RateLimit-Policy"]
	if first == second || len(first) != len(second) {
		t.Errorf("got %s and %s", first, second)
	}
}

func TestQuotaOddities(t *testing.T) {
	t.Parallel()
	odd := &Quota{Global: 10, Odd: true, Burst: -1, Now: newClock().now}
	got := limitHeaders(search(odd, "app", "one", 10))
	want := map[string]string{
		"RateLimit": `"global-app-quota";r=0;t=3100`, "X-RateLimit-NearLimit": "true",
		"Beta-RateLimit-Policy": `"global-app-quota";q=65000;w=3600`, "Beta-RateLimit": `"global-app-quota";t=2400`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := limitHeaders(search(odd, "app", "one", 1))["X-RateLimit-Reset"]; got != "2026-11-24T13:00Z" {
		t.Errorf("got %s", got)
	}
	measured := &Quota{Global: 10, Measured: true, Odd: true, Burst: -1, Now: newClock().now}
	search(measured, "app", "one", 50)
	answer := search(measured, "app", "one", 1)
	want = map[string]string{"Beta-RateLimit": `"global-app-quota";r=0;t=3100`, "X-RateLimit-NearLimit": "true", "X-Beta-RateLimit-Reset": "2026-11-24T11:00:00Z"}
	if diff := cmp.Diff(want, limitHeaders(answer)); diff != "" || answer.Code != 200 {
		t.Errorf("%d (-want +got)\n%s", answer.Code, diff)
	}
}

// A burst stops one endpoint of one site, for whoever calls, and costs nothing.
func TestQuotaBurst(t *testing.T) {
	t.Parallel()
	at := newClock()
	q := &Quota{Burst: 3, Now: at.now}
	for range 3 {
		search(q, "app", "one", 1)
	}
	refused := search(q, "", "one", 1)
	want := map[string]string{
		"RateLimit-Reason": "jira-burst-based", "Retry-After": "1", "X-RateLimit-Limit": "3", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-11-24T12:20:01Z",
	}
	if diff := cmp.Diff(want, limitHeaders(refused)); diff != "" || refused.Code != 429 {
		t.Errorf("%d (-want +got)\n%s", refused.Code, diff)
	}
	for name, w := range map[string]*httptest.ResponseRecorder{
		"another site": search(q, "app", "two", 1), "another endpoint": answers(q, "app", "one", "GET", "/rest/api/3/myself", "getCurrentUser", "{}"),
	} {
		if w.Code != 200 {
			t.Errorf("%s: got %d", name, w.Code)
		}
	}
	at.advance(time.Second)
	if got := search(q, "app", "one", 1).Code; got != 200 {
		t.Errorf("a second later: got %d", got)
	}
	if diff := cmp.Diff(map[string]int{"jira-burst-based": 1}, q.Report().Refused); diff != "" {
		t.Error(diff)
	}
}

func TestQuotaWritesToAnIssue(t *testing.T) {
	t.Parallel()
	at := newClock()
	q := &Quota{Now: at.now}
	write := func(issue string) int {
		return answers(q, "app", "one", "PUT", "/rest/api/3/issue/"+issue, "editIssue", "").Code
	}
	taken := 0
	for range 200 {
		for range 20 {
			if write("AB-1") == 200 {
				taken++
			}
		}
		at.advance(2 * time.Second)
		if taken == 100 {
			break
		}
	}
	if got := write("AB-1"); got != 429 || at.now().Sub(newClock().now()) != 10*time.Second {
		t.Errorf("the 101st within 30 s: got %d after %v", got, at.now())
	}
	if got := write("AB-2"); got != 200 {
		t.Errorf("another issue: got %d", got)
	}
}
