package connect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/internal/kept"
	"github.com/sightline-go/sightline/connect/internal/wire"
)

// ErrForeignOrigin says that a call, or a redirect of one, was aimed at
// another origin than that of the tenant's BaseURL. Nothing was sent.
var ErrForeignOrigin = wire.ErrForeignOrigin

// Outbound makes the transports that authenticate calls to a tenant's REST API.
// They work below anything that takes an [net/http.Client]. Retries and limits go
// on top, so that each attempt is signed anew.
//
// The transports refuse every origin but that of the tenant's BaseURL, with
// [ErrForeignOrigin], and a body on GET and HEAD, which the host would refuse.
// Their errors name the tenant and hold no token and no secret.
//
// An Outbound keeps up to 16 MiB of tokens: make one and share it. It
// is safe for concurrent use.
type Outbound struct {
	// AppKey is the app's key from its descriptor, the issuer of its tokens.
	AppKey string
	// UserAgent is sent by calls that set none, for example sightline/1.0.
	UserAgent string
	// Base carries the calls and the token exchanges; nil means
	// http.DefaultTransport.
	Base http.RoundTripper
	// TokenURL is where an assertion is exchanged for a user's token; its
	// origin is the assertion's audience. Empty means Atlassian's.
	TokenURL string
	// Now is the clock; nil means time.Now.
	Now func() time.Time

	tokens kept.Values[tokenKey, *userToken]
}

// App returns a transport for calls that the app makes as itself. Each call
// carries a JWT of its own that is valid for three minutes.
// See https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/
func (o *Outbound) App(t *Tenant) http.RoundTripper {
	return &appTransport{out: o, tenant: *t}
}

// User returns a transport for calls that the app makes as a person, within the
// given scopes of its descriptor, or all of them if none is given. The app needs
// the scope ACT_AS_USER.
//
// The person's token is kept until a minute before it expires and is fetched once
// for all who wait for it. A call that the API answers with 401 is made once more
// with a new token. If no token can be got the error is [ErrImpersonation], and
// also a [*TokenError] if the token endpoint refused.
// See https://developer.atlassian.com/cloud/jira/platform/user-impersonation-for-connect-apps/
func (o *Outbound) User(t *Tenant, account AccountID, scopes ...string) http.RoundTripper {
	return &userTransport{out: o, tenant: *t, account: account, scopes: joinScopes(scopes)}
}

// Forget drops the tokens of all people of a tenant. Call it when the tenant is
// installed anew or uninstalled.
func (o *Outbound) Forget(id TenantID) {
	o.tokens.Drop(func(key tokenKey) bool { return key.tenant == id })
}

func (o *Outbound) base() http.RoundTripper {
	if o.Base != nil {
		return o.Base
	}
	return http.DefaultTransport
}

// joinScopes brings scopes into the form of the token request, so that the
// same ones in another order share a token.
func joinScopes(scopes []string) string {
	upper := make([]string, len(scopes))
	for i, scope := range scopes {
		upper[i] = strings.ToUpper(scope)
	}
	slices.Sort(upper)
	return strings.Join(slices.Compact(upper), " ")
}

// callLife is how long the JWT of a call is valid.
const callLife = 3 * time.Minute

var (
	errBodyOnGet = errors.New("a GET or HEAD with a body")
	errNoSecret  = errors.New("no shared secret")
)

// callClaims are those of the JWT of one call.
type callClaims struct {
	jwt.RegisteredClaims
	QSH string `json:"qsh"`
}

// appTransport signs calls as the app.
type appTransport struct {
	out    *Outbound
	tenant Tenant
}

// RoundTrip signs a copy of the request and sends it.
func (a *appTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	call, err := a.out.outgoing(req, &a.tenant)
	if err != nil {
		return nil, refuseCall(req, &a.tenant, err)
	}
	token, err := a.out.signCall(call, &a.tenant)
	if err != nil {
		return nil, refuseCall(req, &a.tenant, err)
	}
	call.Header.Set("Authorization", "JWT "+token)
	return a.out.send(call, &a.tenant)
}

