package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
)

// Tenants are the customers and how the app is installed at each. It
// implements [connect.Installations].
type Tenants struct{ *core }

// tenantRow is a tenant joined with its Connect installation and its newest
// Forge installation.
type tenantRow struct {
	ID             string
	Product        string
	CloudID        string
	BaseURL        string
	DisplayURL     string
	State          string
	Generation     int64
	InstalledAt    int64
	UpdatedAt      int64
	UninstalledAt  int64
	ClientKey      string
	AppKey         string
	SharedSecret   []byte
	OAuthClientID  string `gorm:"column:oauth_client_id"`
	InstallationID string

	Environment       string
	EnvironmentID     string
	ForgeInstallation string
	APIBaseURL        string `gorm:"column:api_base_url"`
}

// tenantColumns are those of a tenant and its Connect installation. A tenant
// without one has no client key.
const tenantColumns = `tenants.id, tenants.product, tenants.cloud_id, tenants.base_url, tenants.display_url, tenants.state,
	tenants.generation, tenants.installed_at, tenants.updated_at, tenants.uninstalled_at, tenants.environment,
	i.client_key, i.app_key, i.shared_secret, i.oauth_client_id, i.installation_id`

// tenants is the query that look-ups start from, with the Connect installation
// and the newest one of Forge.
func tenants(db *gorm.DB) *gorm.DB {
	return db.Table("tenants").
		Select(tenantColumns + ", f.installation_id AS forge_installation, f.api_base_url, f.environment AS environment_id").
		Joins("LEFT JOIN connect_installs i ON i.tenant_id = tenants.id").
		Joins("LEFT JOIN forge_installs f ON " + isNewestForge)
}

// TenantByClientKey implements [connect.TenantFinder]. What the tenant has on
// Forge is left out: a call of Connect is answered through Connect. The text is
// written out because it runs for every page whose tenant is not remembered.
func (s *Tenants) TenantByClientKey(ctx context.Context, key connect.ClientKey) (*connect.Tenant, error) {
	t, err := s.find(ctx, func(db *gorm.DB) *gorm.DB {
		return db.Raw("SELECT "+tenantColumns+` FROM connect_installs i
			JOIN tenants ON tenants.id = i.tenant_id WHERE i.client_key = ?`, string(key))
	})
	if err != nil {
		return nil, fmt.Errorf("tenant of client key %q: %w", key, err)
	}
	return t, nil
}

// find reads the tenant of a query as one call.
func (s *Tenants) find(ctx context.Context, query func(db *gorm.DB) *gorm.DB) (t *connect.Tenant, err error) {
	err = s.db.Reading(ctx, func(db *gorm.DB) (err error) {
		t, err = s.take(query(db))
		return err
	})
	return t, err
}

func (s *Tenants) tenantByClientKey(db *gorm.DB, key connect.ClientKey) (*connect.Tenant, error) {
	t, err := s.take(tenants(db).Where("i.client_key = ?", string(key)))
	if err != nil {
		return nil, fmt.Errorf("tenant of client key %q: %w", key, err)
	}
	return t, nil
}

// Tenant returns the tenant of an id in whatever state, its secret opened.
func (s *Tenants) Tenant(ctx context.Context, id connect.TenantID) (*connect.Tenant, error) {
	t, err := s.find(ctx, func(db *gorm.DB) *gorm.DB { return tenants(db).Where("tenants.id = ?", string(id)) })
	if err != nil {
		return nil, fmt.Errorf("tenant %q: %w", id, err)
	}
	return t, nil
}

// TenantByCloudID returns the active Jira tenant of a site, its secret
// opened; of several that of production, then the one installed last.
func (s *Tenants) TenantByCloudID(ctx context.Context, cloud connect.CloudID) (*connect.Tenant, error) {
	if cloud == "" {
		return nil, fmt.Errorf("tenant of an empty cloud id: %w", connect.ErrNotFound)
	}
	t, err := s.find(ctx, func(db *gorm.DB) *gorm.DB {
		return tenants(db).Where("tenants.cloud_id = ? AND tenants.product = ? AND tenants.state = ?",
			string(cloud), string(connect.ProductJira), string(connect.StateActive)).
			Order("CASE tenants.environment WHEN 'PRODUCTION' THEN 0 ELSE 1 END, tenants.installed_at DESC, tenants.id")
	})
	if err != nil {
		return nil, fmt.Errorf("tenant of cloud id %q: %w", cloud, err)
	}
	return t, nil
}

