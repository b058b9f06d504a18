package jira_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
)

func TestReadAttachments(t *testing.T) {
	t.Parallel()
	run(t, []call{
		{
			name: "settings", method: "GET", uri: "/rest/api/3/attachment/meta",
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.Attachments.Settings(ctx) },
			answer: `{"enabled":true,"uploadLimit":1000000}`, want: jira.AttachmentSettings{Enabled: true, UploadLimit: 1000000},
		},
		{
			name: "attachment on version 2", method: "GET", uri: "/rest/api/2/attachment/10000",
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.V2().Attachments.Get(ctx, "10000") },
			answer: `{"id":10000,"self":"https://x","filename":"a.jpg","author":{"accountId":"5b10"},"created":"2022-10-06T07:32:47.000+0000","size":23123,"mimeType":"image/jpeg","content":"https://c","thumbnail":"https://t","properties":{"k":1}}`,
			want: jira.Attachment{
				ID: 10000, Self: "https://x", Filename: "a.jpg", Author: &jira.User{AccountID: "5b10"},
				Created: jira.Time{Time: time.Date(2022, 10, 6, 7, 32, 47, 0, time.FixedZone("", 0))}, Size: 23123, MimeType: "image/jpeg",
				Content: "https://c", Thumbnail: "https://t", Properties: map[string]json.RawMessage{"k": json.RawMessage(`1`)},
			},
		},
	})
}

func TestTimeTracking(t *testing.T) {
	t.Parallel()
	ask := func(ctx context.Context, c *jira.Client) (any, error) {
		provider, on, err := c.TimeTracking.Selected(ctx)
		return map[bool]jira.TimeTrackingProvider{on: provider}, err
	}
	const uri = "/rest/api/3/configuration/timetracking"
	run(t, []call{
		{
			name: "on", method: "GET", uri: uri, call: ask, answer: `{"key":"JIRA","name":"JIRA provided time tracking","url":"/u"}`,
			want: map[bool]jira.TimeTrackingProvider{true: {Key: "JIRA", Name: "JIRA provided time tracking", URL: "/u"}},
		},
		{name: "off", method: "GET", uri: uri, call: ask, status: http.StatusNoContent, want: map[bool]jira.TimeTrackingProvider{false: {}}},
	})
}

