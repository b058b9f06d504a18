package jirarest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

type worklog struct {
	ID, IssueID, Started, Created, Updated, TimeSpent string
	Author, UpdateAuthor                              user
	TimeSpentSeconds                                  int64
	Comment                                           json.RawMessage
}

type worklogs struct {
	StartAt, MaxResults, Total int
	Worklogs                   []worklog
}

func TestListWorklogs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	i, err := s.World.CreateIssue(world.Issue{Project: "HARB"})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 10 {
		if _, err := s.World.AddWorklog(world.Worklog{IssueID: i.ID, Started: time.UnixMilli(int64(n) * 1000), Spent: 60}, nil); err != nil {
			t.Fatal(err)
		}
	}
	path := "/rest/api/3/issue/" + i.Key + "/worklog"
	tests := []struct {
		query               string
		count, total, limit int
	}{
		{"", 10, 10, 5000},
		{"?startAt=8&maxResults=5", 2, 10, 5},
		{"?startAt=100", 0, 10, 5000},
		{"?maxResults=9999999", 10, 10, 5000},
		{"?startedAfter=5000", 5, 5, 5000},
		{"?startedBefore=5000", 5, 5, 5000},
		{"?startedAfter=2000&startedBefore=5000&maxResults=2", 2, 3, 2},
		{"?startedBefore=0", 0, 0, 5000},
	}
	for _, tt := range tests {
		var p worklogs
		s.Get(lead, path+tt.query).Into(200, &p)
		if len(p.Worklogs) != tt.count || p.Total != tt.total || p.MaxResults != tt.limit {
			t.Errorf("%s: got %d of %d, maxResults %d", tt.query, len(p.Worklogs), p.Total, p.MaxResults)
		}
	}
	s.Refuses([]refusal{
		{lead, "GET", path + "?startAt=x", "", 404, ""},
		{lead, "GET", path + "?maxResults=-1", "", 404, ""},
		{lead, "GET", path + "?startedAfter=x", "", 404, ""},
		{lead, "GET", "/rest/api/3/issue/HARB-999/worklog", "", 404, "Issue does not exist"},
		{outsider, "GET", "/rest/api/3/issue/VALT-1/worklog", "", 404, "Issue does not exist"},
		{lead, "GET", path + "/1", "", 404, "worklog"},
	})
}

func TestAddWorklog(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-1", `{"fields":{"timetracking":{"remainingEstimate":"10h"}}}`).Empty(204)
	s.events()
	var before issue
	s.Get(lead, "/rest/api/3/issue/HARB-1").Into(200, &before)
	spent := int64(0)
	if before.Fields.TimeSpent != nil {
		spent = *before.Fields.TimeSpent
	}
	tests := []struct {
		query, body      string
		spent, remaining int64
	}{
		{"", `{"timeSpent":"1h 30m","started":"2026-03-10T08:00:00.000+0100"}`, 5400, 30600},
		{"?adjustEstimate=leave", `{"timeSpentSeconds":60}`, 60, 30600},
		{"?adjustEstimate=new&newEstimate=2d", `{"timeSpent":"90","other":1}`, 5400, 57600},
		{"?adjustEstimate=manual&reduceBy=1d", `{"timeSpent":"1m"}`, 60, 28800},
		{"?adjustEstimate=auto", `{"timeSpent":"1w"}`, 144000, 0},
	}
	for _, tt := range tests {
		var l worklog
		s.Send(lead, "POST", "/rest/api/3/issue/HARB-1/worklog"+tt.query, tt.body).Into(201, &l)
		spent += tt.spent
		f := s.issue(lead, "/rest/api/3/issue/HARB-1").Fields
		if l.TimeSpentSeconds != tt.spent || l.Author.AccountID != s.Account(lead) || *f.TimeSpent != spent || *f.TimeEstimate != tt.remaining {
			t.Errorf("%s: got %d, spent %d, remaining %d, want %+v and %d", tt.query, l.TimeSpentSeconds, *f.TimeSpent, *f.TimeEstimate, tt, spent)
		}
		if got, want := s.events(), "worklog_created HARB-1, jira:issue_updated HARB-1"; got != want {
			t.Errorf("events: got %s", got)
		}
	}
}