// TenantNamed returns the tenant that an operator means by its own id, cloud
// id, client key or Forge installation id, in whatever state, its secret opened.
// Of several on one site it is the one that lives, then that of production.
func (s *Tenants) TenantNamed(ctx context.Context, name string) (*connect.Tenant, error) {
	if name == "" {
		return nil, fmt.Errorf("tenant of no name: %w", connect.ErrNotFound)
	}
	t, err := s.find(ctx, func(db *gorm.DB) *gorm.DB {
		return tenants(db).Where(`tenants.id = @name OR tenants.cloud_id = @name OR i.client_key = @name OR tenants.id =
			(SELECT tenant_id FROM forge_installs WHERE installation_id = @name)`, map[string]any{"name": name}).
			Order("CASE tenants.state WHEN 'uninstalled' THEN 1 ELSE 0 END, CASE tenants.environment WHEN 'PRODUCTION' THEN 0 ELSE 1 END, tenants.id")
	})
	if err != nil {
		return nil, fmt.Errorf("tenant %q: %w", name, err)
	}
	return t, nil
}

// List returns all tenants in every state, the oldest install first,
// their secrets left empty.
func (s *Tenants) List(ctx context.Context) ([]connect.Tenant, error) {
	return s.list(ctx, tenants)
}

// OnConnect returns the tenants whose Connect installation lives.
func (s *Tenants) OnConnect(ctx context.Context) (map[connect.TenantID]bool, error) {
	var ids []string
	err := s.db.Reading(ctx, func(db *gorm.DB) error {
		return db.Raw("SELECT tenant_id FROM connect_installs WHERE shared_secret IS NOT NULL").Scan(&ids).Error
	})
	if err != nil {
		return nil, fmt.Errorf("list connect installs: %w", err)
	}
	living := make(map[connect.TenantID]bool, len(ids))
	for _, id := range ids {
		living[connect.TenantID(id)] = true
	}
	return living, nil
}

// TenantsWithoutCloudID returns the tenants, uninstalled ones excepted, whose
// cloud id has not been looked up yet, their secrets left empty: those among some, or
// all if none are named.
func (s *Tenants) TenantsWithoutCloudID(ctx context.Context, among ...connect.TenantID) ([]connect.Tenant, error) {
	return s.list(ctx, func(db *gorm.DB) *gorm.DB {
		query := tenants(db).Where("tenants.cloud_id = '' AND tenants.state <> ?", string(connect.StateUninstalled))
		if len(among) > 0 {
			query = query.Where("tenants.id IN ?", among)
		}
		return query
	})
}

// SetCloudID records the site of a tenant. A Jira tenant gets the conversations
// of the site that have no tenant or an uninstalled one.
func (s *Tenants) SetCloudID(ctx context.Context, id connect.TenantID, cloud connect.CloudID) error {
	if cloud == "" {
		return errors.New("set cloud id: it is empty")
	}
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		var row tenantRow
		err := tx.Raw("UPDATE tenants SET cloud_id = ?, updated_at = ? WHERE id = ? RETURNING id, product, cloud_id, state",
			string(cloud), millis(s.now()), string(id)).Take(&row).Error
		if err != nil {
			return absent(err)
		}
		return adopt(tx, row, s.now())
	})
	if err != nil {
		return fmt.Errorf("set cloud id of tenant %q: %w", id, err)
	}
	return nil
}

// Disable ends a tenant's sessions and stops its work, until [Tenants.Enable]: unlike
// the disabling that Jira reports, it outlasts what Jira reports later, a reinstall
// too. A tenant that does not exist is connect.ErrNotFound, one that is uninstalled
// [ErrUninstalled].
func (s *Tenants) Disable(ctx context.Context, id connect.TenantID) error {
	return s.hold(ctx, "disable", id, true)
}

