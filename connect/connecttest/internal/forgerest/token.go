package forgerest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/connecttest/internal/auth"
	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
)

const (
	// oauthLife is how long an OAuth token of Forge lives.
	oauthLife = 4 * time.Hour
	// oauthLeft is how long a token that is handed out is good at least.
	oauthLeft = 2 * time.Hour
)

// grant is what stands behind an OAuth token.
type grant struct {
	installation string
	account      string // "" is the app itself
	expires      time.Time
}

// Settings are what the people and admins of a site have decided about Forge
// apps. The zero value is that all consented and nobody may be impersonated.
type Settings struct {
	// Impersonation lets apps get tokens of people who are not there.
	Impersonation bool `json:"impersonation"`
	// WithoutConsent are the account ids of those who have not consented: calls
	// of their pages bring no token of theirs.
	WithoutConsent []string `json:"withoutConsent"`
}

// tokens are the OAuth tokens that the site has given out.
type tokens struct {
	secret string

	mu       sync.Mutex
	settings Settings
	grants   map[string]grant
}

func newTokens(secret string) *tokens { return &tokens{secret: secret, grants: map[string]grant{}} }

// issue gives a token that is good for two hours at least, one that was given
// before where there is one, and says when it ends. The token tells that, too,
// and nothing else.
func (t *tokens) issue(g grant, now time.Time) (text string, expires time.Time, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for text, old := range t.grants {
		same := old.installation == g.installation && old.account == g.account
		if same && old.expires.Sub(now) >= oauthLeft {
			return text, old.expires, nil
		}
		if !now.Before(old.expires) {
			delete(t.grants, text)
		}
	}
	g.expires = now.Add(oauthLife)
	text, err = sign.HS256(t.secret, jwt.MapClaims{"jti": sign.UUID(), "iat": now.Unix(), "exp": g.expires.Unix()})
	if err == nil {
		t.grants[text] = g
	}
	return text, g.expires, err
}

func (t *tokens) find(text string, now time.Time) (grant, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g, ok := t.grants[text]
	return g, ok && now.Before(g.expires)
}

// end takes back those that match.
func (t *tokens) end(match func(grant) bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for text, g := range t.grants {
		if match(g) {
			delete(t.grants, text)
		}
	}
}

func (t *tokens) withoutConsent(account string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Contains(t.settings.WithoutConsent, account)
}

// Settings are those in force.
func (s *Server) Settings() Settings {
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	return s.tokens.settings
}

// SetSettings puts others in force. Who takes consent back has no token any
// more.
func (s *Server) SetSettings(settings Settings) {
	s.tokens.mu.Lock()
	settings.WithoutConsent = slices.Clone(settings.WithoutConsent)
	s.tokens.settings = settings
	s.tokens.mu.Unlock()
	s.tokens.end(func(g grant) bool { return slices.Contains(settings.WithoutConsent, g.account) })
}

// ExpireTokens ends every OAuth token that an app was given so far, or all apps
// when name is empty.
func (s *Server) ExpireTokens(name string) error {
	if name == "" {
		s.tokens.end(func(grant) bool { return true })
		return nil
	}
	a, err := s.app(name)
	if err != nil {
		return err
	}
	s.tokens.end(func(g grant) bool { return g.installation == a.id })
	return nil
}

// Bearer accepts the OAuth tokens of Forge apps.
func (s *Server) Bearer() auth.Way {
	return auth.Way{Scheme: "bearer", Caller: func(_ *http.Request, c auth.Credentials) (auth.Identity, error) {
		g, ok := s.tokens.find(c.Text, s.Now())
		if !ok {
			return auth.Identity{}, errors.New("the token is unknown, has expired or was taken back")
		}
		a, err := s.app(g.installation)
		if err != nil {
			return auth.Identity{}, err
		}
		return s.identity(a, g)
	}}
}

func (s *Server) identity(a *app, g grant) (auth.Identity, error) {
	claims := map[string]any{"app": a.manifest.App.ID, "scope": strings.Join(a.manifest.scopes, " "), "exp": g.expires.Unix()}
	id := auth.Identity{App: a.key(), Token: &journal.Token{Where: "bearer", Claims: claims}}
	if g.account == "" {
		id.Account, id.Self, id.Via = appAccount(a), true, "forge system token"
	} else {
		claims["sub"] = g.account
		id.Account, id.Via = g.account, "forge user token"
	}
	id.Scopes = a.manifest.scopes
	return id, s.World.KnownAccount(id.Account)
}

// object is a claim set or a part of one.
type object = map[string]any

// invocationLife is how long an invocation token lives.
const invocationLife = 25 * time.Second

// claims are those of an invocation token for a module, without context.
// See https://developer.atlassian.com/platform/forge/remote/essentials/
func (s *Server) claims(a *app, kind, key string) object {
	now, api := s.Now().Unix(), s.apiBaseURL()
	installation := object{"id": a.id}
	if !a.noContexts {
		installation["contexts"] = []object{{"name": contextARI + s.CloudID, "apiBaseUrl": api, "cloudId": s.CloudID}}
	}
	about := object{
		"id": a.manifest.App.ID, "installationId": a.id, "apiBaseUrl": api,
		"appVersion": a.versionText(), "version": a.versionText(), "installation": installation,
		"environment": object{"type": a.environment, "id": a.environmentID()},
		"module":      object{"type": kind, "key": key},
	}
	if len(a.license) > 0 {
		about["license"] = a.license
	}
	return object{
		"iss": "forge/invocation-token", "aud": a.manifest.App.ID, "jti": sign.UUID(),
		"iat": now, "nbf": now, "exp": now + int64(invocationLife/time.Second), "app": about,
	}
}

// Claims are those of the token that the next call for an endpoint's key, or of
// a module's page for a person, would carry: to be changed and signed.
func (s *Server) Claims(name, module, as string) (map[string]any, error) {
	a, err := s.app(name)
	if err != nil {
		return nil, err
	}
	if e, ok := a.manifest.endpoint(module); ok {
		return plain(s.claims(a, endpointModule, e.Key))
	}
	mod, ok := a.manifest.page(module)
	if !ok {
		return nil, fmt.Errorf("module %q of app %s: %w", module, name, errNoModule)
	}
	claims := s.claims(a, mod.kind, mod.Key)
	s.addContext(claims, a, mod, as, nil)
	return plain(claims)
}

// plain makes the parts of claims into maps that a test can walk.
func plain(claims object) (map[string]any, error) {
	data, err := json.Marshal(claims)
	if err != nil {
		return nil, fmt.Errorf("encode claims: %w", err)
	}
	var out map[string]any
	err = json.Unmarshal(data, &out)
	return out, err
}

// Sign signs claims of the caller's choosing with the key in force.
func (s *Server) Sign(claims map[string]any) (string, error) {
	key, err := s.Key()
	if err != nil {
		return "", err
	}
	return key.Sign(jwt.MapClaims(claims))
}

// addContext says for whom and where a page calls.
func (s *Server) addContext(claims object, a *app, mod module, as string, extension object) {
	context := object{
		"cloudId": s.CloudID, "siteUrl": s.URL(), "moduleKey": mod.Key, "localId": a.moduleARI(mod.Key),
		"environmentId": a.environmentUUID(), "environmentType": a.environment, "extension": extension,
	}
	if as != "" {
		claims["principal"], context["accountId"] = as, as
	}
	claims["context"] = context
}
