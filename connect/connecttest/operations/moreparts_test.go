package operations

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/sightline-go/sightline/connect/confluence"
	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jira"
)

// moreConfluenceProduct is Confluence with the operation of a later list.
const moreConfluenceProduct = "confluence-cloud more"

func moreWorklogs() []operation {
	const list = "/issue/{issueIdOrKey}/worklog"
	const product = moreProduct
	add := func(ctx context.Context, w *world) (jira.Worklog, error) {
		return w.v3.Worklogs.Add(ctx, w.issue, jira.WorklogInput{TimeSpentSeconds: 60}, jira.WorklogWriteOptions{})
	}
	return []operation{
		{product, "PUT", moreAt("/issue/{issueIdOrKey}/assignee"), []int{400, 403, 404}, func(ctx context.Context, w *world) error {
			return w.v3.Issues.Assign(ctx, w.issue, w.other.AccountID)
		}},
		{product, "POST", moreAt(list), []int{400, 401, 404, 413}, func(ctx context.Context, w *world) error {
			made, err := add(ctx, w)
			if err == nil {
				w.extra = made.ID
			}
			return err
		}},
		{product, "GET", moreAt(list), []int{401, 404}, func(ctx context.Context, w *world) error {
			page, err := w.v3.Worklogs.List(ctx, w.issue, jira.WorklogListOptions{})
			return some(page.Worklogs, err)
		}},
		{product, "GET", moreAt(list + "/{id}"), []int{401, 404}, func(ctx context.Context, w *world) error {
			return ignore(w.v3.Worklogs.Get(ctx, w.issue, w.extra, jira.WorklogGetOptions{}))
		}},
		{product, "PUT", moreAt(list + "/{id}"), []int{400, 401, 404}, func(ctx context.Context, w *world) error {
			return ignore(w.v3.Worklogs.Update(ctx, w.issue, w.extra, jira.WorklogInput{TimeSpent: "2h"}, jira.WorklogWriteOptions{}))
		}},
		{product, "DELETE", moreAt(list), []int{400, 401, 404}, func(ctx context.Context, w *world) error {
			all, err := w.v3.Worklogs.DeleteBulk(ctx, w.issue, []int64{1}, true)
			return isTrue("some are left", !all, err)
		}},
		{product, "DELETE", moreAt(list + "/{id}"), []int{400, 401, 404}, func(ctx context.Context, w *world) error {
			return w.v3.Worklogs.Delete(ctx, w.issue, w.extra, jira.WorklogWriteOptions{})
		}},
	}
}

func moreGroups() []operation {
	const product = moreProduct
	return []operation{
		{product, "GET", moreAt("/groups/picker"), nil, func(ctx context.Context, w *world) error {
			found, err := w.v3.Groups.Picker(ctx, jira.GroupPickerOptions{Query: "TEAM", AnyCase: true, Exclude: []string{"x"}, ExcludeIDs: []string{"y"}, MaxResults: 5, AccountID: w.admin.AccountID})
			if len(found.Groups) > 0 {
				w.group = found.Groups[0].GroupID
			}
			return some(found.Groups, err)
		}},
		{product, "GET", moreAt("/group/bulk"), []int{400, 401, 403, 500}, func(ctx context.Context, w *world) error {
			page, err := w.v3.Groups.Bulk(ctx, jira.GroupBulkOptions{IDs: []string{w.group}, Names: []string{"jira-users"}, MaxResults: 5})
			return isTrue("two", len(page.Values) == 2, err)
		}},
		{product, "GET", moreAt("/group/member"), []int{400, 401, 403, 404}, func(ctx context.Context, w *world) error {
			page, err := w.v3.Groups.Members(ctx, jira.GroupMemberOptions{GroupID: w.group, IncludeInactive: true, MaxResults: 2})
			return some(page.Values, err)
		}},
		{product, "GET", moreAt("/users/search"), []int{400, 403, 409}, func(ctx context.Context, w *world) error {
			return some(w.v3.Users.List(ctx, jira.UserListOptions{MaxResults: 2}))
		}},
		{product, "GET", moreAt("/user/email"), []int{400, 401, 404, 503}, func(ctx context.Context, w *world) error {
			mail, err := w.mailJira.Users.Email(ctx, w.admin.AccountID)
			return isTrue("the address", mail == w.admin.Email, err)
		}},
		{product, "POST", moreAt("/permissions/check"), []int{400, 403}, func(ctx context.Context, w *world) error {
			grants, err := w.v3.Permissions.Check(ctx, jira.PermissionCheck{GlobalPermissions: []string{"ADMINISTER"}})
			return some(grants.GlobalPermissions, err)
		}},
		{product, "POST", moreAt("/permissions/project"), []int{400, 401}, func(ctx context.Context, w *world) error {
			return some(w.v3.Permissions.Projects(ctx, []string{"BROWSE_PROJECTS"}))
		}},
	}
}

