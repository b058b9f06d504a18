package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
)

// Forge is what Forge's calls leave behind: installations and their tokens. It
// implements [connect.ForgeInstallations].
type Forge struct{ *Tenants }

// forgeAAD binds a sealed system token to its installation.
func forgeAAD(installation string) string { return "forge_tokens.token:" + installation }

const forgeColumns = "installation_id, tenant_id, version, licence, created_at, seen_at, last_tick, refusals, refused_at, linked"

type forgeRow struct {
	InstallationID string
	TenantID       string
	Version        string
	Licence        string
	CreatedAt      int64
	SeenAt         int64
	LastTick       int64
	Refusals       int
	RefusedAt      int64
	Linked         bool
}

func (r forgeRow) status() (connect.ForgeStatus, error) {
	status := connect.ForgeStatus{
		ID: connect.ForgeInstallationID(r.InstallationID), Tenant: connect.TenantID(r.TenantID), Version: r.Version,
		CreatedAt: fromMillis(r.CreatedAt), SeenAt: fromMillis(r.SeenAt), LastTick: fromMillis(r.LastTick),
		Refusals: r.Refusals, RefusedAt: fromMillis(r.RefusedAt), Linked: r.Linked,
	}
	if r.Licence != "" {
		if err := json.Unmarshal([]byte(r.Licence), &status.License); err != nil {
			return status, fmt.Errorf("read licence: %w", err)
		}
	}
	return status, nil
}

// ForgeTenant implements [connect.ForgeInstallations].
func (s *Forge) ForgeTenant(ctx context.Context, id connect.ForgeInstallationID) (*connect.Tenant, connect.ForgeStatus, error) {
	var (
		row    forgeRow
		status connect.ForgeStatus
		t      *connect.Tenant
	)
	err := s.db.Reading(ctx, func(db *gorm.DB) error {
		err := db.Table("forge_installs").Select(forgeColumns).Where("installation_id = ?", string(id)).Take(&row).Error
		if err != nil {
			return absent(err)
		}
		if status, err = row.status(); err != nil {
			return err
		}
		t, err = s.take(tenants(db).Where("tenants.id = ?", row.TenantID))
		return err
	})
	if err != nil {
		return nil, status, fmt.Errorf("tenant of installation %q: %w", id, err)
	}
	return t, status, nil
}

// Statuses returns what is known of each tenant's newest installation, by
// tenant.
func (s *Forge) Statuses(ctx context.Context) (map[connect.TenantID]connect.ForgeStatus, error) {
	var rows []forgeRow
	err := s.db.Reading(ctx, func(db *gorm.DB) error {
		return db.Table("forge_installs").Select(forgeColumns).Order("created_at, installation_id").Scan(&rows).Error
	})
	if err != nil {
		return nil, fmt.Errorf("list installations: %w", err)
	}
	all := make(map[connect.TenantID]connect.ForgeStatus, len(rows))
	for _, row := range rows {
		if all[connect.TenantID(row.TenantID)], err = row.status(); err != nil {
			return nil, fmt.Errorf("installation %q: %w", row.InstallationID, err)
		}
	}
	return all, nil
}

