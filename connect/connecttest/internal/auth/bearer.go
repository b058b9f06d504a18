package auth

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Grant is what stands behind an opaque bearer token.
type Grant struct {
	// Client is the app key or, of an app that has an OAuth client of its own,
	// the client id.
	Client string
	// Account is the person that the client may act for; empty: nobody.
	Account string
	Scopes  []string
	Expires time.Time
}

// Describe is what the log of requests shows of the token.
func (g Grant) Describe() *journal.Token {
	claims := map[string]any{"app": g.Client, "scope": strings.Join(g.Scopes, " "), "exp": g.Expires.Unix()}
	if g.Account != "" {
		claims["sub"] = g.Account
	}
	return &journal.Token{Where: "bearer", Claims: claims}
}

// Tokens holds the bearer tokens that one token endpoint has given out. It is
// safe for concurrent use.
type Tokens struct {
	mu     sync.Mutex
	grants map[string]Grant
}

// Issue makes a token. It drops the expired ones first.
func (t *Tokens) Issue(g Grant, now time.Time) string {
	token := sign.RandomText()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.grants == nil {
		t.grants = make(map[string]Grant)
	}
	for old, g := range t.grants {
		if !now.Before(g.Expires) {
			delete(t.grants, old)
		}
	}
	t.grants[token] = g
	return token
}

// Find returns the grant of an unexpired token.
func (t *Tokens) Find(token string, now time.Time) (Grant, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g, ok := t.grants[token]
	return g, ok && now.Before(g.Expires)
}

// Revoke ends every token of a client.
func (t *Tokens) Revoke(client string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for token, g := range t.grants {
		if g.Client == client {
			delete(t.grants, token)
		}
	}
}

// Impersonation accepts a token of the impersonation grant: the person's
// rights, within the app's scopes.
func Impersonation(tokens *Tokens, w *world.World, now func() time.Time) Way {
	return Way{Scheme: "bearer", Caller: func(_ *http.Request, c Credentials) (Identity, error) {
		g, ok := tokens.Find(c.Text, now())
		if !ok {
			return Identity{}, errors.New("the bearer token is unknown or has expired")
		}
		id := Identity{App: g.Client, Token: g.Describe()}
		if err := w.KnownAccount(g.Account); err != nil {
			return id, err
		}
		id.Account, id.Scopes, id.Via = g.Account, g.Scopes, ViaImpersonation
		return id, nil
	}}
}
