package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"unicode/utf8"

	"github.com/sightline-go/sightline/connect/rest"
)

// The limits of a property. A value is counted as it is sent.
const (
	maxPropertyKey   = 255
	maxPropertyValue = 32768
)

// properties is the property store of one object: keys of at most 255
// characters, values any JSON of at most 32,768.
type properties struct {
	api    api
	path   string
	params []string
	query  any
}

type propertyKey struct {
	Key string `json:"key"`
}

type property[T any] struct {
	Value T `json:"value"`
}

// EntityProperty is a property in the answer that holds its object.
type EntityProperty struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

func (p properties) keys(ctx context.Context) ([]string, error) {
	if err := p.check(""); err != nil {
		return nil, err
	}
	found, err := list[propertyKey, rest.None](ctx, p.api, p.path, "keys", p.query, p.params...)
	keys := make([]string, 0, len(found.Items))
	for _, k := range found.Items {
		keys = append(keys, k.Key)
	}
	return keys, err
}

func getProperty[T any](ctx context.Context, p properties, key string) (T, error) {
	value, _, err := callProperty[property[T]](ctx, p, http.MethodGet, key, nil)
	return value.Value, err
}

func (p properties) set(ctx context.Context, key string, value any) (bool, error) {
	// Encoded here so that it can be counted, and that nil is sent as null
	// instead of no body.
	data, err := json.Marshal(value)
	if err != nil {
		return false, fmt.Errorf("set property: encode value: %w", err)
	}
	if err := rest.CheckLimit("property value characters", maxPropertyValue, utf8.RuneCount(data)); err != nil {
		return false, err
	}
	_, resp, err := callProperty[rest.None](ctx, p, http.MethodPut, key, json.RawMessage(data))
	return err == nil && resp.Status == http.StatusCreated, err
}

func (p properties) remove(ctx context.Context, key string) error {
	_, _, err := callProperty[rest.None](ctx, p, http.MethodDelete, key, nil)
	return err
}

// check looks at what is limited in every call.
func (p properties) check(key string) error {
	if person, ok := p.query.(accountQuery); ok {
		if err := checkAccountID(person.AccountID); err != nil {
			return err
		}
	}
	return rest.CheckLimit("property key characters", maxPropertyKey, utf8.RuneCountInString(key))
}

func callProperty[T any](ctx context.Context, p properties, method, key string, body any) (T, *rest.Response, error) {
	if err := p.check(key); err != nil {
		var zero T
		return zero, nil, err
	}
	return do[T](ctx, p.api, rest.Request{
		Method: method,
		Path:   p.path + "/{propertyKey}",
		Params: append(p.params[:len(p.params):len(p.params)], key),
		Query:  p.query,
		Body:   body,
	})
}

// PropertiesOf returns a person's properties in the form that three services share.
// Permissions and scopes are those of [UserPropertiesService].
func (c *Client) PropertiesOf(accountID string) rest.Properties {
	return propertiesOf{client: c, accountID: accountID}
}

type propertiesOf struct {
	client    *Client
	accountID string
}

func (p propertiesOf) Keys(ctx context.Context) iter.Seq2[string, error] {
	return each(p.client.UserProperties, 0, itself, func(s *UserPropertiesService, _ int) ([]string, int, bool, error) {
		keys, err := s.Keys(ctx, p.accountID)
		return keys, 0, false, err
	})
}

// itself is the key of a record that is one.
func itself(key string) string { return key }

func (p propertiesOf) Get(ctx context.Context, key string, into any) error {
	value, err := GetUserProperty[json.RawMessage](ctx, p.client, p.accountID, key)
	if err != nil {
		return err
	}
	return rest.DecodeValue(value, into)
}

func (p propertiesOf) Set(ctx context.Context, key string, value any) (created bool, err error) {
	return p.client.UserProperties.SetProperty(ctx, p.accountID, key, value)
}

func (p propertiesOf) Delete(ctx context.Context, key string) error {
	return p.client.UserProperties.DeleteProperty(ctx, p.accountID, key)
}
