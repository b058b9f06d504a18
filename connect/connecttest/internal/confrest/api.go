// Package confrest serves the user operations of Confluence Cloud's REST API
// over the people of a world and a few spaces of its own, with the statuses,
// shapes, permissions and scopes of the official specification,
// https://developer.atlassian.com/cloud/confluence/rest/v1/.
package confrest

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

const (
	root  = "/wiki/rest/api/"
	realm = `Basic realm="Confluence"`
)

// Principal is who calls.
type Principal struct {
	Account string   // account id, "" is anonymous
	App     string   // the app as which, or through which, the call is made; "" is none
	Scopes  []string // Connect scopes with all that they imply; nil: all (basic auth)
}

// Options is what an API needs.
type Options struct {
	World   *world.World
	BaseURL func() string    // of the site, without a slash at the end
	Now     func() time.Time // nil: time.Now
	Strict  bool             // refuse query parameters that the specification does not have
}

// API is the REST API of a Confluence site. It is safe for concurrent use.
type API struct {
	o     Options
	table api.Table[rules]
	mu    sync.Mutex
	state state
}

// New makes the API.
func New(o Options) *API {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &API{o: o, table: operations(), state: newState(o.World.People())}
}

// Reset puts the sample back: watches and properties are gone.
func (a *API) Reset() {
	fresh := newState(a.o.World.People())
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state = fresh
}

// Operation names the operation that a request asks for as the specification
// does (operationId), "" if there is none.
func (a *API) Operation(r *http.Request) string {
	op, _, _ := a.table.Find(r.Method, api.Segments(root, r.URL.EscapedPath()))
	if op == nil {
		return ""
	}
	return op.Name
}

// Serve answers a call to /wiki/rest/api.
func (a *API) Serve(w http.ResponseWriter, r *http.Request, p Principal) {
	got, err := a.answer(w, r, p)
	if err != nil {
		Refuse(w, err)
		return
	}
	got.Write(w)
}

// Refuse answers a call that goes wrong, an *api.Problem, in Confluence's
// shape.
func Refuse(w http.ResponseWriter, err error) {
	wrong := api.Refuse(http.StatusInternalServerError, "Internal server error")
	_ = errors.As(err, &wrong)
	if wrong.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", realm)
	}
	message := strings.Join(wrong.Messages, " ")
	for field, what := range wrong.Fields {
		message += field + ": " + what
	}
	api.Answer{Status: wrong.Status, Body: map[string]any{
		"statusCode": wrong.Status, "message": message,
		"data": map[string]any{
			"authorized": wrong.Status != http.StatusUnauthorized && wrong.Status != http.StatusForbidden,
			"valid":      wrong.Status != http.StatusBadRequest, "successful": false, "errors": []any{},
		},
	}}.Write(w)
}

// call is one request being answered. The state is locked while it runs.
type call struct {
	*state
	api    *API
	w      *world.World
	p      Principal
	me     world.Person // zero: anonymous
	query  api.Query
	params map[string]string
	header http.Header
	body   []byte
	now    time.Time
}

// answer finds the operation, checks who calls and runs it.
func (a *API) answer(w http.ResponseWriter, r *http.Request, p Principal) (api.Answer, error) {
	op, params, allowed := a.table.Find(r.Method, api.Segments(root, r.URL.EscapedPath()))
	if op == nil && len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		return api.Answer{}, api.Refuse(http.StatusMethodNotAllowed, "Method Not Allowed")
	}
	if op == nil {
		return api.Answer{}, api.Refuse(http.StatusNotFound, "There is no resource %s.", r.URL.Path)
	}
	c := &call{
		state: &a.state, api: a, w: a.o.World, p: p, query: api.Query{Values: r.URL.Query()},
		params: params, header: r.Header, now: a.o.Now(),
	}
	err := c.admit(op)
	if err == nil && a.o.Strict {
		err = c.query.Unknown(op.Query)
	}
	if err == nil && op.Rules.body {
		c.body, err = api.ReadBody(w, r, "application/json")
	}
	if err != nil {
		return api.Answer{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return op.Rules.serve(c)
}

// admit checks the caller against what the operation demands: access to
// Confluence, which every active person has, the scope, and for watches the
// header against forged requests.
func (c *call) admit(op *api.Operation[rules]) error {
	me, found := c.w.Person(c.p.Account)
	if c.p.Account == "" || !found || !me.Active {
		return api.Refuse(op.Rules.anonymous, "The calling user does not have permission to use Confluence.")
	}
	c.me = me
	token := c.header.Get("X-Atlassian-Token")
	switch {
	case op.Rules.scope == scopeEmail && !c.holds(scopeEmail):
		return api.BadRequest("The calling app is not approved to use this API: it needs the scope %s.", scopeEmail)
	case c.p.Scopes != nil && !c.holds(op.Rules.scope):
		return api.Refuse(http.StatusForbidden, "The request is not within the scopes of the app: %s needs %s.", op.Name, op.Rules.scope)
	case op.Rules.xsrf && token != "no-check" && token != "nocheck": // the second is the older spelling
		return api.Refuse(http.StatusForbidden, "XSRF check failed: the header X-Atlassian-Token: no-check is missing.")
	}
	return nil
}

// holds tells whether the caller is an app, or comes through one, with the
// scope.
func (c *call) holds(scope string) bool {
	return slices.ContainsFunc(c.p.Scopes, func(s string) bool { return strings.EqualFold(s, scope) })
}

// link makes an address under the API's root.
func (c *call) link(path string) string { return c.base() + "/rest/api/" + path }

// base is Confluence's address on the site.
func (c *call) base() string { return c.api.o.BaseURL() + "/wiki" }
