// Package jirarest serves Jira Cloud's REST API over a world, versions 2 and
// 3, with the statuses, shapes, permissions and scopes of the official
// specification, https://developer.atlassian.com/cloud/jira/platform/rest/v3/.
package jirarest

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
	"github.com/sightline-go/sightline/connect/connecttest/internal/avatar"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// tokenParameter is where apps may put their token in any call.
const tokenParameter = "jwt"

// maxBody bounds a request's body, in bytes.
const maxBody = 4 << 20

// Principal is who calls.
type Principal struct {
	Account string   // account id, "" is anonymous
	App     string   // app key when the call is made by an app as itself
	Scopes  []string // Connect scopes, in any case; nil: all (basic auth)
	Via     string   // how the caller proved it, for logs
}

// Options is what an API needs.
type Options struct {
	World   *world.World
	BaseURL func() string // of the site, without a slash at the end
	CloudID string
	Now     func() time.Time // nil: time.Now
	Changed func(Change)     // may be nil
	// MatchIndexed says that checks of issues against queries use the index of
	// searches, which may be behind. Jira does not say whether they do.
	MatchIndexed bool
	// Strict refuses query parameters and body members that an operation does
	// not have with 400. The real site overlooks most of them.
	Strict bool
	// Unbounded lets searches have no restriction, as Data Center does.
	Unbounded bool
}

// Change is something that a write did. It is reported after the write and
// before its answer. Body is the webhook as Jira sends it.
type Change struct {
	Event      string // such as jira:issue_updated
	Account    string // who did it
	Body       map[string]any
	IssueKey   string
	ProjectKey string
}

// API is the REST API of a site. It is safe for concurrent use.
type API struct {
	o          Options
	operations api.Table[rules]
	fields     []fieldDef // those that administrators make come on top
}

// New makes the API.
func New(o Options) *API {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Changed == nil {
		o.Changed = func(Change) {}
	}
	return &API{o: o, operations: operations(), fields: append(systemFields(), appFields()...)}
}

// Operation names the operation that a request asks for as the specification
// does (operationId), "" if there is none.
func (a *API) Operation(r *http.Request) string {
	_, segments := split(r.URL.EscapedPath())
	op, _, _ := a.operations.Find(r.Method, segments)
	if op == nil {
		return ""
	}
	return op.Name
}

// Serve answers a call to /rest/api/2, /rest/api/3, /rest/api/latest or
// /avatar.
func (a *API) Serve(w http.ResponseWriter, r *http.Request, p Principal) {
	if strings.HasPrefix(r.URL.Path, "/avatar/") {
		avatar.Serve(w, r, func(account string) (string, bool) {
			p, found := a.o.World.Person(account)
			return p.DisplayName, found
		})
		return
	}
	got, err := a.answer(w, r, p)
	var wrong *problem
	if errors.As(err, &wrong) {
		wrong.write(w, a.o.BaseURL())
		return
	}
	if err != nil {
		(&problem{status: http.StatusInternalServerError, messages: []string{"Internal server error"}}).write(w, "")
		return
	}
	got.write(w)
}

// answer finds the operation, checks who calls and runs it.
func (a *API) answer(w http.ResponseWriter, r *http.Request, p Principal) (answer, error) {
	version, segments := split(r.URL.EscapedPath())
	op, params, allowed := a.operations.Find(r.Method, segments)
	if op == nil && len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		return answer{}, refuse(http.StatusMethodNotAllowed, "Method Not Allowed")
	}
	if op == nil {
		return answer{}, refuse(http.StatusNotFound, "There is no resource %s.", r.URL.Path)
	}
	c := &call{api: a, w: a.o.World, r: r, query: r.URL.Query(), p: p, version: version, params: params, now: a.o.Now(), shown: map[string]*userBean{}}
	if err := c.prepare(w, op); err != nil {
		return answer{}, err
	}
	got, err := op.Rules.serve(c)
	if err != nil {
		return answer{}, err
	}
	for _, change := range c.changes {
		a.o.Changed(change)
	}
	return got, nil
}

