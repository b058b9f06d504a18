package jira_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jira"
)

const itemURI = "/rest/api/3/dashboard/10001/items/10%2F22/properties"

func TestReadPeopleAndProjects(t *testing.T) {
	t.Parallel()
	run(t, []call{
		{
			name: "myself", method: "GET", uri: "/rest/api/3/myself",
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.Myself.Get(ctx) },
			answer: `{"accountId":"5b10","accountType":"atlassian","displayName":"Ann","emailAddress":null,"active":true,"timeZone":"Europe/Berlin","locale":"de_DE","avatarUrls":{"48x48":"https://a/48"},"groups":{"size":1}}`,
			want:   jira.User{AccountID: "5b10", AccountType: "atlassian", DisplayName: "Ann", Active: true, TimeZone: "Europe/Berlin", Locale: "de_DE", AvatarURLs: map[string]string{"48x48": "https://a/48"}},
		},
		{
			name: "user", method: "GET", uri: "/rest/api/3/user?accountId=557058%3Aann",
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.Users.Get(ctx, "557058:ann") },
			answer: `{"accountId":"557058:ann"}`, want: jira.User{AccountID: "557058:ann"},
		},
		{
			name: "projects", method: "GET", uri: "/rest/api/3/project/search?action=browse&keys=A&keys=B&maxResults=10&orderBy=-name&query=a+b&startAt=20",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Projects.Search(ctx, jira.ProjectSearchOptions{StartAt: 20, MaxResults: 10, OrderBy: "-name", Keys: []string{"A", "B"}, Query: "a b", Action: "browse"})
			},
			answer: `{"startAt":20,"maxResults":10,"total":21,"isLast":true,"values":[{"id":"10000","key":"A","name":"Alpha"}]}`,
			want:   jira.Page[jira.Project]{StartAt: 20, MaxResults: 10, Total: 21, IsLast: true, Values: []jira.Project{{ID: "10000", Key: "A", Name: "Alpha"}}},
		},
		{
			name: "project", method: "GET", uri: "/rest/api/3/project/A",
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.Projects.Get(ctx, "A") },
			answer: `{"id":"10000","key":"A","lead":{"accountId":"5b10"}}`, want: jira.Project{ID: "10000", Key: "A", Lead: &jira.User{AccountID: "5b10"}},
		},
	})
}

func TestReadRoles(t *testing.T) {
	t.Parallel()
	run(t, []call{
		{
			name: "roles", method: "GET", uri: "/rest/api/3/project/A/role",
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.Roles.List(ctx, "A") },
			answer: `{"Developers":"https://acme.atlassian.net/rest/api/3/project/A/role/10000"}`, want: map[string]string{"Developers": "10000"},
		},
		{
			name: "role without who left", method: "GET", uri: "/rest/api/3/project/A/role/10000?excludeInactiveUsers=true",
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.Roles.GetActive(ctx, "A", "10000") },
			answer: `{"id":10000,"actors":[{"id":1,"actorUser":{"accountId":"5b10"}}]}`,
			want:   jira.Role{ID: 10000, Actors: []jira.RoleActor{{ID: 1, User: &jira.RoleUser{AccountID: "5b10"}}}},
		},
		{
			name: "role", method: "GET", uri: "/rest/api/3/project/A/role/10000",
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.Roles.Get(ctx, "A", "10000") },
			answer: `{"id":10000,"name":"Developers","actors":[{"id":1,"displayName":"Ann","type":"atlassian-user-role-actor","actorUser":{"accountId":"5b10"}},{"id":2,"type":"atlassian-group-role-actor","actorGroup":{"groupId":"g","name":"devs"}}]}`,
			want: jira.Role{ID: 10000, Name: "Developers", Actors: []jira.RoleActor{
				{ID: 1, DisplayName: "Ann", Type: jira.ActorUser, User: &jira.RoleUser{AccountID: "5b10"}},
				{ID: 2, Type: jira.ActorGroup, Group: &jira.RoleGroup{GroupID: "g", Name: "devs"}},
			}},
		},
		{
			name: "role details", method: "GET", uri: "/rest/api/3/project/A/roledetails?excludeConnectAddons=true",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Roles.Details(ctx, "A", jira.RoleDetailsOptions{ExcludeConnectAddons: true})
			},
			answer: `[{"id":10000,"name":"Developers"}]`, want: []jira.Role{{ID: 10000, Name: "Developers"}},
		},
	})
}

