package connect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

const (
	impersonationURL = "https://oauth-2-authorization-server.services.atlassian.com/oauth2/token"
	jwtBearerGrant   = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	assertionLife    = time.Minute
	exchangeTime     = 10 * time.Second
)

// ErrImpersonation says that the app cannot act as a person: no account was
// given, the tenant has no OAuth client, or the token endpoint gave no token,
// which is a [*TokenError] too.
var ErrImpersonation = errors.New("cannot act as the user")

// ErrTokenUnavailable says that the token endpoint did not answer, or not to the
// end.
var ErrTokenUnavailable = errors.New("the token endpoint gave no answer")

// TokenError says that the token endpoint gave no token; the error that a call
// returns then is an [ErrImpersonation] too. Its Status is the HTTP status
// (int) and its Code the OAuth error, such as invalid_grant, empty if the
// endpoint sent none that is one plain word; Temporary reports whether a later
// try may succeed (any status but 4xx, and 408 and 429).
type TokenError = wire.TokenError

// renewEarly is how long before its end a token is replaced.
const renewEarly = time.Minute

// tokenKey says whose token it is and what for. The generation makes a new
// install forget the old one's tokens.
type tokenKey struct {
	tenant     TenantID
	client     ClientKey
	generation int64
	account    AccountID
	scopes     string
}

// userToken is a person's token; its address tells it from a later one.
type userToken struct{ text Secret }

// Size is the token's length in bytes.
func (t *userToken) Size() int { return len(t.text.Reveal()) }

// exchange fetches a new token of a person, kept until a minute before its
// end.
// See https://developer.atlassian.com/cloud/jira/platform/user-impersonation-for-connect-apps/
func (o *Outbound) exchange(ctx context.Context, t *Tenant, account AccountID, scopes string) (*userToken, time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, exchangeTime)
	defer cancel()
	asked := clock(o.Now)()
	req, err := o.tokenRequest(ctx, t, account, scopes, asked)
	if err != nil {
		return nil, time.Time{}, err
	}
	// The transport itself follows no redirect with the assertion.
	resp, err := o.base().RoundTrip(req)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("exchange assertion: %w: %w", ErrTokenUnavailable, err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, life, err := wire.ReadToken(ctx, resp)
	if refused := (*TokenError)(nil); errors.As(err, &refused) {
		return nil, time.Time{}, fmt.Errorf("%w: %w", ErrImpersonation, refused)
	}
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("exchange assertion: %w: %w", ErrTokenUnavailable, err)
	}
	return &userToken{NewSecret(text)}, asked.Add(life - renewEarly), nil
}

func (o *Outbound) tokenRequest(ctx context.Context, t *Tenant, account AccountID, scopes string, now time.Time) (*http.Request, error) {
	endpoint := o.TokenURL
	if endpoint == "" {
		endpoint = impersonationURL
	}
	u, err := url.Parse(endpoint)
	if err != nil || wire.Origin(u) == "" {
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
