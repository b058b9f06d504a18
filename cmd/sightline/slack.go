package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/surfaces"
	"github.com/sightline-go/sightline/internal/workload"
)

// slackFlags are the settings of the app on Slack; without any it is off.
type slackFlags struct {
	ClientID      string `name:"client-id" help:"OAuth client of the Slack app; without one Slack is off."`
	ClientSecret  string `help:"Its secret."`
	SigningSecret string `help:"The Slack app's signing secret."`
	APIURL        string `name:"api-url" default:"https://slack.com/api/" help:"Slack's Web API."`
	AuthorizeURL  string `name:"authorize-url" default:"https://slack.com/oauth/v2/authorize" help:"Slack's authorization page."`
}

// slackSettings are there when Slack is on.
type slackSettings struct {
	clientID                    string
	clientSecret, signingSecret connect.Secret
	apiURL, authorizeURL        string
}

func (f slackFlags) check(c *checks) *slackSettings {
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

// slackTime bounds one call to Slack.
const slackTime = 10 * time.Second

// slack wires Slack and returns it as a surface.
func (p *program) slack(config *handlers.Config, network http.RoundTripper) glance.Surface {
	set := p.settings.slack
	surface := &surfaces.Slack{
		Access: p.slackAccess, Link: p.slackLink, APIURL: set.apiURL,
		// A redirect would take the token elsewhere.
		Client: &http.Client{
			Transport: network, Timeout: slackTime,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	config.Slack = &handlers.Slack{
		Verifier: &connect.SlackVerifier{SigningSecret: set.signingSecret},
		Tickets:  &connect.SlackTickets{Keys: p.settings.keys.Derive("sightline slack")},
		Surface:  surface, Store: kept(p.store),
		ClientID: set.clientID, ClientSecret: set.clientSecret, AuthorizeURL: set.authorizeURL,
	}
	return surface
}

// slackAccess is what the app may do in a workspace.
func (p *program) slackAccess(ctx context.Context, team string) (surfaces.Access, error) {
	in, err := p.store.Slack.SlackInstall(ctx, team)
	switch {
	case errors.Is(err, connect.ErrNotFound):
		return surfaces.Access{}, fmt.Errorf("%w: %w", glance.ErrGone, err)
	case err != nil:
		return surfaces.Access{}, err
	case in.Token.IsZero():
		return surfaces.Access{}, &surfaces.SlackError{Method: "access", Code: "token_revoked"}
	}
	return surfaces.Access{Token: in.Token.Reveal(), Scopes: in.Scopes}, nil
}

// slackLink is the Jira search for the open issues that a channel counts.
func (p *program) slackLink(ctx context.Context, at glance.Place) (string, error) {
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
