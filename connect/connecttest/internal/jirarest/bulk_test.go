package jirarest_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// many is a world with one project of so many issues, and one that only its lead
// sees.
func many(t *testing.T, issues int) *world.World {
	t.Helper()
	var b strings.Builder
	b.WriteString(`{"users":[{"name":"ann","active":true},{"name":"bob","active":true},{"name":"cara","active":true}],"projects":[{"key":"P"},{"key":"Q","private":true}],"issues":[
		{"key":"Q-1","id":"1","project":"Q","status":"Open","statusCategory":"new","assignee":"bob"}`)
	for n := range issues {
		fmt.Fprintf(&b, `,{"key":"P-%d","id":"%d","project":"P","status":"Open","statusCategory":"new","assignee":"ann","reporter":"cara"}`, n+1, 9000-n)
	}
	w, err := world.Load(strings.NewReader(b.String()+`]}`), clock(), true)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func quoted(from, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = strconv.Quote("P-" + strconv.Itoa(from+i))
	}
	return strings.Join(list, ",")
}

func TestBulkFetch(t *testing.T) {
	t.Parallel()
	s := serve(t, many(t, 1100))
	const path = "/rest/api/3/issue/bulkfetch"
	var got struct {
		Issues []struct {
			ID, Key string
			Fields  map[string]any
		}
		IssueErrors []any
	}
	s.Send("cara", "POST", path, `{"issueIdsOrKeys":["p-2","9000","P-2","Q-1","NO-7",""],"fields":["summary"]}`).Into(200, &got)
	if len(got.Issues) != 2 || got.Issues[0].ID != "8999" || got.Issues[1].Key != "P-1" || len(got.Issues[0].Fields) != 1 || got.IssueErrors == nil || len(got.IssueErrors) != 0 {
		t.Errorf("got %+v", got)
	}
	s.Send("cara", "POST", path, `{"issueIdsOrKeys":[`+quoted(1, 1000)+`],"fields":["summary","-status"]}`).Into(200, &got)
	if len(got.Issues) != 1000 || got.Issues[0].Key != "P-1000" {
		t.Errorf("got %d issues from %s", len(got.Issues), got.Issues[0].Key)
	}
	s.Send("cara", "POST", path, `{"issueIdsOrKeys":[`+quoted(1, 100)+`]}`).Into(200, &got)
	if len(got.Issues) != 100 || got.Issues[0].Fields["status"] == nil {
		t.Errorf("got %d issues", len(got.Issues))
	}
	s.Refuses([]refusal{
		{"cara", "POST", path, `{"issueIdsOrKeys":[` + quoted(1, 1001) + `],"fields":["summary"]}`, 400, "1000"},
		{"cara", "POST", path, `{"issueIdsOrKeys":[` + quoted(1, 101) + `]}`, 400, "100"},
		{"cara", "POST", path, `{"issueIdsOrKeys":[` + quoted(1, 101) + `],"fields":["-status"]}`, 400, "100"},
		{"cara", "POST", path, `{"issueIdsOrKeys":[` + quoted(1, 101) + `],"fields":["summary","*navigable"]}`, 400, "100"},
		{"cara", "POST", path, `{"issueIdsOrKeys":[` + quoted(1, 101) + `],"fields":["summary","worklog"]}`, 400, "100"},
		{"cara", "POST", path, `{"issueIdsOrKeys":[` + quoted(1, 101) + `],"fields":["summary"],"expand":["changelog"]}`, 400, "100"},
		{"cara", "POST", path, `{"issueIdsOrKeys":["P-1"],"properties":["a","b","c","d","e","f"]}`, 400, "properties"},
		{"cara", "POST", path, `{"issueIdsOrKeys":[]}`, 400, "At least one"},
		{"cara", "POST", path, `{"ids":[]}`, 400, ""},
	})
	s.Send("cara", "POST", path, `{"issueIdsOrKeys":["P-1"]}`, "Scopes", "READ").Fails(403, "bulkFetchIssues needs WRITE")
	s.Send("cara", "POST", "/rest/api/3/changelog/bulkfetch", `{"issueIdsOrKeys":["P-1"]}`, "Scopes", "ADMIN").Fails(403, "INACCESSIBLE")
}

