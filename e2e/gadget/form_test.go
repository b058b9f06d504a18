package gadget

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
)

// formCalls are the calls that the form makes while somebody types.
var formCalls = []string{"projects", "roles", "people", "holidays", "crew"}

// pick makes one of those calls for a form as it stands.
func pick(t testing.TB, b harness.Board, name, token string, form url.Values) harness.Page {
	t.Helper()
	return b.Call(t, b.Address("/gadget/workload/"+name)+"&"+form.Encode(), token)
}

// boardSession is the gadget's session token for a viewer.
func boardSession(t testing.TB, b harness.Board, account string) string {
	t.Helper()
	return harness.Attribute(t, b.Look(t, account).Body, "data-session")
}

// saved is the gadget's configuration in Jira.
func saved(t testing.TB, b harness.Board) workload.GadgetConfig {
	t.Helper()
	var config struct{ Value workload.GadgetConfig }
	path := fmt.Sprintf("/rest/api/3/dashboard/%s/items/%s/properties/%s", b.Dashboard.ID, b.Item, workload.ConfigProperty)
	b.Rest(t, b.Dashboard.Owner, http.MethodGet, path, nil, &config)
	return config.Value
}

func whole() url.Values {
	return url.Values{
		"projects": {"HARB", "LANT"}, "q": {""}, "team": {"query"}, "role": {""}, "query": {"is reporter of HARB"},
		"window": {"30"}, "unit": {"days"}, "title": {"Who reported"}, "refresh": {"60"},
	}
}

// TestFormKeepsEveryField saves every field, finds it in Jira and in the form,
// and sees the chosen team, including people with nothing open.
func TestFormKeepsEveryField(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	session := boardSession(t, b, b.Dashboard.Owner)
	status, view := r.Save(t, session, b.Dashboard.ID, b.Item, whole())
	if status != http.StatusOK || !strings.Contains(view, `data-fragment="workload"`) || !strings.Contains(view, `data-refresh="3600"`) {
		t.Fatalf("save: %d\n%s", status, view)
	}
	want := workload.GadgetConfig{
		Projects: []string{"HARB", "LANT"}, Query: "is reporter of HARB", Window: workload.Month, Unit: workload.UnitDays,
		Title: "Who reported", Refresh: workload.RefreshHourly,
	}
	if got := saved(t, b); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("saved %+v, want %+v", got, want)
	}
	var people struct {
		Values []struct{ AccountID string }
	}
	r.Rest(t, b.Dashboard.Owner, http.MethodGet, "/rest/api/3/user/search/query?maxResults=1000&query=is+reporter+of+HARB", nil, &people)
	if rows := strings.Count(view, `data-person="`) - strings.Count(view, `data-person=""`); rows != len(people.Values) || rows == 0 {
		t.Errorf("%d people are shown, the query finds %d", rows, len(people.Values))
	}
	form := b.Call(t, b.Address("/gadget/workload/form"), session)
	for _, text := range []string{
		`name="projects" value="HARB"`, "Harbour (HARB)", `name="projects" value="LANT"`, `name="team" value="query" checked`,
		">is reporter of HARB</textarea>", fmt.Sprintf("Finds %d people", len(people.Values)), `value="30" selected`,
		`value="days" selected`, `value="Who reported"`, `value="60" selected`, "8 hours a day, 5 days a week", `name="cancel"`,
	} {
		if !strings.Contains(form.Body, text) {
			t.Errorf("the form lacks %s:\n%s", text, form.Body)
		}
	}
	r.LeaksNothing(t)
}

