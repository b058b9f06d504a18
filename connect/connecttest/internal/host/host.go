// Package host is Jira as the host of Connect apps: it installs them, opens
// their pages, signs their tokens, sends their webhooks and keeps their
// properties.
package host

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/auth"
	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/outbox"
	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Options are what a host may touch; all are required.
type Options struct {
	World   *world.World
	Jira    *jirarest.API
	CloudID string
	URL     func() string // of the site, without a trailing slash
	Now     func() time.Time
	// Life ends when the site closes.
	Life context.Context
	// Strict refuses query parameters that an operation does not have.
	Strict  bool
	Key     sign.Key
	Tokens  *auth.Tokens
	Journal *journal.Journal
	Sender  *outbox.Sender
	Outbox  *outbox.Queue
	// Serve answers a REST call of a known caller.
	Serve func(w http.ResponseWriter, r *http.Request, id auth.Identity)
	// Forge is the host of Forge apps, which share dashboards and events.
	Forge Forge
}

// Forge is what this host needs from the host of Forge apps.
type Forge struct {
	// Publish tells the apps of Forge what happened, or only the one of that
	// name, and returns how many calls it makes.
	Publish func(c jirarest.Change, app string) int
	// Has says whether a Forge app has that name.
	Has func(app string) bool
	// URL is the address of the page that shows a module.
	URL func(app, module, account, dashboard, item string, custom url.Values) (string, error)
	// Gadget says whether a placed gadget can be configured and refreshed, and
	// whether it is a Forge gadget at all.
	Gadget func(item world.DashboardItem) (configurable, refreshable, ok bool)
}

// Server is the host. It is safe for concurrent use.
type Server struct {
	Options

	signed signedRequests
	// installing lets one install or uninstall run at a time.
	installing sync.Mutex

	mu         sync.Mutex
	apps       map[string]*app
	pending    map[string]*app
	clientKeys map[string]string
}

// New makes a host without apps.
func New(o Options) *Server {
	return &Server{
		Options: o,
		apps:    map[string]*app{}, pending: map[string]*app{}, clientKeys: map[string]string{},
	}
}

// Routes adds the token endpoint and the install keys.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.Handle("POST /oauth2/token", auth.Impersonator{
		Installs: s, World: s.World, Tokens: s.Tokens, URL: s.URL, Now: s.Now,
	})
	mux.HandleFunc("GET /install-keys/{kid}", s.serveInstallKey)
}
