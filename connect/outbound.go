package connect

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/internal/kept"
	"github.com/sightline-go/sightline/connect/internal/wire"
)

// ErrForeignOrigin says that a call, or a redirect of one, was aimed at
// another origin than that of the tenant's BaseURL. Nothing was sent.
var ErrForeignOrigin = wire.ErrForeignOrigin

// Outbound makes the transports that authenticate calls to a tenant's REST
// API. They fit below anything that takes an [net/http.Client]: retries and
// limits go on top, so that each attempt is signed anew.
//
// Both refuse every URL whose origin is not that of the tenant's BaseURL, and
// a body on GET and HEAD, which the host refuses. Errors name the tenant and
// hold no token and no secret.
//
// An Outbound keeps the tokens of users; make one and share it.
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

// App returns the transport of calls that the app makes as itself: each
// carries a JWT of its own, valid for three minutes.
// See https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/
func (o *Outbound) App(t *Tenant) http.RoundTripper {
	return &appTransport{out: o, tenant: *t}
}

// User returns the transport of calls that the app makes as a person, within
// the given scopes of its descriptor, or all of them when none is given. It
// needs the scope ACT_AS_USER.
//
// The person's token is kept until a minute before its end, and fetched once
// for all who wait for it. A call that the API answers with 401 is made once
// more with a new token. When no token is to be had the error is
// ErrImpersonation, and a *TokenError if the token endpoint said no.
// See https://developer.atlassian.com/cloud/jira/platform/user-impersonation-for-connect-apps/
func (o *Outbound) User(t *Tenant, account AccountID, scopes ...string) http.RoundTripper {
	return &userTransport{out: o, tenant: *t, account: account, scopes: joinScopes(scopes)}
}

// Forget drops all tokens of a tenant's users, for when it is installed anew
// or uninstalled.
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
