package connect

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

// Invocation is one verified call of Forge. Only a [ForgeVerifier] makes one,
// so a function that takes an *Invocation cannot be called unverified.
type Invocation struct {
	claims       *forgeClaims
	system, user Secret
}

// ForgeInstallationID names one installation of a Forge app, as an ARI. A
// reinstallation brings a new one.
type ForgeInstallationID string

// ForgeEnvironment is the environment that an app was deployed to.
type ForgeEnvironment struct {
	// Type is PRODUCTION, STAGING or DEVELOPMENT.
	Type string `json:"type"`
	// ID is the environment's ARI or UUID.
	ID string `json:"id"`
}

// is reports whether a name in the list of served environments means this one.
// An id may be given in full or as its last part, the UUID.
func (e ForgeEnvironment) is(name string) bool {
	if name == "" {
		return false
	}
	return name == e.Type || name == e.ID || strings.HasSuffix(e.ID, "/"+name)
}

// ForgeLicense is what an admin bought. Forge sends one for paid apps in
// production.
// See https://developer.atlassian.com/platform/forge/remote/essentials/
type ForgeLicense struct {
	Active       bool   `json:"active"`
	IsEvaluation bool   `json:"isEvaluation"`
	Type         string `json:"type"`
	// TrialEnd and SubscriptionEnd are times as Forge writes them; empty if
	// they do not apply.
	TrialEnd        string `json:"trialEndDate"`
	SubscriptionEnd string `json:"subscriptionEndDate"`
	CapabilitySet   string `json:"capabilitySet"`
}

// Installation is the installation that called.
func (i *Invocation) Installation() ForgeInstallationID { return i.claims.installation() }

// Environment is the environment that the caller's app was deployed to.
func (i *Invocation) Environment() ForgeEnvironment { return i.claims.App.Environment }

// Cloud is the site that the app is installed on. It survives a
// reinstallation.
func (i *Invocation) Cloud() CloudID { return i.claims.cloud() }

// APIBaseURL comes before the paths of the site's REST API, such as
// https://api.atlassian.com/ex/jira/CLOUD-ID; no slash at the end.
func (i *Invocation) APIBaseURL() string { return i.claims.App.APIBaseURL }

// SiteURL is the site's address in a browser; a page's calls have it, others
// may not. It changes when the site is renamed.
func (i *Invocation) SiteURL() string { return i.claims.Context.SiteURL }

// Version is the installed version of the app.
func (i *Invocation) Version() string {
	if i.claims.App.AppVersion != "" {
		return i.claims.App.AppVersion
	}
	return i.claims.App.Version
}

// License is nil when Forge sent none.
func (i *Invocation) License() *ForgeLicense { return i.claims.App.License }

// Module is what the call was made for.
func (i *Invocation) Module() ForgeModule { return i.claims.App.Module }

// Account is the person; empty for triggers and for people who are not logged
// in.
func (i *Invocation) Account() AccountID { return i.claims.Principal }

// Extension is what a page's module knows about its place: the ids of dashboard
// and gadget, the gadget's configuration. Nil for triggers. Forge vouches for
// it, unlike for a body.
func (i *Invocation) Extension() json.RawMessage { return i.claims.Context.Extension }

// DashboardItem is the gadget whose page made the call, zero for any other
// place.
func (i *Invocation) DashboardItem() DashboardItem {
	var place struct {
		Dashboard struct{ ID forgeID } `json:"dashboard"`
		Gadget    struct{ ID forgeID } `json:"gadget"`
	}
	if json.Unmarshal(i.Extension(), &place) != nil || place.Dashboard.ID == "" || place.Gadget.ID == "" {
		return DashboardItem{}
	}
	return DashboardItem{Dashboard: string(place.Dashboard.ID), Item: string(place.Gadget.ID)}
}

// forgeID is an id that may be written as a string or as a number.
type forgeID string

// UnmarshalJSON reads digits, with or without quotes.
func (id *forgeID) UnmarshalJSON(data []byte) error {
	text := strings.Trim(string(data), `"`)
	if !forgeDigits.MatchString(text) {
		return errors.New("not an id")
	}
	*id = forgeID(text)
	return nil
}

func (i *Invocation) issuedAt() time.Time { return time.Unix(i.claims.IssuedAt, 0) }

// SystemToken makes calls as the app, UserToken as the person. Each is empty if
// Forge sent none, which says nothing about an earlier one.
func (i *Invocation) SystemToken() Secret { return i.system }

// UserToken makes calls as the person, see [Invocation.SystemToken].
func (i *Invocation) UserToken() Secret { return i.user }

var (
	forgeDigits = regexp.MustCompile(`\A[0-9]{1,19}\z`)
	forgeLabel  = regexp.MustCompile(`\A[a-z0-9_-]{1,50}\z`)
	// forgeAPIPath is the part of an apiBaseUrl after its origin.
	forgeAPIPath = regexp.MustCompile(`\A/ex/(?:jira|confluence)/([A-Za-z0-9-]{1,64})\z`)
)

