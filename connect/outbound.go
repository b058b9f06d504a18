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
