package app

import (
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/handlers"
)

// ForgeFlags are the settings of the app on Forge; without an app id it is off.
type ForgeFlags struct {
	AppID        string `name:"app-id" help:"The app's id on Forge, an ARI or a UUID; without one Forge is off."`
	JWKSURL      string `name:"jwks-url" default:"https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json" help:"Key set of invocation tokens."`
	Environments string `default:"PRODUCTION" help:"Environment types or ids that are served."`
	APIURL       string `name:"api-url" default:"https://api.atlassian.com" help:"The only origin that a call may name as Jira's API."`
}

// forgeSettings are set when Forge is on.
type forgeSettings struct {
	appID, jwksURL, apiURL string
	environments           []string
}

var forgeAppID = regexp.MustCompile(`\A(ari:cloud:ecosystem::app/)?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z`)

func (f ForgeFlags) check(c *checks) *forgeSettings {
	if f.AppID == "" {
		return nil
	}
	c.address("forge-jwks-url", f.JWKSURL)
	if u := c.address("forge-api-url", f.APIURL); u != nil && (strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil) {
		c.note("forge-api-url", errors.New("is not an origin"))
	}
	environments := split(f.Environments)
	if len(environments) == 0 {
		c.note("forge-environments", errRequired)
	}
	if !forgeAppID.MatchString(f.AppID) {
		c.note("forge-app-id", errors.New("is not an id such as ari:cloud:ecosystem::app/UUID"))
	}
	return &forgeSettings{
		appID: f.AppID, jwksURL: f.JWKSURL, apiURL: strings.TrimSuffix(f.APIURL, "/"), environments: environments,
	}
}

// forge puts Forge's side of the protocol together; nil when Forge is off.
func (p *Program) forge(network http.RoundTripper, app *connect.App) (*handlers.Forge, error) {
	set, now := p.settings.forge, p.settings.now
	if set == nil {
		return nil, nil
	}
	manifest, err := RenderForgeManifest(p.settings.baseURL.String(), set.appID)
	if err != nil {
		return nil, err
	}
	connectKey := ""
	if p.settings.connect { // otherwise there is nothing to take over
		connectKey = app.Descriptor.Key
	}
	verifier := &connect.ForgeVerifier{
		AppID: set.appID, Environments: set.environments, APIURL: set.apiURL,
		Keys: &connect.ForgeKeys{URL: set.jwksURL, Client: &http.Client{Transport: network}, Now: now},
		Now:  now,
	}
	outbound := &connect.ForgeOutbound{
		Store: p.store.Forge, UserAgent: UserAgent(), Base: network, GraphQLURL: set.apiURL + "/graphql", Now: now,
	}
	tenants := &connect.ForgeTenants{
		Store: p.store.Forge, Outbound: outbound, ConnectKey: connectKey, ConnectOver: !p.settings.connect, Now: now,
		Changed: func(t *connect.Tenant) {
			app.Forget(t)
			p.server.Forget(t)
			p.feed.Survey()
		},
	}
	return &handlers.Forge{Verifier: verifier, Tenants: tenants, Names: forgeNames(), Manifest: manifest}, nil
}

// RenderForgeManifest is the app's manifest at the released stage, for a base URL.
func RenderForgeManifest(baseURL, appID string) ([]byte, error) {
	m, err := forge.New(forge.Options{BaseURL: baseURL, AppID: appID})
	if err != nil {
		return nil, err
	}
	return m.YAML()
}

// forgeNames are the names that package forge gives in the manifest.
func forgeNames() handlers.ForgeNames {
	return handlers.ForgeNames{
		Gadget: forge.GadgetKey, Page: forge.PageKey, Pages: forge.PathPages,
		Lifecycle: handlers.ForgeEndpoint{Key: forge.EndpointLifecycle, Path: forge.PathLifecycle},
		Events:    handlers.ForgeEndpoint{Key: forge.EndpointEvents, Path: forge.PathEvents},
		Tick:      handlers.ForgeEndpoint{Key: forge.EndpointTick, Path: forge.PathTick},
		Uninstall: handlers.ForgeEndpoint{Key: forge.EndpointUninstall, Path: forge.PathUninstall},
	}
}
