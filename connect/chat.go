package connect

import (
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
	ClientID     string
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

// Verify checks a token in the query as jwt or in the Authorization header as
// Bearer, HS256, not expired (15 s of skew), issued by our own client id, for
// one conversation. A refusal is an [*AuthError].
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
	return &ChatCaller{context: c.Context, account: AccountID(c.Subject)}, nil
}

func (v *ChatVerifier) checkClaims(c *chatClaims) error {
	switch {
	case v.ClientID == "" || c.Issuer != v.ClientID:
		return refuse(CodeIssuer, "not our client id")
	case c.Context.Cloud == "" || c.Context.Resource == "":
		return refuse(CodeChatContext, "no site or no conversation")
	case c.Context.Type != "" && c.Context.Type != "conversation":
		return refuse(CodeChatContext, "not a conversation")
	}
	return nil
}

// ChatInstall is the body of the chat platform's installed and uninstalled
// calls, one for each conversation.
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
}

// Lifecycle verifies an installed or uninstalled call; body is all that was
// read from r. The site and conversation of the body must be those of the
// token.
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
	return in, nil
}
