package jirarest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

type parsed struct {
	Queries []struct {
		Query            string
		Structure        map[string]any
		Errors, Warnings []string
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const queries = `{"queries":["project = HARB","project = NOPE","project =","summary ~ a order by key"]}`
	for _, tt := range []struct {
		validation string
		errors     []int
		warnings   int
	}{{"strict", []int{1, 2}, 0}, {"warn", []int{2}, 1}, {"none", []int{2}, 0}, {"", []int{1, 2}, 0}} {
		var got parsed
		path := "/rest/api/3/jql/parse"
		if tt.validation != "" {
			path += "?validation=" + tt.validation
		}
		s.Send(lead, "POST", path, queries).Into(200, &got)
		warnings := 0
		for i, q := range got.Queries {
			warnings += len(q.Warnings)
			if wrong := slices.Contains(tt.errors, i); wrong != (len(q.Errors) > 0) || wrong == (q.Structure != nil) || q.Query == "" {
				t.Errorf("%s: query %d: %+v", tt.validation, i, q)
			}
		}
		if len(got.Queries) != 4 || warnings != tt.warnings {
			t.Errorf("%s: %+v", tt.validation, got)
		}
	}
	// What exists is a matter of who asks.
	var got parsed
	s.Send(outsider, "POST", "/rest/api/3/jql/parse?validation=strict", `{"queries":["project = VALT"]}`).Into(200, &got)
	if len(got.Queries[0].Errors) != 1 || got.Queries[0].Errors[0] != "The value 'VALT' does not exist for the field 'project'." {
		t.Errorf("a hidden project: %+v", got)
	}
	s.Refuses([]refusal{
		{lead, "POST", "/rest/api/3/jql/parse?validation=loose", queries, 400, "validation"},
		{lead, "POST", "/rest/api/3/jql/parse?validation=strict", `{"queries":[]}`, 400, "Between 1"},
		{lead, "POST", "/rest/api/3/jql/parse?validation=strict", `{"jql":"x"}`, 400, "payload"},
		{lead, "POST", "/rest/api/3/jql/sanitize", `{"queries":[{"query":"project = VALT"}]}`, 403, "administrators"},
		{admin, "POST", "/rest/api/3/jql/sanitize", `{"queries":[]}`, 400, "Between 1"},
		{admin, "POST", "/rest/api/3/jql/sanitize", `{"queries":[{"query":"a = b","accountId":"none"}]}`, 400, "does not exist"},
		{lead, "POST", "/rest/api/3/jql/autocompletedata", `{"projectIds":[77]}`, 400, "'77' does not exist"},
		{lead, "POST", "/rest/api/3/jql/autocompletedata", `{"projectIds":["x"]}`, 400, "payload"},
		{lead, "GET", "/rest/api/3/jql/autocompletedata/suggestions?fieldName=nonsense", "", 400, "Field 'nonsense' does not exist"},
		{lead, "GET", "/rest/api/3/jql/autocompletedata/suggestions?fieldName=status&predicateName=with", "", 400, "predicate"},
	})
}

func TestSanitizeQueries(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var got struct {
		Queries []struct {
			InitialQuery, SanitizedQuery string
			AccountID                    *string
			Errors                       *struct{ ErrorMessages []string }
		}
	}
	body := `{"queries":[{"query":"project = VALT","accountId":"` + s.Account(outsider) + `"},{"query":"project = VALT","accountId":"` + s.Account(lead) + `"},
		{"query":"project = HARB"},{"query":"project ="}]}`
	s.Send(admin, "POST", "/rest/api/3/jql/sanitize", body).Into(200, &got)
	for i, want := range []string{"project = 10002", "project = VALT", "project = 10000", ""} {
		q := got.Queries[i]
		if q.SanitizedQuery != want || (q.AccountID == nil) != (i > 1) || (q.Errors == nil) == (want == "") {
			t.Errorf("%d: got %+v, want %s", i, q, want)
		}
	}
}

func TestAutocomplete(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	type reference struct {
		Fields []struct {
			Value, DisplayName, CFID, Auto, Orderable string
			Operators, Types                          []string
		} `json:"visibleFieldNames"`
		Functions []struct{ Value, IsList string } `json:"visibleFunctionNames"`
		Reserved  []string                         `json:"jqlReservedWords"`
	}
	var all, some reference
	s.Get(nobody, "/rest/api/3/jql/autocompletedata").Into(200, &all)
	s.Send(lead, "POST", "/rest/api/3/jql/autocompletedata", `{"projectIds":[10000],"includeCollapsedFields":true}`).Into(200, &some)
	if len(all.Fields) != len(some.Fields) || len(all.Fields) < 25 || len(all.Functions) < 15 || !slices.Contains(all.Reserved, "select") {
		t.Errorf("got %d fields, %d functions", len(all.Fields), len(all.Functions))
	}
	for _, f := range all.Fields {
		if len(f.Operators) == 0 || len(f.Types) == 0 || f.Orderable == "" || f.DisplayName == "" {
			t.Errorf("got %+v", f)
		}
	}
	suggest := func(as, query string) string {
		var got struct {
			Results []struct{ Value, DisplayName string }
		}
		s.Get(as, "/rest/api/3/jql/autocompletedata/suggestions"+query).Into(200, &got)
		var out []string
		for _, r := range got.Results {
			out = append(out, r.Value+" "+r.DisplayName)
		}
		return strings.Join(out, "; ")
	}
	for _, tt := range []struct{ as, query, want string }{
		{lead, "", ""},
		{lead, "?fieldName=project&fieldValue=va", "VALT <b>Va</b>ult (VALT)"},
		{outsider, "?fieldName=project&fieldValue=va", ""},
		{lead, "?fieldName=cf[10001]&fieldValue=quay", s.World.Teams()[0].ID + " <b>Quay</b>side"},
		{lead, "?fieldName=status&predicateName=from&predicateValue=do", "To Do To <b>Do</b>; Done <b>Do</b>ne"},
		{lead, "?fieldName=status&predicateName=by&predicateValue=yuki", `"` + s.Account("ytanabe") + `" <b>Yuki</b> Tanabe`},
	} {
		got := suggest(tt.as, tt.query)
		if strings.ReplaceAll(got, `"`, "") != strings.ReplaceAll(tt.want, `"`, "") {
			t.Errorf("%s as %s: got %s", tt.query, tt.as, got)
		}
	}
	s.Send(lead, http.MethodPost, "/rest/api/3/jql/sanitize", `{"queries":[{"query":"a = b"}]}`, "Scopes", "WRITE").Fails(403, "needs ADMIN")
}
