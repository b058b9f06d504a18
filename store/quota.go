package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/internal/quota"
)

// Quota is what all replicas have spent of Jira's points. It implements
// [quota.Storage].
type Quota struct{ *core }

// saidAhead is how far ahead of the clock what Jira said can be. What is later is from
// before the clock was set back, and gives way.
const saidAhead = 10 * time.Minute

// pointsRow is the points of one purpose.
type pointsRow struct {
	TenantID string
	Purpose  string
	Points   int
}

// saidRow is what Jira said last of one budget.
type saidRow struct {
	TenantID    string
	SaidAt      int64
	PointsLimit int
	Hour        int64
	Used        int
	Points      int
	UntilAt     int64
}

// SharePoints implements [quota.Storage].
func (s *Quota) SharePoints(ctx context.Context, hour time.Time, mine []quota.Entry) (all []quota.Entry, err error) {
	tenants := make([]string, 0, len(mine))
	for _, e := range mine {
		tenants = append(tenants, e.Tenant)
	}
	err = s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := addPoints(tx, hour, mine); err != nil {
			return err
		}
		if err := s.saveSaid(tx, mine); err != nil {
			return err
		}
		all, err = readPoints(tx.Where("tenant_id IN ?", tenants), hour)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("share points of %s: %w", hour.Format(time.RFC3339), err)
	}
	return all, nil
}

// Points returns how the app, under "", and every tenant stand in the hour that
// begins at a time. Those of which nothing is known are left out.
func (s *Quota) Points(ctx context.Context, hour time.Time) (map[string]quota.Entry, error) {
	var list []quota.Entry
	err := s.db.Reading(ctx, func(db *gorm.DB) (err error) {
		list, err = readPoints(db, hour)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("points of %s: %w", hour.Format(time.RFC3339), err)
	}
	byTenant := make(map[string]quota.Entry, len(list))
	for _, e := range list {
		byTenant[e.Tenant] = e
	}
	return byTenant, nil
}

// ForgetPoints implements [quota.Storage].
func (s *Quota) ForgetPoints(ctx context.Context, before time.Time) error {
	err := s.db.Writing(ctx, func(db *gorm.DB) error {
		return db.Exec("DELETE FROM quota_points WHERE hour < ?", millis(before)).Error
	})
	if err != nil {
		return fmt.Errorf("forget points: %w", err)
	}
	return nil
}

// addPoints adds to the rows in an order that is the same for all replicas, so that
// none of them waits for another that waits for it.
func addPoints(tx *gorm.DB, hour time.Time, mine []quota.Entry) error {
	var places []string
	var values []any
	for _, e := range slices.SortedFunc(slices.Values(mine), byTenant) {
		for _, p := range slices.Sorted(maps.Keys(e.Points)) {
			places = append(places, "(?, ?, ?, ?)")
			values = append(values, millis(hour), e.Tenant, string(p), e.Points[p])
		}
	}
	if len(places) == 0 {
		return nil
	}
	return tx.Exec(`INSERT INTO quota_points (hour, tenant_id, purpose, points) VALUES `+strings.Join(places, ", ")+`
		ON CONFLICT (hour, tenant_id, purpose) DO UPDATE SET points = quota_points.points + excluded.points`, values...).Error
}

func byTenant(a, b quota.Entry) int { return cmp.Compare(a.Tenant, b.Tenant) }

// saveSaid keeps what Jira said where nothing newer is known. A limit once said
// stays until another one is.
func (s *Quota) saveSaid(tx *gorm.DB, mine []quota.Entry) error {
	var places []string
	var values []any
	for _, e := range slices.SortedFunc(slices.Values(mine), byTenant) {
		if said := e.Said; !said.At.IsZero() {
			places = append(places, "(?, ?, ?, ?, ?, ?, ?)")
			values = append(values, e.Tenant, millis(said.At), said.Limit, millis(said.Hour), said.Used, said.Points, millis(said.Until))
		}
	}
	if len(places) == 0 {
		return nil
	}
	return tx.Exec(`INSERT INTO quota_said (tenant_id, said_at, points_limit, hour, used, points, until_at) VALUES `+strings.Join(places, ", ")+`
		ON CONFLICT (tenant_id) DO UPDATE SET said_at = excluded.said_at,
			points_limit = CASE excluded.points_limit WHEN 0 THEN quota_said.points_limit ELSE excluded.points_limit END,
			hour = excluded.hour, used = excluded.used, points = excluded.points, until_at = excluded.until_at
		WHERE quota_said.said_at <= excluded.said_at OR quota_said.said_at > ?`,
		append(values, millis(s.now().Add(saidAhead)))...).Error
}

// readPoints reads the budgets of a condition.
func readPoints(where *gorm.DB, hour time.Time) ([]quota.Entry, error) {
	where = where.Session(&gorm.Session{})
	var points []pointsRow
	if err := where.Table("quota_points").Select("tenant_id, purpose, points").Where("hour = ?", millis(hour)).Scan(&points).Error; err != nil {
		return nil, err
	}
	var said []saidRow
	if err := where.Table("quota_said").Select("tenant_id, said_at, points_limit, hour, used, points, until_at").Scan(&said).Error; err != nil {
		return nil, err
	}
	entries := map[string]*quota.Entry{}
	at := func(tenant string) *quota.Entry {
		if entries[tenant] == nil {
			entries[tenant] = &quota.Entry{Tenant: tenant, Points: map[quota.Purpose]int{}}
		}
		return entries[tenant]
	}
	for _, row := range points {
		at(row.TenantID).Points[quota.Purpose(row.Purpose)] += row.Points
	}
	for _, row := range said {
		at(row.TenantID).Said = row.said()
	}
	list := make([]quota.Entry, 0, len(entries))
	for _, e := range entries {
		list = append(list, *e)
	}
	return list, nil
}

func (r saidRow) said() quota.Said {
	return quota.Said{
		At: fromMillis(r.SaidAt), Limit: r.PointsLimit, Hour: fromMillis(r.Hour), Used: r.Used, Points: r.Points, Until: fromMillis(r.UntilAt),
	}
}
