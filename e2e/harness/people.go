package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/internal/workload"
)

// Gadget opens the gadget as its viewer's browser would.
func (r *Running) Gadget(t testing.TB, account, dashboard, item string) string {
	t.Helper()
	address, err := r.Site.ModuleURL("app.sightline", "workload", account, dashboard, item)
	if err != nil {
		t.Fatal(err)
	}
	status, body := Fetch(t, NewRequest(t, http.MethodGet, address, nil))
	if status != http.StatusOK {
		t.Fatalf("gadget: %d\n%s", status, body)
	}
	return r.Loaded(t, body, dashboard, item)
}

// Loaded fetches what a page came without and inserts it, as the page's script
// does.
func (r *Running) Loaded(t testing.TB, page, dashboard, item string) string {
	t.Helper()
	if !isLoading(page) {
		return page
	}
	return inPlace(page, r.Refreshed(t, page, dashboard, item))
}

const loadingSection = `<section class="workload loading"`

func isLoading(page string) bool { return strings.Contains(page, loadingSection) }

// inPlace replaces a page's placeholder with a fragment.
func inPlace(page, fragment string) string {
	before, rest, _ := strings.Cut(page, loadingSection)
	_, after, _ := strings.Cut(rest, "</section>")
	return before + fragment + after
}

// Save posts the gadget's form with a session token.
func (r *Running) Save(t testing.TB, session, dashboard, item string, form url.Values) (int, string) {
	t.Helper()
	address := fmt.Sprintf("%s/gadget/workload/form?dashboardId=%s&dashboardItemId=%s", r.URL, dashboard, item)
	req := NewRequest(t, http.MethodPost, address, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "JWT "+session)
	return Fetch(t, req)
}

// FinishOneIssue moves an assigned open issue of the project to done, over
// REST, as a person would.
func (r *Running) FinishOneIssue(t testing.TB, account, project string) {
	t.Helper()
	r.FinishIssue(t, account, r.OpenIssue(t, account, project))
}

// OpenIssue is the key of an assigned issue of a project that is open.
func (r *Running) OpenIssue(t testing.TB, account, project string) string {
	t.Helper()
	var found struct{ Issues []struct{ Key string } }
	r.Rest(t, account, http.MethodGet, "/rest/api/3/search/jql?maxResults=1&fields=key&jql="+url.QueryEscape(workload.OpenIssues(project)+" AND assignee is not EMPTY"), nil, &found)
	if len(found.Issues) == 0 {
		t.Fatal("no open issue to finish")
	}
	return found.Issues[0].Key
}

// FinishIssue moves an issue to a status that is done.
func (r *Running) FinishIssue(t testing.TB, account, key string) {
	t.Helper()
	path := "/rest/api/3/issue/" + key + "/transitions"
	var moves struct {
		Transitions []struct {
			ID string
			To struct{ StatusCategory struct{ Key string } }
		}
	}
	r.Rest(t, account, http.MethodGet, path, nil, &moves)
	for _, move := range moves.Transitions {
		if move.To.StatusCategory.Key == "done" {
			r.Rest(t, account, http.MethodPost, path, map[string]any{"transition": map[string]string{"id": move.ID}}, nil)
			return
		}
	}
	t.Fatalf("no transition of %s to done", key)
}

// Rest calls the site as a person with basic auth.
func (r *Running) Rest(t testing.TB, account, method, path string, in, out any) {
	t.Helper()
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(data)
	}
	req := NewRequest(t, method, r.Site.URL()+path, body)
	req.Header.Set("Content-Type", "application/json")
	for _, p := range r.Site.People() {
		if p.AccountID == account {
			req.SetBasicAuth(p.Email, p.Token)
		}
	}
	status, answer := Fetch(t, req)
	if status >= http.StatusBadRequest {
		t.Fatalf("%s %s: %d\n%s", method, path, status, answer)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal([]byte(answer), out); err != nil {
		t.Fatal(err)
	}
}

