package jiradc_test

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jiradc"
)

const experimental = "X-ExperimentalApi: true"

func allCalls() []call {
	return slices.Concat(userCalls(), searchCalls(), anonymizationCalls(), avatarCalls(), columnCalls(), adminCalls(), propertyCalls())
}

func fred() jiradc.UserRef { return jiradc.UserRef{Username: "fred"} }

func userCalls() []call {
	inactive := false
	return []call{
		{
			name: "user", operation: "GET /api/2/user", query: "includeDeleted=true&key=JIRAUSER10100",
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Users.Get(ctx, jiradc.UserRef{Key: "JIRAUSER10100"}, jiradc.UserGetOptions{IncludeDeleted: true})
			},
			answer: `{"self":"http://x","key":"JIRAUSER10100","name":"fred","displayName":"Fred F. User","emailAddress":"fred@example.com","active":true,"deleted":false,"timeZone":"Australia/Sydney","locale":"en_AU","lastLoginTime":"2023-08-30T16:37:01+1000","avatarUrls":{"48x48":"http://a"},"groups":{"size":1,"items":[{"name":"devs","self":"http://g"}]},"applicationRoles":{"size":2,"items":[{"key":"jira-core","name":"Jira Core"}]},"expand":"groups"}`,
			want: jiradc.User{
				Self: "http://x", Key: "JIRAUSER10100", Name: "fred", DisplayName: "Fred F. User", EmailAddress: "fred@example.com", Active: true,
				TimeZone: "Australia/Sydney", Locale: "en_AU", LastLogin: instant(time.Date(2023, 8, 30, 6, 37, 1, 0, time.UTC), 10),
				AvatarURLs:       map[string]string{"48x48": "http://a"},
				Groups:           &jiradc.List[jiradc.Group]{Size: 1, Items: []jiradc.Group{{Name: "devs", Self: "http://g"}}},
				ApplicationRoles: &jiradc.List[jiradc.ApplicationRole]{Size: 2, Items: []jiradc.ApplicationRole{{Key: "jira-core", Name: "Jira Core"}}},
			},
		},
		{
			name: "create user", operation: "POST /api/2/user", header: experimental, status: http.StatusCreated,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Users.Create(ctx, jiradc.UserDetails{Name: "fred", DisplayName: "Fred", EmailAddress: "f@example.com", Password: "abracadabra", ApplicationKeys: []string{"jira-core"}})
			},
			body:   `{"name":"fred","displayName":"Fred","emailAddress":"f@example.com","applicationKeys":["jira-core"],"password":"abracadabra"}`,
			answer: `{"self":"http://x","key":"JIRAUSER1","name":"fred","password":"abracadabra"}`,
			want:   jiradc.UserDetails{Self: "http://x", Key: "JIRAUSER1", Name: "fred"},
		},
		{
			name: "update user", operation: "PUT /api/2/user", query: "username=fred", header: experimental,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Users.Update(ctx, fred(), jiradc.UserDetails{Active: &inactive})
			},
			body: `{"active":false}`, answer: `{"name":"fred","active":false}`, want: jiradc.UserDetails{Name: "fred", Active: &inactive},
		},
		{
			name: "delete user", operation: "DELETE /api/2/user", query: "key=JIRAUSER1", header: experimental, status: http.StatusNoContent,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return clienttest.None(c.Users.Delete(ctx, jiradc.UserRef{Key: "JIRAUSER1"}))
			},
		},
		{
			name: "password", operation: "PUT /api/2/user/password", query: "username=fred", header: experimental, status: http.StatusNoContent,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return clienttest.None(c.Users.SetPassword(ctx, fred(), jiradc.PasswordChange{Password: "new", Current: "old"}))
			},
			body: `{"password":"new","currentPassword":"old"}`,
		},
		{
			name: "accessibility", operation: "GET /api/2/user/a11y/personal-settings",
			call:   func(ctx context.Context, c *jiradc.Client) (any, error) { return c.Accessibility.PersonalSettings(ctx) },
			answer: `[{"key":"a11y-setting-underlined-links","enabled":true}]`,
			want:   []jiradc.AccessibilitySetting{{Key: "a11y-setting-underlined-links", Enabled: true}},
		},
	}
}

func instant(at time.Time, zone int) jiradc.Time {
	return jiradc.Time{Time: at.In(time.FixedZone("", zone*60*60))}
}