func TestMatchAndCount(t *testing.T) {
	t.Parallel()
	s := serve(t, many(t, 3))
	var got struct {
		Matches []struct {
			MatchedIssues []int64
			Errors        []string
		}
	}
	ask := func(as, body string) {
		t.Helper()
		got.Matches = nil
		s.Send(as, "POST", "/rest/api/3/jql/match", body).Into(200, &got)
	}
	ask("cara", `{"issueIds":[1,9000,8999,7],"jqls":["assignee is not EMPTY","key = P-1","project = Q","((" ]}`)
	if m := got.Matches; len(m) != 4 || !slices.Equal(m[0].MatchedIssues, []int64{9000, 8999}) || !slices.Equal(m[1].MatchedIssues, []int64{9000}) ||
		len(m[2].Errors) != 1 || len(m[3].Errors) == 0 || m[3].MatchedIssues == nil {
		t.Errorf("got %+v", m)
	}
	ask("bob", `{"issueIds":[1],"jqls":["project = Q"]}`)
	if m := got.Matches; len(m) != 1 || !slices.Equal(m[0].MatchedIssues, []int64{1}) {
		t.Errorf("got %+v", m)
	}
	var count struct{ Count int }
	s.Send("cara", "POST", "/rest/api/3/search/approximate-count", `{"jql":"assignee is not EMPTY"}`).Into(200, &count)
	if count.Count != 3 {
		t.Errorf("counted %d", count.Count)
	}
	s.Refuses([]refusal{
		{"cara", "POST", "/rest/api/3/search/approximate-count", `{"jql":"order by key"}`, 400, "Unbounded"},
		{"cara", "POST", "/rest/api/3/search/approximate-count", `{"jql":"project = Q"}`, 400, "does not exist"},
		{"cara", "POST", "/rest/api/3/jql/match", `{"issueIds":[],"jqls":["a = 1"]}`, 400, "At least one"},
		{"cara", "POST", "/rest/api/3/jql/match", `{"issueIds":["x"],"jqls":["a = 1"]}`, 400, ""},
		{"", "POST", "/rest/api/3/jql/match", `{"issueIds":[1],"jqls":["a = 1"]}`, 401, ""},
	})
}

func TestChangelogs(t *testing.T) {
	t.Parallel()
	s := serve(t, many(t, 3))
	for _, edit := range []string{
		`P-2 {"fields":{"summary":"one"}}`, `P-1 {"fields":{"summary":"two","duedate":"2026-05-01"}}`, `P-2 {"fields":{"assignee":null}}`,
	} {
		key, body, _ := strings.Cut(edit, " ")
		s.Send("cara", "PUT", "/rest/api/3/issue/"+key, body).Empty(204)
	}
	type item struct{ FieldID, From, FromString, To, ToString string }
	var page struct {
		Total  int
		IsLast bool
		Values []struct {
			ID     string
			Author struct{ AccountID string }
			Items  []item
		}
	}
	s.Get("cara", "/rest/api/3/issue/P-2/changelog?maxResults=1&startAt=1").Into(200, &page)
	if want := (item{FieldID: "assignee", From: s.Account("ann"), FromString: "ann"}); page.Total != 2 || !page.IsLast || len(page.Values) != 1 ||
		page.Values[0].Author.AccountID != s.Account("cara") || len(page.Values[0].Items) != 1 || page.Values[0].Items[0] != want {
		t.Errorf("got %+v", page)
	}
	if told := s.changes[2].Body["changelog"].(map[string]any)["id"]; told != page.Values[0].ID {
		t.Errorf("the event's changelog is %v, want %s", told, page.Values[0].ID)
	}
	var bulk struct {
		IssueChangeLogs []struct {
			IssueID         string
			ChangeHistories []struct{ Items []item }
		}
		NextPageToken string
	}
	s.Send("cara", "POST", "/rest/api/3/changelog/bulkfetch", `{"issueIdsOrKeys":["P-1","P-2","Q-1"],"fieldIds":["summary","assignee"],"maxResults":2}`).Into(200, &bulk)
	if len(bulk.IssueChangeLogs) != 1 || bulk.IssueChangeLogs[0].IssueID != "8999" || len(bulk.IssueChangeLogs[0].ChangeHistories) != 2 || bulk.NextPageToken == "" {
		t.Errorf("got %+v", bulk)
	}
	next := `{"issueIdsOrKeys":["P-1","P-2","Q-1"],"fieldIds":["summary","assignee"],"maxResults":2,"nextPageToken":"` + bulk.NextPageToken + `"}`
	bulk.NextPageToken = ""
	s.Send("cara", "POST", "/rest/api/3/changelog/bulkfetch", next).Into(200, &bulk)
	if len(bulk.IssueChangeLogs) != 1 || bulk.IssueChangeLogs[0].IssueID != "9000" || len(bulk.IssueChangeLogs[0].ChangeHistories[0].Items) != 1 || bulk.NextPageToken != "" {
		t.Errorf("got %+v", bulk)
	}
	s.Refuses([]refusal{
		{"cara", "GET", "/rest/api/3/issue/Q-1/changelog", "", 404, ""},
		{"cara", "POST", "/rest/api/3/changelog/bulkfetch", `{"issueIdsOrKeys":[]}`, 400, ""},
		{"cara", "POST", "/rest/api/3/changelog/bulkfetch", `{"issueIdsOrKeys":["P-1"],"maxResults":0}`, 400, ""},
		{"cara", "POST", "/rest/api/3/changelog/bulkfetch", `{"issueIdsOrKeys":["P-1"],"maxResults":10001}`, 400, ""},
		{"cara", "POST", "/rest/api/3/changelog/bulkfetch", `{"issueIdsOrKeys":["P-1"],"nextPageToken":"!"}`, 400, "token"},
		{"cara", "POST", "/rest/api/3/changelog/bulkfetch", `{"issueIdsOrKeys":["P-1"],"fieldIds":["1","2","3","4","5","6","7","8","9","10","11"]}`, 400, "fields"},
	})
}

