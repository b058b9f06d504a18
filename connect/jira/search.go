package jira

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// maxGetQuery is the length in bytes of what the caller chose beyond which a
// search goes as POST: addresses over about 8,000 bytes are refused on the
// way, and encoding may triple a text.
const maxGetQuery = 2000

// maxSearchPage is how many issues a page has at most.
const maxSearchPage = 5000

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
		rest.CheckLimit("maxResults", maxSearchPage, o.MaxResults),
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
	// Skipped are the records of the page that could not be read. Without a
	// Skip in the client's Lists they fail the call.
	Skipped []rest.Unreadable `json:"-"`
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
	r := rest.Request{Method: http.MethodGet, Path: searchPath, Query: opts}
	if opts.long() {
		r = rest.Request{Method: http.MethodPost, Path: searchPath, Body: opts}
	}
	r.Records = cmp.Or(opts.MaxResults, maxSearchPage)
	found, err := doList[Issue, SearchPage](ctx, s.api, r, "issues")
	page := found.About
	page.Issues, page.Skipped = found.Items, found.Skipped
	if err == nil {
		err = s.oddWorklogs(page.Issues)
	}
	return page, err
}

// oddWorklogs reports unreadable worklogs that came with issues, as lists report
// theirs.
func (s *SearchService) oddWorklogs(issues []Issue) error {
	for _, issue := range issues {
		if issue.Fields.Worklog == nil {
			continue
		}
		if err := s.api.rest.Lists.Report(issue.Fields.Worklog.Skipped); err != nil {
			return fmt.Errorf("issue %s: %w", issue.Key, err)
		}
	}
	return nil
}

// All walks every page of JQL from opts.NextPageToken on, to the page without a
// next token. A token that Jira gives twice ends the walk with a
// [rest.WalkError].
func (s *SearchService) All(ctx context.Context, opts SearchOptions) iter.Seq2[Issue, error] {
	return each(s, opts.NextPageToken, issueID, func(s *SearchService, token string) ([]Issue, string, bool, error) {
		opts.NextPageToken = token
		page, err := s.JQL(ctx, opts)
		next := page.NextPageToken
		return page.Issues, next, !page.IsLast && next != "", err
	})
}

// Count returns about how many issues match that the caller may see. Jira takes
// the number from its search index, which may be behind, and answers 400 as it does
// for JQL.
//
// POST /rest/api/3/search/approximate-count. Permission: Browse projects, for each
// issue. Scope: READ. Statuses: 200, 400, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/#api-rest-api-3-search-approximate-count-post
func (s *SearchService) Count(ctx context.Context, jql string) (int64, error) {
	found, _, err := do[struct {
		Count int64 `json:"count"`
	}](ctx, s.api, rest.Request{
		Method: http.MethodPost,
		Path:   "/search/approximate-count",
		Body: struct {
			JQL string `json:"jql"`
		}{jql},
	})
	return found.Count, err
}

func issueID(i Issue) string { return cmp.Or(i.ID, i.Key) }