func searchCalls() []call {
	yes := true
	found, want := `[{"name":"fred"}]`, []jiradc.User{{Name: "fred"}}
	return []call{
		{
			name: "search", operation: "GET /api/2/user/search", query: "includeActive=true&includeInactive=true&maxResults=1000&startAt=5&username=fr+ed", answer: found, want: want,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Users.Search(ctx, jiradc.UserSearchOptions{Username: "fr ed", StartAt: 5, MaxResults: 1000, IncludeActive: &yes, IncludeInactive: true})
			},
		},
		{
			name: "assignable", operation: "GET /api/2/user/assignable/search", query: "actionDescriptorId=7&issueKey=A-1&maxResults=100&project=A&username=fr", answer: found, want: want,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Users.SearchAssignable(ctx, jiradc.AssignableSearchOptions{Username: "fr", IssueKey: "A-1", Project: "A", ActionDescriptorID: 7, MaxResults: 100})
			},
		},
		{
			name: "assignable in projects", operation: "GET /api/2/user/assignable/multiProjectSearch", query: "maxResults=1&projectKeys=A%2CB&username=fr", answer: found, want: want,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Users.SearchMultiProject(ctx, jiradc.MultiProjectSearchOptions{Username: "fr", ProjectKeys: []string{"A", "B"}, MaxResults: 1})
			},
		},
		{
			name: "view issue", operation: "GET /api/2/user/viewissue/search", query: "issueKey=A-1&projectKey=A&username=fr", answer: found, want: want,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Users.SearchViewIssue(ctx, jiradc.ViewIssueSearchOptions{Username: "fr", IssueKey: "A-1", ProjectKey: "A"})
			},
		},
		{
			name: "permission", operation: "GET /api/2/user/permission/search", query: "maxResults=2&permissions=BROWSE%2CASSIGN_ISSUE&projectKey=A&startAt=2", answer: found, want: want,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Users.SearchPermission(ctx, jiradc.PermissionSearchOptions{Permissions: []string{"BROWSE", "ASSIGN_ISSUE"}, ProjectKey: "A", StartAt: 2, MaxResults: 2})
			},
		},
		{
			name: "picker", operation: "GET /api/2/user/picker", query: "exclude=ann&exclude=bob&maxResults=20&query=fr&showAvatar=true",
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Users.Picker(ctx, jiradc.UserPickerOptions{Query: "fr", Exclude: []string{"ann", "bob"}, ShowAvatar: true, MaxResults: 20})
			},
			answer: `{"users":[{"name":"fred","key":"JIRAUSER1","html":"<strong>Fr</strong>ed","displayName":"Fred","avatarUrl":"http://a"}],"total":25,"header":"Showing 1 of 25 matching users"}`,
			want: jiradc.PickerResult{
				Users: []jiradc.PickerUser{{Key: "JIRAUSER1", Name: "fred", DisplayName: "Fred", HTML: "<strong>Fr</strong>ed", AvatarURL: "http://a"}},
				Total: 25, Header: "Showing 1 of 25 matching users",
			},
		},
	}
}

