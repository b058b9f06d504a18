package jirarest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

func TestRefusesBeforeAnyOperation(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.refuses([]refusal{
		{lead, "GET", "/rest/api/3/nothing", "", 404, "/rest/api/3/nothing"},
		{lead, "GET", "/rest/api/4/myself", "", 404, ""},
		{lead, "GET", "/rest/api/3", "", 404, ""},
		{lead, "GET", "/rest/api/3/issue/HARB-1/worklog/1/x", "", 404, ""},
		{lead, "POST", "/rest/api/3/myself", "{}", 405, ""},
		{lead, "PUT", "/rest/api/3/project/search", "{}", 405, ""},
		{lead, "DELETE", "/rest/api/3/search/jql", "", 405, ""},
		{lead, "PUT", "/rest/api/3/user/properties/?accountId=x", "{}", 405, ""},
		{nobody, "GET", "/rest/api/3/myself", "", 401, "authenticated"},
		{inactive, "GET", "/rest/api/3/serverInfo", "", 401, ""},
		{"stranger", "GET", "/rest/api/3/serverInfo", "", 401, ""},
		{lead, "POST", "/rest/api/3/search/jql", "{", 400, "Invalid request payload"},
		{lead, "POST", "/rest/api/3/search/jql", "", 400, "Invalid request payload"},
		{lead, "POST", "/rest/api/3/search/jql", `{"jql":"key = HARB-1"} x`, 400, "Invalid request payload"},
		{lead, "POST", "/rest/api/3/search/jql", `{"jql":"key = HARB-1"}}`, 400, "Invalid request payload"},
		{lead, "POST", "/rest/api/3/search/jql", `{"query":"key = HARB-1"}`, 400, "Invalid request payload"},
		{lead, "POST", "/rest/api/3/search/jql", `[]`, 400, "Invalid request payload"},
		{lead, "POST", "/rest/api/3/search/jql", `"` + strings.Repeat("x", 5<<20) + `"`, 413, ""},
	})
	s.send(lead, "POST", "/rest/api/3/search/jql", "{}", "Content-Type", "text/plain").fails(415, "")
	if got := s.send(lead, "POST", "/rest/api/3/issue/HARB-1", "{}").header.Get("Allow"); got != "DELETE, GET, PUT" {
		t.Errorf("Allow: got %q", got)
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.world.AddApp("acme", "Acme")
	tests := []struct {
		scopes, method, path, body string
		want                       int
	}{
		{"READ", "GET", "/rest/api/3/myself", "", 200},
		{"read", "GET", "/rest/api/3/issue/HARB-1", "", 200},
		{"write", "GET", "/rest/api/3/issue/HARB-1", "", 200},
		{"ADMIN", "PUT", "/rest/api/3/issue/HARB-1", `{"fields":{"summary":"x"}}`, 204},
		{"READ", "PUT", "/rest/api/3/issue/HARB-1", `{"fields":{"summary":"x"}}`, 403},
		{"WRITE", "DELETE", "/rest/api/3/issue/HARB-1", "", 403},
		{"ACT_AS_USER", "GET", "/rest/api/3/myself", "", 403},
		{"NONE", "GET", "/rest/api/3/myself", "", 403},
		{"ADMIN", "GET", "/rest/api/3/users/search", "", 403},
		{"DELETE", "DELETE", "/rest/api/3/issue/HARB-2", "", 204},
	}
	for _, tt := range tests {
		got := s.send(world.AppAccount("acme"), tt.method, tt.path, tt.body, "App", "acme", "Scopes", tt.scopes)
		if got.status != tt.want {
			t.Errorf("%s %s with %s: got %d %s, want %d", tt.method, tt.path, tt.scopes, got.status, got.body, tt.want)
		}
	}
	s.send(lead, "PUT", "/rest/api/3/issue/HARB-3", `{"fields":{"summary":"x"}}`, "Scopes", "READ").fails(403, "editIssue needs WRITE")
}

func TestAppSeesAllButExcludingProjects(t *testing.T) {
	t.Parallel()
	const data = `{"projects":[{"key":"AB","private":true},{"key":"NO","excludeApps":true}],"issues":[
	 {"key":"AB-1","id":"1","project":"AB","status":"Open","statusCategory":"new"},
	 {"key":"NO-1","id":"2","project":"NO","status":"Open","statusCategory":"new"}]}`
	w, err := world.Load(strings.NewReader(data), clock(), true)
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, w)
	app := w.AddApp("acme", "Acme").AccountID
	for path, want := range map[string]int{"issue/AB-1": 200, "issue/NO-1": 404, "project/AB/role": 200, "project/NO": 404} {
		if got := s.send(app, "GET", "/rest/api/3/"+path, "", "App", "acme", "Scopes", "READ"); got.status != want {
			t.Errorf("%s: got %d, want %d", path, got.status, want)
		}
	}
}