func moreQueries() []operation {
	const product = moreProduct
	return []operation{
		{product, "GET", moreAt("/search/jql"), []int{400, 401}, func(ctx context.Context, w *world) error {
			page, err := w.v3.Search.JQL(ctx, jira.SearchOptions{JQL: "sprint in openSprints()", Fields: []string{"*navigable"}, MaxResults: 2})
			return some(page.Issues, err)
		}},
		{product, "POST", moreAt("/search/jql"), []int{400, 401}, func(ctx context.Context, w *world) error {
			keys := slices.Repeat([]string{w.issue}, 600) // too long for an address
			query := "key in (" + join(keys) + ")"
			page, err := w.v3.Search.JQL(ctx, jira.SearchOptions{JQL: query, Fields: []string{"summary", "parent", "components"}, MaxResults: 2})
			return some(page.Issues, err)
		}},
		{product, "POST", moreAt("/jql/parse"), []int{400, 401}, func(ctx context.Context, w *world) error {
			found, err := w.v3.JQL.Parse(ctx, jira.ParseStrict, []string{
				`project = HARB AND (labels in (a, b) OR NOT sprint in openSprints()) AND due is EMPTY ORDER BY due DESC, key`, "component = Nothing", "due >",
			})
			return isTrue("a tree and two errors", err == nil && found[0].Structure != nil && len(found[1].Errors) == 1 && len(found[2].Errors) == 1, err)
		}},
		{product, "POST", moreAt("/jql/sanitize"), []int{400, 401, 403}, func(ctx context.Context, w *world) error {
			found, err := w.v3.JQL.Sanitize(ctx, []jira.JQLToSanitize{{Query: "project = VALT"}, {Query: "due >", AccountID: w.other.AccountID}})
			return isTrue("an id", err == nil && found[0].SanitizedQuery == "project = 10002", err)
		}},
		{product, "GET", moreAt("/jql/autocompletedata"), []int{401}, func(ctx context.Context, w *world) error {
			found, err := w.v3.JQL.Reference(ctx)
			return some(found.Fields, err)
		}},
		{product, "POST", moreAt("/jql/autocompletedata"), []int{400, 401}, func(ctx context.Context, w *world) error {
			found, err := w.v3.JQL.ReferenceFor(ctx, []int64{10000})
			return some(found.Functions, err)
		}},
		{product, "GET", moreAt("/jql/autocompletedata/suggestions"), []int{400, 401}, func(ctx context.Context, w *world) error {
			return some(w.v3.JQL.Suggest(ctx, "component", "b"))
		}},
	}
}

