package jiradc

import (
	"context"
	"net/http"
	"net/url"

	"github.com/sightline-go/sightline/connect/rest"
)

// Column is a column of a list of issues.
type Column struct {
	// Label is the column's heading in the caller's language.
	Label string `json:"label"`
	// Value is the field's id, for example issuekey. Set takes these ids.
	Value string `json:"value"`
}

// ColumnsService reads and changes the columns of people's issue lists. An empty
// username means the caller; Jira administrators may name others.
type ColumnsService service

const columnsPath = "/rest/api/2/user/columns"

// Get returns a person's columns from left to right.
//
// GET /rest/api/2/user/columns. Permission: logged in for one's own, Jira
// administrator for others'. Statuses: 200, 401, 404, 500.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-columns-get
func (s *ColumnsService) Get(ctx context.Context, username string) ([]Column, error) {
	found, err := list[Column, rest.None](ctx, s.rest, columnsPath, "", nameQuery{username})
	return found.Items, err
}

// Set replaces a person's columns by the fields with these ids, from left to right.
//
// PUT /rest/api/2/user/columns. Permission: logged in for one's own, Jira
// administrator for others'. Statuses: 200, 500.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-columns-put
func (s *ColumnsService) Set(ctx context.Context, username string, columns []string) error {
	form := url.Values{"columns": columns}
	if username != "" {
		form.Set("username", username)
	}
	return do(ctx, s.rest, rest.Request{Method: http.MethodPut, Path: columnsPath, Body: form})
}

// Reset gives a person the default columns.
//
// DELETE /rest/api/2/user/columns. Permission: logged in for one's own, Jira
// administrator for others'. Statuses: 204, 401, 500.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-columns-delete
func (s *ColumnsService) Reset(ctx context.Context, username string) error {
	return do(ctx, s.rest, rest.Request{Method: http.MethodDelete, Path: columnsPath, Query: nameQuery{username}})
}
