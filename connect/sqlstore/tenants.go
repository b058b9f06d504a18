package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// tenant is a row of connect_tenants. told is when the newest install or uninstall
// of Connect was issued, moved the newest enabled or disabled.
type tenant struct {
	connect.Tenant
	told, moved int64
}

const tenantColumns = `id, product, cloud_id, environment, base_url, display_url, state, generation, installed_at,
	updated_at, uninstalled_at, client_key, app_key, shared_secret, oauth_client_id, installation_id, told_at, moved_at`

// secretAAD binds a sealed shared secret to its client key.
func secretAAD(key connect.ClientKey) string { return "connect_tenants.shared_secret:" + string(key) }

// tenants reads those of a condition.
func (s *Store) tenants(ctx context.Context, q querier, where string, args ...any) ([]*tenant, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+tenantColumns+" FROM connect_tenants WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []*tenant
	for rows.Next() {
		t, err := s.scanTenant(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, rows.Err()
}

func (s *Store) scanTenant(rows *sql.Rows) (*tenant, error) {
	var (
		t                               tenant
		key                             sql.NullString
		sealed                          []byte
		installed, updated, uninstalled int64
	)
	err := rows.Scan(&t.ID, &t.Product, &t.CloudID, &t.Environment, &t.BaseURL, &t.DisplayURL, &t.State, &t.Generation, &installed,
		&updated, &uninstalled, &key, &t.AppKey, &sealed, &t.OAuthClientID, &t.InstallationID, &t.told, &t.moved)
	if err != nil {
		return nil, err
	}
	t.ClientKey = connect.ClientKey(key.String)
	t.InstalledAt, t.UpdatedAt, t.UninstalledAt = fromMillis(installed), fromMillis(updated), fromMillis(uninstalled)
	t.SharedSecret, err = s.open(sealed, secretAAD(t.ClientKey))
	return &t, err
}

// open opens a sealed value; NULL is the empty secret.
func (s *Store) open(sealed []byte, aad string) (connect.Secret, error) {
	if sealed == nil {
		return connect.Secret{}, nil
	}
	plain, err := s.keys.Open(sealed, aad)
	return connect.NewSecret(string(plain)), err
}

// sealed is what is stored of a secret, nil of the empty one.
func (s *Store) sealed(secret connect.Secret, aad string) ([]byte, error) {
	if secret.IsZero() {
		return nil, nil
	}
	return s.keys.Seal([]byte(secret.Reveal()), aad)
}

// put writes a tenant as it is now.
func (s *Store) put(ctx context.Context, tx *sql.Tx, t *tenant) error {
	secret, err := s.sealed(t.SharedSecret, secretAAD(t.ClientKey))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO connect_tenants (`+tenantColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
		ON CONFLICT (id) DO UPDATE SET
			product = excluded.product, cloud_id = excluded.cloud_id, environment = excluded.environment,
			base_url = excluded.base_url, display_url = excluded.display_url, state = excluded.state,
			generation = excluded.generation, installed_at = excluded.installed_at, updated_at = excluded.updated_at,
			uninstalled_at = excluded.uninstalled_at, client_key = excluded.client_key, app_key = excluded.app_key,
			shared_secret = excluded.shared_secret, oauth_client_id = excluded.oauth_client_id,
			installation_id = excluded.installation_id, told_at = excluded.told_at, moved_at = excluded.moved_at`,
		string(t.ID), string(t.Product), string(t.CloudID), t.Environment, t.BaseURL, t.DisplayURL, string(t.State), t.Generation,
		millis(t.InstalledAt), millis(t.UpdatedAt), millis(t.UninstalledAt),
		sql.NullString{String: string(t.ClientKey), Valid: t.ClientKey != ""}, t.AppKey, secret, t.OAuthClientID, t.InstallationID,
		t.told, t.moved)
	return err
}

func (s *Store) byClientKey(ctx context.Context, q querier, key connect.ClientKey) (*tenant, error) {
	found, err := s.tenants(ctx, q, "client_key = $1", string(key))
	if err == nil && len(found) == 0 {
		err = connect.ErrNotFound
	}
	if err != nil {
		return nil, unavailable(err)
	}
	return found[0], nil
}

// TenantByClientKey implements [connect.TenantFinder]. What the tenant has on Forge
// is left out: a call of Connect is answered through Connect.
func (s *Store) TenantByClientKey(ctx context.Context, key connect.ClientKey) (*connect.Tenant, error) {
	t, err := s.byClientKey(ctx, s.db, key)
	if err != nil {
		return nil, fmt.Errorf("tenant %q: %w", key, err)
	}
	return &t.Tenant, nil
}

// SaveInstall implements [connect.Installations]. An install without client key or
// secret is an error.
func (s *Store) SaveInstall(ctx context.Context, in connect.Install) (*connect.Tenant, error) {
	var whole *connect.Tenant
	err := s.change(ctx, func(tx *sql.Tx) error {
		t, err := s.saveInstall(ctx, tx, in)
		if err == nil {
			whole, err = s.after(ctx, tx, t)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("save install %q: %w", in.ClientKey, err)
	}
	return whole, nil
}

func (s *Store) saveInstall(ctx context.Context, tx *sql.Tx, in connect.Install) (*tenant, error) {
	if in.ClientKey == "" || in.SharedSecret.IsZero() {
		return nil, fmt.Errorf("%w: no client key or no shared secret", errIncomplete)
	}
	now := s.now()
	t, err := s.byClientKey(ctx, tx, in.ClientKey)
	switch {
	case errors.Is(err, connect.ErrNotFound):
		t = &tenant{Tenant: connect.Tenant{
			ID: connect.TenantID(randomID()), ClientKey: in.ClientKey, Environment: connect.EnvironmentProduction, InstalledAt: now,
		}}
	case err != nil:
		return nil, err
	case isOlder(in.IssuedAt, t.told):
		return nil, connect.ErrOldEvent
	case t.State == connect.StateUninstalled:
		t.InstalledAt = now
	}
	t.told = max(t.told, millis(in.IssuedAt))
	t.AppKey, t.Product, t.SharedSecret = in.Key, in.ProductType, in.SharedSecret
	t.OAuthClientID, t.InstallationID = in.OAuthClientID, in.InstallationID
	t.BaseURL = strings.TrimSuffix(in.BaseURL, "/")
	t.DisplayURL = cmp.Or(strings.TrimSuffix(in.DisplayURL, "/"), t.BaseURL)
	t.State, t.UpdatedAt, t.UninstalledAt = connect.StateActive, now, time.Time{}
	t.Generation++
	return t, s.put(ctx, tx, t)
}

// isOlder reports whether a call was issued before a noted one; one whose time is not
// known was not.
func isOlder(issued time.Time, noted int64) bool { return !issued.IsZero() && millis(issued) < noted }

// SetState implements [connect.Installations]. A tenant that Forge called lately goes
// on there when its Connect installation ends.
func (s *Store) SetState(ctx context.Context, key connect.ClientKey, state connect.State, told time.Time) (*connect.Tenant, error) {
	var whole *connect.Tenant
	err := s.change(ctx, func(tx *sql.Tx) error {
		t, err := s.byClientKey(ctx, tx, key)
		if err != nil {
			return err
		}
		switch state {
		case connect.StateUninstalled:
			err = s.uninstall(ctx, tx, t, told)
		case connect.StateActive, connect.StateDisabled:
			err = s.enable(ctx, tx, t, state, told)
		default:
			err = fmt.Errorf("%w: no such state", errIncomplete)
		}
		if err == nil {
			whole, err = s.after(ctx, tx, t)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("set state of %q to %q: %w", key, state, err)
	}
	return whole, nil
}

// after is a tenant as a change left it, with what it has on Forge, for the caches
// of both.
func (s *Store) after(ctx context.Context, tx *sql.Tx, t *tenant) (*connect.Tenant, error) {
	all, err := s.installs(ctx, tx, "tenant_id = $1", string(t.ID))
	return onForge(t, all), err
}

func (s *Store) uninstall(ctx context.Context, tx *sql.Tx, t *tenant, told time.Time) error {
	if isOlder(told, t.told) {
		return connect.ErrOldEvent
	}
	t.told = max(t.told, millis(told))
	t.SharedSecret = connect.Secret{}
	installs, err := s.installs(ctx, tx, "tenant_id = $1", string(t.ID))
	if err != nil {
		return err
	}
	for _, i := range installs {
		if i.lately(s.now()) && t.State != connect.StateUninstalled {
			t.Generation++
			t.UpdatedAt = s.now()
			return s.put(ctx, tx, t)
		}
	}
	return s.end(ctx, tx, t, installs)
}

// end ends a tenant and all its installations, and forgets their secrets.
func (s *Store) end(ctx context.Context, tx *sql.Tx, t *tenant, installs []*install) error {
	for _, i := range installs {
		i.end()
		if err := s.putInstall(ctx, tx, i); err != nil {
			return err
		}
	}
	t.SharedSecret = connect.Secret{}
	if t.State != connect.StateUninstalled {
		now := s.now()
		t.State, t.UpdatedAt, t.UninstalledAt = connect.StateUninstalled, now, now
		t.Generation++
	}
	return s.put(ctx, tx, t)
}

func (s *Store) enable(ctx context.Context, tx *sql.Tx, t *tenant, state connect.State, told time.Time) error {
	if isOlder(told, t.moved) {
		return connect.ErrOldEvent
	}
	t.moved = max(t.moved, millis(told))
	if t.State != connect.StateUninstalled && t.State != state {
		t.State, t.UpdatedAt = state, s.now()
	}
	return s.put(ctx, tx, t)
}
