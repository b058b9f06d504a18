package connect

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
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
	// Changed is told of tenants that were installed, moved or removed, after
	// the app itself has dropped what it kept of them. It may be nil.
	Changed func(t *Tenant)
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// App is the protocol's side of a Connect app, put together: it serves the
// descriptor and the lifecycle calls, verifies pages, and makes the clients
// for calls back. Its parts can be used apart from it, with any router.
type App struct {
	Descriptor *descriptor.Descriptor
	Verifier   *Verifier
	Lifecycle  *Lifecycle
	Sessions   *Sessions
	Outbound   *Outbound

	// Rendered is the descriptor as it is served.
	Rendered []byte
	path     string
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
		Descriptor: d, Rendered: data, path: strings.TrimSuffix(base.Path, "/"),
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
	call := a.lifecycleCall(path)
	if call == nil || r.Method != http.MethodPost {
		http.NotFound(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxLifecycleBody))
	if err != nil {
		http.Error(w, "the body could not be read", http.StatusRequestEntityTooLarge)
		return
	}
	if err := call(r, body); err != nil {
		refuseRequest(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (a *App) lifecycleCall(path string) func(r *http.Request, body []byte) error {
	paths, l := a.Descriptor.Lifecycle, a.Lifecycle
	switch path {
	case "":
		return nil
	case paths.Installed:
		return func(r *http.Request, body []byte) error { _, err := l.Installed(r, body); return err }
	case paths.Uninstalled:
		return l.Uninstalled
	case paths.Enabled:
		return l.Enabled
	case paths.Disabled:
		return l.Disabled
	}
	return nil
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

// Client calls a tenant's REST API as the app.
func (a *App) Client(t *Tenant) *http.Client {
	return &http.Client{Transport: a.Outbound.App(t)}
}

// UserClient calls the caller's REST API as the person they are.
func (a *App) UserClient(c *Caller) *http.Client {
	return &http.Client{Transport: a.Outbound.User(c.Tenant(), c.Account())}
}
