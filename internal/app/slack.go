package app

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers"
	"github.com/sightline-go/sightline/internal/glance"
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
	config.Slack = &handlers.Slack{Store: kept(p.store), App: slackapp.New(slackapp.Config{
		ClientID: set.clientID, ClientSecret: set.clientSecret, SigningSecret: set.signingSecret,
		TicketKeys: p.settings.keys.Derive("sightline slack"),
		APIURL:     set.apiURL, AuthorizeURL: set.authorizeURL,
		Find: p.store.Slack.SlackInstall, Link: p.slackLink, Network: network,
	})}
	return config.Slack.Surface
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
	scope := workload.Scope{Projects: row.Config.Projects}
	return tenant.DisplayURL + "/issues/?" + url.Values{"jql": {scope.Open(workload.Everyone())}}.Encode(), nil
}