// Count asks the site itself how many issues a query finds for a person.
func (r *Running) Count(t testing.TB, account, jql string) int {
	t.Helper()
	return len(r.found(t, account, jql, "id"))
}

// Summaries asks the site itself for the summaries of the issues that a query
// finds for a person.
func (r *Running) Summaries(t testing.TB, account, jql string) []string {
	t.Helper()
	var list []string
	for _, issue := range r.found(t, account, jql, "summary") {
		list = append(list, issue.Fields.Summary)
	}
	return list
}

type foundIssue struct{ Fields struct{ Summary string } }

func (r *Running) found(t testing.TB, account, jql, fields string) []foundIssue {
	t.Helper()
	var all []foundIssue
	query := url.Values{"maxResults": {"5000"}, "jql": {jql}, "fields": {fields}}
	for {
		var page struct {
			Issues        []foundIssue
			NextPageToken string
		}
		r.Rest(t, account, http.MethodGet, SearchPath+"?"+query.Encode(), nil, &page)
		all = append(all, page.Issues...)
		if page.NextPageToken == "" {
			return all
		}
		query.Set("nextPageToken", page.NextPageToken)
	}
}

// Viewer is another person who may see the dashboard.
func (r *Running) Viewer(t testing.TB, dashboard connecttest.Dashboard) string {
	t.Helper()
	for _, p := range r.Site.People() {
		if p.AccountID != dashboard.Owner && !p.Admin && p.Email != "" {
			return p.AccountID
		}
	}
	t.Fatal("the site has nobody else")
	return ""
}

// LeaksNothing looks for tokens and secrets in the log.
func (r *Running) LeaksNothing(t testing.TB) {
	t.Helper()
	logged := r.Logs.String()
	for _, wrong := range []string{"eyJ", onsite.ChatClientSecret, "Bearer ", "jwt=", Keys()} {
		if strings.Contains(logged, wrong) {
			t.Errorf("the log holds %q:\n%s", wrong, logged)
		}
	}
}

// NewRequest makes a request that is cancelled when the test ends.
func NewRequest(t testing.TB, method, address string, body io.Reader) *http.Request {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// Fetch is Ask without the headers.
func Fetch(t testing.TB, req *http.Request) (int, string) {
	t.Helper()
	page := Ask(t, req)
	return page.Status, page.Body
}

// Attribute reads an attribute's value from a page.
func Attribute(t testing.TB, page, name string) string {
	t.Helper()
	m := regexp.MustCompile(name + `="([^"]*)"`).FindStringSubmatch(page)
	if m == nil || m[1] == "" {
		t.Fatalf("the page has no %s:\n%s", name, page)
	}
	return m[1]
}

// Total reads the total of open issues from a gadget's page.
func Total(t testing.TB, page string) int {
	t.Helper()
	m := regexp.MustCompile(`data-count="open"[^>]*>(?:<(?:a|span)[^>]*>)?(\d+)`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("the page has no total:\n%s", page)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// OpenOf counts, as the site's admin, the open issues of a project that are
// assigned to one of the people, or to nobody.
func (r *Running) OpenOf(t *testing.T, project string, people []string) int {
	t.Helper()
	jql := workload.Scope{Projects: []string{project}, Team: people}.Open(workload.Everyone())
	return r.Count(t, r.Site.Objects().Dashboards[0].Owner, jql)
}

// Matches are the people that a structured query finds.
func (r *Running) Matches(t *testing.T, query string) (people []string) {
	t.Helper()
	var found struct{ Values []struct{ AccountID string } }
	r.Rest(t, r.Site.Objects().Dashboards[0].Owner, http.MethodGet, "/rest/api/3/user/search/query?maxResults=1000&query="+url.QueryEscape(query), nil, &found)
	for _, u := range found.Values {
		people = append(people, u.AccountID)
	}
	return people
}

// TrackerTime is how Jira writes times.
const TrackerTime = "2006-01-02T15:04:05.000-0700"
