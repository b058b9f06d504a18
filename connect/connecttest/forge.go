package connecttest

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"net/url"

	"github.com/sightline-go/sightline/connect/connecttest/internal/forgerest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/host"
	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

type (
	// ForgeInstall says what is installed, its embedded Source (a [ForgeSource]),
	// and how. Environment is PRODUCTION when it is empty, or STAGING or
	// DEVELOPMENT. Dashboards are the ids of those that get the gadgets; empty:
	// all. Quiet sends no lifecycle event. NoContexts leaves
	// app.installation.contexts out of the invocation tokens, as may happen on a
	// real site. License is the claim app.license, in JSON, which paid apps have in
	// production.
	ForgeInstall = forgerest.Install
	// ForgeSource is a Forge app: its folder Dir, as for "forge deploy", or the text
	// of its Manifest. The text may come with Resources, which only browsers need:
	// by the resource's key, each file's text by its path. Name is the app's in the
	// developer console, where its manifest has none.
	ForgeSource = forgerest.Source
	// ForgeApp is a Forge app as the site has it installed: AppID, InstallationID,
	// CloudID, Environment (its type), EnvironmentID and Version. Key is the app's
	// name among dashboard items. Status is what its backend answered to the
	// lifecycle event or to the call before it goes; 0: there was no such call, or
	// no answer.
	ForgeApp = forgerest.App
	// ForgeCall is a call that a module's page makes with invokeRemote. Path begins
	// with a slash and goes behind the remote's baseUrl; Method is GET when it is
	// empty; Headers and Body (JSON) may be. For a gadget, Dashboard and Item say
	// where it is, Edit that it is being configured, and Configuration stands in for
	// the stored one.
	ForgeCall = forgerest.Call
	// ForgeAnswer is what a backend answered: Status, Header and Body.
	ForgeAnswer = forgerest.Answer
	// ForgeSettings are what the people and admins of the site have decided about
	// Forge apps: WithoutConsent are the account ids of those who have not
	// consented, Impersonation lets apps get tokens of people who are not present.
	ForgeSettings = forgerest.Settings
	// ForgeUpgrade moves an installation from Connect to the hybrid stage, or from
	// either to Forge: Stage is hybrid or forge, and the embedded Source (a
	// [ForgeSource]) is the new version. Without a Source, App moves to the version
	// that ForgeDeploy has kept. With Installed the backend is told, as when an
	// admin approves an upgrade.
	ForgeUpgrade = forgerest.Upgrade
	// ForgeDeployed is a version of an app that administrators can upgrade to: its
	// AppID, Stage, and the ConnectKey of the Connect app that it continues.
	ForgeDeployed = forgerest.Deployed
	// ForgeManifestError says that a manifest or its files cannot be installed.
	ForgeManifestError = forgerest.ManifestError
)

// Where the site plays Forge, below its URL: the key set of invocation tokens,
// and what comes before a cloud id in the address of its REST API. It ends with a
// slash: site.URL() + ForgeAPIPath + app.CloudID + "/rest/api/3/myself". A token
// has the address up to the cloud id in its claim app.apiBaseUrl.
const (
	ForgeKeysPath = forgerest.KeysPath
	ForgeAPIPath  = forgerest.APIRoot
	// ForgeGraphQLPath is where people's offline tokens can be requested.
	ForgeGraphQLPath = forgerest.GraphQLPath
)

// InstallForge installs an app through Forge and puts one of each of its
// gadgets on the dashboards. An app that is installed already in that
// environment keeps its installation id and gets the next major version. The
// lifecycle event is sent once before it returns; when the backend does not
// take it, it is sent three times more. A manifest that is wrong is a
// *ForgeManifestError.
func (s *Site) InstallForge(ctx context.Context, o ForgeInstall) (ForgeApp, error) {
	return s.forge.Install(ctx, o)
}

// UninstallForge makes the call before an installation goes, whose answer
// changes nothing, and takes the app away. Installed again, it gets another
// installation id. An app is named by its id, whole or bare, which means
// production where several environments of it are installed, or by its
// installation id; so it is below.
func (s *Site) UninstallForge(ctx context.Context, app string) (ForgeApp, error) {
	return s.forge.Uninstall(ctx, app)
}

// ForgeUpgrade moves an installation on. The Connect app with the manifest's
// app.connect.key continues as a part of the app, or ends without being told;
// placed dashboard items that a gadget names in connectKeys become that gadget,
// under the same id and with their properties.
func (s *Site) ForgeUpgrade(ctx context.Context, o ForgeUpgrade) (ForgeApp, error) {
	return s.forge.Upgrade(ctx, o)
}

