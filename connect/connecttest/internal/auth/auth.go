// Package auth finds out who calls one of the site's APIs. Each way of
// authenticating is a [Way] in a file of its own; a [Gate] lists those that an
// API accepts.
package auth

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
)

// How a caller proved who it is, for logs.
const (
	ViaNothing       = "anonymous"
	ViaApp           = "app"
	ViaImpersonation = "impersonation"
	ViaPassword      = "basic"
)

// Identity is who calls. The zero value is an anonymous caller.
type Identity struct {
	// Account is the account id whose rights apply; empty is anonymous.
	Account string
	// App is the key of the app that calls, as itself or for a person; empty if
	// none does.
	App string
	// Self says that the app calls as itself.
	Self bool
	// Scopes limit the call, in upper case; nil sets no limit.
	Scopes []string
	// Via is how the caller proved it.
	Via string
	// Token is what the log of requests shows of the token; nil without a
	// token.
	Token *journal.Token
}

// Has says whether the scope is among those listed.
func (id Identity) Has(scope string) bool { return slices.Contains(id.Scopes, scope) }

// Way is one way of proving who calls.
type Way struct {
	// Scheme is that of the Authorization header, in lower case. A token of the
	// scheme jwt may come as the query parameter of that name instead.
	Scheme string
	// Caller checks what follows the scheme. The error's text is for the
	// developer whose call is refused; the Identity returned with it holds what
	// is known anyway, for the log.
	Caller func(r *http.Request, c Credentials) (Identity, error)
}

// Credentials are what a caller shows.
type Credentials struct {
	// Where is "header" or "query".
	Where string
	// Text is what follows the scheme.
	Text string
}

const schemeJWT = "jwt"

// Gate is the ways that an API accepts. If several have the same scheme, the
// first that accepts the caller counts.
type Gate []Way

// Caller finds out who calls. A call without credentials is anonymous; one
// with two is refused.
func (g Gate) Caller(r *http.Request) (Identity, error) {
	headers := r.Header.Values("Authorization")
	inQuery := r.URL.Query()[schemeJWT]
	switch {
	case len(headers)+len(inQuery) > 1:
		return Identity{}, errors.New("more than one token")
	case len(inQuery) == 1:
		return g.try(r, schemeJWT, Credentials{"query", inQuery[0]})
	case len(headers) == 0:
		return Identity{Via: ViaNothing}, nil
	}
	scheme, text, _ := strings.Cut(headers[0], " ")
	return g.try(r, strings.ToLower(scheme), Credentials{"header", text})
}

func (g Gate) try(r *http.Request, scheme string, c Credentials) (id Identity, err error) {
	err = errors.New("unknown scheme in Authorization")
	for _, way := range g {
		if way.Scheme != scheme {
			continue
		}
		if id, err = way.Caller(r, c); err == nil {
			return id, nil
		}
	}
	return id, err
}
