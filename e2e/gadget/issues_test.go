package gadget

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/internal/workload"
)

// get makes one of the gadget's later calls.
func get(t testing.TB, d harness.Desk, name string, query url.Values) (int, string) {
	t.Helper()
	query.Set("dashboardId", d.Dashboard)
	query.Set("dashboardItemId", d.Item)
	req := harness.NewRequest(t, http.MethodGet, d.URL+"/gadget/workload/"+name+"?"+query.Encode(), nil)
	req.Header.Set("Authorization", "JWT "+d.Session)
	return harness.Fetch(t, req)
}

var listed = regexp.MustCompile(`(?s)<li class="issue([^"]*)" data-issue="([^"]+)">(.*?)</li>`)

var restOf = regexp.MustCompile(`(?s)<span data-rest>([0-9]+)`)

// TestPersonIssues compares each person's list with Jira's own search: the same
// issues, sorted by due date, the overdue ones marked in words.
func TestPersonIssues(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t)
	d := r.Desk(t, dashboard.Owner, dashboard, item)
	team := harness.ReadTeam(t, r.Gadget(t, d.Account, d.Dashboard, d.Item))
	rows := append(team.Rows, harness.ShownRow{Name: "Unassigned", Figures: team.Unassigned})
	for _, row := range rows {
		status, body := get(t, d, "person", url.Values{"account": {row.Account}})
		if status != http.StatusOK || !strings.Contains(body, `data-fragment="issues"`) || !strings.Contains(body, "Open issues: "+html.EscapeString(row.Name)) {
			t.Fatalf("%s: %d\n%.500s", row.Name, status, body)
		}
		if count := fmt.Sprintf("(%d)</h2>", row.Figures.Open); !strings.Contains(body, count) {
			t.Errorf("%s: the heading does not say %s", row.Name, count)
		}
		_, ungrouped := get(t, d, "person", url.Values{"account": {row.Account}, "group": {"none"}})
		found := listed.FindAllStringSubmatch(ungrouped, -1)
		if len(found) != min(row.Figures.Open, 100) {
			t.Errorf("%s: %d issues, want %d", row.Name, len(found), row.Figures.Open)
		}
		late, undated := 0, false
		for i, m := range found {
			hasDate := strings.Contains(m[3], `class="due`)
			if strings.Contains(m[1], "issue-late") {
				late++
				if i != late-1 || !strings.Contains(harness.PlainText(m[3]), "Overdue, ") {
					t.Errorf("%s: %s is overdue, in place %d, and says %q", row.Name, m[2], i, harness.PlainText(m[3]))
				}
			}
			if hasDate && undated {
				t.Errorf("%s: %s has a date below one that has none", row.Name, m[2])
			}
			undated = undated || !hasDate
		}
		if late != row.Figures.Overdue {
			t.Errorf("%s: %d overdue, want %d", row.Name, late, row.Figures.Overdue)
		}
	}
	for _, account := range []string{"nobody-known", `" OR key != "`, strings.Repeat("x", 5000)} {
		if status, _ := get(t, d, "person", url.Values{"account": {account}}); status != http.StatusNotFound {
			t.Errorf("%.20q: %d, want 404", account, status)
		}
	}
}

// TestPersonWithManyIssues: a hundred are shown, the rest is counted.
func TestPersonWithManyIssues(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t, manyIssues("<b>one of many</b>")))
	r.Install(t)
	b := harness.NewBoard(t, r, "ABC")
	ann := r.Site.People()[slices.IndexFunc(r.Site.People(), func(p connecttest.Person) bool { return p.DisplayName == "Ann" })].AccountID
	d := r.Desk(t, b.Dashboard.Owner, b.Dashboard, b.Item)
	status, body := get(t, d, "person", url.Values{"account": {ann}})
	if status != http.StatusOK {
		t.Fatalf("%d\n%.500s", status, body)
	}
	if n := len(listed.FindAllString(body, -1)); n != 100 {
		t.Errorf("%d issues, want 100", n)
	}
	if m := restOf.FindStringSubmatch(body); m == nil || m[1] != "220" {
		t.Errorf("the rest is %q, want 220", m)
	}
	if strings.Contains(body, "<b>") || !strings.Contains(body, "&lt;b&gt;one of many&lt;/b&gt;") {
		t.Error("a summary is markup")
	}
	if !strings.Contains(body, r.Site.URL()+"/issues/?jql=") {
		t.Error("no link to Jira's search")
	}
}

