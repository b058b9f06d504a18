package jira

import (
	"context"
	"iter"

	"github.com/sightline-go/sightline/connect/rest"
)

const (
	// userWindow is how many users of a site the searches look at. A page
	// cannot be larger.
	userWindow = 1000
	// userPage is the size of a page of users that nobody asked for.
	userPage = 50
	// minFruitless is how many empty pages in a row a walk over that window may
	// read in any case.
	minFruitless = 20
	// maxAccountID is how many characters an account id has at most.
	maxAccountID = 128
)

// UserSearchOptions choose the users to find: one of Query, AccountID and Property
// is required. Zero values are left out.
type UserSearchOptions struct {
	// Query is the beginning of a name or e-mail address.
	Query     string `url:"query,omitempty"`
	AccountID string `url:"accountId,omitempty"`
	// Property is a user property's key, a path in its value and the value
	// there, for example location.office.city=Sydney. A key with a dot or an
	// equals sign cannot be asked for.
	Property string `url:"property,omitempty"`
	StartAt  int    `url:"startAt,omitempty"`
	// MaxResults is 50 by default and 1000 at most.
	MaxResults int `url:"maxResults,omitempty"`
}

// Search returns active users who match: Jira filters the site's first thousand
// users, then makes pages. A caller who may not browse users finds nobody.
//
// GET /rest/api/3/user/search. Permission: Browse users and groups. Scope:
// READ. Statuses: 200, 400, 401, 429.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-search-get
func (s *UsersService) Search(ctx context.Context, opts UserSearchOptions) ([]User, error) {
	found, err := s.search(ctx, opts)
	return found.Items, err
}

func (s *UsersService) search(ctx context.Context, opts UserSearchOptions) (users, error) {
	return findUsers(ctx, s.api, "/user/search", opts, opts.AccountID, opts.MaxResults)
}

// SearchAll walks Search from opts.StartAt on, to the first empty page.
func (s *UsersService) SearchAll(ctx context.Context, opts UserSearchOptions) iter.Seq2[User, error] {
	return untilEmpty(s, opts.StartAt, func(s *UsersService, at int) (users, error) {
		opts.StartAt = at
		return s.search(ctx, opts)
	})
}

// AssignableSearchOptions name the place to assign somebody in, by one of Project,
// IssueKey and IssueID, and the users to find, by one of Query and AccountID. Zero
// values are left out.
type AssignableSearchOptions struct {
	Query     string `url:"query,omitempty"`
	AccountID string `url:"accountId,omitempty"`
	// Project is a project's id or key, for a new issue.
	Project  string `url:"project,omitempty"`
	IssueKey string `url:"issueKey,omitempty"`
	IssueID  string `url:"issueId,omitempty"`
	// ActionDescriptorID is the transition during which to assign.
	ActionDescriptorID int `url:"actionDescriptorId,omitempty"`
	// Recommend puts likely people first. SessionID stays the same until
	// somebody is assigned.
	Recommend bool   `url:"recommend,omitempty"`
	SessionID string `url:"sessionId,omitempty"`
	// AccountTypes and AppTypes need version 3.
	AccountTypes []string `url:"accountType,omitempty"`
	AppTypes     []string `url:"appType,omitempty"`
	StartAt      int      `url:"startAt,omitempty"`
	// MaxResults is 50 by default and 1000 at most.
	MaxResults int `url:"maxResults,omitempty"`
}

// SearchAssignable filters one slice of the site's first thousand users and returns
// those who can be assigned the issue. A short or empty page is therefore not the
// end.
//
// GET /rest/api/3/user/assignable/search. Permission: Browse users and groups,
// or Assign issues in the project. Scope: READ. Statuses: 200, 400, 401, 404,
// 429.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-assignable-search-get
func (s *UsersService) SearchAssignable(ctx context.Context, opts AssignableSearchOptions) ([]User, error) {
	found, err := findUsers(ctx, s.api, "/user/assignable/search", opts, opts.AccountID, opts.MaxResults)
	return found.Items, err
}

// SearchAssignableAll walks SearchAssignable from opts.StartAt over the whole
// window.
func (s *UsersService) SearchAssignableAll(ctx context.Context, opts AssignableSearchOptions) iter.Seq2[User, error] {
	return overWindow(s, opts.StartAt, opts.MaxResults, func(s *UsersService, at int) ([]User, error) {
		opts.StartAt = at
		return s.SearchAssignable(ctx, opts)
	})
}

// MultiProjectSearchOptions name the users to find, by one of Query and AccountID,
// and the projects. Zero values are left out.
type MultiProjectSearchOptions struct {
	Query     string `url:"query,omitempty"`
	AccountID string `url:"accountId,omitempty"`
	// ProjectKeys are required; upper and lower case differ.
	ProjectKeys []string `url:"projectKeys,omitempty,comma"`
	StartAt     int      `url:"startAt,omitempty"`
	// MaxResults is 50 by default and 1000 at most.
	MaxResults int `url:"maxResults,omitempty"`
}

// SearchMultiProject filters one slice of the site's first thousand users and
// returns those who can be assigned issues in every project. A short or empty page
// is therefore not the end.
//
// GET /rest/api/3/user/assignable/multiProjectSearch. Permission: Browse
// projects of each. Scope: READ. Statuses: 200, 400, 401, 404, 429.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-assignable-multiprojectsearch-get
func (s *UsersService) SearchMultiProject(ctx context.Context, opts MultiProjectSearchOptions) ([]User, error) {
	found, err := findUsers(ctx, s.api, "/user/assignable/multiProjectSearch", opts, opts.AccountID, opts.MaxResults)
	return found.Items, err
}