func anonymizationCalls() []call {
	validation := `{"userKey":"JIRAUSER1","userName":"fred","displayName":"Fred","email":"f@example.com","deleted":false,"success":false,"businessLogicValidationFailed":true,"operations":["USER_DISABLE"],"errors":{"USER_DISABLE":{"errorMessages":["no"],"errors":{"a":"b"}}},"warnings":{},"affectedEntities":{"ANONYMIZE":[{"type":"ANONYMIZE","description":"User Profile","numberOfOccurrences":1,"uri":"/x","uriDisplayName":"y"}]},"expand":"affectedEntities"}`
	validated := jiradc.AnonymizationValidation{
		UserKey: "JIRAUSER1", UserName: "fred", DisplayName: "Fred", Email: "f@example.com", BusinessLogicValidationFailed: true,
		Errors:   map[string]jiradc.Problems{"USER_DISABLE": {Messages: []string{"no"}, Fields: map[string]string{"a": "b"}}},
		Warnings: map[string]jiradc.Problems{}, Operations: []string{"USER_DISABLE"},
		AffectedEntities: map[string][]jiradc.AffectedEntity{"ANONYMIZE": {{Type: "ANONYMIZE", Description: "User Profile", NumberOfOccurrences: 1, URI: "/x", URIDisplayName: "y"}}},
	}
	progress := `{"userKey":"JIRAUSER1","progressUrl":"/rest/api/2/user/anonymization/progress?taskId=10100","currentProgress":100,"submittedTime":"2020-12-08T21:14:31.428+0100","status":"IN_PROGRESS","isRerun":true,"rerun":true}`
	inProgress := jiradc.AnonymizationProgress{
		UserKey: "JIRAUSER1", ProgressURL: "/rest/api/2/user/anonymization/progress?taskId=10100", CurrentProgress: 100,
		Submitted: instant(time.Date(2020, 12, 8, 20, 14, 31, 428e6, time.UTC), 1), Status: jiradc.AnonymizationInProgress, Rerun: true,
	}
	return []call{
		{
			name: "validate", operation: "GET /api/2/user/anonymization", query: "expand=affectedEntities&userKey=JIRAUSER1", answer: validation, want: validated,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Anonymization.Validate(ctx, jiradc.AnonymizationOptions{UserKey: "JIRAUSER1", Expand: []string{"affectedEntities"}})
			},
		},
		{
			name: "schedule", operation: "POST /api/2/user/anonymization", status: http.StatusAccepted, answer: progress, want: inProgress,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Anonymization.Schedule(ctx, jiradc.AnonymizationRequest{UserKey: "JIRAUSER1", NewOwnerKey: "admin"})
			},
			body: `{"userKey":"JIRAUSER1","newOwnerKey":"admin"}`,
		},
		{
			name: "progress", operation: "GET /api/2/user/anonymization/progress", query: "taskId=10100", answer: progress, want: inProgress,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) { return c.Anonymization.Progress(ctx, 10100) },
		},
		{
			name: "validate rerun", operation: "GET /api/2/user/anonymization/rerun", query: "oldUserKey=fred&oldUserName=fred&userKey=JIRAUSER1", answer: validation, want: validated,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Anonymization.ValidateRerun(ctx, jiradc.AnonymizationRerunOptions{UserKey: "JIRAUSER1", OldUserKey: "fred", OldUserName: "fred"})
			},
		},
		{
			name: "schedule rerun", operation: "POST /api/2/user/anonymization/rerun", status: http.StatusAccepted, want: jiradc.AnonymizationProgress{},
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Anonymization.ScheduleRerun(ctx, jiradc.AnonymizationRerunRequest{UserKey: "JIRAUSER1", OldUserKey: "fred", OldUserName: "fred"})
			},
			body: `{"userKey":"JIRAUSER1","oldUserKey":"fred","oldUserName":"fred"}`,
		},
		{
			name: "unlock", operation: "DELETE /api/2/user/anonymization/unlock", status: http.StatusNoContent,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return clienttest.None(c.Anonymization.Unlock(ctx))
			},
		},
	}
}

func avatarCalls() []call {
	crop := jiradc.AvatarCropping{OffsetX: 50, OffsetY: 40, Width: 120, NeedsCropping: true, URL: "http://x/?a&b"}
	return []call{
		{
			name: "avatars", operation: "GET /api/2/user/avatars", query: "username=fred",
			call:   func(ctx context.Context, c *jiradc.Client) (any, error) { return c.Avatars.List(ctx, "fred") },
			answer: `{"system":[{"id":"1","isSystemAvatar":true,"selected":true}],"custom":[{"id":"1000","owner":"fred","selected":false}]}`,
			want:   jiradc.Avatars{System: []jiradc.Avatar{{ID: "1", Selected: true}}, Custom: []jiradc.Avatar{{ID: "1000", Owner: "fred"}}},
		},
		{
			name: "upload avatar", operation: "POST /api/2/user/avatar/temporary", query: "username=fred", header: "X-Atlassian-Token: no-check", status: http.StatusCreated,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Avatars.UploadTemporary(ctx, "fred", jiradc.AvatarImage{FileName: `a"b.png`, ContentType: "image/png", Data: []byte("\x89PNG")})
			},
			body:   "--BOUNDARY\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a\\\"b.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--BOUNDARY--\r\n",
			answer: `<html><body><TEXTAREA rows="1">{"cropperOffsetX":50,"cropperOffsetY":40,"cropperWidth":120,"needsCropping":true,"url":"http://x/?a&amp;b"}</TEXTAREA></body></html>`,
			want:   crop,
		},
		{
			name: "confirm avatar", operation: "POST /api/2/user/avatar", status: http.StatusCreated,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Avatars.CreateFromTemporary(ctx, "", jiradc.AvatarCropping{Width: 120, NeedsCropping: true})
			},
			body:   `{"cropperOffsetX":0,"cropperOffsetY":0,"cropperWidth":120,"needsCropping":true,"url":""}`,
			answer: `{"id":"1000","owner":"fred","selected":false}`, want: jiradc.Avatar{ID: "1000", Owner: "fred"},
		},
		{
			name: "update avatar", operation: "PUT /api/2/user/avatar", query: "username=fred",
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Avatars.Update(ctx, "fred", jiradc.Avatar{ID: "1000"})
			},
			body: `{"id":"1000"}`, answer: `{"id":"1000","selected":true}`, want: jiradc.Avatar{ID: "1000", Selected: true},
		},
		{
			name: "delete avatar", operation: "DELETE /api/2/user/avatar/{id}", query: "username=fred", status: http.StatusNoContent,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return clienttest.None(c.Avatars.Delete(ctx, "fred", 1000))
			},
		},
	}
}

