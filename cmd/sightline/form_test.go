package main

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
)

// formCalls are what the form asks for while somebody types.
var formCalls = []string{"projects", "roles", "people"}

// pick makes one of those calls for a form as it stands.
func (b board) pick(t testing.TB, name, token string, form url.Values) page {
	t.Helper()
	return b.call(t, b.address("/gadget/workload/"+name)+"&"+form.Encode(), token)
}

// session is a token of the gadget for somebody who looks at it.
func (b board) session(t testing.TB, account string) string {
	t.Helper()
	return attribute(t, b.look(t, account).body, "data-session")
}

// saved is what Jira holds of the gadget.
func (b board) saved(t testing.TB) workload.GadgetConfig {
	t.Helper()
	var config struct{ Value workload.GadgetConfig }
	path := fmt.Sprintf("/rest/api/3/dashboard/%s/items/%s/properties/%s", b.dashboard.ID, b.item, workload.ConfigProperty)
	b.rest(t, b.dashboard.Owner, http.MethodGet, path, nil, &config)
	return config.Value
}

func whole() url.Values {
	return url.Values{
		"projects": {"HARB", "LANT"}, "q": {""}, "team": {"query"}, "role": {""}, "query": {"is reporter of HARB"},
		"window": {"30"}, "unit": {"days"}, "title": {"Who reported"}, "refresh": {"60"},
	}
}

// TestFormKeepsEveryField saves every field, finds it in Jira and in the form,
// and sees the team that was chosen, also who has nothing open.
func TestFormKeepsEveryField(t *testing.T) {
	t.Parallel()
	r := startProgram(t, connecttest.NewSite(t))
	r.install(t)
	b := newBoard(t, r, "HARB")
	session := b.session(t, b.dashboard.Owner)
	status, view := r.save(t, session, b.dashboard.ID, b.item, whole())
	if status != http.StatusOK || !strings.Contains(view, `data-fragment="workload"`) || !strings.Contains(view, `data-refresh="3600"`) {
		t.Fatalf("save: %d\n%s", status, view)
	}
	want := workload.GadgetConfig{
		Projects: []string{"HARB", "LANT"}, Query: "is reporter of HARB", Window: workload.Month, Unit: workload.UnitDays,
		Title: "Who reported", Refresh: workload.RefreshHourly,
	}
	if got := b.saved(t); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("saved %+v, want %+v", got, want)
	}
	var people struct {
		Values []struct{ AccountID string }
	}
	r.rest(t, b.dashboard.Owner, http.MethodGet, "/rest/api/3/user/search/query?maxResults=1000&query=is+reporter+of+HARB", nil, &people)
	if rows := strings.Count(view, `data-person="`) - strings.Count(view, `data-person=""`); rows != len(people.Values) || rows == 0 {
		t.Errorf("%d people are shown, the query finds %d", rows, len(people.Values))
	}
	form := b.call(t, b.address("/gadget/workload/form"), session)
	for _, text := range []string{
		`name="projects" value="HARB"`, "Harbour (HARB)", `name="projects" value="LANT"`, `name="team" value="query" checked`,
		">is reporter of HARB</textarea>", fmt.Sprintf("Finds %d people", len(people.Values)), `value="30" selected`,
		`value="days" selected`, `value="Who reported"`, `value="60" selected`, "8 hours a day, 5 days a week", `name="cancel"`,
	} {
		if !strings.Contains(form.body, text) {
			t.Errorf("the form lacks %s:\n%s", text, form.body)
		}
	}
	r.leaksNothing(t)
}

// TestFormPicksAsThePerson compares what the form offers with what Jira lets
// the owner of a dashboard see.
func TestFormPicksAsThePerson(t *testing.T) {
	t.Parallel()
	r := startProgram(t, connecttest.NewSite(t))
	r.install(t)
	for _, dashboard := range r.site.Objects().Dashboards[:2] {
		b := board{running: r, dashboard: dashboard, item: dashboard.Items[0].ID}
		b.configure(t, workload.GadgetConfig{Projects: []string{"HARB"}, Window: workload.Week, Unit: workload.UnitHours})
		session := b.session(t, dashboard.Owner)
		var seen struct{ Values []struct{ Key string } }
		r.rest(t, dashboard.Owner, http.MethodGet, "/rest/api/3/project/search?action=browse", nil, &seen)
		found := b.pick(t, "projects", session, url.Values{"projects": {"HARB"}})
		if got := strings.Count(found.body, "data-key="); got != len(seen.Values)-1 || strings.Contains(found.body, "HARB") {
			t.Errorf("%d projects are offered besides HARB, the owner sees %d\n%s", got, len(seen.Values), found.body)
		}
		found = b.pick(t, "projects", session, url.Values{"q": {" lanT "}})
		if !strings.Contains(found.body, `data-for="lanT"`) || strings.Count(found.body, "data-key=") != 1 || !strings.Contains(found.body, `data-key="LANT"`) {
			t.Errorf("search for lant:\n%s", found.body)
		}
		if found = b.pick(t, "projects", session, url.Values{"q": {strings.Repeat("ä", 4000)}}); found.status != http.StatusOK || !strings.Contains(found.body, "No project found") {
			t.Errorf("search for nothing: %d\n%s", found.status, found.body)
		}
	}
}

