package jira

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"

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
	// Parent is the issue above, nil if there is none.
	Parent *IssueRef `json:"parent"`
	// Description is a document, see [DocumentText], or in version 2 a string.
	// It is null or absent if there is none.
	Description json.RawMessage   `json:"description"`
	Attachments []IssueAttachment `json:"attachment"`
	// Worklog holds the first 20 worklogs and their total.
	Worklog *WorklogPage `json:"worklog"`
	// Custom are the custom fields that the call asked for, by id, as Jira gave them;
	// see [FieldsService.List] for what they are.
	Custom map[string]json.RawMessage `json:"-"`
}

// customField begins the ids of custom fields.
const customField = "customfield_"

// IssueRef names an issue.
type IssueRef struct {
	ID  string `json:"id"`
	Key string `json:"key"`
	// Fields are a few of the issue's, as far as Jira gives them.
	Fields IssueRefFields `json:"fields"`
}

// IssueRefFields are what Jira says of an issue beside its name.
type IssueRefFields struct {
	Summary   string    `json:"summary"`
	IssueType IssueType `json:"issuetype"`
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
	// Level is that of its hierarchy: 0 for most issues, 1 for epics; nil if Jira does
	// not say.
	Level *int `json:"hierarchyLevel"`
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

// How many issues one call fetches: many if few fields are named.
const (
	maxFetched     = 100
	maxFetchedMany = 1000
	maxFetchFields = 100
)

// IssueFetchOptions name issues and the parts of them to return. Zero values are
// left out.
type IssueFetchOptions struct {
	// Issues are ids or keys: at most 1000 if Fields names 1 to 100 fields with a
	// single value each and Expand is empty, else at most 100.
	Issues []string `json:"issueIdsOrKeys"`
	// Fields are those that navigators show by default; a minus before a name
	// leaves it out.
	Fields []string `json:"fields,omitempty"`
	// FieldsByKeys means that Fields are keys instead of ids.
	FieldsByKeys bool     `json:"fieldsByKeys,omitempty"`
	Expand       []string `json:"expand,omitempty"`
	// Properties are the keys of at most 5 issue properties to return.
	Properties []string `json:"properties,omitempty"`
}

// most is how many issues Jira takes with these fields.
func (o IssueFetchOptions) most() int {
	heavy := func(field string) bool {
		return strings.HasPrefix(field, "*") || slices.Contains([]string{"comment", "worklog", "attachment"}, field)
	}
	excluded := func(field string) bool { return strings.HasPrefix(field, "-") }
	named := slices.ContainsFunc(o.Fields, func(field string) bool { return !excluded(field) })
	if named && len(o.Fields) <= maxFetchFields && len(o.Expand) == 0 && !slices.ContainsFunc(o.Fields, heavy) {
		return maxFetchedMany
	}
	return maxFetched
}

func (o IssueFetchOptions) check() error {
	return errors.Join(
		rest.CheckLimit("issues", o.most(), len(o.Issues)),
		rest.CheckLimit("properties", 5, len(o.Properties)),
	)
}

// FetchedIssues are issues that were named.
type FetchedIssues struct {
	// Issues are in the order of their ids.
	Issues []Issue `json:"issues"`
	// Errors name issues that Jira could not return just now.
	Errors []IssueFetchError `json:"issueErrors"`
	// Skipped are the records that could not be read. Without a Skip in the
	// client's Lists they fail the call.
	Skipped []rest.Unreadable `json:"-"`
}

// IssueFetchError says why an issue was not returned. It says nothing of issues
// that do not exist or that the caller may not see.
type IssueFetchError struct {
	ID      string `json:"id"`
	Message string `json:"errorMessage"`
}

// Fetch returns the issues with these ids or keys. Those that do not exist, or that
// the caller may not see, are in neither of its lists.
//
// POST /rest/api/3/issue/bulkfetch. Permission: Browse projects, and issue
// security. Scope: WRITE, although it only reads; on Forge read:jira-work.
// Statuses: 200, 400, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-bulkfetch-post
func (s *IssuesService) Fetch(ctx context.Context, opts IssueFetchOptions) (FetchedIssues, error) {
	if err := opts.check(); err != nil {
		return FetchedIssues{}, err
	}
	r := rest.Request{Method: http.MethodPost, Path: "/issue/bulkfetch", Body: opts}
	found, err := doList[Issue, FetchedIssues](ctx, s.api, r, "issues")
	out := found.About
	out.Issues, out.Skipped = found.Items, found.Skipped
	return out, err
}

// FetchAll walks any number of issues by their ids or keys, as many a call as the
// fields allow. An issue that Jira could not return just now is one that cannot be
// read.
func (s *IssuesService) FetchAll(ctx context.Context, opts IssueFetchOptions) iter.Seq2[Issue, error] {
	names, size := opts.Issues, opts.most()
	return each(s, 0, issueID, func(s *IssuesService, at int) ([]Issue, int, bool, error) {
		next := min(at+size, len(names))
		if at == next {
			return nil, at, false, nil
		}
		opts.Issues = names[at:next]
		page, err := s.Fetch(ctx, opts)
		if err == nil {
			err = s.api.rest.Lists.Report(page.unfetched())
		}
		return page.Issues, next, next < len(names), err
	})
}

func (f FetchedIssues) unfetched() []rest.Unreadable {
	var odd []rest.Unreadable
	for _, e := range f.Errors {
		odd = append(odd, rest.Unreadable{List: "issues", Key: e.ID, Err: fmt.Errorf("%w: jira does not return it", rest.ErrUnreadable)})
	}
	return odd
}

// Assign gives an issue to a person; "" takes it from whoever has it.
//
// PUT /rest/api/3/issue/{issueIdOrKey}/assignee. Permission: Browse projects and
// Assign issues. Scope: WRITE. Statuses: 204, 400 (also for a person to whom no issue
// of the project can be assigned), 403, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-assignee-put
func (s *IssuesService) Assign(ctx context.Context, idOrKey, accountID string) error {
	var to *string // null is nobody
	if accountID != "" {
		to = &accountID
	}
	_, _, err := do[rest.None](ctx, s.api, rest.Request{
		Method: http.MethodPut, Path: issuePath + "/assignee", Params: []string{idOrKey},
		Body: struct {
			AccountID *string `json:"accountId"`
		}{to},
	})
	return err
}
