package jira

import (
	"context"
	"iter"
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
	if err := rest.CheckLimit("maxResults", userWindow, opts.MaxResults); err != nil {
		return nil, err
	}
	return get[[]User](ctx, s.api, "/users/search", opts)
}

// All walks List from opts.StartAt on, to the first empty page.
func (s *UsersService) All(ctx context.Context, opts UserListOptions) iter.Seq2[User, error] {
	return untilEmpty(opts.StartAt, func(at int) ([]User, error) {
		opts.StartAt = at
		return s.List(ctx, opts)
	})
}
