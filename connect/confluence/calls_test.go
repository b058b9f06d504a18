package confluence_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/confluence"
	"github.com/sightline-go/sightline/connect/internal/clienttest"
)

func allCalls() []call {
	calls := append(userCalls(), propertyCalls()...)
	return append(calls, watchCalls()...)
}

func TestCalls(t *testing.T) {
	t.Parallel()
	run(t, allCalls())
}

func userCalls() []call {
	return []call{
		{
			name: "anonymous", operation: "GET /wiki/rest/api/user/anonymous", uri: "/wiki/rest/api/user/anonymous?expand=operations",
			call: func(ctx context.Context, c *confluence.Client) (any, error) {
				return c.Users.Anonymous(ctx, confluence.UserOptions{Expand: []string{"operations"}})
			},
			answer: `{"type":"anonymous","displayName":"Anonymous","profilePicture":{"path":"/wiki/a.png","width":48,"height":48,"isDefault":true},"operations":[{"operation":"read","targetType":"space"}],"_links":{}}`,
			want: confluence.AnonymousUser{
				Type: "anonymous", DisplayName: "Anonymous",
				ProfilePicture: &confluence.Icon{Path: "/wiki/a.png", Width: 48, Height: 48, IsDefault: true},
				Operations:     []confluence.Operation{{Operation: "read", TargetType: "space"}},
			},
		},
		{
			name: "current", operation: "GET /wiki/rest/api/user/current", uri: "/wiki/rest/api/user/current?expand=operations%2CpersonalSpace",
			call: func(ctx context.Context, c *confluence.Client) (any, error) {
				return c.Users.Current(ctx, confluence.UserOptions{Expand: []string{"operations", "personalSpace"}})
			},
			answer: `{"type":"known","accountId":"5b10","accountType":"atlassian","email":null,"publicName":"ann","displayName":null,"timeZone":null,"isGuest":true,"personalSpace":{"id":7,"key":"~5b10","name":"Ann","type":"personal","status":"current"}}`,
			want: confluence.User{
				Type: "known", AccountID: "5b10", AccountType: "atlassian", PublicName: "ann", IsGuest: true,
				PersonalSpace: &confluence.Space{ID: 7, Key: "~5b10", Name: "Ann", Type: "personal", Status: "current"},
			},
		},
		{
			name: "bulk", operation: "GET /wiki/rest/api/user/bulk", uri: "/wiki/rest/api/user/bulk?accountId=a%3A1&accountId=b",
			call: func(ctx context.Context, c *confluence.Client) (any, error) {
				return c.Users.Bulk(ctx, []string{"a:1", "b"}, confluence.UserOptions{})
			},
			answer: `{"results":[{"type":"known","accountId":"a:1"},{"type":"unknown","accountId":"b"}],"start":0,"limit":100,"size":2,"_links":{}}`,
			want:   []confluence.User{{Type: "known", AccountID: "a:1"}, {Type: "unknown", AccountID: "b"}},
		},
		{
			name: "groups", operation: "GET /wiki/rest/api/user/memberof", uri: "/wiki/rest/api/user/memberof?accountId=5b10&limit=2&start=4",
			call: func(ctx context.Context, c *confluence.Client) (any, error) {
				return c.Users.MemberOf(ctx, "5b10", confluence.MemberOfOptions{Start: 4, Limit: 2})
			},
			answer: `{"results":[{"type":"group","name":"devs","id":"g1","usageType":"TEAM_COLLABORATION","managedBy":"OPEN"}],"start":4,"limit":2,"size":1,"_links":{"self":"https://x"}}`,
			want: confluence.Page[confluence.Group]{
				Results: []confluence.Group{{ID: "g1", Name: "devs", Type: "group", UsageType: "TEAM_COLLABORATION", ManagedBy: "OPEN"}},
				Start:   4, Limit: 2, Size: 1, Links: &confluence.PageLinks{},
			},
		},
		{
			name: "e-mail", operation: "GET /wiki/rest/api/user/email", uri: "/wiki/rest/api/user/email?accountId=5b10",
			call:   func(ctx context.Context, c *confluence.Client) (any, error) { return c.Emails.Get(ctx, "5b10") },
			answer: `{"accountId":"5b10","email":"ann@example.com"}`, want: confluence.Email{AccountID: "5b10", Email: "ann@example.com"},
		},
		{
			name: "e-mails", operation: "GET /wiki/rest/api/user/email/bulk", uri: "/wiki/rest/api/user/email/bulk?accountId=a%2Cb",
			call: func(ctx context.Context, c *confluence.Client) (any, error) {
				return c.Emails.Bulk(ctx, []string{"a", "b"})
			},
			answer: `[{"accountId":"a","email":"a@example.com"}]`, want: []confluence.Email{{AccountID: "a", Email: "a@example.com"}},
		},
	}
}

type preferences struct {
	Compact bool `json:"compact"`
}