func TestWorklogComments(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	doc := `{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"done"}]}]}`
	var two, three worklog
	s.Send(lead, "POST", "/rest/api/2/issue/HARB-1/worklog", `{"timeSpent":"1h","comment":"done"}`).Into(201, &two)
	s.Get(lead, "/rest/api/3/issue/HARB-1/worklog/"+two.ID).Into(200, &three)
	if string(two.Comment) != `"done"` || string(three.Comment) != doc {
		t.Errorf("got %s, %s", two.Comment, three.Comment)
	}
	var bare worklog
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-1/worklog/"+two.ID, `{"comment":null}`).Into(200, &bare)
	if bare.Comment != nil {
		t.Errorf("removed: got %s", bare.Comment)
	}
	s.Refuses([]refusal{
		{lead, "POST", "/rest/api/3/issue/HARB-1/worklog", `{"timeSpent":"1h","comment":"done"}`, 400, "comment"},
		{lead, "POST", "/rest/api/2/issue/HARB-1/worklog", `{"timeSpent":"1h","comment":` + doc + `}`, 400, "comment"},
	})
}

func TestWorklogRefuses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const path = "/rest/api/3/issue/HARB-1/worklog"
	var mine worklog
	s.Send(other, "POST", path, `{"timeSpent":"1h"}`).Into(201, &mine)
	s.events()
	post := func(query, body, part string) refusal { return refusal{lead, "POST", path + query, body, 400, part} }
	s.Refuses([]refusal{
		post("", `{}`, "time spent"),
		post("", `{"timeSpentSeconds":0}`, "time spent"),
		post("", `{"timeSpentSeconds":-5}`, "time spent"),
		post("", `{"timeSpentSeconds":9223372036854775807}`, "time spent"),
		post("", `{"timeSpentSeconds":"1h"}`, "payload"),
		post("", `{"timeSpent":"long"}`, "duration"),
		post("", `{"timeSpent":""}`, "duration"),
		post("", `{"timeSpent":"1h","timeSpentSeconds":3600}`, "Only one"),
		post("", `{"timeSpent":"1h","started":"yesterday"}`, "date"),
		post("", `{"timeSpent":"1h","started":"2026-03-10T08:00:00Z"}`, "date"),
		post("?adjustEstimate=new", `{"timeSpent":"1h"}`, "estimate"),
		post("?adjustEstimate=manual", `{"timeSpent":"1h"}`, "estimate"),
		post("?adjustEstimate=other", `{"timeSpent":"1h"}`, "adjustEstimate"),
		post("", `[`, "payload"),
		{outsider, "POST", "/rest/api/3/issue/LANT-1/worklog", `{"timeSpent":"1h"}`, 400, "permission"},
		{outsider, "POST", "/rest/api/3/issue/VALT-1/worklog", `{"timeSpent":"1h"}`, 404, ""},
		{nobody, "POST", path, `{"timeSpent":"1h"}`, 404, ""},
		{"creyes", "PUT", path + "/" + mine.ID, `{"timeSpent":"2h"}`, 400, "permission"},
		{"creyes", "DELETE", path + "/" + mine.ID, "", 400, "permission"},
		{other, "PUT", path + "/" + mine.ID, `{}`, 400, "At least one"},
		{other, "PUT", path + "/" + mine.ID + "?adjustEstimate=new&newEstimate=x", `{"timeSpent":"1h"}`, 400, "estimate"},
		{other, "PUT", path + "/1", `{"timeSpent":"1h"}`, 404, ""},
		{other, "PUT", "/rest/api/3/issue/HARB-2/worklog/" + mine.ID, `{"timeSpent":"1h"}`, 404, ""},
		{other, "DELETE", path + "/1", "", 404, ""},
		{other, "DELETE", path + "/" + mine.ID + "?adjustEstimate=manual", "", 400, "increaseBy"},
	})
	if got := s.events(); got != "" {
		t.Errorf("refused calls told %s", got)
	}
}

