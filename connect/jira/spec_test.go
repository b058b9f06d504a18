package jira_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"testing"

	"sightline/connect/jira"
)

const specification = "../../../shared/openapi/jira-cloud-v3.trim.json"

type operation struct {
	Responses map[string]struct {
		Content map[string]struct {
			Example json.RawMessage `json:"example"`
		} `json:"content"`
	} `json:"responses"`
}

// readExamples returns the answers that Atlassian's specification shows, by
// method and path.
func readExamples(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile(specification)
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

// TestOfficialExamples reads every answer that the specification shows.
func TestOfficialExamples(t *testing.T) {
	t.Parallel()
	examples := readExamples(t)
	calls := map[string]func(c *jira.Client) error{
		"get /rest/api/3/myself": func(c *jira.Client) error {
			user, err := c.Myself.Get(t.Context())
			return filled(user.AccountID, err)
		},
		"get /rest/api/3/user": func(c *jira.Client) error {
			user, err := c.Users.Get(t.Context(), "x")
			return filled(user.AccountID, err)
		},
		"get /rest/api/3/project/search": func(c *jira.Client) error {
			page, err := c.Projects.Search(t.Context(), jira.ProjectSearchOptions{})
			return filled(page.Values[0].Key, err)
		},
		"get /rest/api/3/project/{projectIdOrKey}/role": func(c *jira.Client) error {
			roles, err := c.Roles.List(t.Context(), "x")
			return filled(roles["Developers"], err)
		},
		"get /rest/api/3/project/{projectIdOrKey}/roledetails": func(c *jira.Client) error {
			roles, err := c.Roles.Details(t.Context(), "x", jira.RoleDetailsOptions{})
			return filled(roles[0].Name, err)
		},
		"get /rest/api/3/issue/{issueIdOrKey}/worklog": func(c *jira.Client) error {
			page, err := c.Worklogs.List(t.Context(), "x", jira.WorklogListOptions{})
			return filled(page.Worklogs[0].Author.AccountID, err)
		},
		"put /rest/api/3/issue/{issueIdOrKey}/worklog/{id}": func(c *jira.Client) error {
			worklog, err := c.Worklogs.Update(t.Context(), "x", "1", jira.WorklogInput{}, jira.WorklogWriteOptions{})
			return filled(worklog.ID, err)
		},
		"get /rest/api/3/worklog/updated": func(c *jira.Client) error {
			for change, err := range c.Worklogs.Updated(t.Context(), jira.Time{}.Time) {
				if change.WorklogID == 0 {
					return errEmpty
				}
				return err
			}
			return errEmpty
		},
		"post /rest/api/3/worklog/list": func(c *jira.Client) error {
			list, err := c.Worklogs.ByIDs(t.Context(), []int64{1})
			return filled(list[0].ID, err)
		},
		"get /rest/api/3/dashboard/{id}": func(c *jira.Client) error {
			dashboard, err := c.Dashboards.Get(t.Context(), "1")
			return filled(dashboard.ID, err)
		},
		"get /rest/api/3/dashboard/{dashboardId}/items/{itemId}/properties": func(c *jira.Client) error {
			keys, err := c.DashboardItems.Keys(t.Context(), "1", "2")
			return filled(keys[0], err)
		},
		"get /rest/api/3/dashboard/{dashboardId}/items/{itemId}/properties/{propertyKey}": func(c *jira.Client) error {
			value, err := jira.GetItemProperty[json.RawMessage](t.Context(), c, "1", "2", "k")
			return filled(string(value), err)
		},
		"get /rest/api/3/mypermissions": func(c *jira.Client) error {
			list, err := c.Permissions.Mine(t.Context(), jira.MyPermissionsOptions{})
			return filled(list["EDIT_ISSUES"].Key, err)
		},
		"post /rest/api/3/permissions/check": func(c *jira.Client) error {
			grants, err := c.Permissions.Check(t.Context(), jira.PermissionCheck{})
			return filled(grants.ProjectPermissions[0].Permission, err)
		},
	}
	for name, read := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			example := examples[name]
			if example == "" {
				t.Fatal("the specification shows no answer")
			}
			c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, example) })
			if err := read(c); err != nil {
				t.Errorf("read %s: %v", example, err)
			}
		})
	}
}

var errEmpty = errors.New("the answer's value was not read")

func filled(value string, err error) error {
	if err == nil && value == "" {
		return errEmpty
	}
	return err
}
