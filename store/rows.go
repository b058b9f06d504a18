package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/internal/glance"
)

// runnable is true of a row whose conversation is active and whose tenant lives.
const runnable = `c.state = 'active' AND ` + living

// Recover implements [glance.Rows]. Only one process works on a SQLite
// file, so every lease found at its start belongs to one that was killed. On
// PostgreSQL a lease may be another replica's; it expires by itself.
//
// The lease of a row that was being pushed stays until it expires, because the
// state may still arrive.
func (s *Glances) Recover(ctx context.Context) error {
	if s.db.OnPostgres() {
		return nil
	}
	err := s.db.Writing(ctx, func(db *gorm.DB) error {
		return db.Exec(`UPDATE glances SET lease = '',
			lease_until = CASE WHEN delivered_rev < desired_rev THEN lease_until ELSE 0 END
			WHERE lease <> ''`).Error
	})
	if err != nil {
		return fmt.Errorf("recover glances: %w", err)
	}
	return nil
}

// Desire implements [glance.Rows]. When the platform already shows the
// state, it clears the row's failures and releases its lease.
func (s *Glances) Desire(ctx context.Context, r glance.Row, d glance.Desired) (glance.Row, error) {
	desired, err := marshal(d.State)
	if err != nil {
		return r, glanceError("save state of", r.Key, err)
	}
	step := 0
	if d.Changed {
		step = 1
	}
	const shown = `CASE WHEN @step = 0 AND delivered_rev >= desired_rev THEN `
	row, err := s.updateLeased(ctx, r, `
		desired_rev  = desired_rev + @step,
		attempts     = `+shown+`0 ELSE attempts END,
		last_error   = `+shown+`'' ELSE last_error END,
		urgent       = `+shown+`urgent AND restarted ELSE urgent END,
		lease        = `+shown+`'' ELSE lease END,
		lease_until  = `+shown+`0 ELSE CAST(@until AS bigint) END,
		desired      = @desired,
		desired_at   = @at,
		midnight     = @midnight,
		computed_rev = @computed`,
		map[string]any{
			"step": step, "desired": desired, "at": millis(d.At), "midnight": millis(d.Midnight),
			"computed": r.DirtyRev, "until": millis(d.PushUntil),
		})
	if err != nil {
		return r, glanceError("save state of", r.Key, err)
	}
	return row, nil
}

// free is the SET clause that releases a lease.
const free = `lease = '', lease_until = 0`

// Deliver implements [glance.Rows]. A state delivered before a restart does
// not count; it is pushed again.
func (s *Glances) Deliver(ctx context.Context, r glance.Row) error {
	return s.giveBack(ctx, r, "save delivery of", `
		delivered_rev = CASE WHEN restarted OR delivered_rev > @rev THEN delivered_rev ELSE @rev END,
		urgent        = urgent AND restarted,
		handle        = @handle,
		attempts      = 0,
		last_error    = '', `+free, map[string]any{"rev": r.DesiredRev, "handle": storable(r.Handle)})
}

// Fail implements [glance.Rows]. A row restarted meanwhile keeps its due time
// and its count of failures.
func (s *Glances) Fail(ctx context.Context, r glance.Row, f glance.Failed) error {
	return s.giveBack(ctx, r, "save failure of", `
		attempts     = CASE WHEN restarted THEN attempts ELSE attempts + 1 END,
		next_attempt = CASE WHEN restarted THEN next_attempt ELSE @next END,
		failed_for   = @reason,
		last_error   = @detail,
		lease        = '',
		lease_until  = @hold`,
		map[string]any{"reason": string(cmp.Or(f.Reason, glance.ReasonUnknown)), "detail": cmp.Or(storable(f.Detail), string(f.Reason), "failed"), "next": millis(f.Next), "hold": millis(f.Hold)})
}

// Postpone implements [glance.Rows]. A row configured meanwhile does not wait.
func (s *Glances) Postpone(ctx context.Context, r glance.Row, until time.Time) error {
	return s.giveBack(ctx, r, "postpone", `
		quiet_until  = CASE WHEN restarted THEN 0 ELSE CAST(@quiet AS bigint) END,
		next_attempt = CASE WHEN restarted OR next_attempt > @quiet THEN next_attempt ELSE @quiet END, `+free,
		map[string]any{"quiet": millis(until)})
}

// Release implements [glance.Rows]. A lease that is lost needs no release.
func (s *Glances) Release(ctx context.Context, r glance.Row) error {
	err := s.giveBack(ctx, r, "release", free, nil)
	if errors.Is(err, glance.ErrLeaseLost) {
		return nil
	}
	return err
}

// storable removes the bytes that PostgreSQL refuses in text; an error may quote
// anything.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
}

// giveBack makes the last change to a row under its lease.
func (s *Glances) giveBack(ctx context.Context, r glance.Row, verb, set string, args map[string]any) error {
	if r.Lease == "" {
		return glanceError(verb, r.Key, glance.ErrLeaseLost)
	}
	args = with(keyArgs(r.Key), with(map[string]any{"lease": r.Lease}, args))
	err := s.db.Writing(ctx, func(db *gorm.DB) error {
		update := db.Exec("UPDATE glances SET "+set+" WHERE "+isKey+" AND lease = @lease", args)
		if update.Error == nil && update.RowsAffected == 0 {
			return glance.ErrLeaseLost
		}
		return update.Error
	})
	if err != nil {
		return glanceError(verb, r.Key, err)
	}
	return nil
}

// updateLeased changes a row only if r holds its lease.
func (s *Glances) updateLeased(ctx context.Context, r glance.Row, set string, args map[string]any) (glance.Row, error) {
	if r.Lease == "" {
		return r, glance.ErrLeaseLost
	}
	var row glanceRow
	args = with(keyArgs(r.Key), with(map[string]any{"lease": r.Lease}, args))
	text := "UPDATE glances SET " + set + " WHERE " + isKey + " AND lease = @lease RETURNING " + glanceColumns("") + ", " + ofConversation
	err := s.db.Writing(ctx, func(db *gorm.DB) error { return db.Raw(text, args).Take(&row).Error })
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return r, glance.ErrLeaseLost
	}
	if err != nil {
		return r, err
	}
	return row.row()
}
