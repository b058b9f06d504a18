package jirarest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// An issue with a security level is there only for those whom the level lets, in every
// call that reads issues.
func TestSecurityLevels(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	issue, _ := s.World.Issue("HARB-1")
	levels := []world.SecurityLevel{{Name: "Few", People: []string{s.Account(lead), s.Account(admin)}}}
	if err := s.World.SetSecurityLevels(levels, nil); err != nil {
		t.Fatal(err)
	}
	sees := func(who string) string {
		t.Helper()
		var seen []string
		var found struct{ Issues []struct{ ID string } }
		s.Send(who, "GET", "/rest/api/3/search/jql?maxResults=5000&jql=project+%3D+HARB", "").Into(200, &found)
		if slices.ContainsFunc(found.Issues, func(i struct{ ID string }) bool { return i.ID == issue.ID }) {
			seen = append(seen, "search")
		}
		if s.Send(who, "GET", "/rest/api/3/issue/HARB-1", "").Status == 200 {
			seen = append(seen, "get")
		}
		var matched struct {
			Matches []struct{ MatchedIssues []int64 }
		}
		s.Send(who, "POST", "/rest/api/3/jql/match", `{"issueIds":[`+issue.ID+`],"jqls":["project = HARB"]}`).Into(200, &matched)
		if len(matched.Matches[0].MatchedIssues) > 0 {
			seen = append(seen, "match")
		}
		var fetched struct{ Issues []struct{ ID string } }
		s.Send(who, "POST", "/rest/api/3/issue/bulkfetch", `{"issueIdsOrKeys":["HARB-1"],"fields":["summary"]}`).Into(200, &fetched)
		if len(fetched.Issues) > 0 {
			seen = append(seen, "fetch")
		}
		var counted struct{ Count int }
		s.Send(who, "POST", "/rest/api/3/search/approximate-count", `{"jql":"project = HARB"}`).Into(200, &counted)
		if counted.Count == len(s.World.ProjectIssues("HARB")) {
			seen = append(seen, "count")
		}
		return strings.Join(seen, " ")
	}
	const all = "search get match fetch count"
	if got := sees(other); got != all {
		t.Fatalf("without a level: %q", got)
	}
	s.Send(other, "PUT", "/rest/api/3/issue/HARB-1", `{"fields":{"security":{"name":"Few"}}}`).Fails(400, "security")
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-1", `{"fields":{"security":{"name":"None"}}}`).Fails(400, "security level")
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-1", `{"fields":{"security":{"name":"Few"}}}`).Empty(204)
	if got := s.events(); got != "jira:issue_updated HARB-1" {
		t.Errorf("told %q", got)
	}
	if got := sees(other); got != "" {
		t.Errorf("hidden from them: %q", got)
	}
	if got := sees(lead); got != all {
		t.Errorf("let by the level: %q", got)
	}
	var shown struct {
		Fields struct{ Security struct{ Name string } }
	}
	s.Send(lead, "GET", "/rest/api/3/issue/HARB-1?fields=security", "").Into(200, &shown)
	if shown.Fields.Security.Name != "Few" {
		t.Errorf("got %+v", shown)
	}
	levels[0].People = append(slices.Clone(levels[0].People), s.Account(other))
	if err := s.World.SetSecurityLevels(levels, map[string]string{"HARB-1": "Few"}); err != nil {
		t.Fatal(err)
	}
	if got := sees(other); got != all {
		t.Errorf("let later: %q", got)
	}
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-1", `{"fields":{"security":null}}`).Empty(204)
	if got := sees(outsider); got != all {
		t.Errorf("without a level again: %q", got)
	}
}
