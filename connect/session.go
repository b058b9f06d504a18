package connect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	sessionTime    = 15 * time.Minute
	sessionType    = "session+jwt" // header typ
	sessionUse     = "session"     // claim token_use
	sessionKeySize = 32
)

// Sessions mints and verifies tokens of the app's own: a page gets one when it is
// loaded, and its script sends it back. They are signed with the app's own keys,
// never with a tenant's secret, and marked, so that neither can pass for the
// other.
type Sessions struct {
	// Keys are 32 bytes each. The first signs, all verify.
	Keys [][]byte
	// AppKey is the app's key, the issuer of every session.
	AppKey string
	// TTL is how long a session lasts; 0 means 15 minutes.
	TTL time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time

	tokens tokenReader
}

type sessionClaims struct {
	claims
	Use        string   `json:"token_use"`
	Tenant     TenantID `json:"tenant"`
	Generation int64    `json:"generation"`
	Dashboard  string   `json:"dashboard,omitempty"`
	Item       string   `json:"item,omitempty"`
}

// Mint makes a session for the caller. It is bound to the tenant's present
// install, the account and the dashboard item; a zero item binds it to none. The
// only error is a missing or short signing key.
func (s *Sessions) Mint(c *Caller, item DashboardItem) (Secret, error) {
	if len(s.Keys) == 0 || len(s.Keys[0]) != sessionKeySize {
		return Secret{}, fmt.Errorf("mint session: no signing key of %d bytes", sessionKeySize)
	}
	now, ttl := clock(s.Now)(), s.TTL
	if ttl == 0 {
		ttl = sessionTime
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, &sessionClaims{
		claims: claims{
			Issuer: s.AppKey, Subject: string(c.account), Audience: jwt.ClaimStrings{string(c.tenant.ClientKey)},
			IssuedAt: now.Unix(), Expires: now.Add(ttl).Unix(),
		},
		Use: sessionUse, Tenant: c.tenant.ID, Generation: c.tenant.Generation,
		Dashboard: item.Dashboard, Item: item.Item,
	})
	token.Header["typ"] = sessionType
	text, err := token.SignedString(s.Keys[0])
	if err != nil {
		return Secret{}, fmt.Errorf("mint session: %w", err)
	}
	return NewSecret(text), nil
}

// Session verifies a token of [Sessions.Mint]. A session ends when its time is
// over, and at once when the tenant is installed anew, disabled or uninstalled. A
// token that somebody else issued is refused with [CodeNotSession].
func (v *Verifier) Session(r *http.Request) (*Caller, error) {
	in, err := readInbound(r, "JWT")
	if err != nil {
		return nil, err
	}
	if v.Sessions == nil {
		return nil, refuse(CodeNotSession, "no sessions here")
	}
	c, err := v.Sessions.verify(in.token)
	if err != nil {
		return nil, err
	}
	t, err := v.sessionTenant(r.Context(), c)
	if err != nil {
		return nil, err
	}
	return &Caller{tenant: t, account: AccountID(c.Subject), item: DashboardItem{c.Dashboard, c.Item}}, nil
}

func (s *Sessions) verify(raw string) (*sessionClaims, error) {
	now := clock(s.Now)
	tokens := s.tokens.ready(now, leeway)
	c := new(sessionClaims)
	token, err := tokens.parse(raw, jwt.SigningMethodHS256, c)
	if err != nil {
		return nil, err
	}
	if c.Issuer != s.AppKey || c.Use != sessionUse || token.Header["typ"] != sessionType {
		return nil, refuse(CodeNotSession, "issued by somebody else or for another use")
	}
	if !s.signed(token) {
		return nil, refuse(CodeSignature, "")
	}
	return c, tokens.checkTimes(c, now())
}

func (s *Sessions) signed(token *jwt.Token) bool {
	for _, key := range s.Keys {
		if len(key) == sessionKeySize && verifies(token, key) {
			return true
		}
	}
	return false
}

// sessionTenant finds the tenant as it was when the session was minted. A
// remembered tenant that has changed is looked up once more.
func (v *Verifier) sessionTenant(ctx context.Context, c *sessionClaims) (*Tenant, error) {
	key := ClientKey(c.firstAudience())
	t, err := findTenant(ctx, v.Tenants.TenantByClientKey, key)
	if r, ok := v.Tenants.(reloader); ok && err == nil && !c.isOf(t) {
		t, err = findTenant(ctx, r.Reload, key)
	}
	var refused *AuthError
	switch {
	case errors.As(err, &refused), err == nil && !c.isOf(t):
		return nil, refuse(CodeSession, "the tenant is not what it was")
	case err != nil:
		return nil, err
	}
	return t, nil
}

func (c *sessionClaims) isOf(t *Tenant) bool {
	return t.State == StateActive && t.ID == c.Tenant && t.Generation == c.Generation
}
