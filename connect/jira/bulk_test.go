package jira_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
)

func TestBulkReads(t *testing.T) {
	t.Parallel()
	at := jira.Time{Time: time.Date(2021, 1, 17, 12, 34, 0, 0, time.FixedZone("", 0))}
	history := jira.Changelog{ID: "10", Author: &jira.User{AccountID: "5b10"}, Created: at, Items: []jira.ChangeItem{
		{Field: "assignee", FieldID: "assignee", FieldType: "jira", To: "5b10", ToString: "Ann"},
	}}
	const historyJSON = `{"id":"10","author":{"accountId":"5b10"},"created":"2021-01-17T12:34:00.000+0000","items":[{"field":"assignee","fieldtype":"jira","fieldId":"assignee","from":null,"fromString":null,"to":"5b10","toString":"Ann"}]}`
	run(t, []call{
		{
			name: "match", method: "POST", uri: "/rest/api/3/jql/match", body: `{"issueIds":[1,2],"jqls":["a","b"]}`,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.JQL.Match(ctx, []int64{1, 2}, []string{"a", "b"})
			},
			answer: `{"matches":[{"matchedIssues":[2],"errors":[]},{"matchedIssues":[],"errors":["no"]}]}`,
			want:   []jira.JQLMatch{{Issues: []int64{2}, Errors: []string{}}, {Issues: []int64{}, Errors: []string{"no"}}},
		},
		{
			name: "count", method: "POST", uri: "/rest/api/3/search/approximate-count", body: `{"jql":"project = A"}`,
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.Search.Count(ctx, "project = A") },
			answer: `{"count":153}`, want: int64(153),
		},
		{
			name: "fetch", method: "POST", uri: "/rest/api/3/issue/bulkfetch", body: `{"issueIdsOrKeys":["A-1","2"],"fields":["summary"]}`,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Issues.Fetch(ctx, jira.IssueFetchOptions{Issues: []string{"A-1", "2"}, Fields: []string{"summary"}})
			},
			answer: `{"issues":[{"id":"1","key":"A-1","fields":{"summary":"s"}}],"issueErrors":[{"id":"2","errorMessage":"too large"}]}`,
			want: jira.FetchedIssues{
				Issues: []jira.Issue{{ID: "1", Key: "A-1", Fields: jira.IssueFields{Summary: "s"}}},
				Errors: []jira.IssueFetchError{{ID: "2", Message: "too large"}},
			},
		},
		{
			name: "changelog", method: "GET", uri: "/rest/api/3/issue/A-1/changelog?maxResults=5&startAt=2",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Changelogs.List(ctx, "A-1", jira.ChangelogListOptions{StartAt: 2, MaxResults: 5})
			},
			answer: `{"startAt":2,"maxResults":5,"total":3,"isLast":true,"values":[` + historyJSON + `]}`,
			want:   jira.Page[jira.Changelog]{StartAt: 2, MaxResults: 5, Total: 3, IsLast: true, Values: []jira.Changelog{history}},
		},
		{
			name: "changelogs", method: "POST", uri: "/rest/api/3/changelog/bulkfetch", body: `{"issueIdsOrKeys":["1"],"fieldIds":["assignee"],"maxResults":7,"nextPageToken":"t"}`,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Changelogs.Bulk(ctx, jira.BulkChangelogOptions{Issues: []string{"1"}, Fields: []string{"assignee"}, MaxResults: 7, NextPageToken: "t"})
			},
			answer: `{"issueChangeLogs":[{"issueId":"1","changeHistories":[` + historyJSON + `]}],"nextPageToken":"u"}`,
			want:   jira.BulkChangelogPage{NextPageToken: "u", Issues: []jira.IssueChangelogs{{IssueID: "1", Changes: []jira.Changelog{history}}}},
		},
		{
			name: "statuses", method: "GET", uri: "/rest/api/3/status",
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.Statuses.List(ctx) },
			answer: `[{"id":"3","name":"Doing","statusCategory":{"id":4,"key":"indeterminate","name":"In Progress"}}]`,
			want:   []jira.Status{{Named: jira.Named{ID: "3", Name: "Doing"}, StatusCategory: jira.StatusCategory{ID: 4, Key: "indeterminate", Name: "In Progress"}}},
		},
		{
			name: "fields", method: "GET", uri: "/rest/api/3/field",
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.Fields.List(ctx) },
			answer: `[{"id":"customfield_10016","key":"customfield_10016","name":"Points","custom":true,"clauseNames":["cf[10016]","Points"],"schema":{"type":"number","custom":"com.pyxis.greenhopper.jira:jsw-story-points","customId":10016}},{"id":"labels","schema":{"type":"array","items":"string","system":"labels"}}]`,
			want: []jira.IssueField{
				{ID: "customfield_10016", Key: "customfield_10016", Name: "Points", Custom: true, ClauseNames: []string{"cf[10016]", "Points"}, Schema: jira.FieldSchema{Type: "number", Custom: "com.pyxis.greenhopper.jira:jsw-story-points", CustomID: 10016}},
				{ID: "labels", Schema: jira.FieldSchema{Type: "array", Items: "string", System: "labels"}},
			},
		},
		{
			name: "people", method: "GET", uri: "/rest/api/3/user/bulk?accountId=5b10&accountId=557058%3Aann&maxResults=2",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Users.Bulk(ctx, jira.UserBulkOptions{AccountIDs: []string{"5b10", "557058:ann"}, MaxResults: 2})
			},
			answer: `{"maxResults":2,"total":1,"isLast":true,"values":[{"accountId":"5b10"}]}`,
			want:   jira.Page[jira.User]{MaxResults: 2, Total: 1, IsLast: true, Values: []jira.User{{AccountID: "5b10"}}},
		},
	})
}

