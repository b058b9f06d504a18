package jiradc

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

const (
	userPropertiesPath = "/rest/api/2/user/properties"
	userPropertyPath   = "/rest/api/2/user/properties/{propertyKey}"

	maxKeyBytes   = 255
	maxValueBytes = 32768
)

// UserPropertiesService reads and writes the properties of people, where an app can
// keep a person's preferences. They are not the properties that an administrator
// edits on Jira's pages.
//
// A key has at most 255 bytes, a value is any JSON of at most 32,768 bytes.
type UserPropertiesService service

// Keys returns the keys of all properties of a person.
//
// GET /rest/api/2/user/properties. Permission: to browse the person. Statuses:
// 200, 400, 401, 403, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-properties-get
func (s *UserPropertiesService) Keys(ctx context.Context, user UserRef) ([]string, error) {
	found, err := list[struct {
		Key string `json:"key"`
	}, rest.None](ctx, s.rest, userPropertiesPath, "keys", propertyQuery(user))
	keys := make([]string, 0, len(found.Items))
	for _, k := range found.Items {
		keys = append(keys, k.Key)
	}
	return keys, err
}

// GetUserProperty returns the value of a person's property.
//
// GET /rest/api/2/user/properties/{propertyKey}. Permission: to browse the
// person. Statuses: 200, 400, 401, 403, 404 (person or property).
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-properties-propertykey-get
func GetUserProperty[T any](ctx context.Context, c *Client, user UserRef, key string) (T, error) {
	var p property[T]
	err := checkKey(key)
	if err == nil {
		p, err = get[property[T]](ctx, c.rest, userPropertyPath, propertyQuery(user), key)
	}
	return p.Value, err
}

// SetProperty writes a person's property and reports whether it is new.
//
// PUT /rest/api/2/user/properties/{propertyKey}. Permission: to administer the
// person. Statuses: 200, 201, 400, 401, 403, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-properties-propertykey-put
func (s *UserPropertiesService) SetProperty(ctx context.Context, user UserRef, key string, value any) (created bool, err error) {
	// Encoded here so that nil is sent as null instead of no body.
	data, err := json.Marshal(value)
	if err != nil {
		return false, fmt.Errorf("encode user property: %w", err)
	}
	if err := checkKey(key); err != nil {
		return false, err
	}
	if err := rest.CheckLimit("user property value bytes", maxValueBytes, len(data)); err != nil {
		return false, err
	}
	r := propertyRequest(http.MethodPut, user, key)
	r.Body = json.RawMessage(data)
	_, resp, err := rest.Do[rest.None](ctx, s.rest, r)
	return err == nil && resp.Status == http.StatusCreated, err
}

// DeleteProperty removes a person's property.
//
// DELETE /rest/api/2/user/properties/{propertyKey}. Permission: to administer
// the person. Statuses: 204, 400, 401, 403, 404 (person or property).
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-properties-propertykey-delete
func (s *UserPropertiesService) DeleteProperty(ctx context.Context, user UserRef, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	return do(ctx, s.rest, propertyRequest(http.MethodDelete, user, key))
}

type property[T any] struct {
	Value T `json:"value"`
}

// propertyQuery addresses a person under another name than refQuery does.
type propertyQuery struct {
	Key      string `url:"userKey,omitempty"`
	Username string `url:"username,omitempty"`
}

func propertyRequest(method string, user UserRef, key string) rest.Request {
	return rest.Request{Method: method, Path: userPropertyPath, Params: []string{key}, Query: propertyQuery(user)}
}

func checkKey(key string) error {
	return rest.CheckLimit("user property key bytes", maxKeyBytes, len(key))
}