func TestReadIssues(t *testing.T) {
	t.Parallel()
	run(t, []call{
		{
			name: "issue", method: "GET", uri: "/rest/api/3/issue/A-1?fields=summary%2Cstatus",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Issues.Get(ctx, "A-1", jira.IssueGetOptions{Fields: []string{"summary", "status"}})
			},
			answer: `{"id":"1","key":"A-1","fields":{"summary":"s","assignee":null,"duedate":null,"timeestimate":null,"priority":null,"status":{"id":"3","name":"Doing","statusCategory":{"id":4,"key":"indeterminate","name":"In Progress"}}}}`,
			want: jira.Issue{ID: "1", Key: "A-1", Fields: jira.IssueFields{Summary: "s", Status: jira.Status{
				Named: jira.Named{ID: "3", Name: "Doing"}, StatusCategory: jira.StatusCategory{ID: 4, Key: "indeterminate", Name: "In Progress"},
			}}},
		},
		{
			name: "worklogs", method: "GET", uri: "/rest/api/3/issue/A-1/worklog?maxResults=5&startAt=1&startedAfter=1700000000000&startedBefore=1700000100000",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Worklogs.List(ctx, "A-1", jira.WorklogListOptions{StartAt: 1, MaxResults: 5, StartedAfter: 1700000000000, StartedBefore: 1700000100000})
			},
			answer: `{"startAt":1,"maxResults":5,"total":2,"worklogs":[{"id":"7","issueId":"1","author":{"accountId":"5b10"},"started":"2021-01-17T12:34:00.000+0000","timeSpentSeconds":60}]}`,
			want: jira.WorklogPage{StartAt: 1, MaxResults: 5, Total: 2, Worklogs: []jira.Worklog{{
				ID: "7", IssueID: "1", Author: &jira.User{AccountID: "5b10"}, TimeSpentSeconds: 60,
				Started: jira.Time{Time: time.Date(2021, 1, 17, 12, 34, 0, 0, time.FixedZone("", 0))},
			}}},
		},
	})
}

func TestReadSite(t *testing.T) {
	t.Parallel()
	run(t, []call{
		{
			name: "settings", method: "GET", uri: "/rest/api/3/configuration",
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.Settings.Get(ctx) },
			answer: `{"timeTrackingEnabled":true,"timeTrackingConfiguration":{"workingHoursPerDay":7.6,"workingDaysPerWeek":5,"timeFormat":"pretty","defaultUnit":"day"}}`,
			want:   jira.Settings{TimeTrackingEnabled: true, TimeTracking: jira.TimeTracking{WorkingHoursPerDay: 7.6, WorkingDaysPerWeek: 5, TimeFormat: "pretty", DefaultUnit: "day"}},
		},
		{
			name: "dashboard", method: "GET", uri: "/rest/api/3/dashboard/10001",
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.Dashboards.Get(ctx, "10001") },
			answer: `{"id":"10001","name":"Team","isWritable":true,"owner":{"accountId":"5b10"}}`,
			want:   jira.Dashboard{ID: "10001", Name: "Team", IsWritable: true, Owner: &jira.User{AccountID: "5b10"}},
		},
		{
			name: "my permissions", method: "GET", uri: "/rest/api/3/mypermissions?permissions=BROWSE_PROJECTS%2CADMINISTER&projectKey=A",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Permissions.Mine(ctx, jira.MyPermissionsOptions{Permissions: []string{"BROWSE_PROJECTS", "ADMINISTER"}, ProjectKey: "A"})
			},
			answer: `{"permissions":{"ADMINISTER":{"id":"0","key":"ADMINISTER","type":"GLOBAL","havePermission":false}}}`,
			want:   map[string]jira.Permission{"ADMINISTER": {Key: "ADMINISTER", Type: "GLOBAL"}},
		},
		{
			name: "check permissions", method: "POST", uri: "/rest/api/3/permissions/check",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Permissions.Check(ctx, jira.PermissionCheck{
					AccountID:          "5b10",
					ProjectPermissions: []jira.ProjectPermissionCheck{{Permissions: []string{"BROWSE_PROJECTS"}, Projects: []int64{10000}}},
				})
			},
			body:   `{"accountId":"5b10","projectPermissions":[{"permissions":["BROWSE_PROJECTS"],"projects":[10000]}]}`,
			answer: `{"globalPermissions":[],"projectPermissions":[{"permission":"BROWSE_PROJECTS","projects":[10000],"issues":[]}]}`,
			want: jira.PermissionGrants{
				GlobalPermissions:  []string{},
				ProjectPermissions: []jira.ProjectPermissionGrant{{Permission: "BROWSE_PROJECTS", Projects: []int64{10000}, Issues: []int64{}}},
			},
		},
	})
}