// HasForgeTenant implements [connect.ForgeInstallations].
func (s *Forge) HasForgeTenant(ctx context.Context, cloud connect.CloudID, environment string) (bool, error) {
	var id string
	err := s.db.Reading(ctx, func(db *gorm.DB) (err error) {
		id, err = tenantOfSite(db, string(cloud), environment)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("tenant of cloud id %q: %w", cloud, err)
	}
	return id != "", nil
}

// SaveForgeInstall implements [connect.ForgeInstallations].
func (s *Forge) SaveForgeInstall(ctx context.Context, in connect.ForgeInstall) (*connect.Tenant, error) {
	var t *connect.Tenant
	err := s.db.Transaction(ctx, func(tx *gorm.DB) (err error) {
		t, err = s.saveForgeInstall(tx, in)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("save installation %q: %w", in.ID, err)
	}
	return t, nil
}

func (s *Forge) saveForgeInstall(tx *gorm.DB, in connect.ForgeInstall) (*connect.Tenant, error) {
	if in.ID == "" || in.Cloud == "" || in.Environment == "" || in.APIBaseURL == "" {
		return nil, errors.New("no installation, site, environment or API address")
	}
	// Two first calls of one site must not make two tenants.
	if err := lockSite(tx, string(in.Cloud)); err != nil {
		return nil, err
	}
	id, err := forgeTenantID(tx, in)
	if err != nil {
		return nil, err
	}
	before, err := s.rests(tx, id, in)
	if err != nil {
		return nil, err
	}
	ended := false
	if in.ConnectOver {
		if ended, err = endConnect(tx, id); err != nil {
			return nil, err
		}
	}
	row, err := s.saveForgeTenant(tx, id, in)
	if err != nil || row.State == string(connect.StateUninstalled) {
		return s.after(tx, row, err)
	}
	if err := s.upsertForge(tx, row.ID, in); err != nil {
		return nil, err
	}
	if err := s.saveForgeToken(tx, in); err != nil {
		return nil, err
	}
	if before.Rests {
		err = adopt(tx, row, s.now())
	}
	if err == nil && (ended || before.State != row.State || before.Generation != row.Generation || !in.InstalledAt.IsZero()) {
		err = s.tellTenant(tx, row.ID)
	}
	return s.after(tx, row, err)
}

// after reads a tenant as the transaction left it.
func (s *Forge) after(tx *gorm.DB, row tenantRow, err error) (*connect.Tenant, error) {
	if err != nil {
		return nil, err
	}
	return s.take(tenants(tx).Where("tenants.id = ?", row.ID))
}

// forgeTenantID finds the tenant of a call, "" for a new one.
func forgeTenantID(tx *gorm.DB, in connect.ForgeInstall) (string, error) {
	var known struct{ ID, CloudID, Environment string }
	err := tx.Raw(`SELECT t.id, t.cloud_id, t.environment FROM tenants t
		JOIN forge_installs f ON f.tenant_id = t.id WHERE f.installation_id = ?`, string(in.ID)).Scan(&known).Error
	if err != nil || known.ID != "" {
		if known.CloudID != string(in.Cloud) || known.Environment != in.Environment {
			err = errors.Join(err, connect.ErrOtherSite)
		}
		return known.ID, err
	}
	id, err := tenantOfSite(tx, string(in.Cloud), in.Environment)
	if err != nil || id != "" || in.Environment != connect.EnvironmentProduction {
		return id, err
	}
	return tenantOfConnect(tx, in)
}

// tenantOfSite is the living tenant of a site and environment, else the one
// that was installed last.
func tenantOfSite(db *gorm.DB, cloud, environment string) (id string, err error) {
	err = db.Raw(`SELECT id FROM tenants WHERE cloud_id = ? AND environment = ? AND product = 'jira'
		ORDER BY CASE state WHEN 'uninstalled' THEN 1 ELSE 0 END, installed_at DESC, id LIMIT 1`, cloud, environment).Scan(&id).Error
	return id, err
}

// tenantOfConnect is the tenant whose Connect installation names this one, or
// whose client key Jira names. A tenant of another site is not taken over.
func tenantOfConnect(tx *gorm.DB, in connect.ForgeInstall) (id string, err error) {
	err = tx.Raw(`SELECT t.id FROM tenants t JOIN connect_installs i ON i.tenant_id = t.id
		WHERE (i.installation_id = @installation OR (@key <> '' AND i.client_key = @key))
			AND t.cloud_id IN ('', @cloud) AND t.product = 'jira'
		ORDER BY CASE i.installation_id WHEN @installation THEN 0 ELSE 1 END LIMIT 1`,
		map[string]any{"installation": string(in.ID), "key": string(in.ClientKey), "cloud": string(in.Cloud)}).Scan(&id).Error
	return id, err
}

// saveForgeTenant makes the tenant, or brings a known one up to date. One with
// a living Connect installation keeps that one's addresses.
func (s *Forge) saveForgeTenant(tx *gorm.DB, id string, in connect.ForgeInstall) (row tenantRow, err error) {
	args := map[string]any{
		"id": id, "cloud": string(in.Cloud), "environment": in.Environment, "api": in.APIBaseURL, "site": in.SiteURL,
		"revives": in.Revives, "now": millis(s.now()),
	}
	if id == "" {
		args["id"] = randomID()
		err = tx.Raw(`INSERT INTO tenants (id, product, cloud_id, environment, base_url, display_url, state, generation, installed_at, updated_at)
			VALUES (@id, 'jira', @cloud, @environment, @api, @site, 'active', 1, @now, @now) RETURNING id, product, cloud_id, state, generation`, args).Take(&row).Error
		return row, err
	}
	err = tx.Raw(`UPDATE tenants SET cloud_id = @cloud,
			base_url    = CASE WHEN `+livesOnConnect+` THEN base_url ELSE @api END,
			display_url = CASE WHEN @site = '' OR `+livesOnConnect+` THEN display_url ELSE @site END,
			generation     = CASE WHEN state = 'uninstalled' AND @revives THEN generation + 1 ELSE generation END,
			installed_at   = CASE WHEN state = 'uninstalled' AND @revives THEN @now ELSE installed_at END,
			uninstalled_at = CASE WHEN @revives THEN 0 ELSE uninstalled_at END,
			state          = CASE WHEN NOT @revives THEN state WHEN held THEN 'disabled' ELSE 'active' END,
			updated_at = @now
		WHERE id = @id RETURNING id, product, cloud_id, state, generation`, args).Take(&row).Error
	return row, absent(err)
}

// livesOnConnect is true of a tenant whose Connect installation has a secret.
const livesOnConnect = `EXISTS (SELECT 1 FROM connect_installs i WHERE i.tenant_id = tenants.id AND i.shared_secret IS NOT NULL)`

// beganAt is since when an installation counts: a new one since now, unless the
// call that it was installed is older than that of another one. One that has ended
// begins anew when it is installed again or in use.
const beganAt = `COALESCE((SELECT MIN(n.created_at) - 1 FROM forge_installs n WHERE n.tenant_id = @tenant AND n.created_at > 0
	AND EXISTS (SELECT 1 FROM forge_installs n WHERE n.tenant_id = @tenant AND n.created_at > 0 AND n.told_at > @since)), @now)`

// upsertForge notes a verified call. What it does not say stays. An installation
// that is in use becomes the newest: the call that said that another one was
// installed came too late.
func (s *Forge) upsertForge(tx *gorm.DB, tenant string, in connect.ForgeInstall) error {
	licence := ""
	if in.License != nil {
		data, err := json.Marshal(in.License)
		if err != nil {
			return fmt.Errorf("write licence: %w", err)
		}
		licence = string(data)
	}
	now := millis(s.now())
	tick := int64(0)
	if in.Tick {
		tick = now
	}
	return tx.Exec(`
		INSERT INTO forge_installs (installation_id, tenant_id, environment, api_base_url, version, licence, last_tick, created_at, seen_at, linked, told_at, used)
		VALUES (@id, @tenant, @environment, @api, @version, @licence, @tick, `+beganAt+`, @now, @linked, @told, @in_use)
		ON CONFLICT (installation_id) DO UPDATE SET
			api_base_url = excluded.api_base_url, environment = excluded.environment,
			version   = CASE WHEN excluded.version = '' THEN forge_installs.version ELSE excluded.version END,
			licence   = CASE WHEN excluded.licence = '' THEN forge_installs.licence ELSE excluded.licence END,
			last_tick = CASE WHEN excluded.last_tick > forge_installs.last_tick THEN excluded.last_tick ELSE forge_installs.last_tick END,
			told_at   = CASE WHEN excluded.told_at > forge_installs.told_at THEN excluded.told_at ELSE forge_installs.told_at END,
			linked    = forge_installs.linked OR excluded.linked,
			used      = forge_installs.used OR excluded.used,
			created_at = CASE WHEN @in_use AND forge_installs.created_at < (SELECT MAX(n.created_at) FROM forge_installs n
				WHERE n.tenant_id = forge_installs.tenant_id) OR forge_installs.created_at = 0 AND (@in_use OR excluded.told_at > 0)
				THEN @now ELSE forge_installs.created_at END,
			seen_at   = excluded.seen_at, refusals = 0, refused_at = 0`,
		map[string]any{
			"id": string(in.ID), "tenant": tenant, "environment": in.EnvironmentID, "api": in.APIBaseURL, "version": in.Version,
			"licence": licence, "tick": tick, "now": now, "linked": in.Linked, "in_use": in.InUse,
			"told": millis(in.InstalledAt), "since": orNever(in.InstalledAt),
		}).Error
}

// orNever is a time to compare with, or one after all others if it is not known.
func orNever(t time.Time) int64 {
	if t.IsZero() {
		return math.MaxInt64
	}
	return millis(t)
}

// saveForgeToken keeps a system token that ends no sooner than the stored one: of
// two that end together Forge may have ended the older.
func (s *Forge) saveForgeToken(tx *gorm.DB, in connect.ForgeInstall) error {
	if in.SystemToken.IsZero() {
		return nil
	}
	sealed, err := s.keys.Seal([]byte(in.SystemToken.Reveal()), forgeAAD(string(in.ID)))
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO forge_tokens (installation_id, kind, account_id, token, expires_at)
		VALUES (@id, 'system', '', @token, @end)
		ON CONFLICT (installation_id, kind, account_id) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at
		WHERE excluded.expires_at >= forge_tokens.expires_at`,
		map[string]any{"id": string(in.ID), "token": sealed, "end": millis(in.SystemExpires)}).Error
}

// ForgeToken implements [connect.ForgeInstallations].
func (s *Forge) ForgeToken(ctx context.Context, id connect.TenantID) (connect.Secret, time.Time, error) {
	var row struct {
		InstallationID string
		Token          []byte
		ExpiresAt      int64
	}
	err := s.db.Reading(ctx, func(db *gorm.DB) error {
		return absent(db.Raw(`SELECT k.installation_id, k.token, k.expires_at FROM tenants
			JOIN forge_tokens k ON k.installation_id = `+newestForge+` AND k.kind = 'system'
			WHERE tenants.id = ? AND tenants.state <> 'uninstalled'`, string(id)).Take(&row).Error)
	})
	if err != nil {
		return connect.Secret{}, time.Time{}, fmt.Errorf("token of tenant %q: %w", id, err)
	}
	token, err := s.keys.Open(row.Token, forgeAAD(row.InstallationID))
	if err != nil {
		return connect.Secret{}, time.Time{}, fmt.Errorf("open token of tenant %q: %w", id, err)
	}
	return connect.NewSecret(string(token)), fromMillis(row.ExpiresAt), nil
}
