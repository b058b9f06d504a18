package connecttest

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// The limits of an app's own tokens.
const (
	tokenLeeway  = 30 * time.Second
	maxTokenLife = time.Hour
)

// identity is who calls, and what goes into the log about it.
type identity struct {
	principal jirarest.Principal
	// app is the app as which, or for which, the call is made.
	app   string
	token *Token
}

// appClaims are the claims of a token that an app makes.
type appClaims struct {
	jwt.RegisteredClaims
	QSH string `json:"qsh"`
}

// authenticate finds out who calls Jira's REST API. The error's text is for
// the developer whose call was refused.
func (s *Site) authenticate(r *http.Request) (identity, error) {
	headers := r.Header.Values("Authorization")
	inQuery := r.URL.Query()["jwt"]
	switch {
	case len(headers)+len(inQuery) > 1:
		return identity{}, errors.New("more than one token")
	case len(inQuery) == 1:
		return s.byAppToken(r, "query", inQuery[0])
	case len(headers) == 0:
		return identity{principal: jirarest.Principal{Via: "anonymous"}}, nil
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	switch strings.ToLower(scheme) {
	case "jwt":
		return s.byAppToken(r, "header", token)
	case "bearer":
		return s.byBearer(token)
	case "basic":
		return s.byPassword(token)
	}
	return identity{}, errors.New("unknown scheme in Authorization")
}

// byAppToken accepts a JWT that an installed app signed for this very call.
func (s *Site) byAppToken(r *http.Request, where, raw string) (identity, error) {
	id := identity{token: decodeToken(where, raw)}
	var claims appClaims
	if _, _, err := jwt.NewParser().ParseUnverified(raw, &claims); err != nil {
		return id, errors.New("the token is not a JWT")
	}
	apps := s.candidates(func(a *app) bool { return a.key() == claims.Issuer })
	if len(apps) == 0 {
		return id, errors.New("iss: no app of this key is installed")
	}
	id.app = claims.Issuer
	a, err := s.signer(raw, apps)
	if err != nil {
		return id, err
	}
	if err := checkAppClaims(claims, a, r); err != nil {
		return id, err
	}
	id.principal = jirarest.Principal{
		Account: world.AppAccount(a.key()), App: a.key(), Scopes: a.descriptor.scopes(), Via: "app",
	}
	return id, nil
}

// signer finds the installation whose secret signed the token.
func (s *Site) signer(raw string, apps []*app) (*app, error) {
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithLeeway(tokenLeeway), jwt.WithTimeFunc(s.now),
	)
	var err error
	for _, a := range apps {
		_, err = parser.ParseWithClaims(raw, &appClaims{}, func(*jwt.Token) (any, error) { return []byte(a.secret), nil })
		if err == nil {
			return a, nil
		}
	}
	return nil, err
}

func checkAppClaims(c appClaims, a *app, r *http.Request) error {
	switch {
	case c.IssuedAt == nil:
		return errors.New("iat: is missing")
	case c.ExpiresAt.Sub(c.IssuedAt.Time) > maxTokenLife:
		return errors.New("exp: more than an hour after iat")
	case len(c.Audience) > 0 && !slices.Contains(c.Audience, a.clientKey):
		return errors.New("aud: is not this tenant's client key")
	case c.QSH == "":
		return errors.New("qsh: is missing")
	}
	if !qshOf(r, c.QSH) {
		want := canonical(r.Method, r.URL.EscapedPath(), scrub(r.URL.RawQuery), "", byDecodedName)
		return errors.New("qsh: is not the hash of " + want)
	}
	return nil
}

// byBearer accepts a token of the impersonation grant: the person's rights,
// within the app's scopes.
func (s *Site) byBearer(raw string) (identity, error) {
	g, ok := s.tokens.find(raw, s.now())
	if !ok || g.chat {
		return identity{}, errors.New("the bearer token is unknown or has expired")
	}
	id := identity{app: g.app, token: g.describe()}
	if err := s.knownAccount(g.account); err != nil {
		return id, err
	}
	id.principal = jirarest.Principal{Account: g.account, Scopes: g.scopes, Via: "impersonation"}
	return id, nil
}

// describe shows in the log what an opaque token stands for.
func (g grant) describe() *Token {
	claims := map[string]any{"app": g.app, "scope": strings.Join(g.scopes, " "), "exp": g.expires.Unix()}
	if g.account != "" {
		claims["sub"] = g.account
	}
	return &Token{Where: "bearer", Claims: claims}
}

// byPassword accepts a person's e-mail address and API token.
func (s *Site) byPassword(encoded string) (identity, error) {
	refused := errors.New("wrong e-mail address or API token")
	plain, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return identity{}, refused
	}
	email, token, _ := strings.Cut(string(plain), ":")
	p, ok := s.world.PersonByEmail(email)
	if !ok || !p.Active || p.Token == "" || subtle.ConstantTimeCompare([]byte(p.Token), []byte(token)) != 1 {
		return identity{}, refused
	}
	return identity{principal: jirarest.Principal{Account: p.AccountID, Via: "basic"}}, nil
}

// serveJira authenticates a call to Jira's REST API and passes it on.
func (s *Site) serveJira(w http.ResponseWriter, r *http.Request) {
	id, err := s.authenticate(r)
	noteCaller(w, id.app, id.principal.Account, id.token)
	if err != nil {
		refuse(w, err)
		return
	}
	s.serveREST(w, r, id)
}

// serveREST answers for a caller who is known.
func (s *Site) serveREST(w http.ResponseWriter, r *http.Request, id identity) {
	if strings.HasPrefix(r.URL.Path, connectAPI) {
		s.serveConnectAPI(w, r, id)
		return
	}
	s.rest.Serve(w, r, id.principal)
}

// refuse answers 401 as Jira does, and says why, which Jira does not.
func refuse(w http.ResponseWriter, reason error) {
	noteReason(w, reason.Error())
	w.Header().Set("WWW-Authenticate", `OAuth realm="jira"`)
	w.Header().Set("X-Seraph-Loginreason", "AUTHENTICATED_FAILED")
	jiraError(w, http.StatusUnauthorized, "Client must be authenticated to access this resource.", reason.Error())
}

// jiraError answers in Jira's shape of errors.
func jiraError(w http.ResponseWriter, status int, messages ...string) {
	writeJSON(w, status, struct {
		Messages []string          `json:"errorMessages"`
		Errors   map[string]string `json:"errors"`
	}{messages, map[string]string{}})
}