// TestIssueDetails shows an issue as far as its viewer may see it, all as text.
func TestIssueDetails(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t)
	d := r.Desk(t, dashboard.Owner, dashboard, item)
	key := r.Site.Objects().Projects[0].Key + "-1"
	due := time.Now().AddDate(0, 0, -3).Format(time.DateOnly)
	r.Rest(t, d.Account, http.MethodPut, "/rest/api/3/issue/"+key, map[string]any{"fields": map[string]any{
		"summary": "<script>alert(1)</script> & more", "duedate": due, "labels": []string{"one", "two"},
		"description": json.RawMessage(`{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"<img src=x> first"}]},{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"second"}]}]}]}]}`),
	}}, nil)
	status, body := get(t, d, "issue", url.Values{"key": {key}})
	if status != http.StatusOK {
		t.Fatalf("%d\n%s", status, body)
	}
	for _, want := range []string{
		`data-fragment="issue"`, `data-action="back"`, `&lt;script&gt;alert(1)&lt;/script&gt; &amp; more`, `&lt;img src=x&gt; first`, "• second",
		`<span class="chip">one</span>`, "Overdue, ", "Assignee", "Reporter", `href="` + r.Site.URL() + "/browse/" + key + `"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
	for _, key := range []string{"", "HARB", "harb-1", "HARB-1/../../myself", "HARB-1?x", "HARB-99999999999999999999"} {
		if status, _ := get(t, d, "issue", url.Values{"key": {key}}); status != http.StatusNotFound {
			t.Errorf("%q: %d, want 404", key, status)
		}
	}
	status, body = get(t, d, "issue", url.Values{"key": {"HARB-999999"}})
	if status != http.StatusOK || !strings.Contains(body, "You cannot see this issue") || !strings.Contains(body, `data-action="back"`) {
		t.Errorf("an issue that is not there: %d\n%s", status, body)
	}
}

// TestIssueDetailsShowFiles: attachments have names, sizes and addresses in
// Jira.
func TestIssueDetailsShowFiles(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t)
	d := r.Desk(t, dashboard.Owner, dashboard, item)
	var found struct{ Issues []struct{ Key string } }
	r.Rest(t, d.Account, http.MethodGet, "/rest/api/3/search/jql?fields=key&maxResults=5000&jql="+url.QueryEscape("project is not EMPTY"), nil, &found)
	for _, i := range found.Issues {
		var issue struct {
			Fields struct {
				Attachment []struct{ ID, Filename string }
			}
		}
		r.Rest(t, d.Account, http.MethodGet, "/rest/api/3/issue/"+i.Key+"?fields=attachment", nil, &issue)
		if len(issue.Fields.Attachment) == 0 {
			continue
		}
		_, body := get(t, d, "issue", url.Values{"key": {i.Key}})
		for _, a := range issue.Fields.Attachment {
			if !strings.Contains(body, a.Filename) || !strings.Contains(body, r.Site.URL()+"/rest/api/3/attachment/content/"+a.ID) {
				t.Errorf("%s: no %s in\n%s", i.Key, a.Filename, body)
			}
		}
		return
	}
	t.Fatal("no issue has a file")
}

// TestHiddenIssues: a viewer does not get what only others may see, neither as
// an issue nor in a person's list.
func TestHiddenIssues(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t)
	owner := r.Desk(t, dashboard.Owner, dashboard, item)
	for _, p := range r.Site.People() {
		if p.AccountID == dashboard.Owner || p.App || !p.Active || p.Email == "" {
			continue
		}
		d := r.Desk(t, p.AccountID, dashboard, item)
		var browsable struct{ Values []struct{ Key string } }
		r.Rest(t, p.AccountID, http.MethodGet, "/rest/api/3/project/search?action=browse", nil, &browsable)
		for _, project := range r.Site.Objects().Projects {
			if slices.ContainsFunc(browsable.Values, func(v struct{ Key string }) bool { return v.Key == project.Key }) {
				continue
			}
			key := project.Key + "-1"
			if _, body := get(t, owner, "issue", url.Values{"key": {key}}); strings.Contains(body, "You cannot see") {
				continue
			}
			if _, body := get(t, d, "issue", url.Values{"key": {key}}); !strings.Contains(body, "You cannot see this issue") {
				t.Errorf("%s sees %s:\n%s", p.DisplayName, key, body)
			}
			if _, body := get(t, d, "person", url.Values{"account": {""}}); strings.Contains(body, `data-issue="`+project.Key+"-") {
				t.Errorf("%s sees issues of %s in a list", p.DisplayName, project.Key)
			}
			return
		}
	}
	t.Fatal("everybody sees everything")
}

