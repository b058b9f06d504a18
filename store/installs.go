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
	oauth_client_id, entitlement_id, entitlement_number, installation_id)
VALUES (@client_key, @tenant_id, @app_key, @shared_secret,
	@oauth_client_id, @entitlement_id, @entitlement_number, @installation_id)
ON CONFLICT (client_key) DO UPDATE SET
	app_key            = excluded.app_key,
	shared_secret      = excluded.shared_secret,
	oauth_client_id    = excluded.oauth_client_id,
	entitlement_id     = excluded.entitlement_id,
	entitlement_number = excluded.entitlement_number,
	installation_id    = excluded.installation_id
RETURNING tenant_id`

const upsertTenant = `
INSERT INTO tenants (id, product, base_url, display_url, state, generation, installed_at, updated_at)
VALUES (@tenant_id, @product, @base_url, @display_url, 'active', 1, @now, @now)
ON CONFLICT (id) DO UPDATE SET
	product        = excluded.product,
	base_url       = excluded.base_url,
	display_url    = excluded.display_url,
	installed_at   = CASE WHEN tenants.state = 'uninstalled' THEN excluded.installed_at ELSE tenants.installed_at END,
	state          = 'active',
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
	err := s.transaction(ctx, func(tx *gorm.DB) (err error) {
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
	err = tx.Raw(upsertInstall, map[string]any{
		"client_key": string(in.ClientKey), "tenant_id": id, "app_key": in.Key, "shared_secret": secret,
		"oauth_client_id": in.OAuthClientID, "entitlement_id": in.EntitlementID,
		"entitlement_number": in.EntitlementNumber, "installation_id": in.InstallationID,
	}).Scan(&id).Error
	if err != nil {
		return nil, err
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
	if err := adopt(tx, row, s.now()); err != nil {
		return nil, err
	}
	return s.tenantByClientKey(tx, in.ClientKey)
}

// SetState implements [connect.Installations]. The order of disabled and
// uninstalled does not matter: uninstalled wins. Repeated, it changes nothing.
func (s *Tenants) SetState(ctx context.Context, key connect.ClientKey, state connect.State) (*connect.Tenant, error) {
	var t *connect.Tenant
	err := s.transaction(ctx, func(tx *gorm.DB) (err error) {
		if state == connect.StateUninstalled {
			err = s.uninstall(tx, key)
		} else {
			err = s.enable(tx, key, state)
		}
		if err != nil {
			return err
		}
		t, err = s.tenantByClientKey(tx, key)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("set state %q: %w", state, err)
	}
	return t, nil
}

// uninstall locks the installation before the tenant, as SaveInstall does.
func (s *Tenants) uninstall(tx *gorm.DB, key connect.ClientKey) error {
	var tenant string
	err := tx.Raw("UPDATE connect_installs SET shared_secret = NULL WHERE client_key = ? RETURNING tenant_id", string(key)).
		Scan(&tenant).Error
	if err != nil || tenant == "" {
		return err
	}
	return endTenant(tx, tenant, s.now())
}

// endTenant blanks all secrets of a tenant and marks it as uninstalled.
func endTenant(tx *gorm.DB, id string, now time.Time) error {
	for _, statement := range []string{
		"UPDATE connect_installs SET shared_secret = NULL WHERE tenant_id = @id",
		"DELETE FROM forge_tokens WHERE installation_id IN (SELECT installation_id FROM forge_installs WHERE tenant_id = @id)",
		"UPDATE slack_installs SET bot_token = NULL, state = 'removed' WHERE tenant_id = @id",
		`UPDATE tenants SET state = 'uninstalled', generation = generation + 1, updated_at = @now, uninstalled_at = @now
			WHERE id = @id AND state <> 'uninstalled'`,
	} {
		if err := tx.Exec(statement, map[string]any{"id": id, "now": millis(now)}).Error; err != nil {
			return err
		}
	}
	return nil
}

// enable moves a tenant that is not uninstalled to active or disabled.
func (s *Tenants) enable(tx *gorm.DB, key connect.ClientKey, state connect.State) error {
	if state != connect.StateActive && state != connect.StateDisabled {
		return errors.New("no such state")
	}
	var row tenantRow
	err := tx.Raw(`
		UPDATE tenants SET state = @state, updated_at = @now
		WHERE id = (SELECT tenant_id FROM connect_installs WHERE client_key = @key)
			AND state <> 'uninstalled' AND state <> @state
		RETURNING id`,
		map[string]any{"state": string(state), "now": millis(s.now()), "key": string(key)}).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil // uninstalled, in that state already, or unknown: the caller reads it next
	}
	if err != nil || state == connect.StateDisabled {
		return err
	}
	return wake(tx, row.ID, s.now())
}
