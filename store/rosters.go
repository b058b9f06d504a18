package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/sightline-go/sightline/connect"
)

// rosterID names a gadget's row.
func rosterID(tenant connect.TenantID, item connect.DashboardItem) string {
	return strings.Join([]string{string(tenant), item.Dashboard, item.Item}, "/")
}

// rosterAAD binds a sealed roster to its row.
func rosterAAD(id string) string { return "rosters.value:" + id }

// Roster is what was kept with [Gadgets.SaveRoster], nil for nothing. The error wraps
// [ErrSealed] if no key opens it.
func (s *Gadgets) Roster(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem) ([]byte, error) {
	id := rosterID(tenant, item)
	var row struct{ Value []byte }
	err := s.db.Reading(ctx, func(db *gorm.DB) error {
		return db.Table("rosters").Select("value").Where("id = ?", id).Take(&row).Error
	})
	if err = absent(err); errors.Is(err, connect.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("roster of gadget %s: %w", id, err)
	}
	value, err := s.keys.Open(row.Value, rosterAAD(id))
	if err != nil {
		return nil, fmt.Errorf("roster of gadget %s: %w", id, err)
	}
	return value, nil
}

// SaveRoster keeps, sealed, what a gadget's editors have noted about its people. An
// empty value removes it. It ends with the tenant's data. Other programs are told, see
// [ChangedGadget].
func (s *Gadgets) SaveRoster(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem, value []byte) error {
	id := rosterID(tenant, item)
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := s.saveRoster(tx, id, tenant, item, value); err != nil {
			return err
		}
		return s.tell(tx, changedGadget(tenant, item))
	})
	if err != nil {
		return fmt.Errorf("save roster of gadget %s: %w", id, err)
	}
	return nil
}

func (s *Gadgets) saveRoster(tx *gorm.DB, id string, tenant connect.TenantID, item connect.DashboardItem, value []byte) error {
	if len(value) == 0 {
		return tx.Exec("DELETE FROM rosters WHERE id = ?", id).Error
	}
	sealed, err := s.keys.Seal(value, rosterAAD(id))
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO rosters (id, tenant_id, dashboard_id, item_id, value) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET value = excluded.value`,
		id, string(tenant), item.Dashboard, item.Item, sealed).Error
}

// rewriteRosters replaces those for which rewrite says that something was found, and
// returns how many. Each is locked while it is looked at.
func (s *Gadgets) rewriteRosters(ctx context.Context, rewrite func(value []byte) (rest []byte, found bool, err error)) (count int, err error) {
	var ids []string
	err = s.db.Reading(ctx, func(db *gorm.DB) error { return db.Raw("SELECT id FROM rosters ORDER BY id").Scan(&ids).Error })
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		var found bool
		err := s.db.Transaction(ctx, func(tx *gorm.DB) (err error) {
			found, err = s.rewriteRoster(tx, id, rewrite)
			return err
		})
		if err != nil {
			return count, fmt.Errorf("roster of gadget %s: %w", id, err)
		}
		if found {
			count++
		}
	}
	return count, nil
}

func (s *Gadgets) rewriteRoster(tx *gorm.DB, id string, rewrite func(value []byte) (rest []byte, found bool, err error)) (bool, error) {
	var row sealedRow
	err := tx.Table("rosters").Clauses(clause.Locking{Strength: "UPDATE"}).Select("id, value").Where("id = ?", id).Take(&row).Error
	if errors.Is(absent(err), connect.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	value, err := s.keys.Open(row.Value, rosterAAD(id))
	if err != nil {
		return false, err
	}
	rest, found, err := rewrite(value)
	switch {
	case err != nil || !found:
		return false, err
	case len(rest) == 0:
		return true, tx.Exec("DELETE FROM rosters WHERE id = ?", id).Error
	}
	sealed, err := s.keys.Seal(rest, rosterAAD(id))
	if err != nil {
		return false, err
	}
	return true, tx.Exec("UPDATE rosters SET value = ? WHERE id = ?", sealed, id).Error
}
