package forgerest

import (
	"errors"
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/auth"
	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

var errNoConsent = errors.New("the viewer has not allowed the app to act for them")

// uiProduct makes a call of Jira's REST API as the viewer of an app's page, within
// the app's scopes: what requestJira of Forge's bridge does. The app has no part in
// it: the log of requests has it as the browser's.
// See https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/requestJira/
func (s *Server) uiProduct(w http.ResponseWriter, r *http.Request) {
	var in control.RESTCall
	if err := reply.Decode(w, r, &in); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	q := r.URL.Query()
	as := control.AskedBy(q)
	a, _, err := s.uiModule(q)
	if err == nil {
		err = s.World.KnownAccount(as)
	}
	if err == nil && s.tokens.withoutConsent(as) {
		err = errNoConsent
	}
	if err != nil {
		control.Error(w, err)
		return
	}
	inner, err := in.Request(r)
	if err != nil {
		reply.Problem(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	out := reply.NewMemory()
	s.Journal.Record(out, inner, journal.Browser, func(w http.ResponseWriter, r *http.Request) {
		journal.NoteCaller(w, "", as, nil)
		s.serveViewer(w, r, a, as)
	})
	reply.JSON(w, http.StatusOK, object{
		"status": out.Status, "statusText": http.StatusText(out.Status), "headers": out.Flat(), "body": out.Body.String(),
	})
}

// serveViewer answers a call as a viewer, within an app's scopes.
func (s *Server) serveViewer(w http.ResponseWriter, r *http.Request, a *app, account string) {
	if scope := neededScope(s.Jira.Operation(r), r.Method); !a.may(scope) {
		refuseScope(w, scope)
		return
	}
	s.Serve(w, r, auth.Identity{Account: account, Scopes: a.nearest(), Via: "requestJira"})
}
