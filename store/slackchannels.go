package store

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// StopSlackChannel stops work for a channel and says why, until
// [Store.ResumeSlackChannel] or it is set up again.
func (s *Store) StopSlackChannel(ctx context.Context, team, channel, why string) error {
	err := s.db.WithContext(ctx).Exec(`UPDATE conversations SET state = 'stopped', stopped_for = ?
		WHERE surface = 'slack' AND site = ? AND id = ?`, why, team, channel).Error
	if err != nil {
		return fmt.Errorf("stop channel %q/%q: %w", team, channel, err)
	}
	return nil
}

// ResumeSlackChannel has a stopped channel shown again.
func (s *Store) ResumeSlackChannel(ctx context.Context, team, channel string) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		return s.resumeSlack(tx, "c.site = @site AND c.id = @channel", map[string]any{"site": team, "channel": channel})
	})
	if err != nil {
		return fmt.Errorf("resume channel %q/%q: %w", team, channel, err)
	}
	return nil
}

// resumeSlack runs stopped channels again, computed anew and pushed.
func (s *Store) resumeSlack(tx *gorm.DB, where string, args map[string]any) error {
	args = with(args, map[string]any{"now": millis(s.now())})
	_, err := updateGlances(tx, `dirty_rev = dirty_rev + 1, delivered_rev = 0, `+restart,
		configured+` AND c.surface = 'slack' AND (c.state = 'stopped' OR g.next_attempt = 0) AND `+where+inOrder, lockOrder,
		args, new([]glanceRow))
	if err != nil {
		return err
	}
	return tx.Exec(strings.ReplaceAll(`UPDATE conversations SET state = 'active', stopped_for = ''
		WHERE surface = 'slack' AND state = 'stopped' AND `+where, "c.", ""), args).Error
}
