package connect

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	sessionTime    = 15 * time.Minute
	sessionType    = "session+jwt" // header typ
	sessionHeader  = `{"alg":"HS256","typ":"` + sessionType + `"}`
	sessionUse     = "session" // claim token_use
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
	// signers are of type *signer.
	signers sync.Pool
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
	text := s.sign(&sessionClaims{
		claims: claims{Issuer: s.AppKey, Subject: string(c.account), IssuedAt: now.Unix(), Expires: now.Add(ttl).Unix()},
		Use:    sessionUse, Tenant: c.tenant.ID, Generation: c.tenant.Generation,
		Dashboard: item.Dashboard, Item: item.Item,
	}, c.tenant.ClientKey)
	return NewSecret(text), nil
}

// signer signs sessions with the first key, and is reused.
type signer struct {
	mac  hash.Hash
	sum  [sha256.Size]byte
	text []byte
}

// sign writes a token for an audience. The JWT library and encoding/json would take
// several times the time and memory.
func (s *Sessions) sign(c *sessionClaims, audience ClientKey) string {
	by, ok := s.signers.Get().(*signer)
	if !ok {
		by = &signer{mac: hmac.New(sha256.New, s.Keys[0])}
	}
	defer s.signers.Put(by)
	var buffer [512]byte // most claims fit, and need no other memory
	data := c.appendJSON(buffer[:0], audience)
	text := base64.RawURLEncoding.AppendEncode(by.text[:0], []byte(sessionHeader))
	text = base64.RawURLEncoding.AppendEncode(append(text, '.'), data)
	by.mac.Reset()
	by.mac.Write(text)
	by.text = base64.RawURLEncoding.AppendEncode(append(text, '.'), by.mac.Sum(by.sum[:0]))
	return string(by.text)
}

// appendJSON writes claims of [Sessions.Mint]; what is empty is left out.
func (c *sessionClaims) appendJSON(to []byte, audience ClientKey) []byte {
	to = appendNumber(append(to, '{'), "exp", c.Expires)
	to = appendNumber(append(to, ','), "iat", c.IssuedAt)
	to = appendNumber(append(to, ','), "generation", c.Generation)
	for _, claim := range [...]struct{ name, text string }{
		{"iss", c.Issuer},
		{"sub", c.Subject},
		{"aud", string(audience)},
		{"token_use", c.Use},
		{"tenant", string(c.Tenant)},
		{"dashboard", c.Dashboard},
		{"item", c.Item},
	} {
		if claim.text != "" {
			to = appendText(append(to, ','), claim.name, claim.text)
		}
	}
	return append(to, '}')
}

func appendNumber(to []byte, name string, value int64) []byte {
	return strconv.AppendInt(append(append(append(to, '"'), name...), `":`...), value, 10)
}

func appendText(to []byte, name, text string) []byte {
	to = append(append(append(to, '"'), name...), `":`...)
	if isPlain(text) {
		return append(append(append(to, '"'), text...), '"')
	}
	quoted, _ := json.Marshal(text) // never fails for a text
	return append(to, quoted...)
}

// isPlain reports whether a text needs no escapes in JSON.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
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
