package confluence

import (
	"cmp"
	"context"
	"iter"
	"slices"
)

// maxBulk is how many people one bulk call returns. It was 200 until the
// documents of 2026, which say 100 and that further ones are left out.
const maxBulk = 100

// User is a person or an app. Fields that the profile's visibility settings hide
// are empty.
type User struct {
	// Type is known, unknown, anonymous or user.
	Type      string `json:"type"`
	AccountID string `json:"accountId"`
	// AccountType is atlassian or app; empty if Confluence does not know.
	AccountType string `json:"accountType"`
	Email       string `json:"email"`
	// PublicName is never empty. DisplayName may be the same.
	PublicName  string `json:"publicName"`
	DisplayName string `json:"displayName"`
	// TimeZone is an IANA name.
	TimeZone       string `json:"timeZone"`
	IsGuest        bool   `json:"isGuest"`
	ProfilePicture *Icon  `json:"profilePicture"`
	// Operations and PersonalSpace are set if Expand asked for them.
	Operations    []Operation `json:"operations"`
	PersonalSpace *Space      `json:"personalSpace"`
}

// AnonymousUser is the user that stands for people without an account.
type AnonymousUser struct {
	Type           string `json:"type"`
	DisplayName    string `json:"displayName"`
	ProfilePicture *Icon  `json:"profilePicture"`
	// Operations are set if Expand asked for them.
	Operations []Operation `json:"operations"`
}

// Icon is a picture. Its size is in pixels.
type Icon struct {
	// Path is relative to the site.
	Path      string `json:"path"`
	Width     int    `json:"width"`
	Height    int    `json:"height"`
	IsDefault bool   `json:"isDefault"`
}

// Operation is something that the caller may do, such as create a page.
type Operation struct {
	Operation  string `json:"operation"`
	TargetType string `json:"targetType"`
}

// Space is a space.
type Space struct {
	ID     int64  `json:"id"`
	Key    string `json:"key"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Status string `json:"status"`
}

// Group is a group of people.
type Group struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Type is group.
	Type string `json:"type"`
	// UsageType is USERBASE_GROUP or TEAM_COLLABORATION.
	UsageType string `json:"usageType"`
	// ManagedBy is ADMINS, EXTERNAL, TEAM_MEMBERS or OPEN.
	ManagedBy string `json:"managedBy"`
}

// UserOptions choose what else to return about people. Zero values are left out.
type UserOptions struct {
	// Expand takes operations and personalSpace, for the anonymous user only
	// operations. It also takes isExternalCollaborator, which has lost its
	// meaning.
	Expand []string `url:"expand,omitempty,comma"`
}

// MemberOfOptions choose a page. Zero values are left out.
type MemberOfOptions struct {
	Start int `url:"start,omitempty"`
	// Limit is 200 by default; Confluence may lower it.
	Limit int `url:"limit,omitempty"`
}

// accountQuery addresses a person.
type accountQuery struct {
	AccountID string `url:"accountId"`
}

// UsersService reads people.
type UsersService service

// Anonymous returns the user that stands for people without an account.
//
// GET /wiki/rest/api/user/anonymous. Permission: access to Confluence. Scope:
// READ. Statuses: 200, 403.
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-users/#api-wiki-rest-api-user-anonymous-get
func (s *UsersService) Anonymous(ctx context.Context, opts UserOptions) (AnonymousUser, error) {
	return get[AnonymousUser](ctx, s.rest, "/wiki/rest/api/user/anonymous", opts)
}

// Current returns the user who makes the calls: a person, or the app's own user.
//
// GET /wiki/rest/api/user/current. Permission: access to Confluence. Scope:
// READ. Statuses: 200, 403.
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-users/#api-wiki-rest-api-user-current-get
func (s *UsersService) Current(ctx context.Context, opts UserOptions) (User, error) {
	return get[User](ctx, s.rest, "/wiki/rest/api/user/current", opts)
}

// Get returns one person.
//
// GET /wiki/rest/api/user. Permission: access to Confluence. Scope: READ. Statuses:
// 200, 401, 403, 404.
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-users/#api-wiki-rest-api-user-get
func (s *UsersService) Get(ctx context.Context, accountID string, opts UserOptions) (User, error) {
	return get[User](ctx, s.rest, "/wiki/rest/api/user", struct {
		AccountID string   `url:"accountId"`
		Expand    []string `url:"expand,omitempty,comma"`
	}{accountID, opts.Expand})
}

// Bulk returns several people. One call returns at most 100 (200 before 2026), so
// it makes several calls for more, one after the other.
//
// GET /wiki/rest/api/user/bulk. Permission: access to Confluence. Scope: READ.
// Statuses: 200, 403.
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-users/#api-wiki-rest-api-user-bulk-get
func (s *UsersService) Bulk(ctx context.Context, accountIDs []string, opts UserOptions) ([]User, error) {
	var users []User
	for ids := range slices.Chunk(accountIDs, maxBulk) {
		page, err := getPage[User](ctx, s.rest, "/wiki/rest/api/user/bulk", struct {
			AccountIDs []string `url:"accountId"`
			Expand     []string `url:"expand,omitempty,comma"`
		}{ids, opts.Expand})
		if err != nil {
			return nil, err
		}
		users = append(users, page.Results...)
	}
	return users, nil
}

// MemberOf returns one page of the groups that a person is in.
//
// GET /wiki/rest/api/user/memberof. Permission: access to Confluence. Scope:
// READ. Statuses: 200, 403.
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-users/#api-wiki-rest-api-user-memberof-get
func (s *UsersService) MemberOf(ctx context.Context, accountID string, opts MemberOfOptions) (Page[Group], error) {
	return getPage[Group](ctx, s.rest, "/wiki/rest/api/user/memberof", struct {
		AccountID string `url:"accountId"`
		Start     int    `url:"start,omitempty"`
		Limit     int    `url:"limit,omitempty"`
	}{accountID, opts.Start, opts.Limit})
}

// MemberOfAll walks every page of MemberOf from opts.Start on.
func (s *UsersService) MemberOfAll(ctx context.Context, accountID string, opts MemberOfOptions) iter.Seq2[Group, error] {
	return each(s, opts.Start, groupID, func(s *UsersService, start int) (Page[Group], error) {
		opts.Start = start
		return s.MemberOf(ctx, accountID, opts)
	})
}

func groupID(g Group) string { return cmp.Or(g.ID, g.Name) }
