package host

import (
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
)

// How long the site's tokens live.
const (
	pageTokenLife    = 3 * time.Minute
	contextTokenLife = 15 * time.Minute
)

// contextQSH is the fixed hash of a token that is bound to no address.
const contextQSH = "context-qsh"

// hostToken signs one call to an app: HS256 with the computed hash.
func (s *Server) hostToken(a *app, subject, method string, target *url.URL) (string, error) {
	c := sign.NewClaims(s.Now(), a.clientKey, subject, pageTokenLife)
	c.QSH = s.qsh(a, method, target)
	return sign.HS256(a.secret, c)
}

// Sign signs claims of the caller's choosing with the shared secret of the app
// installed under key: a token that only the host can make, for tests that need
// a wrong one.
func (s *Server) Sign(key string, claims map[string]any) (string, error) {
	a, err := s.app(key)
	if err != nil {
		return "", err
	}
	return sign.HS256(a.secret, jwt.MapClaims(claims))
}

// ContextToken is what the browser gets from AP.context.getToken: bound to the
// tenant and the account ("" is an anonymous viewer), not to an address.
func (s *Server) ContextToken(key, account string) (string, error) {
	a, err := s.app(key)
	if err != nil {
		return "", err
	}
	if err := s.World.KnownAccount(account); err != nil {
		return "", err
	}
	c := sign.NewClaims(s.Now(), a.clientKey, account, contextTokenLife)
	c.QSH, c.Context = contextQSH, s.tokenContext(a)
	return sign.HS256(a.secret, c)
}

type tokenContext struct {
	Jira    struct{} `json:"jira"`
	License *license `json:"license,omitempty"`
	URL     siteURL  `json:"url"`
}

type license struct {
	Active bool `json:"active"`
}

type siteURL struct {
	DisplayURL string `json:"displayUrl"`
}

func (s *Server) tokenContext(a *app) tokenContext {
	c := tokenContext{URL: siteURL{DisplayURL: s.URL()}}
	if a.descriptor.EnableLicensing {
		c.License = &license{Active: true}
	}
	return c
}