func TestWrites(t *testing.T) {
	t.Parallel()
	quiet := false
	started := jira.Time{Time: time.Date(2021, 1, 17, 12, 34, 0, 0, time.UTC)}
	run(t, []call{
		{
			name: "edit issue", method: "PUT", uri: "/rest/api/3/issue/A-1", status: 204,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return clienttest.None(c.Issues.Edit(ctx, "A-1", map[string]any{"duedate": nil, "summary": "s"}))
			},
			body: `{"fields":{"duedate":null,"summary":"s"}}`,
		},
		{
			name: "add worklog", method: "POST", uri: "/rest/api/3/issue/A-1/worklog?adjustEstimate=manual&notifyUsers=false&reduceBy=1h", status: 201,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Worklogs.Add(ctx, "A-1", jira.WorklogInput{Started: started, TimeSpentSeconds: 60, Comment: jira.Paragraph(`a "b"`)},
					jira.WorklogWriteOptions{NotifyUsers: &quiet, AdjustEstimate: "manual", ReduceBy: "1h"})
			},
			body:   `{"started":"2021-01-17T12:34:00.000+0000","timeSpentSeconds":60,"comment":{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"a \"b\""}]}]}}`,
			answer: `{"id":"7","timeSpentSeconds":60}`, want: jira.Worklog{ID: "7", TimeSpentSeconds: 60},
		},
		{
			name: "update worklog", method: "PUT", uri: "/rest/api/3/issue/A-1/worklog/7",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Worklogs.Update(ctx, "A-1", "7", jira.WorklogInput{TimeSpent: "2h", Comment: jira.Paragraph("")}, jira.WorklogWriteOptions{})
			},
			body:   `{"timeSpent":"2h","comment":{"type":"doc","version":1,"content":[]}}`,
			answer: `{"id":"7"}`, want: jira.Worklog{ID: "7"},
		},
		{
			name: "delete worklog", method: "DELETE", uri: "/rest/api/3/issue/A-1/worklog/7?adjustEstimate=leave", status: 204,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return clienttest.None(c.Worklogs.Delete(ctx, "A-1", "7", jira.WorklogWriteOptions{AdjustEstimate: "leave"}))
			},
		},
	})
}

type preferences struct {
	Compact bool `json:"compact"`
}

func TestItemProperties(t *testing.T) {
	t.Parallel()
	run(t, []call{
		{
			name: "item keys", method: "GET", uri: itemURI,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.DashboardItems.Keys(ctx, "10001", "10/22")
			},
			answer: `{"keys":[{"self":"https://x","key":"a"},{"key":"b"}]}`, want: []string{"a", "b"},
		},
		{
			name: "item property", method: "GET", uri: itemURI + "/sightline.config",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return jira.GetItemProperty[preferences](ctx, c, "10001", "10/22", "sightline.config")
			},
			answer: `{"key":"sightline.config","value":{"compact":true}}`, want: preferences{true},
		},
		{
			name: "item property as it is", method: "GET", uri: itemURI + "/k",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return jira.GetItemProperty[json.RawMessage](ctx, c, "10001", "10/22", "k")
			},
			answer: `{"key":"k","value":[1, 2]}`, want: json.RawMessage(`[1, 2]`),
		},
		{
			name: "item property made", method: "PUT", uri: itemURI + "/k", status: 201, body: `{"compact":true}`,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.DashboardItems.SetProperty(ctx, "10001", "10/22", "k", preferences{true})
			},
			want: true,
		},
		{
			name: "item property changed to null", method: "PUT", uri: itemURI + "/k", body: `null`,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.DashboardItems.SetProperty(ctx, "10001", "10/22", "k", nil)
			},
			want: false,
		},
		{
			name: "item property removed", method: "DELETE", uri: itemURI + "/k", status: 204,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return clienttest.None(c.DashboardItems.DeleteProperty(ctx, "10001", "10/22", "k"))
			},
		},
	})
}

func TestUserProperties(t *testing.T) {
	t.Parallel()
	run(t, []call{
		{
			name: "user keys", method: "GET", uri: "/rest/api/3/user/properties?accountId=557058%3Aann",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.UserProperties.Keys(ctx, "557058:ann")
			},
			answer: `{"keys":[]}`, want: []string{},
		},
		{
			name: "user property", method: "GET", uri: "/rest/api/3/user/properties/k?accountId=ann",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return jira.GetUserProperty[preferences](ctx, c, "ann", "k")
			},
			answer: `{"key":"k","value":{"compact":true}}`, want: preferences{true},
		},
		{
			name: "user property made", method: "PUT", uri: "/rest/api/3/user/properties/k?accountId=ann", status: 201, body: `{"compact":false}`,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.UserProperties.SetProperty(ctx, "ann", "k", preferences{})
			},
			want: true,
		},
		{
			name: "user property removed", method: "DELETE", uri: "/rest/api/3/user/properties/k?accountId=ann", status: 204,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return clienttest.None(c.UserProperties.DeleteProperty(ctx, "ann", "k"))
			},
		},
	})
}
