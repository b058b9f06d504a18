package handlers

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/slackapp"
)

// slackNotice is what the app reads of an event.
// See https://docs.slack.dev/apis/events-api/
type slackNotice struct {
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

// slackEvents keeps up with what happens in a workspace. Every event may come
// twice: doing it again changes nothing.
func (s *Server) slackEvents(r *edge.Request, caller *slackapp.Caller) error {
	var notice slackNotice
	if json.Unmarshal(caller.Payload(), &notice) != nil {
		return &connect.AuthError{Code: slackapp.RefusedBody, Detail: "not an event"}
	}
	if notice.Type == "url_verification" {
		r.JSON(http.StatusOK, map[string]any{"challenge": notice.Challenge})
		return nil
	}
	if err := s.slackHappened(r.Request.Context(), caller.Team(), notice); err != nil {
		return err
	}
	r.Status(http.StatusOK)
	return nil
}

func (s *Server) slackHappened(ctx context.Context, team string, notice slackNotice) error {
	event := notice.Event
	switch event.Type {
	case "app_uninstalled":
		return s.Slack.Store.RemoveSlackInstall(ctx, team)
	case "tokens_revoked":
		if len(event.Tokens.Bot) == 0 {
			return nil // people's own tokens, of which the app has none
		}
		return s.Slack.Store.RevokeSlackToken(ctx, team)
	case "channel_archive", "group_archive":
		return s.Slack.Store.StopConversation(ctx, glance.SurfaceSlack, team, event.Channel, glance.ReasonArchived)
	case "channel_unarchive", "group_unarchive":
		if err := s.Slack.Store.ResumeConversation(ctx, glance.SurfaceSlack, team, event.Channel); err != nil {
			return err
		}
		s.Wake()
		return nil
	case "channel_deleted", "group_deleted", "channel_left", "group_left":
		return s.Store.RemoveConversation(ctx, glance.SurfaceSlack, team, event.Channel)
	case "member_left_channel":
		return s.slackMemberLeft(ctx, team, event.Channel, event.User)
	}
	return nil
}

// slackMemberLeft ends a channel that the app's own user was taken out of.
func (s *Server) slackMemberLeft(ctx context.Context, team, channel, user string) error {
	in, err := s.Slack.Store.SlackInstall(ctx, team)
	if isAbsent(err) || err == nil && in.BotUser != user {
		return nil
	}
	if err != nil {
		return err
	}
	return s.Store.RemoveConversation(ctx, glance.SurfaceSlack, team, channel)
}
