package store

import (
	"context"
	"database/sql"
	"time"

	"gorm.io/gorm"
)

// Gauges are numbers of what is stored, for an operator.
type Gauges struct {
	// Tenants are how many there are, by state.
	Tenants map[string]int
	// Waiting are the glances that do not show what they should, and may; Failing are
	// those of them whose last attempt failed.
	Waiting, Failing int
	// Oldest is when the one that waits longest has last changed; zero: none waits.
	Oldest time.Time
}

// Gauges reads them, in two statements.
func (s *Store) Gauges(ctx context.Context) (g Gauges, err error) {
	g.Tenants = map[string]int{"active": 0, "disabled": 0, "uninstalled": 0}
	err = s.db.Reading(ctx, func(db *gorm.DB) error {
		var tenants []struct {
			State string
			Count int
		}
		if err := db.Raw("SELECT state, count(*) AS count FROM tenants GROUP BY state").Scan(&tenants).Error; err != nil {
			return err
		}
		for _, t := range tenants {
			g.Tenants[t.State] = t.Count
		}
		var waiting struct{ Waiting, Failing, Oldest int64 }
		err := db.Raw(`SELECT count(*) AS waiting, count(CASE WHEN g.attempts > 0 THEN 1 END) AS failing,
				COALESCE(min(CASE WHEN g.dirty_at > 0 THEN g.dirty_at END), 0) AS oldest
			FROM glances g JOIN conversations c ON c.site = g.site AND c.id = g.conversation_id
				LEFT JOIN tenants t ON t.id = c.tenant_id
			WHERE `+hasWork+` AND g.next_attempt > 0 AND (g.urgent OR g.quiet_until <= @now) AND `+runnable,
			map[string]any{"now": millis(s.now())}).Scan(&waiting).Error
		g.Waiting, g.Failing, g.Oldest = int(waiting.Waiting), int(waiting.Failing), fromMillis(waiting.Oldest)
		return err
	})
	return g, wrapped("count what is stored", err)
}

// Pools are the connections to the database, by what they are for.
func (s *Store) Pools() (map[string]*sql.DB, error) { return s.db.Pools() }
