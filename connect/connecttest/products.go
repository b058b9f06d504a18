package connecttest

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
	"github.com/sightline-go/sightline/connect/connecttest/internal/confrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/dcrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// Where the APIs of the other products lie.
const (
	confluencePath    = "/wiki"
	confluenceAPI     = confluencePath + "/rest/api/"
	dataCenterPath    = "/dc/"
	confluenceLogName = "confluence."
	dataCenterLogName = "dc."
)

// serveConfluence accepts whom Jira accepts.
func (s *Site) serveConfluence(w http.ResponseWriter, r *http.Request) {
	id, err := s.gate.Caller(r)
	journal.NoteCaller(w, id.App, id.Account, id.Token)
	if err != nil {
		reply.Note(w, err.Error())
		confrest.Refuse(w, api.Refuse(http.StatusUnauthorized, "%v", err))
		return
	}
	s.confluence.Serve(w, r, confrest.Principal{Account: id.Account, App: id.App, Scopes: id.Scopes})
}

// serveDataCenter accepts user name and password or token, a personal access
// token, or a session: there are no apps and no account ids there. The log
// names the same person by the account id of the Cloud site.
func (s *Site) serveDataCenter(w http.ResponseWriter, r *http.Request) {
	p, err := s.dataCenter.Authenticate(r)
	if err != nil {
		reply.Note(w, err.Error())
		w.Header().Set("X-Seraph-Loginreason", "AUTHENTICATED_FAILED")
		dcrest.Refuse(w, api.Refuse(http.StatusUnauthorized, "%v", err))
		return
	}
	caller := p.Account
	if caller == "" {
		caller = p.Key
	}
	journal.NoteCaller(w, "", caller, nil)
	s.dataCenter.Serve(w, r, p)
}

// productOperation names an operation of Confluence or Data Center, "" when it
// is neither's.
func (s *Site) productOperation(r *http.Request) string {
	if name := s.confluence.Operation(r); name != "" {
		return confluenceLogName + name
	}
	if name := s.dataCenter.Operation(r); name != "" {
		return dataCenterLogName + name
	}
	return ""
}
