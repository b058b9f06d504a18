package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
)

// Gadgets are copies of what dashboard items are configured to show.
type Gadgets struct{ *core }

// GadgetConfig returns the cached copy of a dashboard item's property and when
// it was read from Jira, which holds the original. The copy is nil when the
// property did not exist. Without a copy the error wraps connect.ErrNotFound.
func (s *Gadgets) GadgetConfig(ctx context.Context, id connect.TenantID, item connect.DashboardItem) (value []byte, readAt time.Time, err error) {
	var row struct {
		Value  string
		ReadAt int64
	}
	err = s.db.Reading(ctx, func(db *gorm.DB) error {
		return db.Table("gadget_configs").Select("value, read_at").
			Where("tenant_id = ? AND dashboard_id = ? AND item_id = ?", string(id), item.Dashboard, item.Item).
			Take(&row).Error
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("gadget configuration %q/%q of tenant %q: %w", item.Dashboard, item.Item, id, absent(err))
	}
	if row.Value != "" {
		value = []byte(row.Value)
	}
	return value, fromMillis(row.ReadAt), nil
}

// SaveGadgetConfig replaces the cached copy, unless the stored one was read
// later. An empty value means that the property does not exist.
func (s *Gadgets) SaveGadgetConfig(ctx context.Context, id connect.TenantID, item connect.DashboardItem, value []byte, readAt time.Time) error {
	err := s.db.Writing(ctx, func(db *gorm.DB) error { return saveGadgetConfig(db, id, item, value, readAt) })
	return ofConfig(err, id, item)
}

// ChangeGadgetConfig is SaveGadgetConfig for what somebody has just saved in Jira: other
// programs are told of it, see [ChangedGadget].
func (s *Gadgets) ChangeGadgetConfig(ctx context.Context, id connect.TenantID, item connect.DashboardItem, value []byte, readAt time.Time) error {
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := saveGadgetConfig(tx, id, item, value, readAt); err != nil {
			return err
		}
		return s.tell(tx, changedGadget(id, item))
	})
	return ofConfig(err, id, item)
}

func changedGadget(id connect.TenantID, item connect.DashboardItem) Change {
	return Change{ChangedGadget, id, item.Dashboard + "/" + item.Item}
}

// ofConfig says which configuration an error is about.
func ofConfig(err error, id connect.TenantID, item connect.DashboardItem) error {
	if err != nil {
		return fmt.Errorf("save gadget configuration %q/%q of tenant %q: %w", item.Dashboard, item.Item, id, err)
	}
	return nil
}

func saveGadgetConfig(db *gorm.DB, id connect.TenantID, item connect.DashboardItem, value []byte, readAt time.Time) error {
	return db.Exec(`
		INSERT INTO gadget_configs (tenant_id, dashboard_id, item_id, value, read_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (tenant_id, dashboard_id, item_id) DO UPDATE SET value = excluded.value, read_at = excluded.read_at
		WHERE gadget_configs.read_at <= excluded.read_at`,
		string(id), item.Dashboard, item.Item, string(value), millis(readAt)).Error
}

// SaveFound keeps of which projects the issues are that a dashboard item's query finds, see
// [Tenants.Shown]. It does nothing for an item without a copy.
func (s *Gadgets) SaveFound(ctx context.Context, id connect.TenantID, item connect.DashboardItem, projects []string) error {
	value, err := json.Marshal(projects)
	if err == nil {
		err = s.db.Writing(ctx, func(db *gorm.DB) error {
			return db.Exec(`UPDATE gadget_configs SET found = ? WHERE tenant_id = ? AND dashboard_id = ? AND item_id = ? AND found <> ?`,
				string(value), string(id), item.Dashboard, item.Item, string(value)).Error
		})
	}
	return ofConfig(err, id, item)
}

// pointFields names the choice of the fields that story points are taken from.
const pointFields = "points"

// PointFields are the ids of the fields of story points that were chosen last in a form
// of the tenant; nil: nobody has been asked.
func (s *Gadgets) PointFields(ctx context.Context, id connect.TenantID) (ids []string, err error) {
	var value string
	err = s.db.Reading(ctx, func(db *gorm.DB) error {
		return db.Raw("SELECT value FROM site_choices WHERE tenant_id = ? AND name = ?", string(id), pointFields).Scan(&value).Error
	})
	if err == nil && value != "" {
		err = unmarshal(value, &ids)
	}
	if err != nil {
		return nil, fmt.Errorf("fields of story points of tenant %q: %w", id, err)
	}
	return ids, nil
}

// SavePointFields keeps what [Gadgets.PointFields] returns.
func (s *Gadgets) SavePointFields(ctx context.Context, id connect.TenantID, ids []string) error {
	value, err := json.Marshal(ids)
	if err == nil {
		err = s.db.Writing(ctx, func(db *gorm.DB) error {
			return db.Exec(`
				INSERT INTO site_choices (tenant_id, name, value, saved_at) VALUES (?, ?, ?, ?)
				ON CONFLICT (tenant_id, name) DO UPDATE SET value = excluded.value, saved_at = excluded.saved_at`,
				string(id), pointFields, string(value), millis(s.now())).Error
		})
	}
	if err != nil {
		return fmt.Errorf("save fields of story points of tenant %q: %w", id, err)
	}
	return nil
}