// TestFormPicksAsThePerson compares what the form offers with what Jira lets
// the owner of a dashboard see.
func TestFormPicksAsThePerson(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	for _, dashboard := range r.Site.Objects().Dashboards[:2] {
		b := harness.Board{Running: r, Dashboard: dashboard, Item: dashboard.Items[0].ID}
		b.Configure(t, workload.GadgetConfig{Projects: []string{"HARB"}, Window: workload.Week, Unit: workload.UnitHours})
		session := boardSession(t, b, dashboard.Owner)
		var seen struct{ Values []struct{ Key string } }
		r.Rest(t, dashboard.Owner, http.MethodGet, "/rest/api/3/project/search?action=browse", nil, &seen)
		found := pick(t, b, "projects", session, url.Values{"projects": {"HARB"}})
		if got := strings.Count(found.Body, "data-key="); got != len(seen.Values)-1 || strings.Contains(found.Body, "HARB") {
			t.Errorf("%d projects are offered in addition to HARB, the owner sees %d\n%s", got, len(seen.Values), found.Body)
		}
		found = pick(t, b, "projects", session, url.Values{"q": {" lanT "}})
		if !strings.Contains(found.Body, `data-for="lanT"`) || strings.Count(found.Body, "data-key=") != 1 || !strings.Contains(found.Body, `data-key="LANT"`) {
			t.Errorf("search for lant:\n%s", found.Body)
		}
		if found = pick(t, b, "projects", session, url.Values{"q": {strings.Repeat("ä", 4000)}}); found.Status != http.StatusOK || !strings.Contains(found.Body, "No project found") {
			t.Errorf("search for nothing: %d\n%s", found.Status, found.Body)
		}
	}
}

// TestFormRolesFollowTheProjects asks for the roles of several choices.
func TestFormRolesFollowTheProjects(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	session := boardSession(t, b, b.Dashboard.Owner)
	r.Fault(t, connecttest.Fault{Path: "/rest/api/3/project/LANT/role", Status: 404})
	for name, tc := range map[string]struct {
		form   url.Values
		says   string
		offers bool
	}{
		"none":               {url.Values{}, "Choose projects first", false},
		"one":                {url.Values{"projects": {"HARB"}, "role": {"10000"}}, `value="10000" selected>Developers`, true},
		"only the names":     {url.Values{"projects": {"LANT"}, "role": {"10000"}}, `value="10000" selected>Developers`, true},
		"and who knows more": {url.Values{"projects": {"LANT"}, "role": {"10000"}}, "only to the admins of LANT", true},
		"of one of two":      {url.Values{"projects": {"HARB", "LANT"}}, "only to the admins of LANT", true},
		"one that is hid":    {url.Values{"projects": {"NOPE"}, "role": {"10000"}}, "you are not an admin of any of these", false},
		"some that are hid":  {url.Values{"projects": {"HARB", "NOPE"}}, "You cannot see the roles of NOPE", true},
		"somebody's choice":  {url.Values{"projects": {"NOPE"}, "role": {"777"}, "roleName": {"The <crew>"}}, `value="777" selected>The &lt;crew&gt;`, false},
		"no project keys":    {url.Values{"projects": {"../../myself", "", "."}}, "Choose projects first", false},
		"unknown role":       {url.Values{"projects": {"HARB"}, "role": {"777"}}, `selected>Role 777`, true},
	} {
		p := pick(t, b, "roles", session, tc.form)
		if p.Status != http.StatusOK || !strings.Contains(p.Body, tc.says) || strings.Contains(p.Body, "Administrators") != tc.offers {
			t.Errorf("%s: %d\n%s", name, p.Status, p.Body)
		}
	}
}

