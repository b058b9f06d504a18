package connecttest

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// The names of the impersonation grant.
// See https://developer.atlassian.com/cloud/jira/software/user-impersonation-for-connect-apps/
const (
	grantJWTBearer  = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	clientPrefix    = "urn:atlassian:connect:clientid:"
	accountPrefix   = "urn:atlassian:connect:useraccountid:"
	assertionLife   = time.Minute
	chatTokenLife   = time.Hour
	chatAudience    = "api.atlassian.com"
	oauthFormType   = "application/x-www-form-urlencoded"
	oauthBodyLimit  = 64 << 10
	grantClientCred = "client_credentials"
)

// oauthError is an error answer of RFC 6749.
type oauthError struct {
	status      int
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

func (e *oauthError) write(w http.ResponseWriter) {
	noteReason(w, e.Code+": "+e.Description)
	writeJSON(w, e.status, e)
}

func oauthRefusal(status int, code, format string, args ...any) *oauthError {
	return &oauthError{status: status, Code: code, Description: fmt.Sprintf(format, args...)}
}

type accessToken struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"`
	Scope       string `json:"scope,omitempty"`
	TokenType   string `json:"token_type"`
}

// assertionClaims are the claims of the app's assertion.
type assertionClaims struct {
	jwt.RegisteredClaims
	Tenant string `json:"tnt"`
}

// serveImpersonation exchanges an app's assertion for a token that acts as a
// person.
func (s *Site) serveImpersonation(w http.ResponseWriter, r *http.Request) {
	form, refusal := readForm(w, r)
	if refusal != nil {
		refusal.write(w)
		return
	}
	g, refusal := s.impersonate(w, form)
	if refusal != nil {
		refusal.write(w)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, accessToken{
		AccessToken: s.tokens.issue(g, s.now()), ExpiresIn: int(bearerLife / time.Second), TokenType: "Bearer",
	})
}

func readForm(w http.ResponseWriter, r *http.Request) (url.Values, *oauthError) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != oauthFormType {
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_request", "the content type must be %s", oauthFormType)
	}
	r.Body = http.MaxBytesReader(w, r.Body, oauthBodyLimit)
	if err := r.ParseForm(); err != nil {
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_request", "the form cannot be read")
	}
	for name, values := range r.PostForm {
		if len(values) > 1 {
			return nil, oauthRefusal(http.StatusBadRequest, "invalid_request", "%s is given twice", name)
		}
	}
	return r.PostForm, nil
}

func (s *Site) impersonate(w http.ResponseWriter, form url.Values) (grant, *oauthError) {
	if form.Get("grant_type") != grantJWTBearer {
		return grant{}, oauthRefusal(http.StatusBadRequest, "unsupported_grant_type", "grant_type must be %s", grantJWTBearer)
	}
	raw := form.Get("assertion")
	token := decodeToken("assertion", raw)
	var claims assertionClaims
	if _, _, err := jwt.NewParser().ParseUnverified(raw, &claims); err != nil {
		return grant{}, oauthRefusal(http.StatusBadRequest, "invalid_grant", "the assertion is not a JWT")
	}
	a, refusal := s.assertionApp(raw, claims)
	if a != nil {
		noteCaller(w, a.key(), "", token)
	}
	if refusal == nil {
		refusal = s.checkAssertion(claims)
	}
	if refusal != nil {
		return grant{}, refusal
	}
	return s.impersonationGrant(a, strings.TrimPrefix(claims.Subject, accountPrefix), form.Get("scope"))
}

// assertionApp finds the app by its OAuth client and checks the signature.
func (s *Site) assertionApp(raw string, claims assertionClaims) (*app, *oauthError) {
	client, ok := strings.CutPrefix(claims.Issuer, clientPrefix)
	if !ok {
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_grant", "iss must begin with %s", clientPrefix)
	}
	apps := s.candidates(func(a *app) bool { return a.oauthClientID == client })
	if len(apps) == 0 {
		return nil, oauthRefusal(http.StatusUnauthorized, "invalid_client", "iss names no OAuth client of an installed app")
	}
	a, err := s.signer(raw, apps)
	if err != nil {
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_grant", "the assertion is refused: %v", err)
	}
	return a, nil
}

