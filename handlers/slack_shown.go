package handlers

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/web"
)

// answerSaved has the channel shown and closes the modal, or keeps it open and
// says what failed. What takes longer than Slack waits comes by itself.
func (s *Server) answerSaved(ctx context.Context, r *edge.Request, l *lang.Language, place slackPlace) error {
	err := s.show(ctx, place.glance())
	var failed *glance.PushError
	switch {
	case err == nil:
		r.Status(http.StatusOK)
		return nil
	case errors.As(err, &failed) && !errors.Is(err, glance.ErrBusy) && !isLater(err) && ctx.Err() == nil:
		r.Note(err)
		return slackErrors(r, map[string]string{web.FieldProjects: slackBecause(l, glance.ReasonOf(err))})
	}
	r.Note(err)
	view := textView(l, l.Slack.Saved)
	r.JSON(http.StatusOK, slack.NewUpdateViewSubmissionResponse(&view))
	return nil
}

// isLater reports whether an error says when the next attempt will be made.
func isLater(err error) bool {
	var later interface{ RetryAfter() time.Duration }
	return errors.As(err, &later) && later.RetryAfter() > 0
}

// slackBecause says in Slack's words why a channel does not show what it
// should.
func slackBecause(l *lang.Language, reason glance.Reason) string {
	switch reason {
	case glance.ReasonAbsent:
		return l.Slack.NotInvited
	case glance.ReasonArchived:
		return l.Slack.Archived
	case glance.ReasonRevoked:
		return l.Slack.Revoked
	case glance.ReasonForbidden:
		return l.Slack.Forbidden
	case glance.ReasonRefused, glance.ReasonBusy, glance.ReasonUnreachable:
		return l.Slack.Refused
	case glance.ReasonJira:
		return l.Slack.JiraFailed
	}
	return reason.In(l)
}

// slackStop ends a channel's glance: at once for us, and then in Slack.
func (s *Server) slackStop(ctx context.Context, r *edge.Request, caller *slackapp.Caller, in slackInput, about slackMetadata) error {
	_, person, err := s.slackPerson(ctx, r, caller)
	if err != nil {
		return forbiddenSlack(err)
	}
	place := slackPlace{caller.Team(), about.Channel}
	row, err := s.Store.Glance(ctx, place.glance())
	if err != nil && !isAbsent(err) {
		return err
	}
	if err := s.Store.RemoveConversation(ctx, glance.SurfaceSlack, place.team, place.channel); err != nil {
		return err
	}
	l, _ := s.slackTaste(ctx, person, caller)
	text := l.Say(l.Slack.Stopped, about.Command)
	at := glance.Place{Site: place.team, Conversation: place.channel, Module: row.Key.Module, Handle: row.Handle}
	if err := s.Slack.Surface.Withdraw(ctx, at); err != nil {
		r.Note(err)
		text += " " + l.Slack.MessageLeft
	}
	r.Status(http.StatusOK)
	if err := s.Slack.Surface.UpdateView(ctx, place.team, in.View.ID, textView(l, text)); err != nil {
		r.Note(err) // the channel is clean; the modal alone is not
	}
	return nil
}

// forbiddenSlack is a person who may not act; any other error stays what it is.
func forbiddenSlack(err error) error {
	if isSlackStranger(err) {
		return edge.Because(lang.ProblemSlackPerson, err)
	}
	return err
}
