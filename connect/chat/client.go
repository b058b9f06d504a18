package chat

import (
	"context"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

// Client calls one chat platform. It keeps each conversation's limit of 100 calls
// a minute: a call that exceeds it waits for its turn, or fails at once with
// [ErrTooManyCalls] if its context would end before that. It is safe for
// concurrent use.
type Client struct {
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Sleep waits or returns the context's error; nil means rest.Sleep.
	Sleep func(ctx context.Context, d time.Duration) error

	rest  *rest.Client
	turns turns
}

// New returns a client of the platform at baseURL, for example
// https://api.atlassian.com, that calls with hc.
func New(hc *http.Client, baseURL string) (*Client, error) {
	c, err := rest.New(hc, baseURL)
	if err != nil {
		return nil, err
	}
	return &Client{rest: c}, nil
}

const conversationPath = "/site/{cloudId}/conversation/{conversationId}"

// do makes a call about the conversation that its first two parameters name,
// in its turn.
func do[T any](ctx context.Context, c *Client, r rest.Request) (T, error) {
	if err := c.wait(ctx, conversation{r.Params[0], r.Params[1]}); err != nil {
		var zero T
		return zero, err
	}
	value, _, err := rest.Do[T](ctx, c.rest, r)
	return value, err
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}