func columnCalls() []call {
	return []call{
		{
			name: "columns", operation: "GET /api/2/user/columns", query: "username=fred",
			call:   func(ctx context.Context, c *jiradc.Client) (any, error) { return c.Columns.Get(ctx, "fred") },
			answer: `[{"label":"Key","value":"issuekey"}]`, want: []jiradc.Column{{Label: "Key", Value: "issuekey"}},
		},
		{
			name: "set columns", operation: "PUT /api/2/user/columns",
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return clienttest.None(c.Columns.Set(ctx, "fred", []string{"issuekey", "due date"}))
			},
			body: "columns=issuekey&columns=due+date&username=fred",
		},
		{
			name: "reset columns", operation: "DELETE /api/2/user/columns", status: http.StatusNoContent,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return clienttest.None(c.Columns.Reset(ctx, ""))
			},
		},
	}
}

func adminCalls() []call {
	return []call{
		{
			name: "add to application", operation: "POST /api/2/user/application", query: "applicationKey=jira-core&username=fred", header: experimental,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return clienttest.None(c.Applications.AddUser(ctx, "jira-core", "fred"))
			},
		},
		{
			name: "remove from application", operation: "DELETE /api/2/user/application", query: "applicationKey=jira-core&username=fred", header: experimental, status: http.StatusNoContent,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return clienttest.None(c.Applications.RemoveUser(ctx, "jira-core", "fred"))
			},
		},
		{
			name: "count duplicates", operation: "GET /api/2/user/duplicated/count", query: "flush=true", header: experimental,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Duplicates.Count(ctx, jiradc.DuplicatedOptions{Flush: true})
			},
			answer: `3`, want: 3,
		},
		{
			name: "duplicates", operation: "GET /api/2/user/duplicated/list", header: experimental,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.Duplicates.List(ctx, jiradc.DuplicatedOptions{})
			},
			answer: `{"fred":[{"directoryId":1,"directoryName":"Internal","userActive":true},{"directoryId":2,"directoryName":"LDAP","userActive":false}]}`,
			want: map[string][]jiradc.DirectoryAccount{"fred": {
				{DirectoryID: 1, DirectoryName: "Internal", Active: true}, {DirectoryID: 2, DirectoryName: "LDAP"},
			}},
		},
		{
			name: "end session", operation: "DELETE /api/2/user/session/{username}",
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return clienttest.None(c.Sessions.Delete(ctx, "a/b"))
			},
		},
	}
}

type preferences struct {
	Compact bool `json:"compact"`
}

func propertyCalls() []call {
	const one = "/api/2/user/properties/{propertyKey}"
	return []call{
		{
			name: "keys", operation: "GET /api/2/user/properties", query: "userKey=JIRAUSER1",
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.UserProperties.Keys(ctx, jiradc.UserRef{Key: "JIRAUSER1"})
			},
			answer: `{"keys":[{"self":"http://x","key":"a"},{"key":"b"}]}`, want: []string{"a", "b"},
		},
		{
			name: "property", operation: "GET " + one, query: "username=fred",
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return jiradc.GetUserProperty[preferences](ctx, c, fred(), "a.b")
			},
			answer: `{"key":"a.b","value":{"compact":true}}`, want: preferences{true},
		},
		{
			name: "create property", operation: "PUT " + one, query: "username=fred", status: http.StatusCreated,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.UserProperties.SetProperty(ctx, fred(), "a.b", preferences{true})
			},
			body: `{"compact":true}`, want: true,
		},
		{
			name: "replace property", operation: "PUT " + one, query: "username=fred",
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return c.UserProperties.SetProperty(ctx, fred(), "a.b", nil)
			},
			body: `null`, want: false,
		},
		{
			name: "delete property", operation: "DELETE " + one, query: "username=fred", status: http.StatusNoContent,
			call: func(ctx context.Context, c *jiradc.Client) (any, error) {
				return clienttest.None(c.UserProperties.DeleteProperty(ctx, fred(), "a.b"))
			},
		},
	}
}
