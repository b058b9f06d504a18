package jira

import (
	"context"
	"iter"
	"net/http"
	"slices"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

// maxWorklogIDs is how many worklogs one call may name.
const maxWorklogIDs = 1000

// ChangedWorklog is a worklog that was made, changed or deleted.
type ChangedWorklog struct {
	WorklogID int64 `json:"worklogId"`
	// UpdatedTime is a Unix time in milliseconds.
	UpdatedTime int64 `json:"updatedTime"`
}

type changedWorklogs struct {
	Until    int64 `json:"until"`
	LastPage bool  `json:"lastPage"`
}

// worklogIDs names worklogs in a body.
type worklogIDs struct {
	IDs []int64 `json:"ids"`
}

type sinceQuery struct {
	Since int64 `url:"since"`
}

// Updated walks the worklogs that were changed after since, the oldest change
// first. It does not cover the last minute before the call.
//
// GET /rest/api/3/worklog/updated, 1000 a page. Permission: access to Jira, and
// each worklog's visibility. Scope: READ. Statuses: 200, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/#api-rest-api-3-worklog-updated-get
func (s *WorklogsService) Updated(ctx context.Context, since time.Time) iter.Seq2[ChangedWorklog, error] {
	return s.changed(ctx, "/worklog/updated", since)
}

// Deleted walks the worklogs that were deleted after since, the oldest first. It
// does not cover the last minute before the call. UpdatedTime is when they were
// deleted.
//
// GET /rest/api/3/worklog/deleted, 1000 a page. Permission: access to Jira.
// Scope: READ. Statuses: 200, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/#api-rest-api-3-worklog-deleted-get
func (s *WorklogsService) Deleted(ctx context.Context, since time.Time) iter.Seq2[ChangedWorklog, error] {
	return s.changed(ctx, "/worklog/deleted", since)
}

func (s *WorklogsService) changed(ctx context.Context, path string, since time.Time) iter.Seq2[ChangedWorklog, error] {
	return each(s, since.UnixMilli(), changeID, func(s *WorklogsService, at int64) ([]ChangedWorklog, int64, bool, error) {
		page, err := list[ChangedWorklog, changedWorklogs](ctx, s.api, path, "values", sinceQuery{at})
		return page.Items, page.About.Until, !page.About.LastPage, err
	})
}

func changeID(c ChangedWorklog) int64 { return c.WorklogID }

// ByIDs returns the worklogs with these ids, as far as the caller may see them. It
// asks for 1000 at a time.
//
// POST /rest/api/3/worklog/list. Permission: access to Jira, and each worklog's
// visibility. Scope: READ. Statuses: 200, 400, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/#api-rest-api-3-worklog-list-post
func (s *WorklogsService) ByIDs(ctx context.Context, ids []int64) ([]Worklog, error) {
	var all []Worklog
	for chunk := range slices.Chunk(ids, maxWorklogIDs) {
		found, err := doList[Worklog, rest.None](ctx, s.api, rest.Request{
			Method: http.MethodPost,
			Path:   "/worklog/list",
			Body:   worklogIDs{chunk},
		}, "")
		if err != nil {
			return nil, err
		}
		all = append(all, found.Items...)
	}
	return all, nil
}
