package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"sightline/connect/rest"
)

// properties is the property store of one object: keys of at most 255
// characters, values any JSON of at most 32768.
type properties struct {
	rest   *rest.Client
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

func (p properties) request(method, key string) rest.Request {
	return rest.Request{
		Method: method,
		Path:   p.path + "/{propertyKey}",
		Params: append(p.params[:len(p.params):len(p.params)], key),
		Query:  p.query,
	}
}

func (p properties) keys(ctx context.Context) ([]string, error) {
	list, err := get[propertyKeys](ctx, p.rest, p.path, p.query, p.params...)
	keys := make([]string, 0, len(list.Keys))
	for _, k := range list.Keys {
		keys = append(keys, k.Key)
	}
	return keys, err
}

func getProperty[T any](ctx context.Context, p properties, key string) (T, error) {
	value, _, err := rest.Do[property[T]](ctx, p.rest, p.request(http.MethodGet, key))
	return value.Value, err
}

func (p properties) set(ctx context.Context, key string, value any) (bool, error) {
	r := p.request(http.MethodPut, key)
	// Encoded here so that nil is sent as null instead of no body.
	data, err := json.Marshal(value)
	if err != nil {
		return false, fmt.Errorf("%s %s: encode value: %w", r.Method, r.Path, err)
	}
	r.Body = json.RawMessage(data)
	_, resp, err := rest.Do[rest.None](ctx, p.rest, r)
	return err == nil && resp.Status == http.StatusCreated, err
}

func (p properties) remove(ctx context.Context, key string) error {
	_, _, err := rest.Do[rest.None](ctx, p.rest, p.request(http.MethodDelete, key))
	return err
}
