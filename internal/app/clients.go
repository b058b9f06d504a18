package app

import (
	"context"
	"maps"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/chat"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/chatapp"
	"github.com/sightline-go/sightline/internal/quota"
)

// maxIdle is how many connections to one host are kept: as many as the
// reconciler's workers may need for the chat platform.
const maxIdle = 64

// maxCalls is how many calls to one tenant are under way at once, maxLarge how many
// of them read an answer of more than 384 KiB, allLarge how many of all tenants' do.
const (
	maxCalls = 8
	maxLarge = 2
	allLarge = 3
)

// lists bound what is read of one list: no view needs as much.
func (c *clients) lists() rest.ListPolicy {
	return rest.ListPolicy{Pages: 500, Bytes: 128 << 20, Cut: c.cut}
}

// calls says what a client is for.
type calls struct {
	tenant   connect.TenantID
	purpose  quota.Purpose
	attempts int // how often each is tried
	address  string
}

// jira is a client whose calls are counted for their purpose.
func (c *clients) jira(hc *http.Client, use calls) (*jira.Client, error) {
	counted := &quota.Transport{Base: hc.Transport, Ledger: c.ledger, Tenant: string(use.tenant), Purpose: use.purpose}
	client, err := jira.New(&http.Client{Transport: &rest.Retry{Base: counted, Attempts: use.attempts}}, use.address)
	if err != nil {
		return nil, err
	}
	return client.WithLists(c.lists()), nil
}

// clients makes the clients of a tenant: caller → retry → quota → limit → pace →
// sign → network.
type clients struct {
	app     *connect.App
	network http.RoundTripper
	chatSet *chatSettings
	// connected says that Connect is on; forge is nil when Forge is off.
	connected bool
	forge     *connect.ForgeOutbound
	tokens    connect.ForgeInstallations
	now       func() time.Time
	ledger    *quota.Ledger
	cut       func(*rest.WalkError)
	around    func(t *connect.Tenant, signed http.RoundTripper) http.RoundTripper
}

// paces keeps the pace of each tenant that is called. A pace unused for an hour
// is forgotten: by then Jira's warnings are over and no call is under way.
type paces struct {
	large rest.Slots  // of all tenants
	all   rest.Budget // what Jira said about the app at all tenants

	mu   sync.Mutex
	now  func() time.Time
	of   map[connect.TenantID]*pace
	next time.Time // of the sweep
}

const paceIdle = time.Hour

// pace is what all calls to one tenant share: how many are under way at once, how
// many of them read a large answer, and what Jira last said about its limits.
type pace struct {
	slots  rest.Slots
	large  rest.Slots
	budget rest.Budget
	used   time.Time
}

// dial opens a connection to an address, as net.Dialer's DialContext does.
type dial = func(ctx context.Context, network, address string) (net.Conn, error)

// newNetwork carries every call of the program. A nil dial is the machine's network.
func newNetwork(d dial) http.RoundTripper {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           d,
		MaxIdleConns:          256,
		MaxIdleConnsPerHost:   maxIdle,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 20 * time.Second,
		ForceAttemptHTTP2:     true,
	}
}

func newPaces() *paces {
	return &paces{large: rest.NewSlots(allLarge), now: time.Now, of: map[connect.TenantID]*pace{}}
}

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
		p.of[id] = &pace{slots: rest.NewSlots(maxCalls), large: rest.NewSlots(maxLarge)}
	}
	p.of[id].used = now
	return p.of[id]
}

// around puts a tenant's limits around the transport that signs its calls.
func (p *paces) around(t *connect.Tenant, signed http.RoundTripper) http.RoundTripper {
	one := p.pace(t.ID)
	limited := &rest.Limit{Base: signed, Slots: one.slots, Large: one.large, Shared: p.large}
	// Warnings slow nobody down: the ledger holds back what no person waits for.
	return &rest.Pace{Base: limited, Budget: &one.budget, Shared: &p.all, MaxInterval: -1}
}

// personAttempts is how often a call is tried while a person waits: an error
// after three seconds is better than one after fifteen.
const personAttempts = 3

// jiraAs acts as a person: with the token that came from Forge, or without one
// through Connect.
func (c *clients) jiraAs(t *connect.Tenant, account connect.AccountID) (*jira.Client, error) {
	if c.onForge(t) && (c.forge.Knows(t, account) || !c.impersonates(t)) {
		return c.jira(c.overForge(t, c.forge.User(t, account)), calls{t.ID, quota.Person, personAttempts, t.APIBaseURL})
	}
	return c.jira(c.app.UserClient(t, account), calls{t.ID, quota.Person, personAttempts, t.BaseURL})
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

// appAttempts is how often a call in the background is tried: the work there is
// retried by itself, and a worker that waits here is of no use to others.
const appAttempts = 1

// jiraApp acts as the app: through Forge if it has a token or Connect is not
// available.
func (c *clients) jiraApp(ctx context.Context, t *connect.Tenant, p quota.Purpose) (*jira.Client, error) {
	if c.onForge(t) && (!c.onConnect(t) || c.hasToken(ctx, t)) {
		return c.jira(c.overForge(t, c.forge.App(t)), calls{t.ID, p, appAttempts, t.APIBaseURL})
	}
	return c.jira(c.app.Client(t), calls{t.ID, p, appAttempts, t.BaseURL})
}

// jiraAsApp acts as the app while a person waits.
func (c *clients) jiraAsApp(ctx context.Context, t *connect.Tenant) (*jira.Client, error) {
	return c.jiraApp(ctx, t, quota.Person)
}

// tokenMargin is how long a system token must last to be chosen.
const tokenMargin = time.Minute

func (c *clients) hasToken(ctx context.Context, t *connect.Tenant) bool {
	_, expires, err := c.tokens.ForgeToken(ctx, t.ID)
	return err == nil && expires.Sub(c.now()) > tokenMargin
}

// chatSurface shows states on the chat platform. Each call is made once: the
// reconciler tries again later with the newest state.
func (c *clients) chatSurface() (chatapp.Surface, error) {
	credentials := &chat.Credentials{
		TokenURL: c.chatSet.tokenURL, BaseURL: c.chatSet.apiURL, ClientID: c.chatSet.clientID,
		ClientSecret: c.chatSet.clientSecret.Reveal, Base: c.network, Now: c.now,
	}
	client, err := chat.New(&http.Client{Transport: credentials}, c.chatSet.apiURL)
	if err != nil {
		return chatapp.Surface{}, err
	}
	client.Now = c.now
	return chatapp.Surface{Client: client}, nil
}
