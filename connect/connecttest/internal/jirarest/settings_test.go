package jirarest_test

import (
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

func TestAttachments(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var meta struct {
		Enabled     bool
		UploadLimit int64
	}
	s.Get(nobody, "/rest/api/2/attachment/meta").Into(200, &meta)
	if !meta.Enabled || meta.UploadLimit <= 0 {
		t.Errorf("got %+v", meta)
	}
	var a struct {
		ID                                         int64
		Filename, MimeType, Content, Self, Created string
		Size                                       int
		Author                                     user
	}
	s.Get(lead, "/rest/api/3/attachment/10000").Into(200, &a)
	if a.ID != 10000 || a.Filename != "totals.csv" || a.MimeType != "text/csv" || a.Author.AccountID == "" || a.Created == "" {
		t.Errorf("got %+v", a)
	}
	content := s.Get(lead, strings.TrimPrefix(a.Content, s.URL))
	if content.Status != 200 || len(content.Body) != a.Size || content.Header.Get("Content-Type") != "text/csv" {
		t.Errorf("content: got %d %s %v", content.Status, content.Body, content.Header)
	}
	var issue struct {
		Fields struct {
			Attachment []struct{ ID, Filename string }
		}
	}
	s.Get(lead, "/rest/api/3/issue/HARB-1?fields=attachment").Into(200, &issue)
	if got := issue.Fields.Attachment; len(got) != 2 || got[0].ID != "10000" {
		t.Errorf("of the issue: got %+v", got)
	}
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/attachment/1", "", 404, "'1'"},
		{lead, "GET", "/rest/api/3/attachment/x", "", 404, ""},
		{outsider, "GET", "/rest/api/2/attachment/10003", "", 403, "permission"},
		{outsider, "GET", "/rest/api/2/attachment/content/10003", "", 403, "permission"},
		{nobody, "GET", "/rest/api/3/attachment/10000", "", 401, ""},
	})
	s.Send(admin, "DELETE", "/rest/api/3/issue/HARB-1", "").Empty(204)
	s.Get(lead, "/rest/api/3/attachment/10000").Fails(404, "")
}

func TestSwitchedOff(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	log := s.World.Worklogs("20001")[0].ID
	s.World.SetSettings(world.Settings{TimeTrackingOff: true, AttachmentsOff: true})
	s.Get(admin, "/rest/api/3/configuration/timetracking").Empty(204)
	s.Get(lead, "/rest/api/3/configuration/timetracking").Fails(403, "")
	s.Refuses([]refusal{
		{nobody, "GET", "/rest/api/3/configuration/timetracking", "", 401, ""},
		{lead, "GET", "/rest/api/3/attachment/10000", "", 404, ""},
		{lead, "GET", "/rest/api/3/issue/HARB-1/worklog", "", 404, "Time tracking"},
		{lead, "GET", "/rest/api/3/issue/HARB-1/worklog/" + log, "", 404, "Time tracking"},
		{lead, "PUT", "/rest/api/3/issue/HARB-1/worklog/" + log, `{"timeSpent":"1h"}`, 404, "Time tracking"},
		{lead, "POST", "/rest/api/3/issue/HARB-1/worklog", `{"timeSpent":"1h"}`, 404, "Time tracking"},
	})
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/search/jql?jql=worklogDate+%3E+-7d", "", 400, "Field 'worklogDate' does not exist"},
		{lead, "GET", "/rest/api/3/search/jql?jql=WORKLOGAUTHOR+is+EMPTY+and+project=HARB", "", 400, "Field 'WORKLOGAUTHOR' does not exist"},
		{lead, "PUT", "/rest/api/3/issue/HARB-1", `{"fields":{"timetracking":{"originalEstimate":"1h"}}}`, 400, "timetracking"},
	})
	var issue struct{ Fields map[string]any }
	s.Get(lead, "/rest/api/3/issue/HARB-1").Into(200, &issue)
	for _, name := range []string{"timeoriginalestimate", "timeestimate", "timespent", "timetracking", "worklog"} {
		if _, there := issue.Fields[name]; there {
			t.Errorf("the issue has %s", name)
		}
	}
	if issue.Fields["summary"] == nil {
		t.Error("the issue has no summary")
	}
	var plain map[string]any
	s.Get(lead, "/rest/api/3/configuration").Into(200, &plain)
	if _, there := plain["timeTrackingConfiguration"]; there {
		t.Errorf("configuration: got %v", plain)
	}
	var c struct{ TimeTrackingEnabled, AttachmentsEnabled, Enabled bool }
	s.Get(lead, "/rest/api/3/configuration").Into(200, &c)
	s.Get(lead, "/rest/api/3/attachment/meta").Into(200, &c)
	if c.TimeTrackingEnabled || c.AttachmentsEnabled || c.Enabled {
		t.Errorf("got %+v", c)
	}
	s.World.Reset()
	s.Get(lead, "/rest/api/3/issue/HARB-1/worklog/"+log).Into(200, &c)
}