// ForgeDeploy keeps a version of an app for ForgeUpgrade, as "forge deploy" leaves
// it for the administrators of sites: the site's page of apps then offers it. It
// replaces the app's last version of the same stage.
func (s *Site) ForgeDeploy(from ForgeSource) (ForgeDeployed, error) { return s.forge.Deploy(from) }

// ForgeApps lists what is installed through Forge.
func (s *Site) ForgeApps() []ForgeApp { return s.forge.Apps() }

// Invoke makes a call of a module's page to the app's backend, without a
// browser: through the site, with an invocation token for the person ("" is an
// anonymous viewer) and that place, and the OAuth tokens that the endpoint asks
// for. It waits for 25 seconds at most. The error says that the call could not
// be made or that no answer came; any status is an answer here.
func (s *Site) Invoke(ctx context.Context, app, as, module string, c ForgeCall) (ForgeAnswer, error) {
	return s.forge.Invoke(ctx, app, as, module, c)
}

// ForgeSubmit keeps the configuration of a placed Forge gadget, as view.submit
// does in edit mode: a JSON object, given by somebody who may change the
// dashboard.
func (s *Site) ForgeSubmit(as, dashboard, item string, configuration json.RawMessage) error {
	return s.forge.Submit(as, dashboard, item, configuration)
}

// ForgeConfiguration is what is stored with a placed Forge gadget, {} if
// nothing is.
func (s *Site) ForgeConfiguration(dashboard, item string) json.RawMessage {
	return s.forge.Configuration(dashboard, item)
}

// ForgeTick sends every scheduled trigger of an app, of all apps when it is
// empty, once and without a body, and returns to how many endpoints. The error
// names those that did not take it.
func (s *Site) ForgeTick(ctx context.Context, app string) (sent int, err error) {
	return s.forge.Tick(ctx, app)
}

// ForgeSettings are the settings in force.
func (s *Site) ForgeSettings() ForgeSettings { return s.forge.Settings() }

// SetForgeSettings puts new settings in force. People who withdraw consent lose
// their token.
func (s *Site) SetForgeSettings(settings ForgeSettings) { s.forge.SetSettings(settings) }

// ExpireForgeTokens ends every OAuth token that an app, or all apps when it is
// empty, was given so far. The next call brings new ones.
func (s *Site) ExpireForgeTokens(app string) error { return s.forge.ExpireTokens(app) }

// ForgeKey returns the private key that signs invocation tokens and its key
// id, for tests that need forged ones.
func (s *Site) ForgeKey() (key *rsa.PrivateKey, kid string, err error) {
	k, err := s.forge.Key()
	return k.Private, k.ID, err
}

// RotateForgeKey makes a new key that signs from now on. The key set keeps the
// previous one.
func (s *Site) RotateForgeKey() error { return s.forge.RotateKey() }

// ForgeClaims are the claims of a token for an endpoint's key, or for the page
// of a module and a person, as maps: to be changed and signed by SignForge.
func (s *Site) ForgeClaims(app, module, as string) (map[string]any, error) {
	return s.forge.Claims(app, module, as)
}

// SignForge signs claims of the caller's choosing as an invocation token: one
// that only Forge can make, for tests that need a wrong one.
func (s *Site) SignForge(claims map[string]any) (string, error) { return s.forge.Sign(claims) }

// forgeSide is what the host of Connect apps needs from that of Forge apps.
func (s *Site) forgeSide() host.Forge {
	return host.Forge{
		Publish: func(c jirarest.Change, app string) int { return s.forge.Publish(c, app) },
		Has:     func(app string) bool { return s.forge.Has(app) },
		Gadget: func(item world.DashboardItem) (configurable, refreshable, ok bool) {
			return s.forge.Gadget(item)
		},
		URL: func(app, module, account, dashboard, item string, custom url.Values) (string, error) {
			return s.forge.PageURL(app, module, account, dashboard, item, custom)
		},
	}
}

// forgeHub is the Forge of a site, nil of none.
func (s *Site) forgeHub() *forgerest.Server {
	if s == nil {
		return nil
	}
	return s.forge
}

// connectSide is what the host of Forge apps needs from that of Connect apps.
func (s *Site) connectSide() forgerest.Connect {
	return forgerest.Connect{
		ClientKey: s.host.ClientKey, Retire: s.host.Retire,
		Uninstall: func(ctx context.Context, key string) { _, _ = s.host.Uninstall(ctx, key) },
		Adopt: func(ctx context.Context, o forgerest.ConnectPart) (string, error) {
			return s.host.Adopt(ctx, host.Adoption(o))
		},
	}
}