func TestOperation(t *testing.T) {
	t.Parallel()
	api := jirarest.New(jirarest.Options{World: world.Sample(clock()), BaseURL: func() string { return "" }})
	tests := []struct{ method, path, want string }{
		{"GET", "/rest/api/3/myself", "getCurrentUser"},
		{"HEAD", "/rest/api/latest/myself/", "getCurrentUser"},
		{"GET", "/rest/api/2/project/search", "searchProjects"},
		{"GET", "/rest/api/2/project/HARB", "getProject"},
		{"PUT", "/rest/api/3/dashboard/1/items/2/properties/a%2Fb", "setDashboardItemProperty"},
		{"POST", "/rest/api/3/myself", ""},
		{"GET", "/rest/api/3/", ""},
		{"GET", "/wiki/rest/api/user", ""},
		{"GET", "/rest/api/3/issue//worklog", ""},
	}
	for _, tt := range tests {
		if got := api.Operation(httptest.NewRequest(tt.method, tt.path, http.NoBody)); got != tt.want {
			t.Errorf("%s %s: got %q, want %q", tt.method, tt.path, got, tt.want)
		}
	}
}

func TestHeadHasNoBody(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.send(lead, http.MethodHead, "/rest/api/3/myself", "").empty(200)
}

func TestAvatars(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for path, want := range map[string]int{
		"/avatar/" + s.account(lead) + ".svg": 200, "/avatar/" + s.account(admin) + ".svg": 200, "/avatar/icon/In%20Progress.svg": 200,
		"/avatar/icon/%3Cscript%3E.svg": 200, "/avatar/nobody.svg": 404, "/avatar/x": 404, "/avatar/.svg": 404,
	} {
		got := s.get(nobody, path)
		if got.status != want || want == 200 && got.header.Get("Content-Type") != "image/svg+xml" || strings.Contains(got.body, "<script") {
			t.Errorf("%s: got %d %v %s", path, got.status, got.header, got.body)
		}
	}
	if got := s.send(nobody, "POST", "/avatar/icon/x.svg", "{}"); got.status != 404 {
		t.Errorf("POST: got %d", got.status)
	}
}

func TestServerInfoAndConfiguration(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var info struct{ BaseURL, ServerTime, DeploymentType string }
	s.get(nobody, "/rest/api/3/serverInfo").into(200, &info)
	if info.BaseURL != s.url || info.ServerTime != "2026-03-10T15:30:00.000+0000" || info.DeploymentType != "Cloud" {
		t.Errorf("got %+v", info)
	}
	var c struct {
		Tracking struct {
			WorkingHoursPerDay, WorkingDaysPerWeek float64
			TimeFormat, DefaultUnit                string
		} `json:"timeTrackingConfiguration"`
		Enabled bool `json:"timeTrackingEnabled"`
	}
	s.get(lead, "/rest/api/2/configuration").into(200, &c)
	if c.Tracking.WorkingHoursPerDay != 8 || c.Tracking.WorkingDaysPerWeek != 5 || !c.Enabled {
		t.Errorf("got %+v", c)
	}
	s.get(nobody, "/rest/api/3/configuration").fails(401, "")
	s.get(lead, "/rest/api/3/configuration/timetracking").fails(403, "")
	var provider struct{ Key string }
	s.get(admin, "/rest/api/3/configuration/timetracking").into(200, &provider)
}
