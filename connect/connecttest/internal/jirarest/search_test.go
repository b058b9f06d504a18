package jirarest_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

type results struct {
	Issues []struct {
		ID, Key, Self string
		Fields        map[string]json.RawMessage
		Properties    map[string]json.RawMessage
		Transitions   []struct{ ID string }
	}
	NextPageToken string
	IsLast        bool
	Names         map[string]string
	Schema        map[string]struct{ Type, System string }
}

func (r results) keys() string {
	var out []string
	for _, i := range r.Issues {
		out = append(out, i.Key)
	}
	return strings.Join(out, " ")
}

// find searches with both methods, which must agree.
func (s *site) find(as, jql, rest string) results {
	s.Helper()
	q := url.Values{"jql": {jql}}
	body := map[string]any{"jql": jql}
	for pair := range strings.SplitSeq(rest, "&") {
		name, value, _ := strings.Cut(pair, "=")
		switch name {
		case "":
			continue
		case "fields", "properties":
			body[name] = strings.Split(value, ",")
		case "maxResults":
			body[name] = json.Number(value)
		default:
			body[name] = value
		}
		q.Set(name, value)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		s.Fatal(err)
	}
	got := s.Get(as, "/rest/api/3/search/jql?"+q.Encode())
	posted := s.Send(as, "POST", "/rest/api/3/search/jql", string(raw))
	if got.Status != posted.Status || got.Body != posted.Body {
		s.Errorf("%s: GET %d %s\nPOST %d %s", jql, got.Status, got.Body, posted.Status, posted.Body)
	}
	var r results
	got.Into(200, &r)
	return r
}

func TestSearchFields(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	one := s.find(lead, "key = HARB-1", "")
	if len(one.Issues) != 1 || one.Issues[0].ID == "" || one.Issues[0].Key != "" || one.Issues[0].Fields != nil || !one.IsLast || one.NextPageToken != "" {
		t.Errorf("ids only: got %+v", one)
	}
	tests := []struct {
		fields    string
		has, lack []string
		count     int
	}{
		{"key", nil, nil, 0},
		{"summary,assignee", []string{"summary", "assignee"}, nil, 2},
		{"summary,nonsense", []string{"summary"}, nil, 1},
		{"*navigable", []string{"summary", "duedate"}, []string{"worklog", "description"}, 26},
		{"*all", []string{"worklog", "description", "timetracking", "attachment"}, nil, 30},
		{"*all,-worklog", []string{"description"}, []string{"worklog"}, 29},
		{"-summary", []string{"duedate"}, []string{"summary", "worklog"}, 25},
		{"id,summary", []string{"summary"}, nil, 1},
	}
	for _, tt := range tests {
		i := s.find(lead, "key = HARB-1", "fields="+tt.fields).Issues[0]
		if i.Key != "HARB-1" || i.Self == "" || len(i.Fields) != tt.count {
			t.Errorf("%s: got %s with %d fields", tt.fields, i.Key, len(i.Fields))
		}
		for _, f := range tt.has {
			if i.Fields[f] == nil {
				t.Errorf("%s: no %s", tt.fields, f)
			}
		}
		for _, f := range tt.lack {
			if i.Fields[f] != nil {
				t.Errorf("%s: has %s", tt.fields, f)
			}
		}
	}
}

func TestSearchExpands(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	issue, _ := s.World.Issue("HARB-1")
	s.World.SetProperty(world.IssueProperties(issue.ID), "p", json.RawMessage(`{"a":1}`))
	r := s.find(lead, "key = HARB-1", "fields=summary&expand=names,schema,transitions&properties=p,q")
	if r.Names["summary"] != "Summary" || r.Schema["summary"].Type != "string" || len(r.Issues[0].Transitions) != 4 || string(r.Issues[0].Properties["p"]) != `{"a":1}` {
		t.Errorf("got %+v", r)
	}
	if r := s.find(outsider, "key = LANT-1", "expand=transitions&fields=key"); len(r.Issues[0].Transitions) != 0 {
		t.Errorf("transitions without permission: got %+v", r)
	}
}

func TestSearchPagesToTheEnd(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tests := []struct {
		rest  string
		pages int
	}{
		{"", 6},
		{"&maxResults=5000", 1},
		{"&maxResults=999999&fields=key", 1},
		{"&maxResults=999999&fields=summary", 3},
		{"&maxResults=70&fields=key", 5},
		{"&maxResults=300", 1},
		{"&maxResults=1000&properties=x", 3},
	}
	for _, tt := range tests {
		seen, pages, token := map[string]bool{}, 0, ""
		for {
			r := s.find(lead, "project is not EMPTY order by updated", "nextPageToken="+token+tt.rest)
			for _, i := range r.Issues {
				seen[i.ID] = true
			}
			pages++
			token = r.NextPageToken
			if r.IsLast != (token == "") {
				t.Errorf("%s: isLast %v, token %q", tt.rest, r.IsLast, token)
			}
			if token == "" {
				break
			}
		}
		if len(seen) != 300 || pages != tt.pages {
			t.Errorf("%s: got %d issues on %d pages, want %d pages", tt.rest, len(seen), pages, tt.pages)
		}
	}
}

