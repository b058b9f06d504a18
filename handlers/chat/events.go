package chat

import (
	"context"
	"errors"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/glance"
)

// askTime bounds the questions after an event: if our answer takes too long,
// the platform sends the event again.
const askTime = 4 * time.Second

// conversationChanged handles a conversation that was made, renamed, deleted,
// archived or brought back. Events that change nothing here, such as a new
// topic or an unknown one, are answered with 200.
func (c *Chat) conversationChanged(r *edge.Request, e connect.ChatEvent) error {
	switch e.Action {
	case "delete":
		return c.forgetRoom(r.Request.Context(), e.Cloud, e.Conversation, e.IssuedAt)
	case "archive", "unarchive":
		return c.settle(r.Request.Context(), e)
	}
	return nil
}

// rosterChanged handles somebody joining or leaving. Who it is does not matter:
// Jira is asked each time what a person may see. A room that the last member or
// the app itself has left needs no states until somebody is back.
func (c *Chat) rosterChanged(r *edge.Request, e connect.ChatEvent) error {
	switch e.Action {
	case "add", "remove":
		return c.settle(r.Request.Context(), e)
	}
	return nil
}

// settle stops or resumes the work for a conversation. An event only says that
// something changed; the platform is asked how things stand. So an event that
// comes twice, late or in the wrong order does no harm. If the platform cannot
// be asked, what the event says counts.
func (c *Chat) settle(ctx context.Context, e connect.ChatEvent) error {
	_, err := c.Store.Glance(ctx, in(c.glance, e.Cloud, e.Conversation))
	if room.IsAbsent(err) {
		return nil // the app is not there, or not yet
	}
	if err != nil {
		return err
	}
	reason, err := c.standing(ctx, e)
	if err != nil {
		c.Edge.Log.WarnContext(ctx, "ask how a conversation stands", "conversation", e.Conversation, "action", e.Action, "error", err)
		if e.Action != "archive" && e.Action != "unarchive" {
			return nil
		}
		if e.Action == "archive" {
			reason = glance.ReasonArchived
		}
	}
	if reason != glance.ReasonNone {
		return c.Store.StopConversation(ctx, glance.SurfaceChat, string(e.Cloud), e.Conversation, reason, time.Time{})
	}
	if err := c.Store.ResumeConversation(ctx, glance.SurfaceChat, string(e.Cloud), e.Conversation, time.Time{}); err != nil {
		return err
	}
	c.Wake()
	return nil
}

// standing asks the platform why a conversation accepts no states; ReasonNone
// if it accepts them.
func (c *Chat) standing(ctx context.Context, e connect.ChatEvent) (glance.Reason, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	state, err := c.Platform.Conversation(ctx, string(e.Cloud), e.Conversation)
	if isGone(err) {
		return glance.ReasonAbsent, nil
	}
	if err != nil {
		return glance.ReasonNone, err
	}
	if state.IsArchived {
		return glance.ReasonArchived, nil
	}
	members, err := c.Platform.Roster(ctx, string(e.Cloud), e.Conversation)
	if isGone(err) {
		return glance.ReasonAbsent, nil
	}
	if err == nil && len(members) == 0 {
		return glance.ReasonEmpty, nil
	}
	if errors.Is(err, rest.ErrWalk) {
		return glance.ReasonNone, nil // a part of the list answers the question
	}
	return glance.ReasonNone, err
}

// isGone reports whether the platform keeps a conversation from the app.
func isGone(err error) bool {
	return errors.Is(err, rest.ErrForbidden) || errors.Is(err, rest.ErrNotFound)
}

// forgetRoom drops all work for a conversation at once, and its sidebar's
// views, unless the app was put there after it was told.
func (c *Chat) forgetRoom(ctx context.Context, cloud connect.CloudID, conversation string, told time.Time) error {
	row, err := c.Store.Glance(ctx, in(c.glance, cloud, conversation))
	if room.IsAbsent(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := c.Store.RemoveConversation(ctx, glance.SurfaceChat, string(cloud), conversation, told); err != nil {
		return err
	}
	if row.Tenant != "" {
		c.Views.ForgetPlace(connect.TenantID(row.Tenant), PlaceName(conversation))
	}
	return nil
}
