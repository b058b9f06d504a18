package store

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/internal/glance"
)

// lease is the SET clause that leases a row for the work that it needs, and
// counts one call.
func lease(paces []glance.Pace) string {
	return `
		lease       = @lease,
		lease_until = CASE WHEN computed_rev < dirty_rev THEN CAST(@compute_until AS bigint) ELSE @push_until END,
		restarted   = false,
		paid_at     = ` + perPace(paces, "glances", every) + ` + CASE WHEN ` + owed("glances") + ` > @now THEN paid_at ELSE @now END`
}

// Claim implements [glance.Rows] in one statement. It walks over the payers
// that have something to do, from one to the next in the index, takes the
// first few rows of each, and numbers them, so that all get their first row
// before one gets its second. Rows that failed last time are numbered separately.
// PostgreSQL cannot lock rows in a query with window functions, so they are
// locked one level up, where the condition is checked again. Claims that run at
// the same time skip each other's rows.
func (s *Glances) Claim(ctx context.Context, c glance.Claim) ([]glance.Row, error) {
	if c.Limit <= 0 || c.PerTenant <= 0 || len(c.Paces) == 0 {
		return nil, nil
	}
	var rows []glanceRow
	args := with(claimArgs(c), map[string]any{"limit": c.Limit, "late": c.Late, "per_tenant": c.PerTenant, "skip": c.Skip})
	err := s.db.Writing(ctx, func(db *gorm.DB) error { return db.Raw(s.claimText(c), args).Scan(&rows).Error })
	if err != nil {
		return nil, fmt.Errorf("claim glances: %w", err)
	}
	return convert(rows, func(a, b glance.Row) int {
		return cmp.Or(a.NextAttempt.Compare(b.NextAttempt), compareKeys(a, b))
	})
}

func (s *Glances) claimText(c glance.Claim) string {
	return `
		WITH RECURSIVE ` + s.firstOf("due", fresh, c) + `, ` + s.firstOf("late", late, c) + `,
		all_of (p, k1, k2, k3, k4, next_attempt, late) AS (
			SELECT due.*, 0 FROM due UNION ALL SELECT late.*, 1 FROM late),
		turns AS (
			SELECT all_of.*, row_number() OVER (PARTITION BY p, late ORDER BY next_attempt) AS turn FROM all_of),
		places AS (
			SELECT turns.*, row_number() OVER (PARTITION BY late ORDER BY turn, next_attempt) AS place FROM turns),
		hit (k1, k2, k3, k4) AS (
			SELECT g.site, g.conversation_id, g.kind, g.module_key
			FROM places x CROSS JOIN glances g
			WHERE g.site = k1 AND g.conversation_id = k2 AND g.kind = k3 AND g.module_key = k4
				AND (late = 0 OR place <= @late) AND g.lease_until <= @now AND g.next_attempt <= @now
				AND (g.computed_rev < g.dirty_rev OR g.delivered_rev < g.desired_rev)
			ORDER BY turn, late, x.next_attempt LIMIT @limit ` + s.skipLocked() + `)
		UPDATE glances SET ` + lease(c.Paces) + `
		FROM hit WHERE site = k1 AND conversation_id = k2 AND kind = k3 AND module_key = k4
		RETURNING ` + glanceColumns("") + `, ` + ofConversation
}

const (
	// fresh and late are the conditions of the indexes glances_due and
	// glances_late.
	fresh = `attempts = 0 AND ` + hasWork
	late  = `attempts > 0 AND ` + hasWork
)

// firstOf is a table expression of the first due rows of each living payer
// that meet the condition of an index: the payer, the key and the time.
func (s *Glances) firstOf(name, condition string, c glance.Claim) string {
	skip := ""
	if len(c.Skip) > 0 && condition == fresh {
		skip = ` AND p NOT IN @skip`
	}
	const key = `site, conversation_id, kind, module_key, next_attempt`
	first := ` FROM glances d WHERE d.payer = p AND ` + condition + `
		AND d.next_attempt > 0 AND d.next_attempt <= @now AND d.lease_until <= @now
		AND ` + owed("d") + ` <= @now + ` + perPace(c.Paces, "d", ahead) + `
		ORDER BY d.next_attempt LIMIT @per_tenant`
	pick := `SELECT p, ` + key + ` FROM living_` + name + ` JOIN glances ON glances.rowid IN (SELECT d.rowid` + first + `)`
	if s.db.OnPostgres() {
		pick = `SELECT p, f.* FROM living_` + name + ` CROSS JOIN LATERAL (SELECT ` + key + first + `) f`
	}
	return `
		payers_` + name + ` (p) AS (
			SELECT MIN(payer) FROM glances WHERE ` + condition + `
			UNION ALL
			SELECT (SELECT MIN(payer) FROM glances WHERE ` + condition + ` AND payer > p)
			FROM payers_` + name + ` WHERE p IS NOT NULL),
		living_` + name + ` AS (
			SELECT p FROM payers_` + name + ` LEFT JOIN tenants t ON t.id = p
			WHERE p IS NOT NULL AND ` + living + skip + `),
		` + name + ` AS (` + pick + `)`
}