func TestSearchPagesWhileIssuesChange(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const query = "project = HARB order by key"
	first := s.find(lead, query, "fields=key&maxResults=3")
	if got, want := first.keys(), "HARB-1 HARB-2 HARB-3"; got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	s.Send(admin, "DELETE", "/rest/api/3/issue/HARB-1", "").Empty(204)
	if got, want := s.find(lead, query, "fields=key&maxResults=3&nextPageToken="+first.NextPageToken).keys(), "HARB-4 HARB-5 HARB-6"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSearchSeesWhatTheCallerSees(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for as, want := range map[string]int{lead: 300, outsider: 240, nobody: 0} {
		if got := len(s.find(as, "created > -9999d", "maxResults=5000").Issues); got != want {
			t.Errorf("%s: got %d, want %d", as, got, want)
		}
	}
}

func TestSearchRefuses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := s.find(lead, "project = HARB", "").NextPageToken
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/search/jql", "", 400, "Unbounded"},
		{lead, "GET", "/rest/api/3/search/jql?jql=order+by+key", "", 400, "Unbounded"},
		{lead, "GET", "/rest/api/3/search/jql?jql=foo%3D1", "", 400, "Field 'foo' does not exist"},
		{lead, "GET", "/rest/api/3/search/jql?jql=project%3DNOPE", "", 400, "The value 'NOPE' does not exist for the field 'project'."},
		{outsider, "GET", "/rest/api/3/search/jql?jql=project+in+(HARB,VALT)", "", 400, "The value 'VALT' does not exist for the field 'project'."},
		{nobody, "GET", "/rest/api/3/search/jql?jql=project%3DHARB", "", 400, "The value 'HARB' does not exist for the field 'project'."},
		{lead, "GET", "/rest/api/3/search/jql?jql=key%3DHARB-1+order+by+key,key,key,key,key,key,key,key", "", 400, "maximum of 7"},
		{lead, "GET", "/rest/api/3/search/jql?jql=project%3DHARB&nextPageToken=x", "", 400, "token"},
		{lead, "GET", "/rest/api/3/search/jql?jql=project%3DHARB&nextPageToken=e30", "", 400, "token"},
		{lead, "GET", "/rest/api/3/search/jql?jql=project%3DLANT&nextPageToken=" + token, "", 400, "token"},
		{other, "GET", "/rest/api/3/search/jql?jql=project%3DHARB&nextPageToken=" + token, "", 400, "token"},
		{lead, "GET", "/rest/api/3/search/jql?jql=project%3DHARB&maxResults=0", "", 400, "maxResults"},
		{lead, "GET", "/rest/api/3/search/jql?jql=project%3DHARB&maxResults=x", "", 400, "maxResults"},
		{lead, "GET", "/rest/api/3/search/jql?jql=project%3DHARB&properties=a,b,c,d,e,f", "", 400, "5 properties"},
		{lead, "GET", "/rest/api/3/search/jql?jql=project%3DHARB&reconcileIssues=x", "", 400, "reconcileIssues"},
		{lead, "GET", "/rest/api/3/search/jql?jql=project%3DHARB&reconcileIssues=" + strings.Repeat("1,", 51), "", 400, "50 issues"},
		{lead, "POST", "/rest/api/3/search/jql", `{"jql":"key = HARB-1","maxResults":"many"}`, 400, "payload"},
		{lead, "POST", "/rest/api/3/search/jql", `{"jql":"key = HARB-1","startAt":5}`, 400, "payload"},
		{lead, "GET", "/rest/api/3/search?jql=project%3DHARB", "", 410, "/rest/api/3/search/jql"},
		{lead, "POST", "/rest/api/2/search", "{}", 410, "/rest/api/2/search/jql"},
	})
}

func TestSearchUsesTheCallersZone(t *testing.T) {
	t.Parallel()
	s := newSite(t) // 15:30 UTC: tomorrow in Auckland
	s.Send(lead, "PUT", "/rest/api/3/issue/LANT-1", `{"fields":{"duedate":"2026-03-10"}}`).Empty(204)
	for as, want := range map[string]int{lead: 0, "tfaleolo": 1} {
		if got := len(s.find(as, "key = LANT-1 and due < startOfDay()", "").Issues); got != want {
			t.Errorf("%s: got %d, want %d", as, got, want)
		}
	}
}

func TestWorklogFieldHasTheFirstTwenty(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var long string
	for _, i := range s.World.ProjectIssues("HARB") {
		if len(s.World.Worklogs(i.ID)) > 20 {
			long = i.Key
		}
	}
	var field worklogs
	r := s.find(lead, "key = "+long, "fields=worklog")
	if err := json.Unmarshal(r.Issues[0].Fields["worklog"], &field); err != nil {
		t.Fatal(err)
	}
	if len(field.Worklogs) != 20 || field.Total <= 20 || field.MaxResults != 20 {
		t.Errorf("got %d of %d, maxResults %d", len(field.Worklogs), field.Total, field.MaxResults)
	}
	var all worklogs
	s.Get(lead, "/rest/api/3/issue/"+long+"/worklog").Into(200, &all)
	if all.Total != field.Total || len(all.Worklogs) != all.Total || all.Worklogs[0].ID != field.Worklogs[0].ID {
		t.Errorf("all: got %d of %d", len(all.Worklogs), all.Total)
	}
}

func TestSearchRealData(t *testing.T) {
	t.Parallel()
	f, err := os.Open(filepath.Join("..", "..", "..", "..", "..", "shared", "data", "real-jira.json"))
	if err != nil {
		t.Skipf("the data of public trackers is not here: %v", err)
	}
	defer func() { _ = f.Close() }()
	w, err := world.Load(f, clock(), false)
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, w)
	as := w.Dashboards()[0].OwnerID
	count, token := 0, ""
	for {
		r := s.find(as, `project in (ARROW, TIMOB, "ALOY", MOD) AND statusCategory != Done`, "fields=summary,assignee,status,worklog&maxResults=100&nextPageToken="+token)
		count += len(r.Issues)
		if token = r.NextPageToken; token == "" {
			break
		}
	}
	if want := 1280 + 157 + 376 + 37 + 25 + 15 + 27 + 3; count != want {
		t.Errorf("got %d open issues, want %d", count, want)
	}
}
