package jira

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// Issue is an issue with the fields that the call asked for.
type Issue struct {
	ID     string      `json:"id"`
	Key    string      `json:"key"`
	Self   string      `json:"self"`
	Fields IssueFields `json:"fields"`
	// Properties are the issue properties that the call asked for.
	Properties map[string]json.RawMessage `json:"properties"`
}

// IssueFields are the standard fields of an issue. A field is zero if it has no
// value and also if the call did not ask for it.
type IssueFields struct {
	Summary   string    `json:"summary"`
	IssueType IssueType `json:"issuetype"`
	Status    Status    `json:"status"`
	Project   Project   `json:"project"`
	// Priority is nil if the project uses none.
	Priority *Priority `json:"priority"`
	Labels   []string  `json:"labels"`
	// Assignee is nil if nobody is assigned.
	Assignee *User `json:"assignee"`
	Reporter *User `json:"reporter"`
	// DueDate is a day in the form 2006-01-02; empty if there is none.
	DueDate string `json:"duedate"`
	Created Time   `json:"created"`
	Updated Time   `json:"updated"`
	// TimeEstimate is the remaining time. All three times are in seconds, and
	// nil if nobody ever gave them.
	TimeEstimate         *int64 `json:"timeestimate"`
	TimeOriginalEstimate *int64 `json:"timeoriginalestimate"`
	TimeSpent            *int64 `json:"timespent"`
	// Description is a document, see [DocumentText], or in version 2 a string.
	// It is null or absent if there is none.
	Description json.RawMessage   `json:"description"`
	Attachments []IssueAttachment `json:"attachment"`
	// Worklog holds the first 20 worklogs and their total.
	Worklog *WorklogPage `json:"worklog"`
}

// Named is an object with its id and name, such as a component.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Priority says how urgent an issue is.
type Priority struct {
	Named
	IconURL string `json:"iconUrl"`
}

// IssueAttachment is a file in an issue's list of files, where its id is a text.
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

// IssueType is the type of an issue, such as Task.
type IssueType struct {
	Named
	Subtask bool `json:"subtask"`
}

// Status is the step of its workflow that an issue is in.
type Status struct {
	Named
	StatusCategory StatusCategory `json:"statusCategory"`
}

// StatusCategory groups statuses. Its Key is new, indeterminate or done.
type StatusCategory struct {
	ID   int64  `json:"id"`
	Key  string `json:"key"`
	Name string `json:"name"`
}

// IssueGetOptions choose the parts of an issue to return. Zero values are left
// out.
type IssueGetOptions struct {
	// Fields are all by default; a minus before a name leaves it out.
	Fields        []string `url:"fields,omitempty,comma"`
	Expand        []string `url:"expand,omitempty,comma"`
	Properties    []string `url:"properties,omitempty,comma"`
	UpdateHistory bool     `url:"updateHistory,omitempty"`
	// FieldsByKeys means that Fields are keys instead of ids.
	FieldsByKeys bool `url:"fieldsByKeys,omitempty"`
	// FailFast makes the call fail if a single field cannot be read; version 3
	// only.
	FailFast bool `url:"failFast,omitempty"`
}

// IssuesService reads and writes issues.
type IssuesService service

const issuePath = "/issue/{issueIdOrKey}"

// Get returns one issue by id or key. The issue's key may be another one, if it
// was moved.
//
// GET /rest/api/3/issue/{issueIdOrKey}. Permission: Browse projects, and issue
// security. Scope: READ. Statuses: 200, 401, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-get
func (s *IssuesService) Get(ctx context.Context, idOrKey string, opts IssueGetOptions) (Issue, error) {
	return get[Issue](ctx, s.api, issuePath, opts, idOrKey)
}

// Edit sets fields of an issue. fields must encode to a JSON object with the new
// values by field id; null clears a field.
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
