package jira_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/connect/userquery"
)

// operations are the calls by method and path without the version.
func operations() map[string]func(context.Context, *jira.Client) error {
	calls := userOperations()
	maps.Copy(calls, dashboardOperations())
	maps.Copy(calls, issueOperations())
	return calls
}

func userOperations() map[string]func(context.Context, *jira.Client) error {
	query := jira.UserQueryOptions{Query: userquery.AssigneeOf("ABC"), StartAt: 1, MaxResults: 1}
	return map[string]func(context.Context, *jira.Client) error{
		"GET /user/search": func(ctx context.Context, c *jira.Client) error {
			return failed(c.Users.Search(ctx, jira.UserSearchOptions{Query: "a", AccountID: "a", Property: "a.b=c", StartAt: 1, MaxResults: 1}))
		},
		"GET /user/assignable/search": func(ctx context.Context, c *jira.Client) error {
			return failed(c.Users.SearchAssignable(ctx, jira.AssignableSearchOptions{
				Query: "a", AccountID: "a", Project: "A", IssueKey: "A-1", IssueID: "1", ActionDescriptorID: 1, Recommend: true, SessionID: "s",
				AccountTypes: []string{"app"}, AppTypes: []string{"agent"}, StartAt: 1, MaxResults: 1,
			}))
		},
		"GET /user/assignable/multiProjectSearch": func(ctx context.Context, c *jira.Client) error {
			return failed(c.Users.SearchMultiProject(ctx, jira.MultiProjectSearchOptions{Query: "a", AccountID: "a", ProjectKeys: []string{"A"}, StartAt: 1, MaxResults: 1}))
		},
		"GET /user/permission/search": func(ctx context.Context, c *jira.Client) error {
			return failed(c.Users.SearchPermission(ctx, jira.PermissionSearchOptions{
				Query: "a", AccountID: "a", Permissions: []string{"BROWSE"}, IssueKey: "A-1", ProjectKey: "A", StartAt: 1, MaxResults: 1,
			}))
		},
		"GET /user/viewissue/search": func(ctx context.Context, c *jira.Client) error {
			return failed(c.Users.SearchViewIssue(ctx, jira.ViewIssueSearchOptions{Query: "a", AccountID: "a", IssueKey: "A-1", ProjectKey: "A", StartAt: 1, MaxResults: 1}))
		},
		"GET /user/picker": func(ctx context.Context, c *jira.Client) error {
			return failed(c.Users.Picker(ctx, jira.UserPickerOptions{
				Query: "a", MaxResults: 1, ShowAvatar: true, AvatarSize: "small", ExcludeAccountIDs: []string{"a"}, ExcludeConnectUsers: true,
			}))
		},
		"GET /user/search/query":     func(ctx context.Context, c *jira.Client) error { return failed(c.Users.Query(ctx, query)) },
		"GET /user/search/query/key": func(ctx context.Context, c *jira.Client) error { return failed(c.Users.QueryKeys(ctx, query)) },
		"GET /user/properties":       func(ctx context.Context, c *jira.Client) error { return failed(c.UserProperties.Keys(ctx, "a")) },
		"GET /user/properties/{propertyKey}": func(ctx context.Context, c *jira.Client) error {
			return failed(jira.GetUserProperty[any](ctx, c, "a", "k"))
		},
		"PUT /user/properties/{propertyKey}": func(ctx context.Context, c *jira.Client) error {
			return failed(c.UserProperties.SetProperty(ctx, "a", "k", 1))
		},
		"DELETE /user/properties/{propertyKey}": func(ctx context.Context, c *jira.Client) error {
			return c.UserProperties.DeleteProperty(ctx, "a", "k")
		},
	}
}

func dashboardOperations() map[string]func(context.Context, *jira.Client) error {
	return map[string]func(context.Context, *jira.Client) error{
		"GET /dashboard/{id}": func(ctx context.Context, c *jira.Client) error { return failed(c.Dashboards.Get(ctx, "1")) },
		"GET /dashboard/{dashboardId}/items/{itemId}/properties": func(ctx context.Context, c *jira.Client) error {
			return failed(c.DashboardItems.Keys(ctx, "1", "2"))
		},
		"GET /dashboard/{dashboardId}/items/{itemId}/properties/{propertyKey}": func(ctx context.Context, c *jira.Client) error {
			return failed(jira.GetItemProperty[any](ctx, c, "1", "2", "k"))
		},
		"PUT /dashboard/{dashboardId}/items/{itemId}/properties/{propertyKey}": func(ctx context.Context, c *jira.Client) error {
			return failed(c.DashboardItems.SetProperty(ctx, "1", "2", "k", 1))
		},
		"DELETE /dashboard/{dashboardId}/items/{itemId}/properties/{propertyKey}": func(ctx context.Context, c *jira.Client) error {
			return c.DashboardItems.DeleteProperty(ctx, "1", "2", "k")
		},
		"GET /attachment/meta": func(ctx context.Context, c *jira.Client) error { return failed(c.Attachments.Settings(ctx)) },
		"GET /attachment/{id}": func(ctx context.Context, c *jira.Client) error { return failed(c.Attachments.Get(ctx, "1")) },
		"GET /configuration/timetracking": func(ctx context.Context, c *jira.Client) error {
			_, _, err := c.TimeTracking.Selected(ctx)
			return err
		},
		"GET /notificationscheme": func(ctx context.Context, c *jira.Client) error {
			return failed(c.NotificationSchemes.List(ctx, jira.NotificationSchemeListOptions{
				StartAt: 1, MaxResults: 1, IDs: []int64{1}, ProjectIDs: []int64{1}, OnlyDefault: true, Expand: []string{"all"},
			}))
		},
	}
}