func TestMatchNeedsAResultForEachQuery(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		clienttest.Answer(w, http.StatusOK, `{"matches":[{"matchedIssues":[1],"errors":[]}]}`)
	})
	if _, err := c.JQL.Match(t.Context(), []int64{1}, []string{"a", "b"}); !errors.Is(err, rest.ErrUnreadable) {
		t.Errorf("got %v, want ErrUnreadable", err)
	}
}

// TestHowManyIssuesAreFetched: the limit depends on the fields.
func TestHowManyIssuesAreFetched(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		clienttest.Answer(w, http.StatusOK, `{"issues":[],"issueErrors":[]}`)
	})
	for _, tc := range []struct {
		opts jira.IssueFetchOptions
		most int
	}{
		{jira.IssueFetchOptions{}, 100},
		{jira.IssueFetchOptions{Fields: []string{"summary", "-status"}}, 1000},
		{jira.IssueFetchOptions{Fields: []string{"-status"}}, 100},
		{jira.IssueFetchOptions{Fields: []string{"*navigable"}}, 100},
		{jira.IssueFetchOptions{Fields: []string{"summary", "worklog"}}, 100},
		{jira.IssueFetchOptions{Fields: []string{"summary"}, Expand: []string{"changelog"}}, 100},
		{jira.IssueFetchOptions{Fields: slices.Repeat([]string{"summary"}, 101)}, 100},
	} {
		tc.opts.Issues = slices.Repeat([]string{"1"}, tc.most)
		if _, err := c.Issues.Fetch(t.Context(), tc.opts); err != nil {
			t.Errorf("%d with %v: %v", tc.most, tc.opts.Fields, err)
		}
		tc.opts.Issues = append(tc.opts.Issues, "2")
		if _, err := c.Issues.Fetch(t.Context(), tc.opts); !errors.Is(err, rest.ErrLimit) {
			t.Errorf("%d with %v: got %v, want ErrLimit", tc.most+1, tc.opts.Fields, err)
		}
	}
}

func TestOddChangelogs(t *testing.T) {
	t.Parallel()
	day := time.Date(2021, 1, 17, 12, 34, 0, 0, time.UTC)
	for _, tc := range []struct {
		json string
		want *jira.Changelog // nil: it cannot be read
	}{
		{`{"id":10,"author":"x","created":1610886840,"items":[{"field":"Sprint","fieldId":"customfield_1","from":7,"to":"","toString":null}]}`, &jira.Changelog{
			ID: "10", Created: jira.Time{Time: day}, Items: []jira.ChangeItem{{Field: "Sprint", FieldID: "customfield_1", From: "7"}},
		}},
		{`{"id":"10","created":1610886840000}`, &jira.Changelog{ID: "10", Created: jira.Time{Time: day}}},
		{`{"id":"10","created":-5}`, nil},
		{`{"id":"10","created":1.5}`, nil},
		{`{"id":"10","created":"yesterday"}`, nil},
		{`{"id":"10","created":1610886840,"items":{}}`, nil},
		{`{"id":{},"created":1610886840}`, nil},
	} {
		var skipped []rest.Unreadable
		c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
			clienttest.Answer(w, http.StatusOK, `{"isLast":true,"values":[`+tc.json+`]}`)
		}).WithLists(rest.ListPolicy{Skip: func(u rest.Unreadable) { skipped = append(skipped, u) }})
		page, err := c.Changelogs.List(t.Context(), "A-1", jira.ChangelogListOptions{})
		switch {
		case err != nil:
			t.Errorf("%s: %v", tc.json, err)
		case tc.want == nil && (len(skipped) != 1 || len(page.Values) != 0):
			t.Errorf("%s: read as %+v", tc.json, page.Values)
		case tc.want != nil && !cmp.Equal(page.Values, []jira.Changelog{*tc.want}):
			t.Errorf("%s: %s", tc.json, cmp.Diff([]jira.Changelog{*tc.want}, page.Values))
		}
	}
}

