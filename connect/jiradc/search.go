package jiradc

import (
	"cmp"
	"context"
	"iter"

	"github.com/sightline-go/sightline/connect/rest"
)

const (
	defaultResults = 50
	// maxSearch limits the searches that have pages and the picker, maxMatches
	// the others. Jira would cut longer lists silently.
	maxSearch  = 1000
	maxMatches = 100
)

// UserSearchOptions choose the people to find. Zero values are left
// out.
type UserSearchOptions struct {
	// Username is a part of the user name, name or e-mail address; required.
	Username string `url:"username,omitempty"`
	StartAt  int    `url:"startAt,omitempty"`
	// MaxResults is 50 by default and 1000 at most.
	MaxResults int `url:"maxResults,omitempty"`
	// IncludeActive is true by default.
	IncludeActive   *bool `url:"includeActive"`
	IncludeInactive bool  `url:"includeInactive,omitempty"`
}

// Search returns one page of the people who match.
//
// GET /rest/api/2/user/search. Permission: logged in. Limit: 1000 people a
// page; from version 10 on Jira is reported to look at the first 100 matches
// only. Statuses: 200, 400, 401, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-search-get
func (s *UsersService) Search(ctx context.Context, opts UserSearchOptions) ([]User, error) {
	found, err := s.search(ctx, opts)
	return found.Items, err
}

func (s *UsersService) search(ctx context.Context, opts UserSearchOptions) (users, error) {
	return find(ctx, s.rest, "/rest/api/2/user/search", maxSearch, opts.MaxResults, opts)
}

// SearchAll walks every page of Search from opts.StartAt on. A short page is
// the last.
func (s *UsersService) SearchAll(ctx context.Context, opts UserSearchOptions) iter.Seq2[User, error] {
	return each(s, opts.StartAt, opts.MaxResults, func(s *UsersService, startAt, maxResults int) (users, error) {
		opts.StartAt, opts.MaxResults = startAt, maxResults
		return s.search(ctx, opts)
	})
}

// AssignableSearchOptions choose the people to find. Zero values are left
// out.
type AssignableSearchOptions struct {
	// Username is a part of the user name.
	Username string `url:"username,omitempty"`
	// IssueKey is the issue to assign, Project the key of the project of a new
	// issue. One of the two is required.
	IssueKey string `url:"issueKey,omitempty"`
	Project  string `url:"project,omitempty"`
	// ActionDescriptorID is a workflow step.
	ActionDescriptorID int `url:"actionDescriptorId,omitempty"`
	// MaxResults is 50 by default and 100 at most.
	MaxResults int `url:"maxResults,omitempty"`
}

// SearchAssignable returns the people who can be assigned an issue.
//
// GET /rest/api/2/user/assignable/search. Permission: logged in. Limit: 100
// people, no further page. Statuses: 200, 401, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-assignable-search-get
func (s *UsersService) SearchAssignable(ctx context.Context, opts AssignableSearchOptions) ([]User, error) {
	found, err := find(ctx, s.rest, "/rest/api/2/user/assignable/search", maxMatches, opts.MaxResults, opts)
	return found.Items, err
}

// MultiProjectSearchOptions choose the people to find. Zero values are left
// out.
type MultiProjectSearchOptions struct {
	// Username is a part of the user name.
	Username string `url:"username,omitempty"`
	// ProjectKeys are required.
	ProjectKeys []string `url:"projectKeys,omitempty,comma"`
	// MaxResults is 50 by default and 100 at most.
	MaxResults int `url:"maxResults,omitempty"`
}

// SearchMultiProject returns the people who can be assigned issues in every
// project.
//
// GET /rest/api/2/user/assignable/multiProjectSearch. Permission: Browse
// projects of each. Limit: 100 people, no further page. Statuses: 200, 401,
// 403, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-assignable-multiprojectsearch-get
func (s *UsersService) SearchMultiProject(ctx context.Context, opts MultiProjectSearchOptions) ([]User, error) {
	found, err := find(ctx, s.rest, "/rest/api/2/user/assignable/multiProjectSearch", maxMatches, opts.MaxResults, opts)
	return found.Items, err
}

