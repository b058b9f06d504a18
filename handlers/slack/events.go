package slack

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/slackapp"
)

// notice is what the app reads from an event. See
// https://docs.slack.dev/apis/events-api/
type notice struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`
	Event     struct {
		Type    string `json:"type"`
		Channel string `json:"channel"`
		User    string `json:"user"`
		Tokens  struct {
			Bot []string `json:"bot"`
		} `json:"tokens"`
	} `json:"event"`
}

// events follows what happens in a workspace. Every event may come twice:
// handling it again changes nothing.
func (s *Slack) events(r *edge.Request, caller *slackapp.Caller) error {
	var notice notice
	if json.Unmarshal(caller.Payload(), &notice) != nil {
		return &connect.AuthError{Code: slackapp.RefusedBody, Detail: "not an event"}
	}
	if notice.Type == "url_verification" {
		r.JSON(http.StatusOK, map[string]any{"challenge": notice.Challenge})
		return nil
	}
	if err := s.happened(r.Request.Context(), caller.Team(), notice); err != nil {
		return err
	}
	r.Status(http.StatusOK)
	return nil
}

func (s *Slack) happened(ctx context.Context, team string, notice notice) error {
	event := notice.Event
	switch event.Type {
	case "app_uninstalled":
		return s.Store.RemoveSlackInstall(ctx, team)
	case "tokens_revoked":
		if len(event.Tokens.Bot) == 0 {
			return nil // people's own tokens, of which the app has none
		}
		return s.Store.RevokeSlackToken(ctx, team)
	case "channel_archive", "group_archive":
		return s.Store.StopConversation(ctx, glance.SurfaceSlack, team, event.Channel, glance.ReasonArchived)
	case "channel_unarchive", "group_unarchive":
		if err := s.Store.ResumeConversation(ctx, glance.SurfaceSlack, team, event.Channel); err != nil {
			return err
		}
		s.Wake()
		return nil
	case "channel_deleted", "group_deleted", "channel_left", "group_left":
		return s.Store.RemoveConversation(ctx, glance.SurfaceSlack, team, event.Channel)
	case "member_left_channel":
		return s.memberLeft(ctx, team, event.Channel, event.User)
	}
	return nil
}

// memberLeft ends a channel from which the app's own user was removed.
func (s *Slack) memberLeft(ctx context.Context, team, channel, user string) error {
	in, err := s.Store.SlackInstall(ctx, team)
	if room.IsAbsent(err) || err == nil && in.BotUser != user {
		return nil
	}
	if err != nil {
		return err
	}
	return s.Store.RemoveConversation(ctx, glance.SurfaceSlack, team, channel)
}