// SearchMultiProjectAll walks SearchMultiProject from opts.StartAt over the
// whole window.
func (s *UsersService) SearchMultiProjectAll(ctx context.Context, opts MultiProjectSearchOptions) iter.Seq2[User, error] {
	return overWindow(s, opts.StartAt, opts.MaxResults, func(s *UsersService, at int) ([]User, error) {
		opts.StartAt = at
		return s.SearchMultiProject(ctx, opts)
	})
}

// PermissionSearchOptions name the permissions, the issue or project, and the users
// to find, by one of Query and AccountID. Zero values are left out.
type PermissionSearchOptions struct {
	Query     string `url:"query,omitempty"`
	AccountID string `url:"accountId,omitempty"`
	// Permissions are keys such as BROWSE_PROJECTS; required.
	Permissions []string `url:"permissions,omitempty,comma"`
	IssueKey    string   `url:"issueKey,omitempty"`
	ProjectKey  string   `url:"projectKey,omitempty"`
	StartAt     int      `url:"startAt,omitempty"`
	// MaxResults is 50 by default and 1000 at most.
	MaxResults int `url:"maxResults,omitempty"`
}

// SearchPermission filters one slice of the site's first thousand users and returns
// those who have all the permissions. A short or empty page is therefore not the
// end.
//
// GET /rest/api/3/user/permission/search. Permission: Administer Jira, or
// Administer projects of the project. Scope: READ. Statuses: 200, 400, 401,
// 403, 404, 429.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-permission-search-get
func (s *UsersService) SearchPermission(ctx context.Context, opts PermissionSearchOptions) ([]User, error) {
	found, err := findUsers(ctx, s.api, "/user/permission/search", opts, opts.AccountID, opts.MaxResults)
	return found.Items, err
}

// SearchPermissionAll walks SearchPermission from opts.StartAt over the whole
// window.
func (s *UsersService) SearchPermissionAll(ctx context.Context, opts PermissionSearchOptions) iter.Seq2[User, error] {
	return overWindow(s, opts.StartAt, opts.MaxResults, func(s *UsersService, at int) ([]User, error) {
		opts.StartAt = at
		return s.SearchPermission(ctx, opts)
	})
}

// ViewIssueSearchOptions name what the users must be able to see, by one of IssueKey
// and ProjectKey, and the users to find, by one of Query and AccountID. Zero values
// are left out.
type ViewIssueSearchOptions struct {
	Query      string `url:"query,omitempty"`
	AccountID  string `url:"accountId,omitempty"`
	IssueKey   string `url:"issueKey,omitempty"`
	ProjectKey string `url:"projectKey,omitempty"`
	StartAt    int    `url:"startAt,omitempty"`
	// MaxResults is 50 by default and 1000 at most.
	MaxResults int `url:"maxResults,omitempty"`
}

// SearchViewIssue filters one slice of the site's first thousand users and returns
// those who may see the issue, or issues of the project. A short or empty page is
// therefore not the end. A caller who may not browse users finds nobody.
//
// GET /rest/api/3/user/viewissue/search. Permission: Browse users and groups.
// Scope: READ. Statuses: 200, 400, 401, 404, 429.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-viewissue-search-get
func (s *UsersService) SearchViewIssue(ctx context.Context, opts ViewIssueSearchOptions) ([]User, error) {
	found, err := findUsers(ctx, s.api, "/user/viewissue/search", opts, opts.AccountID, opts.MaxResults)
	return found.Items, err
}

// SearchViewIssueAll walks SearchViewIssue from opts.StartAt over the whole
// window.
func (s *UsersService) SearchViewIssueAll(ctx context.Context, opts ViewIssueSearchOptions) iter.Seq2[User, error] {
	return overWindow(s, opts.StartAt, opts.MaxResults, func(s *UsersService, at int) ([]User, error) {
		opts.StartAt = at
		return s.SearchViewIssue(ctx, opts)
	})
}

// users are a page of users.
type users = rest.List[User, rest.None]

func findUsers(ctx context.Context, a api, path string, query any, accountID string, maxResults int) (users, error) {
	if err := checkAccountID(accountID); err != nil {
		return users{}, err
	}
	if err := rest.CheckLimit("maxResults", userWindow, maxResults); err != nil {
		return users{}, err
	}
	return list[User, rest.None](ctx, a, path, "", query)
}

// untilEmpty walks a list that is filtered first and paged then: only an empty
// page is its end.
func untilEmpty(s *UsersService, startAt int, fetch func(s *UsersService, at int) (users, error)) iter.Seq2[User, error] {
	return each(s, startAt, accountID, func(s *UsersService, at int) ([]User, int, bool, error) {
		page, err := fetch(s, at)
		return page.Items, at + page.Len(), page.Len() > 0, err
	})
}

// overWindow walks a list that is paged first and filtered then: the end is
// the thousandth user, whatever a page holds.
func overWindow(s *UsersService, startAt, size int, fetch func(s *UsersService, at int) ([]User, error)) iter.Seq2[User, error] {
	if size <= 0 {
		size = userPage
	}
	return each(s.windowed(size), startAt, accountID, func(s *UsersService, at int) ([]User, int, bool, error) {
		users, err := fetch(s, at)
		return users, at + size, at+size < userWindow, err
	})
}

// windowed allows as many empty pages in a row as the window has: a page that is
// filtered to nothing is progress there, and the window itself is a bound.
func (s *UsersService) windowed(size int) *UsersService {
	own := *s.api.rest
	own.Lists.Fruitless = max(own.Lists.Fruitless, minFruitless, userWindow/size)
	return &UsersService{api{&own, s.api.root}}
}

// accountID tells people apart. It is unknown for broken records.
func accountID(u User) string {
	if u.AccountID == "unknown" {
		return ""
	}
	return u.AccountID
}
