package jira

import (
	"context"

	"github.com/sightline-go/sightline/connect/rest"
)

// UserPickerOptions choose the users to offer. Zero values are left out.
type UserPickerOptions struct {
	// Query is the beginning of a name or e-mail address; required.
	Query string `url:"query"`
	// MaxResults is 50 by default and 1000 at most.
	MaxResults int `url:"maxResults,omitempty"`
	// ShowAvatar asks for AvatarURL, in AvatarSize, for example small.
	ShowAvatar        bool     `url:"showAvatar,omitempty"`
	AvatarSize        string   `url:"avatarSize,omitempty"`
	ExcludeAccountIDs []string `url:"excludeAccountIds,omitempty"`
	// ExcludeConnectUsers leaves out the users of apps.
	ExcludeConnectUsers bool `url:"excludeConnectUsers,omitempty"`
}

// FoundUsers are the users that a picker offers.
type FoundUsers struct {
	Users []PickedUser `json:"users"`
	// Total is how many matched; the list cannot be continued.
	Total int `json:"total"`
	// Header says, for people, how many of them are shown.
	Header string `json:"header"`
}

// PickedUser is a user as a picker shows it.
type PickedUser struct {
	AccountID   string `json:"accountId"`
	AccountType string `json:"accountType"`
	DisplayName string `json:"displayName"`
	// HTML is the name, and the e-mail address if it may be seen, with the
	// match in strong.
	HTML      string `json:"html"`
	AvatarURL string `json:"avatarUrl"`
}

// Picker returns users to offer while somebody types. A caller who may not browse
// users finds exact names only.
//
// GET /rest/api/3/user/picker. Permission: Browse users and groups. Scope:
// READ. Statuses: 200, 400, 401, 429.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-picker-get
func (s *UsersService) Picker(ctx context.Context, opts UserPickerOptions) (FoundUsers, error) {
	if err := rest.CheckLimit("maxResults", userWindow, opts.MaxResults); err != nil {
		return FoundUsers{}, err
	}
	page, err := list[PickedUser, FoundUsers](ctx, s.api, "/user/picker", "users", opts)
	found := page.About
	found.Users = page.Items
	return found, err
}
