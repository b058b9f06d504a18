package jira

import (
	"context"
	"errors"
	"iter"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// maxGetQuery is the length in bytes of what the caller chose beyond which a
// search goes as POST: addresses over about 8,000 bytes are refused on the
// way, and encoding may triple a text.
const maxGetQuery = 2000

// SearchOptions say what to find. Zero values are left out.
type SearchOptions struct {
	// JQL must restrict the search: Jira answers 400 to a mere order.
	JQL string `url:"jql,omitempty" json:"jql,omitempty"`
	// NextPageToken is the token that the page before gave; empty for the first.
	NextPageToken string `url:"nextPageToken,omitempty" json:"nextPageToken,omitempty"`
	// MaxResults is 50 by default and 5000 at most; Jira may give fewer.
	MaxResults int `url:"maxResults,omitempty" json:"maxResults,omitempty"`
	// Fields are the fields to return. Without any, issues have only ids.
	Fields []string `url:"fields,omitempty,comma" json:"fields,omitempty"`
	// Expand is a list joined by commas.
	Expand string `url:"expand,omitempty" json:"expand,omitempty"`
	// Properties are the keys of at most 5 issue properties to return.
	Properties []string `url:"properties,omitempty,comma" json:"properties,omitempty"`
	// ReconcileIssues are the ids of at most 50 issues that were just written
	// and must be found as they are now.
	ReconcileIssues []int64 `url:"reconcileIssues,omitempty" json:"reconcileIssues,omitempty"`
}

// long reports whether the search does not fit an address.
func (o SearchOptions) long() bool {
	n := len(o.JQL) + len(o.NextPageToken)
	for _, field := range o.Fields {
		n += len(field) + 1
	}
	return n > maxGetQuery
}

func (o SearchOptions) check() error {
	return errors.Join(
		rest.CheckLimit("maxResults", 5000, o.MaxResults),
		rest.CheckLimit("properties", 5, len(o.Properties)),
		rest.CheckLimit("reconcileIssues", 50, len(o.ReconcileIssues)),
	)
}

// SearchPage is one page of the issues found. Jira does not say how many there
// are.
type SearchPage struct {
	Issues        []Issue `json:"issues"`
	NextPageToken string  `json:"nextPageToken"`
	IsLast        bool    `json:"isLast"`
}

// SearchService finds issues.
type SearchService service

const searchPath = "/search/jql"

// JQL returns one page of the issues that match and that the caller may see. Jira
// answers 400 if the query names a project or person that the caller cannot see.
//
// GET /rest/api/3/search/jql, or POST when the query is long. Permission:
// Browse projects, for each issue. Scope: READ. Statuses: 200, 400, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/#api-rest-api-3-search-jql-get
func (s *SearchService) JQL(ctx context.Context, opts SearchOptions) (SearchPage, error) {
	if err := opts.check(); err != nil {
		return SearchPage{}, err
	}
	if !opts.long() {
		return get[SearchPage](ctx, s.api, searchPath, opts)
	}
	page, _, err := do[SearchPage](ctx, s.api, rest.Request{Method: http.MethodPost, Path: searchPath, Body: opts})
	return page, err
}

// All walks every page of JQL from opts.NextPageToken on. It ends at the last
// page, or when Jira gives no new token.
func (s *SearchService) All(ctx context.Context, opts SearchOptions) iter.Seq2[Issue, error] {
	return rest.Each(opts.NextPageToken, func(token string) ([]Issue, string, bool, error) {
		opts.NextPageToken = token
		page, err := s.JQL(ctx, opts)
		next := page.NextPageToken
		return page.Issues, next, !page.IsLast && next != "" && next != token, err
	})
}
