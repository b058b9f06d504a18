package jira

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// Worklog is work that a person logged on an issue.
type Worklog struct {
	ID           string `json:"id"`
	IssueID      string `json:"issueId"`
	Author       *User  `json:"author"`
	UpdateAuthor *User  `json:"updateAuthor"`
	// Comment is a document in the Atlassian Document Format; in version 2 a
	// JSON string.
	Comment          json.RawMessage `json:"comment"`
	Created          Time            `json:"created"`
	Updated          Time            `json:"updated"`
	Started          Time            `json:"started"`
	TimeSpent        string          `json:"timeSpent"`
	TimeSpentSeconds int64           `json:"timeSpentSeconds"`
	// Visibility is nil if everybody who sees the issue sees the worklog.
	Visibility *WorklogVisibility `json:"visibility"`
	// Properties are set if Expand asked for them.
	Properties []EntityProperty `json:"properties"`
}

// WorklogPage is one page of an issue's worklogs.
type WorklogPage struct {
	StartAt    int64     `json:"startAt"`
	MaxResults int       `json:"maxResults"`
	Total      int64     `json:"total"`
	Worklogs   []Worklog `json:"worklogs"`
	// Skipped are the records of the page that could not be read. Without a
	// Skip in the client's Lists they fail the call.
	Skipped []rest.Unreadable `json:"-"`
}

// UnmarshalJSON reads the page record by record, so that one worklog that cannot
// be read does not take its issue along; it is one of Skipped.
func (p *WorklogPage) UnmarshalJSON(data []byte) error {
	type plain WorklogPage
	if string(data) == "null" {
		return nil
	}
	found, err := rest.DecodeList[Worklog, plain](data, "worklogs")
	*p = WorklogPage(found.About)
	p.Worklogs, p.Skipped = found.Items, found.Skipped
	return err
}

// WorklogListOptions narrow a list of worklogs. Zero values are left out.
type WorklogListOptions struct {
	StartAt int64 `url:"startAt,omitempty"`
	// MaxResults is 5000 by default.
	MaxResults int `url:"maxResults,omitempty"`
	// StartedAfter and StartedBefore are Unix times in milliseconds.
	StartedAfter  int64 `url:"startedAfter,omitempty"`
	StartedBefore int64 `url:"startedBefore,omitempty"`
	// Expand is properties.
	Expand []string `url:"expand,omitempty,comma"`
}

// WorklogGetOptions choose the parts of a worklog to return. Zero values are left
// out.
type WorklogGetOptions struct {
	// Expand is properties.
	Expand []string `url:"expand,omitempty,comma"`
}

// WorklogInput is a worklog to add, or what to change in one: zero values stay as
// they are.
type WorklogInput struct {
	// Started and one of the two times are required for a new worklog.
	// TimeSpent is a text such as 1h 30m.
	Started          Time   `json:"started,omitzero"`
	TimeSpentSeconds int64  `json:"timeSpentSeconds,omitempty"`
	TimeSpent        string `json:"timeSpent,omitempty"`
	// Comment is a document, see [Paragraph], or in version 2 a string, see
	// [PlainText].
	Comment    json.RawMessage    `json:"comment,omitempty"`
	Visibility *WorklogVisibility `json:"visibility,omitempty"`
}

// WorklogVisibility restricts who sees a worklog.
type WorklogVisibility struct {
	// Type is group or role.
	Type string `json:"type"`
	// Identifier is the group's id or the role's name.
	Identifier string `json:"identifier,omitempty"`
	// Value is the group's or the role's name.
	Value string `json:"value,omitempty"`
}

// WorklogWriteOptions control the side effects of writing a worklog. Zero values
// are left out; Jira then mails watchers and adjusts the estimate.
type WorklogWriteOptions struct {
	NotifyUsers *bool `url:"notifyUsers"`
	// AdjustEstimate is auto, leave, new (with NewEstimate) or manual: with
	// ReduceBy to add a worklog, with IncreaseBy to delete one. The three are
	// texts such as 2d 4h.
	AdjustEstimate string `url:"adjustEstimate,omitempty"`
	NewEstimate    string `url:"newEstimate,omitempty"`
	ReduceBy       string `url:"reduceBy,omitempty"`
	IncreaseBy     string `url:"increaseBy,omitempty"`
	// OverrideEditableFlag writes to closed issues too. It is for apps that
	// administer Jira.
	OverrideEditableFlag bool `url:"overrideEditableFlag,omitempty"`
	// Expand is properties; Delete does not take it.
	Expand []string `url:"expand,omitempty,comma"`
}

// WorklogsService reads and writes worklogs. Each of its calls fails when time
// tracking is off.
type WorklogsService service

const (
	worklogsPath = "/issue/{issueIdOrKey}/worklog"
	worklogPath  = worklogsPath + "/{id}"
)

// List returns one page of an issue's worklogs, the oldest first.
//
// GET /rest/api/3/issue/{issueIdOrKey}/worklog. Permission: Browse projects,
// and each worklog's visibility. Scope: READ. Statuses: 200, 401, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/#api-rest-api-3-issue-issueidorkey-worklog-get
func (s *WorklogsService) List(ctx context.Context, issue string, opts WorklogListOptions) (WorklogPage, error) {
	found, err := list[Worklog, WorklogPage](ctx, s.api, worklogsPath, "worklogs", opts, issue)
	page := found.About
	page.Worklogs, page.Skipped = found.Items, found.Skipped
	return page, err
}

