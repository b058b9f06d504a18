package jira

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// Issue is an issue with the fields that were asked for.
type Issue struct {
	ID     string      `json:"id"`
	Key    string      `json:"key"`
	Self   string      `json:"self"`
	Fields IssueFields `json:"fields"`
	// Properties are the issue properties that were asked for.
	Properties map[string]json.RawMessage `json:"properties"`
}

// IssueFields are the standard fields of an issue. A field that was not asked
// for is zero, as one without a value is.
type IssueFields struct {
	Summary   string    `json:"summary"`
	IssueType IssueType `json:"issuetype"`
	Status    Status    `json:"status"`
	Project   Project   `json:"project"`
	// Priority is nil when the project knows none.
	Priority *Priority `json:"priority"`
	Labels   []string  `json:"labels"`
	// Assignee is nil when nobody is assigned.
	Assignee *User `json:"assignee"`
	Reporter *User `json:"reporter"`
	// DueDate is a day, as 2006-01-02; empty when there is none.
	DueDate string `json:"duedate"`
	Created Time   `json:"created"`
	Updated Time   `json:"updated"`
	// TimeEstimate is the remaining time in seconds, TimeOriginalEstimate and
	// TimeSpent are seconds too; nil when never given.
	TimeEstimate         *int64 `json:"timeestimate"`
	TimeOriginalEstimate *int64 `json:"timeoriginalestimate"`
	TimeSpent            *int64 `json:"timespent"`
	// Description is a document, see DocumentText; in version 2 a string. Null
	// or absent when there is none.
	Description json.RawMessage   `json:"description"`
	Attachments []IssueAttachment `json:"attachment"`
	// Worklog holds the first 20 worklogs and their total.
	Worklog *WorklogPage `json:"worklog"`
}

// Named is an object of which id and name are enough.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Priority is how urgent an issue is.
type Priority struct {
	Named
	IconURL string `json:"iconUrl"`
}

// IssueAttachment is a file as its issue lists it: there the id is a text.
type IssueAttachment struct {
	ID       string `json:"id"`
	Filename string `json:"filename"`
	// Size is in bytes.
	Size     int64  `json:"size"`
	MimeType string `json:"mimeType"`
	// Content and Thumbnail are the file's addresses; not every file has a
	// thumbnail.
	Content   string `json:"content"`
	Thumbnail string `json:"thumbnail"`
}

// IssueType is what kind of issue it is.
type IssueType struct {
	Named
	Subtask bool `json:"subtask"`
}

// Status is where an issue is in its workflow.
type Status struct {
	Named
	StatusCategory StatusCategory `json:"statusCategory"`
}

// StatusCategory groups statuses. Its keys are new, indeterminate and done.
type StatusCategory struct {
	ID   int64  `json:"id"`
	Key  string `json:"key"`
	Name string `json:"name"`
}

// IssueGetOptions say what of an issue to return. Zero values are left out.
type IssueGetOptions struct {
	// Fields are all by default; a minus before a name leaves it out.
	Fields        []string `url:"fields,omitempty,comma"`
	Expand        []string `url:"expand,omitempty,comma"`
	Properties    []string `url:"properties,omitempty,comma"`
	UpdateHistory bool     `url:"updateHistory,omitempty"`
	// FieldsByKeys says that Fields are keys instead of ids.
	FieldsByKeys bool `url:"fieldsByKeys,omitempty"`
	// FailFast fails when a single field cannot be read; version 3 only.
	FailFast bool `url:"failFast,omitempty"`
}

// IssuesService reads and writes issues.
type IssuesService service

const issuePath = "/issue/{issueIdOrKey}"

// Get returns one issue by id or key; the key of the answer may be a newer
// one.
//
// GET /rest/api/3/issue/{issueIdOrKey}. Permission: Browse projects, and issue
// security. Scope: READ. Statuses: 200, 401, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-get
func (s *IssuesService) Get(ctx context.Context, idOrKey string, opts IssueGetOptions) (Issue, error) {
	return get[Issue](ctx, s.api, issuePath, opts, idOrKey)
}

// Edit sets fields of an issue: fields encodes to a JSON object with their new
// values by field id, null to clear.
//
// PUT /rest/api/3/issue/{issueIdOrKey}. Permission: Browse projects and Edit
// issues. Scope: WRITE. Statuses: 204, 400 (with the fields), 401, 403, 404,
// 409.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-put
func (s *IssuesService) Edit(ctx context.Context, idOrKey string, fields any) error {
	_, _, err := do[rest.None](ctx, s.api, rest.Request{
		Method: http.MethodPut,
		Path:   issuePath,
		Params: []string{idOrKey},
		Body: struct {
			Fields any `json:"fields"`
		}{fields},
	})
	return err
}
