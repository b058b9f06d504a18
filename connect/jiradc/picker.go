package jiradc

import (
	"context"

	"github.com/sightline-go/sightline/connect/rest"
)

// UserPickerOptions choose the users to offer. Zero values are left out.
type UserPickerOptions struct {
	// Query is a part of the user name, name or e-mail address; required.
	Query string `url:"query,omitempty"`
	// Exclude are user names to leave out.
	Exclude    []string `url:"exclude,omitempty"`
	ShowAvatar bool     `url:"showAvatar,omitempty"`
	// MaxResults is 50 by default and 1000 at most.
	MaxResults int `url:"maxResults,omitempty"`
}

// PickerResult holds the people to offer while somebody types a name.
type PickerResult struct {
	Users []PickerUser `json:"users"`
	// Total is how many people match, including those not in Users.
	Total int `json:"total"`
	// Header says how many of them are shown, in the caller's language.
	Header string `json:"header"`
}

// PickerUser is one of the people to offer.
type PickerUser struct {
	Key         string `json:"key"`
	Name        string `json:"name"`
	DisplayName string `json:"displayName"`
	// HTML is the name and address with the match in bold; it is markup from
	// the server, so sanitise it before it is shown.
	HTML string `json:"html"`
	// AvatarURL is set if ShowAvatar asked for it.
	AvatarURL string `json:"avatarUrl"`
}

// Picker returns people to offer while somebody types. The list has no second page.
//
// GET /rest/api/2/user/picker. Permission: logged in. Limit: 1000 people.
// Statuses: 200, 401, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-picker-get
func (s *UsersService) Picker(ctx context.Context, opts UserPickerOptions) (PickerResult, error) {
	const path = "/rest/api/2/user/picker"
	if err := rest.CheckLimit("maxResults of "+path, maxSearch, opts.MaxResults); err != nil {
		return PickerResult{}, err
	}
	page, err := list[PickerUser, PickerResult](ctx, s.rest, path, "users", opts)
	found := page.About
	found.Users = page.Items
	return found, err
}
