package jiradc

import (
	"context"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// User is a person.
type User struct {
	Self         string `json:"self"`
	Key          string `json:"key"`
	Name         string `json:"name"`
	DisplayName  string `json:"displayName"`
	EmailAddress string `json:"emailAddress"`
	Active       bool   `json:"active"`
	Deleted      bool   `json:"deleted"`
	// TimeZone is an IANA name.
	TimeZone string `json:"timeZone"`
	// Locale is a language and country such as en_AU.
	Locale    string `json:"locale"`
	LastLogin Time   `json:"lastLoginTime"`
	// AvatarURLs are keyed by size: 16x16, 24x24, 32x32, 48x48.
	AvatarURLs map[string]string `json:"avatarUrls"`
	// Groups and ApplicationRoles are nil in lists of people.
	Groups           *List[Group]           `json:"groups"`
	ApplicationRoles *List[ApplicationRole] `json:"applicationRoles"`
}

// List is a list within another object. Items may be fewer than Size.
type List[T any] struct {
	Size  int `json:"size"`
	Items []T `json:"items"`
}

// Group is a group of people.
type Group struct {
	Name string `json:"name"`
	Self string `json:"self"`
}

// ApplicationRole is access to an application, such as jira-software.
type ApplicationRole struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// UserDetails are the details of a person that can be written. Zero values are left
// out; those details stay as they are.
type UserDetails struct {
	// Self and Key are given by Jira.
	Self         string `json:"self,omitempty"`
	Key          string `json:"key,omitempty"`
	Name         string `json:"name,omitempty"`
	DisplayName  string `json:"displayName,omitempty"`
	EmailAddress string `json:"emailAddress,omitempty"`
	Active       *bool  `json:"active,omitempty"`
	// Notification is the format of the mail to a new person; empty sends none.
	Notification string `json:"notification,omitempty"`
	// ApplicationKeys are the applications that the person has access to.
	ApplicationKeys []string `json:"applicationKeys,omitempty"`
	// Password is empty in all answers. A new person without one gets a random
	// one.
	Password Password `json:"-"`
}

// UserGetOptions widen what Get finds. Zero values are left out.
type UserGetOptions struct {
	// IncludeDeleted finds deleted people too; for Jira administrators.
	IncludeDeleted bool
}

// UsersService reads, searches and writes people.
type UsersService service

const userPath = "/rest/api/2/user"

// Get returns one person.
//
// GET /rest/api/2/user. Permission: logged in. Statuses: 200, 401, 403, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-get
func (s *UsersService) Get(ctx context.Context, user UserRef, opts UserGetOptions) (User, error) {
	return get[User](ctx, s.rest, userPath, struct {
		Key            string `url:"key,omitempty"`
		Username       string `url:"username,omitempty"`
		IncludeDeleted bool   `url:"includeDeleted,omitempty"`
	}{user.Key, user.Username, opts.IncludeDeleted})
}

// Create makes a person and returns the details that Jira stored. Name, DisplayName
// and EmailAddress are required. Experimental.
//
// POST /rest/api/2/user. Permission: to create users. Statuses: 201, 400, 401,
// 403, 500.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-post
func (s *UsersService) Create(ctx context.Context, details UserDetails) (UserDetails, error) {
	return send[UserDetails](ctx, s.rest, rest.Request{
		Method: http.MethodPost, Path: userPath, Body: details.body(), Header: experimental(),
	})
}

// Update changes the details that are given and returns those that Jira stored.
// Experimental.
//
// PUT /rest/api/2/user. Permission: to edit users. Statuses: 200, 400, 401,
// 403, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-put
func (s *UsersService) Update(ctx context.Context, user UserRef, details UserDetails) (UserDetails, error) {
	return send[UserDetails](ctx, s.rest, rest.Request{
		Method: http.MethodPut, Path: userPath, Query: refQuery(user), Body: details.body(), Header: experimental(),
	})
}

// Delete removes a person and the references to them, but not those of a
// person of the same name in another directory. Experimental.
//
// DELETE /rest/api/2/user. Permission: to remove users. Statuses: 204, 400,
// 401, 403, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-delete
func (s *UsersService) Delete(ctx context.Context, user UserRef) error {
	return do(ctx, s.rest, rest.Request{
		Method: http.MethodDelete, Path: userPath, Query: refQuery(user), Header: experimental(),
	})
}

// detailsBody is the one place where a password leaves its type.
type detailsBody struct {
	UserDetails
	Password string `json:"password,omitempty"`
}

func (d UserDetails) body() detailsBody {
	return detailsBody{UserDetails: d, Password: string(d.Password)}
}
