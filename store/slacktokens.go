package store

import (
	"context"
	"fmt"
	"maps"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/slackapp"
)

// BeginSlackRenewal lets one of all programs renew a workspace's token, which must
// still be the one that in was read with. The lease ends at until.
func (s *Slack) BeginSlackRenewal(ctx context.Context, in slackapp.Install, until time.Time) (begun bool, err error) {
	return s.renewal(ctx, "begin", `UPDATE slack_installs SET renewing_until = @until
		WHERE team_id = @team AND state = 'active' AND refresh_token IS NOT NULL AND renewing_until <= @now
			AND renew_at = @renew AND token_ends_at = @ends`,
		map[string]any{
			"team": in.Team, "until": millis(until), "now": millis(s.now()), "renew": millis(in.RenewAt), "ends": millis(in.Ends),
		})
}

// SaveSlackRenewal stores the tokens of a renewal that began with a lease until
// then. It reports false, and stores nothing, if the workspace was installed
// again, left or taken away meanwhile, or if the lease has passed to another.
func (s *Slack) SaveSlackRenewal(ctx context.Context, in slackapp.Install, until time.Time) (saved bool, err error) {
	values, err := s.sealSlack(in)
	if err != nil {
		return false, fmt.Errorf("seal tokens of slack workspace %q: %w", in.Team, err)
	}
	maps.Copy(values, map[string]any{"team": in.Team, "until": millis(until)})
	return s.renewal(ctx, "save", `UPDATE slack_installs SET bot_token = @token, refresh_token = @refresh,
			token_ends_at = @ends, renew_at = @renew, renewing_until = 0
		WHERE team_id = @team AND state = 'active' AND renewing_until = @until`, values)
}

// EndSlackRenewal forgets a refresh token that Slack does not take: the token, now
// [slackapp.Install.Unrenewed], is used until it ends.
func (s *Slack) EndSlackRenewal(ctx context.Context, team string, until time.Time) error {
	_, err := s.renewal(ctx, "end", `UPDATE slack_installs SET refresh_token = NULL, renewing_until = 0
		WHERE team_id = @team AND renewing_until = @until`, map[string]any{"team": team, "until": millis(until)})
	return err
}

func (s *Slack) renewal(ctx context.Context, verb, statement string, args map[string]any) (done bool, err error) {
	err = s.db.Writing(ctx, func(db *gorm.DB) error {
		changed := db.Exec(statement, args)
		done = changed.RowsAffected > 0
		return changed.Error
	})
	if err != nil {
		return false, fmt.Errorf("%s renewal for slack workspace %q: %w", verb, args["team"], err)
	}
	return done, nil
}

// SlackTeamsToRenew returns the ids of the workspaces whose tokens are due.
func (s *Slack) SlackTeamsToRenew(ctx context.Context) (teams []string, err error) {
	err = s.db.Reading(ctx, func(db *gorm.DB) error {
		return db.Raw(`SELECT team_id FROM slack_installs WHERE state = 'active' AND refresh_token IS NOT NULL
			AND renew_at > 0 AND renew_at <= ? ORDER BY renew_at LIMIT 100`, millis(s.now())).Scan(&teams).Error
	})
	if err != nil {
		return nil, fmt.Errorf("list slack workspaces to renew: %w", err)
	}
	return teams, nil
}

// sealSlack seals a workspace's tokens, for a statement that stores them.
func (s *Slack) sealSlack(in slackapp.Install) (map[string]any, error) {
	token, err := s.keys.Seal([]byte(in.Token.Reveal()), slackAAD(in.Team))
	if err != nil {
		return nil, err
	}
	var refresh []byte // NULL without one
	if !in.Refresh.IsZero() {
		refresh, err = s.keys.Seal([]byte(in.Refresh.Reveal()), slackRefreshAAD(in.Team))
	}
	return map[string]any{"token": token, "refresh": refresh, "ends": millis(in.Ends), "renew": millis(in.RenewAt)}, err
}

// openSlack opens the tokens of a row, where it has them.
func (s *Slack) openSlack(in *slackapp.Install, row slackRow) error {
	for _, sealed := range []struct {
		value []byte
		aad   string
		to    *connect.Secret
	}{
		{row.BotToken, slackAAD(in.Team), &in.Token},
		{row.RefreshToken, slackRefreshAAD(in.Team), &in.Refresh},
	} {
		if len(sealed.value) == 0 {
			continue
		}
		plain, err := s.keys.Open(sealed.value, sealed.aad)
		if err != nil {
			return err
		}
		*sealed.to = connect.NewSecret(string(plain))
	}
	return nil
}
