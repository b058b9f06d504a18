package auth

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// The limits of an app's own tokens.
const (
	tokenLeeway  = 30 * time.Second
	maxTokenLife = time.Hour
)

// Install is an installation of an app, as far as its tokens are concerned.
type Install struct {
	Key, ClientKey, OAuthClientID, Secret string
	// Scopes are the declared ones and what they imply, in upper case.
	Scopes []string
}

// Installs are the installations whose secret an app may sign with.
type Installs interface {
	// Signers lists those that match.
	Signers(match func(Install) bool) []Install
}

// appClaims are the claims of a token that an app makes.
type appClaims struct {
	jwt.RegisteredClaims
	QSH string `json:"qsh"`
}

// AppToken accepts a JWT that an installed app signed for exactly this call.
func AppToken(installs Installs, now func() time.Time) Way {
	return Way{Scheme: schemeJWT, Caller: func(r *http.Request, c Credentials) (Identity, error) {
		id := Identity{Token: journal.Decode(c.Where, c.Text)}
		var claims appClaims
		if _, _, err := jwt.NewParser().ParseUnverified(c.Text, &claims); err != nil {
			return id, &journal.Refusal{Check: "form", Say: "the token is not a JWT"}
		}
		list := installs.Signers(func(in Install) bool { return in.Key == claims.Issuer })
		if len(list) == 0 {
			return id, &journal.Refusal{Check: "iss", Say: "no app of this key is installed"}
		}
		id.App = claims.Issuer
		in, err := signer(c.Text, list, now)
		if err != nil {
			return id, err
		}
		if err := checkAppClaims(claims, in, r); err != nil {
			return id, err
		}
		id.Account, id.Self, id.Scopes, id.Via = world.AppAccount(in.Key), true, in.Scopes, ViaApp
		return id, nil
	}}
}

// signer finds the installation whose secret signed the token.
func signer(raw string, list []Install, now func() time.Time) (Install, error) {
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithLeeway(tokenLeeway), jwt.WithTimeFunc(now),
	)
	var err error
	for _, in := range list {
		_, err = parser.ParseWithClaims(raw, &appClaims{}, func(*jwt.Token) (any, error) { return []byte(in.Secret), nil })
		if err == nil {
			return in, nil
		}
	}
	return Install{}, &journal.Refusal{Check: failed(err), Say: err.Error()}
}

// failed is the check that an error of the JWT library is about.
func failed(err error) string {
	for check, known := range map[string]error{
		"exp": jwt.ErrTokenExpired, "iat": jwt.ErrTokenUsedBeforeIssued, "nbf": jwt.ErrTokenNotValidYet,
	} {
		if errors.Is(err, known) {
			return check
		}
	}
	switch {
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return "exp"
	case strings.Contains(err.Error(), "signing method"): // the library has no other sign of it
		return "alg"
	}
	return "signature"
}

func checkAppClaims(c appClaims, in Install, r *http.Request) error {
	switch {
	case c.IssuedAt == nil:
		return &journal.Refusal{Check: "iat", Say: "is missing"}
	case c.ExpiresAt.Sub(c.IssuedAt.Time) > maxTokenLife:
		return &journal.Refusal{Check: "exp", Say: "more than an hour after iat"}
	case len(c.Audience) > 0 && !slices.Contains(c.Audience, in.ClientKey):
		return &journal.Refusal{Check: "aud", Say: "is not this tenant's client key"}
	case c.QSH == "":
		return &journal.Refusal{Check: "qsh", Say: "is missing"}
	}
	if sign.Matches(r, c.QSH) {
		return nil
	}
	query := journal.Scrub(r.URL.RawQuery)
	want := sign.Canonical(r.Method, r.URL.EscapedPath(), query, "", sign.ByDecodedName)
	refusal := &journal.Refusal{Check: "qsh", Say: "is not the hash of " + want, Expected: want}
	if signed, mistake := sign.Mistake(r.Method, r.URL.EscapedPath(), query, c.QSH); signed != "" {
		refusal.Say, refusal.Signed = refusal.Say+": "+mistake, signed
	}
	return refusal
}
