package room

import (
	"context"
	"errors"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

// Store keeps the rooms of chats and their states.
type Store interface {
	// Begin records a conversation that the app was put into, with both its
	// states due.
	Begin(ctx context.Context, c glance.Conversation, glanceKey, configurationKey glance.Key, now time.Time) error
	// RemoveConversation forgets a conversation and stops all work for it at
	// once. told is when the chat sent the event, zero without one: for all three,
	// an event from before what is known changes nothing and is
	// connect.ErrOldEvent.
	RemoveConversation(ctx context.Context, surface glance.SurfaceName, site, id string, told time.Time) error
	// StopConversation stops the work until the conversation is resumed, or the
	// app is added or configured again.
	StopConversation(ctx context.Context, surface glance.SurfaceName, site, id string, why glance.Reason, told time.Time) error
	// ResumeConversation resumes a stopped conversation's work.
	ResumeConversation(ctx context.Context, surface glance.SurfaceName, site, id string, told time.Time) error
	Glance(ctx context.Context, key glance.Key) (glance.Row, error)
	// Configure saves what a glance shows and marks its conversation as set up.
	Configure(ctx context.Context, glanceKey, configurationKey glance.Key, c glance.Config, now time.Time) error
}

// IsAbsent reports whether our own storage has no such thing.
func IsAbsent(err error) bool { return errors.Is(err, connect.ErrNotFound) }