// ViewIssueSearchOptions choose the people to find. Zero values are left
// out.
type ViewIssueSearchOptions struct {
	// Username is a part of the user name. Without it nobody is found.
	Username string `url:"username,omitempty"`
	// IssueKey or ProjectKey is required; the issue wins.
	IssueKey   string `url:"issueKey,omitempty"`
	ProjectKey string `url:"projectKey,omitempty"`
	// MaxResults is 50 by default and 100 at most.
	MaxResults int `url:"maxResults,omitempty"`
}

// SearchViewIssue returns the active people who may browse an issue or a project.
//
// GET /rest/api/2/user/viewissue/search. Permission: Browse users. Limit: 100
// people, no further page. Statuses: 200, 400 (no issue or project), 401, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-viewissue-search-get
func (s *UsersService) SearchViewIssue(ctx context.Context, opts ViewIssueSearchOptions) ([]User, error) {
	found, err := find(ctx, s.rest, "/rest/api/2/user/viewissue/search", maxMatches, opts.MaxResults, opts)
	return found.Items, err
}

// PermissionSearchOptions choose the people to find. Zero values are left
// out.
type PermissionSearchOptions struct {
	// Username is a part of the user name. Without it everybody matches.
	Username string `url:"username,omitempty"`
	// Permissions are keys such as BROWSE, at least one. A person must have all
	// of them.
	Permissions []string `url:"permissions,omitempty,comma"`
	// IssueKey or ProjectKey is required; the issue wins.
	IssueKey   string `url:"issueKey,omitempty"`
	ProjectKey string `url:"projectKey,omitempty"`
	StartAt    int    `url:"startAt,omitempty"`
	// MaxResults is 50 by default and 1000 at most.
	MaxResults int `url:"maxResults,omitempty"`
}

// SearchPermission returns one page of the active people who have all the
// permissions on an issue or a project. It is slow. Atlassian has announced its
// removal but has not removed it yet.
//
// GET /rest/api/2/user/permission/search. Permission: Administer projects of
// the project, or Jira administrator. Limit: 1000 people a page. Statuses: 200,
// 400, 401, 403, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-permission-search-get
func (s *UsersService) SearchPermission(ctx context.Context, opts PermissionSearchOptions) ([]User, error) {
	found, err := s.searchPermission(ctx, opts)
	return found.Items, err
}

func (s *UsersService) searchPermission(ctx context.Context, opts PermissionSearchOptions) (users, error) {
	return find(ctx, s.rest, "/rest/api/2/user/permission/search", maxSearch, opts.MaxResults, opts)
}

// SearchPermissionAll walks every page of SearchPermission from opts.StartAt on.
// A short page is the last.
func (s *UsersService) SearchPermissionAll(ctx context.Context, opts PermissionSearchOptions) iter.Seq2[User, error] {
	return each(s, opts.StartAt, opts.MaxResults, func(s *UsersService, startAt, maxResults int) (users, error) {
		opts.StartAt, opts.MaxResults = startAt, maxResults
		return s.searchPermission(ctx, opts)
	})
}

// users are a page of people.
type users = rest.List[User, rest.None]

func find(ctx context.Context, c *rest.Client, path string, limit, maxResults int, opts any) (users, error) {
	if err := rest.CheckLimit("maxResults of "+path, limit, maxResults); err != nil {
		return users{}, err
	}
	return list[User, rest.None](ctx, c, path, "", opts)
}

// each walks pages of a size until one is short, with a service whose calls count
// for the walk.
func each(s *UsersService, startAt, size int, fetch func(s *UsersService, startAt, maxResults int) (users, error)) iter.Seq2[User, error] {
	if size == 0 {
		size = defaultResults
	}
	return rest.Each(s.rest, startAt, userKey, func(c *rest.Client, at int) ([]User, int, bool, error) {
		page, err := fetch(&UsersService{c}, at, size)
		return page.Items, at + page.Len(), page.Len() >= size, err
	})
}

func userKey(u User) string { return cmp.Or(u.Key, u.Name) }
