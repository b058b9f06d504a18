package slack

import (
	"context"
	"net/http"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/slackapp"
)

// eventFunc serves a verified event.
type eventFunc func(r *edge.Request, e slackapp.Event) error

// event serves events, which Slack sends again if they were not accepted.
func (s *Slack) event(h eventFunc) edge.Endpoint {
	return s.Edge.Endpoint(edge.AsProblem, scheme, func(r *edge.Request) error {
		body, err := r.ReadBody(maxBody)
		if err != nil {
			return err
		}
		e, err := s.Verifier.Event(r.Request, body)
		if err != nil {
			return err
		}
		return h(r, e)
	})
}

// events follows what happens in a workspace. Every event may come twice, late or
// as a copy: handling it again changes nothing.
func (s *Slack) events(r *edge.Request, e slackapp.Event) error {
	if e.Type == "url_verification" {
		r.JSON(http.StatusOK, map[string]any{"challenge": e.Challenge})
		return nil
	}
	act := s.reaction(r, e.Type)
	if act == nil {
		return ignore(connect.IgnoredUnknown, "an event that is not acted upon")
	}
	ctx := r.Request.Context()
	in, err := s.isOurs(ctx, e)
	if err != nil {
		return err
	}
	r.IsOf(in.Tenant)
	if err := act(ctx, in, e); err != nil {
		return err
	}
	r.Status(http.StatusOK)
	return nil
}

type reaction func(ctx context.Context, in slackapp.Install, e slackapp.Event) error

// reaction returns what an event of a type does; nil: nothing.
func (s *Slack) reaction(r *edge.Request, kind string) reaction {
	switch kind {
	case "app_uninstalled":
		return func(ctx context.Context, in slackapp.Install, e slackapp.Event) error {
			return s.Store.RemoveSlackInstall(ctx, in.Team, e.At)
		}
	case "tokens_revoked":
		return s.revoked
	case "channel_archive", "group_archive":
		return inChannel(func(ctx context.Context, e slackapp.Event) error {
			return s.Store.StopConversation(ctx, glance.SurfaceSlack, e.Team, e.Channel, glance.ReasonArchived, e.At)
		})
	case "channel_unarchive", "group_unarchive":
		return inChannel(s.unarchived)
	case "channel_deleted", "group_deleted", "channel_left", "group_left":
		return inChannel(s.left)
	case "member_left_channel":
		return s.memberLeft
	case "link_shared":
		return func(_ context.Context, in slackapp.Install, e slackapp.Event) error { return s.linkShared(r, in, e) }
	}
	return nil
}

// isOurs compares an event with the workspace that it is about. The app must be
// installed there under the id that Slack names, and since before the event.
func (s *Slack) isOurs(ctx context.Context, e slackapp.Event) (slackapp.Install, error) {
	in, err := s.Store.SlackTeam(ctx, e.Team)
	switch {
	case room.IsAbsent(err):
		return in, ignore(connect.IgnoredForeign, "the app is not in the workspace")
	case err != nil:
		return in, err
	case in.AppID != "" && e.App != in.AppID:
		return in, ignore(connect.IgnoredForeign, "for another app")
	case e.At.IsZero():
		return in, ignore(connect.IgnoredShape, "no time")
	case e.At.Unix() < in.InstalledAt.Unix():
		return in, connect.ErrOldEvent
	}
	return in, nil
}

// revoked ends the bot's token if it is among those that were revoked. The others
// are people's own, of which the app has none, or an earlier bot's.
func (s *Slack) revoked(ctx context.Context, in slackapp.Install, e slackapp.Event) error {
	for _, bot := range e.Bots {
		if bot == in.BotUser || in.BotUser == "" {
			return s.Store.RevokeSlackToken(ctx, in.Team, e.At)
		}
	}
	return ignore(connect.IgnoredForeign, "other tokens than the app's")
}

// inChannel is the reaction to an event about a channel.
func inChannel(act func(ctx context.Context, e slackapp.Event) error) reaction {
	return func(ctx context.Context, _ slackapp.Install, e slackapp.Event) error {
		if e.Channel == "" {
			return ignore(connect.IgnoredShape, "no channel")
		}
		return act(ctx, e)
	}
}

func (s *Slack) unarchived(ctx context.Context, e slackapp.Event) error {
	if err := s.Store.ResumeConversation(ctx, glance.SurfaceSlack, e.Team, e.Channel, e.At); err != nil {
		return err
	}
	s.Wake()
	return nil
}

func (s *Slack) left(ctx context.Context, e slackapp.Event) error {
	return s.Store.RemoveConversation(ctx, glance.SurfaceSlack, e.Team, e.Channel, e.At)
}

// memberLeft ends a channel from which the app's own user was removed.
func (s *Slack) memberLeft(ctx context.Context, in slackapp.Install, e slackapp.Event) error {
	switch {
	case e.Channel == "" || e.User == "":
		return ignore(connect.IgnoredShape, "no channel or no user")
	case e.User != in.BotUser:
		return ignore(connect.IgnoredForeign, "somebody else left")
	}
	return s.left(ctx, e)
}

func ignore(reason, detail string) error {
	return &connect.IgnoredError{Reason: reason, Detail: detail}
}
