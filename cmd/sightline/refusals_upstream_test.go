package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/workload"
)

// asJSON encodes what always can be.
func asJSON(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}

// page is an answer with its headers.
type page struct {
	status int
	header http.Header
	body   string
}

func ask(t testing.TB, req *http.Request) page {
	t.Helper()
	resp, err := client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return page{resp.StatusCode, resp.Header, string(body)}
}

// board is a program with one gadget that is set up.
type board struct {
	*running
	dashboard connecttest.Dashboard
	item      string
}

func newBoard(t testing.TB, r *running, projects ...string) board {
	t.Helper()
	dashboard := r.site.Objects().Dashboards[0]
	b := board{r, dashboard, dashboard.Items[0].ID}
	b.configure(t, workload.GadgetConfig{Projects: projects, Window: workload.Fortnight, Unit: workload.UnitHours})
	return b
}

// configure writes the gadget's property as the dashboard's owner.
func (b board) configure(t testing.TB, config workload.GadgetConfig) {
	t.Helper()
	path := fmt.Sprintf("/rest/api/3/dashboard/%s/items/%s/properties/%s", b.dashboard.ID, b.item, workload.ConfigProperty)
	b.rest(t, b.dashboard.Owner, http.MethodPut, path, config, nil)
}

// person is the account of one of the sample's people. Each of the first
// eleven may see the dashboard and the projects HARB and LANT; person 0 owns
// the dashboard and sees VALT, person 9 does not.
func (r *running) person(n int) string { return r.site.People()[n].AccountID }

// look opens the gadget as a person's browser would.
func (b board) look(t testing.TB, account string) page {
	t.Helper()
	address, err := b.site.ModuleURL(appKey, "workload", account, b.dashboard.ID, b.item)
	if err != nil {
		t.Fatal(err)
	}
	got := ask(t, newRequest(t, http.MethodGet, address, nil))
	if !isLoading(got.body) {
		return got
	}
	// What takes too long for the page its script asks for, and shows whatever
	// comes of it.
	req := newRequest(t, http.MethodGet, b.url+b.address("/gadget/workload/view")+"&fresh=1", nil)
	req.Header.Set("Authorization", "JWT "+attribute(t, got.body, "data-session"))
	req.Header.Set("Accept", "text/html")
	later := ask(t, req)
	if later.status != http.StatusOK {
		return later
	}
	got.body = inPlace(got.body, later.body)
	return got
}

// call makes one of the gadget's later calls.
func (b board) call(t testing.TB, path, token string) page {
	t.Helper()
	req := newRequest(t, http.MethodGet, b.url+path, nil)
	req.Header.Set("Authorization", "JWT "+token)
	return ask(t, req)
}

// address is that of a later call about the gadget.
func (b board) address(path string) string {
	return path + "?" + url.Values{"dashboardId": {b.dashboard.ID}, "dashboardItemId": {b.item}}.Encode()
}

func (r *running) fault(t testing.TB, f connecttest.Fault) {
	t.Helper()
	if err := r.site.AddFault(f); err != nil {
		t.Fatal(err)
	}
}

// newStranger is a host that the app must not call, whoever says so.
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

// The words that Jira's answers hold and no viewer and no log may see.
const upstreamWords = "internal words of jira"

// unseen checks that neither an answer nor the log repeats what Jira said.
func (r *running) unseen(t testing.TB, p page) {
	t.Helper()
	for name, text := range map[string]string{"page": p.body, "headers": fmt.Sprint(p.header), "log": r.logs.String()} {
		for _, wrong := range []string{upstreamWords, "Bearer", "stolen"} {
			if strings.Contains(text, wrong) {
				t.Errorf("the %s holds %q:\n%s", name, wrong, text)
			}
		}
	}
}

const searchPath = "/rest/api/3/search/jql"