// TestFormPreviewsPeople asks which people a query finds, with the person's own
// rights.
func TestFormPreviewsPeople(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	session := boardSession(t, b, b.Dashboard.Owner)
	for query, says := range map[string]string{
		"is assignee of HARB": "and 1 more", "is assignee of NONE": "Finds 0 people",
		"is assignee\r\n of  HARB": "Finds 7 people",
		"is owner of HARB":         "This is not a user query from character 4 on: “owner of HARB”.",
		"is assignee of":           "The user query is incomplete.",
		strings.Repeat("x", 1001):  "Use at most 1,000 characters.",
		"is assignee of \x00":      "Use one line of plain text.",
	} {
		if p := pick(t, b, "people", session, url.Values{"query": {query}}); p.Status != http.StatusOK || !strings.Contains(p.Body, says) {
			t.Errorf("%q: %d, want %q\n%s", query, p.Status, says, p.Body)
		}
	}
	if p := pick(t, b, "people", session, url.Values{}); strings.Contains(p.Body, "<p") {
		t.Errorf("no query: %s", p.Body)
	}
	for status, says := range map[int]string{
		400: "Jira rejects this query", 403: "You are not allowed to search for people", 408: "took too long", 500: "The search for people failed", 429: "The search for people failed",
	} {
		r.Site.ClearFaults()
		r.Fault(t, connecttest.Fault{Path: "/rest/api/3/user/search/query", Status: status, Body: `{"errorMessages":["` + harness.UpstreamWords + `"]}`})
		p := pick(t, b, "people", session, url.Values{"query": {"is assignee of HARB"}})
		if p.Status != http.StatusOK || !strings.Contains(p.Body, says) {
			t.Errorf("%d: %d\n%s", status, p.Status, p.Body)
		}
		r.Unseen(t, p)
	}
}

// TestFormIsForEditors tries every call of the form as a person who may see the
// dashboard but not edit it.
func TestFormIsForEditors(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	viewer := r.Viewer(t, b.Dashboard)
	session := boardSession(t, b, viewer)
	contextToken, err := r.Site.ContextToken(harness.AppKey, viewer)
	if err != nil {
		t.Fatal(err)
	}
	refuses := func(name string, status int, body string) {
		t.Helper()
		if status != http.StatusForbidden || strings.Contains(body, "<form") || strings.Contains(body, "data-key=") || strings.Contains(body, "Finds") {
			t.Errorf("%s: %d, want 403\n%s", name, status, body)
		}
		if !strings.Contains(body, "Only people who can edit this dashboard") {
			t.Errorf("%s is not told why:\n%s", name, body)
		}
	}
	for _, token := range []string{session, contextToken} {
		p := b.Call(t, b.Address("/gadget/workload/form"), token)
		refuses("form", p.Status, p.Body)
		for _, name := range formCalls {
			p := pick(t, b, name, token, url.Values{"projects": {"HARB"}, "query": {"is assignee of HARB"}})
			refuses(name, p.Status, p.Body)
		}
		for name, form := range map[string]url.Values{"save": whole(), "save wrongly": {"projects": {"x"}}} {
			status, body := r.Save(t, token, b.Dashboard.ID, b.Item, form)
			refuses(name, status, body)
		}
	}
	for _, name := range formCalls {
		if p := pick(t, b, name, "", nil); p.Status != http.StatusUnauthorized {
			t.Errorf("%s without a token: %d", name, p.Status)
		}
	}
	if got := saved(t, b); got.Query != "" {
		t.Errorf("somebody else's form was saved: %+v", got)
	}
}

