package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/slackapp"
)

// Slack holds the Slack workspaces that the app is installed in, and who their
// people are in Jira.
type Slack struct{ *core }

// slackAAD binds a sealed bot token to its column and its workspace.
func slackAAD(team string) string { return "slack_installs.bot_token:" + team }

// slackRefreshAAD binds a sealed refresh token likewise.
func slackRefreshAAD(team string) string { return "slack_installs.refresh_token:" + team }

// slackRow is a row of slack_installs.
type slackRow struct {
	TeamID      string
	TeamName    string
	TenantID    string
	BotToken    []byte
	BotUserID   string
	Scopes      string
	InstalledBy string
	State       string
	AppID       string
	InstalledAt int64

	RefreshToken []byte
	TokenEndsAt  int64
	RenewAt      int64

	NamesPeople bool
	PlainUntil  int64
}

// slackColumns are those of a slackRow.
const slackColumns = `team_id, team_name, tenant_id, bot_token, bot_user_id, scopes, installed_by, state, app_id, installed_at,
	refresh_token, token_ends_at, renew_at, names_people, plain_until`

// slackHolder finds the tenant that a workspace serves, unless it is gone.
const slackHolder = `SELECT i.tenant_id FROM slack_installs i JOIN tenants t ON t.id = i.tenant_id
	WHERE i.team_id = ? AND i.state = 'active' AND t.state <> 'uninstalled'`

const upsertSlack = `
INSERT INTO slack_installs (team_id, team_name, tenant_id, bot_token, bot_user_id, scopes, installed_by, app_id, state, installed_at, updated_at,
	refresh_token, token_ends_at, renew_at, renewing_until, names_people)
VALUES (@team, @name, @tenant, @token, @bot, @scopes, @by, @app, 'active', @now, @now, @refresh, @ends, @renew, 0, @names)
ON CONFLICT (team_id) DO UPDATE SET
	team_name = excluded.team_name, tenant_id = excluded.tenant_id, bot_token = excluded.bot_token,
	bot_user_id = excluded.bot_user_id, scopes = excluded.scopes, installed_by = excluded.installed_by,
	app_id = excluded.app_id, state = 'active', installed_at = excluded.installed_at, updated_at = excluded.updated_at,
	refresh_token = excluded.refresh_token, token_ends_at = excluded.token_ends_at, renew_at = excluded.renew_at, renewing_until = 0,
	names_people = excluded.names_people, plain_until = 0`

// SaveSlackInstall records that the app is installed in a workspace for one
// tenant, and resumes what had stopped there. It refuses a workspace that serves
// another tenant with [slackapp.ErrTaken], unless that one is uninstalled: then
// the workspace's people and channels, which were that tenant's, are removed.
func (s *Slack) SaveSlackInstall(ctx context.Context, in slackapp.Install) error {
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error { return s.saveSlack(tx, in) })
	if err != nil {
		return fmt.Errorf("save slack workspace %q: %w", in.Team, err)
	}
	return nil
}

func (s *Slack) saveSlack(tx *gorm.DB, in slackapp.Install) error {
	if in.Team == "" || in.Tenant == "" || in.Token.IsZero() {
		return errors.New("no workspace, no tenant or no token")
	}
	if err := lockSite(tx, in.Team); err != nil {
		return err
	}
	var holder string
	if err := tx.Raw(slackHolder, in.Team).Scan(&holder).Error; err != nil {
		return err
	}
	if holder != "" && holder != string(in.Tenant) {
		return slackapp.ErrTaken
	}
	if err := dropForeignSlack(tx, in.Team, string(in.Tenant)); err != nil {
		return err
	}
	tokens, err := s.sealSlack(in)
	if err != nil {
		return err
	}
	maps.Copy(tokens, map[string]any{
		"team": in.Team, "name": in.TeamName, "tenant": string(in.Tenant), "bot": in.BotUser,
		"scopes": strings.Join(in.Scopes, ","), "by": in.InstalledBy, "app": in.AppID, "names": in.NamesPeople, "now": millis(s.now()),
	})
	if err := tx.Exec(upsertSlack, tokens).Error; err != nil {
		return err
	}
	return s.resumeSlack(tx, in.Team)
}

// dropForeignSlack removes what a workspace holds for other tenants.
func dropForeignSlack(tx *gorm.DB, team, tenant string) error {
	err := tx.Exec("DELETE FROM slack_installs WHERE team_id = ? AND tenant_id <> ?", team, tenant).Error
	if err != nil {
		return err
	}
	return tx.Exec("DELETE FROM conversations WHERE surface = 'slack' AND site = ? AND (tenant_id IS NULL OR tenant_id <> ?)",
		team, tenant).Error
}

// SlackInstall returns the app's installation in a workspace with its token,
// which is empty when it was revoked. A workspace that the app has left is not
// found.
func (s *Slack) SlackInstall(ctx context.Context, team string) (slackapp.Install, error) {
	in, row, err := s.slackTeam(ctx, team)
	if err != nil {
		return in, err
	}
	if err := s.openSlack(&in, row); err != nil {
		return slackapp.Install{}, fmt.Errorf("slack workspace %q: open token: %w", team, err)
	}
	return in, nil
}

