package jiradc

import (
	"context"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// ApplicationsService gives people access to applications, such as
// jira-software.
type ApplicationsService service

// AddUser gives a person access to an application. Experimental.
//
// POST /rest/api/2/user/application. Permission: Jira administrator. Statuses:
// 200, 400, 401, 403.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-application-post
func (s *ApplicationsService) AddUser(ctx context.Context, applicationKey, username string) error {
	return setAccess(ctx, s.rest, http.MethodPost, applicationKey, username)
}

// RemoveUser takes a person's access to an application away. Experimental.
//
// DELETE /rest/api/2/user/application. Permission: Jira administrator.
// Statuses: 204, 400, 401, 403.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-application-delete
func (s *ApplicationsService) RemoveUser(ctx context.Context, applicationKey, username string) error {
	return setAccess(ctx, s.rest, http.MethodDelete, applicationKey, username)
}

func setAccess(ctx context.Context, c *rest.Client, method, applicationKey, username string) error {
	return do(ctx, c, rest.Request{
		Method: method, Path: "/rest/api/2/user/application", Header: experimental(),
		Query: struct {
			ApplicationKey string `url:"applicationKey"`
			Username       string `url:"username"`
		}{applicationKey, username},
	})
}
