package jira_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/jira"
)

func seconds(s int64) *int64 { return &s }

// oddIssue is an issue in which everything that is only shown is of another type
// than Jira documents.
const oddIssue = `{"id":"1","key":"ABC-1","fields":{"summary":7,"issuetype":"Task","status":null,"project":null,"priority":null,
	"labels":[1,"a",null],"assignee":{"accountId":"5b10","accountType":"robot","avatarUrls":null,"active":"yes","displayName":["Ann"]},
	"reporter":"ann","duedate":"20226-11-05","created":5,"updated":"yesterday","timeestimate":3600.4,"timeoriginalestimate":{},
	"timespent":"1h","description":5,"attachment":[{"id":7,"filename":"a.txt"}]}}`

func TestIssueOfOddTypes(t *testing.T) {
	t.Parallel()
	var got jira.Issue
	if err := json.Unmarshal([]byte(oddIssue), &got); err != nil {
		t.Fatal(err)
	}
	want := jira.Issue{ID: "1", Key: "ABC-1", Fields: jira.IssueFields{
		Labels: []string{"", "a", ""}, Assignee: &jira.User{AccountID: "5b10", AccountType: "robot"},
		DueDate: "20226-11-05", TimeEstimate: seconds(3600),
		Description: json.RawMessage("5"), Attachments: []jira.IssueAttachment{{Filename: "a.txt"}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestIssueFieldsThatCount(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fields string
		want   *int64 // the estimate
		fails  bool
	}{
		{`{"timeestimate":null}`, nil, false},
		{`{"timeestimate":""}`, nil, false},
		{`{"timeestimate":"3600"}`, seconds(3600), false},
		{`{"timeestimate":1e3}`, seconds(1000), false},
		{`{"timeestimate":-60}`, seconds(-60), false},
		{`{"timeestimate":-60.5,"summary":[]}`, seconds(-61), false},
		{`{"timeestimate":14400000000}`, nil, true},
		{`{"timeestimate":1e300}`, nil, true},
		{`{"timeestimate":1e999}`, nil, true},
		{`{"timeestimate":99999999999999999999}`, nil, true},
		{`{"timeestimate":"1h"}`, nil, true},
		{`{"timeestimate":{}}`, nil, true},
		{`{"duedate":20261105}`, nil, true},
		{`{"duedate":null,"status":{"statusCategory":null}}`, nil, false},
		{`{"status":{"id":3,"name":"Open","statusCategory":{"id":"4","key":"new"}}}`, nil, false},
		{`{"assignee":"ann"}`, nil, true},
		{`{"assignee":{"accountId":5}}`, nil, true},
		{`{"assignee":null,"worklog":null}`, nil, false},
		{`[]`, nil, true},
	} {
		var got jira.IssueFields
		err := json.Unmarshal([]byte(tt.fields), &got)
		if (err != nil) != tt.fails {
			t.Errorf("%s: got %v, want an error: %v", tt.fields, err, tt.fails)
		}
		if diff := cmp.Diff(tt.want, got.TimeEstimate); diff != "" && !tt.fails {
			t.Errorf("%s: %s", tt.fields, diff)
		}
	}
	var got jira.IssueFields
	if err := json.Unmarshal([]byte(`{"summary":1,"status":{"id":3,"name":"Open","statusCategory":{"id":"4","key":"new"}}}`), &got); err != nil || got.Status.StatusCategory.Key != "new" || got.Status.Name != "Open" {
		t.Errorf("got %+v, %v, want what can be read of a status", got.Status, err)
	}
}

func TestWorklogOfOddTypes(t *testing.T) {
	t.Parallel()
	var got jira.Worklog
	odd := `{"id":100,"issueId":10001,"author":"ann","updateAuthor":[],"comment":"text","created":1,"updated":"","started":"2021-01-17T12:34:00.5+00:00",
		"timeSpent":60,"timeSpentSeconds":"60","visibility":"all","properties":{}}`
	if err := json.Unmarshal([]byte(odd), &got); err != nil {
		t.Fatal(err)
	}
	want := jira.Worklog{
		ID: "100", IssueID: "10001", Comment: json.RawMessage(`"text"`),
		Started: jira.Time{Time: time.Date(2021, 1, 17, 12, 34, 0, 5e8, time.UTC)}, TimeSpentSeconds: 60,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for odd, fails := range map[string]bool{
		`{"id":"1","author":null,"started":null,"timeSpentSeconds":null}`: false,
		`{"id":"1","timeSpentSeconds":-60}`:                               false,
		`{"id":"1","timeSpentSeconds":1e12}`:                              true,
		`{"id":"1","timeSpentSeconds":1000000000000}`:                     true,
		`{"id":"1","timeSpentSeconds":true}`:                              true,
		`{"id":"1","started":"soon"}`:                                     true,
		`{"id":"1","started":7}`:                                          true,
		`{"id":{},"timeSpentSeconds":60}`:                                 true,
	} {
		if err := json.Unmarshal([]byte(odd), &jira.Worklog{}); (err != nil) != fails {
			t.Errorf("%s: got %v, want an error: %v", odd, err, fails)
		}
	}
}

func TestUserOfOddTypes(t *testing.T) {
	t.Parallel()
	var got jira.User
	odd := `{"self":1,"accountId":"5b10","accountType":null,"appType":2,"displayName":"Ann","emailAddress":null,"active":1,"timeZone":3,"locale":{},
		"avatarUrls":{"24x24":"https://example.com/a","48x48":null,"16x16":7}}`
	if err := json.Unmarshal([]byte(odd), &got); err != nil {
		t.Fatal(err)
	}
	want := jira.User{AccountID: "5b10", DisplayName: "Ann", AvatarURLs: map[string]string{"24x24": "https://example.com/a", "48x48": "", "16x16": ""}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := json.Unmarshal([]byte(`{"accountId":{}}`), &got); err == nil {
		t.Error("an account id that is an object was read")
	}
}

func TestTimeForms(t *testing.T) {
	t.Parallel()
	noon := time.Date(2021, 1, 17, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2021-01-17T12:00:00.000+0000":    noon,
		"2021-01-17T13:00:00.000+01:00":   noon,
		"2021-01-17T14:00:00+02":          noon,
		"2021-01-17T12:00:00Z":            noon,
		"2021-01-17T12:00:00.123456789Z":  noon.Add(123456789),
		"20226-02-28T12:00:00.000+0000":   time.Date(20226, 2, 28, 12, 0, 0, 0, time.UTC),
		"+20224-02-29T01:00:00.000+02:00": time.Date(20224, 2, 28, 23, 0, 0, 0, time.UTC),
		"-0004-11-05T12:00:00.000Z":       time.Date(-4, 11, 5, 12, 0, 0, 0, time.UTC),
		"0000-02-29T12:00:00.000Z":        time.Date(0, 2, 29, 12, 0, 0, 0, time.UTC),
	} {
		var got jira.Time
		if err := json.Unmarshal([]byte(`"`+text+`"`), &got); err != nil || !got.Equal(want) {
			t.Errorf("%s: got %v, %v, want %v", text, got, err, want)
			continue
		}
		data, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &got); err != nil || !got.Equal(want.Truncate(time.Millisecond)) {
			t.Errorf("%s: came back as %v, %v", data, got, err)
		}
	}
	for _, text := range []string{"20225-02-29T12:00:00Z", "1234567-01-01T12:00:00Z", "2021-01-17", "2021-01-17T12:00:00", "-1-01-01T12:00:00Z", " "} {
		if err := json.Unmarshal([]byte(`"`+text+`"`), &jira.Time{}); err == nil {
			t.Errorf("%q was read as an instant", text)
		}
	}
}

// fuzzRecord reads anything as a record: what it takes, it writes and reads again
// to the same.
func fuzzRecord[T any](f *testing.F, seeds ...string) {
	f.Helper()
	for _, seed := range append(seeds, `null`, `{}`, `[]`, `"x"`, `{"id":{}}`, strings.Repeat(`[`, 500)+strings.Repeat(`]`, 500)) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var first, second T
		if json.Unmarshal(data, &first) != nil {
			return
		}
		text, err := json.Marshal(first)
		if err != nil {
			t.Fatalf("cannot write %+v: %v", first, err)
		}
		if err := json.Unmarshal(text, &second); err != nil {
			t.Fatalf("cannot read %s again: %v", text, err)
		}
	})
}

func FuzzIssue(f *testing.F) {
	fuzzRecord[jira.Issue](f, oddIssue, `{"id":"1","key":"A-1","fields":{"duedate":"-0004-01-01","worklog":{"total":1,"worklogs":[{"id":"1","timeSpentSeconds":60}]}}}`)
}

func FuzzWorklog(f *testing.F) {
	fuzzRecord[jira.Worklog](f, `{"id":"1","started":"2021-01-17T12:34:00.000+0000","timeSpentSeconds":60,"comment":{"type":"doc"}}`, `{"id":1,"started":"20226-01-17T12:34:00.000+0000","timeSpentSeconds":"6e1"}`)
}

func FuzzUser(f *testing.F) {
	fuzzRecord[jira.User](f, `{"accountId":"5b10","avatarUrls":{"24x24":null},"active":"true"}`, `{"accountId":"unknown","displayName":"Former user","timeZone":""}`)
}
