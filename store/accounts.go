package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/index"
)

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
