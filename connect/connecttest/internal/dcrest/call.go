package dcrest

import (
	"net/http"
	"net/url"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// call is one request being answered. The state is locked while it runs.
type call struct {
	*state
	api     *API
	w       *world.World
	r       *http.Request
	me      *user
	query   api.Query
	params  map[string]string
	body    []byte
	badForm error // why the form could not be read
	now     time.Time
}

// read makes the checks of a strict site and reads the body.
func (c *call) read(w http.ResponseWriter, op *api.Operation[rules]) error {
	if c.api.o.Strict {
		if err := c.query.Unknown(op.Query); err != nil {
			return err
		}
		// The document's introduction wants the header for experimental
		// operations, but no operation declares it, none has a status for its
		// absence, and Jira does not look: only a strict site does.
		if op.Rules.experimental && c.r.Header.Get("X-ExperimentalApi") != "true" {
			return api.BadRequest("%s is experimental: it needs the header X-ExperimentalApi: true.", op.Name)
		}
	}
	var err error
	switch op.Rules.takes {
	case takesJSON:
		c.body, err = api.ReadBody(w, c.r, "application/json")
	case takesForm:
		c.r.Body = http.MaxBytesReader(w, c.r.Body, maxUpload)
		if c.badForm = c.r.ParseForm(); api.MediaType(c.r) == "multipart/form-data" {
			c.badForm = c.r.ParseMultipartForm(maxUpload)
		}
	}
	return err
}

// admit checks the caller against what the operation demands.
func (c *call) admit(op *api.Operation[rules], p Principal) error {
	if p.Key != "" {
		c.me = c.byKey(p.Key)
	}
	switch {
	case c.me == nil && op.Rules.anonymous == open:
		return nil
	case c.me == nil || !c.me.canLogIn():
		return api.Refuse(op.Rules.anonymous, "You are not authenticated. Authentication required to perform this operation.")
	case op.Rules.admin && !c.me.admin:
		return api.Refuse(http.StatusForbidden, "You do not have permission to perform this operation.")
	}
	return nil
}

// link makes an address under the API's root.
func (c *call) link(path string) string { return c.base() + "/rest/api/2/" + path }

func (c *call) base() string { return c.api.o.BaseURL() + ContextPath }

// named finds the user named by two query parameters, first the key's, then
// username. Both must name the same user.
func (c *call) named(byKey string) (u *user, given bool) {
	key, name := c.query.Get(byKey), c.query.Get("username")
	if key != "" {
		u = c.byKey(key)
		if u != nil && name != "" && u != c.byName(name) {
			u = nil
		}
		return u, true
	}
	return c.byName(name), name != ""
}

// self is the user that username names, by default the caller.
func (c *call) self(username string) (*user, error) {
	if username == "" {
		return c.me, nil
	}
	u := c.byName(username)
	if u == nil {
		return nil, noUser(username)
	}
	return u, nil
}

// browsesUsers tells whether the caller has the global permission. Users made
// here have it; for others the world decides.
func (c *call) browsesUsers() bool {
	return c.me.account == "" || c.w.Can(c.me.account, world.UserPicker, "")
}

// can is the world's Can for a user. Users made here have no role in any
// project.
func (c *call) can(u *user, permission, project string) bool {
	return u.account != "" && c.w.Can(u.account, permission, project)
}

func noUser(name string) *api.Problem {
	return api.Refuse(http.StatusNotFound, "The user named '%s' does not exist", name)
}

func forbidden(format string, args ...any) *api.Problem {
	return api.Refuse(http.StatusForbidden, format, args...)
}

func query(name, value string) string { return "?" + name + "=" + url.QueryEscape(value) }
