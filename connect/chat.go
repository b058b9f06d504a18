package connect

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// chatLeeway is how far the chat platform's clock may be off ours.
const chatLeeway = 15 * time.Second

// ChatVerifier checks the requests of the chat platform, which signs with the
// OAuth client secret that the app has there. All fields are set before the
// first use. It is safe for concurrent use.
type ChatVerifier struct {
	// ClientID is the app's OAuth client id on the platform, the issuer of its
	// tokens.
	ClientID string
	// ClientSecret is the client's secret; an empty one refuses everything.
	ClientSecret Secret
	// Now is the clock, time.Now when nil.
	Now func() time.Time

	tokens tokenReader
}

// ChatCaller is the conversation and person behind a verified request. Only a
// [ChatVerifier] makes one.
type ChatCaller struct {
	context chatContext
	account AccountID
	issued  time.Time
}

// Cloud is the site of the conversation.
func (c *ChatCaller) Cloud() CloudID { return c.context.Cloud }

// Conversation is the id of the conversation.
func (c *ChatCaller) Conversation() string { return c.context.Resource }

// Account is the acting person.
func (c *ChatCaller) Account() AccountID { return c.account }

type chatClaims struct {
	claims
	Context chatContext `json:"context"`
}

type chatContext struct {
	Cloud    CloudID `json:"cloudId"`
	Resource string  `json:"resourceId"`
	Type     string  `json:"resourceType"`
}

// Verify checks a request's token, which is in the query as jwt or in the
// Authorization header as Bearer: HS256, not expired (clocks may differ by 15
// seconds), issued by our own client id, for one conversation. A refusal is an
// [*AuthError].
func (v *ChatVerifier) Verify(r *http.Request) (*ChatCaller, error) {
	in, err := readInbound(r, "Bearer")
	if err != nil {
		return nil, err
	}
	now := clock(v.Now)
	tokens := v.tokens.ready(now, chatLeeway)
	c := new(chatClaims)
	token, err := tokens.parse(in.token, jwt.SigningMethodHS256, c)
	if err != nil {
		return nil, err
	}
	if v.ClientSecret.IsZero() || !verifies(token, []byte(v.ClientSecret.Reveal())) {
		return nil, refuse(CodeSignature, "")
	}
	if err := tokens.checkTimes(c, now()); err != nil {
		return nil, err
	}
	if err := v.checkClaims(c); err != nil {
		return nil, err
	}
	caller := &ChatCaller{context: c.Context, account: AccountID(c.Subject)}
	if c.IssuedAt > 0 {
		caller.issued = time.Unix(c.IssuedAt, 0)
	}
	return caller, nil
}

func (v *ChatVerifier) checkClaims(c *chatClaims) error {
	switch {
	case v.ClientID == "" || c.Issuer != v.ClientID:
		return refuse(CodeIssuer, "issued by "+seen(c.Issuer)+", not our client id")
	case c.Context.Cloud == "" || c.Context.Resource == "":
		return refuse(CodeChatContext, "no site or no conversation")
	case c.Context.Type != "" && c.Context.Type != "conversation":
		return refuse(CodeChatContext, "not a conversation")
	}
	return nil
}

// ChatInstall is the body of the chat platform's installed and uninstalled
// calls. Each is about one conversation.
type ChatInstall struct {
	Key           string    `json:"key"`
	ProductType   string    `json:"productType"`
	CloudID       CloudID   `json:"cloudId"`
	ResourceType  string    `json:"resourceType"`
	ResourceID    string    `json:"resourceId"` // the conversation
	EventType     string    `json:"eventType"`
	UserID        AccountID `json:"userId"`
	OAuthClientID string    `json:"oauthClientId"`
	Version       string    `json:"version"`
	// IssuedAt is when the platform issued the call; zero if its token does not
	// say.
	IssuedAt time.Time `json:"-"`
}

// Lifecycle verifies an installed or uninstalled call. body is the whole body of
// r. It must be about the site and conversation that the token is for. A refusal
// is an [*AuthError], a body that cannot be read a [*BodyError].
func (v *ChatVerifier) Lifecycle(r *http.Request, body []byte) (ChatInstall, error) {
	c, err := v.Verify(r)
	if err != nil {
		return ChatInstall{}, err
	}
	var in ChatInstall
	if err := decodeBody(r, body, &in, "key", "cloudId", "resourceId", "oauthClientId", "eventType"); err != nil {
		return ChatInstall{}, err
	}
	switch {
	case in.CloudID != c.Cloud() || in.ResourceID != c.Conversation():
		return ChatInstall{}, refuse(CodeChatBody, "the body is about another conversation than the token")
	case in.OAuthClientID != "" && in.OAuthClientID != v.ClientID:
		return ChatInstall{}, refuse(CodeChatBody, "the body is about another client id")
	}
	in.IssuedAt = c.issued
	return in, nil
}

// ChatEvent is something that happened in a conversation, as a webhook reports it.
// Only a [ChatVerifier] makes one.
type ChatEvent struct {
	// Cloud and Conversation are where, as the token says.
	Cloud        CloudID
	Conversation string
	// Action is create, update, delete, archive or unarchive for a conversation,
	// add or remove for its roster. The platform may send others.
	Action string
	// User is the person who came or left; empty for all but rosters.
	User AccountID
	// Initiator is the person who did it; empty if the platform does not say.
	Initiator AccountID
	// IssuedAt is when the platform sent it; zero if its token does not say.
	IssuedAt time.Time
}

// Webhook verifies an event. body is the whole body of r. It must be about the
// site and conversation that the token is for. A refusal is an [*AuthError], an
// event of another shape an [*IgnoredError]: it is the platform's, and would come
// again if it were refused.
func (v *ChatVerifier) Webhook(r *http.Request, body []byte) (ChatEvent, error) {
	c, err := v.Verify(r)
	if err != nil {
		return ChatEvent{}, err
	}
	var in chatEventBody
	if err := decodeBody(r, body, &in, "cloudId", "conversation", "action"); err != nil {
		return ChatEvent{}, &IgnoredError{Reason: IgnoredShape, Detail: err.Error()}
	}
	switch {
	case in.CloudID == "" || in.Conversation == "":
		return ChatEvent{}, &IgnoredError{Reason: IgnoredShape, Detail: "no site or no conversation"}
	case in.CloudID != looseID(c.Cloud()) || string(in.Conversation) != c.Conversation():
		return ChatEvent{}, refuse(CodeChatBody, "the body is about another conversation than the token")
	}
	return ChatEvent{
		Cloud: c.Cloud(), Conversation: c.Conversation(),
		Action: string(in.Action), User: AccountID(in.User), Initiator: AccountID(in.Initiator), IssuedAt: c.issued,
	}, nil
}

type chatEventBody struct {
	Action       looseID `json:"action"`
	CloudID      looseID `json:"cloudId"`
	Conversation looseID `json:"conversation"`
	User         looseID `json:"user"`
	Initiator    looseID `json:"initiator"`
}

// looseID is an id by itself or in an object with its details: the platform's
// clients do not agree on what an event holds. Anything else is no id.
type looseID string

// UnmarshalJSON implements [json.Unmarshaler]. It never fails.
func (i *looseID) UnmarshalJSON(data []byte) error {
	var details struct {
		ID string `json:"id"`
	}
	if bytes.HasPrefix(data, []byte(`"`)) {
		_ = json.Unmarshal(data, &details.ID) // not a text: no id
	} else if json.Unmarshal(data, &details) != nil {
		details.ID = ""
	}
	*i = looseID(details.ID)
	return nil
}
