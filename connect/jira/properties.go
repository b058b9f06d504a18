package jira

import (
	"context"
	"encoding/json"
	"fmt"
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

type propertyKeys struct {
	Keys []struct {
		Key string `json:"key"`
	} `json:"keys"`
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
	list, err := get[propertyKeys](ctx, p.api, p.path, p.query, p.params...)
	keys := make([]string, 0, len(list.Keys))
	for _, k := range list.Keys {
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
