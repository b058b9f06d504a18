package quota

import (
	"net/http"
	"testing"
)

func TestCost(t *testing.T) {
	t.Parallel()
	const three = `[{"id":"1"},{"id":"2"},{"id":"3"}]`
	for _, tc := range []struct {
		method, path, body string
		status, want       int
	}{
		{"GET", "/rest/api/3/issue/AB-1", `{"id":"1"}`, 200, 2},
		{"GET", "/rest/api/3/search/jql", `{"issues":` + three + `}`, 200, 4},
		{"POST", "/rest/api/3/search/jql", `{"issues":` + three + `}`, 200, 4},
		{"POST", "/rest/api/3/search/jql", `{"issues":[]}`, 200, 1},
		{"POST", "/ex/jira/11/rest/api/3/issue/bulkfetch", `{"issues":` + three + `}`, 200, 4},
		{"POST", "/rest/api/3/worklog/list", three, 200, 4},
		{"GET", "/rest/api/3/worklog/updated", `{"values":` + three + `,"lastPage":true}`, 200, 4},
		{"POST", "/rest/api/3/jql/match", `{"matches":[{"matchedIssues":[1,2],"errors":[]}]}`, 200, 2},
		{"POST", "/rest/api/3/search/approximate-count", `{"count":153}`, 200, 2},
		{"POST", "/rest/api/3/issue", `{"id":"1"}`, 201, 1},
		{"PUT", "/rest/api/3/issue/AB-1/worklog/7", `{"id":"7"}`, 200, 1},
		{"DELETE", "/rest/api/3/issue/AB-1", ``, 204, 1},
		{"GET", "/rest/api/3/group/member", `{"values":` + three + `}`, 200, 7},
		{"GET", "/rest/api/3/myself", `{"accountId":"a"}`, 200, 3},
		{"GET", "/rest/api/3/user/bulk", `{"values":` + three + `}`, 200, 7},
		{"GET", "/rest/api/3/users", three, 200, 7},
		{"GET", "/rest/api/3/project/AB/role/10002", `{"id":1,"actors":` + three + `}`, 200, 7},
		{"GET", "/rest/api/3/mypermissions", `{"permissions":{"A":{},"B":{}}}`, 200, 5},
		{"GET", "/rest/api/3/project/search", `{"values":` + three + `}`, 200, 4},
		{"GET", "/rest/api/3/project/AB", `{"id":"1","issueTypes":[1,2,3,4]}`, 200, 2},
		// As vendors have measured.
		{"GET", "/rest/api/3/project/AB/versions", three, 200, 1},
		{"POST", "/rest/api/3/permissions/project", `{"projects":` + three + `}`, 200, 1},
		{"GET", "/rest/api/3/user/search", three, 200, 1},
		// A property is no user, whoever has it.
		{"GET", "/rest/api/3/user/properties/sightline", `{"key":"k","value":[1,2]}`, 200, 2},
		{"GET", "/rest/api/3/dashboard/1/items/2/properties/x", `{"key":"k"}`, 200, 2},
		// What Jira answers with an error costs the call, what it did not execute nothing.
		{"GET", "/rest/api/3/issue/AB-1", `{"errorMessages":["a","b"]}`, 404, 1},
		{"GET", "/rest/api/3/issue/AB-1", `{}`, 429, 0},
		{"GET", "/rest/api/3/search/jql", `<html>`, 502, 1},
		{"HEAD", "/rest/api/3/field", ``, 200, 1},
	} {
		l := &Ledger{Now: newClock().now}
		if err := l.call(t, &api{status: tc.status, body: tc.body}, "acme", Person, tc.method, tc.path); err != nil {
			t.Fatal(err)
		}
		if app, tenant := l.App().Used, l.Tenant("acme").Used; app != tc.want || tenant != tc.want {
			t.Errorf("%s %s: got %d and %d points, want %d", tc.method, tc.path, app, tenant, tc.want)
		}
	}
}

// A picture is one object.
func TestCostOfAFile(t *testing.T) {
	t.Parallel()
	l := &Ledger{Now: newClock().now}
	resp := &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"image/png"}}}
	req, _ := http.NewRequestWithContext(t.Context(), "GET", "https://acme/rest/api/3/attachment/content/1", nil)
	charge(req, resp, func(points int) { l.Count("acme", Person, points) })
	if got := l.App().Used; got != 2 {
		t.Errorf("got %d, want 2", got)
	}
}
