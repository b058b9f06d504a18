package jira_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jira"
)

// The specifications of both versions.
const specifications = "../../../shared/openapi/jira-cloud-v%d.trim.json"

type operation struct {
	Responses map[string]struct {
		Content map[string]struct {
			Example json.RawMessage `json:"example"`
		} `json:"content"`
	} `json:"responses"`
}

// readExamples returns the answers that Atlassian's specification shows, by
// method and path.
func readExamples(t *testing.T, version int) map[string]string {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf(specifications, version))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the official specification is not beside the project")
	}
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(data, &spec); err != nil {
		t.Fatal(err)
	}
	examples := map[string]string{}
	for path, item := range spec.Paths {
		for method, raw := range item {
			var op operation
			if json.Unmarshal(raw, &op) != nil {
				continue
			}
			example := op.Responses["200"].Content["application/json"].Example
			var text string
			if json.Unmarshal(example, &text) != nil {
				text = string(example)
			}
			examples[method+" "+path] = text
		}
	}
	return examples
}

// TestOfficialExamples reads every answer that the specification shows. Each
// call returns a text that must not be empty.
func TestOfficialExamples(t *testing.T) {
	t.Parallel()
	examples := readExamples(t, 3)
	calls := officialReads()
	maps.Copy(calls, officialLists())
	for name, read := range officialSince() {
		calls[strings.Replace(name, " ", " /rest/api/3", 1)] = read
	}
	runExamples(t, examples, calls, func(c *jira.Client) *jira.Client { return c })
}

// TestOfficialExamplesOfVersion2 reads the answers of the older specification.
func TestOfficialExamplesOfVersion2(t *testing.T) {
	t.Parallel()
	calls := officialCalls{}
	for name, read := range officialSince() {
		// The searches are in the specification of version 3 only.
		if !strings.HasPrefix(name, "get /user/") {
			calls[strings.Replace(name, " ", " /rest/api/2", 1)] = read
		}
	}
	runExamples(t, readExamples(t, 2), calls, (*jira.Client).V2)
}

func runExamples(t *testing.T, examples map[string]string, calls officialCalls, in func(*jira.Client) *jira.Client) {
	t.Helper()
	for name, read := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			example := examples[name]
			if example == "" {
				t.Fatal("the specification shows no answer")
			}
			c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { clienttest.Answer(w, http.StatusOK, example) })
			if got, err := read(t.Context(), in(c)); got == "" || err != nil {
				t.Errorf("got %q, %v of %s", got, err, example)
			}
		})
	}
}

type officialCalls map[string]func(context.Context, *jira.Client) (string, error)

func officialReads() officialCalls {
	return officialCalls{
		"get /rest/api/3/myself": func(ctx context.Context, c *jira.Client) (string, error) {
			user, err := c.Myself.Get(ctx)
			return user.AccountID, err
		},
		"get /rest/api/3/user": func(ctx context.Context, c *jira.Client) (string, error) {
			user, err := c.Users.Get(ctx, "x")
			return user.AccountID, err
		},
		"get /rest/api/3/project/{projectIdOrKey}/role": func(ctx context.Context, c *jira.Client) (string, error) {
			roles, err := c.Roles.List(ctx, "x")
			return roles["Developers"], err
		},
		"put /rest/api/3/issue/{issueIdOrKey}/worklog/{id}": func(ctx context.Context, c *jira.Client) (string, error) {
			worklog, err := c.Worklogs.Update(ctx, "x", "1", jira.WorklogInput{}, jira.WorklogWriteOptions{})
			return worklog.ID, err
		},
		"get /rest/api/3/configuration": func(ctx context.Context, c *jira.Client) (string, error) {
			settings, err := c.Settings.Get(ctx)
			return settings.TimeTracking.DefaultUnit, err
		},
		"get /rest/api/3/dashboard/{id}": func(ctx context.Context, c *jira.Client) (string, error) {
			dashboard, err := c.Dashboards.Get(ctx, "1")
			return dashboard.ID, err
		},
		"get /rest/api/3/dashboard/{dashboardId}/items/{itemId}/properties/{propertyKey}": func(ctx context.Context, c *jira.Client) (string, error) {
			value, err := jira.GetItemProperty[json.RawMessage](ctx, c, "1", "2", "k")
			return string(value), err
		},
		"get /rest/api/3/mypermissions": func(ctx context.Context, c *jira.Client) (string, error) {
			list, err := c.Permissions.Mine(ctx, jira.MyPermissionsOptions{})
			return list["EDIT_ISSUES"].Key, err
		},
	}
}

