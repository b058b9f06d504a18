package operations

import (
	"context"

	"github.com/sightline-go/sightline/connect/chat"
	"github.com/sightline-go/sightline/connect/confluence"
)

// confluenceV1 are Confluence's rows, in an order in which each can succeed.
func confluenceV1() []operation {
	const product = "confluence-cloud"
	at := func(p string) string { return "/wiki/rest/api/user" + p }
	watched := []int{403, 404}
	rows := []operation{
		{product, "GET", at("/anonymous"), []int{403}, func(ctx context.Context, w *world) error {
			return ignore(w.confluence.Users.Anonymous(ctx, confluence.UserOptions{}))
		}},
		{product, "GET", at("/current"), []int{403}, func(ctx context.Context, w *world) error {
			me, err := w.confluence.Users.Current(ctx, confluence.UserOptions{})
			return isTrue("the caller", me.AccountID == w.admin.AccountID, err)
		}},
		{product, "GET", at("/memberof"), []int{403}, func(ctx context.Context, w *world) error {
			page, err := w.confluence.Users.MemberOf(ctx, w.admin.AccountID, confluence.MemberOfOptions{})
			return some(page.Results, err)
		}},
		{product, "GET", at("/bulk"), []int{403}, func(ctx context.Context, w *world) error {
			return some(w.confluence.Users.Bulk(ctx, []string{w.admin.AccountID, w.other.AccountID}, confluence.UserOptions{}))
		}},
		{product, "GET", at("/email"), []int{400, 401, 404, 501}, func(ctx context.Context, w *world) error {
			mail, err := w.mail.Emails.Get(ctx, w.admin.AccountID)
			return isTrue("the address", mail.Email == w.admin.Email, err)
		}},
		{product, "GET", at("/email/bulk"), []int{400, 401, 501}, func(ctx context.Context, w *world) error {
			return some(w.mail.Emails.Bulk(ctx, []string{w.admin.AccountID}))
		}},
	}
	rows = append(rows, watches(product, at("/watch/content/{contentId}"), watched,
		func(w *world) string { return w.objects.Content[0] }, func(c *confluence.Client) watch {
			return watch{c.Watches.IsWatchingContent, c.Watches.AddContentWatcher, c.Watches.RemoveContentWatcher}
		})...)
	rows = append(rows, watches(product, at("/watch/label/{labelName}"), watched,
		func(w *world) string { return w.objects.Labels[0] }, func(c *confluence.Client) watch {
			return watch{c.Watches.IsWatchingLabel, c.Watches.AddLabelWatcher, c.Watches.RemoveLabelWatcher}
		})...)
	rows = append(rows, watches(product, at("/watch/space/{spaceKey}"), watched,
		func(w *world) string { return w.objects.Spaces[0] }, func(c *confluence.Client) watch {
			return watch{c.Watches.IsWatchingSpace, c.Watches.AddSpaceWatcher, c.Watches.RemoveSpaceWatcher}
		})...)
	return append(rows, confluenceProperties(product, at("/{userId}/property"))...)
}

// watch are the three calls of one kind of target.
type watch struct {
	is          func(ctx context.Context, target string, o confluence.WatchOptions) (bool, error)
	add, remove func(ctx context.Context, target string, o confluence.WatchOptions) error
}

func watches(product, path string, errors []int, target func(*world) string, of func(*confluence.Client) watch) []operation {
	none := confluence.WatchOptions{}
	return []operation{
		{product, "POST", path, errors, func(ctx context.Context, w *world) error {
			return of(w.confluence).add(ctx, target(w), none)
		}},
		{product, "GET", path, errors, func(ctx context.Context, w *world) error {
			on, err := of(w.confluence).is(ctx, target(w), none)
			return isTrue("watching", on, err)
		}},
		{product, "DELETE", path, errors, func(ctx context.Context, w *world) error {
			return of(w.confluence).remove(ctx, target(w), none)
		}},
	}
}

func confluenceProperties(product, path string) []operation {
	all := []int{400, 401, 403, 404}
	value := map[string]int{"a": 1}
	return []operation{
		{product, "POST", path + "/{key}", append(all[:4:4], 409), func(ctx context.Context, w *world) error {
			return w.confluence.UserProperties.CreateProperty(ctx, w.admin.AccountID, "probe", value)
		}},
		{product, "GET", path, all, func(ctx context.Context, w *world) error {
			page, err := w.confluence.UserProperties.Keys(ctx, w.admin.AccountID, confluence.UserPropertyListOptions{})
			return some(page.Results, err)
		}},
		{product, "GET", path + "/{key}", all, func(ctx context.Context, w *world) error {
			got, err := confluence.GetUserProperty[map[string]int](ctx, w.confluence, w.admin.AccountID, "probe")
			return isTrue("what was put", got.Value["a"] == 1, err)
		}},
		{product, "PUT", path + "/{key}", all, func(ctx context.Context, w *world) error {
			return w.confluence.UserProperties.UpdateProperty(ctx, w.admin.AccountID, "probe", value)
		}},
		{product, "DELETE", path + "/{key}", all, func(ctx context.Context, w *world) error {
			return w.confluence.UserProperties.DeleteProperty(ctx, w.admin.AccountID, "probe")
		}},
	}
}

// chatStates are the two rows of the chat; its platform documents no errors.
func chatStates() []operation {
	const state = "/site/{cloudId}/conversation/{conversationId}/app/module/"
	return []operation{
		{"chat", "PUT", state + "chat:configuration/{key}/state", []int{400, 401, 403, 404, 429}, func(ctx context.Context, w *world) error {
			return w.chat.PutConfiguration(ctx, w.objects.CloudID, w.objects.Conversations[0].ID, "c", false)
		}},
		{"chat", "PUT", state + "chat:glance/{key}/state", []int{400, 401, 403, 404, 429}, func(ctx context.Context, w *world) error {
			return w.chat.PutGlance(ctx, w.objects.CloudID, w.objects.Conversations[0].ID, "g", chat.GlanceState{Label: "1 open"})
		}},
	}
}
