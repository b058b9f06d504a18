package chatrest

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/auth"
	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
)

// bearer accepts a token of the chat platform's token endpoint.
func bearer(s *Server) auth.Way {
	return auth.Way{Scheme: "bearer", Caller: func(r *http.Request, c auth.Credentials) (auth.Identity, error) {
		refused := errors.New("the bearer token is unknown or has expired")
		if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
			return auth.Identity{}, refused // the platform wants the scheme written like this
		}
		g, ok := s.tokens.Find(c.Text, s.Now())
		client, known := s.chat.client(g.Client)
		if !ok || !known {
			return auth.Identity{}, refused
		}
		return auth.Identity{App: client.app, Self: true, Scopes: g.Scopes, Via: "chat", Token: g.Describe()}, nil
	}}
}

const (
	tokenLife       = time.Hour
	audience        = "api.atlassian.com"
	grantClientCred = "client_credentials"
)

// clientCredentials is the request of the chat platform's token endpoint.
type clientCredentials struct {
	GrantType    string `json:"grant_type"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	Audience     string `json:"audience"`
}

// serveChatToken answers the client credentials grant, in JSON or as a form.
func (s platform) serveChatToken(w http.ResponseWriter, r *http.Request) {
	in, refusal := readCredentials(w, r)
	if refusal != nil {
		refusal.Write(w)
		return
	}
	client, refusal := s.authenticate(in)
	if refusal != nil {
		refusal.Write(w)
		return
	}
	journal.NoteCaller(w, client.app, "", nil)
	g := auth.Grant{Client: in.ClientID, Scopes: client.scopes, Expires: s.Now().Add(tokenLife)}
	auth.WriteToken(w, s.tokens.Issue(g, s.Now()), tokenLife, strings.Join(client.scopes, " "))
}

func readCredentials(w http.ResponseWriter, r *http.Request) (clientCredentials, *auth.Refusal) {
	var in clientCredentials
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		form, refusal := auth.ReadForm(w, r)
		in.GrantType, in.Audience = form.Get("grant_type"), form.Get("audience")
		in.ClientID, in.ClientSecret = form.Get("client_id"), form.Get("client_secret")
		return in, refusal
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, auth.FormLimit)).Decode(&in); err != nil {
		return in, auth.Refuse(http.StatusBadRequest, "invalid_request", "the body is not a JSON object")
	}
	return in, nil
}

func (s platform) authenticate(in clientCredentials) (oauthClient, *auth.Refusal) {
	site, _ := url.Parse(s.URL()) // it was parsed when it was set
	if in.GrantType != grantClientCred {
		return oauthClient{}, auth.Refuse(http.StatusBadRequest, "unsupported_grant_type", "grant_type must be %s", grantClientCred)
	}
	if !slices.Contains([]string{"", audience, site.Host, s.URL()}, in.Audience) {
		return oauthClient{}, auth.Refuse(http.StatusForbidden, "access_denied", "the client is not authorized for the audience %q", in.Audience)
	}
	client, ok := s.chat.client(in.ClientID)
	if !ok || subtle.ConstantTimeCompare([]byte(client.secret), []byte(in.ClientSecret)) != 1 {
		return oauthClient{}, auth.Refuse(http.StatusUnauthorized, "access_denied", "unknown client or wrong secret")
	}
	return client, nil
}
