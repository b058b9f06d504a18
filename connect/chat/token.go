package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"
)

const (
	maxTokenBody = 64 << 10
	maxTokenLife = 24 * time.Hour
	tokenTimeout = 10 * time.Second
)

// TokenError says that the token endpoint gave no token.
type TokenError struct {
	Status int
	// Code is the OAuth error, such as access_denied, if it is a plain word.
	Code string
}

// Error names status and code.
func (e *TokenError) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("chat token refused: status %d", e.Status)
	}
	return fmt.Sprintf("chat token refused: status %d %s", e.Status, e.Code)
}

// Temporary reports whether trying again may help.
func (e *TokenError) Temporary() bool {
	return e.Status == http.StatusTooManyRequests || e.Status >= 500
}

var (
	plainWord = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)
	// bearer is what RFC 6750 allows as a bearer token.
	bearer = regexp.MustCompile(`^[A-Za-z0-9._~+/-]+=*$`)
)

type tokenRequest struct {
	GrantType    string `json:"grant_type"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	Audience     string `json:"audience,omitempty"`
}

type tokenAnswer struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int64  `json:"expires_in"`
	Error       string `json:"error"`
}

// fetch asks for a new token.
func (c *Credentials) fetch(ctx context.Context) (string, time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	if c.ClientSecret == nil {
		return "", time.Time{}, errors.New("fetch chat token: no client secret")
	}
	asked := c.now()
	resp, err := c.askToken(ctx)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("fetch chat token for %s: %w", c.ClientID, err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxTokenBody))
	if err != nil {
		return "", time.Time{}, fmt.Errorf("fetch chat token for %s: %w", c.ClientID, err)
	}
	answer, err := readToken(resp.StatusCode, data)
	if err != nil {
		return "", time.Time{}, err
	}
	life := min(max(answer.ExpiresIn, 0), int64(maxTokenLife/time.Second))
	return answer.AccessToken, asked.Add(time.Duration(life) * time.Second), nil
}

func (c *Credentials) askToken(ctx context.Context) (*http.Response, error) {
	body, err := json.Marshal(tokenRequest{"client_credentials", c.ClientID, c.ClientSecret(), c.Audience})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.TokenURL, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("token url is not usable")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	// The transport itself follows no redirect with the secret.
	return c.base().RoundTrip(req)
}

func readToken(status int, data []byte) (tokenAnswer, error) {
	var answer tokenAnswer
	err := json.Unmarshal(data, &answer)
	if err == nil && status == http.StatusOK && bearer.MatchString(answer.AccessToken) {
		return answer, nil
	}
	refused := &TokenError{Status: status}
	if plainWord.MatchString(answer.Error) {
		refused.Code = answer.Error
	}
	return tokenAnswer{}, refused
}
