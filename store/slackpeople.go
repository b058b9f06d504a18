package store

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
)

// SlackPerson returns the Jira account of a workspace's user.
func (s *Slack) SlackPerson(ctx context.Context, team, user string) (connect.AccountID, error) {
	var account string
	err := s.read.WithContext(ctx).Raw(
		"SELECT account_id FROM slack_people WHERE team_id = ? AND user_id = ?", team, user).Take(&account).Error
	if err != nil {
		return "", fmt.Errorf("slack person %q/%q: %w", team, user, absent(err))
	}
	return connect.AccountID(account), nil
}

// SaveSlackPerson records the Jira account of a workspace's user, replacing an
// earlier one. The workspace must serve the tenant, else the error wraps
// connect.ErrNotFound.
func (s *Slack) SaveSlackPerson(ctx context.Context, tenant connect.TenantID, team, user string, account connect.AccountID) error {
	saved := s.db.WithContext(ctx).Exec(`
		INSERT INTO slack_people (team_id, user_id, account_id, connected_at)
		SELECT team_id, @user, @account, @now FROM slack_installs
			WHERE team_id = @team AND tenant_id = @tenant AND state = 'active'
		ON CONFLICT (team_id, user_id) DO UPDATE SET account_id = excluded.account_id, connected_at = excluded.connected_at`,
		map[string]any{"team": team, "user": user, "account": string(account), "tenant": string(tenant), "now": millis(s.now())})
	err := saved.Error
	if err == nil && saved.RowsAffected == 0 {
		err = connect.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("save slack person %q/%q: %w", team, user, err)
	}
	return nil
}

// UseTicket records the use of a ticket and reports whether it is the first.
func (s *Slack) UseTicket(ctx context.Context, tenant connect.TenantID, id string) (fresh bool, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) (err error) {
		fresh, err = firstDelivery(tx, tenant, "ticket:"+id, s.now())
		return err
	})
	if err != nil {
		return false, fmt.Errorf("use ticket: %w", err)
	}
	return fresh, nil
}
