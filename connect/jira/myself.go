package jira

import "context"

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
