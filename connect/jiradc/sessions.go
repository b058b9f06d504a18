package jiradc

import (
	"context"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// SessionsService ends people's login sessions.
type SessionsService service

// Delete logs a person out everywhere.
//
// DELETE /rest/api/2/user/session/{username}. Permission: Jira administrator.
// Statuses: 200, 401, 403, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-session-username-delete
func (s *SessionsService) Delete(ctx context.Context, username string) error {
	return do(ctx, s.rest, rest.Request{
		Method: http.MethodDelete, Path: "/rest/api/2/user/session/{username}", Params: []string{username},
	})
}
