// Package forgerest is Jira as the host of Forge apps that have a backend of their
// own: it installs them from their manifest, signs invocation tokens, hands out
// OAuth tokens, answers the API that these open, and calls the backend as
// Forge Remote does.
// See https://developer.atlassian.com/platform/forge/remote/essentials/
package forgerest

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
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
	Life    context.Context
	Journal *journal.Journal
	// Serve answers a REST call of a known caller.
	Serve  func(w http.ResponseWriter, r *http.Request, id auth.Identity)
	Sender *outbox.Sender
	Outbox *outbox.Queue
	// Metered answers a call of an app with next, unless a limit of Jira's is reached.
	Metered func(w http.ResponseWriter, r *http.Request, app string, next http.HandlerFunc)
	// Connect is the host of Connect apps, which some of these apps were.
	Connect Connect
	// Hub, unlike the others, may be nil: the host whose keys and API address
	// this one shares.
	Hub *Server
}

// Connect is what happens to the Connect part of an app.
type Connect struct {
	ClientKey func(key string) (clientKey string, installed bool)
	Adopt     func(ctx context.Context, o ConnectPart) (clientKey string, err error)
	Retire    func(key string)
	Uninstall func(ctx context.Context, key string)
}

// ConnectPart is the Connect part of a manifest: a descriptor, and the keys of
// the dashboard items that the app has gadgets for. Quiet is that a known app
// hears nothing of it.
type ConnectPart struct {
	Descriptor     []byte
	InstallationID string
	Replaced       []string
	Quiet          bool
}

// Server is the host. It is safe for concurrent use.
type Server struct {
	Options

	keys   keyring
	tokens *tokens
	// installing lets one install, upgrade or uninstall run at a time.
	installing sync.Mutex

	mu             sync.Mutex
	members        []*Server // who shares this one's keys and API address, itself first
	apps           []*app    // in the order of their installation
	deployed       []source  // what administrators may upgrade to, the newest last
	configurations map[string]json.RawMessage
}

// New makes a host without apps.
func New(o Options) *Server {
	s := &Server{Options: o, tokens: newTokens(sign.RandomText()), configurations: map[string]json.RawMessage{}}
	hub := s.hub()
	hub.mu.Lock()
	defer hub.mu.Unlock()
	hub.members = append(hub.members, s)
	return s
}

// hub is the host that has the keys and the API address.
func (s *Server) hub() *Server {
	if s.Hub != nil {
		return s.Hub.hub()
	}
	return s
}

// sites are the hosts whose API this one answers.
func (s *Server) sites() []*Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.members)
}

// Routes adds the key set and the GraphQL API.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+KeysPath, s.serveKeys)
	mux.HandleFunc("POST "+GraphQLPath, s.serveGraphQL)
}

// Reset forgets the configurations of gadgets.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.configurations)
}
