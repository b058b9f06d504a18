// Package onsite is the app on a local site, for development and for tests of
// the whole program: which of the site's addresses stand for Atlassian's and
// Slack's, and how the app is installed and set up there. It knows only the
// site's address and the calls that the site offers to scripts, and does not
// import the site.
package onsite

import (
	"strings"

	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/web"
)

// appKey is the key of the app in Jira and in the chat.
const appKey = "app.sightline"

// name is what Forge's developer console and Slack call the app.
const name = "Sightline"

// The chat app's OAuth client on a local site.
const (
	ChatClientID     = "sightline-dev"
	ChatClientSecret = "a client secret for the local site alone"
)

// The Slack app on a local site.
const (
	SlackClientID      = "2990.sightline"
	SlackClientSecret  = "a slack client secret for the local site alone"
	SlackSigningSecret = "a slack signing secret for the local site alone"
	SlackCommand       = "/sightline"
)

// ForgeAppID is the app's id on a local site's Forge.
const ForgeAppID = "ari:cloud:ecosystem::app/5191e0de-0000-4000-8000-000000000001"

// WriteForge writes the manifest and the page of an app at base into a folder,
// as an admin does with "sightline manifest --dir".
func WriteForge(folder, base string) error { return writeForge(folder, forge.Options{BaseURL: base}) }

func writeForge(folder string, o forge.Options) error {
	shared, err := web.Files()
	if err != nil {
		return err
	}
	o.AppID = ForgeAppID
	return forge.WriteDir(folder, o, shared)
}

// ForgeFlags are the settings of an app on the Forge of the local site at an
// address.
func ForgeFlags(site string) app.ForgeFlags {
	return app.ForgeFlags{
		AppID: ForgeAppID, JWKSURL: site + "/forge/.well-known/jwks.json", APIURL: site, Environments: "PRODUCTION",
	}
}

// Flags are the settings of an app that listens at base, "http://HOST:PORT", on
// the local site at the address site. The key that seals secrets is new each time.
func Flags(base, site, database string) app.ServeFlags {
	return app.ServeFlags{
		Addr: strings.TrimPrefix(base, "http://"), BaseURL: base,
		StoreFlags:     app.StoreFlags{DatabaseURL: database, SecretKeys: "dev:" + app.NewKey()},
		InstallKeysURL: site + "/install-keys",
		AllowedHosts:   strings.TrimPrefix(site, "http://"),
		ACJSURL:        site + "/atlassian-connect/all.js",
		OAuthTokenURL:  site + "/oauth2/token",
		ChatAPIURL:     site, ChatTokenURL: site + "/oauth/token",
		ChatClientID: ChatClientID, ChatClientSecret: ChatClientSecret,
		ChatOrigins: site,
		SlackFlags: app.SlackFlags{
			ClientID: SlackClientID, ClientSecret: SlackClientSecret, SigningSecret: SlackSigningSecret,
			APIURL: site + "/slack/api/", AuthorizeURL: site + "/slack/oauth/v2/authorize",
		},
	}
}
