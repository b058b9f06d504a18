package app

import (
	"context"
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/chat"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/chatapp"
)

// maxIdle is how many connections to one host are kept: as many as the
// reconciler's workers may need for the chat platform.
const maxIdle = 64

// maxCalls is how many calls to one tenant are under way at once.
const maxCalls = 8

// clients makes the clients of a tenant: caller → retry → limit → pace →
// sign → network.
type clients struct {
	app     *connect.App
	network http.RoundTripper
	chatSet *chatSettings
	// connected says that Connect is on; forge is nil when Forge is off.
	connected bool
	forge     *connect.ForgeOutbound
	tokens    connect.ForgeInstallations
	around    func(t *connect.Tenant, signed http.RoundTripper) http.RoundTripper
}

// paces keeps the pace of each tenant that is called. A pace unused for an hour
// is forgotten: by then Jira's warnings are over and no call is under way.
type paces struct {
	mu   sync.Mutex
	now  func() time.Time
	of   map[connect.TenantID]*pace
	next time.Time // of the sweep
}

const paceIdle = time.Hour

// pace is what all calls to one tenant share: how many are under way at once,
// and what Jira last said about its limits.
type pace struct {
	slots  rest.Slots
	budget rest.Budget
	used   time.Time
}

// newNetwork carries every call of the program.
func newNetwork() http.RoundTripper {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		MaxIdleConns:          256,
		MaxIdleConnsPerHost:   maxIdle,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 20 * time.Second,
		ForceAttemptHTTP2:     true,
	}
}

func newPaces() *paces { return &paces{now: time.Now, of: map[connect.TenantID]*pace{}} }

// UserAgent is what the program calls itself at other services.
func UserAgent() string { return "sightline/" + sightline.Version }

func (p *paces) pace(id connect.TenantID) *pace {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.After(p.next) {
		maps.DeleteFunc(p.of, func(_ connect.TenantID, one *pace) bool { return now.Sub(one.used) > paceIdle })
		p.next = now.Add(paceIdle)
	}
	if p.of[id] == nil {
		p.of[id] = &pace{slots: rest.NewSlots(maxCalls)}
	}
	p.of[id].used = now
	return p.of[id]
}

// around puts a tenant's limits around the transport that signs its calls.
func (p *paces) around(t *connect.Tenant, signed http.RoundTripper) http.RoundTripper {
	one := p.pace(t.ID)
	return &rest.Limit{Base: &rest.Pace{Base: signed, Budget: &one.budget}, Slots: one.slots}
}

// retried makes each call of a client at most attempts times.
func retried(c *http.Client, attempts int) *http.Client {
	return &http.Client{Transport: &rest.Retry{Base: c.Transport, Attempts: attempts}}
}

// personAttempts is how often a call is tried while a person waits: an error
// after three seconds is better than one after fifteen.
const personAttempts = 3

// jiraAs acts as a person: with the token that came from Forge, or without one
// through Connect.
func (c *clients) jiraAs(t *connect.Tenant, account connect.AccountID) (*jira.Client, error) {
	if c.onForge(t) && (c.forge.Knows(t, account) || !c.impersonates(t)) {
		return jira.New(retried(c.overForge(t, c.forge.User(t, account)), personAttempts), t.APIBaseURL)
	}
	return jira.New(retried(c.app.UserClient(t, account), personAttempts), t.BaseURL)
}

// onForge reports whether a tenant's Jira can be called through Forge.
func (c *clients) onForge(t *connect.Tenant) bool { return c.forge != nil && t.APIBaseURL != "" }

// onConnect reports whether a tenant's Jira can be called through Connect.
func (c *clients) onConnect(t *connect.Tenant) bool { return c.connected && !t.SharedSecret.IsZero() }

// impersonates reports whether the app can act as people through Connect.
func (c *clients) impersonates(t *connect.Tenant) bool {
	return c.onConnect(t) && t.OAuthClientID != ""
}

func (c *clients) overForge(t *connect.Tenant, signed http.RoundTripper) *http.Client {
	return &http.Client{Transport: c.around(t, signed)}
}

// glanceAttempts is how often a call for a glance is tried: the reconciler
// retries by itself, and a worker that waits here is of no use to others.
const glanceAttempts = 1

// jiraApp acts as the app, for a glance: through Forge if it has a token or
// Connect is not available.
func (c *clients) jiraApp(ctx context.Context, t *connect.Tenant) (*jira.Client, error) {
	if c.onForge(t) && (!c.onConnect(t) || c.hasToken(ctx, t)) {
		return jira.New(retried(c.overForge(t, c.forge.App(t)), glanceAttempts), t.APIBaseURL)
	}
	return jira.New(retried(c.app.Client(t), glanceAttempts), t.BaseURL)
}

// tokenMargin is how long a system token must last to be chosen.
const tokenMargin = time.Minute

func (c *clients) hasToken(ctx context.Context, t *connect.Tenant) bool {
	_, expires, err := c.tokens.ForgeToken(ctx, t.ID)
	return err == nil && time.Until(expires) > tokenMargin
}

// chatSurface shows states on the chat platform. Each call is made once: the
// reconciler tries again later with the newest state.
func (c *clients) chatSurface() (chatapp.Surface, error) {
	credentials := &chat.Credentials{
		TokenURL: c.chatSet.tokenURL, BaseURL: c.chatSet.apiURL, ClientID: c.chatSet.clientID,
		ClientSecret: c.chatSet.clientSecret.Reveal, Base: c.network,
	}
	client, err := chat.New(&http.Client{Transport: credentials}, c.chatSet.apiURL)
	return chatapp.Surface{Client: client}, err
}
