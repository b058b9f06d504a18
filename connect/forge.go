package connect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	// forgeLeeway is how far Forge's clock may differ from ours: its tokens
	// live for 25 seconds.
	forgeLeeway = 10 * time.Second
	// maxInvocationLife is the longest life of an invocation token. 25 seconds
	// were observed; a token that lives for hours is not Forge's.
	maxInvocationLife = 10 * time.Minute
	// maxInvocation bounds an invocation token, in bytes. It holds the gadget's
	// configuration.
	maxInvocation = 32 << 10

	forgeIssuer    = "forge/invocation-token"
	forgeAppPrefix = "ari:cloud:ecosystem::app/"
	forgeAPIURL    = "https://api.atlassian.com"
)

// ForgeVerifier checks the invocation tokens with which Forge calls a remote
// backend. A refusal is an [*AuthError] (401) or, for a valid token that was
// made for another place, a [*DeniedError] (403); any other error means that
// the answer is not known (503).
//
// All fields are set before the first use and not changed after it. It is safe
// for concurrent use.
// See https://developer.atlassian.com/platform/forge/remote/essentials/#the-forge-invocation-token--fit-
type ForgeVerifier struct {
	// AppID is the app's id, as a full ARI
	// (ari:cloud:ecosystem::app/UUID) or as the bare UUID.
	AppID string
	// Environments are the types (PRODUCTION, STAGING, DEVELOPMENT) and ids of
	// the environments that are served. All environments of an app share its id,
	// so nothing else keeps a development installation out. Empty: PRODUCTION.
	Environments []string
	// APIURL is the only origin that a token's apiBaseUrl may have. Empty:
	// https://api.atlassian.com.
	APIURL string
	// Keys finds the public keys of tokens, usually a [ForgeKeys].
	Keys ForgeKeySet
	// Isolated finds the keys of an isolated cloud by its label, 1 to 50 of
	// a-z, 0-9, _ and -. Nil, or a nil answer, refuses its tokens.
	Isolated func(label string) ForgeKeySet
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	tokens tokenReader
}

// ForgeModule is what a token was made for: a module of the manifest, or
// core:endpoint with the key of an endpoint for triggers.
type ForgeModule struct {
	// Type is the manifest's name of the kind, such as jira:dashboardGadget.
	Type string `json:"type"`
	// Key is the module's or endpoint's key.
	Key string `json:"key"`
}

// ForgeEndpoint is the module of an endpoint that triggers call.
func ForgeEndpoint(key string) ForgeModule { return ForgeModule{Type: "core:endpoint", Key: key} }

// ForgeUI is the module of a page, of a type such as jira:globalPage or
// jira:dashboardGadget, that calls with invokeRemote.
func ForgeUI(kind, key string) ForgeModule { return ForgeModule{Type: kind, Key: key} }

// DeniedError says that a token is valid but was made for another endpoint or
// environment. Answer 403.
type DeniedError struct {
	// Code is CodeModule or CodeEnvironment.
	Code string
	// Detail says more, in words for a log. It holds no token.
	Detail string
}

// Error gives "code: detail".
func (e *DeniedError) Error() string { return e.Code + ": " + e.Detail }

// Verify checks the invocation token of a request, which must be in its only
// Authorization header as Bearer: RS256 with a key of Forge's, issuer,
// audience, times with ten seconds of leeway, the app's id, the origin of the
// API, the environment, and that it was made for one of the modules.
func (v *ForgeVerifier) Verify(r *http.Request, modules ...ForgeModule) (*Invocation, error) {
	raw, err := invocationToken(r)
	if err != nil {
		return nil, err
	}
	now := clock(v.Now)
	tokens := v.tokens.ready(now, forgeLeeway)
	c := new(forgeClaims)
	token, err := tokens.parse(raw, jwt.SigningMethodRS256, c)
	if err != nil {
		return nil, err
	}
	if err := v.checkSignature(r.Context(), token, c); err != nil {
		return nil, err
	}
	if err := v.checkClaims(tokens, c); err != nil {
		return nil, err
	}
	if err := v.checkDoor(c, modules); err != nil {
		return nil, err
	}
	return newInvocation(c, r.Header), nil
}

