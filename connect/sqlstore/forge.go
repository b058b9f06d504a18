package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// ForgeTenant implements [connect.ForgeInstallations].
func (s *Store) ForgeTenant(ctx context.Context, id connect.ForgeInstallationID) (*connect.Tenant, connect.ForgeStatus, error) {
	t, all, err := s.ofInstallation(ctx, s.db, id)
	if err != nil {
		return nil, connect.ForgeStatus{}, fmt.Errorf("tenant of installation %q: %w", id, unavailable(err))
	}
	return onForge(t, all), find(all, id).status(), nil
}

// ofInstallation reads the tenant of an installation, and all its installations.
func (s *Store) ofInstallation(ctx context.Context, q querier, id connect.ForgeInstallationID) (*tenant, []*install, error) {
	found, err := s.tenants(ctx, q, "id = (SELECT tenant_id FROM connect_forge_installs WHERE installation_id = $1)", string(id))
	if err == nil && len(found) == 0 {
		err = connect.ErrNotFound
	}
	if err != nil {
		return nil, nil, err
	}
	all, err := s.installs(ctx, q, "tenant_id = $1", string(found[0].ID))
	return found[0], all, err
}

func find(all []*install, id connect.ForgeInstallationID) *install {
	for _, i := range all {
		if i.id == id {
			return i
		}
	}
	return nil
}

// onForge is a tenant with its newest installation.
func onForge(t *tenant, all []*install) *connect.Tenant {
	whole := t.Tenant
	if i := newest(all); i != nil {
		whole.ForgeInstallation, whole.APIBaseURL, whole.EnvironmentID = i.id, i.api, i.environmentID
	}
	return &whole
}

// HasForgeTenant implements [connect.ForgeInstallations].
func (s *Store) HasForgeTenant(ctx context.Context, cloud connect.CloudID, environment string) (bool, error) {
	t, err := s.ofSite(ctx, s.db, cloud, environment)
	if err != nil {
		return false, fmt.Errorf("tenant of cloud id %q: %w", cloud, unavailable(err))
	}
	return t != nil, nil
}

// ofSite is the living tenant of a site and environment, else the one that was
// installed last, else nil.
func (s *Store) ofSite(ctx context.Context, q querier, cloud connect.CloudID, environment string) (*tenant, error) {
	return s.first(ctx, q, `cloud_id = $1 AND environment = $2 AND product = 'jira'
		ORDER BY CASE state WHEN 'uninstalled' THEN 1 ELSE 0 END, installed_at DESC, id LIMIT 1`, string(cloud), environment)
}

// ofConnect is the tenant whose Connect installation names this one, or whose client
// key Jira names; nil without one. A tenant of another site is not taken over.
func (s *Store) ofConnect(ctx context.Context, q querier, in connect.ForgeInstall) (*tenant, error) {
	return s.first(ctx, q, `(installation_id = $1 OR client_key = $2) AND cloud_id IN ('', $3) AND product = 'jira'
		ORDER BY CASE WHEN installation_id = $1 THEN 0 ELSE 1 END LIMIT 1`,
		string(in.ID), sql.NullString{String: string(in.ClientKey), Valid: in.ClientKey != ""}, string(in.Cloud))
}

