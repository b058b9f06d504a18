package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

// tokenTimeout bounds one exchange.
const tokenTimeout = 10 * time.Second

// TokenError says that the token endpoint gave no token. Its Status is the
// HTTP status (int) and its Code the OAuth error, such as access_denied, empty
// if the endpoint sent none that is one plain word; Temporary reports whether
// a later try may succeed (any status but 4xx, and 408 and 429).
type TokenError = wire.TokenError

type tokenRequest struct {
	GrantType    string `json:"grant_type"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	Audience     string `json:"audience,omitempty"`
}

// fetch asks for a new token. It is kept until a minute before its end.
func (c *Credentials) fetch(ctx context.Context) (*token, time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	if c.ClientSecret == nil {
		return nil, time.Time{}, errors.New("fetch chat token: no client secret")
	}
	asked := c.clock()()
	text, life, err := c.askToken(ctx)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("fetch chat token for %s: %w", c.ClientID, err)
	}
	return &token{text}, asked.Add(life - renewEarly), nil
}

func (c *Credentials) askToken(ctx context.Context) (string, time.Duration, error) {
	body, err := json.Marshal(tokenRequest{"client_credentials", c.ClientID, c.ClientSecret(), c.Audience})
	if err != nil {
		return "", 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.TokenURL, bytes.NewReader(body))
	if err != nil {
		return "", 0, errors.New("token url is not usable")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	// The transport itself follows no redirect with the secret.
	resp, err := c.base().RoundTrip(req)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	return wire.ReadToken(ctx, resp)
}
