package slack

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/web"
)

// answerSaved updates the channel and closes the modal, or keeps it open and
// says what failed. If it takes longer than Slack waits, the channel is updated
// later by itself.
func (s *Slack) answerSaved(ctx context.Context, r *edge.Request, l *lang.Language, place channel) error {
	err := s.Rooms.Show(ctx, place.glance())
	var failed *glance.PushError
	switch {
	case err == nil:
		r.Status(http.StatusOK)
		return nil
	case errors.As(err, &failed) && !errors.Is(err, glance.ErrBusy) && !isLater(err) && ctx.Err() == nil:
		r.Note(err)
		return fieldErrors(r, map[string]string{web.FieldProjects: because(l, glance.ReasonOf(err))})
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

// because says in Slack's words why a channel does not show what it
// should.
func because(l *lang.Language, reason glance.Reason) string {
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

// stop ends a channel's glance: first for us, then in Slack.
func (s *Slack) stop(ctx context.Context, r *edge.Request, caller *slackapp.Caller, in input, about metadata) error {
	_, person, err := s.person(ctx, r, caller)
	if err != nil {
		return forbidden(err)
	}
	place := channel{caller.Team(), about.Channel}
	row, err := s.Store.Glance(ctx, place.glance())
	if err != nil && !room.IsAbsent(err) {
		return err
	}
	if err := s.Store.RemoveConversation(ctx, glance.SurfaceSlack, place.team, place.channel, time.Time{}); err != nil {
		return err
	}
	l, _, _, _ := s.localeOf(ctx, person, caller)
	text := l.Say(l.Slack.Stopped, about.Command)
	at := glance.Place{Site: place.team, Conversation: place.channel, Module: row.Key.Module, Handle: row.Handle}
	if err := s.Surface.Withdraw(ctx, at); err != nil {
		r.Note(err)
		text += " " + l.Slack.MessageLeft
	}
	r.Status(http.StatusOK)
	if err := s.Surface.UpdateView(ctx, place.team, in.View.ID, textView(l, text)); err != nil {
		r.Note(err) // the channel is clean; only the modal is not
	}
	return nil
}

// forbidden turns the error of a person who may not act into a problem and
// returns any other unchanged.
func forbidden(err error) error {
	if isStranger(err) {
		return edge.Because(lang.ProblemSlackPerson, err)
	}
	return err
}