// TestFormComesBackWhenJiraFails saves while Jira fails in every way: nothing
// typed is lost, and none of Jira's words are shown.
func TestFormComesBackWhenJiraFails(t *testing.T) {
	t.Parallel()
	const property, everything = "/rest/api/3/dashboard/*/items/*/properties/*", "/rest/api/*"
	words := lang.New().English().Problem
	said := `{"errorMessages":["` + harness.UpstreamWords + `"]}`
	for name, tc := range map[string]struct {
		fault  connecttest.Fault
		status int
		says   string
	}{
		"400":           {connecttest.Fault{Path: property, Method: http.MethodPut, Status: 400, Body: said}, 502, "Jira rejected these settings"},
		"413":           {connecttest.Fault{Path: property, Method: http.MethodPut, Status: 413, Body: said}, 502, "Jira rejected these settings"},
		"403":           {connecttest.Fault{Path: property, Method: http.MethodPut, Status: 403, Body: said}, 403, words(lang.ProblemNotOwner)},
		"404":           {connecttest.Fault{Path: property, Method: http.MethodPut, Status: 404, Body: said}, 403, words(lang.ProblemNotOwner)},
		"429":           {connecttest.Fault{Path: property, Method: http.MethodPut, Status: 429, RetryAfter: 120, Body: said}, 429, words(lang.ProblemRateLimited)},
		"500":           {connecttest.Fault{Path: property, Method: http.MethodPut, Status: 500, Body: said}, 502, words(lang.ProblemRefused)},
		"no connection": {connecttest.Fault{Path: property, Method: http.MethodPut, Reset: true}, 502, words(lang.ProblemUnreachable)},
		"slow":          {connecttest.Fault{Path: property, Method: http.MethodPut, DelayMs: 60_000}, 504, "Jira did not say whether it saved"},
		"all of Jira":   {connecttest.Fault{Path: everything, Status: 503, Body: said}, 502, words(lang.ProblemRefused)},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "slow" {
				harness.Long(t) // the save's whole limit
			}
			t.Parallel()
			r := harness.Start(t, connecttest.NewSite(t))
			r.Install(t)
			b := harness.NewBoard(t, r, "HARB")
			session := boardSession(t, b, b.Dashboard.Owner)
			r.Fault(t, tc.fault)
			form := whole()
			form.Set("role", "10002")
			status, body := r.Save(t, session, b.Dashboard.ID, b.Item, form)
			if status != tc.status || !regexp.MustCompile(`role="alert">[^<]*`+regexp.QuoteMeta(tc.says)).MatchString(body) {
				t.Errorf("status %d, want %d and %q\n%s", status, tc.status, tc.says, body)
			}
			for _, text := range []string{
				`name="projects" value="HARB"`, `name="projects" value="LANT"`, `name="team" value="query" checked`, `value="10002" selected`,
				">is reporter of HARB</textarea>", `value="30" selected`, `value="days" selected`, `value="Who reported"`, `value="60" selected`,
			} {
				if !strings.Contains(body, text) {
					t.Errorf("the form lost %s:\n%s", text, body)
				}
			}
			r.Unseen(t, harness.Page{Status: status, Body: body})
			r.Site.ClearFaults()
			if got := saved(t, b); tc.status != http.StatusGatewayTimeout && got.Query != "" {
				t.Errorf("saved after all: %+v", got)
			}
		})
	}
}

// TestFormSaysWhenItIsSavedAndCannotBeShown breaks what follows saving.
func TestFormSaysWhenItIsSavedAndCannotBeShown(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	session := boardSession(t, b, b.Dashboard.Owner)
	r.Fault(t, connecttest.Fault{Path: "/rest/api/3/search/jql", Status: 500})
	status, body := r.Save(t, session, b.Dashboard.ID, b.Item, whole())
	if status != http.StatusOK || !strings.Contains(body, "Saved") || !strings.Contains(body, `data-action="view"`) {
		t.Errorf("status %d\n%s", status, body)
	}
	if got := saved(t, b); got.Title != "Who reported" {
		t.Errorf("saved %+v", got)
	}
}

// TestFormGoesOnceThePropertyIsRepaired writes the property past the app: one that makes
// no sense opens the form, and one that does ends that.
func TestFormGoesOnceThePropertyIsRepaired(t *testing.T) {
	t.Parallel()
	clock := &harness.Clock{}
	r := harness.Start(t, connecttest.NewSite(t, connecttest.Options{Now: clock.Now}), harness.By(clock))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB")
	config := saved(t, b)
	put := func(value any) {
		path := fmt.Sprintf("/rest/api/3/dashboard/%s/items/%s/properties/%s", b.Dashboard.ID, b.Item, workload.ConfigProperty)
		b.Rest(t, b.Dashboard.Owner, http.MethodPut, path, value, nil)
	}
	put(map[string]any{"projects": []string{"HARB"}, "window": 3})
	if body := b.Look(t, b.Dashboard.Owner).Body; !strings.Contains(body, `data-fragment="config"`) {
		t.Fatalf("no form:\n%s", body)
	}
	put(config)
	clock.Forward(time.Minute) // a view is fresh for less, a copy for more
	harness.Eventually(t, "a gadget with numbers", func() bool {
		return strings.Contains(b.Look(t, b.Dashboard.Owner).Body, `data-fragment="workload"`)
	})
}

