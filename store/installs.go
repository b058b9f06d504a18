package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
)

// secretAAD binds a sealed shared secret to its column and its client key.
func secretAAD(key connect.ClientKey) string {
	return "connect_installs.shared_secret:" + string(key)
}

// upsertInstall comes first in the transaction: it decides which tenant the
// client key belongs to, and its row lock orders concurrent installs.
const upsertInstall = `
INSERT INTO connect_installs (client_key, tenant_id, app_key, shared_secret,
	oauth_client_id, entitlement_id, entitlement_number, installation_id, told_at)
VALUES (@client_key, @tenant_id, @app_key, @shared_secret,
	@oauth_client_id, @entitlement_id, @entitlement_number, @installation_id, @told)
ON CONFLICT (client_key) DO UPDATE SET
	app_key            = excluded.app_key,
	shared_secret      = excluded.shared_secret,
	oauth_client_id    = excluded.oauth_client_id,
	entitlement_id     = excluded.entitlement_id,
	entitlement_number = excluded.entitlement_number,
	installation_id    = excluded.installation_id,
	told_at            = CASE excluded.told_at WHEN 0 THEN connect_installs.told_at ELSE excluded.told_at END
WHERE excluded.told_at = 0 OR excluded.told_at >= connect_installs.told_at
RETURNING tenant_id`

const upsertTenant = `
INSERT INTO tenants (id, product, base_url, display_url, state, generation, installed_at, updated_at)
VALUES (@tenant_id, @product, @base_url, @display_url, 'active', 1, @now, @now)
ON CONFLICT (id) DO UPDATE SET
	product        = excluded.product,
	base_url       = excluded.base_url,
	display_url    = excluded.display_url,
	installed_at   = CASE WHEN tenants.state = 'uninstalled' THEN excluded.installed_at ELSE tenants.installed_at END,
	state          = CASE WHEN tenants.held THEN 'disabled' ELSE 'active' END,
	generation     = tenants.generation + 1,
	updated_at     = excluded.updated_at,
	uninstalled_at = 0
RETURNING id, product, cloud_id, state`

