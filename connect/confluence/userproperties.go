package confluence

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"regexp"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

const (
	userPropertiesPath = "/wiki/rest/api/user/{userId}/property"
	userPropertyPath   = "/wiki/rest/api/user/{userId}/property/{key}"
	// maxKeys is how many keys a page holds at most.
	maxKeys = 25
)

// ErrNotObject says that a value was not sent because it is not a JSON object.
var ErrNotObject = errors.New("value of a user property is not a json object")

var notInKey = regexp.MustCompile(`[^-_a-zA-Z0-9]`)

// UserProperty is a person's property.
type UserProperty[T any] struct {
	ID           string    `json:"id"`
	Key          string    `json:"key"`
	Value        T         `json:"value"`
	Created      time.Time `json:"createdDate"`
	LastModified time.Time `json:"lastModifiedDate"`
}

// UserPropertyListOptions choose a page. Zero values are left out.
type UserPropertyListOptions struct {
	Start int `url:"start,omitempty"`
	// Limit is 5 by default and 25 at most.
	Limit int `url:"limit,omitempty"`
}

// UserPropertiesService reads and writes the properties of people, where an app can
// keep a person's preferences. They belong to the site, not to a space or a page.
//
// A key may hold letters, digits, - and _; any other is not sent and the error
// wraps rest.ErrLimit. A value must be a JSON object; any other is not sent and the
// error wraps [ErrNotObject]. Confluence also limits the length of both and the
// number of an app's properties, but publishes no figures.
type UserPropertiesService service

// Keys returns one page of the keys of a person's properties.
//
// GET /wiki/rest/api/user/{userId}/property. Permission: access to Confluence.
// Scope: READ. Limit: 25 keys a page. Statuses: 200, 400, 401, 403, 404.
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-user-properties/#api-wiki-rest-api-user-userid-property-get
func (s *UserPropertiesService) Keys(ctx context.Context, accountID string, opts UserPropertyListOptions) (Page[string], error) {
	if err := rest.CheckLimit("user property keys on a page", maxKeys, opts.Limit); err != nil {
		return Page[string]{}, err
	}
	page, err := getPage[UserProperty[rest.None]](ctx, s.rest, userPropertiesPath, opts, accountID)
	keys := make([]string, 0, len(page.Results))
	for _, property := range page.Results {
		keys = append(keys, property.Key)
	}
	return Page[string]{Results: keys, Start: page.Start, Limit: page.Limit, Size: page.Size, Links: page.Links, Skipped: page.Skipped}, err
}

// KeysAll walks every page of Keys from opts.Start on, 25 keys a page unless
// opts.Limit is less.
func (s *UserPropertiesService) KeysAll(ctx context.Context, accountID string, opts UserPropertyListOptions) iter.Seq2[string, error] {
	if opts.Limit == 0 {
		opts.Limit = maxKeys
	}
	return each(s, opts.Start, itself, func(s *UserPropertiesService, start int) (Page[string], error) {
		opts.Start = start
		return s.Keys(ctx, accountID, opts)
	})
}

// GetUserProperty returns a person's property.
//
// GET /wiki/rest/api/user/{userId}/property/{key}. Permission: access to
// Confluence. Scope: READ. Statuses: 200, 400, 401, 403, 404 (person or
// property).
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-user-properties/#api-wiki-rest-api-user-userid-property-key-get
func GetUserProperty[T any](ctx context.Context, c *Client, accountID, key string) (UserProperty[T], error) {
	if err := checkKey(key); err != nil {
		return UserProperty[T]{}, err
	}
	return get[UserProperty[T]](ctx, c.rest, userPropertyPath, nil, accountID, key)
}

// CreateProperty makes a property that a person does not have yet.
//
// POST /wiki/rest/api/user/{userId}/property/{key}. Permission: access to
// Confluence. Scope: WRITE. Statuses: 201, 400, 401, 403, 404 (person), 409
// (the property exists).
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-user-properties/#api-wiki-rest-api-user-userid-property-key-post
func (s *UserPropertiesService) CreateProperty(ctx context.Context, accountID, key string, value any) error {
	return s.write(ctx, http.MethodPost, accountID, key, value)
}

// UpdateProperty replaces the value of a property that a person has.
//
// PUT /wiki/rest/api/user/{userId}/property/{key}. Permission: access to
// Confluence. Scope: WRITE. Statuses: 204, 400, 401, 403, 404 (person or
// property).
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-user-properties/#api-wiki-rest-api-user-userid-property-key-put
func (s *UserPropertiesService) UpdateProperty(ctx context.Context, accountID, key string, value any) error {
	return s.write(ctx, http.MethodPut, accountID, key, value)
}

// SetProperty writes a person's property and reports whether it is new. Confluence
// has separate calls: this updates the property, creates it if there is none, and
// updates it once more if somebody else created it in between.
func (s *UserPropertiesService) SetProperty(ctx context.Context, accountID, key string, value any) (created bool, err error) {
	err = s.UpdateProperty(ctx, accountID, key, value)
	if !errors.Is(err, rest.ErrNotFound) {
		return false, err
	}
	err = s.CreateProperty(ctx, accountID, key, value)
	if !errors.Is(err, rest.ErrConflict) {
		return err == nil, err
	}
	return false, s.UpdateProperty(ctx, accountID, key, value)
}

// DeleteProperty removes a person's property.
//
// DELETE /wiki/rest/api/user/{userId}/property/{key}. Permission: access to
// Confluence. Scope: WRITE. Statuses: 204, 400, 401, 403, 404 (person or
// property).
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-user-properties/#api-wiki-rest-api-user-userid-property-key-delete
func (s *UserPropertiesService) DeleteProperty(ctx context.Context, accountID, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	return do(ctx, s.rest, rest.Request{Method: http.MethodDelete, Path: userPropertyPath, Params: []string{accountID, key}})
}

func (s *UserPropertiesService) write(ctx context.Context, method, accountID, key string, value any) error {
	if err := checkKey(key); err != nil {
		return err
	}
	body, err := encodeValue(value)
	if err != nil {
		return err
	}
	return do(ctx, s.rest, rest.Request{Method: method, Path: userPropertyPath, Params: []string{accountID, key}, Body: body})
}

func checkKey(key string) error {
	return rest.CheckLimit("characters of a user property key other than -, _, a-z, A-Z and 0-9", 0, len(notInKey.FindAllString(key, -1)))
}

type valueBody struct {
	Value json.RawMessage `json:"value"`
}

func encodeValue(value any) (valueBody, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return valueBody{}, fmt.Errorf("encode user property: %w", err)
	}
	if !bytes.HasPrefix(data, []byte("{")) {
		return valueBody{}, ErrNotObject
	}
	return valueBody{data}, nil
}

// itself is the key of a record that is one.
func itself(key string) string { return key }
