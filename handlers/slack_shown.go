package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/slack-go/slack"

	"sightline/connect"
	"sightline/internal/glance"
)

// answerSaved has the channel shown and closes the modal, or keeps it open and
// says what failed. What takes longer than Slack waits comes by itself.
func (s *Server) answerSaved(ctx context.Context, c *gin.Context, place slackPlace) error {
	err := s.Slack.Push(ctx, place.glance())
	var failed *glance.PushError
	switch {
	case err == nil:
		c.Status(http.StatusOK)
		return nil
	case errors.As(err, &failed) && !errors.Is(err, glance.ErrBusy) && !isLater(err) && ctx.Err() == nil:
		outcome(c).err = err
		return slackErrors(c, map[string]string{blockProjects: failureText(err.Error())})
	}
	outcome(c).err = err
	view := textView(wordSaved)
	c.JSON(http.StatusOK, slack.NewUpdateViewSubmissionResponse(&view))
	return nil
}

// isLater reports whether an error says when the next attempt will be made.
func isLater(err error) bool {
	var later interface{ RetryAfter() time.Duration }
	return errors.As(err, &later) && later.RetryAfter() > 0
}

// failureText explains a row's last error to a person. Only what Slack itself
// said is told apart; the rest is for the log.
func failureText(reason string) string {
	for code, text := range map[string]string{
		"not_in_channel": textSlackInvite, "channel_not_found": textSlackInvite, "is_archived": textSlackArchived,
		"token_revoked": textSlackRevoked, "account_inactive": textSlackRevoked, "invalid_auth": textSlackRevoked,
	} {
		if strings.Contains(reason, ": "+code) {
			return text
		}
	}
	if strings.Contains(reason, "slack ") {
		return textSlackRefused
	}
	return textSlackJira
}

// slackStop ends a channel's glance: at once for us, and then in Slack.
func (s *Server) slackStop(ctx context.Context, c *gin.Context, caller *connect.SlackCaller, in slackInput, about slackMetadata) error {
	if _, _, err := s.slackWho(ctx, caller); err != nil {
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
	text := fmt.Sprintf(wordStopped, about.Command)
	at := glance.Place{Site: place.team, Conversation: place.channel, Module: row.Key.Module, Handle: row.Handle}
	if err := s.Slack.Surface.Withdraw(ctx, at); err != nil {
		outcome(c).err = err
		text += " " + wordStoppedRest
	}
	c.Status(http.StatusOK)
	if err := s.Slack.Surface.UpdateView(ctx, place.team, in.View.ID, textView(text)); err != nil {
		outcome(c).err = err // the channel is clean; the modal alone is not
	}
	return nil
}

// forbiddenSlack is a person who may not act; any other error stays what it is.
func forbiddenSlack(err error) error {
	if errors.Is(err, errSlackPerson) || errors.Is(err, errSlackTeam) {
		return slackForbidden(textSlackForbidden, err)
	}
	return err
}
