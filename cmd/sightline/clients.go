package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"sightline"
	"sightline/connect"
	"sightline/connect/chat"
	"sightline/connect/jira"
	"sightline/connect/rest"
	"sightline/handlers"
	"sightline/internal/glance"
)

// maxCalls is how many calls to one tenant are under way at once.
const maxCalls = 8

// clients makes the clients of a tenant: caller → retry and limit → sign →
// network.
type clients struct {
	outbound *connect.Outbound
	network  http.RoundTripper
	chatSet  *chatSettings

	mu     sync.Mutex
	limits map[connect.TenantID]rest.Slots
}

// newNetwork carries every call of the program.
func newNetwork() http.RoundTripper {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		MaxIdleConns:          256,
		MaxIdleConnsPerHost:   maxCalls,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 20 * time.Second,
		ForceAttemptHTTP2:     true,
	}
}

func newClients(outbound *connect.Outbound, network http.RoundTripper, chat *chatSettings) *clients {
	return &clients{outbound: outbound, network: network, chatSet: chat, limits: map[connect.TenantID]rest.Slots{}}
}

func userAgent() string { return "sightline/" + sightline.Version }

// slots are shared by all calls to one tenant.
func (c *clients) slots(id connect.TenantID) rest.Slots {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.limits[id] == nil {
		c.limits[id] = rest.NewSlots(maxCalls)
	}
	return c.limits[id]
}

func (c *clients) client(t *connect.Tenant, sign http.RoundTripper) *http.Client {
	return &http.Client{Transport: reach{&rest.Retry{Base: &rest.Limit{Base: sign, Slots: c.slots(t.ID)}}}}
}

// reach tells calls that got no answer from what goes wrong here.
type reach struct{ base http.RoundTripper }

// RoundTrip marks the error, for the sentence that a person reads.
func (r reach) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.base.RoundTrip(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", handlers.ErrNoAnswer, err)
	}
	return resp, nil
}

// jiraAs acts as a person.
func (c *clients) jiraAs(t *connect.Tenant, account connect.AccountID) (*jira.Client, error) {
	return jira.New(c.client(t, c.outbound.User(t, account)), t.BaseURL)
}

// jiraApp acts as the app.
func (c *clients) jiraApp(t *connect.Tenant) (*jira.Client, error) {
	return jira.New(c.client(t, c.outbound.App(t)), t.BaseURL)
}

// chatSurface pushes states to the chat platform.
func (c *clients) chatSurface() chatSurface {
	credentials := &chat.Credentials{
		TokenURL: c.chatSet.tokenURL, BaseURL: c.chatSet.apiURL, ClientID: c.chatSet.clientID,
		ClientSecret: c.chatSet.clientSecret.Reveal, Base: c.network,
	}
	client, err := chat.New(&http.Client{Transport: &rest.Retry{Base: credentials}}, c.chatSet.apiURL)
	return chatSurface{client: client, err: err}
}

// chatSurface is the chat platform as the reconciler sees it.
type chatSurface struct {
	client *chat.Client
	err    error
}

// Put implements glance.Surface.
func (s chatSurface) Put(ctx context.Context, k glance.Key, state glance.State) error {
	if s.err != nil {
		return s.err
	}
	if k.Kind == glance.KindConfiguration {
		return s.client.PutConfiguration(ctx, k.Cloud, k.Conversation, k.Module, state.Configured)
	}
	return s.client.PutGlance(ctx, k.Cloud, k.Conversation, k.Module, chat.GlanceState{Label: state.Label, Metadata: state.Numbers})
}
