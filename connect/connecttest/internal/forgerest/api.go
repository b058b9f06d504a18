package forgerest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/auth"
	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// APIRoot comes before a site's cloud id in the addresses of its API.
const APIRoot = "/ex/jira/"

// ServeAPI answers the calls below APIRoot, of this site and of those that share
// its API address.
func (s *Server) ServeAPI(w http.ResponseWriter, r *http.Request) {
	cloud, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, APIRoot), "/")
	sites := s.sites()
	i := slices.IndexFunc(sites, func(o *Server) bool { return o.CloudID == cloud })
	if i < 0 {
		gatewayError(w, http.StatusNotFound, "there is no site of this cloud id")
		return
	}
	sites[i].serveAPI(w, r)
}

// serveAPI takes the OAuth tokens of invocation tokens and no other credentials.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	id, err := auth.Gate{s.Bearer()}.Caller(r)
	journal.NoteCaller(w, id.App, id.Account, id.Token)
	switch {
	case err != nil:
		gatewayError(w, http.StatusUnauthorized, err.Error())
		return
	case id.App == "":
		gatewayError(w, http.StatusUnauthorized, "there is no token")
		return
	}
	a, err := s.byKey(id.App)
	if err != nil {
		gatewayError(w, http.StatusUnauthorized, err.Error())
		return
	}
	s.Metered(w, Inner(r), a.countedAs(), func(w http.ResponseWriter, r *http.Request) { s.serveSite(w, r, a, id) })
}

// countedAs is the app's account of points: what a Connect app was moves on with it.
func (a *app) countedAs() string {
	if a.manifest.App.Connect != nil {
		return a.manifest.App.Connect.Key
	}
	return a.key()
}

// serveSite answers what is left of a call behind the cloud id.
func (s *Server) serveSite(w http.ResponseWriter, r *http.Request, a *app, id auth.Identity) {
	if strings.HasPrefix(r.URL.Path, addonRoot) {
		s.serveProperty(w, r, a)
		return
	}
	scope := neededScope(s.Jira.Operation(r), r.Method)
	if !a.may(scope) {
		refuseScope(w, scope)
		return
	}
	p := jirarest.Principal{Account: id.Account, Scopes: a.nearest(), Via: id.Via}
	if id.Self {
		p.App = id.App
	}
	s.Jira.Serve(w, r, p)
}

// Inner is the call as the site itself would get it. One that is not below
// APIRoot stays as it is.
func Inner(r *http.Request) *http.Request {
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), APIRoot)
	_, path, found := strings.Cut(path, "/")
	if !ok || !found {
		return r
	}
	inner := r.Clone(r.Context())
	inner.URL = &url.URL{Path: "/" + path, RawQuery: r.URL.RawQuery}
	if plain, err := url.PathUnescape("/" + path); err == nil {
		inner.URL.Path, inner.URL.RawPath = plain, "/"+path
	}
	return inner
}

// refuseScope answers a good token that lacks a scope as Atlassian's gateway does,
// in its own words: the scope is named in the log of requests alone.
func refuseScope(w http.ResponseWriter, scope string) {
	reply.Note(w, "the token's scopes do not include "+scope)
	w.Header().Set("X-Failure-Category", "FAILURE_CLIENT_SCOPE_CHECK")
	reply.JSON(w, http.StatusUnauthorized, map[string]any{"code": http.StatusUnauthorized, "message": "Unauthorized; scope does not match"})
}

// gatewayError answers as Atlassian's gateway does, and says why, which it does
// not.
func gatewayError(w http.ResponseWriter, status int, reason string) {
	reply.Note(w, reason)
	reply.JSON(w, status, map[string]any{"code": status, "message": http.StatusText(status) + ": " + reason})
}