func moreFilters() []operation {
	const product, id = moreProduct, "10200"
	return []operation{
		{product, "GET", moreAt("/filter/search"), []int{400, 401}, func(ctx context.Context, w *world) error {
			page, err := w.v3.Filters.Search(ctx, jira.FilterSearchOptions{
				Name: "a", Substring: true, OrderBy: "-name", MaxResults: 10,
				Expand: []string{"jql", "owner", "description", "favourite", "favouritedCount", "sharePermissions", "editPermissions", "viewUrl", "searchUrl", "subscriptions"},
			})
			return some(page.Values, err)
		}},
		{product, "GET", moreAt("/filter/favourite"), []int{401}, func(ctx context.Context, w *world) error {
			return ignore(w.v3.Filters.Favourites(ctx))
		}},
		{product, "GET", moreAt("/filter/my"), []int{401}, func(ctx context.Context, w *world) error {
			return some(w.v3.Filters.Mine(ctx, true))
		}},
		{product, "PUT", moreAt("/filter/{id}"), []int{400, 401}, func(ctx context.Context, w *world) error {
			mine, favourite := "10205", true
			shares := []jira.ShareInput{{Type: "group", Group: &jira.ShareGroup{GroupID: w.group}}, {Type: "project", Project: &jira.ShareProject{ID: "10000"}}, {Type: "user", User: &jira.ShareUser{AccountID: w.other.AccountID}}}
			f, err := w.v3.Filters.Update(ctx, mine, jira.FilterInput{Name: "Mine", Description: "d", JQL: "project = LANT", Favourite: &favourite, SharePermissions: &shares})
			return isTrue("as it was put", f.Favourite && len(f.SharePermissions) == 3, err)
		}},
		{product, "GET", moreAt("/filter/{id}"), []int{400, 401}, func(ctx context.Context, w *world) error {
			f, err := w.v3.Filters.Get(ctx, id)
			return isTrue("a query", f.JQL != "", err)
		}},
		{product, "DELETE", moreAt("/filter/{id}"), []int{400, 401}, func(ctx context.Context, w *world) error {
			return w.v3.Filters.Delete(ctx, id)
		}},
	}
}

func moreFields() []operation {
	const product = moreProduct
	const kind = "com.atlassian.jira.plugin.system.customfieldtypes:"
	project := func(w *world) string { return w.objects.Projects[0].Key }
	return []operation{
		{product, "POST", moreAt("/field"), []int{400}, func(ctx context.Context, w *world) error {
			made, err := w.v3.Fields.Create(ctx, jira.FieldInput{Name: "Colour", Description: "d", Type: kind + "textfield", Searcher: kind + "textsearcher"})
			return isTrue("an id", made.ID != "" || err != nil, err)
		}},
		{product, "GET", moreAt("/field/search"), []int{400, 401, 403}, func(ctx context.Context, w *world) error {
			page, err := w.v3.Fields.Search(ctx, jira.FieldSearchOptions{
				Types: []string{"custom"}, Query: "o", ProjectIDs: []int64{10000}, OrderBy: "-name", Expand: []string{"key", "isLocked", "lastUsed", "screensCount", "contextsCount", "searcherKey"},
			})
			return some(page.Values, err)
		}},
		{product, "GET", moreAt("/label"), nil, func(ctx context.Context, w *world) error {
			return some(clienttest.Collect(w.v3.Labels.All(ctx, jira.LabelListOptions{})))
		}},
		{product, "GET", moreAt("/project/{projectIdOrKey}/components"), []int{401, 404}, func(ctx context.Context, w *world) error {
			return some(w.v3.Projects.Components(ctx, project(w)))
		}},
		{product, "GET", moreAt("/project/{projectIdOrKey}/versions"), []int{404}, func(ctx context.Context, w *world) error {
			return some(w.v3.Projects.Versions(ctx, project(w)))
		}},
		{product, "GET", moreAt("/project/{projectKeyOrId}/securitylevel"), []int{404}, func(ctx context.Context, w *world) error {
			return ignore(w.v3.Projects.SecurityLevels(ctx, project(w)))
		}},
	}
}

