package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// JQLMatch says which issues one query matches.
type JQLMatch struct {
	// Issues are the ids of those that match and that the caller may see.
	Issues []int64 `json:"matchedIssues"`
	// Errors say why Jira did not run the query, for example because it names a
	// project that the caller cannot see. They may quote the query.
	Errors []string `json:"errors"`
}

// JQLService works on queries.
type JQLService service

// Match checks issues, by their ids, against queries, and returns a result for each
// query, in the same order. Issues that the caller cannot see match nothing. Jira
// does not say whether it asks its search index, which may be behind.
//
// POST /rest/api/3/jql/match. Permission: none; only issues that the caller may
// see match. Scope: READ. Statuses: 200, 400.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/#api-rest-api-3-jql-match-post
func (s *JQLService) Match(ctx context.Context, issues []int64, queries []string) ([]JQLMatch, error) {
	found, err := doList[JQLMatch, rest.None](ctx, s.api, rest.Request{
		Method: http.MethodPost,
		Path:   "/jql/match",
		Body: struct {
			Issues  []int64  `json:"issueIds"`
			Queries []string `json:"jqls"`
		}{issues, queries},
	}, "matches")
	if err != nil {
		return nil, err
	}
	if len(found.Items) != len(queries) {
		return nil, fmt.Errorf("match issues: %w: %d results for %d queries", rest.ErrUnreadable, len(found.Items), len(queries))
	}
	return found.Items, nil
}

// Validations of [JQLService.Parse].
const (
	// ParseStrict makes an error of what the caller cannot run.
	ParseStrict = "strict"
	// ParseWarn makes a warning of it.
	ParseWarn = "warn"
	// ParseNone looks at the grammar alone.
	ParseNone = "none"
)

// ParsedJQL is a query as Jira understood it.
type ParsedJQL struct {
	Query string `json:"query"`
	// Structure is the tree of the query, as it came; nil if there are errors.
	Structure json.RawMessage `json:"structure"`
	// Errors and Warnings are sentences for the caller, in the language of Jira's
	// site. They quote the query.
	Errors   []string `json:"errors"`
	Warnings []string `json:"warnings"`
}

// Parse reads queries as the caller could run them: fields and values that they
// cannot see do not exist. It returns a result for each query, in the same order.
//
// POST /rest/api/3/jql/parse. Permission: none. Scope: READ. Statuses: 200, 400, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-jql/#api-rest-api-3-jql-parse-post
func (s *JQLService) Parse(ctx context.Context, validation string, queries []string) ([]ParsedJQL, error) {
	found, err := doList[ParsedJQL, rest.None](ctx, s.api, rest.Request{
		Method: http.MethodPost,
		Path:   "/jql/parse",
		Query: struct {
			Validation string `url:"validation"`
		}{validation},
		Body: struct {
			Queries []string `json:"queries"`
		}{queries},
	}, "queries")
	if err != nil {
		return nil, err
	}
	if len(found.Items) != len(queries) {
		return nil, fmt.Errorf("parse queries: %w: %d results for %d queries", rest.ErrUnreadable, len(found.Items), len(queries))
	}
	return found.Items, nil
}

// JQLToSanitize is a query to show to somebody.
type JQLToSanitize struct {
	Query string `json:"query"`
	// AccountID is who is to see it; empty: anybody.
	AccountID string `json:"accountId,omitempty"`
}

// SanitizedJQL is a query as it may be shown.
type SanitizedJQL struct {
	InitialQuery string `json:"initialQuery"`
	// SanitizedQuery has ids in the place of names that may not be seen; empty if the
	// query could not be read.
	SanitizedQuery string `json:"sanitizedQuery"`
	AccountID      string `json:"accountId"`
}

// Sanitize puts ids in the place of names that the people may not see. Ids of people
// stay, and it is no check of permissions.
//
// POST /rest/api/3/jql/sanitize. Permission: Administer Jira. Scope: ADMIN. Statuses:
// 200, 400, 401, 403.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-jql/#api-rest-api-3-jql-sanitize-post
func (s *JQLService) Sanitize(ctx context.Context, queries []JQLToSanitize) ([]SanitizedJQL, error) {
	found, err := doList[SanitizedJQL, rest.None](ctx, s.api, rest.Request{
		Method: http.MethodPost,
		Path:   "/jql/sanitize",
		Body: struct {
			Queries []JQLToSanitize `json:"queries"`
		}{queries},
	}, "queries")
	return found.Items, err
}

// JQLReference is what queries of the caller may consist of.
type JQLReference struct {
	Fields        []JQLField    `json:"visibleFieldNames"`
	Functions     []JQLFunction `json:"visibleFunctionNames"`
	ReservedWords []string      `json:"jqlReservedWords"`
}

// JQLField is a field that queries may name.
type JQLField struct {
	// Value is how a query has it, quoted if need be; CFID is the name of a custom
	// field that no other has, such as cf[10016].
	Value       string   `json:"value"`
	DisplayName string   `json:"displayName"`
	CFID        string   `json:"cfid"`
	Operators   []string `json:"operators"`
	// Types are names of Java classes. Auto is "true" if Suggest knows values.
	Types []string `json:"types"`
	Auto  string   `json:"auto"`
}

// JQLFunction is a function that queries may call.
type JQLFunction struct {
	Value       string   `json:"value"`
	DisplayName string   `json:"displayName"`
	Types       []string `json:"types"`
	// IsList is "true" if it stands for any number of values.
	IsList string `json:"isList"`
}

const autocompletePath = "/jql/autocompletedata"

// Reference returns what queries of the caller may consist of.
//
// GET /rest/api/3/jql/autocompletedata. Permission: none. Scope: READ. Statuses: 200,
// 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-jql/#api-rest-api-3-jql-autocompletedata-get
func (s *JQLService) Reference(ctx context.Context) (JQLReference, error) {
	return get[JQLReference](ctx, s.api, autocompletePath, nil)
}

// ReferenceFor is Reference for queries about some projects, by their ids.
//
// POST /rest/api/3/jql/autocompletedata. Permission: none. Scope: READ. Statuses: 200,
// 400, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-jql/#api-rest-api-3-jql-autocompletedata-post
func (s *JQLService) ReferenceFor(ctx context.Context, projects []int64) (JQLReference, error) {
	found, _, err := do[JQLReference](ctx, s.api, rest.Request{
		Method: http.MethodPost,
		Path:   autocompletePath,
		Body: struct {
			Projects []int64 `json:"projectIds,omitempty"`
		}{projects},
	})
	return found, err
}

// JQLSuggestion is a value to offer while somebody types a query.
type JQLSuggestion struct {
	// Value is how a query has it, quoted if need be. DisplayName is HTML with the
	// match in b.
	Value       string `json:"value"`
	DisplayName string `json:"displayName"`
}

// Suggest returns values of a field that begin with a text, of what the caller sees.
//
// GET /rest/api/3/jql/autocompletedata/suggestions. Permission: none. Scope: READ.
// Statuses: 200, 400, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-jql/#api-rest-api-3-jql-autocompletedata-suggestions-get
func (s *JQLService) Suggest(ctx context.Context, field, prefix string) ([]JQLSuggestion, error) {
	found, err := list[JQLSuggestion, rest.None](ctx, s.api, autocompletePath+"/suggestions", "results", struct {
		Field string `url:"fieldName"`
		Value string `url:"fieldValue,omitempty"`
	}{field, prefix})
	return found.Items, err
}
