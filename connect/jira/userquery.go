package jira

import (
	"cmp"
	"context"
	"fmt"
	"iter"

	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/connect/userquery"
)

// queryPage is the size of a page of a structured query that nobody asked for.
const queryPage = 100

// UserQueryOptions choose the users to find. Zero values are left out.
type UserQueryOptions struct {
	// Query is required. One that cannot be written is not sent: the error
	// wraps userquery.ErrInvalid.
	Query   userquery.Query
	StartAt int64
	// MaxResults is 100 by default and 1000 at most.
	MaxResults int
}

func (o UserQueryOptions) check() error {
	if err := o.Query.Check(); err != nil {
		return fmt.Errorf("find users: %w", err)
	}
	return rest.CheckLimit("maxResults", userWindow, o.MaxResults)
}

// UserKey is a user with nothing but the account id.
type UserKey struct {
	// AccountID is unknown for a deleted and broken record.
	AccountID string `json:"accountId"`
}

// Query filters one slice of the site's first thousand users by a structured query
// and returns those who match. A short or empty page is therefore not the end.
//
// GET /rest/api/3/user/search/query. Permission: Browse users and groups.
// Scope: READ. Statuses: 200, 400, 401, 403, 408 (took too long).
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-search-query-get
func (s *UsersService) Query(ctx context.Context, opts UserQueryOptions) (Page[User], error) {
	if err := opts.check(); err != nil {
		return Page[User]{}, err
	}
	return getPage[User](ctx, s.api, "/user/search/query", struct {
		Query      string `url:"query"`
		StartAt    int64  `url:"startAt,omitempty"`
		MaxResults int    `url:"maxResults,omitempty"`
	}{opts.Query.String(), opts.StartAt, opts.MaxResults})
}

// QueryAll walks Query from opts.StartAt on.
func (s *UsersService) QueryAll(ctx context.Context, opts UserQueryOptions) iter.Seq2[User, error] {
	return allMatches(s, opts, accountID, func(s *UsersService, opts UserQueryOptions) (Page[User], error) { return s.Query(ctx, opts) })
}

// QueryKeys is Query, but returns account ids only.
//
// GET /rest/api/3/user/search/query/key, whose size parameter is maxResult.
// Permission: Browse users and groups. Scope: READ. Statuses: 200, 400, 401,
// 403, 408 (took too long).
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-search-query-key-get
func (s *UsersService) QueryKeys(ctx context.Context, opts UserQueryOptions) (Page[UserKey], error) {
	if err := opts.check(); err != nil {
		return Page[UserKey]{}, err
	}
	return getPage[UserKey](ctx, s.api, "/user/search/query/key", struct {
		Query     string `url:"query"`
		StartAt   int64  `url:"startAt,omitempty"`
		MaxResult int    `url:"maxResult,omitempty"`
	}{opts.Query.String(), opts.StartAt, opts.MaxResults})
}

// QueryKeysAll walks QueryKeys from opts.StartAt on.
func (s *UsersService) QueryKeysAll(ctx context.Context, opts UserQueryOptions) iter.Seq2[UserKey, error] {
	id := func(u UserKey) string { return accountID(User{AccountID: u.AccountID}) }
	return allMatches(s, opts, id, func(s *UsersService, opts UserQueryOptions) (Page[UserKey], error) { return s.QueryKeys(ctx, opts) })
}

// allMatches walks the pages of a structured query to the last, but not past
// the thousandth user. A page counts by its size, not by what matched.
func allMatches[T any](s *UsersService, opts UserQueryOptions, id func(T) string, fetch func(*UsersService, UserQueryOptions) (Page[T], error)) iter.Seq2[T, error] {
	size := cmp.Or(opts.MaxResults, queryPage)
	return each(s.windowed(size), opts.StartAt, id, func(s *UsersService, at int64) ([]T, int64, bool, error) {
		opts.StartAt = at
		page, err := fetch(s, opts)
		next := at + int64(cmp.Or(page.MaxResults, size))
		return page.Values, next, !page.IsLast && next < userWindow, err
	})
}
