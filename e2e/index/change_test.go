package index

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// someIssue is one of the projects' issues, open or not.
func (b *board) someIssue(t *testing.T, rng *rand.Rand) string {
	t.Helper()
	var page struct{ Issues []struct{ Key string } }
	project := b.projects[rng.IntN(len(b.projects))]
	b.rest(t, http.MethodGet, "/rest/api/3/search/jql?maxResults=500&fields=key&jql="+url.QueryEscape("project = "+project), nil, &page)
	return page.Issues[rng.IntN(len(page.Issues))].Key
}

func (b *board) rest(t *testing.T, method, path string, in, out any) {
	t.Helper()
	b.Rest(t, b.admin.AccountID, method, path, in, out)
}

// someone is anybody who may have an issue, an app too, or nobody.
func (b *board) someone(t *testing.T, rng *rand.Rand, key string) any {
	t.Helper()
	var people []struct{ AccountID string }
	b.rest(t, http.MethodGet, "/rest/api/3/user/assignable/search?maxResults=100&query=e&issueKey="+key, nil, &people)
	if n := rng.IntN(len(people) + 1); n < len(people) {
		return map[string]any{"accountId": people[n].AccountID}
	}
	return nil
}

// change makes one change through the REST API.
func (b *board) change(t *testing.T, rng *rand.Rand) {
	t.Helper()
	key := b.someIssue(t, rng)
	issue := "/rest/api/3/issue/" + key
	edit := func(field string, value any) {
		b.rest(t, http.MethodPut, issue, map[string]any{"fields": map[string]any{field: value}}, nil)
	}
	switch rng.IntN(9 + min(len(b.levels), 1)) {
	case 0:
		edit("assignee", b.someone(t, rng, key))
	case 1:
		edit("duedate", b.day(rng))
	case 2:
		edit("timetracking", map[string]any{"remainingEstimate": fmt.Sprintf("%dh", rng.IntN(30))})
	case 3:
		edit("summary", fmt.Sprint("Another summary ", rng.IntN(1000)))
	case 4:
		b.move(t, rng, issue)
	case 5:
		fields := map[string]any{"project": map[string]any{"key": b.projects[0]}, "summary": "One more", "issuetype": map[string]any{"name": "Task"}, "duedate": b.day(rng)}
		b.rest(t, http.MethodPost, "/rest/api/3/issue", map[string]any{"fields": fields}, nil)
	case 6:
		if rng.IntN(4) == 0 {
			b.rest(t, http.MethodDelete, issue+"?deleteSubtasks=true", nil, nil)
		}
	case 9:
		var level any
		if rng.IntN(3) > 0 {
			level = map[string]string{"name": b.levels[rng.IntN(len(b.levels))]}
		}
		edit("security", level)
	default:
		b.log(t, rng, issue)
	}
}

func (b *board) day(rng *rand.Rand) any {
	if rng.IntN(5) == 0 {
		return nil
	}
	return b.now().AddDate(0, 0, rng.IntN(20)-10).Format(time.DateOnly)
}

// move does one of the transitions.
func (b *board) move(t *testing.T, rng *rand.Rand, issue string) {
	t.Helper()
	var moves struct{ Transitions []struct{ ID string } }
	b.rest(t, http.MethodGet, issue+"/transitions", nil, &moves)
	id := moves.Transitions[rng.IntN(len(moves.Transitions))].ID
	b.rest(t, http.MethodPost, issue+"/transitions", map[string]any{"transition": map[string]string{"id": id}}, nil)
}

// log adds a work log, or changes or deletes one.
func (b *board) log(t *testing.T, rng *rand.Rand, issue string) {
	t.Helper()
	var logs struct{ Worklogs []struct{ ID string } }
	b.rest(t, http.MethodGet, issue+"/worklog", nil, &logs)
	body := map[string]any{
		"timeSpentSeconds": 600 * (1 + rng.IntN(20)),
		"started":          b.now().Add(-time.Duration(rng.IntN(40*24)) * time.Hour).Format("2006-01-02T15:04:05.000-0700"),
	}
	switch n := rng.IntN(4); {
	case n < 2 || len(logs.Worklogs) == 0:
		b.rest(t, http.MethodPost, issue+"/worklog", body, new(json.RawMessage))
	case n == 2:
		b.rest(t, http.MethodPut, issue+"/worklog/"+logs.Worklogs[0].ID, body, nil)
	default:
		b.rest(t, http.MethodDelete, issue+"/worklog/"+logs.Worklogs[0].ID, nil, nil)
	}
}
