package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/store/internal/database"
)

const (
	// configured is a glance that shows something.
	configured = `g.kind = 'chat:glance' AND g.projects <> ''`

	// showsItem finds an item, including its quotes, in the list of projects.
	// LIKE would ignore case (on SQLite) and treat "_" as a wildcard.
	showsItem = `replace(g.projects, @item, '') <> g.projects`

	inOrder = ` ORDER BY g.site, g.conversation_id, g.kind, g.module_key`

	// markDirty makes a row due at a time, unless it is due earlier. A row that a
	// worker holds was due in the past; that does not count as earlier. A stopped
	// row stays stopped. One that failed keeps its wait: an event is not a reason
	// to call a service that asked us to wait.
	markDirty = `
		dirty_rev    = dirty_rev + 1,
		dirty_at     = @now,
		next_attempt = CASE
			WHEN next_attempt = 0 THEN 0
			WHEN NOT ` + hasWork + ` OR (lease_until > @now AND next_attempt <= @now) THEN ` + afterQuiet + `
			WHEN attempts > 0 OR next_attempt < ` + afterQuiet + ` THEN next_attempt
			ELSE ` + afterQuiet + ` END`

	// afterQuiet is when a mark makes a row due: not before the end of quiet
	// hours that have already postponed it.
	afterQuiet = `CASE WHEN quiet_until > @due AND NOT urgent THEN quiet_until ELSE @due END`

	// showAgain recomputes a state, if it is configured, and pushes it whatever
	// the platform has confirmed before.
	showAgain = `dirty_rev = dirty_rev + CASE WHEN projects = '' THEN 0 ELSE 1 END, dirty_at = @now,
		delivered_rev = 0, ` + restart

	// restart makes a row due now, whatever it waited for.
	restart = `attempts = 0, last_error = '', restarted = true, quiet_until = 0, next_attempt = @now`
)

// MarkDirty marks the tenant's configured glances that show the project, or all
// of them when project is empty, to be recomputed at the given time. Delivery is
// a webhook's identifier, empty when it has none. A delivery seen before changes
// nothing, and fresh is false. If only the identifier cannot be kept, the glances
// are marked all the same: once more costs nothing.
func (s *Glances) MarkDirty(ctx context.Context, tenant connect.TenantID, project, delivery string, due time.Time) (fresh bool, err error) {
	return s.markEvent(ctx, event{tenant: tenant, project: project, delivery: delivery, due: due})
}

// MarkChanged is MarkDirty for an event of an issue of the tenant or its work logs: other
// programs are told of it, see [ChangedIssues]. issue is its id, empty if that is not
// known.
func (s *Glances) MarkChanged(ctx context.Context, tenant connect.TenantID, project, issue, delivery string, due time.Time) (fresh bool, err error) {
	return s.markEvent(ctx, event{tenant: tenant, project: project, issue: issue, delivery: delivery, due: due, changed: true})
}

// event is why glances are marked.
type event struct {
	tenant                   connect.TenantID
	project, issue, delivery string
	due                      time.Time
	changed                  bool
}

func (s *Glances) markEvent(ctx context.Context, e event) (fresh bool, err error) {
	fresh, err = s.markOnce(ctx, e)
	keep := outage.Subject{What: "keep identifiers of webhooks"}
	if unkept := new(unkeptError); errors.As(err, &unkept) {
		s.outages.Failed(ctx, keep, err)
		e.delivery = ""
		fresh, err = s.markOnce(ctx, e)
	} else if err == nil && e.delivery != "" {
		s.outages.Works(ctx, keep)
	}
	if err != nil {
		return false, fmt.Errorf("mark glances of tenant %q: %w", e.tenant, err)
	}
	return fresh, nil
}

// unkeptError says that a webhook's identifier cannot be kept although the
// database works.
type unkeptError struct{ err error }

func (e *unkeptError) Error() string { return e.err.Error() }

func (e *unkeptError) Unwrap() error { return e.err }

