package jira

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

// maxWorklogIDs is how many worklogs one call may name.
const maxWorklogIDs = 1000

// ErrNoProgress says that a list was given up because its pages repeat.
var ErrNoProgress = errors.New("list does not end")

// ChangedWorklog is a worklog that was made or changed.
type ChangedWorklog struct {
	WorklogID int64 `json:"worklogId"`
	// UpdatedTime is a Unix time in milliseconds.
	UpdatedTime int64 `json:"updatedTime"`
}

type changedWorklogs struct {
	Values   []ChangedWorklog `json:"values"`
	Until    int64            `json:"until"`
	LastPage bool             `json:"lastPage"`
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
	return rest.Each(since.UnixMilli(), func(at int64) ([]ChangedWorklog, int64, bool, error) {
		page, err := get[changedWorklogs](ctx, s.api, "/worklog/updated", sinceQuery{at})
		if err == nil && !page.LastPage && page.Until <= at {
			err = ErrNoProgress
		}
		return page.Values, page.Until, !page.LastPage, err
	})
}

// ByIDs returns the worklogs with these ids, as far as the caller may see them. It
// asks for 1000 at a time.
//
// POST /rest/api/3/worklog/list. Permission: access to Jira, and each worklog's
// visibility. Scope: READ. Statuses: 200, 400, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/#api-rest-api-3-worklog-list-post
func (s *WorklogsService) ByIDs(ctx context.Context, ids []int64) ([]Worklog, error) {
	var all []Worklog
	for chunk := range slices.Chunk(ids, maxWorklogIDs) {
		worklogs, _, err := do[[]Worklog](ctx, s.api, rest.Request{
			Method: http.MethodPost,
			Path:   "/worklog/list",
			Body: struct {
				IDs []int64 `json:"ids"`
			}{chunk},
		})
		if err != nil {
			return nil, err
		}
		all = append(all, worklogs...)
	}
	return all, nil
}
