package chat

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

// renewEarly is how long before its end a token is replaced.
const renewEarly = time.Minute

// Credentials is a transport that adds a bearer token, got by OAuth 2.0 client
// credentials, to calls to the chat platform; a call elsewhere is
// rest.ErrForeignOrigin and not made. A token is fetched once for all who
// wait, kept until a minute before its end, and after a 401 replaced once.
// See https://developer.atlassian.com/cloud/stride/rest/
type Credentials struct {
	// TokenURL is where tokens are made, for example
	// https://api.atlassian.com/oauth/token.
	TokenURL string
	ClientID string
	// ClientSecret gives the secret; a function, so that nothing prints it.
	ClientSecret func() string
	// Audience names the API to the token endpoint, for example
	// api.atlassian.com; empty sends none.
	Audience string
	// BaseURL is the platform's address if its origin is not TokenURL's.
	BaseURL string
	// Base carries the calls; nil means http.DefaultTransport.
	Base http.RoundTripper
	// Now is the clock; nil means time.Now.
	Now func() time.Time

	mu      sync.Mutex
	current *token
}

// token is a bearer token, or one that is being fetched until done is closed.
type token struct {
	done    chan struct{}
	text    string
	expires time.Time
	err     error
}

// RoundTrip makes the call with a token.
func (c *Credentials) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := c.check(req); err != nil {
		closeBody(req)
		return nil, err
	}
	tok, err := c.token(req.Context())
	if err != nil {
		closeBody(req)
		return nil, err
	}
	resp, err := c.call(req, req.Body, tok)
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	c.drop(tok)
	return c.again(req, resp)
}

// again makes a call that was answered 401 a second time, if its body can be
// read a second time.
func (c *Credentials) again(req *http.Request, refused *http.Response) (*http.Response, error) {
	body, ok := replayBody(req)
	if !ok {
		return refused, nil
	}
	_, _ = io.CopyN(io.Discard, refused.Body, maxTokenBody)
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

func replayBody(req *http.Request) (io.ReadCloser, bool) {
	if req.Body == nil || req.Body == http.NoBody {
		return http.NoBody, true
	}
	if req.GetBody == nil {
		return nil, false
	}
	body, err := req.GetBody()
	return body, err == nil
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
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

// token returns the current token, or waits for the one that is being fetched.
// The fetch belongs to nobody: who gives up leaves it to the others.
func (c *Credentials) token(ctx context.Context) (*token, error) {
	tok := c.currentOrFetch(ctx)
	select {
	case <-tok.done:
		return tok, tok.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *Credentials) currentOrFetch(ctx context.Context) *token {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil && c.usable(c.current) {
		return c.current
	}
	tok := &token{done: make(chan struct{})}
	c.current = tok
	go func() {
		tok.text, tok.expires, tok.err = c.fetch(context.WithoutCancel(ctx))
		if tok.err != nil {
			c.drop(tok)
		}
		close(tok.done)
	}()
	return tok
}

// usable reports whether a token is being fetched or good for a while.
func (c *Credentials) usable(tok *token) bool {
	select {
	case <-tok.done:
		return c.now().Before(tok.expires.Add(-renewEarly))
	default:
		return true
	}
}

func (c *Credentials) drop(tok *token) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == tok {
		c.current = nil
	}
}

func (c *Credentials) base() http.RoundTripper {
	if c.Base != nil {
		return c.Base
	}
	return http.DefaultTransport
}

func (c *Credentials) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}
