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
// An error that wraps [ErrGone] stops the row. One with a method Reason that
// returns a [Reason] in its chain says itself what is kept with the row. One with a method RetryAfter
// that returns a duration in its chain, or a *rest.Error, is not tried again
// before that. Every other error is tried again after a growing wait.
type Surface interface {
	// PutGlance shows a state and returns the handle to give next time. It is
	// idempotent: the same state put twice does no harm.
	PutGlance(ctx context.Context, at Place, s State) (handle string, err error)
	// PutConfigured tells whether the conversation is set up. It returns
	// ErrUnsupported where the platform has no such state.
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
	// Handle is what PutGlance returned last time, "" at first. It is kept
	// with the row and means something to the surface only.
	Handle string
}

// Abilities says what a chat platform can do.
type Abilities struct {
	// Configuration says that the platform has a configuration state.
	Configuration bool
	// CallsAMinute is how many calls the platform takes for one conversation
	// in a minute; 0 means 100. The reconciler uses a part of it and leaves
	// the rest to people.
	CallsAMinute int
}

var (
	// ErrGone says that the platform forbids or no longer knows the
	// conversation: trying again cannot help until it is installed or
	// configured again.
	ErrGone = errors.New("conversation is gone")
	// ErrUnsupported says that the platform has no such state.
	ErrUnsupported = errors.New("not supported by this chat")
)

// waiter is an error that says how long its service wants to be left alone.
type waiter interface{ RetryAfter() time.Duration }
