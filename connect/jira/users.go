package jira

import (
	"context"
	"errors"
	"iter"
	"slices"
	"unicode/utf8"

	"github.com/sightline-go/sightline/connect/rest"
)

// User is a person or an app. Fields that the profile's visibility settings hide
// are empty.
type User struct {
	Self      string `json:"self"`
	AccountID string `json:"accountId"`
	// AccountType is atlassian, app, customer or unknown.
	AccountType string `json:"accountType"`
	// AppType is service, agent or unknown for an app; version 3 only.
	AppType      string `json:"appType"`
	DisplayName  string `json:"displayName"`
	EmailAddress string `json:"emailAddress"`
	Active       bool   `json:"active"`
	// TimeZone is an IANA name.
	TimeZone string `json:"timeZone"`
	// Locale is a language and country such as en_GB.
	Locale string `json:"locale"`
	// AvatarURLs are keyed by size: 16x16, 24x24, 32x32, 48x48.
	AvatarURLs map[string]string `json:"avatarUrls"`
}

// UsersService reads people.
type UsersService service

// Get returns one person.
//
// GET /rest/api/3/user. Permission: Browse users and groups. Scope: READ.
// Statuses: 200, 401, 403, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-users/#api-rest-api-3-user-get
func (s *UsersService) Get(ctx context.Context, accountID string) (User, error) {
	if err := checkAccountID(accountID); err != nil {
		return User{}, err
	}
	return get[User](ctx, s.api, "/user", accountQuery{accountID})
}

// accountQuery addresses a person.
type accountQuery struct {
	AccountID string `url:"accountId"`
}

func checkAccountID(id string) error {
	return rest.CheckLimit("account id characters", maxAccountID, utf8.RuneCountInString(id))
}

// UserListOptions page the list of all users. Zero values are left out.
type UserListOptions struct {
	StartAt int `url:"startAt,omitempty"`
	// MaxResults is 50 by default and 1000 at most.
	MaxResults int `url:"maxResults,omitempty"`
}

// List returns a page of all users, inactive and deleted ones too. It is the
// only list that goes beyond the thousandth user.
//
// GET /rest/api/3/users/search. Permission: Browse users and groups. Scope:
// none; closed to Connect apps. Statuses: 200, 400, 403, 409 (took too long).
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-users/#api-rest-api-3-users-search-get
func (s *UsersService) List(ctx context.Context, opts UserListOptions) ([]User, error) {
	found, err := s.list(ctx, opts)
	return found.Items, err
}

func (s *UsersService) list(ctx context.Context, opts UserListOptions) (users, error) {
	return findUsers(ctx, s.api, "/users/search", opts, "", opts.MaxResults)
}

// All walks List from opts.StartAt on, to the first empty page.
func (s *UsersService) All(ctx context.Context, opts UserListOptions) iter.Seq2[User, error] {
	return untilEmpty(s, opts.StartAt, func(s *UsersService, at int) (users, error) {
		opts.StartAt = at
		return s.list(ctx, opts)
	})
}

// maxNamedUsers is how many account ids fit an address.
const maxNamedUsers = 100

// UserBulkOptions name people. Zero values are left out.
type UserBulkOptions struct {
	StartAt int64 `url:"startAt,omitempty"`
	// MaxResults is 10 by default; the most is not documented.
	MaxResults int `url:"maxResults,omitempty"`
	// AccountIDs are 1 to 100.
	AccountIDs []string `url:"accountId"`
}

func (o UserBulkOptions) check() error {
	errs := []error{rest.CheckLimit("account ids", maxNamedUsers, len(o.AccountIDs))}
	for _, id := range o.AccountIDs {
		errs = append(errs, checkAccountID(id))
	}
	return errors.Join(errs...)
}

// Bulk returns one page of the people with these account ids. Ids that nobody has
// are left out.
//
// GET /rest/api/3/user/bulk. Permission: access to Jira. Scope: READ. Statuses:
// 200, 400, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-users/#api-rest-api-3-user-bulk-get
func (s *UsersService) Bulk(ctx context.Context, opts UserBulkOptions) (Page[User], error) {
	if err := opts.check(); err != nil {
		return Page[User]{}, err
	}
	return getPage[User](ctx, s.api, "/user/bulk", opts)
}

// ByIDs returns the people with these account ids, as Bulk does. It asks for 100 at
// a time.
func (s *UsersService) ByIDs(ctx context.Context, ids []string) ([]User, error) {
	var all []User
	for chunk := range slices.Chunk(ids, maxNamedUsers) {
		opts := UserBulkOptions{AccountIDs: chunk, MaxResults: len(chunk)}
		pages := each(s, 0, accountID, func(s *UsersService, at int64) ([]User, int64, bool, error) {
			opts.StartAt = at
			page, err := s.Bulk(ctx, opts)
			next, more := page.next(at)
			return page.Values, next, more, err
		})
		for user, err := range pages {
			if err != nil {
				return nil, err
			}
			all = append(all, user)
		}
	}
	return all, nil
}

// Email returns a person's address, whatever their profile shows. Only apps that
// Atlassian has approved may ask, as themselves.
//
// GET /rest/api/3/user/email. Permission: none. Scope: ACCESS_EMAIL_ADDRESSES.
// Statuses: 200, 400 (not approved), 401, 404, 503.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-users/#api-rest-api-3-user-email-get
func (s *UsersService) Email(ctx context.Context, accountID string) (string, error) {
	if err := checkAccountID(accountID); err != nil {
		return "", err
	}
	found, err := get[struct {
		Email string `json:"email"`
	}](ctx, s.api, "/user/email", accountQuery{accountID})
	return found.Email, err
}

// MyselfService tells who makes the calls.
type MyselfService service

// Get returns the user who makes the calls: a person, or the app's own user.
//
// GET /rest/api/3/myself. Permission: access to Jira. Scope: READ. Statuses:
// 200, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-myself/#api-rest-api-3-myself-get
func (s *MyselfService) Get(ctx context.Context) (User, error) {
	return get[User](ctx, s.api, "/myself", nil)
}
