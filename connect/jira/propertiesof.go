package jira

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/sightline-go/sightline/connect/rest"
)

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
	return rest.Each(0, func(int) ([]string, int, bool, error) {
		keys, err := p.client.UserProperties.Keys(ctx, p.accountID)
		return keys, 0, false, err
	})
}

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
