package slackapp

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

// ErrTaken says that a workspace serves another tenant.
var ErrTaken = errors.New("the workspace serves another tenant")

// Install is the app in one workspace, which serves one tenant.
type Install struct {
	// Team is the workspace's id and TeamName what its people call it.
	Team, TeamName string
	// Tenant owns the projects that the workspace's channels may show.
	Tenant connect.TenantID
	// Token is the bot token, only ever sent to Slack; empty if Slack has
	// revoked it.
	Token connect.Secret
	// BotUser is the id of the app's user there.
	BotUser string
	// Scopes are those that the workspace granted.
	Scopes []string
	// Stopped is why the app can do nothing there, ReasonRevoked without a
	// token; ReasonNone if it can.
	Stopped glance.Reason
	// InstalledBy is the id of the Slack user who added the app.
	InstalledBy string
}

func (in Install) has(scope string) bool { return slices.Contains(in.Scopes, scope) }

// exchange asks for a bot token.
// See https://docs.slack.dev/reference/methods/oauth.v2.access
func (s *Surface) exchange(ctx context.Context, clientID string, clientSecret connect.Secret, code, redirect string) (Install, error) {
	const method = "oauth.v2.access"
	if err := s.turn(ctx, place{method: method}); err != nil {
		return Install{}, err
	}
	got, err := slack.GetOAuthV2ResponseContext(ctx, s.client, clientID, clientSecret.Reveal(), code, redirect, slack.OAuthOptionAPIURL(s.apiURL))
	if err != nil {
		return Install{}, callError(method, err)
	}
	if got.AccessToken == "" || got.Team.ID == "" || got.TokenType != "bot" {
		return Install{}, &Error{method, codeNoBotToken}
	}
	granted := strings.FieldsFunc(got.Scope, func(r rune) bool { return r == ',' || r == ' ' })
	return Install{
		Team: got.Team.ID, TeamName: got.Team.Name, Token: connect.NewSecret(got.AccessToken), Scopes: granted,
		BotUser: got.BotUserID, InstalledBy: got.AuthedUser.ID,
	}, nil
}
