package jira_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/connect/userquery"
)

func TestLimitsAreCheckedBeforeSending(t *testing.T) {
	t.Parallel()
	key, value := strings.Repeat("ä", 256), strings.Repeat("ä", 32767)
	places := []jira.ProjectPermissionCheck{{Projects: make([]int64, 1001)}}
	cases := []struct {
		name  string
		call  func(context.Context, *jira.Client) error
		limit rest.LimitError
	}{
		{"key to read", func(ctx context.Context, c *jira.Client) error {
			_, err := jira.GetUserProperty[string](ctx, c, "ann", key)
			return err
		}, rest.LimitError{Name: "property key characters", Limit: 255, Got: 256}},
		{"key to write", func(ctx context.Context, c *jira.Client) error {
			_, err := c.DashboardItems.SetProperty(ctx, "1", "2", key, 1)
			return err
		}, rest.LimitError{Name: "property key characters", Limit: 255, Got: 256}},
		{"key to delete", func(ctx context.Context, c *jira.Client) error {
			return c.PropertiesOf("ann").Delete(ctx, key)
		}, rest.LimitError{Name: "property key characters", Limit: 255, Got: 256}},
		{"value", func(ctx context.Context, c *jira.Client) error {
			_, err := c.UserProperties.SetProperty(ctx, "ann", "k", value)
			return err
		}, rest.LimitError{Name: "property value characters", Limit: 32768, Got: 32769}},
		{"account id", func(ctx context.Context, c *jira.Client) error {
			_, err := c.UserProperties.Keys(ctx, strings.Repeat("a", 129))
			return err
		}, rest.LimitError{Name: "account id characters", Limit: 128, Got: 129}},
		{"account id to find", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Users.Search(ctx, jira.UserSearchOptions{AccountID: strings.Repeat("a", 129)})
			return err
		}, rest.LimitError{Name: "account id characters", Limit: 128, Got: 129}},
		{"account id to get", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Users.Get(ctx, strings.Repeat("a", 129))
			return err
		}, rest.LimitError{Name: "account id characters", Limit: 128, Got: 129}},
		{"users", func(ctx context.Context, c *jira.Client) error {
			_, err := clienttest.Collect(c.Users.SearchAssignableAll(ctx, jira.AssignableSearchOptions{MaxResults: 1001}))
			return err
		}, rest.LimitError{Name: "maxResults", Limit: 1000, Got: 1001}},
		{"fewer than no users", func(ctx context.Context, c *jira.Client) error {
			_, err := clienttest.Collect(c.Users.SearchViewIssueAll(ctx, jira.ViewIssueSearchOptions{MaxResults: -1}))
			return err
		}, rest.LimitError{Name: "maxResults", Limit: 1000, Got: -1}},
		{"all users", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Users.List(ctx, jira.UserListOptions{MaxResults: 1001})
			return err
		}, rest.LimitError{Name: "maxResults", Limit: 1000, Got: 1001}},
		{"picked users", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Users.Picker(ctx, jira.UserPickerOptions{MaxResults: 1001})
			return err
		}, rest.LimitError{Name: "maxResults", Limit: 1000, Got: 1001}},
		{"queried users", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Users.Query(ctx, jira.UserQueryOptions{Query: userquery.AssigneeOf("A"), MaxResults: 1001})
			return err
		}, rest.LimitError{Name: "maxResults", Limit: 1000, Got: 1001}},
		{"issues", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Search.JQL(ctx, jira.SearchOptions{MaxResults: 5001})
			return err
		}, rest.LimitError{Name: "maxResults", Limit: 5000, Got: 5001}},
		{"issue properties", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Search.JQL(ctx, jira.SearchOptions{Properties: make([]string, 6)})
			return err
		}, rest.LimitError{Name: "properties", Limit: 5, Got: 6}},
		{"issues to reconcile", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Search.JQL(ctx, jira.SearchOptions{ReconcileIssues: make([]int64, 51)})
			return err
		}, rest.LimitError{Name: "reconcileIssues", Limit: 50, Got: 51}},
		{"properties to fetch", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Issues.Fetch(ctx, jira.IssueFetchOptions{Issues: []string{"1"}, Properties: make([]string, 6)})
			return err
		}, rest.LimitError{Name: "properties", Limit: 5, Got: 6}},
		{"issues with changes", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Changelogs.Bulk(ctx, jira.BulkChangelogOptions{Issues: make([]string, 1001)})
			return err
		}, rest.LimitError{Name: "issues", Limit: 1000, Got: 1001}},
		{"fields with changes", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Changelogs.Bulk(ctx, jira.BulkChangelogOptions{Issues: []string{"1"}, Fields: make([]string, 11)})
			return err
		}, rest.LimitError{Name: "fields", Limit: 10, Got: 11}},
		{"changes of an issue", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Changelogs.List(ctx, "A-1", jira.ChangelogListOptions{MaxResults: 101})
			return err
		}, rest.LimitError{Name: "maxResults", Limit: 100, Got: 101}},
		{"named people", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Users.Bulk(ctx, jira.UserBulkOptions{AccountIDs: make([]string, 101)})
			return err
		}, rest.LimitError{Name: "account ids", Limit: 100, Got: 101}},
		{"projects", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Projects.Search(ctx, jira.ProjectSearchOptions{MaxResults: 101})
			return err
		}, rest.LimitError{Name: "maxResults", Limit: 100, Got: 101}},
		{"project keys", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Projects.Search(ctx, jira.ProjectSearchOptions{Keys: make([]string, 51)})
			return err
		}, rest.LimitError{Name: "project keys", Limit: 50, Got: 51}},
		{"places of permissions", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Permissions.Check(ctx, jira.PermissionCheck{ProjectPermissions: places})
			return err
		}, rest.LimitError{Name: "projects", Limit: 1000, Got: 1001}},
		{"role name", func(ctx context.Context, c *jira.Client) error {
			_, err := c.Roles.Create(ctx, jira.RoleInput{Name: key})
			return err
		}, rest.LimitError{Name: "role name characters", Limit: 255, Got: 256}},
	}
	c := newClient(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("sent %s %s", r.Method, r.URL.Path) })
	for _, tc := range cases {
		err := tc.call(t.Context(), c)
		var got *rest.LimitError
		if !errors.Is(err, rest.ErrLimit) || !errors.As(err, &got) || *got != tc.limit {
			t.Errorf("%s: got %v, want %v", tc.name, err, &tc.limit)
		}
	}
}

func TestLimitsCanBeReached(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		var value string
		if json.NewDecoder(r.Body).Decode(&value) != nil || len([]rune(value)) != 32766 {
			t.Errorf("got a value of %d characters", len([]rune(value)))
		}
		w.WriteHeader(http.StatusCreated)
	})
	created, err := c.V2().PropertiesOf(strings.Repeat("a", 128)).Set(t.Context(), strings.Repeat("ä", 255), strings.Repeat("ä", 32766))
	if err != nil || !created {
		t.Errorf("got %v, %v, want a new property", created, err)
	}
}
