package chatapp

import (
	"context"
	"errors"
	"fmt"

	"github.com/sightline-go/sightline/connect/chat"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/glance"
)

// Surface is the conversation platform as a [glance.Surface]: the state of a
// glance or a configuration is put on the module that the chat descriptor
// declares.
type Surface struct {
	// Client makes the calls.
	Client *chat.Client
}

// chatCalls is the platform's limit for one conversation.
const chatCalls = 100

// PutGlance implements [glance.Surface]. It returns no handle: the module's key
// names the place.
func (c Surface) PutGlance(ctx context.Context, at glance.Place, s glance.State) (handle string, err error) {
	state := chat.GlanceState{Label: s.Label, Metadata: s.Numbers}
	return "", chatError(c.Client.PutGlance(ctx, at.Site, at.Conversation, at.Module, state))
}

// PutConfigured implements [glance.Surface].
func (c Surface) PutConfigured(ctx context.Context, at glance.Place, configured bool) error {
	return chatError(c.Client.PutConfiguration(ctx, at.Site, at.Conversation, at.Module, configured))
}

// Abilities implements [glance.Surface].
func (c Surface) Abilities() glance.Abilities {
	return glance.Abilities{Configuration: true, CallsAMinute: chatCalls}
}

// chatError marks the answers that mean the conversation cannot be reached: the
// app was removed from it, or it does not exist.
func chatError(err error) error {
	if errors.Is(err, rest.ErrForbidden) || errors.Is(err, rest.ErrNotFound) {
		return fmt.Errorf("%w: %w", glance.ErrGone, err)
	}
	return err
}
