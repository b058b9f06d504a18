package store

import (
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
)

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