// TestBulkWalks: the parts of lists come one after the other, each once.
func TestBulkWalks(t *testing.T) {
	t.Parallel()
	t.Run("changes of several issues", func(t *testing.T) {
		t.Parallel()
		part := func(issue, change string) string {
			return `{"issueId":"` + issue + `","changeHistories":[{"id":"` + change + `","created":1610886840}]}`
		}
		s := &script{lines: []string{
			`{"issueChangeLogs":[` + part("1", "10") + `,` + part("2", "11") + `],"nextPageToken":"t"}`,
			`{"issueChangeLogs":[` + part("2", "12") + `,` + part("2", "11") + `]}`,
		}}
		got, err := clienttest.Collect(newClient(t, s.serve).Changelogs.BulkAll(t.Context(), jira.BulkChangelogOptions{Issues: []string{"1", "2"}}))
		if err != nil || len(got) != 3 || got[2].Changes[0].ID != "12" {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	t.Run("an issue's changes", func(t *testing.T) {
		t.Parallel()
		s := &script{lines: []string{`{"total":2,"values":[{"id":"1","created":1610886840}]}`, `{"total":2,"isLast":true,"values":[{"id":"2","created":1610886840}]}`}}
		got, err := clienttest.Collect(newClient(t, s.serve).Changelogs.All(t.Context(), "A-1", jira.ChangelogListOptions{}))
		if err != nil || len(got) != 2 || !slices.Equal(s.asked, []string{"GET ", "GET startAt=1"}) {
			t.Errorf("got %+v, %v after %q", got, err, s.asked)
		}
	})
	t.Run("deleted worklogs", func(t *testing.T) {
		t.Parallel()
		s := &script{lines: []string{`{"values":[{"worklogId":1}],"until":1700000000005,"lastPage":false}`, `{"values":[{"worklogId":2}],"until":1700000000009,"lastPage":true}`}}
		got, err := clienttest.Collect(newClient(t, s.serve).Worklogs.Deleted(t.Context(), time.UnixMilli(1700000000000)))
		if err != nil || len(got) != 2 || !slices.Equal(s.asked, []string{"GET since=1700000000000", "GET since=1700000000005"}) {
			t.Errorf("got %+v, %v after %q", got, err, s.asked)
		}
	})
	t.Run("people", func(t *testing.T) {
		t.Parallel()
		ids := slices.Repeat([]string{"a"}, 101)
		s := &script{lines: []string{`{"total":2,"values":[{"accountId":"a"}]}`, `{"isLast":true,"values":[{"accountId":"b"}]}`, `{"isLast":true,"values":[{"accountId":"c"}]}`}}
		got, err := newClient(t, s.serve).Users.ByIDs(t.Context(), ids)
		if err != nil || len(got) != 3 || strings.Count(s.asked[1], "accountId=a") != 100 || !strings.HasSuffix(s.asked[1], "maxResults=100&startAt=1") || s.asked[2] != "GET accountId=a&maxResults=1" {
			t.Errorf("got %+v, %v after %q", got, err, s.asked)
		}
	})
}

// TestFetchAll: as many a call as the fields allow; an issue that does not come is
// one that cannot be read.
func TestFetchAll(t *testing.T) {
	t.Parallel()
	ids := slices.Repeat([]string{"1"}, 101)
	s := &script{lines: []string{`{"issues":[{"id":"1","key":"A-1"}],"issueErrors":[{"id":"7","errorMessage":"later"}]}`, `{"issues":[{"id":"2","key":"A-2"}]}`}}
	var skipped []rest.Unreadable
	c := newClient(t, s.serve).WithLists(rest.ListPolicy{Skip: func(u rest.Unreadable) { skipped = append(skipped, u) }})
	got, err := clienttest.Collect(c.Issues.FetchAll(t.Context(), jira.IssueFetchOptions{Issues: ids}))
	if err != nil || len(got) != 2 || len(s.asked) != 2 || s.asked[1] != `POST {"issueIdsOrKeys":["1"]}` {
		t.Errorf("got %v, %v after %q", got, err, s.asked)
	}
	if len(skipped) != 1 || skipped[0].List != "issues" || skipped[0].Key != "7" {
		t.Errorf("skipped %v", skipped)
	}
	s = &script{lines: []string{`{"issues":[],"issueErrors":[{"id":"7"}]}`}}
	if _, err := clienttest.Collect(newClient(t, s.serve).Issues.FetchAll(t.Context(), jira.IssueFetchOptions{Issues: ids[:1]})); !errors.Is(err, rest.ErrUnreadable) {
		t.Errorf("got %v, want ErrUnreadable", err)
	}
	if got, err := clienttest.Collect(newClient(t, (&script{}).serve).Issues.FetchAll(t.Context(), jira.IssueFetchOptions{})); len(got) != 0 || err != nil {
		t.Errorf("of none: %v, %v", got, err)
	}
}
