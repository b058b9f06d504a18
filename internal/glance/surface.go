package glance

import (
	"context"
	"errors"
	"time"
)

// SurfaceName names a chat platform: the first part of a row's key.
type SurfaceName string

// The chat platforms that have a driver, see packages chatapp and slackapp.
const (
	SurfaceChat  SurfaceName = "chat"
	SurfaceSlack SurfaceName = "slack"
)

// Surface is a chat platform that shows states.
//
// An error that wraps [ErrGone] stops the row. If an error in the chain has a
// method Reason that returns a [Reason], that reason is kept with the row. If one
// has a method RetryAfter that returns a duration, or is a *rest.Error, the row
// is not retried before that. After any other error the wait grows.
type Surface interface {
	// PutGlance shows a state and returns the handle to give next time. It is
	// idempotent: the same state put twice does no harm.
	PutGlance(ctx context.Context, at Place, s State) (handle string, err error)
	// PutConfigured shows whether the conversation is set up. It returns
	// ErrUnsupported when the platform has no such state.
	PutConfigured(ctx context.Context, at Place, configured bool) error
	// Abilities says what the platform can do.
	Abilities() Abilities
}

// Place is one module of one conversation as its surface knows it.
type Place struct {
	// Site is the cloud id of the chat, or the id of a Slack workspace.
	Site string
	// Conversation is the id of a conversation or of a Slack channel.
	Conversation string
	Module       string
	// Handle is what PutGlance returned last time, "" at first. It is kept with
	// the row; only the surface knows its meaning.
	Handle string
}

// Abilities says what a chat platform can do.
type Abilities struct {
	// Configuration says that the platform has a configuration state.
	Configuration bool
	// CallsAMinute is how many calls a minute the platform accepts for one
	// conversation; 0 means 100. The reconciler uses part of them and leaves the
	// rest to people.
	CallsAMinute int
}

var (
	// ErrGone means that the platform forbids the conversation or no longer
	// knows it: a retry cannot succeed until it is installed or configured again.
	ErrGone = errors.New("conversation is gone")
	// ErrUnsupported means that the platform has no such state.
	ErrUnsupported = errors.New("not supported by this chat")
)

// waiter is an error that says how long its service asks us to wait.
type waiter interface{ RetryAfter() time.Duration }
