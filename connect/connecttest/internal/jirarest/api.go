// Package jirarest serves Jira Cloud's REST API over a world, as strictly as
// the official specification says.
package jirarest

import (
	"net/http"
	"time"

	"sightline/connect/connecttest/internal/world"
)

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
	BaseURL func() string
	CloudID string
	Now     func() time.Time // nil: time.Now
	Changed func(Change)     // nil: nobody wants to know
}

// Change is something that a write did. Body is the webhook as Jira sends it.
type Change struct {
	Event      string // such as jira:issue_updated
	Account    string // who did it
	Body       map[string]any
	IssueKey   string
	ProjectKey string
}

// API is the REST API of a site.
type API struct{ o Options }

// New makes the API.
func New(o Options) *API { return &API{o: o} }

// Serve answers a call to /rest/api/2, /rest/api/3 or /avatar.
func (a *API) Serve(w http.ResponseWriter, r *http.Request, p Principal) { http.NotFound(w, r) }

// Operation names the operation that a request asks for, "" when there is
// none.
func (a *API) Operation(r *http.Request) string { return "" }
