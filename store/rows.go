package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"sightline/internal/glance"
)

// runnable is a row whose conversation and tenant live.
const runnable = `c.state = 'active' AND (t.state IS NULL OR t.state <> 'uninstalled')`

// Recover implements [glance.Rows]. One process alone works on a SQLite file,
// so every lease found at its start belongs to one that was killed. On
// PostgreSQL a lease may be another replica's and runs out by itself.
func (s *Store) Recover(ctx context.Context) error {
	if onPostgres(s.db) {
		return nil
	}
	err := s.db.WithContext(ctx).Exec(`UPDATE glances SET lease = '', lease_until = 0 WHERE lease_until > 0`).Error
	if err != nil {
		return fmt.Errorf("recover glances: %w", err)
	}
	return nil
}

// Claim implements [glance.Rows] in one statement. On PostgreSQL claims that
// run at once skip each other's rows.
func (s *Store) Claim(ctx context.Context, now, until time.Time, limit int) ([]glance.Row, error) {
	if limit <= 0 {
		return nil, nil
	}
	var rows []glanceRow
	_, err := updateGlances(s.db.WithContext(ctx),
		`lease = @lease, lease_until = @until, restarted = false`,
		hasWork+` AND g.next_attempt > 0 AND g.next_attempt <= @now AND g.lease_until <= @now AND `+runnable+`
			ORDER BY g.next_attempt LIMIT @limit`, "FOR UPDATE OF g SKIP LOCKED",
		map[string]any{"lease": randomID(), "until": millis(until), "now": millis(now), "limit": limit}, &rows)
	if err != nil {
		return nil, fmt.Errorf("claim glances: %w", err)
	}
	return convert(rows, func(a, b glance.Row) int {
		return cmp.Or(a.NextAttempt.Compare(b.NextAttempt), compareKeys(a, b))
	})
}

// Desire implements [glance.Rows]. When the platform shows the state already,
// the row is well and its failures are forgotten.
func (s *Store) Desire(ctx context.Context, r glance.Row, state glance.State, at time.Time) (glance.Row, error) {
	desired, err := marshal(state)
	if err != nil {
		return r, glanceError("save state of", r.Key, err)
	}
	const shown = `CASE WHEN desired = @desired AND delivered_rev >= desired_rev THEN `
	row, err := s.updateLeased(ctx, r, `
		desired_rev  = desired_rev + CASE WHEN desired = @desired THEN 0 ELSE 1 END,
		attempts     = `+shown+`0 ELSE attempts END,
		last_error   = `+shown+`'' ELSE last_error END,
		desired      = @desired,
		desired_at   = @at,
		computed_rev = @computed`,
		map[string]any{"desired": desired, "at": millis(at), "computed": r.DirtyRev})
	if err != nil {
		return r, glanceError("save state of", r.Key, err)
	}
	return row, nil
}

// free gives a lease back.
const free = `, lease = '', lease_until = 0`

// Deliver implements [glance.Rows] and gives the lease back. What was
// delivered before a restart is not counted, it is pushed again.
func (s *Store) Deliver(ctx context.Context, r glance.Row) error {
	_, err := s.updateLeased(ctx, r, `
		delivered_rev = CASE WHEN restarted OR delivered_rev > @rev THEN delivered_rev ELSE @rev END,
		urgent        = urgent AND restarted,
		handle        = @handle,
		attempts      = 0,
		last_error    = ''`+free, map[string]any{"rev": r.DesiredRev, "handle": r.Handle})
	if err != nil {
		return glanceError("save delivery of", r.Key, err)
	}
	return nil
}

// Fail implements [glance.Rows]. It returns [glance.ErrLeaseLost] as Deliver
// does. A row restarted meanwhile keeps its time and its count.
func (s *Store) Fail(ctx context.Context, r glance.Row, reason string, next time.Time) error {
	_, err := s.updateLeased(ctx, r, `
		attempts     = CASE WHEN restarted THEN attempts ELSE attempts + 1 END,
		next_attempt = CASE WHEN restarted THEN next_attempt ELSE @next END,
		last_error   = @reason`+free, map[string]any{"reason": storable(reason), "next": millis(next)})
	if err != nil {
		return glanceError("save failure of", r.Key, err)
	}
	return nil
}

// storable drops what PostgreSQL does not take as text; a reason may quote
// anything.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
}

// Release implements [glance.Rows]. A lease that is lost needs no release.
func (s *Store) Release(ctx context.Context, r glance.Row) error {
	_, err := s.updateLeased(ctx, r, strings.TrimPrefix(free, ","), nil)
	if err != nil && !errors.Is(err, glance.ErrLeaseLost) {
		return glanceError("release", r.Key, err)
	}
	return nil
}

// updateLeased changes a row for the holder of its lease only.
func (s *Store) updateLeased(ctx context.Context, r glance.Row, set string, args map[string]any) (glance.Row, error) {
	if r.Lease == "" {
		return r, glance.ErrLeaseLost
	}
	var row glanceRow
	err := s.db.WithContext(ctx).Raw(
		"UPDATE glances SET "+set+" WHERE "+isKey+" AND lease = @lease RETURNING *, "+ofConversation,
		with(keyArgs(r.Key), with(map[string]any{"lease": r.Lease}, args))).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return r, glance.ErrLeaseLost
	}
	if err != nil {
		return r, err
	}
	return row.row()
}

// NextDue implements [glance.Rows].
func (s *Store) NextDue(ctx context.Context) (time.Time, error) {
	var next int64
	err := s.read.WithContext(ctx).Raw(`
		SELECT COALESCE(MIN(g.next_attempt), 0) FROM glances g`+joined+`
		WHERE `+hasWork+` AND g.next_attempt > 0 AND g.lease_until <= ? AND `+runnable,
		millis(s.now())).Scan(&next).Error
	if err != nil {
		return time.Time{}, fmt.Errorf("find next glance: %w", err)
	}
	return fromMillis(next), nil
}
