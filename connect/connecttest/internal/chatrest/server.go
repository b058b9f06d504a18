// Package chatrest is the site's chat: its platform's REST API and OAuth, its
// calls to apps, and the calls of its page.
package chatrest

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/auth"
	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/outbox"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Options are what the chat may touch; all are required.
type Options struct {
	World   *world.World
	CloudID string
	URL     func() string // of the site, without a trailing slash
	Now     func() time.Time
	Log     *slog.Logger
	// Life ends when the site closes.
	Life context.Context
	// Strict refuses query parameters that an operation does not have.
	Strict  bool
	Journal *journal.Journal
	Sender  *outbox.Sender
	Outbox  *outbox.Queue
}

// Server is the chat. It is safe for concurrent use.
type Server struct {
	Options

	chat   *chat
	tokens auth.Tokens
	gate   auth.Gate
	// installing lets one install or uninstall run at a time.
	installing sync.Mutex
}

// New makes the chat as it is after a Reset, without apps.
func New(o Options) *Server {
	s := &Server{Options: o, chat: newChat(o.World.Humans(), o.Now())}
	s.gate = auth.Gate{bearer(s)}
	return s
}

// Reset puts rooms and messages back. Apps stay installed, with the states
// that they last pushed.
func (s *Server) Reset() { s.chat.reset(s.World.Humans(), s.Now()) }

// Each calls do for every conversation; do must not keep the members.
func (s *Server) Each(do func(id, name string, members []string)) { s.chat.each(do) }
