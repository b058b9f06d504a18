package jira_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/connect/userquery"
)

// oddLists are lists with one record that cannot be read, and the calls for them.
var oddLists = map[string]struct {
	body, odd string
	call      func(t *testing.T, c *jira.Client) (records int, err error)
}{
	"search": {`{"isLast":true,"issues":[{"id":"1","key":"A-1","fields":{"duedate":7}},{"id":"2","key":"A-2"}]}`, "A-1", func(t *testing.T, c *jira.Client) (int, error) {
		page, err := c.Search.JQL(t.Context(), jira.SearchOptions{})
		return len(page.Issues), err
	}},
	"worklogs inside issues": {`{"isLast":true,"issues":[{"id":"1","key":"A-1","fields":{"worklog":{"total":2,"worklogs":[{"started":"x","id":"7"},{"id":"8"}]}}}]}`, "7", func(t *testing.T, c *jira.Client) (int, error) {
		page, err := c.Search.JQL(t.Context(), jira.SearchOptions{})
		if err != nil {
			return 0, err
		}
		return len(page.Issues[0].Fields.Worklog.Worklogs), nil
	}},
	"worklogs": {`{"total":2,"worklogs":[{"started":[],"id":"7"},{"id":"8"}]}`, "7", func(t *testing.T, c *jira.Client) (int, error) {
		list, err := clienttest.Collect(c.Worklogs.All(t.Context(), "A-1", jira.WorklogListOptions{}))
		return len(list), err
	}},
	"worklogs by id": {`[{"started":[],"id":"7"},{"id":"8"}]`, "7", func(t *testing.T, c *jira.Client) (int, error) {
		list, err := c.Worklogs.ByIDs(t.Context(), []int64{7, 8})
		return len(list), err
	}},
	"changed worklogs": {`{"lastPage":true,"values":[{"worklogId":7,"updatedTime":"x"},{"worklogId":8}]}`, "7", func(t *testing.T, c *jira.Client) (int, error) {
		list, err := clienttest.Collect(c.Worklogs.Updated(t.Context(), time.Unix(0, 0)))
		return len(list), err
	}},
	"user query": {`{"isLast":true,"values":[{"id":"a","accountId":{}},{"accountId":"b"}]}`, "a", func(t *testing.T, c *jira.Client) (int, error) {
		page, err := c.Users.Query(t.Context(), jira.UserQueryOptions{Query: userquery.AssigneeOf("ABC")})
		return len(page.Values), err
	}},
	"users": {`[{"id":"a","accountId":{}},{"accountId":"b"}]`, "a", func(t *testing.T, c *jira.Client) (int, error) {
		list, err := c.Users.Search(t.Context(), jira.UserSearchOptions{})
		return len(list), err
	}},
	"picker": {`{"users":[{"accountId":"a","html":1},{"accountId":"b"}]}`, "a", func(t *testing.T, c *jira.Client) (int, error) {
		found, err := c.Users.Picker(t.Context(), jira.UserPickerOptions{})
		return len(found.Users), err
	}},
	"role": {`{"id":1,"actors":[{"id":"7"},{"id":8}]}`, "7", func(t *testing.T, c *jira.Client) (int, error) {
		role, err := c.Roles.Get(t.Context(), "A", "1")
		return len(role.Actors), err
	}},
	"roles": {`[{"id":"7"},{"id":8}]`, "7", func(t *testing.T, c *jira.Client) (int, error) {
		list, err := c.Roles.Details(t.Context(), "A", jira.RoleDetailsOptions{})
		return len(list), err
	}},
	"projects": {`{"isLast":true,"values":[{"key":"A","archived":1},{"key":"B"}]}`, "A", func(t *testing.T, c *jira.Client) (int, error) {
		list, err := clienttest.Collect(c.Projects.All(t.Context(), jira.ProjectSearchOptions{}))
		return len(list), err
	}},
	"property keys": {`{"keys":[{"key":1,"id":"7"},{"key":"b"}]}`, "1", func(t *testing.T, c *jira.Client) (int, error) {
		list, err := c.DashboardItems.Keys(t.Context(), "1", "2")
		return len(list), err
	}},
	"notification schemes": {`{"isLast":true,"values":[{"id":"7"},{"id":8}]}`, "7", func(t *testing.T, c *jira.Client) (int, error) {
		list, err := clienttest.Collect(c.NotificationSchemes.All(t.Context(), jira.NotificationSchemeListOptions{}))
		return len(list), err
	}},
}

func TestOddRecords(t *testing.T) {
	t.Parallel()
	for name, tc := range oddLists {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { clienttest.Answer(w, http.StatusOK, tc.body) })
			var odd *rest.Unreadable
			if _, err := tc.call(t, c); !errors.As(err, &odd) || odd.Key != tc.odd {
				t.Errorf("without Skip: got %v, want the record %s", err, tc.odd)
			}
			var told []string
			lists := c.Lists()
			lists.Skip = func(u rest.Unreadable) { told = append(told, u.Key) }
			n, err := tc.call(t, c.WithLists(lists))
			if diff := cmp.Diff([]string{tc.odd}, slices.Compact(told)); n != 1 || err != nil || diff != "" {
				t.Errorf("got %d records, %v, want 1 (-want +got):\n%s", n, err, diff)
			}
		})
	}
}

// An offset counts what was skipped, or the next page would repeat records.
func TestSkippedRecordsCountAsRead(t *testing.T) {
	t.Parallel()
	s := &script{lines: []string{`{"total":3,"worklogs":[{"id":"1"},{"id":"2","started":1}]}`, `{"total":3,"worklogs":[{"id":"3"}]}`}}
	c := newClient(t, s.serve)
	c = c.WithLists(rest.ListPolicy{Skip: func(rest.Unreadable) {}})
	list, err := clienttest.Collect(c.Worklogs.All(t.Context(), "A-1", jira.WorklogListOptions{}))
	if err != nil || len(list) != 2 {
		t.Errorf("got %d worklogs, %v, want 2", len(list), err)
	}
	if diff := cmp.Diff([]string{"GET ", "GET startAt=2"}, s.asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A filtered page without anybody is progress in a window of a thousand users.
func TestEmptyPagesOfAWindow(t *testing.T) {
	t.Parallel()
	asked := 0
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		clienttest.Answer(w, http.StatusOK, `[]`)
	})
	if _, err := clienttest.Collect(c.Users.SearchAssignableAll(t.Context(), jira.AssignableSearchOptions{MaxResults: 10})); err != nil || asked != 100 {
		t.Errorf("got %v after %d pages, want all 100", err, asked)
	}
}