func propertyCalls() []call {
	const one, uri = "/wiki/rest/api/user/{userId}/property/{key}", "/wiki/rest/api/user/a:1%2F2/property/sight-line_1"
	return []call{
		{
			name: "keys", operation: "GET /wiki/rest/api/user/{userId}/property", uri: "/wiki/rest/api/user/5b10/property?limit=25&start=5",
			call: func(ctx context.Context, c *confluence.Client) (any, error) {
				return c.UserProperties.Keys(ctx, "5b10", confluence.UserPropertyListOptions{Start: 5, Limit: 25})
			},
			answer: `{"results":[{"key":"a"},{"key":"b"}],"start":5,"limit":25,"size":2}`,
			want:   confluence.Page[string]{Results: []string{"a", "b"}, Start: 5, Limit: 25, Size: 2},
		},
		{
			name: "property", operation: "GET " + one, uri: uri,
			call: func(ctx context.Context, c *confluence.Client) (any, error) {
				return confluence.GetUserProperty[preferences](ctx, c, "a:1/2", "sight-line_1")
			},
			answer: `{"key":"sight-line_1","value":{"compact":true},"id":"77","createdDate":"2022-01-01T12:00:00.111Z","lastModifiedDate":"2022-02-01T12:00:00.111Z"}`,
			want: confluence.UserProperty[preferences]{
				ID: "77", Key: "sight-line_1", Value: preferences{true},
				Created: time.Date(2022, 1, 1, 12, 0, 0, 111e6, time.UTC), LastModified: time.Date(2022, 2, 1, 12, 0, 0, 111e6, time.UTC),
			},
		},
		{
			name: "create property", operation: "POST " + one, uri: uri, body: `{"value":{"compact":true}}`, status: http.StatusCreated,
			call: func(ctx context.Context, c *confluence.Client) (any, error) {
				return clienttest.None(c.UserProperties.CreateProperty(ctx, "a:1/2", "sight-line_1", preferences{true}))
			},
		},
		{
			name: "update property", operation: "PUT " + one, uri: uri, body: `{"value":{}}`, status: http.StatusNoContent,
			call: func(ctx context.Context, c *confluence.Client) (any, error) {
				return clienttest.None(c.UserProperties.UpdateProperty(ctx, "a:1/2", "sight-line_1", map[string]int{}))
			},
		},
		{
			name: "delete property", operation: "DELETE " + one, uri: uri, status: http.StatusNoContent,
			call: func(ctx context.Context, c *confluence.Client) (any, error) {
				return clienttest.None(c.UserProperties.DeleteProperty(ctx, "a:1/2", "sight-line_1"))
			},
		},
	}
}

// watchCalls are the same three calls on three things.
func watchCalls() []call {
	type is = func(ctx context.Context, target string, opts confluence.WatchOptions) (bool, error)
	type set = func(ctx context.Context, target string, opts confluence.WatchOptions) error
	var calls []call
	for _, thing := range []struct {
		name, operation, target, uri string
		is                           func(c *confluence.Client) is
		add, remove                  func(c *confluence.Client) set
	}{
		{
			"content", "/wiki/rest/api/user/watch/content/{contentId}", "123", "/wiki/rest/api/user/watch/content/123",
			func(c *confluence.Client) is { return c.Watches.IsWatchingContent },
			func(c *confluence.Client) set { return c.Watches.AddContentWatcher },
			func(c *confluence.Client) set { return c.Watches.RemoveContentWatcher },
		},
		{
			"label", "/wiki/rest/api/user/watch/label/{labelName}", "a/b c", "/wiki/rest/api/user/watch/label/a%2Fb%20c",
			func(c *confluence.Client) is { return c.Watches.IsWatchingLabel },
			func(c *confluence.Client) set { return c.Watches.AddLabelWatcher },
			func(c *confluence.Client) set { return c.Watches.RemoveLabelWatcher },
		},
		{
			"space", "/wiki/rest/api/user/watch/space/{spaceKey}", "~ann", "/wiki/rest/api/user/watch/space/~ann",
			func(c *confluence.Client) is { return c.Watches.IsWatchingSpace },
			func(c *confluence.Client) set { return c.Watches.AddSpaceWatcher },
			func(c *confluence.Client) set { return c.Watches.RemoveSpaceWatcher },
		},
	} {
		calls = append(calls, call{
			name: "is watching " + thing.name, operation: "GET " + thing.operation, uri: thing.uri,
			call: func(ctx context.Context, c *confluence.Client) (any, error) {
				return thing.is(c)(ctx, thing.target, confluence.WatchOptions{})
			},
			answer: `{"watching":true}`, want: true,
		}, call{
			name: "watch " + thing.name, operation: "POST " + thing.operation, uri: thing.uri, token: "no-check", status: http.StatusNoContent,
			call: func(ctx context.Context, c *confluence.Client) (any, error) {
				return clienttest.None(thing.add(c)(ctx, thing.target, confluence.WatchOptions{}))
			},
		}, call{
			name: "unwatch " + thing.name, operation: "DELETE " + thing.operation, uri: thing.uri + "?accountId=5b10", token: "no-check", status: http.StatusNoContent,
			call: func(ctx context.Context, c *confluence.Client) (any, error) {
				return clienttest.None(thing.remove(c)(ctx, thing.target, confluence.WatchOptions{AccountID: "5b10"}))
			},
		})
	}
	return calls
}