func moreRoles() []operation {
	const product, own = moreProduct, "/role/{id}"
	role := func(w *world) string { return strconv.FormatInt(w.role, 10) }
	changed := []int{400, 401, 403, 404}
	return []operation{
		{product, "POST", moreAt("/role"), []int{400, 401, 403, 409}, func(ctx context.Context, w *world) error {
			made, err := w.v3.Roles.Create(ctx, jira.RoleInput{Name: "Sailors", Description: "d"})
			if err == nil {
				w.role = made.ID
			}
			return err
		}},
		{product, "GET", moreAt("/role"), []int{401, 403}, func(ctx context.Context, w *world) error {
			return some(w.v3.Roles.Everywhere(ctx))
		}},
		{product, "GET", moreAt(own), []int{401, 403, 404}, func(ctx context.Context, w *world) error {
			return ignore(w.v3.Roles.Definition(ctx, role(w)))
		}},
		{product, "POST", moreAt(own), changed, func(ctx context.Context, w *world) error {
			return ignore(w.v3.Roles.Update(ctx, role(w), jira.RoleInput{Name: "Pilots"}))
		}},
		{product, "PUT", moreAt(own), changed, func(ctx context.Context, w *world) error {
			return ignore(w.v3.Roles.Replace(ctx, role(w), jira.RoleInput{Name: "Pilots", Description: "They steer."}))
		}},
		{product, "DELETE", moreAt(own), append(changed[:4:4], 409), func(ctx context.Context, w *world) error {
			return w.v3.Roles.Delete(ctx, role(w), "10000")
		}},
	}
}

func moreSettings() []operation {
	const product, path = moreProduct, "/configuration/timetracking/options"
	want := jira.TimeTracking{WorkingHoursPerDay: 7.6, WorkingDaysPerWeek: 5, TimeFormat: "hours", DefaultUnit: "day"}
	return []operation{
		{product, "PUT", moreAt(path), []int{400, 401, 403}, func(ctx context.Context, w *world) error {
			got, err := w.v3.TimeTracking.SetOptions(ctx, want)
			return isTrue("as it was put", got == want, err)
		}},
		{product, "GET", moreAt(path), []int{401, 403}, func(ctx context.Context, w *world) error {
			got, err := w.v3.TimeTracking.Options(ctx)
			return isTrue("as it was put", got == want, err)
		}},
		{product, "GET", moreAt("/configuration"), []int{401}, func(ctx context.Context, w *world) error {
			got, err := w.v3.Settings.Get(ctx)
			return isTrue("as it was put", got.TimeTracking == want, err)
		}},
	}
}

func moreDashboards() []operation {
	const product, gadgets = moreProduct, "/dashboard/{dashboardId}/gadget"
	return []operation{
		{product, "POST", moreAt("/dashboard"), []int{400, 401}, func(ctx context.Context, w *world) error {
			made, err := w.v3.Dashboards.Create(ctx, jira.DashboardInput{Name: "Probe", SharePermissions: []jira.ShareInput{{Type: "loggedin"}}})
			if err == nil {
				w.dashboard = made.ID
			}
			return isTrue("mine", made.IsWritable || err != nil, err)
		}},
		{product, "GET", moreAt("/dashboard"), []int{400, 401}, func(ctx context.Context, w *world) error {
			page, err := w.v3.Dashboards.List(ctx, jira.DashboardListOptions{Filter: "my"})
			return some(page.Dashboards, err)
		}},
		{product, "POST", moreAt(gadgets), []int{400, 401, 404}, func(ctx context.Context, w *world) error {
			placed, err := w.v3.Dashboards.AddGadget(ctx, w.dashboard, jira.GadgetInput{ModuleKey: w.module(), Title: "T", Color: "red", Position: &jira.GadgetPosition{Row: 1, Column: 1}})
			return isTrue("where it was put", placed.Position.Row == 1 && placed.Color == "red", err)
		}},
		{product, "GET", moreAt(gadgets), []int{401, 404}, func(ctx context.Context, w *world) error {
			return some(w.v3.Dashboards.Gadgets(ctx, w.dashboard, jira.GadgetListOptions{ModuleKeys: []string{w.module()}}))
		}},
	}
}

func moreConfluence() []operation {
	return []operation{
		{moreConfluenceProduct, "GET", "/wiki/rest/api/user", []int{401, 403, 404}, func(ctx context.Context, w *world) error {
			user, err := w.confluence.Users.Get(ctx, w.other.AccountID, confluence.UserOptions{Expand: []string{"operations"}})
			if err == nil && user.AccountID != w.other.AccountID {
				err = errors.New("somebody else")
			}
			return err
		}},
	}
}
