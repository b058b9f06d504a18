package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
)

// SlackPerson returns the Jira account of a workspace's user.
func (s *Slack) SlackPerson(ctx context.Context, team, user string) (connect.AccountID, error) {
	var account string
	err := s.db.Reading(ctx, func(db *gorm.DB) error {
		return db.Raw("SELECT account_id FROM slack_people WHERE team_id = ? AND user_id = ?", team, user).Take(&account).Error
	})
	if err != nil {
		return "", fmt.Errorf("slack person %q/%q: %w", team, user, absent(err))
	}
	return connect.AccountID(account), nil
}

// SaveSlackPerson records the Jira account of a workspace's user, replacing an
// earlier one. The workspace must serve the tenant, else the error wraps
// connect.ErrNotFound.
func (s *Slack) SaveSlackPerson(ctx context.Context, tenant connect.TenantID, team, user string, account connect.AccountID) error {
	err := s.db.Writing(ctx, func(db *gorm.DB) error {
		saved := db.Exec(`
			INSERT INTO slack_people (team_id, user_id, account_id, connected_at)
			SELECT team_id, @user, @account, @now FROM slack_installs
				WHERE team_id = @team AND tenant_id = @tenant AND state = 'active'
			ON CONFLICT (team_id, user_id) DO UPDATE SET account_id = excluded.account_id, connected_at = excluded.connected_at`,
			map[string]any{"team": team, "user": user, "account": string(account), "tenant": string(tenant), "now": millis(s.now())})
		if saved.Error == nil && saved.RowsAffected == 0 {
			return connect.ErrNotFound
		}
		return saved.Error
	})
	if err != nil {
		return fmt.Errorf("save slack person %q/%q: %w", team, user, err)
	}
	return nil
}

// SlackUnasked reports whether a workspace's user does not want to be asked for their Jira
// account now.
func (s *Slack) SlackUnasked(ctx context.Context, team, user string) (bool, error) {
	var n int
	err := s.db.Reading(ctx, func(db *gorm.DB) error {
		return db.Raw("SELECT count(*) FROM slack_unasked WHERE team_id = ? AND user_id = ? AND until > ?", team, user, millis(s.now())).Scan(&n).Error
	})
	return n > 0, wrapped("find out whether to ask a slack user", err)
}

// LeaveSlackUnasked keeps that a workspace's user does not want to be asked until a time;
// the zero time has them asked again. The workspace must have the app.
func (s *Slack) LeaveSlackUnasked(ctx context.Context, team, user string, until time.Time) error {
	err := s.db.Writing(ctx, func(db *gorm.DB) error {
		return db.Exec(`INSERT INTO slack_unasked (team_id, user_id, until)
			SELECT team_id, @user, @until FROM slack_installs WHERE team_id = @team AND state = 'active'
			ON CONFLICT (team_id, user_id) DO UPDATE SET until = excluded.until`,
			map[string]any{"team": team, "user": user, "until": millis(until)}).Error
	})
	return wrapped("leave a slack user unasked", err)
}

// plainFor is how long a workspace that has refused a table gets none.
const plainFor = 30 * 24 * time.Hour

// ForgoSlackTables keeps that a workspace takes no tables, for a month.
func (s *Slack) ForgoSlackTables(ctx context.Context, team string) error {
	err := s.db.Writing(ctx, func(db *gorm.DB) error {
		return db.Exec("UPDATE slack_installs SET plain_until = ? WHERE team_id = ?", millis(s.now().Add(plainFor)), team).Error
	})
	return wrapped("forgo tables of a slack workspace", err)
}

// UseTicket records the use of a ticket and reports whether it is the first.
func (s *Slack) UseTicket(ctx context.Context, tenant connect.TenantID, id string) (fresh bool, err error) {
	err = s.db.Transaction(ctx, func(tx *gorm.DB) (err error) {
		fresh, err = firstDelivery(tx, tenant, "ticket:"+id, s.now())
		return err
	})
	if err != nil {
		return false, fmt.Errorf("use ticket: %w", err)
	}
	return fresh, nil
}

// signatureKept is how long a signature is remembered: Slack's timestamps are
// accepted for five minutes before and after, and clocks of replicas differ.
const signatureKept = 11 * time.Minute

// FirstSlackRequest records the signature of a request and reports whether no
// program on this database has seen it in the last ten minutes.
func (s *Slack) FirstSlackRequest(ctx context.Context, signature string) (first bool, err error) {
	now := s.now()
	err = s.db.Writing(ctx, func(db *gorm.DB) error {
		insert := db.Exec(`INSERT INTO slack_signatures (signature, seen_at) VALUES (?, ?)
			ON CONFLICT (signature) DO NOTHING`, signature, millis(now))
		first = insert.RowsAffected > 0
		return insert.Error
	})
	if err != nil {
		return false, fmt.Errorf("record slack request: %w", err)
	}
	return first, nil
}

// ForgetSlackRequests removes the signatures that are too old to be accepted
// again.
func (s *Slack) ForgetSlackRequests(ctx context.Context) error {
	err := s.db.Writing(ctx, func(db *gorm.DB) error {
		return db.Exec("DELETE FROM slack_signatures WHERE seen_at < ?", millis(s.now().Add(-signatureKept))).Error
	})
	if err != nil {
		return fmt.Errorf("forget slack requests: %w", err)
	}
	return nil
}
