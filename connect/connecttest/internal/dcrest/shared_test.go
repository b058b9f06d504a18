package dcrest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// person is a user as issues show one.
type person struct{ Name, Key, AccountID, DisplayName, EmailAddress, Self string }

// issue is one as Data Center shows it.
type issue struct {
	ID, Key, Self string
	Fields        struct {
		Summary     string
		Description any
		Assignee    *person
		Reporter    *person
	}
}

type results struct {
	StartAt, MaxResults, Total int
	Issues                     []issue
	Names                      map[string]string
}

func (r results) keys() []string {
	var keys []string
	for _, i := range r.Issues {
		keys = append(keys, i.Key)
	}
	return keys
}

func TestServerInfo(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	var info struct {
		BaseURL, Version, DeploymentType, ServerTime string
		VersionNumbers                               []int
	}
	s.Get(nobody, "serverInfo").Into(200, &info)
	if info.BaseURL != s.URL+"/dc" || info.DeploymentType != "Server" || len(info.VersionNumbers) != 3 || !strings.HasPrefix(info.ServerTime, "2026-03-10T") {
		t.Errorf("got %+v", info)
	}
	var me person
	s.Get(lead, "myself").Into(200, &me)
	if me.Name != lead || me.AccountID != "" {
		t.Errorf("got %+v", me)
	}
	s.Refuses([]refusal{
		{nobody, "GET", "myself", "", 401, ""},
		{nobody, "GET", "project", "", 401, ""},
		{lead, "GET", "serverInfo?color=red", "", 400, "color"},
		{lead, "POST", "serverInfo", "{}", 405, ""},
	})
}

// TestSharedLists: what a client asks before it does anything.
func TestSharedLists(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	for _, path := range []string{"field", "status", "priority", "issuetype", "project"} {
		var list []struct{ ID, Name, Self string }
		s.Get(lead, path).Into(200, &list)
		if len(list) < 2 || list[0].ID == "" || list[0].Name == "" {
			t.Errorf("%s: got %+v", path, list)
		}
		if path != "field" && !strings.HasPrefix(list[0].Self, s.URL+"/dc/rest/api/2/") {
			t.Errorf("%s: links to %s", path, list[0].Self)
		}
	}
	var boards struct {
		Total      int
		Dashboards []struct{ ID string }
	}
	s.Get(lead, "dashboard?maxResults=1").Into(200, &boards)
	if boards.Total == 0 || len(boards.Dashboards) != 1 {
		t.Errorf("got %+v", boards)
	}
	s.Get(lead, "dashboard/"+boards.Dashboards[0].ID).Into(200, &struct{}{})
	var project struct{ Lead person }
	s.Get(lead, "/dc/rest/api/latest/project/HARB").Into(200, &project)
	if project.Lead.Name == "" || project.Lead.AccountID != "" {
		t.Errorf("led by %+v", project.Lead)
	}
	s.Get(outsider, "project/VALT").Fails(404, "")
}

func TestSearchIssues(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	const query = "search?jql=project%20%3D%20HARB%20ORDER%20BY%20key%20DESC"
	var all, page results
	s.Get(lead, query+"&maxResults=1000&fields=summary,assignee").Into(200, &all)
	if all.Total < 120 || len(all.Issues) != all.Total || all.MaxResults != 1000 {
		t.Fatalf("got %d of %d", len(all.Issues), all.Total)
	}
	s.Get(lead, query+"&startAt=100&maxResults=7&fields=summary&fields=assignee&expand=names").Into(200, &page)
	if !slices.Equal(page.keys(), all.keys()[100:107]) || page.StartAt != 100 || page.Total != all.Total || page.Names["summary"] != "Summary" {
		t.Errorf("got %v %+v", page.keys(), page.Names)
	}
	for _, i := range all.Issues {
		if i.Fields.Assignee != nil && (i.Fields.Assignee.Name == "" || i.Fields.Assignee.AccountID != "") {
			t.Fatalf("%s is assigned to %+v", i.Key, i.Fields.Assignee)
		}
	}
	var none results
	s.Get(lead, query+"&maxResults=0").Into(200, &none)
	if len(none.Issues) != 0 || none.Total != all.Total {
		t.Errorf("no page: got %d of %d", len(none.Issues), none.Total)
	}
	s.Get(lead, query+"&startAt=100000").Into(200, &none)
	if len(none.Issues) != 0 {
		t.Errorf("behind the end: got %v", none.keys())
	}
	var everything, fewer results
	s.Send(lead, "POST", "search", `{"jql":"","maxResults":1,"fields":["summary"]}`).Into(200, &everything)
	s.Send(outsider, "POST", "search", `{"jql":"","maxResults":1,"fields":["summary"]}`).Into(200, &fewer)
	if everything.Total <= all.Total || fewer.Total >= everything.Total || fewer.Total == 0 {
		t.Errorf("everything: %d, for whom sees less %d", everything.Total, fewer.Total)
	}
	s.Refuses([]refusal{
		{lead, "GET", "search?jql=project%20%3D%20%3D", "", 400, ""},
		{lead, "GET", "search?jql=project=NOPE", "", 400, "NOPE"},
		{lead, "GET", "search?startAt=-1", "", 400, "startAt"},
		{lead, "GET", "search?maxResults=x", "", 400, "maxResults"},
		{lead, "POST", "search", `{"jql":"","startAt":-1}`, 400, "startAt"},
		{lead, "POST", "search", `{"query":""}`, 400, "query"},
		{lead, "POST", "search", `{`, 400, "JSON"},
		{nobody, "GET", "search", "", 401, ""},
	})
}

