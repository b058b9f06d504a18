package app

import (
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
	outbound *connect.Outbound
	network  http.RoundTripper
	chatSet  *chatSettings

	mu    sync.Mutex
	paces map[connect.TenantID]*pace
}

// pace is what all calls to one tenant share: how many are under way at once,
// and what Jira last said of its limits.
type pace struct {
	slots  rest.Slots
	budget rest.Budget
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

func newClients(outbound *connect.Outbound, network http.RoundTripper, chat *chatSettings) *clients {
	return &clients{outbound: outbound, network: network, chatSet: chat, paces: map[connect.TenantID]*pace{}}
}

// UserAgent is what the program calls itself at other services.
func UserAgent() string { return "sightline/" + sightline.Version }

func (c *clients) pace(id connect.TenantID) *pace {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.paces[id] == nil {
		c.paces[id] = &pace{slots: rest.NewSlots(maxCalls)}
	}
	return c.paces[id]
}

// client stacks what every call goes through. attempts is how often one is
// made at most; 0 is the default.
func (c *clients) client(t *connect.Tenant, sign http.RoundTripper, attempts int) *http.Client {
	p := c.pace(t.ID)
	limited := &rest.Limit{Base: &rest.Pace{Base: sign, Budget: &p.budget}, Slots: p.slots}
	return &http.Client{Transport: &rest.Retry{Base: limited, Attempts: attempts}}
}

// personAttempts is how often a call is made while a person waits: an error
// after three seconds is better than one after fifteen.
const personAttempts = 3

// jiraAs acts as a person.
func (c *clients) jiraAs(t *connect.Tenant, account connect.AccountID) (*jira.Client, error) {
	return jira.New(c.client(t, c.outbound.User(t, account), personAttempts), t.BaseURL)
}

// glanceAttempts is how often a call for a glance is made: the reconciler
// tries again by itself, and a worker that waits here works for nobody.
const glanceAttempts = 1

// jiraApp acts as the app, for a glance.
func (c *clients) jiraApp(t *connect.Tenant) (*jira.Client, error) {
	return jira.New(c.client(t, c.outbound.App(t), glanceAttempts), t.BaseURL)
}

// chatSurface shows states on the chat platform. A call is made once: the
// reconciler tries again by itself, later and with the newest state.
func (c *clients) chatSurface() (chatapp.Surface, error) {
	credentials := &chat.Credentials{
		TokenURL: c.chatSet.tokenURL, BaseURL: c.chatSet.apiURL, ClientID: c.chatSet.clientID,
		ClientSecret: c.chatSet.clientSecret.Reveal, Base: c.network,
	}
	client, err := chat.New(&http.Client{Transport: credentials}, c.chatSet.apiURL)
	return chatapp.Surface{Client: client}, err
}
