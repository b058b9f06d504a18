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
	s.Refuses([]refusal{
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
	s.Send(lead, "POST", "/rest/api/3/search/jql", "{}", "Content-Type", "text/plain").Fails(415, "")
	if got := s.Send(lead, "POST", "/rest/api/3/issue/HARB-1", "{}").Header.Get("Allow"); got != "DELETE, GET, PUT" {
		t.Errorf("Allow: got %q", got)
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.World.AddApp("acme", "Acme")
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
		got := s.Send(world.AppAccount("acme"), tt.method, tt.path, tt.body, "App", "acme", "Scopes", tt.scopes)
		if got.Status != tt.want {
			t.Errorf("%s %s with %s: got %d %s, want %d", tt.method, tt.path, tt.scopes, got.Status, got.Body, tt.want)
		}
	}
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-3", `{"fields":{"summary":"x"}}`, "Scopes", "READ").Fails(403, "editIssue needs WRITE")
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
		if got := s.Send(app, "GET", "/rest/api/3/"+path, "", "App", "acme", "Scopes", "READ"); got.Status != want {
			t.Errorf("%s: got %d, want %d", path, got.Status, want)
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
	s.Send(lead, http.MethodHead, "/rest/api/3/myself", "").Empty(200)
}

func TestAvatars(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for path, want := range map[string]int{
		"/avatar/" + s.Account(lead) + ".svg": 200, "/avatar/" + s.Account(admin) + ".svg": 200, "/avatar/icon/In%20Progress.svg": 200,
		"/avatar/icon/%3Cscript%3E.svg": 200, "/avatar/nobody.svg": 404, "/avatar/x": 404, "/avatar/.svg": 404,
	} {
		got := s.Get(nobody, path)
		if got.Status != want || want == 200 && got.Header.Get("Content-Type") != "image/svg+xml" || strings.Contains(got.Body, "<script") {
			t.Errorf("%s: got %d %v %s", path, got.Status, got.Header, got.Body)
		}
	}
	if got := s.Send(nobody, "POST", "/avatar/icon/x.svg", "{}"); got.Status != 404 {
		t.Errorf("POST: got %d", got.Status)
	}
}

func TestServerInfoAndConfiguration(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var info struct{ BaseURL, ServerTime, DeploymentType string }
	s.Get(nobody, "/rest/api/3/serverInfo").Into(200, &info)
	if info.BaseURL != s.URL || info.ServerTime != "2026-03-10T15:30:00.000+0000" || info.DeploymentType != "Cloud" {
		t.Errorf("got %+v", info)
	}
	var c struct {
		Tracking struct {
			WorkingHoursPerDay, WorkingDaysPerWeek float64
			TimeFormat, DefaultUnit                string
		} `json:"timeTrackingConfiguration"`
		Enabled bool `json:"timeTrackingEnabled"`
	}
	s.Get(lead, "/rest/api/2/configuration").Into(200, &c)
	if c.Tracking.WorkingHoursPerDay != 8 || c.Tracking.WorkingDaysPerWeek != 5 || !c.Enabled {
		t.Errorf("got %+v", c)
	}
	s.Get(nobody, "/rest/api/3/configuration").Fails(401, "")
	s.Get(lead, "/rest/api/3/configuration/timetracking").Fails(403, "")
	var provider struct{ Key string }
	s.Get(admin, "/rest/api/3/configuration/timetracking").Into(200, &provider)
}
