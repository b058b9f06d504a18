package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// GlanceState is the text that a glance shows to everybody in a conversation.
type GlanceState struct {
	// Label is plain text.
	Label string
	// Metadata must encode to a JSON object; nil means the empty one.
	Metadata any
}

// MarshalJSON always writes both members, as the platform replaces the whole
// state. Metadata that is not an object is an error.
func (s GlanceState) MarshalJSON() ([]byte, error) {
	metadata, err := json.Marshal(s.Metadata)
	if err != nil {
		return nil, fmt.Errorf("encode metadata: %w", err)
	}
	switch {
	case string(metadata) == "null":
		metadata = []byte("{}")
	case metadata[0] != '{':
		return nil, errors.New("encode metadata: not an object")
	}
	return json.Marshal(struct {
		Label    string          `json:"label"`
		Metadata json.RawMessage `json:"metadata"`
	}{s.Label, metadata})
}

// PutGlance replaces the state of the glance with the module key key in a
// conversation. It is safe to repeat.
//
// PUT /site/{cloudId}/conversation/{conversationId}/app/module/chat:glance/{key}/state.
// Scope: participate:conversation. Statuses: any 2xx, 400, 401, 403 (not
// installed there), 404, 429.
// https://developer.atlassian.com/cloud/stride/rest/
func (c *Client) PutGlance(ctx context.Context, cloudID, conversationID, key string, state GlanceState) error {
	return c.putState(ctx, "chat:glance", []string{cloudID, conversationID, key}, state)
}

// PutConfiguration tells the platform whether the app is set up in a
// conversation. It is safe to repeat.
//
// PUT /site/{cloudId}/conversation/{conversationId}/app/module/chat:configuration/{key}/state.
// Scope: participate:conversation. Statuses: as PutGlance.
// https://developer.atlassian.com/cloud/stride/rest/
func (c *Client) PutConfiguration(ctx context.Context, cloudID, conversationID, key string, configured bool) error {
	return c.putState(ctx, "chat:configuration", []string{cloudID, conversationID, key}, struct {
		Configured bool `json:"configured"`
	}{configured})
}

func (c *Client) putState(ctx context.Context, module string, params []string, state any) error {
	_, err := do[rest.None](ctx, c, rest.Request{
		Method: http.MethodPut,
		Path:   conversationPath + "/app/module/" + module + "/{key}/state",
		Params: params,
		Body:   state,
	})
	return err
}