// All walks every page of List from opts.StartAt on. An empty page before the
// total is reached ends it with a [rest.WalkError].
func (s *WorklogsService) All(ctx context.Context, issue string, opts WorklogListOptions) iter.Seq2[Worklog, error] {
	return each(s, opts.StartAt, worklogID, func(s *WorklogsService, at int64) ([]Worklog, int64, bool, error) {
		opts.StartAt = at
		page, err := s.List(ctx, issue, opts)
		next := at + int64(len(page.Worklogs)+len(page.Skipped))
		return page.Worklogs, next, next < page.Total, err
	})
}

func worklogID(w Worklog) string { return w.ID }

// Get returns one worklog.
//
// GET /rest/api/3/issue/{issueIdOrKey}/worklog/{id}. Permission: Browse
// projects, and the worklog's visibility. Scope: READ. Statuses: 200, 401, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/#api-rest-api-3-issue-issueidorkey-worklog-id-get
func (s *WorklogsService) Get(ctx context.Context, issue, id string, opts WorklogGetOptions) (Worklog, error) {
	return get[Worklog](ctx, s.api, worklogPath, opts, issue, id)
}

// Add logs work on an issue.
//
// POST /rest/api/3/issue/{issueIdOrKey}/worklog. Permission: Browse projects
// and Work on issues. Scope: WRITE. Statuses: 201, 400, 401, 404, 413.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/#api-rest-api-3-issue-issueidorkey-worklog-post
func (s *WorklogsService) Add(ctx context.Context, issue string, in WorklogInput, opts WorklogWriteOptions) (Worklog, error) {
	worklog, _, err := do[Worklog](ctx, s.api, rest.Request{
		Method: http.MethodPost, Path: worklogsPath, Params: []string{issue}, Query: opts, Body: in,
	})
	return worklog, err
}

// Update changes a worklog.
//
// PUT /rest/api/3/issue/{issueIdOrKey}/worklog/{id}. Permission: Edit all
// worklogs, or Edit own worklogs for the caller's. Scope: WRITE. Statuses: 200,
// 400, 401, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/#api-rest-api-3-issue-issueidorkey-worklog-id-put
func (s *WorklogsService) Update(ctx context.Context, issue, id string, in WorklogInput, opts WorklogWriteOptions) (Worklog, error) {
	worklog, _, err := do[Worklog](ctx, s.api, rest.Request{
		Method: http.MethodPut, Path: worklogPath, Params: []string{issue, id}, Query: opts, Body: in,
	})
	return worklog, err
}

// Delete removes a worklog.
//
// DELETE /rest/api/3/issue/{issueIdOrKey}/worklog/{id}. Permission: Delete all
// worklogs, or Delete own worklogs for the caller's. Scope: DELETE. Statuses:
// 204, 400, 401, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/#api-rest-api-3-issue-issueidorkey-worklog-id-delete
func (s *WorklogsService) Delete(ctx context.Context, issue, id string, opts WorklogWriteOptions) error {
	_, _, err := do[rest.None](ctx, s.api, rest.Request{
		Method: http.MethodDelete, Path: worklogPath, Params: []string{issue, id}, Query: opts,
	})
	return err
}

// maxDeletedWorklogs is how many worklogs one call deletes.
const maxDeletedWorklogs = 5000

// DeleteBulk removes several worklogs of an issue, at most 5000, without telling its
// watchers, and reports whether none is left. The estimate follows; if leave is set,
// it stays.
//
// DELETE /rest/api/3/issue/{issueIdOrKey}/worklog. Permission: Delete all worklogs, or
// Delete own worklogs for the caller's. Scope: DELETE. Statuses: 200 (some are left),
// 204, 400, 401, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/#api-rest-api-3-issue-issueidorkey-worklog-delete
func (s *WorklogsService) DeleteBulk(ctx context.Context, issue string, ids []int64, leave bool) (all bool, err error) {
	if err := rest.CheckLimit("worklogs", maxDeletedWorklogs, len(ids)); err != nil {
		return false, err
	}
	r := rest.Request{Method: http.MethodDelete, Path: worklogsPath, Params: []string{issue}, Body: worklogIDs{ids}}
	if leave {
		r.Query = WorklogWriteOptions{AdjustEstimate: "leave"}
	}
	_, resp, err := do[json.RawMessage](ctx, s.api, r)
	return err == nil && resp.Status == http.StatusNoContent, err
}

// Paragraph is a document in the Atlassian Document Format with one paragraph
// of plain text.
// See https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
func Paragraph(text string) json.RawMessage {
	quoted, err := json.Marshal(text)
	if err != nil || text == "" {
		return json.RawMessage(`{"type":"doc","version":1,"content":[]}`)
	}
	return json.RawMessage(`{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":` +
		string(quoted) + `}]}]}`)
}

// PlainText is a worklog's comment in version 2.
func PlainText(text string) json.RawMessage {
	quoted, err := json.Marshal(text)
	if err != nil {
		return json.RawMessage(`""`)
	}
	return quoted
}
