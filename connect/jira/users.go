package jira

import "context"

// User is a person or an app. What the profile's visibility hides is empty.
type User struct {
	AccountID string `json:"accountId"`
	// AccountType is atlassian, app or customer.
	AccountType  string `json:"accountType"`
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
	return get[User](ctx, s.rest, "/rest/api/3/user", accountQuery{accountID})
}

// accountQuery addresses a person.
type accountQuery struct {
	AccountID string `url:"accountId"`
}
