package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/weekly"
)

var _ weekly.Rows = (*Glances)(nil)

// scheduleWeekly stores when a conversation's next summary is due, or that it wants none.
// One whose time has not changed keeps it.
func scheduleWeekly(tx *gorm.DB, k glance.Key, c glance.Config, now time.Time) error {
	next := c.NextWeekly(now)
	if next.IsZero() {
		return tx.Exec("DELETE FROM weekly WHERE site = @site AND conversation_id = @conversation", keyArgs(k)).Error
	}
	return tx.Exec(`
		INSERT INTO weekly (site, conversation_id, due_at) VALUES (@site, @conversation, @due)
		ON CONFLICT (site, conversation_id) DO UPDATE SET
			due_at = excluded.due_at,
			sending = weekly.sending AND weekly.due_at = excluded.due_at,
			attempts = 0`,
		with(keyArgs(k), map[string]any{"due": millis(next)})).Error
}

// longHold is how far in the future the end of quiet hours may be for which a summary
// waits: one that waits longer is from before the clock was set back.
const longHold = 25 * time.Hour

// weeklyRow is a row of weekly with its glance.
type weeklyRow struct {
	Site, ConversationID, ModuleKey string
	DueAt                           int64
	Sending                         bool
	Attempts                        int
	Told                            string
}

// TakeWeekly implements [weekly.Rows].
func (s *Glances) TakeWeekly(ctx context.Context, until time.Time) (r weekly.Row, ok bool, err error) {
	lease, now := randomID(), s.now()
	args := map[string]any{"now": millis(now), "far": millis(now.Add(longHold)), "lease": lease, "until": millis(until)}
	const free = "(weekly.lease_until <= @now OR weekly.lease_until > @far)"
	skip := ""
	if s.db.OnPostgres() {
		skip = "FOR UPDATE OF w SKIP LOCKED"
	}
	due := 0 // mostly none is: a look must cost no writing
	err = s.db.Reading(ctx, func(db *gorm.DB) error {
		return db.Raw("SELECT count(*) FROM weekly WHERE due_at <= @now AND "+free, args).Scan(&due).Error
	})
	if err != nil || due == 0 {
		return r, false, wrapped("look for weekly summaries", err)
	}
	var rows []weeklyRow
	var of glanceRow
	err = s.db.Transaction(ctx, func(tx *gorm.DB) error {
		rows = nil
		err := tx.Raw(`
			WITH hit (k1, k2) AS (
				SELECT w.site, w.conversation_id FROM weekly w
				JOIN conversations c ON c.site = w.site AND c.id = w.conversation_id
				LEFT JOIN tenants t ON t.id = c.tenant_id
				WHERE w.due_at <= @now AND (w.lease_until <= @now OR w.lease_until > @far) AND `+runnable+`
				ORDER BY w.due_at, w.site, w.conversation_id LIMIT 1 `+skip+`)
			UPDATE weekly SET lease = @lease, lease_until = @until
			FROM hit WHERE site = k1 AND conversation_id = k2 AND `+free+`
			RETURNING site, conversation_id, due_at, sending, attempts, told`, args).Scan(&rows).Error
		if err != nil || len(rows) == 0 {
			return err
		}
		return tx.Raw(glanceWithConversation()+` WHERE g.site = @site AND g.conversation_id = @conversation AND g.kind = 'chat:glance'
			ORDER BY g.module_key LIMIT 1`, map[string]any{"site": rows[0].Site, "conversation": rows[0].ConversationID}).Take(&of).Error
	})
	if err != nil || len(rows) == 0 {
		return r, false, wrapped("take a weekly summary", err)
	}
	row, err := of.row()
	if err != nil {
		return r, false, err
	}
	w := rows[0]
	r = weekly.Row{
		At:      glance.Place{Site: w.Site, Conversation: w.ConversationID, Module: row.Key.Module, Handle: row.Handle},
		Surface: row.Key.Surface, Tenant: row.Tenant, Config: row.Config,
		Due: fromMillis(w.DueAt), Attempts: w.Attempts, Sending: w.Sending, Lease: lease,
	}
	if err := unmarshal(w.Told, &r.Last); err != nil {
		return r, false, fmt.Errorf("take a weekly summary: what was told: %w", err)
	}
	return r, true, nil
}

// BeginWeekly implements [weekly.Rows].
func (s *Glances) BeginWeekly(ctx context.Context, r weekly.Row) error {
	return s.saveWeekly(ctx, r, "sending = true", nil)
}

// EndWeekly implements [weekly.Rows].
func (s *Glances) EndWeekly(ctx context.Context, r weekly.Row, next time.Time, told weekly.Told) error {
	text, err := marshal(told)
	if err != nil {
		return err
	}
	if next.IsZero() { // it is wanted no more
		next = r.Due.AddDate(1, 0, 0)
	}
	return s.saveWeekly(ctx, r, "sending = false, attempts = 0, told = @told, due_at = @next, lease = '', lease_until = 0",
		map[string]any{"told": text, "next": millis(next)})
}

// HoldWeekly implements [weekly.Rows].
func (s *Glances) HoldWeekly(ctx context.Context, r weekly.Row, at time.Time, failed bool) error {
	step := 0
	if failed {
		step = 1
	}
	return s.saveWeekly(ctx, r, "sending = false, attempts = attempts + @step, lease = '', lease_until = @at",
		map[string]any{"step": step, "at": millis(at)})
}

// saveWeekly changes a row under its lease. A conversation that was set up anew meanwhile
// for another time keeps that.
func (s *Glances) saveWeekly(ctx context.Context, r weekly.Row, set string, args map[string]any) error {
	args = with(map[string]any{"site": r.At.Site, "conversation": r.At.Conversation, "lease": r.Lease, "due": millis(r.Due)}, args)
	err := s.db.Writing(ctx, func(db *gorm.DB) error {
		saved := db.Exec("UPDATE weekly SET "+set+" WHERE site = @site AND conversation_id = @conversation AND lease = @lease AND due_at = @due", args)
		if saved.Error == nil && saved.RowsAffected == 0 {
			return weekly.ErrLost
		}
		return saved.Error
	})
	return wrapped("keep a weekly summary", err)
}