// TestAnotherProvider is a site whose time is tracked by an app, with a working
// day of its own.
func TestAnotherProvider(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var provider struct{ Key, Name, URL string }
	s.Get(admin, "/rest/api/3/configuration/timetracking").Into(200, &provider)
	if provider.Key != "JIRA" || provider.URL != "" {
		t.Errorf("at first: got %+v", provider)
	}
	s.World.SetSettings(world.Settings{
		TimeTracking: world.TimeTrackingProvider{Key: "com.example.times__sheets", Name: "Example sheets", URL: "/plugins/times"},
		WorkingHours: 7.5, WorkingDays: 4,
	})
	s.Get(admin, "/rest/api/3/configuration/timetracking").Into(200, &provider)
	if provider.Key != "com.example.times__sheets" || provider.Name != "Example sheets" || provider.URL != "/plugins/times" {
		t.Errorf("got %+v", provider)
	}
	s.Get(lead, "/rest/api/2/configuration/timetracking").Fails(403, "")
	var c struct {
		TimeTrackingConfiguration struct{ WorkingHoursPerDay, WorkingDaysPerWeek float64 }
	}
	s.Get(lead, "/rest/api/3/configuration").Into(200, &c)
	if got := c.TimeTrackingConfiguration; got.WorkingHoursPerDay != 7.5 || got.WorkingDaysPerWeek != 4 {
		t.Errorf("got %+v", got)
	}
	var log struct {
		TimeSpent        string
		TimeSpentSeconds int
	}
	s.Send(lead, "POST", "/rest/api/3/issue/HARB-1/worklog", `{"timeSpent":"1w 1d"}`).Into(201, &log)
	if log.TimeSpentSeconds != 5*27000 || log.TimeSpent != "1w 1d" {
		t.Errorf("worklog: got %+v", log)
	}
}

type scheme struct {
	ID       int64
	Name     string
	Projects []int64
	Events   []struct {
		Event         struct{ Name string }
		Notifications []struct {
			NotificationType, Parameter, Recipient, EmailAddress string
			User                                                 *user
			Group, ProjectRole                                   *struct{ Name string }
		}
	} `json:"notificationSchemeEvents"`
}

func (s *site) schemes(as, query string) []scheme {
	s.Helper()
	var p struct {
		page
		Values []scheme
	}
	s.Get(as, "/rest/api/3/notificationscheme?"+query).Into(200, &p)
	if p.IsLast != (p.NextPage == "") {
		s.Errorf("%s: got %+v", query, p.page)
	}
	return p.Values
}