func (o *Outbound) signCall(call *http.Request, t *Tenant) (string, error) {
	if t.SharedSecret.IsZero() {
		return "", errNoSecret
	}
	now := clock(o.Now)()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, callClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    o.AppKey,
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(callLife)),
			Audience:  jwt.ClaimStrings{string(t.ClientKey)},
		},
		QSH: QSH(call.Method, call.URL.EscapedPath(), call.URL.RawQuery, basePath(t.BaseURL)),
	}).SignedString([]byte(t.SharedSecret.Reveal()))
}

// userTransport calls as a person.
type userTransport struct {
	out     *Outbound
	tenant  Tenant
	account AccountID
	scopes  string
}

// RoundTrip sends a copy of the request with the person's token, and once more
// with a new one if the API does not take the first.
func (u *userTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	call, err := u.out.outgoing(req, &u.tenant)
	if err != nil {
		return nil, refuseCall(req, &u.tenant, err)
	}
	token, err := u.authorize(call)
	if err != nil {
		return nil, refuseCall(req, &u.tenant, err)
	}
	resp, err := u.out.send(call, &u.tenant)
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	u.out.tokens.DropValue(u.key(), token)
	return u.again(call, resp)
}

// again repeats a refused call if its body can be read a second time.
func (u *userTransport) again(call *http.Request, refused *http.Response) (*http.Response, error) {
	body, err := wire.Rewind(call)
	if err != nil {
		return refused, nil //nolint:nilerr // the first answer stands
	}
	wire.Drain(refused.Body)
	_ = refused.Body.Close()
	call = call.Clone(call.Context())
	call.Body = body
	if _, err := u.authorize(call); err != nil {
		return nil, refuseCall(call, &u.tenant, err)
	}
	return u.out.send(call, &u.tenant)
}

func (u *userTransport) authorize(call *http.Request) (*userToken, error) {
	token, err := u.out.tokens.Get(call.Context(), clock(u.out.Now), u.key(), u.fetch)
	if err != nil {
		return nil, err
	}
	call.Header.Set("Authorization", "Bearer "+token.text.Reveal())
	return token, nil
}

func (u *userTransport) key() tokenKey {
	return tokenKey{u.tenant.ID, u.tenant.ClientKey, u.tenant.Generation, u.account, u.scopes}
}

func (u *userTransport) fetch(ctx context.Context) (*userToken, time.Time, error) {
	return u.out.exchange(ctx, &u.tenant, u.account, u.scopes)
}

// outgoing returns a copy of the request that may be sent to the tenant, or
// why it may not.
func (o *Outbound) outgoing(req *http.Request, t *Tenant) (*http.Request, error) {
	if wire.CheckOrigin(req, t.BaseURL) != nil { // a tenant without a usable address has no origin
		return nil, ErrForeignOrigin
	}
	if wire.HasBody(req) && (req.Method == "" || req.Method == http.MethodGet || req.Method == http.MethodHead) {
		return nil, errBodyOnGet
	}
	call := req.Clone(req.Context())
	if o.UserAgent != "" && len(call.Header.Values("User-Agent")) == 0 {
		call.Header.Set("User-Agent", o.UserAgent)
	}
	if len(call.Header.Values("Accept")) == 0 {
		call.Header.Set("Accept", "application/json")
	}
	return call, nil
}

func (o *Outbound) send(call *http.Request, t *Tenant) (*http.Response, error) {
	resp, err := o.base().RoundTrip(call)
	if err != nil {
		return nil, fmt.Errorf("call tenant %s: %w", t.name(), err)
	}
	return resp, nil
}

// refuseCall ends a request that is not sent, as a transport must.
func refuseCall(req *http.Request, t *Tenant, err error) error {
	wire.CloseBody(req)
	return fmt.Errorf("call tenant %s: %w", t.name(), err)
}

// name is what errors call a tenant.
func (t *Tenant) name() string {
	if t.ID != "" {
		return string(t.ID)
	}
	return string(t.ClientKey)
}
