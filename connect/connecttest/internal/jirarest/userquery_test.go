package jirarest_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
)

func itoa(n int) string { return strconv.Itoa(n) }

type userPage struct {
	page
	Values []user
}

func (s *site) byQuery(as, query string) userPage {
	s.Helper()
	var p userPage
	s.Get(as, "/rest/api/3/user/search/query?query="+url.QueryEscape(query)).Into(200, &p)
	return p
}

func TestStructuredQuery(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.putProperty(lead, "place", `{"office":{"city":"Lund"}}`)
	s.putProperty(other, "place", `{"office":{"city":"Pune"}}`)
	s.putProperty(inactive, "place", `{"office":{"city":"Lund"}}`)
	assigned := func(username string) string {
		return `{"accountId":"` + s.Account(username) + `"}`
	}
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-1/assignee", assigned(other)).Empty(204)
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-2/assignee", assigned("ytanabe")).Empty(204)
	s.Send(lead, "PUT", "/rest/api/3/issue/VALT-1/assignee", assigned("creyes")).Empty(204)
	s.Send(admin, "POST", "/rest/api/3/issue/HARB-1/transitions", `{"transition":{"id":"41"}}`).Empty(204)
	var created struct{ Key string }
	s.Send(lead, "POST", "/rest/api/3/issue", `{"fields":{"project":{"key":"HARB"},"summary":"x","issuetype":{"name":"Task"}}}`).Into(201, &created)

	tests := []struct{ as, query, want string }{
		{lead, `is assignee of (HARB-1, HARB-2)`, "Yuki Tanabe, Priya Raghunathan"},
		{lead, `is assignee of (HARB-1) AND [place].office.city is "Pune"`, "Priya Raghunathan"},
		{lead, `is assignee of (HARB-1) OR [place].office.city is "Lund"`, "Mara Lindqvist, Priya Raghunathan"},
		{lead, `is assignee of (HARB-2) OR is assignee of (HARB-1) AND [place].office.city is "Lund"`, "Yuki Tanabe"},
		{lead, `[place].office.city is "Oslo"`, ""},
		{lead, `is assignee of (VALT-1)`, "Callum Reyes"},
		{outsider, `is assignee of (VALT-1)`, ""},
		{outsider, `is assignee of VALT`, ""},
		{lead, `is assignee of NOPE`, ""},
		{lead, `is assignee of (NOPE-1)`, ""},
		{lead, `is reporter of (` + created.Key + `)`, "Mara Lindqvist"},
		{lead, `is watcher of (` + created.Key + `)`, "Mara Lindqvist"},
		{lead, `is assignee of (` + created.Key + `)`, ""},
		{lead, `is transitioner of (` + created.Key + `)`, ""},
		{lead, `is voter of (HARB-4)`, "Sofía Beltrán"},
		{lead, `is commenter of (HARB-3)`, "Callum Reyes"},
	}
	for _, tt := range tests {
		if got := displayNames(s.byQuery(tt.as, tt.query).Values); got != tt.want {
			t.Errorf("%s as %s: got %q, want %q", tt.query, tt.as, got, tt.want)
		}
	}
	if got := displayNames(s.byQuery(lead, "is transitioner of (HARB-1)").Values); !strings.Contains(got, "Idris Okonjo") {
		t.Errorf("transitioners: got %q", got)
	}
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/user/search/query", "", 400, "query"},
		{lead, "GET", "/rest/api/3/user/search/query?query=is+assignee", "", 400, "not valid"},
		{lead, "GET", "/rest/api/2/user/search/query/key?query=%5Bx%5D", "", 400, "not valid"},
		{lead, "GET", "/rest/api/3/user/search/query/key?query=is+assignee+of+HARB&maxResult=x", "", 400, "maxResult"},
		{blind, "GET", "/rest/api/3/user/search/query?query=is+assignee+of+HARB", "", 403, "browse users"},
		{blind, "GET", "/rest/api/3/user/search/query/key?query=is+assignee+of+HARB", "", 403, "browse users"},
		{nobody, "GET", "/rest/api/3/user/search/query?query=is+assignee+of+HARB", "", 401, ""},
	})
}

func TestStructuredQueryPages(t *testing.T) {
	t.Parallel()
	s := crowd(t)
	query := "query=" + url.QueryEscape("is assignee of AB")
	var found []string
	pages := 0
	for next := "/rest/api/3/user/search/query/key?maxResult=300&" + query; next != ""; pages++ {
		var p struct {
			page
			Values []struct{ AccountID, Key string }
		}
		s.Get("u1", strings.TrimPrefix(next, s.URL)).Into(200, &p)
		for _, v := range p.Values {
			found = append(found, v.AccountID)
		}
		if p.Total != 1000 || p.MaxResults != 300 || p.IsLast != (p.NextPage == "") || strings.Contains(p.NextPage, "maxResults") {
			t.Errorf("page: got %+v", p.page)
		}
		next = p.NextPage
	}
	if want := s.Account("u199"); pages != 4 || len(found) != 1 || found[0] != want {
		t.Errorf("got %d pages, %v, want %s", pages, found, want)
	}
	for path, want := range map[string]int{"query": 100, "query/key": 100} {
		var p page
		s.Get("u1", "/rest/api/2/user/search/"+path+"?"+query).Into(200, &p)
		if p.MaxResults != want || p.IsLast {
			t.Errorf("%s: got %+v", path, p)
		}
	}
	var p page
	s.Get("u1", "/rest/api/3/user/search/query/key?maxResults=7&"+query).Into(200, &p)
	if p.MaxResults != 7 || !strings.Contains(p.NextPage, "maxResults=7") {
		t.Errorf("old name: got %+v", p)
	}
}
