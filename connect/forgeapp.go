package connect

import (
	"errors"
	"log/slog"
	"net/http"
	"time"
)

// ForgeConfig is what [NewForgeApp] makes a [ForgeApp] of. AppID and Store are
// required; all else has a default: Atlassian's addresses, the standard library's
// transport and clock.
type ForgeConfig struct {
	// AppID is the app's id in its manifest, as a full ARI or as the bare UUID.
	AppID string
	// Store keeps the installations and their tokens; package connect/sqlstore has
	// one.
	Store ForgeInstallations
	// Environments are those of [ForgeVerifier]; none means PRODUCTION alone.
	Environments []string
	// ConnectKey is that of [ForgeTenants]: the key of the Connect app whose
	// tenants Forge takes over, empty if there was none.
	ConnectKey string

	// KeysURL is the key set of invocation tokens, APIURL the origin of the REST
	// APIs, without a path; empty means Atlassian's.
	KeysURL, APIURL string
	// Network carries all calls that the app makes; nil means
	// http.DefaultTransport.
	Network http.RoundTripper
	// UserAgent is sent with calls to the site, such as hello/1.0; empty sends Go's
	// own.
	UserAgent string
	// Around is that of [AppConfig].
	Around func(t *Tenant, signed http.RoundTripper) http.RoundTripper
	// Changed is called after a tenant was made, revived or uninstalled. It may be
	// nil.
	Changed func(t *Tenant)
	// Log is that of [AppConfig].
	Log *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// ForgeApp is the protocol's side of a backend that Forge calls (Forge Remote),
// put together by [NewForgeApp]. Its handlers are mounted under any router, at the
// routes of the manifest's endpoints.
// See https://developer.atlassian.com/platform/forge/remote/
type ForgeApp struct {
	// Verifier checks invocation tokens.
	Verifier *ForgeVerifier
	// Tenants finds and stores the tenant of a call.
	Tenants *ForgeTenants
	// Outbound carries the tokens of Client and UserClient.
	Outbound *ForgeOutbound

	around func(t *Tenant, signed http.RoundTripper) http.RoundTripper
	door   door
}

// NewForgeApp makes an app. Without an id or a store it is an error.
func NewForgeApp(c ForgeConfig) (*ForgeApp, error) {
	if c.AppID == "" || c.Store == nil {
		return nil, errors.New("forge app: no app id or no store")
	}
	keys := &ForgeKeys{URL: c.KeysURL, Client: &http.Client{Transport: c.Network}, Now: c.Now}
	out := &ForgeOutbound{Store: c.Store, UserAgent: c.UserAgent, Base: c.Network, Now: c.Now}
	a := &ForgeApp{
		Verifier: &ForgeVerifier{AppID: c.AppID, Environments: c.Environments, APIURL: c.APIURL, Keys: keys, Now: c.Now},
		Tenants:  &ForgeTenants{Store: c.Store, Outbound: out, ConnectKey: c.ConnectKey, Changed: c.Changed, Now: c.Now},
		Outbound: out, around: c.Around, door: door{c.Log},
	}
	out.GraphQLURL = a.Verifier.apiURL() + "/graphql"
	return a, nil
}

// Page serves the calls that pages make with invokeRemote: h runs only for calls
// of an active installation that Forge made for one of the modules. The caller's
// Invocation says which. All others are answered 401, 403 where the token is
// valid but made for another module, environment or site, and 503 or 500 where
// that cannot be known now.
func (a *ForgeApp) Page(h Handler, modules ...ForgeModule) http.Handler {
	return a.serve(ForgePage, h, modules)
}

// Trigger is [ForgeApp.Page] for the calls of triggers at an endpoint: event says
// whether they tell of installs ([ForgeInstalled]), of the scheduled trigger
// ([ForgeTick]), or of anything else ([ForgeTrigger]). Forge calls again after a 5xx.
func (a *ForgeApp) Trigger(endpoint string, event ForgeEvent, h Handler) http.Handler {
	return a.serve(event, h, []ForgeModule{ForgeEndpoint(endpoint)})
}

func (a *ForgeApp) serve(event ForgeEvent, h Handler, modules []ForgeModule) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		i, err := a.Verifier.Verify(r, modules...)
		var c *Caller
		if err == nil {
			c, err = a.Tenants.Caller(r.Context(), i, event)
		}
		if err != nil {
			a.door.refuse(w, r, err)
			return
		}
		c.api = func() (*http.Client, string) { return a.UserClient(c.tenant, c.account), c.tenant.APIBaseURL }
		a.door.answer(w, r, c, h)
	})
}

// Uninstall serves the preUninstall trigger at an endpoint: it forgets the
// installation's tokens and ends its tenant. It answers 204, and refuses as
// [ForgeApp.Page] does.
func (a *ForgeApp) Uninstall(endpoint string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i, err := a.Verifier.Verify(r, ForgeEndpoint(endpoint))
		if err == nil {
			err = a.Tenants.Uninstall(r.Context(), i)
		}
		if err != nil && !errors.Is(err, ErrOldEvent) {
			a.door.refuse(w, r, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

// Client returns a client that calls a tenant's REST API as the app itself, below
// the tenant's APIBaseURL: others are refused with [ErrForeignOrigin]. Without a
// valid token of the app a call fails with [ErrNoAppToken].
func (a *ForgeApp) Client(t *Tenant) *http.Client { return a.client(t, a.Outbound.App(t)) }

// UserClient is [ForgeApp.Client] as a person: for a verified call give it the
// caller's Tenant and Account. Where Forge gives no token of the person, a call
// fails with [ErrNoConsent].
func (a *ForgeApp) UserClient(t *Tenant, account AccountID) *http.Client {
	return a.client(t, a.Outbound.User(t, account))
}

func (a *ForgeApp) client(t *Tenant, signed http.RoundTripper) *http.Client {
	if a.around != nil {
		signed = a.around(t, signed)
	}
	return &http.Client{Transport: signed}
}
