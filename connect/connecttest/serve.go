package connecttest

import (
	"net/http"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
	"github.com/sightline-go/sightline/connect/connecttest/internal/auth"
	"github.com/sightline-go/sightline/connect/connecttest/internal/confrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/dcrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/host"
	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// serveJira authenticates a call to Jira's REST API and passes it on.
func (s *Site) serveJira(w http.ResponseWriter, r *http.Request) {
	id, err := s.gate.Caller(r)
	journal.NoteCaller(w, id.App, id.Account, id.Token)
	if err != nil {
		journal.NoteRefusal(w, err)
		refuse(w, err)
		return
	}
	s.metered(w, r, id.App, func(w http.ResponseWriter, r *http.Request) { s.serveREST(w, r, id) })
}

// serveKnown answers a known caller, a browser, unless a fault comes first.
func (s *Site) serveKnown(w http.ResponseWriter, r *http.Request, id auth.Identity) {
	if !s.faults.Fail(w, r) {
		s.serveREST(w, r, id)
	}
}

// serveREST answers a known caller.
func (s *Site) serveREST(w http.ResponseWriter, r *http.Request, id auth.Identity) {
	if strings.HasPrefix(r.URL.Path, host.APIRoot) {
		s.host.ServeAPI(w, r, id)
		return
	}
	s.jira.Serve(w, r, principal(id))
}

// refuse answers 401 as Jira does, and says why, which Jira does not.
func refuse(w http.ResponseWriter, reason error) {
	reply.Note(w, reason.Error())
	w.Header().Set("WWW-Authenticate", `OAuth realm="jira"`)
	w.Header().Set("X-Seraph-Loginreason", "AUTHENTICATED_FAILED")
	jiraError(w, http.StatusUnauthorized, "Client must be authenticated to access this resource.", reason.Error())
}

// jiraError answers in Jira's shape of errors.
func jiraError(w http.ResponseWriter, status int, messages ...string) {
	reply.JSON(w, status, struct {
		Messages []string          `json:"errorMessages"`
		Errors   map[string]string `json:"errors"`
	}{messages, map[string]string{}})
}

// principal is the caller as Jira's REST API sees it. Only an app that calls as
// itself is one there.
func principal(id auth.Identity) jirarest.Principal {
	p := jirarest.Principal{Account: id.Account, Scopes: id.Scopes, Via: id.Via}
	if id.Self {
		p.App = id.App
	}
	return p
}

// Where the APIs of the other products lie.
const (
	confluencePath    = "/wiki"
	confluenceAPI     = confluencePath + "/rest/api/"
	dataCenterPath    = "/dc/"
	confluenceLogName = "confluence."
	dataCenterLogName = "dc."
)

// serveConfluence accepts the same callers as Jira.
func (s *Site) serveConfluence(w http.ResponseWriter, r *http.Request) {
	id, err := s.gate.Caller(r)
	journal.NoteCaller(w, id.App, id.Account, id.Token)
	if err != nil {
		reply.Note(w, err.Error())
		journal.NoteRefusal(w, err)
		confrest.Refuse(w, api.Refuse(http.StatusUnauthorized, "%v", err))
		return
	}
	s.confluence.Serve(w, r, confrest.Principal{Account: id.Account, App: id.App, Scopes: id.Scopes})
}

// serveDataCenter accepts user name and password or token, a personal access
// token, or a session: Data Center has no apps and no account ids. The log
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
