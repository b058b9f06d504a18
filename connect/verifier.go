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

	"github.com/sightline-go/sightline/connect/internal/qsh"
)

// Verifier checks every kind of request that a Connect app gets. Each method
// accepts one kind of token and no other. A refusal is an [*AuthError] (answer
// 401); any other error means that the answer is not known (answer 500).
//
// All fields are set before the first use and not changed after it. It is safe
// for concurrent use.
type Verifier struct {
	// AppKey is the app's key from its descriptor.
	AppKey string
	// BaseURLs are the public base URLs, the canonical one first. An install
	// must be addressed to one of them. Their paths are not hashed.
	BaseURLs []string
	// Hosts are the sites that may install the app.
	Hosts HostPatterns
	// Tenants finds the tenant of a token; a [TenantCache] saves most readings.
	Tenants TenantFinder
	// Keys finds the public keys of install tokens.
	Keys KeySet
	// Sessions verifies session tokens; nil refuses all of them.
	Sessions *Sessions
	// Now is the clock; nil means time.Now.
	Now func() time.Time

	tokens tokenReader
}

// reloader is a TenantFinder that may be behind the truth and can be told to
// look again.
type reloader interface {
	Reload(ctx context.Context, key ClientKey) (*Tenant, error)
}

// Host verifies a host token: the host itself signed it for this very address,
// that of an iframe page or a webhook of an active tenant. The hash of method,
// path and query must match; a context token never passes.
// See https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/
func (v *Verifier) Host(r *http.Request) (*Caller, error) {
	in, err := readInbound(r, "JWT")
	if err != nil {
		return nil, err
	}
	c, t, err := v.host(r.Context(), in.token, StateActive)
	if err != nil {
		return nil, err
	}
	if err := v.checkQSH(&in, c.QSH); err != nil {
		return nil, err
	}
	return &Caller{tenant: t, account: AccountID(c.Subject)}, nil
}

// Context verifies a context token, which the host's script hands to an iframe.
// It names the tenant and the person and is bound to no address. Check yourself
// what the person may do.
// See https://developer.atlassian.com/cloud/jira/platform/cacheable-app-iframes/
func (v *Verifier) Context(r *http.Request) (*Caller, error) {
	in, err := readInbound(r, "JWT")
	if err != nil {
		return nil, err
	}
	c, t, err := v.host(r.Context(), in.token, StateActive)
	if err != nil {
		return nil, err
	}
	switch c.QSH {
	case contextQSH:
		return &Caller{tenant: t, account: AccountID(c.Subject)}, nil
	case "":
		return nil, refuse(CodeQSHMissing, "")
	}
	return nil, refuse(CodeQSHNotContext, "not a context token")
}

// host reads a token that is signed with the tenant's shared secret and checks
// all but the query string hash.
func (v *Verifier) host(ctx context.Context, raw string, states ...State) (*hostClaims, *Tenant, error) {
	now := clock(v.Now)
	tokens := v.tokens.ready(now, leeway)
	c := new(hostClaims)
	token, err := tokens.parse(raw, jwt.SigningMethodHS256, c)
	if err != nil {
		return nil, nil, err
	}
	if err := v.checkHostClaims(c); err != nil {
		return nil, nil, err
	}
	t, err := v.signer(ctx, token, ClientKey(c.Issuer), states)
	if err != nil {
		return nil, nil, err
	}
	return c, t, tokens.checkHostTimes(c, now())
}

func (v *Verifier) checkHostClaims(c *hostClaims) error {
	switch {
	case c.Issuer == "":
		return refuse(CodeIssuer, "no issuer")
	case c.Issuer == v.AppKey:
		return refuse(CodeIssuer, "issued by the app itself")
	case len(c.Audience) > 0 && c.firstAudience() != c.Issuer:
		return refuse(CodeAudience, "not for the issuing tenant")
	}
	return nil
}

// signer finds the tenant whose secret signed the token. A remembered tenant
// that did not sign it is looked up once more, as its secret may have changed
// elsewhere.
func (v *Verifier) signer(ctx context.Context, token *jwt.Token, key ClientKey, states []State) (*Tenant, error) {
	t, err := findTenant(ctx, v.Tenants.TenantByClientKey, key)
	if err != nil {
		return nil, err
	}
	err = signedBy(token, t, states)
	r, ok := v.Tenants.(reloader)
	if err == nil || !ok {
		return t, err
	}
	if t, err = findTenant(ctx, r.Reload, key); err != nil {
		return nil, err
	}
	return t, signedBy(token, t, states)
}

// findTenant keeps an unknown tenant apart from a failure to find out.
func findTenant(ctx context.Context, find func(context.Context, ClientKey) (*Tenant, error), key ClientKey) (*Tenant, error) {
	t, err := find(ctx, key)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, refuse(CodeUnknownTenant, "")
	case err != nil:
		return nil, fmt.Errorf("find tenant: %w", err)
	}
	return t, nil
}

func signedBy(token *jwt.Token, t *Tenant, states []State) error {
	switch {
	case !slices.Contains(states, t.State):
		return refuse(CodeInactiveTenant, "tenant is "+string(t.State))
	case t.SharedSecret.IsZero():
		return refuse(CodeInactiveTenant, "tenant has no shared secret")
	case !verifies(token, []byte(t.SharedSecret.Reveal())):
		return refuse(CodeSignature, "")
	}
	return nil
}

// checkQSH compares the hash of a token with that of the request: under each
// base path that we have, and for a form posted without a query that of the
// form. Both orders of names are tried.
func (v *Verifier) checkQSH(in *inbound, got string) error {
	switch got {
	case "":
		return refuse(CodeQSHMissing, "")
	case contextQSH:
		return refuse(CodeQSHContext, "a context token where a signed address is due")
	}
	bases := v.BaseURLs
	if len(bases) == 0 {
		bases = []string{""}
	}
	for _, order := range []qsh.Order{qsh.ByName, qsh.ByEncodedName} {
		for _, base := range bases {
			if in.matches(basePath(base), got, order) {
				return nil
			}
		}
	}
	return &AuthError{
		Code: CodeQSHMismatch, Detail: "signed for another address",
		Got: got, Want: string(in.canonical(nil, basePath(bases[0]), false, qsh.ByName)),
	}
}

func (in *inbound) matches(basePath, got string, order qsh.Order) bool {
	var buffer [1 << 10]byte // most requests fit, and need no other memory
	if qsh.Matches(got, in.canonical(buffer[:0], basePath, false, order)) {
		return true
	}
	return in.formCounts() && qsh.Matches(got, in.canonical(buffer[:0], basePath, true, order))
}

// basePath is the path of a base URL, without a slash at the end.
func basePath(baseURL string) string {
	_, rest, _ := strings.Cut(baseURL, "://")
	slash := strings.IndexByte(rest, '/')
	if slash < 0 {
		return ""
	}
	return strings.TrimSuffix(rest[slash:], "/")
}