// TestFormRolesFollowTheProjects asks for the roles of several choices.
func TestFormRolesFollowTheProjects(t *testing.T) {
	t.Parallel()
	r := startProgram(t, connecttest.NewSite(t))
	r.install(t)
	b := newBoard(t, r, "HARB")
	session := b.session(t, b.dashboard.Owner)
	r.fault(t, connecttest.Fault{Path: "/rest/api/3/project/LANT/role", Status: 404})
	for name, tc := range map[string]struct {
		form   url.Values
		says   string
		offers bool
	}{
		"none":              {url.Values{}, "Choose projects first", false},
		"one":               {url.Values{"projects": {"HARB"}, "role": {"10000"}}, `value="10000" selected>Developers`, true},
		"one that is hid":   {url.Values{"projects": {"LANT"}, "role": {"10000"}}, "you are not an admin of any of these", false},
		"some that are hid": {url.Values{"projects": {"HARB", "LANT"}}, "You cannot see the roles of LANT", true},
		"no project keys":   {url.Values{"projects": {"../../myself", "", "."}}, "Choose projects first", false},
		"unknown role":      {url.Values{"projects": {"HARB"}, "role": {"777"}}, `selected>Role 777`, true},
	} {
		p := b.pick(t, "roles", session, tc.form)
		if p.status != http.StatusOK || !strings.Contains(p.body, tc.says) || strings.Contains(p.body, "Administrators") != tc.offers {
			t.Errorf("%s: %d\n%s", name, p.status, p.body)
		}
	}
}

// TestFormPreviewsPeople asks whom queries find, with the person's own rights.
func TestFormPreviewsPeople(t *testing.T) {
	t.Parallel()
	r := startProgram(t, connecttest.NewSite(t))
	r.install(t)
	b := newBoard(t, r, "HARB")
	session := b.session(t, b.dashboard.Owner)
	for query, says := range map[string]string{
		"is assignee of HARB": "and 1 more", "is assignee of NONE": "Finds 0 people",
		"is assignee\r\n of  HARB": "Finds 7 people",
		"is owner of HARB":         "This is not a user query from character 4 on: “owner of HARB”.",
		"is assignee of":           "The user query is incomplete.",
		strings.Repeat("x", 1001):  "Use at most 1,000 characters.",
		"is assignee of \x00":      "Use one line of plain text.",
	} {
		if p := b.pick(t, "people", session, url.Values{"query": {query}}); p.status != http.StatusOK || !strings.Contains(p.body, says) {
			t.Errorf("%q: %d, want %q\n%s", query, p.status, says, p.body)
		}
	}
	if p := b.pick(t, "people", session, url.Values{}); strings.Contains(p.body, "<p") {
		t.Errorf("no query: %s", p.body)
	}
	for status, says := range map[int]string{
		400: "Jira rejects this query", 403: "You are not allowed to search for people", 408: "took too long", 500: "The search for people failed", 429: "The search for people failed",
	} {
		r.site.ClearFaults()
		r.fault(t, connecttest.Fault{Path: "/rest/api/3/user/search/query", Status: status, Body: `{"errorMessages":["` + upstreamWords + `"]}`})
		p := b.pick(t, "people", session, url.Values{"query": {"is assignee of HARB"}})
		if p.status != http.StatusOK || !strings.Contains(p.body, says) {
			t.Errorf("%d: %d\n%s", status, p.status, p.body)
		}
		r.unseen(t, p)
	}
}

// TestFormIsForEditors tries everything of the form as somebody who may look
// at the dashboard and not edit it.
func TestFormIsForEditors(t *testing.T) {
	t.Parallel()
	r := startProgram(t, connecttest.NewSite(t))
	r.install(t)
	b := newBoard(t, r, "HARB")
	viewer := r.viewer(t, b.dashboard)
	session := b.session(t, viewer)
	contextToken, err := r.site.ContextToken(appKey, viewer)
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
		p := b.call(t, b.address("/gadget/workload/form"), token)
		refuses("form", p.status, p.body)
		for _, name := range formCalls {
			p := b.pick(t, name, token, url.Values{"projects": {"HARB"}, "query": {"is assignee of HARB"}})
			refuses(name, p.status, p.body)
		}
		for name, form := range map[string]url.Values{"save": whole(), "save wrongly": {"projects": {"x"}}} {
			status, body := r.save(t, token, b.dashboard.ID, b.item, form)
			refuses(name, status, body)
		}
	}
	for _, name := range formCalls {
		if p := b.pick(t, name, "", nil); p.status != http.StatusUnauthorized {
			t.Errorf("%s without a token: %d", name, p.status)
		}
	}
	if got := b.saved(t); got.Query != "" {
		t.Errorf("somebody else's form was saved: %+v", got)
	}
}

