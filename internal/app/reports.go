package app

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/capacity"
	"github.com/sightline-go/sightline/internal/privacy"
	"github.com/sightline-go/sightline/internal/quota"
	"github.com/sightline-go/sightline/store"
)

// Where accounts are reported. The place for Connect apps is not in Atlassian's
// published documents any more; the other one is documented for OAuth apps, and taken to
// accept the app's token that comes from Forge. Wherever a place does not exist, the
// report fails, is logged once and tried again each day.
// https://developer.atlassian.com/cloud/jira/platform/user-privacy-developer-guide/
const (
	// ConnectReport is below a site's address.
	ConnectReport = "/rest/atlassian-connect/latest/report-accounts"
	// ForgeReport is below the address of Forge's API.
	ForgeReport = "/app/report-accounts/"
)

// reporter reports the accounts that are held; nil if that is off.
func (p *Program) reporter(network http.RoundTripper) *privacy.Reporter {
	if !p.settings.reports {
		return nil
	}
	return &privacy.Reporter{
		Storage: p.store.Reports,
		Accounts: func(ctx context.Context, tenant string) ([]string, error) {
			return p.store.Accounts(ctx, connect.TenantID(tenant), capacity.AccountsIn)
		},
		Place: func(ctx context.Context, tenant string) (privacy.Place, error) { return p.place(ctx, network, tenant) },
		Erase: p.eraseAccount, Refresh: p.refreshAccounts, Reported: p.metrics.reported,
		Outages: p.outages, Name: rand.Text(), Now: p.settings.now,
	}
}

// place is where a tenant's accounts are reported: at its site as the Connect app, or
// with the app's token from Forge.
func (p *Program) place(ctx context.Context, network http.RoundTripper, tenant string) (privacy.Place, error) {
	t, err := p.store.Tenants.Tenant(ctx, connect.TenantID(tenant))
	if err != nil {
		return privacy.Place{}, err
	}
	if p.clients.onConnect(t) {
		client, err := rest.New(p.clients.app.Client(t), t.BaseURL)
		return privacy.Place{Client: client, Path: ConnectReport}, err
	}
	if !p.clients.onForge(t) {
		return privacy.Place{}, connect.ErrNoAppToken
	}
	token, expires, err := p.store.Forge.ForgeToken(ctx, t.ID)
	if errors.Is(err, connect.ErrNotFound) || err == nil && !expires.After(p.settings.now()) {
		err = connect.ErrNoAppToken
	}
	if err != nil {
		return privacy.Place{}, err
	}
	client, err := rest.New(&http.Client{Transport: bearer{network, token, p.settings.forge.apiURL}}, p.settings.forge.apiURL)
	return privacy.Place{Client: client, Path: ForgeReport}, err
}

// bearer sends a token to one origin and nowhere else.
type bearer struct {
	base   http.RoundTripper
	token  connect.Secret
	origin string
}

// RoundTrip implements http.RoundTripper.
func (b bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	if !strings.EqualFold((&url.URL{Scheme: req.URL.Scheme, Host: req.URL.Host}).String(), strings.TrimSuffix(b.origin, "/")) {
		return nil, connect.ErrForeignOrigin
	}
	call := req.Clone(req.Context())
	call.Header.Set("Authorization", "Bearer "+b.token.Reveal())
	call.Header.Set("User-Agent", UserAgent())
	return b.base.RoundTrip(call)
}

// eraseAccount removes a person from all that is stored, and what is shown of the past.
func (p *Program) eraseAccount(ctx context.Context, account string) error {
	erased, err := p.store.EraseAccount(ctx, connect.AccountID(account), capacity.WithoutPerson(account))
	if err != nil {
		return err
	}
	p.log.InfoContext(ctx, "erased a closed account", "facts", erased.Facts, "gadgets", erased.Rosters, "slack", erased.Slack, "rooms", erased.Rooms)
	return nil
}

// refreshAccounts reads the names that people have now: nothing else that is stored of
// them can change.
func (p *Program) refreshAccounts(ctx context.Context, tenant string, accounts []string) error {
	t, err := p.store.Tenants.Tenant(ctx, connect.TenantID(tenant))
	if err != nil {
		return err
	}
	p.server.Forget(t)
	if err := p.store.Tell(ctx, store.Change{Kind: store.ChangedTenant, Tenant: t.ID}); err != nil {
		return err
	}
	j, err := p.clients.jiraApp(ctx, t, quota.Lifecycle)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, account := range accounts {
		names[account] = ""
	}
	found, err := j.Users.ByIDs(ctx, accounts)
	if err != nil {
		return err
	}
	for _, u := range found {
		names[u.AccountID] = u.DisplayName
	}
	return p.store.Gadgets.RewriteRosters(ctx, capacity.Renamed(names))
}

// Reporter reports the accounts that are held; nil if that is off.
func (p *Program) Reporter() *privacy.Reporter { return p.reports }

// reported notes a batch of accounts that was reported.
func (m *metrics) reported(accounts, closed, updated int) {
	m.accounts.WithLabelValues("fine").Add(float64(max(0, accounts-closed-updated)))
	m.accounts.WithLabelValues("closed").Add(float64(closed))
	m.accounts.WithLabelValues("updated").Add(float64(updated))
}
