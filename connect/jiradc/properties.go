package jiradc

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/sightline-go/sightline/connect/rest"
)

// PropertiesOf returns a person's properties in the form that three services share.
// Permissions and statuses are those of [UserPropertiesService].
func (c *Client) PropertiesOf(user UserRef) rest.Properties {
	return properties{client: c, user: user}
}

// properties are one person's, as a rest.Properties.
type properties struct {
	client *Client
	user   UserRef
}

func (p properties) Keys(ctx context.Context) iter.Seq2[string, error] {
	itself := func(key string) string { return key }
	return rest.Each(p.client.rest, 0, itself, func(c *rest.Client, _ int) ([]string, int, bool, error) {
		keys, err := (&UserPropertiesService{c}).Keys(ctx, p.user)
		return keys, 0, false, err
	})
}

func (p properties) Get(ctx context.Context, key string, into any) error {
	value, err := GetUserProperty[json.RawMessage](ctx, p.client, p.user, key)
	if err != nil {
		return err
	}
	return rest.DecodeValue(value, into)
}

func (p properties) Set(ctx context.Context, key string, value any) (created bool, err error) {
	return p.client.UserProperties.SetProperty(ctx, p.user, key, value)
}

func (p properties) Delete(ctx context.Context, key string) error {
	return p.client.UserProperties.DeleteProperty(ctx, p.user, key)
}
