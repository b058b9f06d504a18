// Package dcrest serves the user operations of Jira Data Center's REST API:
// users, passwords, sessions, avatars, columns, properties, searches,
// anonymization, and what clients call first: issues, their search by places and
// their work logs, projects, dashboards, fields. Those it has in common with Cloud, which
// answers them, and only the users in them are its own. It has its own copy of the people of a world, so that what is
// done to them here does not change the Cloud site. Statuses, shapes and
// permissions are those of the official document,
// https://developer.atlassian.com/server/jira/platform/rest/v10003/, except for
// its defects: what its prose calls a list is a list here.
package dcrest

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// ContextPath is where Data Center's Jira lies on the site.
const ContextPath = "/dc"

// Options is what an API needs.
type Options struct {
	World   *world.World
	BaseURL func() string    // of the site, without a slash at the end
	Now     func() time.Time // nil: time.Now
	// Strict refuses query parameters that the document does not have, and
	// experimental operations without their header.
	Strict bool
	// Shared answers what Cloud answers as well.
	Shared Shared
}

// API is the REST API of a Data Center site. It is safe for concurrent use.
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

// Reset puts the people back as the world has them now; sessions end.
func (a *API) Reset() {
	fresh := newState(a.o.World.People())
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state = fresh
}

// Operation names the operation that a request asks for as the document does
// (operationId), "" if there is none.
func (a *API) Operation(r *http.Request) string {
	op, _, _ := a.table.Find(r.Method, segments(r))
	if op == nil {
		return ""
	}
	return op.Name
}

func segments(r *http.Request) []string {
	path := strings.Replace(r.URL.EscapedPath(), ContextPath+"/rest/api/latest/", ContextPath+"/rest/api/2/", 1)
	return api.Segments(ContextPath+"/rest/api/2/", path)
}

// Serve answers a call under /dc.
func (a *API) Serve(w http.ResponseWriter, r *http.Request, p Principal) {
	a.sessionCookie(w, p)
	serve := a.answer
	if strings.HasPrefix(r.URL.Path, ContextPath+"/secure/") {
		serve = a.picture
	}
	got, err := serve(w, r, p)
	if err != nil {
		Refuse(w, err)
		return
	}
	got.Write(w)
}

// Refuse answers a call that goes wrong, an *api.Problem, in Jira's shape.
func Refuse(w http.ResponseWriter, err error) {
	wrong := api.Refuse(http.StatusInternalServerError, "Internal server error")
	_ = errors.As(err, &wrong)
	if wrong.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `OAuth realm="jira"`)
	}
	api.Answer{Status: wrong.Status, Body: newErrors(wrong)}.Write(w)
}

// errorCollection is Jira's shape of errors.
type errorCollection struct {
	Messages []string          `json:"errorMessages"`
	Errors   map[string]string `json:"errors"`
}

func newErrors(p *api.Problem) errorCollection {
	out := errorCollection{[]string{}, map[string]string{}}
	if p.Messages != nil {
		out.Messages = p.Messages
	}
	if p.Fields != nil {
		out.Errors = p.Fields
	}
	return out
}

// answer finds the operation, checks who calls and runs it.
func (a *API) answer(w http.ResponseWriter, r *http.Request, p Principal) (api.Answer, error) {
	op, params, allowed := a.table.Find(r.Method, segments(r))
	if op == nil && len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		return api.Answer{}, api.Refuse(http.StatusMethodNotAllowed, "Method Not Allowed")
	}
	if op == nil {
		return api.Answer{}, api.Refuse(http.StatusNotFound, "There is no resource %s.", r.URL.Path)
	}
	c := &call{state: &a.state, api: a, w: a.o.World, r: r, query: api.Query{Values: r.URL.Query()}, params: params, now: a.o.Now()}
	err := c.read(w, op)
	if err != nil {
		return api.Answer{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	c.settle()
	if err := c.admit(op, p); err != nil {
		return api.Answer{}, err
	}
	return op.Rules.serve(c)
}
