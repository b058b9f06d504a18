// Package handlers serves the app over HTTP: the descriptors, the lifecycle,
// the gadget, the webhooks and the chat.
//
// Handlers are mounted only through adapters, one for each way a request can
// prove who sent it, and return errors; one file turns errors into answers.
package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/chat"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/web"
)

// Config is everything the handlers need. Chat, Slack, Signed and Served may be
// nil; all else is required.
type Config struct {
	// BaseURL is the public address; the router is mounted under its path.
	BaseURL *url.URL
	// Dev shows why a request was refused on the page. Signed may then tell
	// the canonical request behind a hash.
	Dev    bool
	Signed func(hash string) (canonical string, ok bool)
	// HostScript is the address of the host's all.js.
	HostScript string
	// Ancestors are the origins that may frame a page whose tenant is not
	// known, as sources of a content security policy.
	Ancestors []string

	// App is the protocol's side: descriptor, lifecycle calls, verifier,
	// sessions.
	App            *connect.App
	ChatDescriptor []byte

	// Chat verifies the chat platform's calls; nil switches the chat off.
	Chat *connect.ChatVerifier
	// Platform asks the chat platform about conversations; it is there when
	// Chat is.
	Platform *chat.Client
	// Numbers counts what a glance shows, with the eyes of the client.
	Numbers func(ctx context.Context, j *jira.Client, c glance.Config) (glance.Numbers, error)
	// ChatOrigins are the origins whose browsers may ask for states.
	ChatOrigins []string

	// Slack is the second chat; nil switches it off.
	Slack *Slack
	// PushNow shows states while a person waits and says what failed, see
	// [glance.PushError]. It is there when a chat is.
	PushNow func(ctx context.Context, states ...glance.Key) error

	Store Store
	// Jira returns a client for one tenant that acts as a person.
	Jira func(t *connect.Tenant, account connect.AccountID) (*jira.Client, error)
	// Wake tells the reconciler that a glance may have become due.
	Wake func()

	// Patience is how long people wait; zero: [DefaultPatience].
	Patience Patience

	// Served is told of every request, by its route; nil tells nobody.
	Served func(method, route string, status int, took time.Duration)

	Log *slog.Logger
	Now func() time.Time
}

// Store is what the handlers keep.
type Store interface {
	Ready(ctx context.Context) error
	gadgetStore
	webhookStore
	chatStore
}

// Server is the app as an http.Handler.
type Server struct {
	Config
	engine *gin.Engine
	static http.Handler
	edge   *edge.Edge
	views  *viewer.Views
	// workloads and timelogs are what the gadgets show.
	workloads *viewer.Workloads[edge.Drawn]
	timelogs  *viewer.Timelogs[edge.Drawn]
	// previews are the numbers of labels that people try out.
	previews *viewer.Cache[glance.Numbers, struct{}]
	texts    *lang.Catalogue
	chatKey  string
	glance   glance.Key
	setup    glance.Key
	// setupDialog is the key of the dialog in which a room is set up.
	setupDialog string
	// connectModule is the key of the page where people of Slack say who they
	// are in Jira.
	connectModule string
}

// New builds the server. Close it to let background refreshes end.
func New(c Config) (*Server, error) {
	prefix, static, err := web.Static()
	if err != nil {
		return nil, err
	}
	s := &Server{Config: c, engine: gin.New(), static: static, texts: lang.New()}
	if s.Patience == (Patience{}) {
		s.Patience = DefaultPatience()
	}
	s.views = viewer.New(viewer.Config{Jira: s.Jira, Languages: s.texts, Patience: s.Patience, Log: s.Log, Now: s.Now})
	s.workloads = viewer.NewWorkloads[edge.Drawn](s.views)
	s.timelogs = viewer.NewTimelogs[edge.Drawn](s.views)
	s.previews = viewer.NewCache[glance.Numbers, struct{}](s.views)
	s.edge = edge.New(edge.Config{
		BaseURL: s.BaseURL, Dev: s.Dev, Signed: s.Signed, HostScript: s.HostScript, Ancestors: s.Ancestors, Static: prefix,
		Verifier: s.App.Verifier, People: s.views.People, Languages: s.texts, Served: s.Served, Log: s.Log, Now: s.Now,
	})
	if err := s.chatKeys(); err != nil {
		return nil, err
	}
	if s.connectModule, err = s.findConnectModule(); err != nil {
		return nil, err
	}
	if err := s.engine.SetTrustedProxies(nil); err != nil {
		return nil, err
	}
	s.engine.RedirectTrailingSlash = false
	s.engine.RedirectFixedPath = false
	s.engine.HandleMethodNotAllowed = true
	s.edge.Mount(s.engine, s.routes())
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.engine.ServeHTTP(w, r) }

// Forget drops what is cached of a tenant that was installed anew or removed.
func (s *Server) Forget(t *connect.Tenant) { s.views.Forget(t.ID) }

// Close ends what runs behind answered requests.
func (s *Server) Close() { s.views.Close() }