func officialLists() officialCalls {
	return officialCalls{
		"get /rest/api/3/project/search": func(ctx context.Context, c *jira.Client) (string, error) {
			page, err := c.Projects.Search(ctx, jira.ProjectSearchOptions{})
			return first(page.Values).Key, err
		},
		"get /rest/api/3/project/{projectIdOrKey}/roledetails": func(ctx context.Context, c *jira.Client) (string, error) {
			roles, err := c.Roles.Details(ctx, "x", jira.RoleDetailsOptions{})
			return first(roles).Name, err
		},
		"get /rest/api/3/issue/{issueIdOrKey}/worklog": func(ctx context.Context, c *jira.Client) (string, error) {
			page, err := c.Worklogs.List(ctx, "x", jira.WorklogListOptions{})
			return first(page.Worklogs).ID, err
		},
		"get /rest/api/3/worklog/updated": func(ctx context.Context, c *jira.Client) (string, error) {
			changes, err := clienttest.Collect(c.Worklogs.Updated(ctx, time.Unix(0, 0)))
			return strings.TrimLeft(fmt.Sprint(first(changes).WorklogID), "0"), err
		},
		"post /rest/api/3/worklog/list": func(ctx context.Context, c *jira.Client) (string, error) {
			list, err := c.Worklogs.ByIDs(ctx, []int64{1})
			return first(list).ID, err
		},
		"get /rest/api/3/dashboard/{dashboardId}/items/{itemId}/properties": func(ctx context.Context, c *jira.Client) (string, error) {
			keys, err := c.DashboardItems.Keys(ctx, "1", "2")
			return first(keys), err
		},
		"post /rest/api/3/permissions/check": func(ctx context.Context, c *jira.Client) (string, error) {
			grants, err := c.Permissions.Check(ctx, jira.PermissionCheck{})
			return first(grants.ProjectPermissions).Permission, err
		},
	}
}

// officialSince are reads by method and path without the version. The example
// of the assignable search is left out: it shows one user instead of a list.
func officialSince() officialCalls {
	return officialCalls{
		"get /user/picker": func(ctx context.Context, c *jira.Client) (string, error) {
			found, err := c.Users.Picker(ctx, jira.UserPickerOptions{Query: "m"})
			return first(found.Users).HTML, err
		},
		"get /user/assignable/multiProjectSearch": func(ctx context.Context, c *jira.Client) (string, error) {
			users, err := c.Users.SearchMultiProject(ctx, jira.MultiProjectSearchOptions{ProjectKeys: []string{"A"}})
			return first(users).AccountID, err
		},
		"get /user/permission/search": func(ctx context.Context, c *jira.Client) (string, error) {
			users, err := c.Users.SearchPermission(ctx, jira.PermissionSearchOptions{Permissions: []string{"BROWSE"}})
			return first(users).AccountID, err
		},
		"get /user/viewissue/search": func(ctx context.Context, c *jira.Client) (string, error) {
			users, err := c.Users.SearchViewIssue(ctx, jira.ViewIssueSearchOptions{IssueKey: "A-1"})
			return first(users).AccountID, err
		},
		"get /user/search": func(ctx context.Context, c *jira.Client) (string, error) {
			users, err := c.Users.Search(ctx, jira.UserSearchOptions{Query: "m"})
			return first(users).AccountID, err
		},
		"get /attachment/meta": func(ctx context.Context, c *jira.Client) (string, error) {
			settings, err := c.Attachments.Settings(ctx)
			return strings.TrimLeft(fmt.Sprint(settings.UploadLimit), "0"), err
		},
		"get /attachment/{id}": func(ctx context.Context, c *jira.Client) (string, error) {
			attachment, err := c.Attachments.Get(ctx, "10000")
			return attachment.Filename, err
		},
		"get /configuration/timetracking": func(ctx context.Context, c *jira.Client) (string, error) {
			provider, _, err := c.TimeTracking.Selected(ctx)
			return provider.Key, err
		},
		"get /notificationscheme": func(ctx context.Context, c *jira.Client) (string, error) {
			page, err := c.NotificationSchemes.List(ctx, jira.NotificationSchemeListOptions{})
			return first(first(first(page.Values).Events).Notifications).Type, err
		},
		"get /issue/{issueIdOrKey}/worklog/{id}": func(ctx context.Context, c *jira.Client) (string, error) {
			worklog, err := c.Worklogs.Get(ctx, "A-1", "1", jira.WorklogGetOptions{})
			return string(worklog.Comment), err
		},
		"post /role": func(ctx context.Context, c *jira.Client) (string, error) {
			role, err := c.Roles.Create(ctx, jira.RoleInput{Name: "n"})
			return role.Name, err
		},
	}
}

// first is the zero value when there is none.
func first[T any](list []T) (item T) {
	if len(list) > 0 {
		item = list[0]
	}
	return item
}