// forgeClaims are those of an invocation token. Other members are ignored,
// because Forge adds new ones.
type forgeClaims struct {
	claims
	// Principal is the person, in calls of a page.
	Principal AccountID `json:"principal"`
	App       struct {
		ID             string              `json:"id"`
		InstallationID ForgeInstallationID `json:"installationId"`
		Installation   struct {
			ID ForgeInstallationID `json:"id"`
			// Contexts may be absent, and their cloud ids too.
			Contexts []struct {
				CloudID CloudID `json:"cloudId"`
			} `json:"contexts"`
		} `json:"installation"`
		APIBaseURL  string           `json:"apiBaseUrl"`
		AppVersion  string           `json:"appVersion"`
		Version     string           `json:"version"` // its older name
		Environment ForgeEnvironment `json:"environment"`
		Module      ForgeModule      `json:"module"`
		License     *ForgeLicense    `json:"license"`
		Label       *string          `json:"icLabel"`
	} `json:"app"`
	Context struct {
		CloudID   CloudID         `json:"cloudId"`
		SiteURL   string          `json:"siteUrl"`
		AccountID AccountID       `json:"accountId"`
		Extension json.RawMessage `json:"extension"`
		Label     *string         `json:"icLabel"`
	} `json:"context"`
	Label *string `json:"icLabel"`
}

// label is that of an isolated cloud. Its place in the token is not documented,
// so every place counts.
func (c *forgeClaims) label() (label string, ok bool) {
	for _, label := range []*string{c.Label, c.App.Label, c.Context.Label} {
		if label != nil {
			return *label, true
		}
	}
	return "", false
}

func (c *forgeClaims) installation() ForgeInstallationID {
	if c.App.InstallationID != "" {
		return c.App.InstallationID
	}
	return c.App.Installation.ID
}

// cloud is the last part of the API's address, which every token has.
func (c *forgeClaims) cloud() CloudID {
	return CloudID(c.App.APIBaseURL[strings.LastIndexByte(c.App.APIBaseURL, '/')+1:])
}

// consistent refuses a token whose parts contradict each other, or whose API
// is not below the origin.
func (c *forgeClaims) consistent(origin string) error {
	path, ok := strings.CutPrefix(c.App.APIBaseURL, origin)
	if !ok || !forgeAPIPath.MatchString(path) {
		return refuse(CodeAPIURL, "apiBaseUrl "+seen(c.App.APIBaseURL)+" is not below "+origin)
	}
	id, other := c.App.InstallationID, c.App.Installation.ID
	switch {
	case id == "" && other == "":
		return refuse(CodeMalformed, "no installation id")
	case id != "" && other != "" && id != other:
		return refuse(CodeMalformed, "two installation ids")
	case c.Context.CloudID != "" && c.Context.CloudID != c.cloud():
		return refuse(CodeMalformed, "two cloud ids")
	case c.Context.AccountID != "" && c.Principal != "" && c.Context.AccountID != c.Principal:
		return refuse(CodeMalformed, "two people")
	}
	return c.checkContexts()
}

func (c *forgeClaims) checkContexts() error {
	named := false
	for _, at := range c.App.Installation.Contexts {
		if at.CloudID == c.cloud() {
			return nil
		}
		named = named || at.CloudID != ""
	}
	if named {
		return refuse(CodeMalformed, "installed on another site than it calls")
	}
	return nil
}

// newInvocation adds the tokens in the headers to the verified claims.
func newInvocation(c *forgeClaims, h http.Header) *Invocation {
	return &Invocation{claims: c, system: oauthToken(h, "X-Forge-Oauth-System"), user: oauthToken(h, "X-Forge-Oauth-User")}
}

// oauthToken reads a header that holds one bearer token; for anything else it
// returns none.
func oauthToken(h http.Header, name string) Secret {
	values := h[name]
	if len(values) != 1 || len(values[0]) > maxInvocation || !wire.IsBearer(values[0]) {
		return Secret{}
	}
	return NewSecret(values[0])
}

// TokenExpiry reads when one of Forge's OAuth tokens expires, false if it does
// not say. Atlassian allows reading nothing else in it; the token is not
// verified and says nothing about the caller.
func TokenExpiry(token Secret) (time.Time, bool) {
	parts := strings.Split(token.Reveal(), ".")
	if len(parts) != 3 {
		return time.Time{}, false
	}
	data, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return time.Time{}, false
	}
	var c struct {
		Expires float64 `json:"exp"`
	}
	if json.Unmarshal(data, &c) != nil || c.Expires < 1 || c.Expires > 1<<40 {
		return time.Time{}, false
	}
	return time.Unix(int64(c.Expires), 0), true
}
