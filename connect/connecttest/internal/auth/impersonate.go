package auth

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// The names of the impersonation grant.
// See https://developer.atlassian.com/cloud/jira/software/user-impersonation-for-connect-apps/
const (
	grantJWTBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	clientPrefix   = "urn:atlassian:connect:clientid:"
	accountPrefix  = "urn:atlassian:connect:useraccountid:"
	assertionLife  = time.Minute
	bearerLife     = 15 * time.Minute
)

// Impersonator exchanges an app's assertion for a token that acts as a person.
type Impersonator struct {
	Installs Installs
	World    *world.World
	Tokens   *Tokens
	URL      func() string // of the site
	Now      func() time.Time
}

// assertionClaims are the claims of the app's assertion.
type assertionClaims struct {
	jwt.RegisteredClaims
	Tenant string `json:"tnt"`
}

// ServeHTTP answers the token endpoint.
func (i Impersonator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	form, refusal := ReadForm(w, r)
	if refusal != nil {
		refusal.Write(w)
		return
	}
	g, refusal := i.impersonate(w, form)
	if refusal != nil {
		refusal.Write(w)
		return
	}
	WriteToken(w, i.Tokens.Issue(g, i.Now()), bearerLife, "")
}

func (i Impersonator) impersonate(w http.ResponseWriter, form url.Values) (Grant, *Refusal) {
	if form.Get("grant_type") != grantJWTBearer {
		return Grant{}, Refuse(http.StatusBadRequest, "unsupported_grant_type", "grant_type must be %s", grantJWTBearer)
	}
	raw := form.Get("assertion")
	token := journal.Decode("assertion", raw)
	var claims assertionClaims
	if _, _, err := jwt.NewParser().ParseUnverified(raw, &claims); err != nil {
		return Grant{}, Refuse(http.StatusBadRequest, "invalid_grant", "the assertion is not a JWT")
	}
	in, refusal := i.install(raw, claims)
	if refusal != nil {
		return Grant{}, refusal
	}
	journal.NoteCaller(w, in.Key, "", token)
	if refusal = i.check(claims); refusal != nil {
		return Grant{}, refusal
	}
	return i.grant(in, strings.TrimPrefix(claims.Subject, accountPrefix), form.Get("scope"))
}

// install finds the app by its OAuth client and checks the signature.
func (i Impersonator) install(raw string, claims assertionClaims) (Install, *Refusal) {
	client, ok := strings.CutPrefix(claims.Issuer, clientPrefix)
	if !ok {
		return Install{}, Refuse(http.StatusBadRequest, "invalid_grant", "iss must begin with %s", clientPrefix)
	}
	list := i.Installs.Signers(func(in Install) bool { return in.OAuthClientID == client })
	if len(list) == 0 {
		return Install{}, Refuse(http.StatusUnauthorized, "invalid_client", "iss names no OAuth client of an installed app")
	}
	in, err := signer(raw, list, i.Now)
	if err != nil {
		return Install{}, Refuse(http.StatusBadRequest, "invalid_grant", "the assertion is refused: %v", err)
	}
	return in, nil
}

func (i Impersonator) check(c assertionClaims) *Refusal {
	site := i.URL()
	account, ok := strings.CutPrefix(c.Subject, accountPrefix)
	problem := ""
	switch {
	case len(c.Audience) != 1 || c.Audience[0] != site:
		problem = "aud must be " + site
	case c.Tenant != site:
		problem = "tnt must be " + site
	case c.IssuedAt == nil || c.ExpiresAt.Sub(c.IssuedAt.Time) > assertionLife:
		problem = "iat must be given and exp at most 60 seconds after it"
	case !ok:
		problem = "sub must begin with " + accountPrefix
	case account == "" || i.World.KnownAccount(account) != nil || i.isApp(account):
		problem = "sub is not a user with access to this site"
	default:
		return nil
	}
	return Refuse(http.StatusBadRequest, "invalid_grant", "%s", problem)
}

func (i Impersonator) isApp(account string) bool {
	p, ok := i.World.Person(account)
	return ok && p.App
}

func (i Impersonator) grant(in Install, account, scope string) (Grant, *Refusal) {
	if !slices.Contains(in.Scopes, ActAsUser) {
		return Grant{}, Refuse(http.StatusBadRequest, "unauthorized_client", "the app does not have the scope %s", ActAsUser)
	}
	scopes := in.Scopes
	if scope != "" {
		asked := strings.Split(scope, " ")
		for _, one := range asked {
			if !slices.Contains(in.Scopes, one) {
				return Grant{}, Refuse(http.StatusBadRequest, "invalid_scope", "the app does not have the scope %q", one)
			}
		}
		scopes = ExpandScopes(asked)
	}
	return Grant{Client: in.Key, Account: account, Scopes: scopes, Expires: i.Now().Add(bearerLife)}, nil
}
