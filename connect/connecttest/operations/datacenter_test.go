package operations

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"slices"
	"strconv"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/jiradc"
)

func picture() jiradc.AvatarImage {
	var data bytes.Buffer
	_ = png.Encode(&data, image.NewGray(image.Rect(0, 0, 200, 120))) // into memory
	return jiradc.AvatarImage{FileName: "me.png", ContentType: "image/png", Data: data.Bytes()}
}

// dataCenter are Data Center's rows, in an order in which each can succeed.
func dataCenter() []operation {
	return slices.Concat(dcPeople(), dcSearches(), dcOwn(), dcAnonymization())
}

const dcProduct = "jira-dc"

func dcAt(p string) string { return "/rest/api/2/user" + p }

func dcPeople() []operation {
	fred := jiradc.UserRef{Username: "fred"}
	return []operation{
		{dcProduct, "POST", dcAt(""), []int{400, 401, 403, 500}, func(ctx context.Context, w *world) error {
			return ignore(w.dc.Users.Create(ctx, jiradc.UserDetails{Name: "fred", DisplayName: "Fred", EmailAddress: "fred@example.com", Password: "a long secret", ApplicationKeys: []string{"jira-software"}}))
		}},
		{dcProduct, "GET", dcAt(""), []int{401, 403, 404}, func(ctx context.Context, w *world) error {
			user, err := w.dc.Users.Get(ctx, fred, jiradc.UserGetOptions{})
			return isTrue("Fred", user.Name == "fred", err)
		}},
		{dcProduct, "PUT", dcAt(""), []int{400, 401, 403, 404}, func(ctx context.Context, w *world) error {
			return ignore(w.dc.Users.Update(ctx, fred, jiradc.UserDetails{DisplayName: "Frederick"}))
		}},
		{dcProduct, "PUT", dcAt("/password"), []int{400, 401, 403, 404}, func(ctx context.Context, w *world) error {
			return w.dc.Users.SetPassword(ctx, fred, jiradc.PasswordChange{Password: "another long secret"})
		}},
		{dcProduct, "POST", dcAt("/application"), []int{400, 401, 403}, func(ctx context.Context, w *world) error {
			return w.dc.Applications.AddUser(ctx, "jira-software", "fred")
		}},
		{dcProduct, "DELETE", dcAt("/application"), []int{400, 401, 403}, func(ctx context.Context, w *world) error {
			return w.dc.Applications.RemoveUser(ctx, "jira-software", "fred")
		}},
		{dcProduct, "DELETE", dcAt("/session/{username}"), []int{401, 403, 404}, func(ctx context.Context, w *world) error {
			return w.dc.Sessions.Delete(ctx, "fred")
		}},
		{dcProduct, "DELETE", dcAt(""), []int{400, 401, 403, 404}, func(ctx context.Context, w *world) error {
			return w.dc.Users.Delete(ctx, fred)
		}},
		{dcProduct, "GET", dcAt("/a11y/personal-settings"), nil, func(ctx context.Context, w *world) error {
			return ignore(w.dc.Accessibility.PersonalSettings(ctx))
		}},
		{dcProduct, "GET", dcAt("/duplicated/count"), []int{401, 404}, func(ctx context.Context, w *world) error {
			return ignore(w.dc.Duplicates.Count(ctx, jiradc.DuplicatedOptions{}))
		}},
		{dcProduct, "GET", dcAt("/duplicated/list"), []int{401, 403, 404}, func(ctx context.Context, w *world) error {
			return ignore(w.dc.Duplicates.List(ctx, jiradc.DuplicatedOptions{}))
		}},
	}
}

func dcSearches() []operation {
	name := func(w *world) string { return w.other.Username[:2] }
	key := func(w *world) string { return w.objects.Projects[0].Key }
	return []operation{
		{dcProduct, "GET", dcAt("/search"), []int{400, 401, 404}, func(ctx context.Context, w *world) error {
			return some(w.dc.Users.Search(ctx, jiradc.UserSearchOptions{Username: name(w)}))
		}},
		{dcProduct, "GET", dcAt("/picker"), []int{401, 404}, func(ctx context.Context, w *world) error {
			found, err := w.dc.Users.Picker(ctx, jiradc.UserPickerOptions{Query: name(w)})
			return some(found.Users, err)
		}},
		{dcProduct, "GET", dcAt("/assignable/search"), []int{401, 404}, func(ctx context.Context, w *world) error {
			return some(w.dc.Users.SearchAssignable(ctx, jiradc.AssignableSearchOptions{Username: name(w), Project: key(w)}))
		}},
		{dcProduct, "GET", dcAt("/assignable/multiProjectSearch"), []int{401, 403, 404}, func(ctx context.Context, w *world) error {
			return some(w.dc.Users.SearchMultiProject(ctx, jiradc.MultiProjectSearchOptions{Username: name(w), ProjectKeys: []string{key(w)}}))
		}},
		{dcProduct, "GET", dcAt("/permission/search"), []int{400, 401, 403, 404}, func(ctx context.Context, w *world) error {
			return some(w.dc.Users.SearchPermission(ctx, jiradc.PermissionSearchOptions{Username: name(w), Permissions: []string{"BROWSE"}, ProjectKey: key(w)}))
		}},
		{dcProduct, "GET", dcAt("/viewissue/search"), []int{400, 401, 404}, func(ctx context.Context, w *world) error {
			return some(w.dc.Users.SearchViewIssue(ctx, jiradc.ViewIssueSearchOptions{Username: name(w), ProjectKey: key(w)}))
		}},
	}
}

