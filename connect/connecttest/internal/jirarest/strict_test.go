package jirarest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

func strictSite(t *testing.T) *site {
	t.Helper()
	return serveWith(t, world.Sample(clock()), func(o *jirarest.Options) { o.Strict = true })
}

func TestStrictSiteRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	s := strictSite(t)
	me := url.QueryEscape(s.Account(lead))
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/myself?verbose=1", "", 400, "'verbose' of getCurrentUser"},
		{lead, "GET", "/rest/api/2/project/HARB/role?expand=x&b=1&a=2", "", 400, `"Unknown query parameter 'a' of getProjectRoles.","Unknown query parameter 'b'`},
		{lead, "GET", "/rest/api/2/user/search/query?query=is+assignee+of+HARB&includeInactive=true", "", 400, "includeInactive"},
		{lead, "DELETE", "/rest/api/3/user/properties/k?accountId=" + me + "&force=1", "", 400, "force"},
		{lead, "PUT", "/rest/api/3/issue/HARB-1", `{"fields":{"summary":"x"},"field":{}}`, 400, "'field' in the body of editIssue"},
		{lead, "POST", "/rest/api/3/issue", `{"fields":{},"properties":[{"key":"a","value":1},{"kind":"b"}]}`, 400, "'properties.kind'"},
		{lead, "POST", "/rest/api/3/permissions/check", `{"projectPermissions":[{"project":[1]}]}`, 400, "'projectPermissions.project'"},
		{lead, "POST", "/rest/api/3/issue/HARB-1/worklog", `{"timeSpent":"1h","billable":true}`, 400, "'billable'"},
		{lead, "PUT", "/rest/api/3/issue/HARB-1/assignee", `{"account":"x"}`, 400, "'account'"},
		{admin, "POST", "/rest/api/3/role", `{"name":"x","scope":{}}`, 400, "'scope'"},
		{lead, "POST", "/rest/api/3/search/jql", `{"jql":"key = HARB-1","startAt":1}`, 400, "'startAt'"},
		{lead, "GET", "/rest/api/3/user/assignable/search?project=HARB", "", 400, "accountId"},
		{lead, "POST", "/rest/api/3/issue/HARB-1/transitions", `{"transition":{"id":11}}`, 400, "Invalid request payload"},
		{lead, "POST", "/rest/api/3/search/jql", `{`, 400, "Invalid request payload"},
		{lead, "POST", "/rest/api/3/search/jql", `null`, 400, ""},
		{nobody, "GET", "/rest/api/3/myself?verbose=1", "", 401, ""}, // the caller is checked first
	})
}

func TestStrictSiteLetsWhatItKnowsThrough(t *testing.T) {
	t.Parallel()
	s := strictSite(t)
	me := url.QueryEscape(s.Account(lead))
	for _, tt := range []struct {
		method, path, body string
		want               int
	}{
		{"GET", "/rest/api/3/myself?expand=groups&jwt=x", "", 200},
		{"GET", "/rest/api/2/issue/HARB-1?fields=summary&updateHistory=true&failFast=true", "", 200},
		{"GET", "/rest/api/2/user/search/query/key?query=is+assignee+of+HARB&maxResult=1", "", 200},
		{"GET", "/rest/api/3/user/search/query/key?query=is+assignee+of+HARB&maxResults=1", "", 200},
		{"PUT", "/rest/api/3/user/properties/k?accountId=" + me, `{"any":{"thing":[1,{"x":2}]}}`, 201},
		{"PUT", "/rest/api/3/issue/HARB-1", `{"fields":{"summary":"x"},"update":{"labels":[{"add":"a"}]},"properties":[{"key":"k","value":{"deep":1}}]}`, 204},
		{"POST", "/rest/api/3/issue/HARB-1/transitions", `{"transition":{"id":"11"}}`, 204},
		{"POST", "/rest/api/3/issue/HARB-1/worklog?adjustEstimate=leave&notifyUsers=false", `{"timeSpent":"1h"}`, 201},
		{"POST", "/rest/api/3/permissions/check", `{"projectPermissions":[{"permissions":["BROWSE_PROJECTS"],"projects":[10000]}]}`, 200},
		{"POST", "/rest/api/3/search/jql", `{"jql":"key = HARB-1","fields":["summary"]}`, 200},
	} {
		if got := s.Send(lead, tt.method, tt.path, tt.body); got.Status != tt.want {
			t.Errorf("%s %s: got %d %s, want %d", tt.method, tt.path, got.Status, got.Body, tt.want)
		}
	}
}

// TestLaxSiteOverlooks shows that without the switch nothing of this is
// refused.
func TestLaxSiteOverlooks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if got := s.Get(lead, "/rest/api/3/myself?verbose=1"); got.Status != http.StatusOK {
		t.Errorf("got %d", got.Status)
	}
	project, _ := s.World.Project("HARB")
	numbers := fmt.Sprintf(`{"fields":{"project":{"id":%s},"issuetype":{"id":%s},"summary":"x"}}`, project.ID, s.World.IssueTypes()[0].ID)
	if got := s.Send(lead, "POST", "/rest/api/3/issue", numbers); got.Status != http.StatusCreated {
		t.Errorf("%s: got %d %s", numbers, got.Status, got.Body)
	}
	if got := s.Send(lead, "POST", "/rest/api/3/issue/HARB-1/transitions", `{"transition":{"id":11}}`); got.Status != http.StatusNoContent {
		t.Errorf("got %d %s", got.Status, got.Body)
	}
	if got := s.Send(lead, "POST", "/rest/api/3/issue/HARB-1/worklog", `{"timeSpent":"1h","billable":true}`); got.Status != http.StatusCreated {
		t.Errorf("got %d %s", got.Status, got.Body)
	}
}
