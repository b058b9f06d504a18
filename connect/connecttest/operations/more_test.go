package operations

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jira"
)

// moreProduct is Jira with the operations of a later list, which has a document of
// its own.
const moreProduct = "jira-cloud-v3 more"

// more are the rows beyond the list of operations, in an order in which each can
// succeed.
func more() []operation {
	return slices.Concat(moreIssues(), moreWorklogs(), morePeople(), moreGroups(), moreQueries(), moreFilters(), moreFields(), moreRoles(), moreSettings(), moreDashboards(), moreConfluence())
}

func moreAt(p string) string { return "/rest/api/3" + p }

func moreIssues() []operation {
	const product = moreProduct
	return []operation{
		{product, "POST", moreAt("/jql/match"), []int{400}, func(ctx context.Context, w *world) error {
			found, err := w.v3.JQL.Match(ctx, []int64{w.issueNumber, 1}, []string{"key = " + w.issue, "nonsense = 1"})
			return isTrue("a match and an error", err == nil && len(found[0].Issues) == 1 && len(found[1].Errors) == 1, err)
		}},
		{product, "POST", moreAt("/search/approximate-count"), []int{400, 401}, func(ctx context.Context, w *world) error {
			n, err := w.v3.Search.Count(ctx, "key = "+w.issue)
			return isTrue("one", n == 1, err)
		}},
		{product, "POST", moreAt("/issue/bulkfetch"), []int{400, 401}, func(ctx context.Context, w *world) error {
			found, err := w.v3.Issues.Fetch(ctx, jira.IssueFetchOptions{Issues: []string{w.issue, "NO-1"}, Fields: []string{"summary", "assignee", "status", "duedate", "timeestimate", "project"}})
			return isTrue("one", len(found.Issues) == 1 && found.Issues[0].Fields.Summary != "", err)
		}},
		{product, "GET", moreAt("/issue/{issueIdOrKey}/changelog"), []int{404}, func(ctx context.Context, w *world) error {
			page, err := w.v3.Changelogs.List(ctx, w.issue, jira.ChangelogListOptions{})
			return some(page.Values, err)
		}},
		{product, "POST", moreAt("/changelog/bulkfetch"), []int{400}, func(ctx context.Context, w *world) error {
			page, err := w.v3.Changelogs.Bulk(ctx, jira.BulkChangelogOptions{Issues: []string{w.issue}, Fields: []string{"timespent"}})
			return some(page.Issues, err)
		}},
		{product, "GET", moreAt("/worklog/updated"), []int{401}, func(ctx context.Context, w *world) error {
			return some(clienttest.Collect(w.v3.Worklogs.Updated(ctx, time.Unix(0, 0))))
		}},
		{product, "GET", moreAt("/worklog/deleted"), []int{401}, func(ctx context.Context, w *world) error {
			return ignore(clienttest.Collect(w.v3.Worklogs.Deleted(ctx, time.Unix(0, 0))))
		}},
		{product, "POST", moreAt("/worklog/list"), []int{400, 401}, func(ctx context.Context, w *world) error {
			id, err := strconv.ParseInt(w.worklog, 10, 64)
			if err != nil {
				return err
			}
			return some(w.v3.Worklogs.ByIDs(ctx, []int64{id}))
		}},
	}
}

func morePeople() []operation {
	const product = moreProduct
	return []operation{
		{product, "GET", moreAt("/status"), []int{401}, func(ctx context.Context, w *world) error {
			return some(w.v3.Statuses.List(ctx))
		}},
		{product, "GET", moreAt("/field"), []int{401}, func(ctx context.Context, w *world) error {
			return some(w.v3.Fields.List(ctx))
		}},
		{product, "GET", moreAt("/user/bulk"), []int{400, 401}, func(ctx context.Context, w *world) error {
			return some(w.v3.Users.ByIDs(ctx, []string{w.admin.AccountID, w.other.AccountID, "nobody"}))
		}},
	}
}
