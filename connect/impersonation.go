package connect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	impersonationURL = "https://oauth-2-authorization-server.services.atlassian.com/oauth2/token"
	jwtBearerGrant   = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	assertionLife    = time.Minute
	exchangeTime     = 10 * time.Second
	maxTokenBody     = 64 << 10
	maxTokenLife     = 24 * time.Hour
)

// ErrImpersonation says that the app cannot act as a person: nobody is given,
// the tenant has no OAuth client, or a *TokenError.
var ErrImpersonation = errors.New("cannot act as the user")

var (
	oauthWord = regexp.MustCompile(`\A[A-Za-z0-9_.-]{1,64}\z`)
	// bearerToken is what RFC 6750 allows as a bearer token.
	bearerToken = regexp.MustCompile(`\A[A-Za-z0-9._~+/-]+=*\z`)
)

// TokenError says that the token endpoint gave no token. It is an
// ErrImpersonation.
type TokenError struct {
	Status int
	// Code is the OAuth error, such as invalid_grant, if it is a plain word.
	Code string
}

// Error names status and code.
func (e *TokenError) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("token refused: status %d", e.Status)
	}
	return fmt.Sprintf("token refused: status %d %s", e.Status, e.Code)
}

// Is makes every TokenError an ErrImpersonation.
func (e *TokenError) Is(target error) bool { return target == ErrImpersonation }

// Temporary reports whether trying again may help.
func (e *TokenError) Temporary() bool {
	return e.Status == http.StatusTooManyRequests || e.Status >= 500
}

// exchange fetches a new token of a person and when it ends.
// See https://developer.atlassian.com/cloud/jira/platform/user-impersonation-for-connect-apps/
func (o *Outbound) exchange(ctx context.Context, t *Tenant, account AccountID, scopes string) (Secret, time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, exchangeTime)
	defer cancel()
	asked := clock(o.Now)()
	req, err := o.tokenRequest(ctx, t, account, scopes, asked)
	if err != nil {
		return Secret{}, time.Time{}, err
	}
	// The transport itself follows no redirect with the assertion.
	resp, err := o.base().RoundTrip(req)
	if err != nil {
		return Secret{}, time.Time{}, fmt.Errorf("exchange assertion: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxTokenBody))
	if err != nil {
		return Secret{}, time.Time{}, fmt.Errorf("exchange assertion: %w", err)
	}
	token, life, err := readUserToken(resp.StatusCode, data)
	return token, asked.Add(life), err
}

func (o *Outbound) tokenRequest(ctx context.Context, t *Tenant, account AccountID, scopes string, now time.Time) (*http.Request, error) {
	endpoint := o.TokenURL
	if endpoint == "" {
		endpoint = impersonationURL
	}
	u, err := url.Parse(endpoint)
	if err != nil || callOrigin(u) == "" {
		return nil, errors.New("token url is not usable")
	}
	assertion, err := signAssertion(t, account, u.Scheme+"://"+u.Host, now)
	if err != nil {
		return nil, err
	}
	form := url.Values{"grant_type": {jwtBearerGrant}, "assertion": {assertion}}
	if scopes != "" {
		form.Set("scope", scopes)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, errors.New("token url is not usable")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	if o.UserAgent != "" {
		req.Header.Set("User-Agent", o.UserAgent)
	}
	return req, nil
}

func signAssertion(t *Tenant, account AccountID, audience string, now time.Time) (string, error) {
	switch {
	case account == "":
		return "", fmt.Errorf("%w: no account", ErrImpersonation)
	case t.OAuthClientID == "":
		return "", fmt.Errorf("%w: no oauth client id", ErrImpersonation)
	case t.SharedSecret.IsZero():
		return "", errNoSecret
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": "urn:atlassian:connect:clientid:" + t.OAuthClientID,
		"sub": "urn:atlassian:connect:useraccountid:" + string(account),
		"tnt": t.BaseURL,
		"aud": audience,
		"iat": now.Unix(),
		"exp": now.Add(assertionLife).Unix(),
	}).SignedString([]byte(t.SharedSecret.Reveal()))
}

// readUserToken reads the endpoint's answer. What it says besides a token and
// one plain word goes no further.
func readUserToken(status int, data []byte) (Secret, time.Duration, error) {
	var answer struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
		Error       string `json:"error"`
	}
	err := json.Unmarshal(data, &answer)
	if err == nil && status == http.StatusOK && bearerToken.MatchString(answer.AccessToken) {
		life := min(max(answer.ExpiresIn, 0), int64(maxTokenLife/time.Second))
		return NewSecret(answer.AccessToken), time.Duration(life) * time.Second, nil
	}
	refused := &TokenError{Status: status}
	if oauthWord.MatchString(answer.Error) {
		refused.Code = answer.Error
	}
	return Secret{}, 0, refused
}