// ClaimKey implements [glance.Rows]. It ignores due time and order.
func (s *Glances) ClaimKey(ctx context.Context, k glance.Key, c glance.Claim) (glance.Row, bool, error) {
	var rows []glanceRow
	lock := ""
	if s.db.OnPostgres() {
		lock = "FOR UPDATE OF g"
	}
	text := `
		WITH hit (k1) AS (
			SELECT g.site FROM glances g` + joined + `
			WHERE ` + isKeyOfG + `
				AND ` + hasWork + ` AND g.lease_until <= @now AND ` + runnable + `
				AND ` + owed("g") + ` <= @now + ` + perPace(c.Paces, "g", ahead) + ` ` + lock + `)
		UPDATE glances SET ` + lease(c.Paces) + `
		FROM hit WHERE ` + isKey + `
		RETURNING ` + glanceColumns("") + `, ` + ofConversation
	args := with(keyArgs(k), claimArgs(c))
	err := s.db.Writing(ctx, func(db *gorm.DB) error { return db.Raw(text, args).Scan(&rows).Error })
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

func (s *Glances) skipLocked() string {
	if s.db.OnPostgres() {
		return "FOR UPDATE OF g SKIP LOCKED"
	}
	return ""
}

// perPace is an SQL expression for a number of milliseconds that depends on a
// row's surface and kind. It is NULL for a row without a pace. The names in it
// are constants of the program; they are quoted anyway.
func perPace(paces []glance.Pace, table string, of func(glance.Pace) time.Duration) string {
	var b strings.Builder
	b.WriteString("CASE")
	for _, p := range paces {
		fmt.Fprintf(&b, " WHEN %[1]s.surface = '%[2]s' AND %[1]s.kind = '%[3]s' THEN CAST(%[4]d AS bigint)",
			table, quoted(string(p.Surface)), quoted(string(p.Kind)), of(p).Milliseconds())
	}
	b.WriteString(" END")
	return b.String()
}

// every is what one call costs. ahead is how much a row may owe and still make
// one more call.
func every(p glance.Pace) time.Duration { return p.Every }
func ahead(p glance.Pace) time.Duration { return time.Duration(p.Burst-1) * p.Every }

// mostOwed is further ahead than any pace lets a row's calls reach.
const mostOwed = 10 * time.Minute

// owed is the time up to which a row's calls are counted. One that lies further
// ahead is from before the clock was set back, and counts for nothing.
func owed(table string) string {
	return fmt.Sprintf("(CASE WHEN %[1]s.paid_at > @now + CAST(%[2]d AS bigint) THEN 0 ELSE %[1]s.paid_at END)", table, mostOwed.Milliseconds())
}

func quoted(text string) string { return strings.ReplaceAll(text, "'", "''") }

// NextDue implements [glance.Rows]. A leased row is due again when its lease
// ends.
func (s *Glances) NextDue(ctx context.Context, paces []glance.Pace) (time.Time, error) {
	if len(paces) == 0 {
		return time.Time{}, nil
	}
	const due = `surface, kind, payer, next_attempt, lease_until, paid_at`
	var next int64
	text := `
		WITH open AS (
			SELECT g.next_attempt, g.lease_until, ` + owed("g") + ` - ` + perPace(paces, "g", ahead) + ` AS paid_at
			FROM (SELECT ` + due + ` FROM glances WHERE ` + fresh + ` UNION ALL SELECT ` + due + ` FROM glances WHERE ` + late + `) g
			LEFT JOIN tenants t ON t.id = g.payer
			WHERE g.next_attempt > 0 AND ` + living + `)
		SELECT COALESCE(MIN(CASE
			WHEN next_attempt >= lease_until AND next_attempt >= paid_at THEN next_attempt
			WHEN lease_until >= paid_at THEN lease_until
			ELSE paid_at END), 0) FROM open WHERE paid_at IS NOT NULL`
	args := map[string]any{"now": millis(s.now())}
	err := s.db.Reading(ctx, func(db *gorm.DB) error { return db.Raw(text, args).Scan(&next).Error })
	if err != nil {
		return time.Time{}, fmt.Errorf("find next glance: %w", err)
	}
	return fromMillis(next), nil
}