// TestIssueLife makes, assigns, changes and deletes an issue, with users by their
// names.
func TestIssueLife(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	body := func(who string) string {
		return fmt.Sprintf(`{"fields":{"project":{"key":"HARB"},"issuetype":{"name":"Task"},"summary":"Made here","assignee":%s}}`, who)
	}
	var made, got issue
	s.Send(lead, "POST", "issue", body(`{"name":"creyes"}`)).Into(201, &made)
	if !strings.HasPrefix(made.Self, s.URL+"/dc/rest/api/2/issue/") {
		t.Errorf("links to %s", made.Self)
	}
	path := "issue/" + made.Key
	s.Get(lead, path).Into(200, &got)
	if a := got.Fields.Assignee; a == nil || a.Name != twice || got.Fields.Reporter.Name != lead {
		t.Errorf("got %+v", got)
	}
	for _, step := range []struct {
		method, path, body string
		want               string
	}{
		{"PUT", path + "/assignee", `{"name":"mlindqvist"}`, lead},
		{"PUT", path + "/assignee", `{"name":null}`, ""},
		{"PUT", path, `{"fields":{"assignee":{"name":"CREYES"}}}`, twice},
		{"PUT", path, `{"update":{"assignee":[{"set":{"key":"` + s.key(lead) + `"}}]}}`, lead},
	} {
		s.Send(lead, step.method, step.path, step.body).Empty(204)
		got = issue{}
		s.Get(lead, path+"?fields=assignee").Into(200, &got)
		if name := got.Fields.Assignee; (name == nil) != (step.want == "") || name != nil && name.Name != step.want {
			t.Errorf("%s: assigned to %+v", step.body, name)
		}
	}
	s.Refuses([]refusal{
		{lead, "POST", "issue", body(`{"name":"nosuch"}`), 400, "nosuch"},
		{lead, "PUT", path + "/assignee", `{"name":"nosuch"}`, 400, "nosuch"},
		{lead, "PUT", path, `{"fields":`, 400, "JSON"},
		{outsider, "GET", "issue/VALT-1", "", 404, ""},
	})
	s.Send(lead, "DELETE", path, "").Empty(204)
	s.Get(lead, path).Fails(404, "")
}

func TestSharedWorklogs(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	var made struct {
		ID, TimeSpent, Comment string
		Author                 person
	}
	s.Send(lead, "POST", "issue/HARB-1/worklog", `{"timeSpent":"1h 30m","comment":"Looked into it","started":"2026-03-09T09:00:00.000+0000"}`).Into(201, &made)
	if made.Author.Name != lead || made.TimeSpent != "1h 30m" || made.Comment != "Looked into it" {
		t.Errorf("got %+v", made)
	}
	path := "issue/HARB-1/worklog/" + made.ID
	s.Send(lead, "PUT", path, `{"timeSpent":"2h"}`).Into(200, &made)
	var list struct{ Worklogs []struct{ ID string } }
	s.Get(lead, "issue/HARB-1/worklog").Into(200, &list)
	if made.TimeSpent != "2h" || len(list.Worklogs) == 0 {
		t.Errorf("got %+v, %d of them", made, len(list.Worklogs))
	}
	s.Send(lead, "DELETE", path, "").Empty(204)
	s.Get(lead, path).Fails(404, "")
}

// TestNoAccount: a user of this site alone has a role in no project.
func TestNoAccount(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	s.Send(admin, "POST", "user", `{"name":"fred","displayName":"Fred","emailAddress":"fred@example.com","password":"a long secret"}`).Into(201, &struct{}{})
	basic := func(r string) []string { return []string{"Authorization", r} }("Basic ZnJlZDphIGxvbmcgc2VjcmV0")
	var projects []struct{ Key string }
	s.Send(nobody, "GET", "project", "", basic...).Into(200, &projects)
	if len(projects) != 0 {
		t.Errorf("sees %v", projects)
	}
	s.Send(nobody, "GET", "issue/HARB-1", "", basic...).Fails(404, "")
	s.Send(nobody, "POST", "issue", `{"fields":{"project":{"key":"HARB"}}}`, append(basic, "Content-Type", "application/json")...).Fails(403, "")
}
