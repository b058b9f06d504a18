package confluence

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/sightline-go/sightline/connect/rest"
)

// PropertiesOf returns a person's properties in the form that three services share.
// Permissions, scopes and statuses are those of [UserPropertiesService]. Values
// must be JSON objects.
func (c *Client) PropertiesOf(accountID string) rest.Properties {
	return properties{client: c, accountID: accountID}
}

// properties are one person's, as a rest.Properties.
type properties struct {
	client    *Client
	accountID string
}

func (p properties) Keys(ctx context.Context) iter.Seq2[string, error] {
	return p.client.UserProperties.KeysAll(ctx, p.accountID, UserPropertyListOptions{})
}

func (p properties) Get(ctx context.Context, key string, into any) error {
	property, err := GetUserProperty[json.RawMessage](ctx, p.client, p.accountID, key)
	if err != nil {
		return err
	}
	return rest.DecodeValue(property.Value, into)
}

func (p properties) Set(ctx context.Context, key string, value any) (created bool, err error) {
	return p.client.UserProperties.SetProperty(ctx, p.accountID, key, value)
}

func (p properties) Delete(ctx context.Context, key string) error {
	return p.client.UserProperties.DeleteProperty(ctx, p.accountID, key)
}
