package surfaces

import (
	"context"
	"strings"

	"github.com/slack-go/slack"
)

// OpenView opens a modal for the person behind a trigger, which is good for
// three seconds and once.
func (s *Slack) OpenView(ctx context.Context, team, trigger string, view slack.ModalViewRequest) error {
	in, err := s.enter(ctx, team)
	if err != nil {
		return err
	}
	return in.call(ctx, "views.open", "", func() error {
		_, err := in.client.OpenViewContext(ctx, trigger, view)
		return err
	})
}

// UpdateView puts another view in the place of an open one.
func (s *Slack) UpdateView(ctx context.Context, team, id string, view slack.ModalViewRequest) error {
	in, err := s.enter(ctx, team)
	if err != nil {
		return err
	}
	return in.call(ctx, "views.update", "", func() error {
		_, err := in.client.UpdateViewContext(ctx, view, "", "", id)
		return err
	})
}

// Grant is what an authorization code is exchanged for.
type Grant struct {
	Team, TeamName string
	Access         Access
	// BotUser is the app's user and User the person who installed it.
	BotUser, User string
}

// Exchange turns an authorization code into a bot token.
// See https://docs.slack.dev/reference/methods/oauth.v2.access
func (s *Slack) Exchange(ctx context.Context, clientID, clientSecret, code, redirect string) (Grant, error) {
	const method = "oauth.v2.access"
	if err := s.turn(ctx, method, tierOf(method)); err != nil {
		return Grant{}, err
	}
	got, err := slack.GetOAuthV2ResponseContext(ctx, s.Client, clientID, clientSecret, code, redirect, slack.OAuthOptionAPIURL(s.APIURL))
	if err != nil {
		return Grant{}, slackError(method, err)
	}
	if got.AccessToken == "" || got.Team.ID == "" || got.TokenType != "bot" {
		return Grant{}, &SlackError{method, "no_bot_token"}
	}
	scopes := strings.FieldsFunc(got.Scope, func(r rune) bool { return r == ',' || r == ' ' })
	return Grant{
		Team: got.Team.ID, TeamName: got.Team.Name, Access: Access{got.AccessToken, scopes},
		BotUser: got.BotUserID, User: got.AuthedUser.ID,
	}, nil
}