// invocationToken finds the one token of a request. It never looks at the
// address or the body.
func invocationToken(r *http.Request) (string, error) {
	headers := r.Header["Authorization"]
	if len(headers) > 1 {
		return "", refuse(CodeTwoTokens, "more than one Authorization header")
	}
	if len(headers) == 0 {
		return "", refuse(CodeMissing, "no Authorization header")
	}
	token, ok := strings.CutPrefix(headers[0], "Bearer ")
	switch {
	case !ok || token == "":
		return "", refuse(CodeMissing, "no token under the scheme Bearer")
	case len(token) > maxInvocation:
		return "", refuse(CodeMalformed, "longer than 32 KiB")
	}
	return token, nil
}

func (v *ForgeVerifier) checkSignature(ctx context.Context, token *jwt.Token, c *forgeClaims) error {
	kid, _ := token.Header["kid"].(string)
	if kid == "" {
		return refuse(CodeKid, "no key id")
	}
	keys, err := v.keys(c)
	if err != nil {
		return err
	}
	key, err := keys.ForgeKey(ctx, kid)
	switch {
	case errors.Is(err, ErrNotFound):
		return refuse(CodeKey, "no such key: "+seen(kid))
	case err != nil:
		return fmt.Errorf("find invocation key: %w", err)
	case !verifies(token, key):
		return refuse(CodeSignature, "")
	}
	return nil
}

// keys are those of the cloud that the token says it comes from.
func (v *ForgeVerifier) keys(c *forgeClaims) (ForgeKeySet, error) {
	label, isolated := c.label()
	if !isolated {
		return v.Keys, nil
	}
	if v.Isolated == nil || !forgeLabel.MatchString(label) {
		return nil, refuse(CodeIsolated, "a token of an isolated cloud")
	}
	if keys := v.Isolated(label); keys != nil {
		return keys, nil
	}
	return nil, refuse(CodeIsolated, "a token of an isolated cloud that is not served")
}

// checkClaims checks that the token is Forge's and for this app.
func (v *ForgeVerifier) checkClaims(tokens *tokenReader, c *forgeClaims) error {
	switch app := v.appID(); {
	case c.Issuer != forgeIssuer:
		return refuse(CodeIssuer, "not issued by Forge")
	case len(c.Audience) != 1 || c.Audience[0] != app:
		return refuse(CodeAudience, fmt.Sprintf("for %s, not %s", seen(strings.Join(c.Audience, ", ")), app))
	case c.App.ID != app:
		return refuse(CodeAudience, "the app's id is not the audience")
	case c.IssuedAt <= 0: // one before 1970 could make the lifetime overflow
		return refuse(CodeMalformed, "no time of issue")
	}
	if err := tokens.checkTimes(c, clock(v.Now)()); err != nil {
		return err
	}
	if c.Expires-c.IssuedAt > int64(maxInvocationLife/time.Second) {
		return refuse(CodeLifetime, "lives longer than ten minutes")
	}
	return c.consistent(v.apiURL())
}

// checkDoor tells whether a valid token is for this place.
func (v *ForgeVerifier) checkDoor(c *forgeClaims, modules []ForgeModule) error {
	environment := c.App.Environment
	served := v.Environments
	if len(served) == 0 {
		served = []string{EnvironmentProduction}
	}
	if !slices.ContainsFunc(served, environment.is) {
		return &DeniedError{CodeEnvironment, fmt.Sprintf("environment %q of type %q is not served: %s are", environment.ID, environment.Type, strings.Join(served, ", "))}
	}
	if !slices.Contains(modules, c.App.Module) {
		return &DeniedError{CodeModule, fmt.Sprintf("made for %q of type %q", c.App.Module.Key, c.App.Module.Type)}
	}
	return nil
}

func (v *ForgeVerifier) appID() string {
	return forgeAppPrefix + strings.TrimPrefix(v.AppID, forgeAppPrefix)
}

func (v *ForgeVerifier) apiURL() string {
	if v.APIURL == "" {
		return forgeAPIURL
	}
	return strings.TrimSuffix(v.APIURL, "/")
}