func (s *Store) first(ctx context.Context, q querier, where string, args ...any) (*tenant, error) {
	found, err := s.tenants(ctx, q, where, args...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// SaveForgeInstall implements [connect.ForgeInstallations].
func (s *Store) SaveForgeInstall(ctx context.Context, in connect.ForgeInstall) (*connect.Tenant, error) {
	var t *connect.Tenant
	err := s.change(ctx, func(tx *sql.Tx) (err error) {
		t, err = s.saveForgeInstall(ctx, tx, in)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("save installation %q: %w", in.ID, err)
	}
	return t, nil
}

func (s *Store) saveForgeInstall(ctx context.Context, tx *sql.Tx, in connect.ForgeInstall) (*connect.Tenant, error) {
	if in.ID == "" || in.Cloud == "" || in.Environment == "" || in.APIBaseURL == "" {
		return nil, fmt.Errorf("%w: no installation, site, environment or API address", errIncomplete)
	}
	now := s.now()
	t, all, err := s.forgeTenant(ctx, tx, in)
	if err != nil {
		return nil, err
	}
	if t == nil {
		t = &tenant{Tenant: connect.Tenant{
			ID: connect.TenantID(randomID()), Product: connect.ProductJira, Environment: in.Environment,
			State: connect.StateActive, Generation: 1, InstalledAt: now,
		}}
	}
	called(t, in, now)
	if err := s.put(ctx, tx, t); err != nil {
		return nil, err
	}
	if t.State == connect.StateUninstalled {
		return onForge(t, all), nil
	}
	i := find(all, in.ID)
	if i == nil {
		i = &install{id: in.ID, tenant: t.ID, created: beganAt(all, in, now)}
		all = append(all, i)
	} else if in.InUse && i.created < newest(all).created || i.created == 0 && (in.InUse || !in.InstalledAt.IsZero()) {
		// It is in use, so the call that said that another one was installed came
		// too late; or it had ended and was installed again.
		i.created = millis(now)
	}
	i.called(in, now)
	return onForge(t, all), s.putInstall(ctx, tx, i)
}

// forgeTenant finds the tenant of a call and its installations; nil for a new one.
func (s *Store) forgeTenant(ctx context.Context, tx *sql.Tx, in connect.ForgeInstall) (*tenant, []*install, error) {
	t, all, err := s.ofInstallation(ctx, tx, in.ID)
	if !errors.Is(err, connect.ErrNotFound) {
		if err == nil && (t.CloudID != in.Cloud || t.Environment != in.Environment) {
			err = connect.ErrOtherSite
		}
		return t, all, err
	}
	t, err = s.ofSite(ctx, tx, in.Cloud, in.Environment)
	if err == nil && t == nil && in.Environment == connect.EnvironmentProduction {
		t, err = s.ofConnect(ctx, tx, in)
	}
	if err != nil || t == nil {
		return nil, nil, err
	}
	all, err = s.installs(ctx, tx, "tenant_id = $1", string(t.ID))
	return t, all, err
}

// called brings a tenant up to date with a call. One with a living Connect
// installation keeps that one's addresses.
func called(t *tenant, in connect.ForgeInstall, now time.Time) {
	if in.ConnectOver {
		t.SharedSecret = connect.Secret{}
	}
	if t.SharedSecret.IsZero() {
		t.BaseURL, t.DisplayURL = in.APIBaseURL, cmp.Or(in.SiteURL, t.DisplayURL)
	}
	t.CloudID, t.UpdatedAt = in.Cloud, now
	if !in.Revives {
		return
	}
	if t.State == connect.StateUninstalled {
		t.Generation++
		t.InstalledAt = now
	}
	t.State, t.UninstalledAt = connect.StateActive, time.Time{}
}

// beganAt is since when a new installation counts: now, unless the call that it was
// installed is older than that of another one.
func beganAt(all []*install, in connect.ForgeInstall, now time.Time) int64 {
	since := int64(math.MaxInt64)
	if !in.InstalledAt.IsZero() {
		since = millis(in.InstalledAt)
	}
	began, late := millis(now), false
	oldest := began
	for _, i := range all {
		if i.created > 0 {
			oldest, late = min(oldest, i.created), late || i.told > since
		}
	}
	if late {
		return oldest - 1
	}
	return began
}

// called brings an installation up to date with a call. What the call does not say
// stays, and so does a token that ends later.
func (i *install) called(in connect.ForgeInstall, now time.Time) {
	i.environmentID, i.api, i.version = in.EnvironmentID, in.APIBaseURL, cmp.Or(in.Version, i.version)
	if in.License != nil {
		i.license = in.License
	}
	if in.Tick {
		i.tick = max(i.tick, millis(now))
	}
	i.told, i.seen = max(i.told, millis(in.InstalledAt)), millis(now)
	i.refusals, i.refused = 0, 0
	i.linked, i.used = i.linked || in.Linked, i.used || in.InUse
	if expires := millis(in.SystemExpires); !in.SystemToken.IsZero() && expires >= i.expires {
		i.token, i.expires = in.SystemToken, expires
	}
}

// UninstallForge implements [connect.ForgeInstallations].
func (s *Store) UninstallForge(ctx context.Context, id connect.ForgeInstallationID, told time.Time) (*connect.Tenant, error) {
	var whole *connect.Tenant
	err := s.change(ctx, func(tx *sql.Tx) error {
		t, all, err := s.ofInstallation(ctx, tx, id)
		if err != nil {
			return err
		}
		i := find(all, id)
		if isOlder(told, i.told) {
			return connect.ErrOldEvent
		}
		lives := livesWithout(all, i, told, s.now())
		i.end()
		if lives {
			err = s.putInstall(ctx, tx, i)
		} else {
			err = s.end(ctx, tx, t, all)
		}
		whole = onForge(t, all)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("uninstall installation %q: %w", id, err)
	}
	return whole, nil
}

// livesWithout reports whether a tenant goes on when an installation of it ends: it
// has a newer one, or another one that called lately while this one never was in use
// or was installed before it.
func livesWithout(all []*install, ends *install, told, now time.Time) bool {
	if newest(all) != ends {
		return true
	}
	for _, o := range all {
		newer := !told.IsZero() && o.told > millis(told)
		if o != ends && o.lately(now) && (!ends.used || newer) {
			return true
		}
	}
	return false
}

// ForgeToken implements [connect.ForgeInstallations].
func (s *Store) ForgeToken(ctx context.Context, id connect.TenantID) (connect.Secret, time.Time, error) {
	all, err := s.installs(ctx, s.db, `tenant_id = (SELECT id FROM connect_tenants WHERE id = $1 AND state <> 'uninstalled')`, string(id))
	i := newest(all)
	if err == nil && (i == nil || i.token.IsZero()) {
		err = connect.ErrNotFound
	}
	if err != nil {
		return connect.Secret{}, time.Time{}, fmt.Errorf("token of tenant %q: %w", id, unavailable(err))
	}
	return i.token, fromMillis(i.expires), nil
}

// ForgeRefused implements [connect.ForgeInstallations]. A tenant without an
// installation has nothing to count.
func (s *Store) ForgeRefused(ctx context.Context, id connect.TenantID) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		all, err := s.installs(ctx, tx, "tenant_id = $1", string(id))
		i := newest(all)
		if err != nil || i == nil {
			return err
		}
		if i.refusals == 0 {
			i.refused = millis(s.now())
		}
		i.refusals++
		return s.putInstall(ctx, tx, i)
	})
	if err != nil {
		return fmt.Errorf("count refusal of tenant %q: %w", id, err)
	}
	return nil
}
