package slackapp

import (
	"context"

	"github.com/slack-go/slack"
)

// Unfurl says below a message what is behind its links: a line of text for each address,
// which everybody in the channel sees. See
// https://docs.slack.dev/reference/methods/chat.unfurl
func (s *Surface) Unfurl(ctx context.Context, team, channel, message string, lines map[string]string) error {
	in, err := s.enter(ctx, team)
	if err != nil {
		return err
	}
	unfurls := make(map[string]slack.Attachment, len(lines))
	for address, line := range lines {
		text := slack.NewTextBlockObject(slack.PlainTextType, line, false, false)
		unfurls[address] = slack.Attachment{Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewSectionBlock(text, nil, nil)}}}
	}
	return in.call(ctx, "chat.unfurl", "", func() error {
		_, _, _, err := in.slack.UnfurlMessageContext(ctx, channel, message, unfurls)
		return err
	})
}

// TakesLinks counts a message with links of a channel, and reports whether it is not one
// too many: five at once, then ten a minute.
func (s *Surface) TakesLinks(team, channel string) bool {
	return s.pacer.take(s.now(), place{team, linksOfChannel, channel}) == 0
}

// linksOfChannel is no method of Slack's: messages with links are counted like calls.
const linksOfChannel = "links of a channel"
