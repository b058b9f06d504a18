package refusals

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/workload"
)

// newStranger is a host that the app must never call.
func newStranger(t testing.TB) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("a stranger is asked for %s, Authorization %q", r.URL, r.Header.Get("Authorization"))
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"issues":[],"isLast":true,"access_token":"stolen","expires_in":900,"cloudId":"stolen"}`)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestUpstreamFailures plays what can go wrong in Jira for a viewer about whom
// nothing is cached. Each kind of failure has its status and a sentence.
func TestUpstreamFailures(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB", "LANT")
	stranger := newStranger(t)
	const (
		silent = "could not answer"
		lost   = "cannot be reached"
	)
	json := map[string]string{"Content-Type": "application/json", "X-Internal": harness.UpstreamWords}
	html := map[string]string{"Content-Type": "text/html"}
	answer := func(body string) connecttest.Fault {
		return connecttest.Fault{Path: harness.SearchPath, Status: 200, Headers: json, Body: body}
	}
	status := func(path string, n, retryAfter int) connecttest.Fault {
		return connecttest.Fault{Path: path, Status: n, RetryAfter: float64(retryAfter), Headers: json, Body: `{"errorMessages":["` + harness.UpstreamWords + `"]}`}
	}
	redirect := func(path string, n int, to string) connecttest.Fault {
		return connecttest.Fault{Path: path, Status: n, Headers: map[string]string{"Location": to}, Body: harness.UpstreamWords}
	}
	for _, tc := range []struct {
		name   string
		viewer int
		fault  connecttest.Fault
		status int
		says   string
	}{
		{"site settings 500", 3, status("/rest/api/3/configuration", 500, 0), 502, silent},
		{"302 to a stranger", 2, redirect(harness.SearchPath, 302, stranger+harness.SearchPath), 502, lost},
		{"307 to a stranger", 2, redirect(harness.SearchPath, 307, stranger+harness.SearchPath), 502, lost},
		{"308 to another scheme", 2, redirect(harness.SearchPath, 308, strings.Replace(r.Site.URL(), "http:", "https:", 1)), 502, lost},
		{"301 to the same host by another name", 2, redirect(harness.SearchPath, 301, strings.Replace(r.Site.URL(), "127.0.0.1", "localhost", 1)), 502, lost},
		{"302 to a stranger with a user", 2, redirect(harness.SearchPath, 302, strings.Replace(stranger, "//", "//127.0.0.1@", 1)), 502, lost},
		{"302 to nowhere", 2, redirect(harness.SearchPath, 302, ""), 502, silent},
		{"401 for ever", 2, status(harness.SearchPath, 401, 0), 502, silent},
		{"403", 2, status(harness.SearchPath, 403, 0), 502, silent},
		{"404", 2, status(harness.SearchPath, 404, 0), 502, silent},
		{"400 that hides no project", 2, status(harness.SearchPath, 400, 0), 502, silent},
		{"410", 2, status(harness.SearchPath, 410, 0), 502, silent},
		{"429 for two minutes", 2, status(harness.SearchPath, 429, 120), 429, "asks for a pause"},
		{"500", 2, status(harness.SearchPath, 500, 0), 502, silent},
		{"503 for an hour", 2, status(harness.SearchPath, 503, 3600), 502, silent},
		{"html", 2, connecttest.Fault{Path: harness.SearchPath, Status: 200, Headers: html, Body: "<script>" + harness.UpstreamWords + "</script>"}, 502, lost},
		{"no type", 2, connecttest.Fault{Path: harness.SearchPath, Status: 200, Headers: map[string]string{"Content-Type": ""}, Body: `{"issues":[]}`}, 502, lost},
		{"truncated json", 2, answer(`{"issues":[{"key":"` + harness.UpstreamWords), 502, lost},
		{"two values", 2, answer(`{"issues":[]}{"x":"` + harness.UpstreamWords + `"}`), 502, lost},
		{"an array", 2, answer(`["` + harness.UpstreamWords + `"]`), 502, lost},
		{"a text for a list", 2, answer(`{"issues":"` + harness.UpstreamWords + `"}`), 502, lost},
		{"nothing", 2, answer(""), 502, lost},
		{"more than anybody wants", 2, answer(`{"pad":"` + strings.Repeat(" ", 17<<20) + `"}`), 502, lost},
		{"person 500", 4, status("/rest/api/3/myself", 500, 0), 502, silent},
		{"person html", 4, connecttest.Fault{Path: "/rest/api/3/myself", Status: 200, Headers: html, Body: harness.UpstreamWords}, 502, lost},
		{"impersonation refused", 5, connecttest.Fault{Path: "/oauth2/token", Status: 400, Headers: json, Body: `{"error":"invalid_grant","error_description":"` + harness.UpstreamWords + `"}`}, 403, "Ask a Jira admin"},
		{"impersonation refused in html", 5, connecttest.Fault{Path: "/oauth2/token", Status: 403, Headers: html, Body: harness.UpstreamWords}, 403, "Ask a Jira admin"},
		{"token that is none", 5, connecttest.Fault{Path: "/oauth2/token", Status: 200, Headers: json, Body: `{"access_token":"stolen\r\nX-Other: 1","expires_in":900}`}, 502, silent},
		{"token endpoint elsewhere", 5, redirect("/oauth2/token", 307, stranger+"/oauth2/token"), 502, silent},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r.ForgetViews(t) // a reading of the last case may still be under way, and would be shared
			r.Fault(t, tc.fault)
			got := b.Look(t, r.Person(tc.viewer))
			r.Site.ClearFaults()
			if got.Status != tc.status || !strings.Contains(got.Body, tc.says) || !strings.Contains(got.Body, `data-fragment="message"`) {
				t.Errorf("status %d, want %d and %q\n%s", got.Status, tc.status, tc.says, got.Body)
			}
			if retry := got.Header.Get("Retry-After"); tc.status == http.StatusTooManyRequests && retry != "120" {
				t.Errorf("Retry-After %q, want 120", retry)
			}
			if strings.Contains(got.Body, "data-session=\"e") || strings.Contains(got.Body, "data-person") {
				t.Errorf("the page of a failure holds a session or numbers:\n%s", got.Body)
			}
			r.Unseen(t, got)
		})
	}
	for _, n := range []int{2, 3, 4, 5} {
		if got := b.Look(t, r.Person(n)); got.Status != http.StatusOK {
			t.Errorf("viewer %d after the failures: %d\n%s", n, got.Status, got.Body)
		}
	}
	r.LeaksNothing(t)
}

