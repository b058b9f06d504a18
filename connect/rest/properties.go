package rest

import (
	"context"
	"iter"
)

// Properties are the user properties of one person on any of the three services
// that have them (Jira, Jira Data Center, Confluence), for example their
// preferences.
type Properties interface {
	// Keys walks the keys of the person's properties.
	Keys(ctx context.Context) iter.Seq2[string, error]
	// Get decodes the value into what into points to. A property that does not
	// exist is an error that wraps ErrNotFound.
	Get(ctx context.Context, key string, into any) error
	// Set writes the value and reports whether the property is new, also where
	// the service has separate calls to create and to update.
	Set(ctx context.Context, key string, value any) (created bool, err error)
	// Delete removes the property. One that does not exist is an error that
	// wraps ErrNotFound.
	Delete(ctx context.Context, key string) error
}

// GetProperty returns the value of a property as T.
func GetProperty[T any](ctx context.Context, p Properties, key string) (T, error) {
	var value T
	err := p.Get(ctx, key, &value)
	return value, err
}