func (r slackRow) install(now time.Time) slackapp.Install {
	in := slackapp.Install{
		Team: r.TeamID, TeamName: r.TeamName, Tenant: connect.TenantID(r.TenantID), BotUser: r.BotUserID,
		Scopes: strings.FieldsFunc(r.Scopes, func(r rune) bool { return r == ',' }), InstalledBy: r.InstalledBy,
		AppID: r.AppID, InstalledAt: fromMillis(r.InstalledAt),
		NamesPeople: r.NamesPeople, PlainUntil: fromMillis(r.PlainUntil),
		Ends: fromMillis(r.TokenEndsAt), RenewAt: fromMillis(r.RenewAt),
		Unrenewed: len(r.BotToken) > 0 && len(r.RefreshToken) == 0 && (r.TokenEndsAt > 0 || r.RenewAt > 0),
	}
	if len(r.BotToken) == 0 || len(r.RefreshToken) == 0 && in.Ended(now) {
		in.Stopped = glance.ReasonRevoked
	}
	return in
}

// SlackTeams returns the workspaces that serve a tenant, in the order of their
// ids, without their tokens.
func (s *Slack) SlackTeams(ctx context.Context, tenant connect.TenantID) ([]slackapp.Install, error) {
	var rows []slackRow
	err := s.db.Reading(ctx, func(db *gorm.DB) error {
		return db.Table("slack_installs").Select(slackColumns).
			Where("tenant_id = ? AND state = 'active'", string(tenant)).Order("team_id").Scan(&rows).Error
	})
	if err != nil {
		return nil, fmt.Errorf("list slack workspaces: %w", err)
	}
	list := make([]slackapp.Install, 0, len(rows))
	for _, row := range rows {
		list = append(list, row.install(s.now()))
	}
	return list, nil
}

// SlackTeam is SlackInstall without the token, so that it works when no key opens
// it.
func (s *Slack) SlackTeam(ctx context.Context, team string) (slackapp.Install, error) {
	in, _, err := s.slackTeam(ctx, team)
	return in, err
}

func (s *Slack) slackTeam(ctx context.Context, team string) (in slackapp.Install, row slackRow, err error) {
	err = s.db.Reading(ctx, func(db *gorm.DB) error {
		return db.Table("slack_installs").Select(slackColumns).Where("team_id = ? AND state = 'active'", team).Take(&row).Error
	})
	if err != nil {
		return in, row, fmt.Errorf("slack workspace %q: %w", team, absent(err))
	}
	return row.install(s.now()), row, nil
}

// RemoveSlackInstall records that the app has left a workspace: its token, its
// people and its channels are removed. Repeated, it changes nothing. told is when
// Slack sent the event: one from before the newest install changes nothing and is
// connect.ErrOldEvent, as with [Slack.RevokeSlackToken].
func (s *Slack) RemoveSlackInstall(ctx context.Context, team string, told time.Time) error {
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := holdSlack(tx, team, told); err != nil {
			return err
		}
		for _, statement := range []string{
			"UPDATE slack_installs SET bot_token = NULL, refresh_token = NULL, state = 'removed' WHERE team_id = ?",
			"DELETE FROM slack_people WHERE team_id = ?",
			"DELETE FROM slack_unasked WHERE team_id = ?",
			"DELETE FROM conversations WHERE surface = 'slack' AND site = ?",
		} {
			if err := tx.Exec(statement, team).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove slack workspace %q: %w", team, err)
	}
	return nil
}

// holdSlack locks a workspace's row until the transaction ends, unless the
// workspace was installed after an event. Slack tells whole seconds.
func holdSlack(tx *gorm.DB, team string, told time.Time) error {
	held := tx.Exec("UPDATE slack_installs SET updated_at = updated_at WHERE team_id = ? AND installed_at < ?",
		team, millis(told.Add(time.Second)))
	if held.Error != nil || held.RowsAffected > 0 {
		return held.Error
	}
	var known int
	err := tx.Raw("SELECT count(*) FROM slack_installs WHERE team_id = ?", team).Scan(&known).Error
	if err == nil && known > 0 {
		err = connect.ErrOldEvent
	}
	return err
}

// RevokeSlackToken removes a workspace's token and stops its channels until
// the app is installed again.
func (s *Slack) RevokeSlackToken(ctx context.Context, team string, told time.Time) error {
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := holdSlack(tx, team, told); err != nil {
			return err
		}
		return revokeSlack(tx, team)
	})
	if err != nil {
		return fmt.Errorf("revoke token of slack workspace %q: %w", team, err)
	}
	return nil
}

// resumeSlack resumes the work in a workspace's channels that had stopped,
// without a token or because Slack had refused.
func (s *Slack) resumeSlack(tx *gorm.DB, team string) error {
	args := map[string]any{"site": team, "now": millis(s.now())}
	_, err := updateGlances(tx, showAgain,
		`c.surface = 'slack' AND c.site = @site AND (c.state = 'stopped' OR g.next_attempt = 0)`+inOrder,
		args, new([]glanceRow))
	if err != nil {
		return err
	}
	return tx.Exec(`UPDATE conversations SET state = 'active', stopped_for = ''
		WHERE surface = 'slack' AND site = @site AND state = 'stopped'`, args).Error
}
