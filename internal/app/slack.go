package app

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/internal/workload"
)

// SlackFlags are the settings of the app on Slack; without them it is off.
type SlackFlags struct {
	ClientID      string `name:"client-id" help:"OAuth client of the Slack app; without one Slack is off."`
	ClientSecret  string `help:"Its secret."`
	SigningSecret string `help:"The Slack app's signing secret."`
	APIURL        string `name:"api-url" default:"https://slack.com/api/" help:"Slack's Web API."`
	AuthorizeURL  string `name:"authorize-url" default:"https://slack.com/oauth/v2/authorize" help:"Slack's authorization page."`
}

// slackSettings are set when Slack is on.
type slackSettings struct {
	clientID                    string
	clientSecret, signingSecret connect.Secret
	apiURL, authorizeURL        string
}

func (f SlackFlags) check(c *checks) *slackSettings {
	c.address("slack-api-url", f.APIURL)
	c.address("slack-authorize-url", f.AuthorizeURL)
	given := 0
	for _, text := range []string{f.ClientID, f.ClientSecret, f.SigningSecret} {
		if text != "" {
			given++
		}
	}
	if given == 0 {
		return nil
	}
	if given < 3 {
		c.note("slack-client-id", errors.New("SIGHTLINE_SLACK_CLIENT_SECRET and SIGHTLINE_SLACK_SIGNING_SECRET go together"))
	}
	return &slackSettings{
		clientID: f.ClientID, clientSecret: connect.NewSecret(f.ClientSecret), signingSecret: connect.NewSecret(f.SigningSecret),
		apiURL: strings.TrimSuffix(f.APIURL, "/") + "/", authorizeURL: f.AuthorizeURL,
	}
}

// slack wires Slack and returns it as a surface.
func (p *Program) slack(config *handlers.Config, network http.RoundTripper) glance.Surface {
	set := p.settings.slack
	config.Slack = &handlers.Slack{Store: kept(p.store), Team: p.glances().Team, App: slackapp.New(slackapp.Config{
		ClientID: set.clientID, ClientSecret: set.clientSecret, SigningSecret: set.signingSecret,
		TicketKeys: p.settings.keys.Derive("sightline slack"),
		APIURL:     set.apiURL, AuthorizeURL: set.authorizeURL,
		Find: p.store.Slack.SlackInstall, Renewals: p.store.Slack, Plain: p.store.Slack.ForgoSlackTables, First: p.store.Slack.FirstSlackRequest, Log: p.log, Link: p.slackLink, Network: network, Now: p.settings.now,
	})}
	p.slackSurface = config.Slack.Surface
	return p.slackSurface
}

// slackLink is the Jira search for the open issues that a channel counts.
func (p *Program) slackLink(ctx context.Context, at glance.Place) (string, error) {
	key := glance.Key{Surface: glance.SurfaceSlack, Site: at.Site, Conversation: at.Conversation, Kind: glance.KindGlance, Module: at.Module}
	row, err := p.store.Glances.Glance(ctx, key)
	if err != nil {
		return "", err
	}
	tenant, err := p.store.Tenants.Tenant(ctx, connect.TenantID(row.Tenant))
	if err != nil {
		return "", err
	}
	scope := workload.Scope{Projects: row.Config.Projects, Where: row.Config.Shared().Where()}
	return tenant.DisplayURL + "/issues/?" + url.Values{"jql": {scope.Open(workload.Everyone())}}.Encode(), nil
}

// renewEvery is how often tokens of Slack that end are looked for, and how often
// signatures of its requests that are too old are forgotten.
const renewEvery = time.Minute

// tendSlack renews the tokens of workspaces before they end, so that nobody waits
// for it, and forgets old signatures.
func (p *Program) tendSlack(ctx context.Context, surface *slackapp.Surface) {
	tend := func() {
		p.renewSlack(ctx, surface)
		p.noteSlack(ctx, "forget slack requests", "", p.store.Slack.ForgetSlackRequests(ctx))
	}
	tend()
	every(ctx, renewEvery, tend)
}

func (p *Program) renewSlack(ctx context.Context, surface *slackapp.Surface) {
	teams, err := p.store.Slack.SlackTeamsToRenew(ctx)
	p.noteSlack(ctx, "list slack workspaces to renew", "", err)
	for _, team := range teams {
		p.noteSlack(ctx, "renew slack token", team, surface.Renew(ctx, team))
	}
}

// noteSlack logs once when the work for a workspace fails, and once when it works
// again.
func (p *Program) noteSlack(ctx context.Context, what, team string, err error) {
	p.outages.Note(ctx, outage.Subject{What: what, Of: team}, err, "team", team)
}
