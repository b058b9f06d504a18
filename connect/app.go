package connect

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/descriptor"
)

// AppConfig says what an [App] is made of. Descriptor, BaseURL and Store are
// required; the rest defaults to Atlassian's and to the standard library's.
type AppConfig struct {
	// Descriptor is the app's descriptor; its base URL is put in.
	Descriptor []byte
	// BaseURL is where the host reaches the app, without a trailing slash.
	BaseURL string
	// Store keeps the installations; see [Memory] for the first steps.
	Store Installations

	// Hosts are the sites that may install; nil means Atlassian's.
	Hosts HostPatterns
	// KeysURL is where install keys are fetched; empty means Atlassian's.
	KeysURL string
	// TokenURL is where users' tokens are fetched; empty means Atlassian's.
	TokenURL string
	// SessionKeys sign session tokens, 32 bytes each, the first one signs;
	// without keys there are no sessions.
	SessionKeys [][]byte
	// Network carries all calls; nil means http.DefaultTransport.
	Network http.RoundTripper
	// UserAgent is sent with calls to the host.
	UserAgent string
	// Around puts transports around the one that signs a tenant's calls, for
	// retries and limits; package connect/rest has some. Nil puts none.
	Around func(t *Tenant, signed http.RoundTripper) http.RoundTripper
	// Changed is told of tenants that were installed, moved or removed, after
	// the app itself has dropped what it kept of them. It may be nil.
	Changed func(t *Tenant)
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// App is the protocol's side of a Connect app, put together by [NewApp]. On
// net/http mount it as it is: it serves the descriptor and the lifecycle calls,
// and [App.Page] the app's pages. With another router serve [App.Rendered] at
// [DescriptorPath], mount [App.Calls], and verify all else with its Verifier.
type App struct {
	Descriptor *descriptor.Descriptor
	Verifier   *Verifier
	Lifecycle  *Lifecycle
	Sessions   *Sessions
	Outbound   *Outbound

	// Rendered is the descriptor as it is served.
	Rendered []byte

	path   string
	around func(t *Tenant, signed http.RoundTripper) http.RoundTripper
}

// NewApp renders and checks the descriptor and puts the parts together.
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
		c.Hosts = DefaultHosts()
	}
	tenants := &TenantCache{Source: c.Store, Now: c.Now}
	a := &App{
		Descriptor: d, Rendered: data, path: strings.TrimSuffix(base.Path, "/"), around: c.Around,
		Sessions: &Sessions{Keys: c.SessionKeys, AppKey: d.Key, Now: c.Now},
		Outbound: &Outbound{AppKey: d.Key, UserAgent: c.UserAgent, Base: c.Network, TokenURL: c.TokenURL, Now: c.Now},
	}
	a.Verifier = &Verifier{
		AppKey: d.Key, BaseURLs: []string{c.BaseURL}, Hosts: c.Hosts, Tenants: tenants,
		Keys:     &RemoteKeys{URL: c.KeysURL, Client: &http.Client{Transport: c.Network}, Now: c.Now},
		Sessions: a.Sessions, Now: c.Now,
	}
	a.Lifecycle = &Lifecycle{Verifier: a.Verifier, Store: c.Store, Changed: func(t *Tenant) {
		tenants.Forget(t.ClientKey)
		a.Outbound.Forget(t.ID)
		if c.Changed != nil {
			c.Changed(t)
		}
	}}
	return a, nil
}

// DescriptorPath is where [App] serves the descriptor, below the base URL.
const DescriptorPath = "/atlassian-connect.json"

// maxLifecycleBody bounds the body of a lifecycle call, in bytes.
const maxLifecycleBody = 64 << 10

// ServeHTTP serves the descriptor and the lifecycle calls that it names, and
// answers 404 to all else.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, a.path)
	if r.Method == http.MethodGet && path == DescriptorPath {
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
	if _, err := calls[at].Receive(r, body); err != nil {
		refuseRequest(w, err)
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
	// about one that is not known. Answer 204, or to an error 401 if it is an
	// [*AuthError] or a [*BodyError] and else 500.
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

// refuseRequest answers a refusal with 401 and a failure with 500, and says no
// more.
func refuseRequest(w http.ResponseWriter, err error) {
	var (
		refused *AuthError
		body    *BodyError
	)
	if errors.As(err, &refused) || errors.As(err, &body) {
		http.Error(w, "the request could not be verified", http.StatusUnauthorized)
		return
	}
	http.Error(w, "the request could not be checked", http.StatusInternalServerError)
}

// Page serves a signed iframe address: h runs for verified requests only.
func (a *App) Page(h func(w http.ResponseWriter, r *http.Request, c *Caller)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := a.Verifier.Host(r)
		if err != nil {
			refuseRequest(w, err)
			return
		}
		h(w, r, c)
	})
}

// Client calls a tenant's REST API as the app, through what the app's
// configuration puts around it.
func (a *App) Client(t *Tenant) *http.Client { return a.client(t, a.Outbound.App(t)) }

// UserClient calls a tenant's REST API as a person, within the scopes as in
// [Outbound.User]; of a verified request they are its caller's Tenant and
// Account.
func (a *App) UserClient(t *Tenant, account AccountID, scopes ...string) *http.Client {
	return a.client(t, a.Outbound.User(t, account, scopes...))
}

func (a *App) client(t *Tenant, signed http.RoundTripper) *http.Client {
	if a.around != nil {
		signed = a.around(t, signed)
	}
	return &http.Client{Transport: signed}
}