func issueOperations() map[string]func(context.Context, *jira.Client) error {
	return map[string]func(context.Context, *jira.Client) error{
		"GET /issue/{issueIdOrKey}": func(ctx context.Context, c *jira.Client) error {
			return failed(c.Issues.Get(ctx, "A-1", jira.IssueGetOptions{
				Fields: []string{"summary"}, FieldsByKeys: true, Expand: []string{"names"}, Properties: []string{"k"}, UpdateHistory: true,
			}))
		},
		"GET /issue/{issueIdOrKey}/worklog": func(ctx context.Context, c *jira.Client) error {
			return failed(c.Worklogs.List(ctx, "A-1", jira.WorklogListOptions{StartAt: 1, MaxResults: 1, StartedAfter: 1, StartedBefore: 2, Expand: []string{"properties"}}))
		},
		"GET /issue/{issueIdOrKey}/worklog/{id}": func(ctx context.Context, c *jira.Client) error {
			return failed(c.Worklogs.Get(ctx, "A-1", "1", jira.WorklogGetOptions{Expand: []string{"properties"}}))
		},
		"PUT /issue/{issueIdOrKey}/worklog/{id}": func(ctx context.Context, c *jira.Client) error {
			notify := true
			return failed(c.Worklogs.Update(ctx, "A-1", "1", jira.WorklogInput{TimeSpent: "1h"}, jira.WorklogWriteOptions{
				NotifyUsers: &notify, AdjustEstimate: "new", NewEstimate: "1h", OverrideEditableFlag: true, Expand: []string{"properties"},
			}))
		},
		"GET /project/{projectIdOrKey}/role": func(ctx context.Context, c *jira.Client) error { return failed(c.Roles.List(ctx, "A")) },
		"GET /project/{projectIdOrKey}/roledetails": func(ctx context.Context, c *jira.Client) error {
			return failed(c.Roles.Details(ctx, "A", jira.RoleDetailsOptions{CurrentMember: true, ExcludeConnectAddons: true}))
		},
		"POST /role": func(ctx context.Context, c *jira.Client) error {
			return failed(c.Roles.Create(ctx, jira.RoleInput{Name: "n", Description: "d"}))
		},
	}
}

func failed(_ any, err error) error { return err }

// TestEveryError answers every operation, in both versions, with every status
// that one of them documents.
func TestEveryError(t *testing.T) {
	t.Parallel()
	sentinels := map[int]error{
		400: rest.ErrBadRequest, 401: rest.ErrUnauthorized, 403: rest.ErrForbidden, 404: rest.ErrNotFound,
		405: rest.ErrMethodNotAllowed, 408: rest.ErrTimeout, 409: rest.ErrConflict, 429: rest.ErrRateLimited, 500: rest.ErrServer,
	}
	for status, want := range sentinels {
		c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
			clienttest.Answer(w, status, `{"errorMessages":["no"],"errors":{"f":"why"}}`)
		})
		for version, c := range map[string]*jira.Client{"/rest/api/3": c, "/rest/api/2": c.V2()} {
			for name, call := range operations() {
				err := call(t.Context(), c)
				var got *rest.Error
				if !errors.Is(err, want) || !errors.As(err, &got) || got.Fields["f"] != "why" {
					t.Errorf("%s: got %v, want %v", name, err, want)
					continue
				}
				if at := got.Method + " " + got.Path; at != strings.Replace(name, " ", " "+version, 1) {
					t.Errorf("%s in %s: the error names %s", name, version, at)
				}
			}
		}
	}
}

// row is an operation in the table of all.
type row struct{ product, method, path, query string }

func readOperations(t *testing.T) []row {
	t.Helper()
	data, err := os.ReadFile("../../../shared/facts/operations.tsv")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the table of operations is not beside the project")
	}
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for line := range strings.SplitSeq(strings.TrimSpace(string(data)), "\n") {
		if f := strings.Split(line, "\t"); strings.HasPrefix(f[1], "jira-cloud") {
			rows = append(rows, row{f[1], f[2], f[3], f[6]})
		}
	}
	return rows
}

// TestEveryOperation calls each row of the table and looks at method, path and
// the names of the query parameters.
func TestEveryOperation(t *testing.T) {
	t.Parallel()
	rows, calls := readOperations(t), operations()
	if len(rows) != 29 {
		t.Errorf("got %d rows, want 29", len(rows))
	}
	for _, r := range rows {
		t.Run(r.product+" "+r.method+" "+r.path, func(t *testing.T) {
			t.Parallel()
			_, path, _ := strings.Cut(strings.TrimPrefix(r.path, "/rest/api/"), "/")
			call, ok := calls[r.method+" /"+path]
			if !ok {
				t.Fatal("no method")
			}
			var seen *http.Request
			c := newClient(t, func(w http.ResponseWriter, got *http.Request) { seen = got; w.WriteHeader(http.StatusNoContent) })
			if r.product == "jira-cloud-v2" {
				c = c.V2()
			}
			if err := call(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			template := regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(r.path, "[^/]+")
			if seen.Method != r.method || !regexp.MustCompile("^"+template+"$").MatchString(seen.URL.Path) {
				t.Errorf("got %s %s", seen.Method, seen.URL.Path)
			}
			for name := range seen.URL.Query() {
				newer := r.product == "jira-cloud-v2" && (name == "accountType" || name == "appType")
				if !newer && !strings.Contains(r.query, name+":") {
					t.Errorf("parameter %s is not in the table: %s", name, r.query)
				}
			}
		})
	}
}
