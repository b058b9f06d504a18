package slack

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackutilsx"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
)

// stranger is a person who has typed the command, and is not known in Jira.
type stranger struct {
	in     slackapp.Install
	tenant *connect.Tenant
	caller *slackapp.Caller
	place  channel
	l      *lang.Language
}

// unaskedFor is for how long nobody is asked again who does not want to connect.
const unaskedFor = 30 * 24 * time.Hour

// answerStranger shows what the channel shows to everybody, and who has room if the
// workspace's admin in Jira allows that, and then asks the person to connect their account,
// unless they have said that they do not want to now.
func (s *Slack) answerStranger(ctx context.Context, r *edge.Request, st stranger) error {
	row, err := s.Store.Glance(ctx, st.place.glance())
	if err != nil && !room.IsAbsent(err) {
		return err
	}
	shown := s.shownToAll(ctx, r, st, row)
	unasked, err := s.Store.SlackUnasked(ctx, st.caller.Team(), st.caller.User())
	if err != nil {
		return err
	}
	command := st.caller.Form().Get("command")
	if unasked && s.wordOf(st.caller.Form().Get("text")) != wordConnect {
		later := st.l.Say(st.l.Slack.AskLater, command, st.l.Slack.WordConnect)
		return say(r, strings.TrimSpace(shown+"\n"+later))
	}
	link, err := s.connectLink(st.in, st.tenant, st.caller)
	if err != nil {
		return err
	}
	asks := st.l.Say(st.l.Slack.NoPerson, link)
	var blocks []slack.Block
	for _, text := range []string{shown, asks} {
		if text != "" {
			blocks = append(blocks, slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, clip(text, maxSection), false, false), nil, nil))
		}
	}
	button := slack.NewButtonBlockElement(actionLater, command, plain(st.l.Slack.Later))
	return sayWith(r, strings.TrimSpace(shown+"\n"+asks), append(blocks, slack.NewActionBlock("", button))...)
}

// maxSection is how long the text of a section may be, in characters.
const maxSection = 3000

// actionLater is the button of somebody who does not want to connect now.
const actionLater = "later"

// shownToAll is what everybody in the channel may know; "" if it shows nothing.
func (s *Slack) shownToAll(ctx context.Context, r *edge.Request, st stranger, row glance.Row) string {
	now := shownNow(row)
	if now == "" {
		return ""
	}
	text := st.l.Say(st.l.Slack.ShownNow, now)
	if !st.in.NamesPeople || len(row.Config.Projects) == 0 {
		return text
	}
	team, err := s.teamOf(ctx, row)
	if err != nil {
		r.Note(err)
		return text
	}
	var d glance.Digest
	team.Describe(st.l, row.Config, &d)
	if len(d.TableLines) == 0 {
		return text
	}
	lines := []string{text, "*" + st.l.Slack.HasRoom + "*"}
	for _, line := range append(d.TableLines, d.Notes...) {
		lines = append(lines, slackutilsx.EscapeMessage(line))
	}
	return strings.Join(lines, "\n")
}

// teamOf counts a channel's people as the app. What was counted is kept for a minute:
// anybody in the channel may ask.
func (s *Slack) teamOf(ctx context.Context, row glance.Row) (glance.Team, error) {
	key := row.Tenant + "/" + row.Config.Counted()
	team, _, _, err := s.teams.GetFresh(ctx, key, func(ctx context.Context) (glance.Team, error) {
		return s.Team(ctx, row.Tenant, row.Config)
	})
	return team, err
}

// later keeps that a person does not want to be asked now, and says so in place of the
// question.
func (s *Slack) later(ctx context.Context, r *edge.Request, caller *slackapp.Caller, in input) error {
	if err := s.Store.LeaveSlackUnasked(ctx, caller.Team(), caller.User(), s.Edge.Now().Add(unaskedFor)); err != nil {
		return err
	}
	r.Status(http.StatusOK)
	l := s.Edge.Languages.Of(caller.Locale())
	text := l.Say(l.Slack.LaterText, in.Actions[0].Value, l.Slack.WordConnect)
	if err := s.Surface.Replace(ctx, in.ResponseURL, text); err != nil {
		r.Note(err) // the question stays; it does no harm
	}
	return nil
}