func dcOwn() []operation {
	all := []int{400, 401, 403, 404}
	avatar := func(w *world) int64 { id, _ := strconv.ParseInt(w.avatar.ID, 10, 64); return id }
	return []operation{
		{dcProduct, "POST", dcAt("/avatar/temporary"), []int{401, 403, 404, 500}, func(ctx context.Context, w *world) (err error) {
			w.crop, err = w.dc.Avatars.UploadTemporary(ctx, w.other.Username, picture())
			return err
		}},
		{dcProduct, "POST", dcAt("/avatar"), append(all[:4:4], 500), func(ctx context.Context, w *world) (err error) {
			w.avatar, err = w.dc.Avatars.CreateFromTemporary(ctx, w.other.Username, w.crop)
			return err
		}},
		{dcProduct, "PUT", dcAt("/avatar"), append(all[:4:4], 500), func(ctx context.Context, w *world) error {
			return ignore(w.dc.Avatars.Update(ctx, w.other.Username, w.avatar))
		}},
		{dcProduct, "GET", dcAt("/avatars"), []int{401, 404, 500}, func(ctx context.Context, w *world) error {
			list, err := w.dc.Avatars.List(ctx, w.other.Username)
			return some(list.Custom, err)
		}},
		{dcProduct, "DELETE", dcAt("/avatar/{id}"), []int{401, 403, 404}, func(ctx context.Context, w *world) error {
			return w.dc.Avatars.Delete(ctx, w.other.Username, avatar(w))
		}},
		{dcProduct, "PUT", dcAt("/columns"), []int{500}, func(ctx context.Context, w *world) error {
			return w.dc.Columns.Set(ctx, w.other.Username, []string{"summary", "status"})
		}},
		{dcProduct, "GET", dcAt("/columns"), []int{401, 404, 500}, func(ctx context.Context, w *world) error {
			return some(w.dc.Columns.Get(ctx, w.other.Username))
		}},
		{dcProduct, "DELETE", dcAt("/columns"), []int{401, 500}, func(ctx context.Context, w *world) error {
			return w.dc.Columns.Reset(ctx, w.other.Username)
		}},
		{dcProduct, "PUT", dcAt("/properties/{propertyKey}"), all, func(ctx context.Context, w *world) error {
			return ignore(w.dc.UserProperties.SetProperty(ctx, jiradc.UserRef{Username: w.other.Username}, "probe", "seven"))
		}},
		{dcProduct, "GET", dcAt("/properties"), all, func(ctx context.Context, w *world) error {
			return some(w.dc.UserProperties.Keys(ctx, jiradc.UserRef{Username: w.other.Username}))
		}},
		{dcProduct, "GET", dcAt("/properties/{propertyKey}"), all, func(ctx context.Context, w *world) error {
			value, err := jiradc.GetUserProperty[string](ctx, w.dc, jiradc.UserRef{Username: w.other.Username}, "probe")
			return isTrue("what was put", value == "seven", err)
		}},
		{dcProduct, "DELETE", dcAt("/properties/{propertyKey}"), all, func(ctx context.Context, w *world) error {
			return w.dc.UserProperties.DeleteProperty(ctx, jiradc.UserRef{Username: w.other.Username}, "probe")
		}},
	}
}

func dcAnonymization() []operation {
	conflict := []int{400, 403, 409}
	key := func(w *world) string { return w.other.UserKey }
	return []operation{
		{dcProduct, "GET", dcAt("/anonymization"), []int{400, 403}, func(ctx context.Context, w *world) error {
			return ignore(w.dc.Anonymization.Validate(ctx, jiradc.AnonymizationOptions{UserKey: key(w)}))
		}},
		{dcProduct, "POST", dcAt("/anonymization"), conflict, func(ctx context.Context, w *world) error {
			w.site.SetSettings(connecttest.Settings{NodeDown: true}) // so that it can be unlocked
			return ignore(w.dc.Anonymization.Schedule(ctx, jiradc.AnonymizationRequest{UserKey: key(w)}))
		}},
		{dcProduct, "GET", dcAt("/anonymization/progress"), []int{403, 404}, func(ctx context.Context, w *world) error {
			return ignore(w.dc.Anonymization.Progress(ctx, 0))
		}},
		{dcProduct, "DELETE", dcAt("/anonymization/unlock"), []int{400, 403, 404, 409}, func(ctx context.Context, w *world) error {
			return w.dc.Anonymization.Unlock(ctx)
		}},
		{dcProduct, "GET", dcAt("/anonymization/rerun"), []int{400, 403}, func(ctx context.Context, w *world) error {
			return ignore(w.dc.Anonymization.ValidateRerun(ctx, jiradc.AnonymizationRerunOptions{UserKey: key(w), OldUserKey: key(w), OldUserName: w.other.Username}))
		}},
		{dcProduct, "POST", dcAt("/anonymization/rerun"), conflict, func(ctx context.Context, w *world) error {
			w.site.SetSettings(connecttest.Settings{})
			return ignore(w.dc.Anonymization.ScheduleRerun(ctx, jiradc.AnonymizationRerunRequest{UserKey: key(w), OldUserKey: key(w), OldUserName: w.other.Username}))
		}},
	}
}
