package chat

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect/internal/kept"
	"github.com/sightline-go/sightline/connect/internal/wire"
	"github.com/sightline-go/sightline/connect/rest"
)

// renewEarly is how long before its end a token is replaced.
const renewEarly = time.Minute

// Credentials is a transport that adds a bearer token to calls to the chat
// platform. It gets the token by OAuth 2.0 client credentials, once for all who
// wait, keeps it until a minute before it expires, and replaces it once after a
// 401. A call to another origin is not made: the error wraps
// rest.ErrForeignOrigin. It is safe for concurrent use.
// See https://developer.atlassian.com/cloud/stride/rest/
type Credentials struct {
	// TokenURL is the token endpoint, for example
	// https://api.atlassian.com/oauth/token.
	TokenURL string
	// ClientID is the app's OAuth client id.
	ClientID string
	// ClientSecret returns the client's secret. It is a function so that
	// nothing prints it.
	ClientSecret func() string
	// Audience names the API to the token endpoint, for example
	// api.atlassian.com; empty sends none.
	Audience string
	// BaseURL is the platform's address; empty means the origin of TokenURL.
	BaseURL string
	// Base carries the calls; nil means http.DefaultTransport.
	Base http.RoundTripper
	// Now is the clock; nil means time.Now.
	Now func() time.Time

	tokens kept.Values[string, *token] // by client id
}

// token is a bearer token; its address tells it from a later one.
type token struct{ text string }

// Size is the token's length in bytes.
func (t *token) Size() int { return len(t.text) }

// RoundTrip makes the call with a token. If the token endpoint gives none, the
// error is a [*TokenError].
func (c *Credentials) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := c.check(req); err != nil {
		wire.CloseBody(req)
		return nil, err
	}
	tok, err := c.token(req.Context())
	if err != nil {
		wire.CloseBody(req)
		return nil, err
	}
	resp, err := c.call(req, req.Body, tok)
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	c.tokens.DropValue(c.ClientID, tok)
	return c.again(req, resp)
}

// again makes a call that was answered 401 a second time, if its body can be
// read a second time.
func (c *Credentials) again(req *http.Request, refused *http.Response) (*http.Response, error) {
	body, err := wire.Rewind(req)
	if err != nil {
		return refused, nil //nolint:nilerr // the first answer stands
	}
	wire.Drain(refused.Body)
	_ = refused.Body.Close()
	tok, err := c.token(req.Context())
	if err != nil {
		_ = body.Close()
		return nil, err
	}
	return c.call(req, body, tok)
}

func (c *Credentials) call(req *http.Request, body io.ReadCloser, tok *token) (*http.Response, error) {
	out := req.Clone(req.Context())
	out.Body = body
	out.Header.Set("Authorization", "Bearer "+tok.text)
	return c.base().RoundTrip(out)
}

// check keeps the token at home, whatever address or redirect comes along.
func (c *Credentials) check(req *http.Request) error {
	home := c.BaseURL
	if home == "" {
		home = c.TokenURL
	}
	if err := rest.CheckOrigin(req, home); err != nil {
		return fmt.Errorf("call chat as %s: %w", c.ClientID, err)
	}
	return nil
}

func (c *Credentials) token(ctx context.Context) (*token, error) {
	return c.tokens.Get(ctx, c.clock(), c.ClientID, c.fetch)
}

func (c *Credentials) base() http.RoundTripper {
	if c.Base != nil {
		return c.Base
	}
	return http.DefaultTransport
}

func (c *Credentials) clock() func() time.Time {
	if c.Now != nil {
		return c.Now
	}
	return time.Now
}
