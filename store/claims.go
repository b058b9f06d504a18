package store

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"sightline/internal/glance"
)

const (
	// payer is whom a row is counted on.
	payer = `COALESCE(c.tenant_id, c.site)`

	// paced joins what a row may call. Ahead is how far its calls may be from
	// paid off for one more.
	paced = `
		JOIN pace ON pace.surface = c.surface AND pace.kind = g.kind`

	// dueNow are the rows that may be claimed.
	dueNow = hasWork + ` AND g.next_attempt > 0 AND g.next_attempt <= @now AND g.lease_until <= @now
		AND g.paid_at <= @now + pace.ahead AND ` + runnable

	// lease takes a row for as long as it has to be worked on, and counts a
	// call.
	lease = `
		lease       = @lease,
		lease_until = CASE WHEN computed_rev < dirty_rev THEN CAST(@compute_until AS bigint) ELSE @push_until END,
		restarted   = false,
		paid_at     = every + CASE WHEN paid_at > @now THEN paid_at ELSE @now END`
)

// Claim implements [glance.Rows] in one statement. It numbers what is due of
// each tenant, so that all get their first row before one gets its second.
// PostgreSQL does not lock beside window functions, so the rows are locked one
// level up, where the condition is asked again; claims that run at once skip
// each other's rows.
func (s *Store) Claim(ctx context.Context, c glance.Claim) ([]glance.Row, error) {
	if c.Limit <= 0 || c.PerTenant <= 0 || len(c.Paces) == 0 {
		return nil, nil
	}
	skip := ""
	if len(c.Skip) > 0 {
		skip = ` AND ` + payer + ` NOT IN @skip`
	}
	var rows []glanceRow
	err := s.db.WithContext(ctx).Raw(`
		WITH `+paceTable(c.Paces)+`,
		due AS (
			SELECT g.site, g.conversation_id, g.kind, g.module_key, g.next_attempt, pace.every, pace.ahead,
				CASE WHEN g.attempts > 0 THEN 1 ELSE 0 END AS late,
				row_number() OVER (PARTITION BY `+payer+`, g.attempts > 0 ORDER BY g.next_attempt) AS turn
			FROM glances g`+joined+paced+`
			WHERE `+dueNow+skip+`),
		fair AS (
			SELECT due.*, row_number() OVER (PARTITION BY late ORDER BY turn, next_attempt) AS place
			FROM due WHERE turn <= @per_tenant),
		hit (k1, k2, k3, k4, every) AS (
			SELECT g.site, g.conversation_id, g.kind, g.module_key, fair.every
			FROM fair JOIN glances g ON g.site = fair.site AND g.conversation_id = fair.conversation_id
				AND g.kind = fair.kind AND g.module_key = fair.module_key
			WHERE (late = 0 OR place <= @late) AND g.lease_until <= @now AND `+hasWorkOf("g")+`
			ORDER BY turn, late, fair.next_attempt LIMIT @limit `+s.skipLocked()+`)
		UPDATE glances SET `+lease+`
		FROM hit WHERE site = k1 AND conversation_id = k2 AND kind = k3 AND module_key = k4
		RETURNING *, `+ofConversation,
		with(claimArgs(c), map[string]any{
			"limit": c.Limit, "late": c.Late, "per_tenant": c.PerTenant, "skip": c.Skip,
		})).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("claim glances: %w", err)
	}
	return convert(rows, func(a, b glance.Row) int {
		return cmp.Or(a.NextAttempt.Compare(b.NextAttempt), compareKeys(a, b))
	})
}

// ClaimKey implements [glance.Rows]: it minds neither the time nor the order.
func (s *Store) ClaimKey(ctx context.Context, k glance.Key, c glance.Claim) (glance.Row, bool, error) {
	var rows []glanceRow
	lock := ""
	if onPostgres(s.db) {
		lock = "FOR UPDATE OF g"
	}
	err := s.db.WithContext(ctx).Raw(`
		WITH `+paceTable(c.Paces)+`,
		hit (every) AS (
			SELECT pace.every FROM glances g`+joined+paced+`
			WHERE g.site = @site AND g.conversation_id = @conversation AND g.kind = @kind AND g.module_key = @module
				AND `+hasWork+` AND g.lease_until <= @now AND g.paid_at <= @now + pace.ahead AND `+runnable+` `+lock+`)
		UPDATE glances SET `+lease+`
		FROM hit WHERE `+isKey+`
		RETURNING *, `+ofConversation, with(keyArgs(k), claimArgs(c))).Scan(&rows).Error
	if err != nil {
		return glance.Row{}, false, glanceError("claim", k, err)
	}
	if len(rows) == 1 {
		row, err := rows[0].row()
		return row, err == nil, err
	}
	row, err := s.Glance(ctx, k)
	return row, false, err
}

func claimArgs(c glance.Claim) map[string]any {
	return map[string]any{
		"now": millis(c.Now), "lease": randomID(),
		"compute_until": millis(c.ComputeUntil), "push_until": millis(c.PushUntil),
	}
}

func (s *Store) skipLocked() string {
	if onPostgres(s.db) {
		return "FOR UPDATE OF g SKIP LOCKED"
	}
	return ""
}

// hasWorkOf is hasWork where another table has columns of the same names.
func hasWorkOf(table string) string {
	return `(` + table + `.computed_rev < ` + table + `.dirty_rev OR ` + table + `.delivered_rev < ` + table + `.desired_rev)`
}

// paceTable is a common table expression of the paces. Their names are
// constants of the program, and quoted all the same.
func paceTable(paces []glance.Pace) string {
	rows := make([]string, len(paces))
	for i, p := range paces {
		ahead := time.Duration(p.Burst-1) * p.Every
		rows[i] = fmt.Sprintf("('%s', '%s', CAST(%d AS bigint), CAST(%d AS bigint))", quoted(string(p.Surface)), quoted(string(p.Kind)),
			p.Every.Milliseconds(), ahead.Milliseconds())
	}
	return "pace (surface, kind, every, ahead) AS (VALUES " + strings.Join(rows, ", ") + ")"
}

func quoted(text string) string { return strings.ReplaceAll(text, "'", "''") }

// NextDue implements [glance.Rows]. A leased row is due again when its lease
// has run out.
func (s *Store) NextDue(ctx context.Context, paces []glance.Pace) (time.Time, error) {
	if len(paces) == 0 {
		return time.Time{}, nil
	}
	var next int64
	err := s.read.WithContext(ctx).Raw(`
		WITH ` + paceTable(paces) + `,
		open AS (
			SELECT g.next_attempt, g.lease_until, g.paid_at - pace.ahead AS paid_at FROM glances g` + joined + paced + `
			WHERE ` + hasWork + ` AND g.next_attempt > 0 AND ` + runnable + `)
		SELECT COALESCE(MIN(CASE
			WHEN next_attempt >= lease_until AND next_attempt >= paid_at THEN next_attempt
			WHEN lease_until >= paid_at THEN lease_until
			ELSE paid_at END), 0) FROM open`).Scan(&next).Error
	if err != nil {
		return time.Time{}, fmt.Errorf("find next glance: %w", err)
	}
	return fromMillis(next), nil
}
