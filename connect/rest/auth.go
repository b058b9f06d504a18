package rest

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

// Basic is a transport that adds Basic auth to calls to one origin, and makes
// no other call: e-mail address and API token on Atlassian Cloud, user name
// and password on Data Center.
// See https://developer.atlassian.com/cloud/jira/platform/basic-auth-for-rest-apis/
type Basic struct {
	// Origin is the service's address; its path is ignored.
	Origin string
	// User is the e-mail address or user name; it must not hold a colon.
	User string
	// Token returns the secret. It is a function so that nothing prints it.
	Token func() string
	// Base carries the calls; nil means http.DefaultTransport.
	Base http.RoundTripper
}

// RoundTrip makes the call as the user. A call to another origin is an error that
// wraps [ErrForeignOrigin].
func (t *Basic) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.Contains(t.User, ":") {
		wire.CloseBody(req)
		return nil, errors.New("basic auth: user name with a colon")
	}
	return authorize(req, t.Origin, t.Base, t.Token, func(token string) string {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(t.User+":"+token))
	})
}

// Bearer is a transport that adds a bearer token to calls to one origin, and
// makes no other call: an OAuth 2.0 access token, or a personal access token
// of Data Center.
// See https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html
type Bearer struct {
	// Origin is the service's address; its path is ignored.
	Origin string
	// Token returns the secret. It is a function so that nothing prints it.
	Token func() string
	// Base carries the calls; nil means http.DefaultTransport.
	Base http.RoundTripper
}

// RoundTrip makes the call with the token. A call to another origin is an error
// that wraps [ErrForeignOrigin].
func (t *Bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	return authorize(req, t.Origin, t.Base, t.Token, func(token string) string { return "Bearer " + token })
}

func authorize(req *http.Request, home string, base http.RoundTripper, token func() string, header func(string) string) (*http.Response, error) {
	if err := CheckOrigin(req, home); err != nil {
		wire.CloseBody(req)
		return nil, fmt.Errorf("authorize call: %w", err)
	}
	if token == nil {
		wire.CloseBody(req)
		return nil, errors.New("authorize call: no token")
	}
	out := req.Clone(req.Context())
	out.Header.Set("Authorization", header(token()))
	return orDefault(base).RoundTrip(out)
}