// SaveInstall implements [connect.Installations]. An unknown client key
// makes a new tenant, whatever its address. An uninstalled tenant becomes active
// again, and its InstalledAt is now. An install without client key or secret is
// refused.
func (s *Tenants) SaveInstall(ctx context.Context, in connect.Install) (*connect.Tenant, error) {
	var t *connect.Tenant
	err := s.db.Transaction(ctx, func(tx *gorm.DB) (err error) {
		t, err = s.saveInstall(tx, in)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("save install %q: %w", in.ClientKey, err)
	}
	return t, nil
}

func (s *Tenants) saveInstall(tx *gorm.DB, in connect.Install) (*connect.Tenant, error) {
	if in.ClientKey == "" || in.SharedSecret.IsZero() {
		return nil, errors.New("no client key or no shared secret")
	}
	secret, err := s.keys.Seal([]byte(in.SharedSecret.Reveal()), secretAAD(in.ClientKey))
	if err != nil {
		return nil, err
	}
	id := randomID()
	saved := tx.Raw(upsertInstall, map[string]any{
		"client_key": string(in.ClientKey), "tenant_id": id, "app_key": in.Key, "shared_secret": secret,
		"oauth_client_id": in.OAuthClientID, "entitlement_id": in.EntitlementID,
		"entitlement_number": in.EntitlementNumber, "installation_id": in.InstallationID,
		"told": millis(in.IssuedAt),
	}).Scan(&id)
	if saved.Error != nil {
		return nil, saved.Error
	}
	if saved.RowsAffected == 0 {
		return nil, connect.ErrOldEvent
	}
	base := strings.TrimSuffix(in.BaseURL, "/")
	var row tenantRow
	err = tx.Raw(upsertTenant, map[string]any{
		"tenant_id": id, "product": string(in.ProductType), "base_url": base,
		"display_url": cmp.Or(strings.TrimSuffix(in.DisplayURL, "/"), base), "now": millis(s.now()),
	}).Take(&row).Error
	if err != nil {
		return nil, err
	}
	if err := errors.Join(adopt(tx, row, s.now()), s.tellTenant(tx, id)); err != nil {
		return nil, err
	}
	return s.tenantByClientKey(tx, in.ClientKey)
}

// SetState implements [connect.Installations]. The order of disabled and
// uninstalled does not matter: uninstalled wins. Repeated, it changes nothing.
func (s *Tenants) SetState(ctx context.Context, key connect.ClientKey, state connect.State, told time.Time) (*connect.Tenant, error) {
	var t *connect.Tenant
	err := s.db.Transaction(ctx, func(tx *gorm.DB) (err error) {
		if state == connect.StateUninstalled {
			err = s.uninstall(tx, key, told)
		} else {
			err = s.enable(tx, key, state, told)
		}
		if err != nil {
			return err
		}
		if t, err = s.tenantByClientKey(tx, key); err != nil {
			return err
		}
		return s.tellTenant(tx, string(t.ID))
	})
	if err != nil {
		return nil, fmt.Errorf("set state %q: %w", state, err)
	}
	return t, nil
}

// uninstall locks the installation before the tenant, as SaveInstall does. A tenant
// that is called by Forge goes on there: only its Connect installation ends, and
// with it the sessions of Connect's pages.
func (s *Tenants) uninstall(tx *gorm.DB, key connect.ClientKey, told time.Time) error {
	if err := isNewer(tx, "told_at", key, told); err != nil {
		return err
	}
	var tenant string
	err := tx.Raw("UPDATE connect_installs SET shared_secret = NULL WHERE client_key = ? RETURNING tenant_id", string(key)).
		Scan(&tenant).Error
	if err != nil || tenant == "" {
		return err
	}
	onForge := tx.Exec(`UPDATE tenants SET generation = generation + 1, updated_at = @now
		WHERE id = @id AND state <> 'uninstalled' AND EXISTS (SELECT 1 FROM forge_installs f WHERE f.tenant_id = @id AND `+lately("f")+`)`,
		map[string]any{"id": tenant, "now": millis(s.now())})
	if onForge.Error != nil || onForge.RowsAffected > 0 {
		return onForge.Error
	}
	return endTenant(tx, tenant, s.now())
}

// endConnect forgets the secret of a tenant's Connect installation, and reports whether
// there was one.
func endConnect(tx *gorm.DB, tenant string) (ended bool, err error) {
	done := tx.Exec("UPDATE connect_installs SET shared_secret = NULL WHERE tenant_id = ? AND shared_secret IS NOT NULL", tenant)
	return done.RowsAffected > 0, done.Error
}

// isNewer notes when a call about a client key was issued. If one that was issued
// later is noted in the column, it is connect.ErrOldEvent. An unknown client key is
// the caller's to notice.
func isNewer(tx *gorm.DB, column string, key connect.ClientKey, told time.Time) error {
	if told.IsZero() {
		return nil
	}
	noted := tx.Exec("UPDATE connect_installs SET "+column+" = @told WHERE client_key = @key AND "+column+" <= @told",
		map[string]any{"told": millis(told), "key": string(key)})
	if noted.Error != nil || noted.RowsAffected > 0 {
		return noted.Error
	}
	var known int
	err := tx.Raw("SELECT count(*) FROM connect_installs WHERE client_key = ?", string(key)).Scan(&known).Error
	if err == nil && known > 0 {
		err = connect.ErrOldEvent
	}
	return err
}

// endTenant ends all installations of a tenant, blanks their secrets and marks it
// as uninstalled.
func endTenant(tx *gorm.DB, id string, now time.Time) error {
	for _, statement := range []string{
		"UPDATE connect_installs SET shared_secret = NULL WHERE tenant_id = @id",
		"DELETE FROM forge_tokens WHERE installation_id IN (SELECT installation_id FROM forge_installs WHERE tenant_id = @id)",
		"UPDATE slack_installs SET bot_token = NULL, refresh_token = NULL, state = 'removed' WHERE tenant_id = @id",
		"UPDATE forge_installs SET created_at = 0, used = false WHERE tenant_id = @id",
		`UPDATE tenants SET state = 'uninstalled', generation = generation + 1, updated_at = @now, uninstalled_at = @now
			WHERE id = @id AND state <> 'uninstalled'`,
		"DELETE FROM index_pages WHERE tenant_id = @id", // facts can be read again
	} {
		if err := tx.Exec(statement, map[string]any{"id": id, "now": millis(now)}).Error; err != nil {
			return err
		}
	}
	return nil
}

// enable moves a tenant that is not uninstalled to active or disabled.
func (s *Tenants) enable(tx *gorm.DB, key connect.ClientKey, state connect.State, told time.Time) error {
	if state != connect.StateActive && state != connect.StateDisabled {
		return errors.New("no such state")
	}
	if err := isNewer(tx, "moved_at", key, told); err != nil {
		return err
	}
	var row tenantRow
	err := tx.Raw(`
		UPDATE tenants SET state = @state, updated_at = @now
		WHERE id = (SELECT tenant_id FROM connect_installs WHERE client_key = @key)
			AND state <> 'uninstalled' AND state <> @state AND NOT held
		RETURNING id`,
		map[string]any{"state": string(state), "now": millis(s.now()), "key": string(key)}).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil // uninstalled, in that state already, held, or unknown: the caller reads it next
	}
	if err != nil || state == connect.StateDisabled {
		return err
	}
	return wake(tx, row.ID, s.now())
}