// TestUpstreamFailures plays what can go wrong at Jira to a viewer of whom
// nothing is known yet. Each kind of failure has its status and a sentence.
func TestUpstreamFailures(t *testing.T) {
	t.Parallel()
	r := startProgram(t, connecttest.NewSite(t))
	r.install(t)
	b := newBoard(t, r, "HARB", "LANT")
	stranger := newStranger(t)
	const (
		silent = "could not answer"
		lost   = "cannot be reached"
	)
	json := map[string]string{"Content-Type": "application/json", "X-Internal": upstreamWords}
	html := map[string]string{"Content-Type": "text/html"}
	answer := func(body string) connecttest.Fault {
		return connecttest.Fault{Path: searchPath, Status: 200, Headers: json, Body: body}
	}
	status := func(path string, n, retryAfter int) connecttest.Fault {
		return connecttest.Fault{Path: path, Status: n, RetryAfter: retryAfter, Headers: json, Body: `{"errorMessages":["` + upstreamWords + `"]}`}
	}
	redirect := func(path string, n int, to string) connecttest.Fault {
		return connecttest.Fault{Path: path, Status: n, Headers: map[string]string{"Location": to}, Body: upstreamWords}
	}
	for _, tc := range []struct {
		name   string
		viewer int
		fault  connecttest.Fault
		status int
		says   string
	}{
		{"site settings 500", 3, status("/rest/api/3/configuration", 500, 0), 502, silent},
		{"302 to a stranger", 2, redirect(searchPath, 302, stranger+searchPath), 502, lost},
		{"307 to a stranger", 2, redirect(searchPath, 307, stranger+searchPath), 502, lost},
		{"308 to another scheme", 2, redirect(searchPath, 308, strings.Replace(r.site.URL(), "http:", "https:", 1)), 502, lost},
		{"301 to the same host by another name", 2, redirect(searchPath, 301, strings.Replace(r.site.URL(), "127.0.0.1", "localhost", 1)), 502, lost},
		{"302 to a stranger with a user", 2, redirect(searchPath, 302, strings.Replace(stranger, "//", "//127.0.0.1@", 1)), 502, lost},
		{"302 to nowhere", 2, redirect(searchPath, 302, ""), 502, silent},
		{"401 for ever", 2, status(searchPath, 401, 0), 502, silent},
		{"403", 2, status(searchPath, 403, 0), 502, silent},
		{"404", 2, status(searchPath, 404, 0), 502, silent},
		{"400 that hides no project", 2, status(searchPath, 400, 0), 502, silent},
		{"410", 2, status(searchPath, 410, 0), 502, silent},
		{"429 for two minutes", 2, status(searchPath, 429, 120), 429, "asks for a pause"},
		{"500", 2, status(searchPath, 500, 0), 502, silent},
		{"503 for an hour", 2, status(searchPath, 503, 3600), 502, silent},
		{"html", 2, connecttest.Fault{Path: searchPath, Status: 200, Headers: html, Body: "<script>" + upstreamWords + "</script>"}, 502, lost},
		{"no type", 2, connecttest.Fault{Path: searchPath, Status: 200, Headers: map[string]string{"Content-Type": ""}, Body: `{"issues":[]}`}, 502, lost},
		{"truncated json", 2, answer(`{"issues":[{"key":"` + upstreamWords), 502, lost},
		{"two values", 2, answer(`{"issues":[]}{"x":"` + upstreamWords + `"}`), 502, lost},
		{"an array", 2, answer(`["` + upstreamWords + `"]`), 502, lost},
		{"a text for a list", 2, answer(`{"issues":"` + upstreamWords + `"}`), 502, lost},
		{"nothing", 2, answer(""), 502, lost},
		{"more than anybody wants", 2, answer(`{"pad":"` + strings.Repeat(" ", 17<<20) + `"}`), 502, lost},
		{"person 500", 4, status("/rest/api/3/myself", 500, 0), 502, silent},
		{"person html", 4, connecttest.Fault{Path: "/rest/api/3/myself", Status: 200, Headers: html, Body: upstreamWords}, 502, lost},
		{"impersonation refused", 5, connecttest.Fault{Path: "/oauth2/token", Status: 400, Headers: json, Body: `{"error":"invalid_grant","error_description":"` + upstreamWords + `"}`}, 403, "Ask a Jira admin"},
		{"impersonation refused in html", 5, connecttest.Fault{Path: "/oauth2/token", Status: 403, Headers: html, Body: upstreamWords}, 403, "Ask a Jira admin"},
		{"token that is none", 5, connecttest.Fault{Path: "/oauth2/token", Status: 200, Headers: json, Body: `{"access_token":"stolen\r\nX-Other: 1","expires_in":900}`}, 403, "Ask a Jira admin"},
		{"token endpoint elsewhere", 5, redirect("/oauth2/token", 307, stranger+"/oauth2/token"), 403, "Ask a Jira admin"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r.fault(t, tc.fault)
			got := b.look(t, r.person(tc.viewer))
			r.site.ClearFaults()
			if got.status != tc.status || !strings.Contains(got.body, tc.says) || !strings.Contains(got.body, `data-fragment="message"`) {
				t.Errorf("status %d, want %d and %q\n%s", got.status, tc.status, tc.says, got.body)
			}
			if retry := got.header.Get("Retry-After"); tc.status == http.StatusTooManyRequests && retry != "120" {
				t.Errorf("Retry-After %q, want 120", retry)
			}
			if strings.Contains(got.body, "data-session=\"e") || strings.Contains(got.body, "data-person") {
				t.Errorf("the page of a failure holds a session or numbers:\n%s", got.body)
			}
			r.unseen(t, got)
		})
	}
	for _, n := range []int{2, 3, 4, 5} {
		if got := b.look(t, r.person(n)); got.status != http.StatusOK {
			t.Errorf("viewer %d after the failures: %d\n%s", n, got.status, got.body)
		}
	}
	r.leaksNothing(t)
}