// TestFormKeepsHiddenProjects edits a gadget that shows a project which its
// owner may not browse.
func TestFormKeepsHiddenProjects(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	b := harness.NewBoard(t, r, "HARB", "GONE")
	session := boardSession(t, b, b.Dashboard.Owner)
	form := b.Call(t, b.Address("/gadget/workload/form"), session)
	if !regexp.MustCompile(`(?s)class="pick pick-hidden">.{0,80}value="GONE">.{0,80}GONE\s*<em>not visible to you</em>`).MatchString(form.Body) {
		t.Errorf("the project is not marked:\n%s", form.Body)
	}
	values := whole()
	values["projects"] = []string{"HARB", "GONE"}
	if status, body := r.Save(t, session, b.Dashboard.ID, b.Item, values); status != http.StatusOK {
		t.Errorf("save: %d\n%s", status, body)
	}
	if got := saved(t, b).Projects; fmt.Sprint(got) != "[HARB GONE]" {
		t.Errorf("saved %v", got)
	}
}

// TestTeamOfAQueryThatJiraRefuses opens a gadget whose query Jira does not run
// for the viewer: everybody is shown, with the reason.
func TestTeamOfAQueryThatJiraRefuses(t *testing.T) {
	t.Parallel()
	for status, says := range map[int]string{
		400: "user query, so everybody is shown", 403: "not allowed to search for people", 408: "took too long to find the chosen team",
	} {
		r := harness.Start(t, connecttest.NewSite(t))
		r.Install(t)
		b := harness.NewBoard(t, r, "HARB")
		b.Configure(t, workload.GadgetConfig{
			Projects: []string{"HARB"}, Query: "is voter of HARB", Window: workload.Fortnight, Unit: workload.UnitHours,
		})
		r.Fault(t, connecttest.Fault{Path: "/rest/api/3/user/search/query", Status: status, Body: `{"errorMessages":["` + harness.UpstreamWords + `"]}`})
		p := b.Look(t, b.Dashboard.Owner)
		if p.Status != http.StatusOK || !strings.Contains(p.Body, says) || harness.Total(t, p.Body) == 0 {
			t.Errorf("%d: %d\n%s", status, p.Status, p.Body)
		}
		if strings.Contains(p.Body, "data-refresh") {
			t.Errorf("%d: a gadget that never refreshes says that it does", status)
		}
		r.Unseen(t, p)
	}
}

// TestRoomPicksProjects searches in a room's dialog, which is open to the
// room's members.
func TestRoomPicksProjects(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	r.Install(t)
	room := r.Site.Objects().Conversations[0]
	r.SetUpRoom(t, harness.AppKey, room, "HARB")
	token, err := r.Site.ChatToken(harness.AppKey, room.ID, room.Members[0])
	if err != nil {
		t.Fatal(err)
	}
	for bearer, want := range map[string]int{token: http.StatusOK, "x": http.StatusUnauthorized} {
		req := harness.NewRequest(t, http.MethodGet, r.URL+"/chat/setup/projects?q=lant", nil)
		req.Header.Set("Authorization", "Bearer "+bearer)
		if p := harness.Ask(t, req); p.Status != want || strings.Contains(p.Body, `data-key="LANT"`) != (want == http.StatusOK) {
			t.Errorf("status %d, want %d\n%s", p.Status, want, p.Body)
		}
	}
}