func TestUpdateAndDeleteWorklog(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const path = "/rest/api/3/issue/HARB-1/worklog"
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-1", `{"fields":{"timetracking":{"remainingEstimate":"10h"}}}`).Empty(204)
	remaining := func() int64 { return *s.issue(lead, "/rest/api/3/issue/HARB-1").Fields.TimeEstimate / 3600 }
	var l worklog
	s.Send(other, "POST", path, `{"timeSpent":"1h","started":"2026-03-01T08:00:00.000+0000"}`).Into(201, &l)
	s.events()
	s.Send(lead, "PUT", path+"/"+l.ID, `{"timeSpent":"3h"}`).Into(200, &l)
	if l.TimeSpentSeconds != 10800 || l.Author.AccountID != s.Account(other) || l.UpdateAuthor.AccountID != s.Account(lead) || remaining() != 7 {
		t.Errorf("updated: got %+v, remaining %d", l, remaining())
	}
	s.Send(other, "PUT", path+"/"+l.ID, `{"started":"2026-03-02T08:00:00.000+0000"}`).Into(200, &l)
	if l.TimeSpentSeconds != 10800 || l.Started != "2026-03-02T13:30:00.000+0530" || remaining() != 7 {
		t.Errorf("moved: got %+v, remaining %d", l, remaining())
	}
	s.Send(other, "DELETE", path+"/"+l.ID, "").Empty(204)
	if remaining() != 10 {
		t.Errorf("deleted: remaining %d", remaining())
	}
	s.Get(lead, path+"/"+l.ID).Fails(404, l.ID)
	want := "worklog_updated HARB-1, jira:issue_updated HARB-1, worklog_updated HARB-1, jira:issue_updated HARB-1, worklog_deleted HARB-1, jira:issue_updated HARB-1"
	if got := s.events(); got != want {
		t.Errorf("events: got %s", got)
	}
}

type changes struct {
	Values []struct{ WorklogID, UpdatedTime int64 }
	Since  int64
	Until  int64
	Last   bool   `json:"lastPage"`
	Next   string `json:"nextPage"`
}

// TestLogsOnly is a person who may log work but not change it afterwards.
func TestLogsOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var log struct{ ID string }
	s.Send("sbeltran", "POST", "/rest/api/3/issue/HARB-1/worklog", `{"timeSpentSeconds":3600}`).Into(201, &log)
	s.Refuses([]refusal{
		{"sbeltran", "PUT", "/rest/api/3/issue/HARB-1/worklog/" + log.ID, `{"timeSpentSeconds":7200}`, 400, "permission"},
		{"sbeltran", "DELETE", "/rest/api/3/issue/HARB-1/worklog/" + log.ID, "", 400, "permission"},
	})
	s.Send(lead, "PUT", "/rest/api/3/issue/HARB-1/worklog/"+log.ID, `{"timeSpentSeconds":7200}`).Into(200, &log)
	var may struct {
		Permissions map[string]struct{ HavePermission bool }
	}
	s.Get("sbeltran", "/rest/api/3/mypermissions?projectKey=HARB&permissions=WORK_ON_ISSUES,EDIT_OWN_WORKLOGS").Into(200, &may)
	if !may.Permissions["WORK_ON_ISSUES"].HavePermission || may.Permissions["EDIT_OWN_WORKLOGS"].HavePermission {
		t.Errorf("got %+v", may)
	}
}

