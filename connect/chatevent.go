package connect

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// ChatEvent is what a webhook of the chat says happened in a conversation.
// Only a [ChatVerifier] makes one.
type ChatEvent struct {
	// Cloud and Conversation are where, as the token says.
	Cloud        CloudID
	Conversation string
	// Action is create, update, delete, archive or unarchive, and of a roster
	// add or remove. The platform may invent more.
	Action string
	// User came or went; empty but for a roster's.
	User AccountID
	// Initiator is who did it, where the platform says so.
	Initiator AccountID
}

// Webhook verifies an event; body is all that was read from r. The site and
// conversation of the body must be those of the token.
func (v *ChatVerifier) Webhook(r *http.Request, body []byte) (ChatEvent, error) {
	c, err := v.Verify(r)
	if err != nil {
		return ChatEvent{}, err
	}
	var in chatEventBody
	if err := decodeBody(r, body, &in, "cloudId", "conversation", "action"); err != nil {
		return ChatEvent{}, err
	}
	if in.CloudID != c.Cloud() || in.Conversation.ID != c.Conversation() {
		return ChatEvent{}, refuse(CodeChatBody, "the body is about another conversation than the token")
	}
	return ChatEvent{
		Cloud: c.Cloud(), Conversation: c.Conversation(),
		Action: in.Action, User: in.User.ID, Initiator: in.Initiator.ID,
	}, nil
}

type chatEventBody struct {
	Action       string                 `json:"action"`
	CloudID      CloudID                `json:"cloudId"`
	Conversation chatEventPlace         `json:"conversation"`
	User         struct{ ID AccountID } `json:"user"`
	Initiator    struct{ ID AccountID } `json:"initiator"`
}

// chatEventPlace is a conversation with its details, or its id alone: the
// platform's clients do not agree on what a roster event holds.
type chatEventPlace struct{ ID string }

// UnmarshalJSON implements [json.Unmarshaler].
func (p *chatEventPlace) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte(`"`)) {
		return json.Unmarshal(data, &p.ID)
	}
	var details struct {
		ID string `json:"id"`
	}
	err := json.Unmarshal(data, &details)
	p.ID = details.ID
	return err
}
