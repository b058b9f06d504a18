package connect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

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