func (s *Site) checkAssertion(c assertionClaims) *oauthError {
	site := s.URL()
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
	case account == "" || s.knownAccount(account) != nil || s.isApp(account):
		problem = "sub is not a user with access to this site"
	default:
		return nil
	}
	return oauthRefusal(http.StatusBadRequest, "invalid_grant", "%s", problem)
}

func (s *Site) isApp(account string) bool {
	p, ok := s.world.Person(account)
	return ok && p.App
}

func (s *Site) impersonationGrant(a *app, account, scope string) (grant, *oauthError) {
	declared := a.descriptor.scopes()
	if !slices.Contains(declared, scopeActAsUser) {
		return grant{}, oauthRefusal(http.StatusBadRequest, "unauthorized_client", "the app does not have the scope %s", scopeActAsUser)
	}
	scopes := declared
	if scope != "" {
		asked := strings.Split(scope, " ")
		for _, one := range asked {
			if !slices.Contains(declared, one) {
				return grant{}, oauthRefusal(http.StatusBadRequest, "invalid_scope", "the app does not have the scope %q", one)
			}
		}
		scopes = expandScopes(asked)
	}
	return grant{app: a.key(), account: account, scopes: scopes, expires: s.now().Add(bearerLife)}, nil
}

// clientCredentials is the request of the chat platform's token endpoint.
type clientCredentials struct {
	GrantType    string `json:"grant_type"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	Audience     string `json:"audience"`
}

// serveChatToken answers the client credentials grant, in JSON or as a form.
func (s *Site) serveChatToken(w http.ResponseWriter, r *http.Request) {
	in, refusal := readCredentials(w, r)
	if refusal != nil {
		refusal.write(w)
		return
	}
	client, refusal := s.chatClient(in)
	if refusal != nil {
		refusal.write(w)
		return
	}
	noteCaller(w, client.app, "", nil)
	g := grant{app: in.ClientID, chat: true, scopes: client.scopes, expires: s.now().Add(chatTokenLife)}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, accessToken{
		AccessToken: s.tokens.issue(g, s.now()), ExpiresIn: int(chatTokenLife / time.Second),
		Scope: strings.Join(client.scopes, " "), TokenType: "Bearer",
	})
}

func readCredentials(w http.ResponseWriter, r *http.Request) (clientCredentials, *oauthError) {
	var in clientCredentials
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		form, refusal := readForm(w, r)
		in.GrantType, in.Audience = form.Get("grant_type"), form.Get("audience")
		in.ClientID, in.ClientSecret = form.Get("client_id"), form.Get("client_secret")
		return in, refusal
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, oauthBodyLimit)).Decode(&in); err != nil {
		return in, oauthRefusal(http.StatusBadRequest, "invalid_request", "the body is not a JSON object")
	}
	return in, nil
}

func (s *Site) chatClient(in clientCredentials) (chatClient, *oauthError) {
	host := s.baseURL().Host
	if in.GrantType != grantClientCred {
		return chatClient{}, oauthRefusal(http.StatusBadRequest, "unsupported_grant_type", "grant_type must be %s", grantClientCred)
	}
	if !slices.Contains([]string{"", chatAudience, host, s.URL()}, in.Audience) {
		return chatClient{}, oauthRefusal(http.StatusForbidden, "access_denied", "the client is not authorized for the audience %q", in.Audience)
	}
	client, ok := s.chat.client(in.ClientID)
	if !ok || subtle.ConstantTimeCompare([]byte(client.secret), []byte(in.ClientSecret)) != 1 {
		return chatClient{}, oauthRefusal(http.StatusUnauthorized, "access_denied", "unknown client or wrong secret")
	}
	return client, nil
}
