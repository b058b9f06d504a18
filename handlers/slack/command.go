package slack

import (
	"context"
	"errors"
	"net/http"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
)

// command opens the settings of a channel, or answers a question. Only the person sees what went
// wrong; of an HTTP error they would only read "failed".
func (s *Slack) command(r *edge.Request, caller *slackapp.Caller) error {
	form := caller.Form()
	if form.Get("trigger_id") == "" || form.Get("channel_id") == "" {
		return &connect.AuthError{Code: slackapp.RefusedBody, Detail: "not a command"}
	}
	ctx, cancel := context.WithTimeout(r.Request.Context(), answerTime)
	defer cancel()
	place := channel{caller.Team(), form.Get("channel_id")}
	in, person, err := s.person(ctx, r, caller)
	l := s.Edge.Languages.Of(caller.Locale())
	switch {
	case errors.Is(err, errTeam):
		return say(r, l.Slack.NoTenant)
	case errors.Is(err, errPerson):
		return s.answerStranger(ctx, r, stranger{in, person.Tenant, caller, place, l})
	case err != nil:
		return err
	}
	at, err := s.atChannel(ctx, person, caller, place)
	if err != nil {
		return say(r, s.failedText(r, at.Language, err))
	}
	switch w := s.wordOf(form.Get("text")); w {
	case wordMe, wordWho:
		return s.numbers(ctx, r, caller, at, place, w)
	case wordConnect:
		return say(r, at.Language.Slack.Known)
	case wordHelp:
		return say(r, at.Language.Say(at.Language.Slack.Help, form.Get("command")))
	}
	return s.openSettings(ctx, r, caller, in, at, place)
}

func (s *Slack) openSettings(ctx context.Context, r *edge.Request, caller *slackapp.Caller, in slackapp.Install, at room.Setup, place channel) error {
	view := s.settingsView(ctx, in, at, metadata{Channel: place.channel, Command: caller.Form().Get("command")})
	if err := s.Surface.OpenView(ctx, place.team, caller.Form().Get("trigger_id"), view); err != nil {
		r.Note(err)
		return say(r, openFailure(at.Language, err))
	}
	r.Status(http.StatusOK)
	return nil
}

// failedText is what a person is told about an error; the error itself is on
// the request's log line.
func (s *Slack) failedText(r *edge.Request, l *lang.Language, err error) string {
	p := s.Edge.Explain(err)
	r.Failed(p, err)
	return l.Problem(p.Code)
}

// openFailure is what a person is told if the modal did not open.
func openFailure(l *lang.Language, err error) string {
	switch {
	case slackapp.IsCode(err, slackapp.CodeTriggerExpired, slackapp.CodeTriggerUsed, slackapp.CodeTriggerInvalid):
		return l.Slack.TooLate
	case errors.Is(err, glance.ErrGone):
		return because(l, glance.ReasonOf(err))
	}
	return l.Slack.NotOpened
}

// say answers a command with a message to the person who typed it.
func say(r *edge.Request, text string) error { return sayWith(r, text) }

// sayWith shows blocks; text is for notifications.
func sayWith(r *edge.Request, text string, blocks ...slack.Block) error {
	r.JSON(http.StatusOK, struct {
		Type   string        `json:"response_type"`
		Text   string        `json:"text"`
		Blocks []slack.Block `json:"blocks,omitempty"`
	}{"ephemeral", text, blocks})
	return nil
}