func TestChangedWorklogs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	i, err := s.World.CreateIssue(world.Issue{Project: "HARB"})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 2500 {
		at := clock().Add(-time.Hour + time.Duration(n/3)*time.Millisecond)
		if _, err := s.World.AddWorklog(world.Worklog{IssueID: i.ID, Updated: at, Spent: 60}, nil); err != nil {
			t.Fatal(err)
		}
	}
	seen, pages := map[int64]bool{}, 0
	for next := fmt.Sprintf("/rest/api/3/worklog/updated?since=%d", clock().Add(-time.Hour).UnixMilli()-1); next != ""; pages++ {
		var c changes
		s.Get(lead, strings.TrimPrefix(next, s.URL)).Into(200, &c)
		for _, v := range c.Values {
			if seen[v.WorklogID] {
				t.Errorf("%d came twice", v.WorklogID)
			}
			seen[v.WorklogID] = true
		}
		if len(c.Values) > 1000 || c.Last != (c.Next == "") {
			t.Errorf("got %d, last %v, next %q", len(c.Values), c.Last, c.Next)
		}
		next = c.Next
	}
	if len(seen) != 2500 || pages != 3 {
		t.Errorf("got %d on %d pages", len(seen), pages)
	}
	var fresh worklog
	s.Send(lead, "POST", "/rest/api/3/issue/HARB-1/worklog", `{"timeSpent":"1h"}`).Into(201, &fresh)
	var c changes
	s.Get(lead, fmt.Sprintf("/rest/api/3/worklog/updated?since=%d", clock().Add(-time.Second).UnixMilli())).Into(200, &c)
	if len(c.Values) != 0 || !c.Last {
		t.Errorf("the last minute: got %+v", c)
	}
}

func TestDeletedWorklogsAndList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	secret := s.World.Worklogs(s.issue(lead, "/rest/api/3/issue/VALT-1").ID)
	for _, i := range s.World.ProjectIssues("VALT") {
		if logs := s.World.Worklogs(i.ID); len(logs) > 0 {
			secret = logs
		}
	}
	var open *world.Worklog
	for _, i := range s.World.ProjectIssues("HARB") {
		if logs := s.World.Worklogs(i.ID); len(logs) > 0 {
			open = logs[0]
		}
	}
	body := `{"ids":[` + open.ID + `,` + secret[0].ID + `,1]}`
	for as, want := range map[string]int{lead: 2, outsider: 1} {
		var list []worklog
		s.Send(as, "POST", "/rest/api/3/worklog/list", body).Into(200, &list)
		if len(list) != want {
			t.Errorf("%s: got %d, want %d", as, len(list), want)
		}
	}
	if _, err := s.World.DeleteWorklog(secret[0].ID, clock().Add(-time.Hour), nil); err != nil {
		t.Fatal(err)
	}
	for as, want := range map[string]int{lead: 1, outsider: 0} {
		var c changes
		s.Get(as, "/rest/api/3/worklog/deleted?since=1").Into(200, &c)
		if len(c.Values) != want || !c.Last {
			t.Errorf("deleted as %s: got %+v", as, c)
		}
	}
	s.Refuses([]refusal{
		{lead, "POST", "/rest/api/3/worklog/list", `{"ids":[]}`, 400, ""},
		{lead, "POST", "/rest/api/3/worklog/list", `{"ids":[` + strings.Repeat("1,", 1000) + `1]}`, 400, "1000"},
		{lead, "POST", "/rest/api/3/worklog/list", `{"ids":["1"]}`, 400, "payload"},
		{nobody, "POST", "/rest/api/3/worklog/list", `{"ids":[1]}`, 401, ""},
		{lead, "GET", "/rest/api/3/worklog/updated?since=x", "", 400, "since"},
		{lead, "GET", "/rest/api/3/worklog/deleted?since=x", "", 400, "since"},
		{nobody, "GET", "/rest/api/3/worklog/updated", "", 401, ""},
	})
}