func TestBulkUsersAndStatuses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var page struct {
		Total, MaxResults int
		IsLast            bool
		Values            []struct{ AccountID string }
	}
	ids := "?accountId=nobody&accountId=" + s.Account(lead)
	for _, p := range s.World.People()[:11] {
		ids += "&accountId=" + p.AccountID
	}
	s.Get(lead, "/rest/api/3/user/bulk"+ids).Into(200, &page)
	if len(page.Values) != 10 || page.MaxResults != 10 || page.Total != 11 || page.IsLast || page.Values[0].AccountID != s.Account(lead) {
		t.Errorf("got %+v", page)
	}
	s.Get(lead, "/rest/api/3/user/bulk").Fails(400, "accountId")
	var fields []struct{ ID, Key string }
	s.Get(lead, "/rest/api/3/field").Into(200, &fields)
	if len(fields) < 20 || fields[0].ID != "summary" {
		t.Errorf("got %+v", fields)
	}
	var statuses []struct{ StatusCategory struct{ Key string } }
	s.Get(lead, "/rest/api/3/status").Into(200, &statuses)
	if len(statuses) < 4 || statuses[0].StatusCategory.Key != "new" {
		t.Errorf("got %+v", statuses)
	}
}

// TestIndexIsBehind: a search finds issues as they were, and shows them as they are.
func TestIndexIsBehind(t *testing.T) {
	t.Parallel()
	w := many(t, 3)
	now := clock()
	w.SetClock(func() time.Time { return now })
	w.Delay(time.Minute)
	for _, indexed := range []bool{false, true} {
		s := serveWith(t, w, func(o *jirarest.Options) { o.MatchIndexed = indexed })
		s.Send("cara", "PUT", "/rest/api/3/issue/P-1", `{"fields":{"assignee":null}}`).Empty(204)
		s.Send("cara", "POST", "/rest/api/3/issue/P-2/worklog", `{"timeSpentSeconds":60}`).Into(201, new(any))
		s.Send("cara", "DELETE", "/rest/api/3/issue/P-3", "").Fails(403, "")
		if _, err := w.DeleteIssue("8998", now); err != nil {
			t.Fatal(err)
		}
		find := func(query string) []string {
			t.Helper()
			var got struct{ Issues []struct{ Key string } }
			s.Get("cara", "/rest/api/3/search/jql?fields=key&jql="+query).Into(200, &got)
			var keys []string
			for _, i := range got.Issues {
				keys = append(keys, i.Key)
			}
			return keys
		}
		want := func(query string, keys ...string) {
			t.Helper()
			if got := find(query); !slices.Equal(got, keys) {
				t.Errorf("%s finds %v, want %v", query, got, keys)
			}
		}
		want("assignee+is+EMPTY")
		want("assignee+is+EMPTY&reconcileIssues=9000", "P-1")
		want("project=P+ORDER+BY+key+ASC", "P-1", "P-2")
		want("worklogDate>2000-01-01")
		var match struct {
			Matches []struct{ MatchedIssues []int64 }
		}
		s.Send("cara", "POST", "/rest/api/3/jql/match", `{"issueIds":[9000],"jqls":["assignee is EMPTY"]}`).Into(200, &match)
		if got := len(match.Matches[0].MatchedIssues) == 1; got == indexed {
			t.Errorf("indexed %v: matches %v", indexed, match.Matches)
		}
		now = now.Add(time.Minute)
		want("assignee+is+EMPTY", "P-1")
		want("worklogDate>2000-01-01", "P-2")
		w.Reset()
		want("assignee+is+EMPTY")
	}
}
