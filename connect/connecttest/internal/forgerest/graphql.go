package forgerest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/auth"
	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// GraphQLPath is where the GraphQL API lies.
const GraphQLPath = "/graphql"

// graphQLLimit bounds what is read of a query, in bytes.
const graphQLLimit = 64 << 10

// offlineCall is the one mutation that the site knows, offlineUserAuthToken,
// with its input in the variables.
// See https://developer.atlassian.com/platform/forge/remote/calling-product-apis/
type offlineCall struct {
	Query     string `json:"query"`
	Variables struct {
		Input struct {
			ContextIDs []string `json:"contextIds"`
			UserID     string   `json:"userId"`
		} `json:"input"`
	} `json:"variables"`
}

// serveGraphQL gives an app a token of a person who is not there, when the
// site's settings allow it. Only the app's system token may ask.
func (s *Server) serveGraphQL(w http.ResponseWriter, r *http.Request) {
	site, id := s.asker(r)
	journal.NoteCaller(w, id.App, id.Account, id.Token)
	if site == nil {
		gatewayError(w, http.StatusUnauthorized, "the app's system token is needed")
		return
	}
	var call offlineCall
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, graphQLLimit)).Decode(&call)
	if err != nil || !strings.Contains(call.Query, "offlineUserAuthToken") {
		reply.JSON(w, http.StatusBadRequest, object{"errors": []object{{"message": "only offlineUserAuthToken with variables is known"}}})
		return
	}
	answer := object{"success": false, "authToken": nil}
	token, refusal := site.offline(id, call)
	if refusal != "" {
		reply.Note(w, refusal)
		answer["errors"] = []object{{"message": refusal}}
	} else {
		answer = object{"success": true, "errors": nil, "authToken": token}
	}
	reply.JSON(w, http.StatusOK, object{"data": object{"offlineUserAuthToken": answer}})
}

// System finds out which app's system token a call has; ok is false if it has none.
func (s *Server) System(r *http.Request) (id auth.Identity, ok bool) {
	site, id := s.asker(r)
	return id, site != nil
}

// asker finds the site whose system token a call has, nil when there is none.
func (s *Server) asker(r *http.Request) (*Server, auth.Identity) {
	for _, site := range s.sites() {
		if id, err := (auth.Gate{site.Bearer()}).Caller(r); err == nil && id.Self {
			return site, id
		}
	}
	return nil, auth.Identity{}
}

// offline gives the token and how many seconds it is good, or why there is
// none.
func (s *Server) offline(id auth.Identity, call offlineCall) (token object, refusal string) {
	in := call.Variables.Input
	a, err := s.byKey(id.App)
	switch p, known := s.World.Person(in.UserID); {
	case err != nil:
		return nil, err.Error()
	case !s.Settings().Impersonation:
		return nil, "the app may not impersonate people on this site"
	case !slices.Equal(in.ContextIDs, []string{contextARI + s.CloudID}):
		return nil, "contextIds must name this site"
	case !known || !p.Active || p.App, s.tokens.withoutConsent(in.UserID):
		return nil, "there is no such person, or they did not consent"
	}
	text, expires, err := s.tokens.issue(grant{installation: a.id, account: in.UserID}, s.Now())
	if err != nil {
		return nil, err.Error()
	}
	return object{"token": text, "ttl": int64(expires.Sub(s.Now()) / time.Second)}, ""
}

// contextARI comes before a cloud id where a site is named.
const contextARI = "ari:cloud:jira::site/"