// TestUpstreamRecovers plays failures that pass: the viewer sees numbers, and
// nothing of what went wrong.
func TestUpstreamRecovers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault    connecttest.Fault
		statuses []int
		least    time.Duration
	}{
		"401 once":                  {connecttest.Fault{Path: searchPath, Status: 401, Times: 1}, []int{401, 200, 200}, 0},
		"429 with Retry-After":      {connecttest.Fault{Path: searchPath, Status: 429, RetryAfter: 1, Times: 1}, []int{429, 200, 200}, time.Second},
		"429 without Retry-After":   {connecttest.Fault{Path: searchPath, Status: 429, Times: 1}, []int{429, 200, 200}, 700 * time.Millisecond},
		"broken connection once":    {connecttest.Fault{Path: searchPath, Reset: true, Times: 1}, []int{0, 200, 200}, 0},
		"slow headers":              {connecttest.Fault{Path: searchPath, DelayMs: 200}, []int{200, 200}, 200 * time.Millisecond},
		"redirect on the same host": {connecttest.Fault{Path: searchPath, Status: 307, Headers: map[string]string{"Location": searchPath + "?maxResults=100&fields=summary&jql=key%3DHARB-1"}, Times: 1}, []int{200, 200, 307}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startProgram(t, connecttest.NewSite(t))
			r.install(t)
			b := newBoard(t, r, "LANT")
			r.fault(t, tc.fault)
			seen, start := len(r.site.Requests(0)), time.Now()
			got := b.look(t, r.person(2))
			took := time.Since(start)
			if got.status != http.StatusOK {
				t.Fatalf("status %d\n%s", got.status, got.body)
			}
			var statuses []int
			for _, q := range r.site.Requests(0)[seen:] {
				if q.Path == searchPath {
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
			r.unseen(t, got)
		})
	}
}

// TestLastNumbersStand fails Jira for a viewer whose numbers are known.
func TestLastNumbersStand(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]connecttest.Fault{
		"500":             {Path: searchPath, Status: 500},
		"429 for an hour": {Path: searchPath, Status: 429, RetryAfter: 3600},
		"no headers":      {Path: searchPath, DelayMs: 60_000},
		"no connection":   {Path: "*", Reset: true},
		"html":            {Path: "*", Status: 200, Headers: map[string]string{"Content-Type": "text/html"}, Body: upstreamWords},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startProgram(t, connecttest.NewSite(t), asPeople)
			r.install(t)
			b := newBoard(t, r, "HARB")
			before := b.look(t, b.dashboard.Owner)
			open := total(t, before.body)
			session := attribute(t, before.body, "data-session")
			r.finishOneIssue(t, b.dashboard.Owner, "HARB")
			if err := r.site.WaitIdle(t.Context()); err != nil {
				t.Fatal(err)
			}
			r.fault(t, fault)
			start := time.Now()
			got := b.look(t, b.dashboard.Owner)
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
			if got.status != http.StatusOK || total(t, got.body) != open {
				t.Errorf("status %d, %d open, want the last known %d", got.status, total(t, got.body), open)
			}
			if !strings.Contains(got.body, "data-stale") {
				t.Error("the old numbers are not marked as such")
			}
			r.unseen(t, got)
			r.site.ClearFaults()
			if name == "no headers" || name == "no connection" {
				return // the call under way, or the pause after it, takes its time
			}
			newer := b.call(t, b.address("/gadget/workload/view")+"&fresh=1", session)
			if newer.status != http.StatusOK || total(t, newer.body) != r.count(t, b.dashboard.Owner, workload.OpenIssues("HARB")) {
				t.Errorf("after the failure: %d\n%s", newer.status, newer.body)
			}
		})
	}
}
