package connect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/descriptor"
)

// AppConfig is what [NewApp] makes an [App] of. Descriptor, BaseURL and Store
// are required; all else has a default: Atlassian's addresses, the standard
// library's transport and clock.
type AppConfig struct {
	// Descriptor is the app's descriptor as JSON. NewApp puts BaseURL in.
	// See https://developer.atlassian.com/cloud/jira/platform/connect-app-descriptor/
	Descriptor []byte
	// BaseURL is where the host reaches the app, such as
	// https://app.example.com/hello, without a trailing slash. Plain http is
	// accepted on loopback hosts only.
	BaseURL string
	// Store keeps the installations. [Memory] is enough to begin with.
	Store Installations

	// Hosts are the sites that may install the app; nil means [DefaultHosts] and,
	// where KeysURL is on a loopback host as the local site's is, that host.
	Hosts HostPatterns
	// KeysURL is where the public keys of installs are fetched, as
	// KeysURL/{kid}; empty means Atlassian's key hosts.
	KeysURL string
	// TokenURL is where tokens to act as a person are fetched; empty means
	// Atlassian's authorization server.
	TokenURL string
	// SessionKeys are for [Sessions], 32 bytes each: the first signs, all
	// verify. Without keys there are no sessions.
	SessionKeys [][]byte
	// Network carries all calls that the app makes; nil means
	// http.DefaultTransport.
	Network http.RoundTripper
	// UserAgent is sent with calls to the host, such as hello/1.0; empty sends
	// Go's own.
	UserAgent string
	// Around puts transports around the one that signs a tenant's calls, for
	// retries and limits; package connect/rest has some. Nil puts none.
	Around func(t *Tenant, signed http.RoundTripper) http.RoundTripper
	// Changed is called for each tenant that was installed, enabled, disabled or
	// uninstalled, once that is stored. It must be quick: the host waits. It may
	// be nil.
	Changed func(t *Tenant)
	// Dropped is that of [Lifecycle]; it may be nil.
	Dropped func(ctx context.Context, t *Tenant, what string)
	// Log hears why a request was refused or a [Handler] failed, never a token or a
	// secret; nil means slog.Default().
	Log *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// App is the protocol's side of a Connect app, put together by [NewApp]. On
// net/http mount it as it is: it serves the descriptor and the lifecycle calls,
// and [App.Page] the app's pages. With another router serve [App.Rendered] at
// [DescriptorPath], mount [App.Calls], and verify all else with its Verifier.
type App struct {
	// Descriptor is the descriptor with the base URL in it.
	Descriptor *descriptor.Descriptor
	// Verifier checks requests. It remembers tenants for 30 seconds.
	Verifier *Verifier
	// Lifecycle stores what the host tells of installs.
	Lifecycle *Lifecycle
	// Sessions makes tokens for the later calls of a page.
	Sessions *Sessions
	// Outbound signs the calls of Client and UserClient.
	Outbound *Outbound

	// Rendered is the JSON of Descriptor, as it is served.
	Rendered []byte

	path    string
	tenants *TenantCache
	around  func(t *Tenant, signed http.RoundTripper) http.RoundTripper
	door    door
}

// NewApp makes an app. A descriptor that a host would refuse is an error that
// names all that is wrong, one line for each JSON path; a base URL that is not
// usable is one too.
func NewApp(c AppConfig) (*App, error) {
	d, data, err := descriptor.Render(c.Descriptor, c.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("descriptor: %w", err)
	}
	base, err := url.Parse(c.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("base URL: %w", err)
	}
	if c.Hosts == nil {
		c.Hosts = append(DefaultHosts(), loopbackHost(c.KeysURL)...)
	}
	tenants := &TenantCache{Source: c.Store, Now: c.Now}
	a := &App{
		Descriptor: d, Rendered: data, path: strings.TrimSuffix(base.Path, "/"), around: c.Around, tenants: tenants, door: door{c.Log},
		Sessions: &Sessions{Keys: c.SessionKeys, AppKey: d.Key, Now: c.Now},
		Outbound: &Outbound{AppKey: d.Key, UserAgent: c.UserAgent, Base: c.Network, TokenURL: c.TokenURL, Now: c.Now},
	}
	a.Verifier = &Verifier{
		AppKey: d.Key, BaseURLs: []string{c.BaseURL}, Hosts: c.Hosts, Tenants: tenants,
		Keys:     &RemoteKeys{URL: c.KeysURL, Client: &http.Client{Transport: c.Network}, Now: c.Now},
		Sessions: a.Sessions, Now: c.Now,
	}
	a.Lifecycle = &Lifecycle{Verifier: a.Verifier, Store: c.Store, Dropped: c.Dropped, Changed: func(t *Tenant) {
		a.Forget(t)
		if c.Changed != nil {
			c.Changed(t)
		}
	}}
	return a, nil
}

// Forget drops what the app remembers of a tenant, for changes that do not come
// through its lifecycle calls.
func (a *App) Forget(t *Tenant) {
	a.tenants.Forget(t.ClientKey)
	a.Outbound.Forget(t.ID)
}

// DescriptorPath is where [App] serves the descriptor, below the base URL.
const DescriptorPath = "/atlassian-connect.json"

// maxLifecycleBody bounds the body of a lifecycle call, in bytes.
const maxLifecycleBody = 64 << 10

// ServeHTTP serves the descriptor and the lifecycle calls that it names: 204, or
// 401 where a call cannot be verified, 413 where its body is over 64 KiB, 503
// where storage or a key is unavailable, 500 where it cannot be stored otherwise. It
// answers 404 to all else.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, a.path)
	if (r.Method == http.MethodGet || r.Method == http.MethodHead) && path == DescriptorPath {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write(a.Rendered)
		return
	}
	calls := a.Calls()
	at := slices.IndexFunc(calls, func(c Call) bool { return c.Path == path })
	if at < 0 || r.Method != http.MethodPost {
		http.NotFound(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxLifecycleBody))
	if err != nil {
		http.Error(w, "the body could not be read", http.StatusRequestEntityTooLarge)
		return
	}
	_, err = calls[at].Receive(r, body)
	if ignored := (*IgnoredError)(nil); err != nil && !errors.As(err, &ignored) {
		a.door.refuse(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// Call is a lifecycle call that the app's descriptor names.
type Call struct {
	// Path is where the host posts it, below the base URL.
	Path string
	// Receive verifies the call and stores what it says. body is all that was
	// read from r; 64 KiB are plenty. It returns the tenant, nil if the call is
	// about one that is not known. Answer 204, also to an [*IgnoredError]; to any
	// other error 401 if it is an [*AuthError] or a [*BodyError], 503 if it is an
	// [*UnavailableError] or [ErrKeysUnavailable], and else 500.
	Receive func(r *http.Request, body []byte) (*Tenant, error)
}

// Calls are the lifecycle calls that the descriptor names, for a router to
// mount: each is a POST with a JSON body.
func (a *App) Calls() []Call {
	paths, l := a.Descriptor.Lifecycle, a.Lifecycle
	calls := []Call{
		{paths.Installed, l.Installed},
		{paths.Uninstalled, l.Uninstalled},
		{paths.Enabled, l.Enabled},
		{paths.Disabled, l.Disabled},
	}
	return slices.DeleteFunc(calls, func(c Call) bool { return c.Path == "" })
}

// Page serves an address that the host opens in an iframe, or a webhook: h runs
// only for requests that an active tenant signed for this very address. All
// others are answered 401, and 503 or 500 where the tenant cannot be looked up. The
// answer may be framed only by the tenant's site, is not sniffed and sends no
// referrer; h may change these headers.
func (a *App) Page(h Handler) http.Handler { return a.verified(a.Verifier.Host, h) }

// Session serves a call of a page's script that carries a token of
// [Sessions.Mint] in the header Authorization, as "JWT" and the token. The caller's
// Item is the one of the session. Refusals and headers are those of [App.Page].
func (a *App) Session(h Handler) http.Handler { return a.verified(a.Verifier.Session, h) }

// Context is [App.Session] for the token that AP.context.getToken gives a page's
// script. It names site and person and is bound to no address.
// See https://developer.atlassian.com/cloud/jira/platform/jsapi/context/
func (a *App) Context(h Handler) http.Handler { return a.verified(a.Verifier.Context, h) }

func (a *App) verified(verify func(*http.Request) (*Caller, error), h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header(), nil)
		c, err := verify(r)
		if err != nil {
			a.door.refuse(w, r, err)
			return
		}
		secure(w.Header(), c.Tenant())
		c.api = func() (*http.Client, string) { return a.UserClient(c.tenant, c.account), c.tenant.BaseURL }
		a.door.answer(w, r, c, h)
	})
}

// Client returns a client that calls a tenant's REST API as the app itself,
// within the scopes of its descriptor. It goes through what AppConfig.Around
// puts around the signing transport, and refuses every other origin with
// [ErrForeignOrigin].
func (a *App) Client(t *Tenant) *http.Client { return a.client(t, a.Outbound.App(t)) }

// UserClient is [App.Client] as a person: for a verified request give it the
// caller's Tenant and Account. The app needs the scope ACT_AS_USER. Scopes narrow
// what the client may do; none means all of the app's. Where no token can be got
// for the person, a call fails with [ErrImpersonation].
// See https://developer.atlassian.com/cloud/jira/platform/user-impersonation-for-connect-apps/
func (a *App) UserClient(t *Tenant, account AccountID, scopes ...string) *http.Client {
	return a.client(t, a.Outbound.User(t, account, scopes...))
}

func (a *App) client(t *Tenant, signed http.RoundTripper) *http.Client {
	if a.around != nil {
		signed = a.around(t, signed)
	}
	return &http.Client{Transport: signed}
}
