package operations

import (
	"context"
	"fmt"
	"time"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/userquery"
)

// operation is one row: what it is, which errors are documented, and the call
// of its typed method.
type operation struct {
	product, method, path string
	errors                []int
	call                  func(ctx context.Context, w *world) error
}

func startedNow() jira.Time { return jira.Time{Time: time.Now().Add(-time.Hour)} }

func (w *world) query() jira.UserQueryOptions {
	return jira.UserQueryOptions{Query: userquery.AssigneeOf(w.objects.Projects[0].Key)}
}

// item is a gadget of a dashboard that the administrator owns.
func (w *world) item() (dashboard, item string) {
	for _, d := range w.objects.Dashboards {
		if len(d.Items) > 0 && d.Owner == w.admin.AccountID {
			return d.ID, d.Items[0].ID
		}
	}
	return "", ""
}

// some is an error if a list is empty.
func some[T any](list []T, err error) error {
	if err == nil && len(list) == 0 {
		return fmt.Errorf("the list is empty")
	}
	return err
}

func ignore[T any](_ T, err error) error { return err }

// isTrue is an error if an answer is not what it should be.
func isTrue(what string, ok bool, err error) error {
	if err == nil && !ok {
		return fmt.Errorf("not %s", what)
	}
	return err
}

// jiraV2 are the rows of version 2, in an order in which each can succeed.
func jiraV2() []operation {
	const product = "jira-cloud-v2"
	at := func(p string) string { return "/rest/api/2" + p }
	item := at("/dashboard/{dashboardId}/items/{itemId}/properties")
	return []operation{
		{product, "GET", at("/user/search/query"), []int{400, 401, 403, 408}, func(ctx context.Context, w *world) error {
			page, err := w.v2.Users.Query(ctx, w.query())
			return some(page.Values, err)
		}},
		{product, "GET", at("/user/search/query/key"), []int{400, 401, 403, 408}, func(ctx context.Context, w *world) error {
			page, err := w.v2.Users.QueryKeys(ctx, w.query())
			return some(page.Values, err)
		}},
		{product, "GET", at("/attachment/meta"), []int{401}, func(ctx context.Context, w *world) error {
			return ignore(w.v2.Attachments.Settings(ctx))
		}},
		{product, "GET", at("/attachment/{id}"), []int{401, 403, 404}, func(ctx context.Context, w *world) error {
			return ignore(w.v2.Attachments.Get(ctx, w.objects.Attachments[0]))
		}},
		{product, "GET", at("/configuration/timetracking"), []int{401, 403}, func(ctx context.Context, w *world) error {
			_, on, err := w.v2.TimeTracking.Selected(ctx)
			return isTrue("on", on, err)
		}},
		{product, "PUT", item + "/{propertyKey}", []int{400, 401, 403, 404}, func(ctx context.Context, w *world) error {
			d, i := w.item()
			return ignore(w.v2.DashboardItems.SetProperty(ctx, d, i, "probe", map[string]int{"a": 1}))
		}},
		{product, "GET", item, []int{401, 404}, func(ctx context.Context, w *world) error {
			d, i := w.item()
			return some(w.v2.DashboardItems.Keys(ctx, d, i))
		}},
		{product, "GET", item + "/{propertyKey}", []int{401, 404}, func(ctx context.Context, w *world) error {
			d, i := w.item()
			value, err := jira.GetItemProperty[map[string]int](ctx, w.v2, d, i, "probe")
			return isTrue("what was put", value["a"] == 1, err)
		}},
		{product, "DELETE", item + "/{propertyKey}", []int{400, 401, 403, 404}, func(ctx context.Context, w *world) error {
			d, i := w.item()
			return w.v2.DashboardItems.DeleteProperty(ctx, d, i, "probe")
		}},
		{product, "GET", at("/dashboard/{id}"), []int{400, 401, 404}, func(ctx context.Context, w *world) error {
			d, _ := w.item()
			return ignore(w.v2.Dashboards.Get(ctx, d))
		}},
		{product, "GET", at("/issue/{issueIdOrKey}"), []int{401, 404}, func(ctx context.Context, w *world) error {
			return ignore(w.v2.Issues.Get(ctx, w.issue, jira.IssueGetOptions{}))
		}},
		{product, "GET", at("/issue/{issueIdOrKey}/worklog"), []int{401, 404}, func(ctx context.Context, w *world) error {
			page, err := w.v2.Worklogs.List(ctx, w.issue, jira.WorklogListOptions{})
			return some(page.Worklogs, err)
		}},
		{product, "GET", at("/issue/{issueIdOrKey}/worklog/{id}"), []int{401, 404}, func(ctx context.Context, w *world) error {
			return ignore(w.v2.Worklogs.Get(ctx, w.issue, w.worklog, jira.WorklogGetOptions{}))
		}},
		{product, "PUT", at("/issue/{issueIdOrKey}/worklog/{id}"), []int{400, 401, 404}, func(ctx context.Context, w *world) error {
			log, err := w.v2.Worklogs.Update(ctx, w.issue, w.worklog,
				jira.WorklogInput{TimeSpentSeconds: 1200, Comment: jira.PlainText("corrected")}, jira.WorklogWriteOptions{})
			return isTrue("corrected", log.TimeSpentSeconds == 1200, err)
		}},
		{product, "GET", at("/notificationscheme"), []int{400, 401}, func(ctx context.Context, w *world) error {
			page, err := w.v2.NotificationSchemes.List(ctx, jira.NotificationSchemeListOptions{})
			return some(page.Values, err)
		}},
		{product, "GET", at("/project/{projectIdOrKey}/role"), []int{401, 404}, func(ctx context.Context, w *world) error {
			roles, err := w.v2.Roles.List(ctx, w.objects.Projects[0].Key)
			return isTrue("several", len(roles) > 0, err)
		}},
		{product, "GET", at("/project/{projectIdOrKey}/roledetails"), []int{401, 404}, func(ctx context.Context, w *world) error {
			return some(w.v2.Roles.Details(ctx, w.objects.Projects[0].Key, jira.RoleDetailsOptions{}))
		}},
		{product, "POST", at("/role"), []int{400, 401, 403, 409}, func(ctx context.Context, w *world) error {
			return ignore(w.v2.Roles.Create(ctx, jira.RoleInput{Name: "Probe " + time.Now().Format(time.RFC3339Nano)}))
		}},
		{product, "PUT", at("/user/properties/{propertyKey}"), []int{400, 401, 403, 404, 405}, func(ctx context.Context, w *world) error {
			return ignore(w.v2.UserProperties.SetProperty(ctx, w.admin.AccountID, "probe", "value"))
		}},
		{product, "GET", at("/user/properties"), []int{400, 401, 403, 404}, func(ctx context.Context, w *world) error {
			return some(w.v2.UserProperties.Keys(ctx, w.admin.AccountID))
		}},
		{product, "GET", at("/user/properties/{propertyKey}"), []int{400, 401, 403, 404}, func(ctx context.Context, w *world) error {
			value, err := jira.GetUserProperty[string](ctx, w.v2, w.admin.AccountID, "probe")
			return isTrue("what was put", value == "value", err)
		}},
	}
}