// Enable makes a disabled tenant active, whoever disabled it; its rooms are counted
// anew.
func (s *Tenants) Enable(ctx context.Context, id connect.TenantID) error {
	return s.hold(ctx, "enable", id, false)
}

// ErrUninstalled says that nothing of an uninstalled tenant can be disabled or
// enabled.
var ErrUninstalled = errors.New("it is uninstalled")

func (s *Tenants) hold(ctx context.Context, what string, id connect.TenantID, held bool) error {
	args := map[string]any{"id": string(id), "held": held, "now": millis(s.now()), "state": string(connect.StateActive)}
	if held {
		args["state"] = string(connect.StateDisabled)
	}
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		var state string
		if err := tx.Raw("SELECT state FROM tenants WHERE id = @id", args).Take(&state).Error; err != nil {
			return absent(err)
		}
		changed := tx.Exec(`UPDATE tenants SET held = @held, state = @state, updated_at = @now,
			generation = CASE WHEN state <> @state THEN generation + 1 ELSE generation END
			WHERE id = @id AND state <> 'uninstalled'`, args)
		if changed.Error == nil && changed.RowsAffected == 0 {
			return ErrUninstalled
		}
		if changed.Error != nil {
			return changed.Error
		}
		if err := s.tellTenant(tx, string(id)); err != nil || held {
			return err
		}
		return wake(tx, string(id), s.now())
	})
	if err != nil {
		return fmt.Errorf("%s tenant %q: %w", what, id, err)
	}
	return nil
}

// take reads one tenant with its secret.
func (s *Tenants) take(query *gorm.DB) (*connect.Tenant, error) {
	var row tenantRow
	if err := query.Take(&row).Error; err != nil {
		return nil, absent(err)
	}
	t := row.tenant()
	if len(row.SharedSecret) == 0 {
		return &t, nil
	}
	secret, err := s.keys.Open(row.SharedSecret, secretAAD(t.ClientKey))
	if err != nil {
		return nil, fmt.Errorf("open shared secret: %w", err)
	}
	t.SharedSecret = connect.NewSecret(string(secret))
	return &t, nil
}

// list reads tenants without their secrets, ordered in Go because the two
// databases sort text differently.
func (s *Tenants) list(ctx context.Context, query func(db *gorm.DB) *gorm.DB) ([]connect.Tenant, error) {
	var rows []tenantRow
	err := s.db.Reading(ctx, func(db *gorm.DB) error { return query(db).Scan(&rows).Error })
	if err != nil {
		return nil, fmt.Errorf("list tenants: %w", err)
	}
	list := make([]connect.Tenant, 0, len(rows))
	for _, row := range rows {
		list = append(list, row.tenant())
	}
	slices.SortFunc(list, func(a, b connect.Tenant) int {
		return cmp.Or(a.InstalledAt.Compare(b.InstalledAt), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// tenant converts the row, all but the secret.
func (r tenantRow) tenant() connect.Tenant {
	return connect.Tenant{
		ID:             connect.TenantID(r.ID),
		Product:        connect.Product(r.Product),
		CloudID:        connect.CloudID(r.CloudID),
		BaseURL:        r.BaseURL,
		DisplayURL:     r.DisplayURL,
		State:          connect.State(r.State),
		ClientKey:      connect.ClientKey(r.ClientKey),
		AppKey:         r.AppKey,
		OAuthClientID:  r.OAuthClientID,
		InstallationID: r.InstallationID,

		Environment:       r.Environment,
		EnvironmentID:     r.EnvironmentID,
		ForgeInstallation: connect.ForgeInstallationID(r.ForgeInstallation),
		APIBaseURL:        r.APIBaseURL,
		Generation:        r.Generation,
		InstalledAt:       fromMillis(r.InstalledAt),
		UpdatedAt:         fromMillis(r.UpdatedAt),
		UninstalledAt:     fromMillis(r.UninstalledAt),
	}
}
