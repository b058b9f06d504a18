package handlers

import (
	"context"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
)

// slackCommand opens the settings of a channel. Everything that is wrong is
// told to the person alone; an error in HTTP would only read "failed".
func (s *Server) slackCommand(c *gin.Context, caller *slackapp.Caller) error {
	form := caller.Form()
	if form.Get("trigger_id") == "" || form.Get("channel_id") == "" {
		return &connect.AuthError{Code: slackapp.RefusedBody, Detail: "not a command"}
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), slackPatience)
	defer cancel()
	in, person, err := s.slackPerson(ctx, c, caller)
	l := s.texts.Of(caller.Locale())
	switch {
	case errors.Is(err, errSlackTeam):
		return slackSay(c, l.Slack.NoTenant)
	case errors.Is(err, errSlackPerson):
		link, err := s.connectLink(in, person.Tenant, caller)
		if err != nil {
			return err
		}
		return slackSay(c, l.Say(l.Slack.NoPerson, link))
	case err != nil:
		return err
	}
	place := slackPlace{caller.Team(), form.Get("channel_id")}
	at, err := s.atChannel(ctx, person, caller, place)
	if err != nil {
		return slackSay(c, s.failedText(c, at.l, err))
	}
	return s.openSettings(ctx, c, caller, at, place)
}

func (s *Server) openSettings(ctx context.Context, c *gin.Context, caller *slackapp.Caller, at roomSetup, place slackPlace) error {
	view := s.settingsView(ctx, at, place, caller.Form().Get("command"))
	if err := s.Slack.Surface.OpenView(ctx, place.team, caller.Form().Get("trigger_id"), view); err != nil {
		outcome(c).err = err
		return slackSay(c, openFailure(at.l, err))
	}
	c.Status(http.StatusOK)
	return nil
}

// failedText is what a person is told of an error, which the request's log
// line holds.
func (s *Server) failedText(c *gin.Context, l *lang.Language, err error) string {
	p := s.explain(err)
	outcome(c).set(p, err)
	return p.text(l.Texts)
}

// openFailure is what a person is told when the modal did not open.
func openFailure(l *lang.Language, err error) string {
	switch {
	case slackapp.IsCode(err, slackapp.CodeTriggerExpired, slackapp.CodeTriggerUsed, slackapp.CodeTriggerInvalid):
		return l.Slack.TooLate
	case errors.Is(err, glance.ErrGone):
		return slackBecause(l, glance.ReasonOf(err))
	}
	return l.Slack.NotOpened
}

// slackSay answers a command with a message for who typed it.
func slackSay(c *gin.Context, text string) error {
	c.JSON(http.StatusOK, struct {
		Type string `json:"response_type"`
		Text string `json:"text"`
	}{"ephemeral", text})
	return nil
}