// jiraV3 are the rows of version 3.
func jiraV3() []operation {
	const product = "jira-cloud-v3"
	at := func(p string) string { return "/rest/api/3/user" + p }
	project := func(w *world) string { return w.objects.Projects[0].Key }
	return []operation{
		{product, "GET", at("/assignable/search"), []int{400, 401, 404, 429}, func(ctx context.Context, w *world) error {
			return some(w.v3.Users.SearchAssignable(ctx, jira.AssignableSearchOptions{Query: w.admin.DisplayName[:2], Project: project(w)}))
		}},
		{product, "GET", at("/assignable/multiProjectSearch"), []int{400, 401, 404, 429}, func(ctx context.Context, w *world) error {
			return some(w.v3.Users.SearchMultiProject(ctx, jira.MultiProjectSearchOptions{Query: w.admin.DisplayName[:2], ProjectKeys: []string{project(w)}}))
		}},
		{product, "GET", at("/search/query/key"), []int{400, 401, 403, 408}, func(ctx context.Context, w *world) error {
			page, err := w.v3.Users.QueryKeys(ctx, w.query())
			return some(page.Values, err)
		}},
		{product, "GET", at("/search"), []int{400, 401, 429}, func(ctx context.Context, w *world) error {
			return some(w.v3.Users.Search(ctx, jira.UserSearchOptions{Query: w.admin.DisplayName[:2]}))
		}},
		{product, "GET", at("/search/query"), []int{400, 401, 403, 408}, func(ctx context.Context, w *world) error {
			page, err := w.v3.Users.Query(ctx, w.query())
			return some(page.Values, err)
		}},
		{product, "GET", at("/picker"), []int{400, 401, 429}, func(ctx context.Context, w *world) error {
			found, err := w.v3.Users.Picker(ctx, jira.UserPickerOptions{Query: w.admin.DisplayName[:2]})
			return some(found.Users, err)
		}},
		{product, "GET", at("/permission/search"), []int{400, 401, 403, 404, 429}, func(ctx context.Context, w *world) error {
			return some(w.v3.Users.SearchPermission(ctx, jira.PermissionSearchOptions{
				Query: w.admin.DisplayName[:2], Permissions: []string{"BROWSE_PROJECTS"}, ProjectKey: project(w),
			}))
		}},
		{product, "GET", at("/viewissue/search"), []int{400, 401, 404, 429}, func(ctx context.Context, w *world) error {
			return some(w.v3.Users.SearchViewIssue(ctx, jira.ViewIssueSearchOptions{Query: w.admin.DisplayName[:2], ProjectKey: project(w)}))
		}},
	}
}
