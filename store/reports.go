package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/privacy"
)

// Reports keep how far the reports of tenants' accounts are.
type Reports struct{ *core }

var _ privacy.Storage = (*Reports)(nil)

// longLease is how far in the future a lease that somebody holds may end: one that ends
// later is from before the clock was set back.
const longLease = time.Hour

// reportRow is a row of account_reports.
type reportRow struct {
	TenantID string
	BeganAt  int64
	FreshAt  int64
	Mark     string
	Cycle    int64
	Failures int
}

// TakeReport implements [privacy.Storage]. A tenant that has never been reported is due
// at once, and right as of its install.
func (s *Reports) TakeReport(ctx context.Context, lease string, until time.Time) (r privacy.Round, ok bool, err error) {
	now := s.now()
	args := map[string]any{"now": millis(now), "far": millis(now.Add(longLease)), "lease": lease, "until": millis(until)}
	const free = "(account_reports.lease_until <= @now OR account_reports.lease_until > @far)"
	var rows []reportRow
	err = s.db.Transaction(ctx, func(tx *gorm.DB) error {
		err := tx.Exec(`INSERT INTO account_reports (tenant_id, due_at, fresh_at)
			SELECT id, @now, installed_at FROM tenants WHERE state = 'active' AND NOT EXISTS (
				SELECT 1 FROM account_reports r WHERE r.tenant_id = tenants.id)
			ON CONFLICT (tenant_id) DO NOTHING`, args).Error
		if err != nil {
			return err
		}
		rows = nil
		return tx.Raw(`UPDATE account_reports SET lease = @lease, lease_until = @until
			WHERE tenant_id = (
				SELECT account_reports.tenant_id FROM account_reports
				JOIN tenants t ON t.id = account_reports.tenant_id AND t.state = 'active'
				WHERE account_reports.due_at <= @now AND `+free+`
				ORDER BY account_reports.due_at, account_reports.tenant_id LIMIT 1)
			AND `+free+`
			RETURNING tenant_id, began_at, fresh_at, mark, cycle, failures`, args).Scan(&rows).Error
	})
	if err != nil || len(rows) == 0 {
		return r, false, wrapped("take a report of accounts", err)
	}
	row := rows[0]
	return privacy.Round{
		Tenant: row.TenantID, Began: fromMillis(row.BeganAt), Fresh: fromMillis(row.FreshAt), Mark: row.Mark,
		Cycle: time.Duration(row.Cycle) * time.Millisecond, Failures: row.Failures,
	}, true, nil
}

// KeepReport implements [privacy.Storage].
func (s *Reports) KeepReport(ctx context.Context, lease string, r privacy.Round, until time.Time) error {
	return s.save(ctx, lease, r, "lease_until = @until", map[string]any{"until": millis(until)})
}

// EndReport implements [privacy.Storage].
func (s *Reports) EndReport(ctx context.Context, lease string, r privacy.Round, due time.Time) error {
	err := s.save(ctx, lease, r, "lease = '', lease_until = 0, due_at = @due", map[string]any{"due": millis(due)})
	if errors.Is(err, privacy.ErrLost) {
		return nil // then it is another's to end
	}
	return err
}

func (s *Reports) save(ctx context.Context, lease string, r privacy.Round, set string, args map[string]any) error {
	args["tenant"], args["lease"], args["began"], args["fresh"] = r.Tenant, lease, millis(r.Began), millis(r.Fresh)
	args["mark"], args["cycle"], args["failures"] = r.Mark, r.Cycle.Milliseconds(), r.Failures
	err := s.db.Writing(ctx, func(db *gorm.DB) error {
		saved := db.Exec(`UPDATE account_reports SET began_at = @began, fresh_at = @fresh, mark = @mark, cycle = @cycle, failures = @failures, `+set+`
			WHERE tenant_id = @tenant AND lease = @lease`, args)
		if saved.Error == nil && saved.RowsAffected == 0 {
			return privacy.ErrLost
		}
		return saved.Error
	})
	return wrapped("keep a report of accounts", err)
}

func wrapped(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Accounts are those of people that are held of a tenant, in any order, some more than
// once: in the index, in what editors of gadgets noted, by people who connected Slack or
// added the app to a room. inRoster returns those in a value that [Gadgets.SaveRoster]
// keeps.
func (s *Store) Accounts(ctx context.Context, id connect.TenantID, inRoster func(roster []byte) ([]string, error)) ([]string, error) {
	list, err := index.New(s.Index, s.now).Accounts(ctx, string(id))
	if err != nil {
		return nil, err
	}
	err = s.db.Reading(ctx, func(db *gorm.DB) error {
		var found []string
		err := db.Raw(`SELECT account_id FROM slack_people WHERE team_id IN (SELECT team_id FROM slack_installs WHERE tenant_id = @tenant)
			UNION SELECT installed_by FROM conversations WHERE tenant_id = @tenant AND surface = 'chat' AND installed_by <> ''`,
			map[string]any{"tenant": string(id)}).Scan(&found).Error
		if err != nil {
			return err
		}
		list = append(list, found...)
		var rows []sealedRow
		if err := db.Raw("SELECT id, value FROM rosters WHERE tenant_id = ?", string(id)).Scan(&rows).Error; err != nil {
			return err
		}
		for _, row := range rows {
			value, err := s.keys.Open(row.Value, rosterAAD(row.ID))
			if err != nil {
				return err
			}
			people, err := inRoster(value)
			if err != nil {
				return err
			}
			list = append(list, people...)
		}
		return nil
	})
	return list, wrapped("list the accounts of a tenant", err)
}

// RewriteRosters replaces what editors of gadgets noted, at all tenants, where rewrite
// says that something was found.
func (s *Gadgets) RewriteRosters(ctx context.Context, rewrite func(value []byte) (rest []byte, found bool, err error)) error {
	_, err := s.rewriteRosters(ctx, rewrite)
	return wrapped("rewrite rosters", err)
}