func TestNotificationSchemes(t *testing.T) {
	t.Parallel()
	run(t, []call{{
		name: "list", method: "GET", uri: "/rest/api/3/notificationscheme?expand=user%2Cgroup&id=1&id=2&maxResults=5&onlyDefault=true&projectId=3&startAt=10",
		call: func(ctx context.Context, c *jira.Client) (any, error) {
			return c.NotificationSchemes.List(ctx, jira.NotificationSchemeListOptions{
				StartAt: 10, MaxResults: 5, IDs: []int64{1, 2}, ProjectIDs: []int64{3}, OnlyDefault: true, Expand: []string{"user", "group"},
			})
		},
		answer: `{"isLast":true,"values":[{"id":1,"name":"n","projects":[3],"scope":{"type":"PROJECT","project":{"id":"3"}},"notificationSchemeEvents":[
			{"event":{"id":20,"name":"Custom","templateEvent":{"id":1,"name":"Issue created"}},"notifications":[
				{"id":5,"notificationType":"User","recipient":"5b10","parameter":"5b10","user":{"accountId":"5b10"}},
				{"id":6,"notificationType":"Group","recipient":"g","parameter":"devs","group":{"groupId":"g","name":"devs"}},
				{"id":7,"notificationType":"ProjectRole","recipient":"9","projectRole":{"id":9,"name":"r"}},
				{"id":8,"notificationType":"UserCustomField","field":{"id":"customfield_1","custom":true}},
				{"id":9,"notificationType":"EmailAddress","emailAddress":"a@example.com"}]},
			{"event":{"id":2},"notifications":[]}]}]}`,
		want: jira.Page[jira.NotificationScheme]{IsLast: true, Values: []jira.NotificationScheme{{
			ID: 1, Name: "n", Projects: []int64{3}, Scope: &jira.Scope{Type: "PROJECT", Project: jira.Project{ID: "3"}},
			Events: []jira.NotificationSchemeEvent{
				{
					Event: jira.NotificationEvent{ID: 20, Name: "Custom", Template: &jira.NotificationEvent{ID: 1, Name: "Issue created"}},
					Notifications: []jira.Notification{
						{ID: 5, Type: jira.NotifyUser, Recipient: "5b10", Parameter: "5b10", User: &jira.User{AccountID: "5b10"}},
						{ID: 6, Type: jira.NotifyGroup, Recipient: "g", Parameter: "devs", Group: &jira.GroupName{GroupID: "g", Name: "devs"}},
						{ID: 7, Type: jira.NotifyProjectRole, Recipient: "9", ProjectRole: &jira.Role{ID: 9, Name: "r"}},
						{ID: 8, Type: jira.NotifyUserCustomField, Field: &jira.Field{ID: "customfield_1", Custom: true}},
						{ID: 9, Type: jira.NotifyEmailAddress, EmailAddress: "a@example.com"},
					},
				},
				{Event: jira.NotificationEvent{ID: 2}, Notifications: []jira.Notification{}},
			},
		}}},
	}})
	s := &script{lines: []string{`{"values":[{"id":1},{"id":2}]}`, `{"isLast":true,"values":[{"id":3}]}`}}
	schemes, err := clienttest.Collect(newClient(t, s.serve).NotificationSchemes.All(t.Context(), jira.NotificationSchemeListOptions{OnlyDefault: true}))
	if err != nil || len(schemes) != 3 {
		t.Errorf("got %d schemes, %v, want 3", len(schemes), err)
	}
	if diff := cmp.Diff([]string{"GET onlyDefault=true", "GET onlyDefault=true&startAt=2"}, s.asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRolesInFull(t *testing.T) {
	t.Parallel()
	run(t, []call{
		{
			name: "create", method: "POST", uri: "/rest/api/3/role", body: `{"name":"Testers","description":"who test"}`,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Roles.Create(ctx, jira.RoleInput{Name: "Testers", Description: "who test"})
			},
			answer: `{"id":10360,"self":"https://x","name":"Testers","description":"who test"}`,
			want:   jira.Role{ID: 10360, Self: "https://x", Name: "Testers", Description: "who test"},
		},
		{
			name: "create without a description", method: "POST", uri: "/rest/api/2/role", body: `{"name":"Testers"}`,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.V2().Roles.Create(ctx, jira.RoleInput{Name: "Testers"})
			},
			answer: `{"id":1}`, want: jira.Role{ID: 1},
		},
		{
			name: "details", method: "GET", uri: "/rest/api/3/project/A/roledetails?currentMember=true&excludeOtherServiceRoles=true",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Roles.Details(ctx, "A", jira.RoleDetailsOptions{CurrentMember: true, ExcludeOtherServiceRoles: true})
			},
			answer: `[{"id":1,"name":"Admins","translatedName":"Verwalter","admin":true,"default":true,"roleConfigurable":true,"type":"DEFAULT","scope":{"type":"PROJECT","project":{"key":"A"}}}]`,
			want: []jira.Role{{
				ID: 1, Name: "Admins", TranslatedName: "Verwalter", Admin: true, Default: true, Configurable: true, Type: "DEFAULT",
				Scope: &jira.Scope{Type: "PROJECT", Project: jira.Project{Key: "A"}},
			}},
		},
	})
}

