package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/rest"
)

// kept is a store of properties in memory.
type kept map[string]json.RawMessage

func (k kept) Keys(context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for key := range maps.Keys(k) {
			if !yield(key, nil) {
				return
			}
		}
	}
}

func (k kept) Get(_ context.Context, key string, into any) error {
	value, ok := k[key]
	if !ok {
		return &rest.Error{Status: 404}
	}
	return rest.DecodeValue(value, into)
}

func (k kept) Set(_ context.Context, key string, value any) (bool, error) {
	_, had := k[key]
	data, err := json.Marshal(value)
	k[key] = data
	return !had, err
}

func (k kept) Delete(_ context.Context, key string) error {
	delete(k, key)
	return nil
}

func TestGetProperty(t *testing.T) {
	t.Parallel()
	type preferences struct{ Pinned []string }
	var store rest.Properties = kept{"p": json.RawMessage(`{"Pinned":["ann"]}`), "n": json.RawMessage(`"secret"`)}
	got, err := rest.GetProperty[preferences](t.Context(), store, "p")
	if err != nil || len(got.Pinned) != 1 || got.Pinned[0] != "ann" {
		t.Errorf("got %+v, %v, want ann", got, err)
	}
	if _, err := rest.GetProperty[preferences](t.Context(), store, "q"); !errors.Is(err, rest.ErrNotFound) {
		t.Errorf("missing: got %v, want ErrNotFound", err)
	}
	_, err = rest.GetProperty[preferences](t.Context(), store, "n")
	if !errors.Is(err, rest.ErrUnreadable) || strings.Contains(err.Error(), "secret") {
		t.Errorf("another shape: got %v, want ErrUnreadable that quotes nothing", err)
	}
}