func (s *Glances) markOnce(ctx context.Context, e event) (fresh bool, err error) {
	err = s.db.Transaction(ctx, func(tx *gorm.DB) (err error) {
		fresh, err = firstDelivery(tx, e.tenant, e.delivery, s.now())
		if err != nil && (database.ReasonOf(err) == database.ReasonDamaged || database.ReasonOf(err) == database.ReasonDenied) {
			return &unkeptError{err}
		}
		if err != nil || !fresh {
			return err
		}
		item, err := marshal(e.project)
		if err != nil {
			return err
		}
		_, err = s.mark(tx, `c.tenant_id = @tenant AND (@project = '' OR `+showsItem+`)`, e.due,
			map[string]any{"tenant": string(e.tenant), "project": e.project, "item": item})
		if err != nil || !e.changed {
			return err
		}
		return s.tell(tx, Change{Kind: ChangedIssues, Tenant: e.tenant, Name: e.issue})
	})
	return fresh, err
}

// Retry makes all rows due now that failed last time or have stopped, including
// those of stopped conversations, and returns how many states are due.
func (s *Glances) Retry(ctx context.Context) (int, error) {
	var rows []glanceRow
	err := s.db.Sweep(ctx, func(tx *gorm.DB) error {
		// stopped_for stays: the next statement finds the rows by it.
		err := tx.Exec("UPDATE conversations SET state = 'active' WHERE state = 'stopped'").Error
		if err != nil {
			return err
		}
		_, err = updateGlances(tx, showAgain,
			`(g.attempts > 0 OR g.next_attempt = 0 OR c.stopped_for <> '') AND `+runnable+inOrder,
			map[string]any{"now": millis(s.now())}, &rows)
		if err != nil {
			return err
		}
		return tx.Exec("UPDATE conversations SET stopped_for = '' WHERE state = 'active' AND stopped_for <> ''").Error
	})
	if err != nil {
		return 0, fmt.Errorf("retry glances: %w", err)
	}
	n := 0
	for _, r := range rows {
		if r.ComputedRev < r.DirtyRev || r.DeliveredRev < r.DesiredRev {
			n++
		}
	}
	return n, nil
}

// MarkOlder implements [glance.Rows]. It skips rows that are
// already dirty, and stopped ones.
func (s *Glances) MarkOlder(ctx context.Context, before, due time.Time) (int, error) {
	n := 0
	err := s.db.Sweep(ctx, func(tx *gorm.DB) (err error) {
		n, err = s.mark(tx, `g.desired_at < @before AND g.computed_rev = g.dirty_rev AND g.next_attempt > 0 AND `+runnable, due,
			map[string]any{"before": millis(before)})
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("mark old glances: %w", err)
	}
	return n, nil
}

// MarkMidnight implements [glance.Rows]. Each is marked once until it is
// recomputed.
func (s *Glances) MarkMidnight(ctx context.Context, now time.Time) (int, error) {
	n := 0
	err := s.db.Sweep(ctx, func(tx *gorm.DB) error {
		var rows []glanceRow
		_, err := updateGlances(tx, markDirty+`, midnight = 0`,
			`g.midnight > 0 AND g.midnight <= @due AND g.next_attempt > 0 AND `+configured+` AND `+runnable+inOrder,
			map[string]any{"now": millis(s.now()), "due": millis(now)}, &rows)
		n = len(rows)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("mark glances at midnight: %w", err)
	}
	return n, nil
}

func (s *Glances) mark(tx *gorm.DB, where string, due time.Time, args map[string]any) (int, error) {
	return updateGlances(tx, markDirty, configured+" AND "+where+inOrder,
		with(args, map[string]any{"now": millis(s.now()), "due": millis(due)}), new([]glanceRow))
}

// wake makes the tenant's glances due for recomputing now, including stopped
// rows, except in stopped conversations.
func wake(tx *gorm.DB, tenant string, now time.Time) error {
	_, err := updateGlances(tx, `dirty_rev = dirty_rev + 1, dirty_at = @now, `+restart, configured+` AND c.tenant_id = @tenant AND c.state = 'active'`+inOrder,
		map[string]any{"tenant": tenant, "now": millis(now)}, new([]glanceRow))
	return err
}

// firstDelivery records what arrives at most once, by its name within the
// tenant, and reports whether it is the first of its name. What has no name
// is always the first. [Store.Erase] forgets old names.
func firstDelivery(tx *gorm.DB, tenant connect.TenantID, name string, now time.Time) (bool, error) {
	if name == "" {
		return true, nil
	}
	insert := tx.Exec(`INSERT INTO deliveries (tenant_id, identifier, seen_at) VALUES (?, ?, ?)
		ON CONFLICT (tenant_id, identifier) DO NOTHING`, string(tenant), name, millis(now))
	return insert.RowsAffected > 0, insert.Error
}
