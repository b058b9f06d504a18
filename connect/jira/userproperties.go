package jira

import "context"

// UserPropertiesService reads and writes the properties of people, where an app
// can keep a person's preferences. They are not the properties that an
// administrator edits on Jira's pages. A key has at most 255 characters, a value
// is any JSON of at most 32,768 characters.
type UserPropertiesService service

func userProperties(a api, accountID string) properties {
	return properties{api: a, path: "/user/properties", query: accountQuery{accountID}}
}

// Keys returns the keys of a person's properties.
//
// GET /rest/api/3/user/properties. Permission: access to Jira for one's own,
// Administer Jira for others'. Scope: READ. Statuses: 200, 400, 401, 403, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-properties/#api-rest-api-3-user-properties-get
func (s *UserPropertiesService) Keys(ctx context.Context, accountID string) ([]string, error) {
	return userProperties(s.api, accountID).keys(ctx)
}

// GetUserProperty returns the value of a person's property.
//
// GET /rest/api/3/user/properties/{propertyKey}. Permission: access to Jira for
// one's own, Administer Jira for others'. Scope: READ. Statuses: 200, 400, 401,
// 403, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-properties/#api-rest-api-3-user-properties-propertykey-get
func GetUserProperty[T any](ctx context.Context, c *Client, accountID, key string) (T, error) {
	return getProperty[T](ctx, userProperties(c.api, accountID), key)
}

// SetProperty writes a person's property and reports whether it is new.
//
// PUT /rest/api/3/user/properties/{propertyKey}. Permission: access to Jira for
// one's own, Administer Jira for others'. Scope: WRITE. Statuses: 200, 201,
// 400, 401, 403, 404, 405.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-properties/#api-rest-api-3-user-properties-propertykey-put
func (s *UserPropertiesService) SetProperty(ctx context.Context, accountID, key string, value any) (created bool, err error) {
	return userProperties(s.api, accountID).set(ctx, key, value)
}

// DeleteProperty removes a person's property.
//
// DELETE /rest/api/3/user/properties/{propertyKey}. Permission: access to Jira
// for one's own, Administer Jira for others'. Scope: DELETE. Statuses: 204,
// 400, 401, 403, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-properties/#api-rest-api-3-user-properties-propertykey-delete
func (s *UserPropertiesService) DeleteProperty(ctx context.Context, accountID, key string) error {
	return userProperties(s.api, accountID).remove(ctx, key)
}