func TestNotificationSchemes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tests := []struct{ as, query, want string }{
		{lead, "", "Default Notification Scheme, Quiet Notification Scheme"},
		{other, "", ""},
		{admin, "maxResults=1", "Default Notification Scheme"},
		{admin, "startAt=1&maxResults=1", "Quiet Notification Scheme"},
		{lead, "id=10001", "Quiet Notification Scheme"},
		{lead, "id=10000&id=10001&projectId=10000", "Default Notification Scheme"},
		{lead, "onlyDefault=true", "Default Notification Scheme"},
		{lead, "onlyDefault=true&projectId=10002", ""},
	}
	for _, tt := range tests {
		var names []string
		for _, got := range s.schemes(tt.as, tt.query) {
			names = append(names, got.Name)
			if len(got.Events) != 0 || len(got.Projects) == 0 {
				t.Errorf("%s: got %+v", tt.query, got)
			}
		}
		if got := strings.Join(names, ", "); got != tt.want {
			t.Errorf("%s as %s: got %q, want %q", tt.query, tt.as, got, tt.want)
		}
	}
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/notificationscheme?id=x", "", 400, "id must be zero"},
		{lead, "GET", "/rest/api/3/notificationscheme?projectId=-1", "", 400, "projectId must be zero"},
		{lead, "GET", "/rest/api/3/notificationscheme?startAt=first", "", 400, "startAt"},
		{nobody, "GET", "/rest/api/3/notificationscheme", "", 401, ""},
	})
	s.Send(lead, "GET", "/rest/api/3/notificationscheme", "", "Scopes", "DELETE").Fails(403, "ADMIN")
}

func TestNotificationSchemeExpands(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for query, want := range map[string]string{
		"expand=notificationSchemeEvents": "",
		"expand=user":                     "User",
		"expand=group,projectRole":        "ProjectRole Group",
		"expand=all":                      "User ProjectRole Group",
	} {
		var kinds []string
		events, without := 0, 0
		for _, sch := range s.schemes(lead, query) {
			events += len(sch.Events)
			for _, e := range sch.Events {
				if len(e.Notifications) == 0 {
					without++
				}
				for _, n := range e.Notifications {
					if n.User != nil || n.Group != nil || n.ProjectRole != nil {
						kinds = append(kinds, n.NotificationType)
					}
					if n.NotificationType == "EmailAddress" && n.EmailAddress == "" {
						t.Errorf("got %+v", n)
					}
				}
			}
		}
		if got := strings.Join(kinds, " "); got != want || events != 6 || without != 1 {
			t.Errorf("%s: got %q, %d events, %d without recipients, want %q", query, got, events, without, want)
		}
	}
}

func TestCreateRole(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var role struct {
		ID                      int64
		Name, Description, Self string
	}
	s.Send(admin, "POST", "/rest/api/2/role", `{"name":"Reviewers","description":"They look."}`).Into(200, &role)
	if role.ID != 10004 || role.Name != "Reviewers" || role.Description != "They look." {
		t.Errorf("got %+v", role)
	}
	s.Get(admin, strings.TrimPrefix(role.Self, s.URL)).Into(200, &role)
	var links map[string]string
	s.Get(lead, "/rest/api/3/project/VALT/role").Into(200, &links)
	if !strings.HasSuffix(links["Reviewers"], "/role/10004") {
		t.Errorf("got %v", links)
	}
	s.Refuses([]refusal{
		{admin, "POST", "/rest/api/3/role", `{"name":"reviewers"}`, 409, "already exists"},
		{admin, "POST", "/rest/api/3/role", `{"name":""}`, 400, "name"},
		{admin, "POST", "/rest/api/3/role", `{"name":" x"}`, 400, "whitespace"},
		{admin, "POST", "/rest/api/3/role", `{"name":"x "}`, 400, "whitespace"},
		{admin, "POST", "/rest/api/3/role", `{"name":"` + strings.Repeat("x", 256) + `"}`, 400, "255"},
		{admin, "POST", "/rest/api/3/role", `{`, 400, ""},
		{lead, "POST", "/rest/api/3/role", `{"name":"x"}`, 403, "administer"},
		{nobody, "POST", "/rest/api/3/role", `{"name":"x"}`, 401, ""},
		{lead, "GET", "/rest/api/3/role/10000", "", 403, ""},
		{admin, "GET", "/rest/api/3/role/7", "", 404, "7"},
	})
	s.World.AddApp("acme", "Acme")
	app := world.AppAccount("acme")
	s.Send(app, "POST", "/rest/api/3/role", `{"name":"Bots"}`, "App", "acme", "Scopes", "ADMIN").Into(200, &role)
	s.Send(app, "POST", "/rest/api/3/role", `{"name":"More"}`, "App", "acme", "Scopes", "DELETE").Fails(403, "ADMIN")
	s.World.Reset()
	s.Get(admin, "/rest/api/3/role/10004").Fails(404, "")
}