// TestFormComesBackWhenJiraFails saves while Jira fails in every way: nothing
// that was typed is lost, and nothing of Jira's words is shown.
func TestFormComesBackWhenJiraFails(t *testing.T) {
	t.Parallel()
	const property, everything = "/rest/api/3/dashboard/*/items/*/properties/*", "/rest/api/*"
	words := lang.New().English().Problem
	said := `{"errorMessages":["` + upstreamWords + `"]}`
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
			t.Parallel()
			r := startProgram(t, connecttest.NewSite(t))
			r.install(t)
			b := newBoard(t, r, "HARB")
			session := b.session(t, b.dashboard.Owner)
			r.fault(t, tc.fault)
			form := whole()
			form.Set("role", "10002")
			status, body := r.save(t, session, b.dashboard.ID, b.item, form)
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
			r.unseen(t, page{status: status, body: body})
			r.site.ClearFaults()
			if got := b.saved(t); tc.status != http.StatusGatewayTimeout && got.Query != "" {
				t.Errorf("saved after all: %+v", got)
			}
		})
	}
}

// TestFormSaysWhenItIsSavedAndCannotBeShown breaks what follows the saving.
func TestFormSaysWhenItIsSavedAndCannotBeShown(t *testing.T) {
	t.Parallel()
	r := startProgram(t, connecttest.NewSite(t))
	r.install(t)
	b := newBoard(t, r, "HARB")
	session := b.session(t, b.dashboard.Owner)
	r.fault(t, connecttest.Fault{Path: "/rest/api/3/search/jql", Status: 500})
	status, body := r.save(t, session, b.dashboard.ID, b.item, whole())
	if status != http.StatusOK || !strings.Contains(body, "Saved") || !strings.Contains(body, `data-action="view"`) {
		t.Errorf("status %d\n%s", status, body)
	}
	if got := b.saved(t); got.Title != "Who reported" {
		t.Errorf("saved %+v", got)
	}
}

// TestFormKeepsHiddenProjects edits a gadget that shows a project which its
// owner may not browse.
func TestFormKeepsHiddenProjects(t *testing.T) {
	t.Parallel()
	r := startProgram(t, connecttest.NewSite(t))
	r.install(t)
	b := newBoard(t, r, "HARB", "GONE")
	session := b.session(t, b.dashboard.Owner)
	form := b.call(t, b.address("/gadget/workload/form"), session)
	if !regexp.MustCompile(`(?s)class="pick pick-hidden">.{0,80}value="GONE">.{0,80}GONE\s*<em>not visible to you</em>`).MatchString(form.body) {
		t.Errorf("the project is not marked:\n%s", form.body)
	}
	values := whole()
	values["projects"] = []string{"HARB", "GONE"}
	if status, body := r.save(t, session, b.dashboard.ID, b.item, values); status != http.StatusOK {
		t.Errorf("save: %d\n%s", status, body)
	}
	if got := b.saved(t).Projects; fmt.Sprint(got) != "[HARB GONE]" {
		t.Errorf("saved %v", got)
	}
}

// TestTeamOfAQueryThatJiraRefuses looks at a gadget whose query Jira does not
// run for the viewer: everybody is shown, and why.
func TestTeamOfAQueryThatJiraRefuses(t *testing.T) {
	t.Parallel()
	for status, says := range map[int]string{
		400: "user query, so everybody is shown", 403: "not allowed to search for people", 408: "took too long to find the chosen team",
	} {
		r := startProgram(t, connecttest.NewSite(t))
		r.install(t)
		b := newBoard(t, r, "HARB")
		b.configure(t, workload.GadgetConfig{
			Projects: []string{"HARB"}, Query: "is voter of HARB", Window: workload.Fortnight, Unit: workload.UnitHours,
		})
		r.fault(t, connecttest.Fault{Path: "/rest/api/3/user/search/query", Status: status, Body: `{"errorMessages":["` + upstreamWords + `"]}`})
		p := b.look(t, b.dashboard.Owner)
		if p.status != http.StatusOK || !strings.Contains(p.body, says) || total(t, p.body) == 0 {
			t.Errorf("%d: %d\n%s", status, p.status, p.body)
		}
		if strings.Contains(p.body, "data-refresh") {
			t.Errorf("%d: a gadget that never refreshes says that it does", status)
		}
		r.unseen(t, p)
	}
}

// TestRoomPicksProjects searches in a room's dialog, whose people are those of
// the room.
func TestRoomPicksProjects(t *testing.T) {
	t.Parallel()
	r := startProgram(t, connecttest.NewSite(t))
	r.install(t)
	room := r.site.Objects().Conversations[0]
	r.setUpRoom(t, appKey, room, "HARB")
	token, err := r.site.ChatToken(appKey, room.ID, room.Members[0])
	if err != nil {
		t.Fatal(err)
	}
	for bearer, want := range map[string]int{token: http.StatusOK, "x": http.StatusUnauthorized} {
		req := newRequest(t, http.MethodGet, r.url+"/chat/setup/projects?q=lant", nil)
		req.Header.Set("Authorization", "Bearer "+bearer)
		if p := ask(t, req); p.status != want || strings.Contains(p.body, `data-key="LANT"`) != (want == http.StatusOK) {
			t.Errorf("status %d, want %d\n%s", p.status, want, p.body)
		}
	}
}