// TestSidebarSharesPreferencesAndIssues: what is chosen in the chat holds in the
// gadget, and the sidebar looks at issues too.
func TestSidebarSharesPreferencesAndIssues(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t)
	app := r.Site.Objects().Conversations[0]
	installed, err := r.Site.InstallChat(t.Context(), r.URL+"/atlassian-chat.json", app.ID, onsite.ChatClientID, onsite.ChatClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	member := app.Members[0]
	if status, body := r.SaveRoom(t, installed.Key, app.ID, member, url.Values{"projects": {"HARB"}, "window": {"14"}, "zone": {"UTC"}}); status != http.StatusOK {
		t.Fatalf("save room: %d\n%s", status, body)
	}
	token, err := r.Site.ChatToken(installed.Key, app.ID, member)
	if err != nil {
		t.Fatal(err)
	}
	call := func(method, path, body string) (int, string) {
		req := harness.NewRequest(t, method, r.URL+path, strings.NewReader(body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Authorization", "Bearer "+token)
		return harness.Fetch(t, req)
	}
	d := r.Desk(t, member, dashboard, item)
	status, body := call(http.MethodPost, "/chat/sidebar/preferences", "compact=on")
	if status != http.StatusOK || !strings.Contains(body, `class="workload compact"`) {
		t.Errorf("sidebar: %d\n%.500s", status, body)
	}
	if page := r.Gadget(t, d.Account, d.Dashboard, d.Item); !strings.Contains(page, `class="workload compact"`) {
		t.Error("the gadget does not know")
	}
	if got := held(t, d); !got.Compact {
		t.Errorf("Jira holds %+v", got)
	}
	m := regexp.MustCompile(`data-open="([^"]*)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatal("nobody to look at")
	}
	if status, body = call(http.MethodGet, html.UnescapeString(m[1]), ""); status != http.StatusOK || !strings.Contains(body, `data-fragment="issues"`) {
		t.Errorf("issues: %d\n%.500s", status, body)
	}
	m = regexp.MustCompile(`data-open="([^"]*)"`).FindStringSubmatch(body)
	if status, body = call(http.MethodGet, html.UnescapeString(m[1]), ""); status != http.StatusOK || !strings.Contains(body, `data-fragment="issue"`) {
		t.Errorf("issue: %d\n%.500s", status, body)
	}
}

// TestSlowFirstLook: a page whose data is late comes without it, and its
// script's call brings the numbers of the same reading.
func TestSlowFirstLook(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t, harness.AsPeople)
	if err := r.Site.AddFault(connecttest.Fault{Path: harness.SearchPath, DelayMs: 2500}); err != nil {
		t.Fatal(err)
	}
	address, err := r.Site.ModuleURL(harness.AppKey, "workload", dashboard.Owner, dashboard.ID, item)
	if err != nil {
		t.Fatal(err)
	}
	m, start := r.Meter(), time.Now()
	status, page := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, address, nil))
	if took := time.Since(start); status != http.StatusOK || took < time.Second || took > 2300*time.Millisecond {
		t.Errorf("status %d after %s, want 200 after 1.2 s", status, took)
	}
	if !strings.Contains(page, `data-fragment="loading"`) || !strings.Contains(page, " data-stale") {
		t.Fatalf("no skeleton:\n%s", page)
	}
	if body := r.Refreshed(t, page, dashboard.ID, item); !strings.Contains(body, `data-fragment="workload"`) {
		t.Errorf("the script gets\n%.500s", body)
	}
	searches := map[string]int{}
	for _, c := range m.Calls() {
		if c.Path == harness.SearchPath {
			searches[c.Query]++
		}
	}
	for query, n := range searches {
		if n != 1 {
			t.Errorf("%d times: %s", n, query)
		}
	}
	start = time.Now()
	if _, page = harness.Fetch(t, harness.NewRequest(t, http.MethodGet, address, nil)); time.Since(start) > time.Second || !strings.Contains(page, `data-fragment="workload"`) {
		t.Errorf("a cached page took %s", time.Since(start))
	}
}

// TestAppsApart: no total includes an app's issues or hours; a viewer can show
// them separately, and the totals' links find exactly what they count.
func TestAppsApart(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t)
	d := r.Desk(t, dashboard.Owner, dashboard, item)
	var bot connecttest.Person
	for _, p := range r.Site.People() {
		if p.App && p.DisplayName != "" && p.AccountID != "" && bot.AccountID == "" && !strings.Contains(p.DisplayName, "Sightline") {
			bot = p
		}
	}
	if bot.AccountID == "" {
		t.Fatal("the site has no bot")
	}
	page := deskChosen(t, d, "compact", "off")
	before := harness.ReadTeam(t, page)
	if strings.Contains(page, `class="apps"`) || strings.Contains(page, bot.DisplayName) {
		t.Error("apps are shown unasked")
	}
	if !strings.Contains(page, `name="bots" value="on"`) {
		t.Fatalf("no switch for the hours of %s", bot.DisplayName)
	}
	page = deskChosen(t, d, "bots", "on")
	if !strings.Contains(page, `class="apps"`) || !strings.Contains(page, bot.DisplayName) || !strings.Contains(page, "not in the totals") {
		t.Errorf("apps are not shown:\n%.500s", page)
	}
	if after := harness.ReadTeam(t, page); after.Totals != before.Totals {
		t.Errorf("the totals became %+v, were %+v", after.Totals, before.Totals)
	}
	m := regexp.MustCompile(`(?s)<dd data-count="open"><a href="([^"]*)"`).FindStringSubmatch(page)
	u, err := url.Parse(html.UnescapeString(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	if n := r.Count(t, d.Account, u.Query().Get("jql")); n != before.Totals.Open {
		t.Errorf("the link of %d open issues finds %d", before.Totals.Open, n)
	}
	if got := held(t, d); !got.Bots || got.Sort != workload.ByOpen.First() {
		t.Errorf("Jira holds %+v", got)
	}
}
