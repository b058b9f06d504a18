package host

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/feed"
	"github.com/sightline-go/sightline/internal/index"
)

func text(s string) *string { return &s }

func TestReadFacts(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body string
		want feed.Event
	}{
		"an issue": {
			`{"webhookEvent":"jira:issue_updated","issue":{"id":"10001","key":"ABC-1","fields":{"summary":"secret","updated":"2026-11-24T09:00:00.000+0000",
				"assignee":{"accountId":"a","accountType":"app","active":false,"displayName":"x","avatarUrls":{"24x24":"y"}},"status":{"id":"3","statusCategory":{"id":4,"key":"done"}},
				"duedate":null,"timeestimate":3600,"parent":{"id":"10000","fields":{"summary":"z"}},"project":{"key":"ABC"}}},
				"changelog":{"id":"77","items":[{"field":"due date","fieldId":"duedate","from":"2026-11-24","fromString":"24/Nov/26","to":null,"toString":null},
				{"field":"description","fieldId":"description","from":null,"fromString":{"odd":[1]},"to":null}]}}`,
			feed.Event{
				What: index.IssueUpdated, IssueID: "10001", Key: "ABC-1", Updated: "2026-11-24T09:00:00.000+0000",
				Assignee: &feed.Account{ID: "a", Type: "app", Active: "false"}, Status: &feed.Status{ID: "3", Category: "done"},
				Due: text(""), Remaining: text("3600"), Parent: text("10000"), History: "77",
				Items: []index.Item{{Field: "duedate", From: "2026-11-24", FromText: "24/Nov/26"}},
			},
		},
		"custom fields": {
			`{"issue":{"fields":{"created":"2026-11-01T09:00:00.000+0000","customfield_1":null,"customfield_2":0.5,"customfield_3":{"name":"Crew","id":"t-1","x":[1,{"id":"y"}]},
				"customfield_4":"t-2","customfield_5":[{"id":"z"}],"customfield_6":true,"customfield_7":"` + strings.Repeat("x", 300) + `"}},
				"changelog":{"items":[{"fieldId":"customfield_2","toString":"0.5"},{"fieldId":"customfield_7","toString":"` + strings.Repeat("x", 300) + `"}]}}`,
			feed.Event{
				Created: "2026-11-01T09:00:00.000+0000",
				Custom:  map[string]string{"customfield_1": "", "customfield_2": "0.5", "customfield_3": "t-1", "customfield_4": "t-2", "customfield_6": ""},
				Items:   []index.Item{{Field: "customfield_2", ToText: "0.5"}},
			},
		},
		"few fields": {
			`{"eventType":"avi:jira:created:issue","issue":{"id":10001,"key":"ABC-1","fields":{"assignee":null,"status":{"id":3}}}}`,
			feed.Event{What: index.IssueCreated, IssueID: "10001", Key: "ABC-1", Assignee: &feed.Account{}, Status: &feed.Status{ID: "3"}},
		},
		"a work log": {
			`{"eventType":"avi:jira:updated:worklog","worklog":{"id":"7","issueId":"10001","author":{"accountId":"a","accountType":"atlassian","active":true},"comment":{"type":"doc"},
				"started":"2026-11-24T09:00:00.000+0000","updated":"2026-11-24T10:00:00.000+0000","timeSpentSeconds":60,"visibility":{"type":"role","value":"Developers"}}}`,
			feed.Event{What: index.WorklogUpdated, Worklog: feed.Worklog{
				ID: "7", IssueID: "10001", Started: "2026-11-24T09:00:00.000+0000", Updated: "2026-11-24T10:00:00.000+0000", Seconds: "60",
				Author: feed.Account{ID: "a", Type: "atlassian", Active: "true"}, Restricted: true,
			}},
		},
		"visible to all": {
			`{"webhookEvent":"worklog_deleted","worklog":{"id":"7","visibility":null}}`,
			feed.Event{What: index.WorklogDeleted, Worklog: feed.Worklog{ID: "7"}},
		},
		"another shape of an assignee": {`{"issue":{"fields":{"assignee":["a"]}}}`, feed.Event{Odd: true, Assignee: &feed.Account{}}},
		"odd words for deactivated":    {`{"issue":{"fields":{"assignee":{"accountId":"a","active":{"no":[1]}}}}}`, feed.Event{Assignee: &feed.Account{ID: "a"}}},
		"another shape of an estimate": {`{"issue":{"fields":{"timeestimate":{"seconds":1}}}}`, feed.Event{Odd: true, Remaining: text("")}},
		"a fact as long as a text":     {`{"issue":{"id":"` + strings.Repeat("1", 256) + `"}}`, feed.Event{Odd: true}},
		"an odd change":                {`{"changelog":{"items":[{"fieldId":"assignee","to":{"id":"a"}}]}}`, feed.Event{Odd: true}},
		"too many changes": {
			`{"changelog":{"items":[` + strings.TrimSuffix(strings.Repeat(`{"fieldId":"status"},`, 101), ",") + `]}}`,
			feed.Event{Odd: true, Items: make([]index.Item, 100)},
		},
	} {
		got, err := readIssueEvent(strings.NewReader(tt.body))
		if name == "too many changes" {
			for i := range tt.want.Items {
				tt.want.Items[i].Field = "status"
			}
		}
		if diff := cmp.Diff(tt.want, got.Facts); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
	}
}