func TestVersion2(t *testing.T) {
	t.Parallel()
	run(t, []call{
		{
			name: "worklog", method: "GET", uri: "/rest/api/2/issue/A-1/worklog/7?expand=properties",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.V2().Worklogs.Get(ctx, "A-1", "7", jira.WorklogGetOptions{Expand: []string{"properties"}})
			},
			answer: `{"id":"7","comment":"plain \"text\"","visibility":{"type":"role","value":"devs"},"properties":[{"key":"k","value":{"a":1}}]}`,
			want: jira.Worklog{
				ID: "7", Comment: jira.PlainText(`plain "text"`), Visibility: &jira.WorklogVisibility{Type: "role", Value: "devs"},
				Properties: []jira.EntityProperty{{Key: "k", Value: json.RawMessage(`{"a":1}`)}},
			},
		},
		{
			name: "update worklog", method: "PUT", uri: "/rest/api/2/issue/A-1/worklog/7?expand=properties",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.V2().Worklogs.Update(ctx, "A-1", "7", jira.WorklogInput{Comment: jira.PlainText("done")}, jira.WorklogWriteOptions{Expand: []string{"properties"}})
			},
			body: `{"comment":"done"}`, answer: `{"id":"7"}`, want: jira.Worklog{ID: "7"},
		},
		{
			name: "dashboard", method: "GET", uri: "/rest/api/2/dashboard/1",
			call:   func(ctx context.Context, c *jira.Client) (any, error) { return c.V2().Dashboards.Get(ctx, "1") },
			answer: `{"id":"1","description":"d","isFavourite":true,"popularity":2,"rank":3,"automaticRefreshMs":60000,"sharePermissions":[{"id":4,"type":"group","group":{"groupId":"g"}}],"editPermissions":[]}`,
			want: jira.Dashboard{
				ID: "1", Description: "d", IsFavourite: true, Popularity: 2, Rank: 3, AutomaticRefreshMs: 60000,
				SharePermissions: []jira.SharePermission{{ID: 4, Type: "group", Group: &jira.GroupName{GroupID: "g"}}}, EditPermissions: []jira.SharePermission{},
			},
		},
		{
			name: "issue", method: "GET", uri: "/rest/api/3/issue/A-1?failFast=true&fields=-summary&fieldsByKeys=true",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.Issues.Get(ctx, "A-1", jira.IssueGetOptions{Fields: []string{"-summary"}, FieldsByKeys: true, FailFast: true})
			},
			answer: `{"id":"1"}`, want: jira.Issue{ID: "1"},
		},
		{
			name: "version 3 is left as it is", method: "GET", uri: "/rest/api/3/myself",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				_ = c.V2()
				return c.Myself.Get(ctx)
			},
			answer: `{}`, want: jira.User{},
		},
	})
}

func TestPropertiesOf(t *testing.T) {
	t.Parallel()
	run(t, []call{
		{
			name: "keys", method: "GET", uri: "/rest/api/3/user/properties?accountId=ann",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return clienttest.Collect(c.PropertiesOf("ann").Keys(ctx))
			},
			answer: `{"keys":[{"key":"a"},{"key":"b"}]}`, want: []string{"a", "b"},
		},
		{
			name: "get", method: "GET", uri: "/rest/api/3/user/properties/k?accountId=ann",
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return rest.GetProperty[preferences](ctx, c.PropertiesOf("ann"), "k")
			},
			answer: `{"key":"k","value":{"compact":true}}`, want: preferences{true},
		},
		{
			name: "set", method: "PUT", uri: "/rest/api/2/user/properties/k?accountId=ann", body: `{"compact":true}`,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return c.V2().PropertiesOf("ann").Set(ctx, "k", preferences{true})
			},
			want: false,
		},
		{
			name: "delete", method: "DELETE", uri: "/rest/api/3/user/properties/k?accountId=ann", status: http.StatusNoContent,
			call: func(ctx context.Context, c *jira.Client) (any, error) {
				return clienttest.None(c.PropertiesOf("ann").Delete(ctx, "k"))
			},
		},
	})
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/rest/api/3/user/properties/k" {
			clienttest.Answer(w, http.StatusOK, `{"key":"k","value":"private"}`)
			return
		}
		w.WriteHeader(http.StatusNotFound)
	})
	p := c.PropertiesOf("ann")
	if _, err := rest.GetProperty[preferences](t.Context(), p, "k"); !errors.Is(err, rest.ErrUnreadable) {
		t.Errorf("another shape: got %v, want ErrUnreadable", err)
	}
	_, missing := rest.GetProperty[preferences](t.Context(), p, "other")
	_, keys := clienttest.Collect(p.Keys(t.Context()))
	if !errors.Is(missing, rest.ErrNotFound) || !errors.Is(keys, rest.ErrNotFound) {
		t.Errorf("got %v and %v, want ErrNotFound", missing, keys)
	}
}