// TestUpstreamRecovers plays failures that pass: the viewer sees numbers and no
// trace of the failure.
func TestUpstreamRecovers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault    connecttest.Fault
		statuses []int
		least    time.Duration
	}{
		"401 once":                  {connecttest.Fault{Path: harness.SearchPath, Status: 401, Times: 1}, []int{401, 200, 200}, 0},
		"429 with Retry-After":      {connecttest.Fault{Path: harness.SearchPath, Status: 429, RetryAfter: 1, Times: 1}, []int{429, 200, 200}, time.Second},
		"429 without Retry-After":   {connecttest.Fault{Path: harness.SearchPath, Status: 429, Times: 1}, []int{429, 200, 200}, 700 * time.Millisecond},
		"broken connection once":    {connecttest.Fault{Path: harness.SearchPath, Reset: true, Times: 1}, []int{0, 200, 200}, 0},
		"slow headers":              {connecttest.Fault{Path: harness.SearchPath, DelayMs: 200}, []int{200, 200}, 200 * time.Millisecond},
		"redirect on the same host": {connecttest.Fault{Path: harness.SearchPath, Status: 307, Headers: map[string]string{"Location": harness.SearchPath + "?maxResults=100&fields=summary&jql=key%3DHARB-1"}, Times: 1}, []int{200, 200, 307}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := harness.Start(t, connecttest.NewSite(t))
			r.Install(t)
			b := harness.NewBoard(t, r, "LANT")
			r.Fault(t, tc.fault)
			seen, start := len(r.Site.Requests(0)), time.Now()
			got := b.Look(t, r.Person(2))
			took := time.Since(start)
			if got.Status != http.StatusOK {
				t.Fatalf("status %d\n%s", got.Status, got.Body)
			}
			var statuses []int
			for _, q := range r.Site.Requests(0)[seen:] {
				if q.Path == harness.SearchPath {
					statuses = append(statuses, q.Status)
				}
			}
			slices.Sort(statuses)
			slices.Sort(tc.statuses)
			if !slices.Equal(statuses, tc.statuses) {
				t.Errorf("searches answered %v, want %v", statuses, tc.statuses)
			}
			if took < tc.least {
				t.Errorf("it took %s, want at least %s", took, tc.least)
			}
			r.Unseen(t, got)
		})
	}
}

// TestLastNumbersStand makes Jira fail for a viewer whose numbers are cached.
func TestLastNumbersStand(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]connecttest.Fault{
		"500":             {Path: harness.SearchPath, Status: 500},
		"429 for an hour": {Path: harness.SearchPath, Status: 429, RetryAfter: 3600},
		"no headers":      {Path: harness.SearchPath, DelayMs: 60_000},
		"no connection":   {Path: "*", Reset: true},
		"html":            {Path: "*", Status: 200, Headers: map[string]string{"Content-Type": "text/html"}, Body: harness.UpstreamWords},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := harness.Start(t, connecttest.NewSite(t), harness.AsPeople)
			r.Install(t)
			b := harness.NewBoard(t, r, "HARB")
			before := b.Look(t, b.Dashboard.Owner)
			open := harness.Total(t, before.Body)
			session := harness.Attribute(t, before.Body, "data-session")
			r.FinishOneIssue(t, b.Dashboard.Owner, "HARB")
			if err := r.Site.WaitIdle(t.Context()); err != nil {
				t.Fatal(err)
			}
			r.Fault(t, fault)
			start := time.Now()
			got := b.Look(t, b.Dashboard.Owner)
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
			if got.Status != http.StatusOK || harness.Total(t, got.Body) != open {
				t.Errorf("status %d, %d open, want the last known %d", got.Status, harness.Total(t, got.Body), open)
			}
			if !strings.Contains(got.Body, "data-stale") {
				t.Error("the old numbers are not marked as such")
			}
			r.Unseen(t, got)
			r.Site.ClearFaults()
			if name == "no headers" || name == "no connection" {
				return // the call under way, or the pause after it, takes its time
			}
			newer := b.Call(t, b.Address("/gadget/workload/view")+"&fresh=1", session)
			if newer.Status != http.StatusOK || harness.Total(t, newer.Body) != r.Count(t, b.Dashboard.Owner, workload.OpenIssues("HARB")) {
				t.Errorf("after the failure: %d\n%s", newer.Status, newer.Body)
			}
		})
	}
}
