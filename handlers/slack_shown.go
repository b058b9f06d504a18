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

// shown is what has become of a channel's new settings.
type shown struct {
	// done says that the channel shows them, failed why it does not; neither
	// is that nobody knows yet.
	done   bool
	failed string
}

// shownEvery is how often the row is looked at.
const shownEvery = 40 * time.Millisecond

// awaitShown waits for the reconciler to show what was saved, as long as Slack
// waits for us. It looks at the row, because another replica may do the work.
func (s *Server) awaitShown(ctx context.Context, place slackPlace) shown {
	ticker := time.NewTicker(shownEvery)
	defer ticker.Stop()
	for {
		row, err := s.Store.Glance(ctx, place.glance())
		switch {
		case err != nil:
			return shown{}
		case row.DesiredRev > 0 && !row.NeedsCompute() && !row.NeedsPush():
			return shown{done: true}
		case row.LastError != "":
			return shown{failed: failureText(row.LastError)}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return shown{}
		}
	}
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

// answerSaved closes the modal, keeps it open with what failed, or says that
// the rest will come by itself.
func (s *Server) answerSaved(c *gin.Context, how shown) error {
	switch {
	case how.failed != "":
		return slackErrors(c, map[string]string{blockProjects: how.failed})
	case how.done:
		c.Status(http.StatusOK)
		return nil
	}
	view := textView(wordSaved)
	c.JSON(http.StatusOK, slack.NewUpdateViewSubmissionResponse(&view))
	return nil
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
		return &problem{status: http.StatusForbidden, code: "slack.person", text: textForbidden, err: err}
	}
	return err
}