// prepare does what comes before any operation.
func (c *call) prepare(w http.ResponseWriter, op *operation) error {
	if err := c.admit(op); err != nil {
		return err
	}
	if err := c.readBody(w, op); err != nil || !c.api.o.Strict {
		return err
	}
	if err := c.strictQuery(op); err != nil {
		return err
	}
	return complaint("Unknown field '%s' in the body of "+op.Name+".", api.UnknownMembers(c.body, op.Rules.body))
}

// strictQuery refuses parameters that the operation does not have.
func (c *call) strictQuery(op *operation) error {
	known := append(slices.Clone(op.Query), tokenParameter)
	unknown := slices.DeleteFunc(slices.Sorted(maps.Keys(c.query)), func(name string) bool { return slices.Contains(known, name) })
	return complaint("Unknown query parameter '%s' of "+op.Name+".", unknown)
}

// complaint is a refusal with a sentence for each name.
func complaint(sentence string, names []string) error {
	if len(names) == 0 {
		return nil
	}
	wrong := &problem{status: http.StatusBadRequest}
	for _, name := range names {
		wrong.messages = append(wrong.messages, fmt.Sprintf(sentence, name))
	}
	return wrong
}

// admit checks the caller against what the operation demands.
func (c *call) admit(op *operation) error {
	if c.p.Account != "" {
		me, ok := c.w.Person(c.p.Account)
		if !ok || !me.Active {
			return unauthorized()
		}
		c.me = me
	}
	c.zone = c.me.Location()
	switch {
	case !c.p.holds(op.Rules.scope):
		return refuse(http.StatusForbidden, "The request is not within the scopes of the app: %s needs %s.", op.Name, op.Rules.scope)
	case c.me.AccountID == "" && !op.Rules.anonymous:
		return unauthorized()
	}
	return nil
}

// holds tells whether the caller has a Connect scope, itself or as part of a
// wider one. A caller without a list of scopes holds all; what is closed to Connect
// is open to whoever says so.
func (p Principal) holds(scope string) bool {
	if p.Scopes == nil {
		return scope != scopeInaccessible || p.App == ""
	}
	if scope == scopeInaccessible {
		return indexFold(p.Scopes, scope) >= 0
	}
	ladder := []string{scopeNone, scopeRead, scopeWrite, scopeDelete, "PROJECT_ADMIN", scopeAdmin}
	need := indexFold(ladder, scope)
	for _, s := range p.Scopes {
		if have := indexFold(ladder, s); need >= 0 && have >= need {
			return true
		}
	}
	return scope == scopeNone
}

// isAdmin tells whether the caller administers Jira: people who do, and apps
// themselves whose scopes reach that far.
func (c *call) isAdmin() bool { return c.me.Admin || c.p.App != "" && c.p.holds(scopeAdmin) }

func indexFold(list []string, s string) int {
	for i, v := range list {
		if strings.EqualFold(v, s) {
			return i
		}
	}
	return -1
}

// readBody reads the JSON of a writing operation.
func (c *call) readBody(w http.ResponseWriter, op *operation) error {
	if op.Method != http.MethodPost && op.Method != http.MethodPut && op.Rules.body == "" {
		return nil
	}
	kind, _, _ := strings.Cut(c.r.Header.Get("Content-Type"), ";")
	body, err := io.ReadAll(http.MaxBytesReader(w, c.r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return refuse(http.StatusRequestEntityTooLarge, "The request is too large.")
	case err != nil:
		return refuse(http.StatusBadRequest, "The request could not be read.")
	case len(body) > 0 && !strings.EqualFold(strings.TrimSpace(kind), "application/json"):
		return refuse(http.StatusUnsupportedMediaType, "Unsupported Media Type")
	}
	c.body = body
	return nil
}
