package jira

import (
	"context"
	"iter"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// IssueField is a field that issues can have.
type IssueField struct {
	// ID is what calls name the field by, such as duedate or customfield_10016.
	ID   string `json:"id"`
	Key  string `json:"key"`
	Name string `json:"name"`
	// Custom says that it is not one of Jira's own.
	Custom bool `json:"custom"`
	// ClauseNames are its names in JQL.
	ClauseNames []string    `json:"clauseNames"`
	Schema      FieldSchema `json:"schema"`
}

// FieldSchema says what a field's values are.
type FieldSchema struct {
	// Type is that of the values, such as number or user; Items, if it is array, that
	// of each.
	Type  string `json:"type"`
	Items string `json:"items"`
	// System names a field of Jira's own, Custom the kind of any other: by it fields
	// are found, because ids differ between sites.
	System   string `json:"system"`
	Custom   string `json:"custom"`
	CustomID int64  `json:"customId"`
}

// FieldsService reads the fields that issues can have.
type FieldsService service

// List returns all fields that the caller can see.
//
// GET /rest/api/3/field. Permission: none; only fields that the caller may see.
// Scope: READ. Statuses: 200, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-fields/#api-rest-api-3-field-get
func (s *FieldsService) List(ctx context.Context) ([]IssueField, error) {
	return records[IssueField](ctx, s.api, "/field", nil)
}

// FoundField is a field as a search shows it.
type FoundField struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Description string      `json:"description"`
	Schema      FieldSchema `json:"schema"`
	// StableID stays the same when the field is renamed.
	StableID string `json:"stableId"`
}

// FieldSearchOptions narrow a list of fields. Zero values are left out.
type FieldSearchOptions struct {
	StartAt int64 `url:"startAt,omitempty"`
	// MaxResults is 50 by default.
	MaxResults int `url:"maxResults,omitempty"`
	// Types are custom, system or both.
	Types []string `url:"type,omitempty"`
	IDs   []string `url:"id,omitempty"`
	// Query is a part of the name or the description.
	Query      string  `url:"query,omitempty"`
	ProjectIDs []int64 `url:"projectIds,omitempty"`
	// OrderBy is name, contextsCount, lastUsed, screensCount or projectsCount, with a
	// minus for descending.
	OrderBy string   `url:"orderBy,omitempty"`
	Expand  []string `url:"expand,omitempty,comma"`
}

// Search returns one page of the fields of company-managed projects.
//
// GET /rest/api/3/field/search. Permission: Administer Jira. Scope: NONE. Statuses:
// 200, 400, 401, 403.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-fields/#api-rest-api-3-field-search-get
func (s *FieldsService) Search(ctx context.Context, opts FieldSearchOptions) (Page[FoundField], error) {
	return getPage[FoundField](ctx, s.api, "/field/search", opts)
}

// All walks every page of Search from opts.StartAt on.
func (s *FieldsService) All(ctx context.Context, opts FieldSearchOptions) iter.Seq2[FoundField, error] {
	key := func(f FoundField) string { return f.ID }
	return each(s, opts.StartAt, key, func(s *FieldsService, at int64) ([]FoundField, int64, bool, error) {
		opts.StartAt = at
		page, err := s.Search(ctx, opts)
		next, more := page.next(at)
		return page.Values, next, more, err
	})
}

// FieldInput is a custom field to make.
type FieldInput struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Type and Searcher are keys such as
	// com.atlassian.jira.plugin.system.customfieldtypes:float and :exactnumber. A
	// field without a searcher cannot be searched.
	Type     string `json:"type"`
	Searcher string `json:"searcherKey,omitempty"`
}

// Create makes a custom field, which is on no screen yet.
//
// POST /rest/api/3/field. Permission: Administer Jira. Scope: ADMIN. Statuses: 201,
// 400.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-fields/#api-rest-api-3-field-post
func (s *FieldsService) Create(ctx context.Context, in FieldInput) (IssueField, error) {
	made, _, err := do[IssueField](ctx, s.api, rest.Request{Method: http.MethodPost, Path: "/field", Body: in})
	return made, err
}
