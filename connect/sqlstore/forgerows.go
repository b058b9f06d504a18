package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// install is a row of connect_forge_installs.
type install struct {
	id                        connect.ForgeInstallationID
	tenant                    connect.TenantID
	environmentID, api        string
	version                   string
	license                   *connect.ForgeLicense
	token                     connect.Secret
	expires                   int64
	created, seen, tick, told int64
	refusals, refused         int64
	linked, used              bool
}

const installColumns = `installation_id, tenant_id, environment_id, api_base_url, version, licence, token, token_expires,
	created_at, seen_at, last_tick, told_at, refusals, refused_at, linked, used`

// tokenAAD binds a sealed token to its installation.
func tokenAAD(id connect.ForgeInstallationID) string {
	return "connect_forge_installs.token:" + string(id)
}

// lately reports whether an installation has not ended and called within three hours,
// in which the hourly call is due.
func (i *install) lately(now time.Time) bool {
	return i.created > 0 && now.Sub(fromMillis(i.seen)) < 3*time.Hour
}

// end forgets the token of an installation, and that it was ever the newest.
func (i *install) end() {
	i.token, i.expires, i.created, i.used = connect.Secret{}, 0, 0, false
}

func (i *install) status() connect.ForgeStatus {
	return connect.ForgeStatus{
		ID: i.id, Tenant: i.tenant, Version: i.version, License: i.license,
		CreatedAt: fromMillis(i.created), SeenAt: fromMillis(i.seen), LastTick: fromMillis(i.tick),
		Refusals: int(i.refusals), RefusedAt: fromMillis(i.refused), Linked: i.linked,
	}
}

// newest is a tenant's newest installation, the only one whose token is used.
func newest(all []*install) *install {
	var last *install
	for _, i := range all {
		if last == nil || i.created > last.created || i.created == last.created && i.id > last.id {
			last = i
		}
	}
	return last
}

// installs reads those of a condition.
func (s *Store) installs(ctx context.Context, q querier, where string, args ...any) ([]*install, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+installColumns+" FROM connect_forge_installs WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []*install
	for rows.Next() {
		i, err := s.scanInstall(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, i)
	}
	return all, rows.Err()
}

func (s *Store) scanInstall(rows *sql.Rows) (*install, error) {
	var (
		i       install
		licence string
		sealed  []byte
	)
	err := rows.Scan(&i.id, &i.tenant, &i.environmentID, &i.api, &i.version, &licence, &sealed, &i.expires,
		&i.created, &i.seen, &i.tick, &i.told, &i.refusals, &i.refused, &i.linked, &i.used)
	if err != nil {
		return nil, err
	}
	if licence != "" {
		if err := json.Unmarshal([]byte(licence), &i.license); err != nil {
			return nil, fmt.Errorf("read licence: %w", err)
		}
	}
	i.token, err = s.open(sealed, tokenAAD(i.id))
	return &i, err
}

// putInstall writes an installation as it is now.
func (s *Store) putInstall(ctx context.Context, tx *sql.Tx, i *install) error {
	token, err := s.sealed(i.token, tokenAAD(i.id))
	if err != nil {
		return err
	}
	licence := ""
	if i.license != nil {
		data, err := json.Marshal(i.license)
		if err != nil {
			return fmt.Errorf("write licence: %w", err)
		}
		licence = string(data)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO connect_forge_installs (`+installColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (installation_id) DO UPDATE SET
			environment_id = excluded.environment_id, api_base_url = excluded.api_base_url, version = excluded.version,
			licence = excluded.licence, token = excluded.token, token_expires = excluded.token_expires,
			created_at = excluded.created_at, seen_at = excluded.seen_at, last_tick = excluded.last_tick,
			told_at = excluded.told_at, refusals = excluded.refusals, refused_at = excluded.refused_at,
			linked = excluded.linked, used = excluded.used`,
		string(i.id), string(i.tenant), i.environmentID, i.api, i.version, licence, token, i.expires,
		i.created, i.seen, i.tick, i.told, i.refusals, i.refused, number(i.linked), number(i.used))
	return err
}

// number is how a bool is stored.
func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
