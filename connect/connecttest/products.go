package connecttest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
	"github.com/sightline-go/sightline/connect/connecttest/internal/confrest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/dcrest"
)

// Where the APIs of the other products lie.
const (
	confluencePath    = "/wiki"
	confluenceAPI     = confluencePath + "/rest/api/"
	dataCenterPath    = "/dc/"
	confluenceLogName = "confluence."
	dataCenterLogName = "dc."
)

// newProducts adds Confluence and a Data Center Jira with the same people.
func (s *Site) newProducts() {
	s.confluence = confrest.New(confrest.Options{World: s.world, BaseURL: s.URL, Now: s.now, Strict: s.strict})
	s.dataCenter = dcrest.New(dcrest.Options{World: s.world, BaseURL: s.URL, Now: s.now, Strict: s.strict})
}

// serveConfluence accepts whom Jira accepts.
func (s *Site) serveConfluence(w http.ResponseWriter, r *http.Request) {
	id, err := s.authenticate(r)
	noteCaller(w, id.app, id.principal.Account, id.token)
	if err != nil {
		noteReason(w, err.Error())
		confrest.Refuse(w, api.Refuse(http.StatusUnauthorized, "%v", err))
		return
	}
	s.confluence.Serve(w, r, confrest.Principal{Account: id.principal.Account, App: id.app, Scopes: id.principal.Scopes})
}

// serveDataCenter accepts user name and password or token, a personal access
// token, or a session: there are no apps and no account ids there. The log
// names the same person by the account id of the Cloud site.
func (s *Site) serveDataCenter(w http.ResponseWriter, r *http.Request) {
	p, err := s.dataCenter.Authenticate(r)
	if err != nil {
		noteReason(w, err.Error())
		w.Header().Set("X-Seraph-Loginreason", "AUTHENTICATED_FAILED")
		dcrest.Refuse(w, api.Refuse(http.StatusUnauthorized, "%v", err))
		return
	}
	caller := p.Account
	if caller == "" {
		caller = p.Key
	}
	noteCaller(w, "", caller, nil)
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

// qshOf says whether the hash is that of the call. A call to Confluence may be
// taken as relative to the site or, as Confluence's own tenants do, to /wiki.
func qshOf(r *http.Request, got string) bool {
	path := r.URL.EscapedPath()
	forms := qshForms(r.Method, path, r.URL.RawQuery, "")
	if strings.HasPrefix(path, confluencePath+"/") {
		forms = append(forms, qshForms(r.Method, path, r.URL.RawQuery, confluencePath)...)
	}
	return slices.Contains(forms, got)
}
