package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
)

// newestForge is a tenant's newest installation, the only one whose token is
// used.
const newestForge = `(SELECT n.installation_id FROM forge_installs n WHERE n.tenant_id = tenants.id
	ORDER BY n.created_at DESC, n.installation_id DESC LIMIT 1)`

// isNewestForge is the same as a condition of a join, which costs a tenant
// without installations one look at an index.
const isNewestForge = `f.tenant_id = tenants.id AND NOT EXISTS (SELECT 1 FROM forge_installs n WHERE n.tenant_id = f.tenant_id
	AND (n.created_at > f.created_at OR n.created_at = f.created_at AND n.installation_id > f.installation_id))`

// gone is true of a tenant t whose newest installation is [connect.ForgeStatus.Gone]
// at a time: three refusals of Jira, the first an hour ago, and no hourly call
// for three hours. A test compares the two.
const gone = `EXISTS (SELECT 1 FROM forge_installs f WHERE f.tenant_id = t.id
	AND f.refusals >= 3 AND f.refused_at + 3600000 <= @now
	AND CASE f.last_tick WHEN 0 THEN f.created_at ELSE f.last_tick END + 10800000 <= @now
	AND NOT EXISTS (SELECT 1 FROM forge_installs n WHERE n.tenant_id = f.tenant_id
		AND (n.created_at > f.created_at OR n.created_at = f.created_at AND n.installation_id > f.installation_id)))`

// living is true of a tenant t whose background work goes on, and where there is
// no tenant: what is uninstalled, disabled or gone would only be refused.
const living = `(t.state IS NULL OR t.state = 'active' AND NOT ` + gone + `)`

// life is how a tenant was before a call.
type life struct {
	// Rests says that its background work stands still until the call that is being
	// saved: there was no tenant, it did not live, or it had no token, which the call
	// brings.
	Rests      bool
	State      string
	Generation int64
}

// rests is how a tenant stands before a call is saved.
func (s *Forge) rests(tx *gorm.DB, id string, in connect.ForgeInstall) (before life, err error) {
	if id == "" {
		return life{Rests: true}, nil
	}
	err = tx.Raw(`SELECT t.state, t.generation, t.cloud_id = '' OR NOT `+living+` OR (@token AND NOT EXISTS (
			SELECT 1 FROM forge_installs f JOIN forge_tokens k ON k.installation_id = f.installation_id AND k.kind = 'system'
			WHERE f.tenant_id = t.id AND k.expires_at > @now)) AS rests
		FROM tenants t WHERE t.id = @id`,
		map[string]any{"id": id, "now": millis(s.now()), "token": !in.SystemToken.IsZero()}).Scan(&before).Error
	return before, err
}

// ForgeRefused implements [connect.ForgeInstallations].
func (s *Forge) ForgeRefused(ctx context.Context, id connect.TenantID) error {
	err := s.db.Writing(ctx, func(db *gorm.DB) error {
		return db.Exec(`UPDATE forge_installs SET refusals = refusals + 1,
			refused_at = CASE refusals WHEN 0 THEN @now ELSE refused_at END
		WHERE installation_id = (SELECT `+newestForge+` FROM tenants WHERE tenants.id = @id)`,
			map[string]any{"id": string(id), "now": millis(s.now())}).Error
	})
	if err != nil {
		return fmt.Errorf("count refusal of tenant %q: %w", id, err)
	}
	return nil
}

// UninstallForge implements [connect.ForgeInstallations].
func (s *Forge) UninstallForge(ctx context.Context, id connect.ForgeInstallationID, told time.Time) (*connect.Tenant, error) {
	var t *connect.Tenant
	err := s.db.Transaction(ctx, func(tx *gorm.DB) (err error) {
		t, err = s.uninstallForge(tx, string(id), told)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("uninstall installation %q: %w", id, err)
	}
	return t, nil
}

// uninstallForge ends an installation, and its tenant if none is left that lives.
// In the hybrid stage the app goes whole, its Connect part with it.
func (s *Forge) uninstallForge(tx *gorm.DB, installation string, told time.Time) (*connect.Tenant, error) {
	var row tenantRow
	err := tx.Raw(`SELECT t.id, t.cloud_id FROM tenants t JOIN forge_installs f ON f.tenant_id = t.id
		WHERE f.installation_id = ?`, installation).Take(&row).Error
	if err != nil {
		return nil, absent(err)
	}
	if err := lockSite(tx, row.CloudID); err != nil {
		return nil, err
	}
	var late bool
	err = tx.Raw("SELECT told_at > ? FROM forge_installs WHERE installation_id = ?", millis(told), installation).Scan(&late).Error
	if err == nil && late && !told.IsZero() {
		err = connect.ErrOldEvent
	}
	if err != nil {
		return nil, err
	}
	lives, err := s.livesWithout(tx, row.ID, installation, told)
	if err != nil {
		return nil, err
	}
	if err = endForge(tx, installation); err == nil && !lives {
		err = endTenant(tx, row.ID, s.now())
	}
	if err == nil {
		err = s.tellTenant(tx, row.ID)
	}
	return s.after(tx, row, err)
}

// endForge forgets an installation's token, and that it was ever the newest.
func endForge(tx *gorm.DB, installation string) error {
	err := tx.Exec("DELETE FROM forge_tokens WHERE installation_id = ?", installation).Error
	if err != nil {
		return err
	}
	return tx.Exec("UPDATE forge_installs SET created_at = 0, used = false WHERE installation_id = ?", installation).Error
}

// livesWithout reports whether a tenant goes on when an installation of it ends:
// the call for an older one may come after the app was installed again, and so may
// the call that the older one was installed, which then looks like the newest. One
// that never was in use ends nothing of another that called lately.
func (s *Forge) livesWithout(tx *gorm.DB, tenant, installation string, told time.Time) (lives bool, err error) {
	err = tx.Raw(`SELECT EXISTS (SELECT 1 FROM tenants WHERE tenants.id = @tenant AND `+newestForge+` <> @id)
		OR EXISTS (SELECT 1 FROM forge_installs o JOIN forge_installs f ON f.installation_id = @id
			WHERE o.tenant_id = @tenant AND o.installation_id <> @id AND `+lately("o")+`
				AND (NOT f.used OR o.told_at > @told))`,
		map[string]any{"tenant": tenant, "id": installation, "told": orNever(told), "now": millis(s.now())}).Scan(&lives).Error
	return lives, err
}

// lately is true of an installation that has not ended and made a verified call
// within three hours, in which the hourly one is due.
func lately(f string) string { return f + ".created_at > 0 AND " + f + ".seen_at + 10800000 > @now" }
