package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/index"
)

// deliveriesKept is for how long webhook identifiers are kept at most: nothing comes
// a second time later than that.
const deliveriesKept = 30 * 24 * time.Hour

// Erase removes the tenants uninstalled before the given time with all their
// data, each in its own transaction, and returns how many. Their conversations
// stay, without tenant and glances, because the chat app is still installed
// there; their Slack workspaces and channels are removed. Webhook identifiers
// seen before that time, or more than thirty days ago, are removed as well.
func (s *Store) Erase(ctx context.Context, before time.Time) (int, error) {
	var ids []string
	err := s.db.Reading(ctx, func(db *gorm.DB) error {
		return db.Raw("SELECT id FROM tenants WHERE state = 'uninstalled' AND uninstalled_at < ?", millis(before)).Scan(&ids).Error
	})
	if err != nil {
		return 0, fmt.Errorf("erase: %w", err)
	}
	count := 0
	for _, id := range ids {
		erased, err := s.eraseTenant(ctx, id, before)
		if err != nil {
			return count, fmt.Errorf("erase tenant %q: %w", id, err)
		}
		if erased {
			count++
		}
	}
	if old := s.now().Add(-deliveriesKept); old.After(before) {
		before = old
	}
	if err := s.eraseDeliveries(ctx, before); err != nil {
		return count, fmt.Errorf("erase deliveries: %w", err)
	}
	return count, nil
}

// deliveriesBatch is how many identifiers one call removes.
const deliveriesBatch = 5000

// eraseDeliveries removes them in batches, so that no call outlasts its limit
// and no webhook waits long.
func (s *Store) eraseDeliveries(ctx context.Context, before time.Time) error {
	for {
		var erased int64
		err := s.db.Writing(ctx, func(db *gorm.DB) error {
			deleted := db.Exec(`DELETE FROM deliveries WHERE (tenant_id, identifier) IN
				(SELECT tenant_id, identifier FROM deliveries WHERE seen_at < ? LIMIT ?)`, millis(before), deliveriesBatch)
			erased = deleted.RowsAffected
			return deleted.Error
		})
		if err != nil || erased < deliveriesBatch {
			return err
		}
	}
}

func (s *Store) eraseTenant(ctx context.Context, id string, before time.Time) (erased bool, err error) {
	err = s.db.Sweep(ctx, func(tx *gorm.DB) error {
		erased, err = lockTenant(tx, id, "state = 'uninstalled' AND uninstalled_at < ?", millis(before))
		if err != nil || !erased {
			return err
		}
		return s.eraseLocked(tx, id)
	})
	return erased && err == nil, err
}

// Remove ends a tenant in whatever state, as an uninstall does, and erases it with
// all its data at once, see [Store.Erase]. A tenant that does not exist is
// connect.ErrNotFound.
func (s *Store) Remove(ctx context.Context, id connect.TenantID) error {
	err := s.db.Sweep(ctx, func(tx *gorm.DB) error {
		found, err := lockTenant(tx, string(id), "true")
		switch {
		case err != nil:
			return err
		case !found:
			return connect.ErrNotFound
		}
		return s.eraseLocked(tx, string(id))
	})
	if err != nil {
		return fmt.Errorf("remove tenant %q: %w", id, err)
	}
	return nil
}

// eraseLocked removes a tenant whose rows are locked.
func (s *Store) eraseLocked(tx *gorm.DB, id string) error {
	if err := s.tellTenant(tx, id); err != nil {
		return err
	}
	for _, statement := range []string{
		`DELETE FROM glances WHERE EXISTS (SELECT 1 FROM conversations c
			WHERE c.site = glances.site AND c.id = glances.conversation_id AND c.tenant_id = ?)`,
		"DELETE FROM conversations WHERE surface = 'slack' AND tenant_id = ?",
		"DELETE FROM quota_points WHERE tenant_id = ?",
		"DELETE FROM quota_said WHERE tenant_id = ?",
		"DELETE FROM tenants WHERE id = ?",
	} {
		if err := tx.Exec(statement, id).Error; err != nil {
			return err
		}
	}
	return nil
}

// lockTenant locks the tenant's rows in the order that an install uses, and checks
// a condition under the lock: a tenant may have been reinstalled meanwhile.
func lockTenant(tx *gorm.DB, id, condition string, args ...any) (found bool, err error) {
	lock := clause.Locking{Strength: "UPDATE"}
	var keys, sites []string
	err = tx.Table("connect_installs").Clauses(lock).Where("tenant_id = ?", id).Pluck("client_key", &keys).Error
	if err != nil {
		return false, err
	}
	err = tx.Table("tenants").Clauses(lock).Where("id = ?", id).Where(condition, args...).Pluck("cloud_id", &sites).Error
	if err != nil || len(sites) == 0 {
		return false, err
	}
	if err := lockSite(tx, sites[0]); err != nil {
		return false, err
	}
	return true, tx.Table("conversations").Clauses(lock).Where("tenant_id = ?", id).Pluck("id", &keys).Error
}

// ErasedAccount says where a person's account was erased.
type ErasedAccount struct {
	// Facts are issues, work logs and changes, Rosters what editors of gadgets noted
	// about people, Slack the Slack users that were connected with the account, and
	// Rooms the conversations and workspaces that the person had added the app to.
	Facts, Rosters, Slack, Rooms int
}

// EraseAccount removes a person's account id wherever it is held, at all tenants. What
// Jira still says of the person is read again when it is needed. without removes an
// account from a value that [Gadgets.SaveRoster] keeps, and says whether it was in
// there.
func (s *Store) EraseAccount(ctx context.Context, account connect.AccountID, without func(roster []byte) (rest []byte, found bool, err error)) (out ErasedAccount, err error) {
	if account == "" {
		return out, errors.New("erase account: no account")
	}
	if out.Facts, err = index.New(s.Index, s.now).EraseAccount(ctx, string(account)); err != nil {
		return out, err
	}
	if out.Rosters, err = s.Gadgets.rewriteRosters(ctx, without); err != nil {
		return out, fmt.Errorf("erase account: %w", err)
	}
	err = s.db.Sweep(ctx, func(tx *gorm.DB) error {
		out.Slack, out.Rooms, err = eraseFromRooms(tx, string(account))
		return err
	})
	if err != nil {
		return out, fmt.Errorf("erase account: %w", err)
	}
	return out, nil
}

// eraseFromRooms removes an account and the Slack users connected with it.
func eraseFromRooms(tx *gorm.DB, account string) (slack, rooms int, err error) {
	err = tx.Exec(`DELETE FROM slack_unasked WHERE EXISTS (SELECT 1 FROM slack_people p
		WHERE p.team_id = slack_unasked.team_id AND p.user_id = slack_unasked.user_id AND p.account_id = ?)`, account).Error
	if err != nil {
		return 0, 0, err
	}
	const users = "SELECT p.user_id FROM slack_people p WHERE p.account_id = @account AND p.team_id = "
	for _, statement := range []string{
		`UPDATE conversations SET installed_by = '' WHERE installed_by = @account
			OR surface = 'slack' AND installed_by IN (` + users + `conversations.site)`,
		"UPDATE slack_installs SET installed_by = '' WHERE installed_by IN (" + users + "slack_installs.team_id)",
		"DELETE FROM slack_people WHERE account_id = @account",
	} {
		changed := tx.Exec(statement, map[string]any{"account": account})
		if changed.Error != nil {
			return 0, 0, changed.Error
		}
		rooms, slack = rooms+slack, int(changed.RowsAffected)
	}
	return slack, rooms, nil
}
