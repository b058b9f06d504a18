package store

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/seal"
)

// rekeyBatch is how many secrets one transaction seals anew.
const rekeyBatch = 100

// sealedColumn is a column of sealed values.
type sealedColumn struct {
	table, key, value, name string
	// owner is an SQL expression: whose the value is, for an operator.
	owner string
	// aad returns what a value is bound to, from the row's key.
	aad func(key string) string
	// blank removes the value of a row's key.
	blank func(tx *gorm.DB, key string) error
}

// sealedColumns returns every sealed column of the schema.
func sealedColumns() []sealedColumn {
	return []sealedColumn{
		{
			table: "connect_installs", key: "client_key", value: "shared_secret", name: SealedConnect,
			owner: "(SELECT t.display_url FROM tenants t WHERE t.id = connect_installs.tenant_id)",
			aad:   func(key string) string { return secretAAD(connect.ClientKey(key)) },
			blank: func(tx *gorm.DB, key string) error {
				return tx.Exec("UPDATE connect_installs SET shared_secret = NULL WHERE client_key = ?", key).Error
			},
		},
		{
			table: "forge_tokens", key: "installation_id", value: "token", name: SealedForge, aad: forgeAAD,
			owner: `(SELECT t.display_url FROM forge_installs f JOIN tenants t ON t.id = f.tenant_id
				WHERE f.installation_id = forge_tokens.installation_id)`,
			blank: func(tx *gorm.DB, key string) error {
				return tx.Exec("DELETE FROM forge_tokens WHERE installation_id = ?", key).Error
			},
		},
		{
			table: "rosters", key: "id", value: "value", name: SealedRoster, aad: rosterAAD,
			owner: "(SELECT t.display_url FROM tenants t WHERE t.id = rosters.tenant_id)",
			blank: func(tx *gorm.DB, key string) error {
				return tx.Exec("DELETE FROM rosters WHERE id = ?", key).Error
			},
		},
		{table: "slack_installs", key: "team_id", value: "bot_token", name: SealedSlack, owner: "team_name", aad: slackAAD, blank: revokeSlack},
		{table: "slack_installs", key: "team_id", value: "refresh_token", name: SealedSlack, owner: "team_name", aad: slackRefreshAAD, blank: revokeSlack},
	}
}

// Rekey reseals every value that is not under the newest key and returns how
// many there were. It works in small transactions and is safe while a program
// serves. If it is interrupted, the next run does the rest. Keep the old keys in
// the ring until it returns without an error.
func (s *Store) Rekey(ctx context.Context) (int, error) {
	count := 0
	for _, column := range sealedColumns() {
		n, err := s.rekeyColumn(ctx, column)
		count += n
		if err != nil {
			return count, fmt.Errorf("rekey: %w", err)
		}
	}
	return count, nil
}

func (s *Store) rekeyColumn(ctx context.Context, column sealedColumn) (int, error) {
	count, after, more := 0, "", true
	for more {
		var n int
		last := after
		err := s.db.Transaction(ctx, func(tx *gorm.DB) (err error) {
			n, last, more, err = s.rekeySome(tx, column, after)
			return err
		})
		if err != nil {
			return count, err
		}
		count, after = count+n, last
	}
	return count, nil
}

type sealedRow struct {
	ID    string
	Value []byte
}

// rekeySome reseals the rows that follow a key. It locks them, so that it does
// not overwrite a secret that an install saves at the same time.
func (s *Store) rekeySome(tx *gorm.DB, column sealedColumn, after string) (n int, last string, more bool, err error) {
	var rows []sealedRow
	err = tx.Table(column.table).Clauses(clause.Locking{Strength: "UPDATE"}).
		Select(column.key+" AS id, "+column.value+" AS value").
		Where(column.key+" > ? AND "+column.value+" IS NOT NULL", after).
		Order(column.key).Limit(rekeyBatch).Scan(&rows).Error
	if err != nil {
		return 0, after, false, err
	}
	for _, row := range rows {
		last = row.ID
		if s.keys.Newest(row.Value) {
			continue
		}
		if err := s.rekeyOne(tx, column, row); err != nil {
			return 0, last, false, fmt.Errorf("%s %q: %w", column.name, row.ID, err)
		}
		n++
	}
	return n, last, len(rows) == rekeyBatch, nil
}

func (s *Store) rekeyOne(tx *gorm.DB, column sealedColumn, row sealedRow) error {
	aad := column.aad(row.ID)
	plain, err := s.keys.Open(row.Value, aad)
	if err != nil {
		return err
	}
	sealed, err := s.keys.Seal(plain, aad)
	if err != nil {
		return err
	}
	return tx.Exec("UPDATE "+column.table+" SET "+column.value+" = ? WHERE "+column.key+" = ?", sealed, row.ID).Error
}

// The kinds of [Sealed]: what has to be done for a new value.
const (
	SealedConnect = "client key"      // install the Connect app again
	SealedForge   = "installation"    // nothing: the next call from Forge brings one
	SealedRoster  = "gadget"          // enter people's hours and absences in the gadget's form again
	SealedSlack   = "slack workspace" // connect the workspace again
)

// Sealed is a stored secret, without the secret.
type Sealed struct {
	// Kind is one of the Sealed constants, ID the client key, installation, gadget or
	// workspace, and Owner the site's address or the workspace's name.
	Kind, ID, Owner string
}

// SealedUnder lists what is sealed under keys that are lost. A key of the ring is
// not lost: that is an error.
func (s *Store) SealedUnder(ctx context.Context, lost ...string) (list []Sealed, err error) {
	err = s.db.Reading(ctx, func(db *gorm.DB) error {
		list, err = s.sealedUnder(db, lost)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list what is sealed: %w", err)
	}
	return list, nil
}

// Forget removes what SealedUnder lists, and returns what it removed: all or
// nothing. Tenants and what they have set up stay.
func (s *Store) Forget(ctx context.Context, lost ...string) (list []Sealed, err error) {
	err = s.db.Transaction(ctx, func(tx *gorm.DB) error {
		list, err = s.sealedUnder(tx, lost)
		if err != nil {
			return err
		}
		for _, value := range list {
			if err := value.blank(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("forget keys: %w", err)
	}
	return list, nil
}

func (s *Store) sealedUnder(db *gorm.DB, lost []string) (list []Sealed, err error) {
	for _, id := range lost {
		if s.keys.Has(id) {
			return nil, fmt.Errorf("key %q is among the secret keys", id)
		}
		for _, column := range sealedColumns() {
			header := seal.Header(id)
			var rows []Sealed
			err := db.Table(column.table).Select(column.key+" AS id, COALESCE("+column.owner+", '') AS owner").
				Where(column.begins(header), header).Order(column.key).Scan(&rows).Error
			if err != nil {
				return nil, err
			}
			for _, row := range rows {
				row.Kind = column.name
				if !slices.Contains(list, row) { // a workspace has two
					list = append(list, row)
				}
			}
		}
	}
	return list, nil
}

func (v Sealed) blank(tx *gorm.DB) error {
	for _, column := range sealedColumns() {
		if column.name == v.Kind {
			return column.blank(tx, v.ID)
		}
	}
	return nil
}

// revokeSlack removes what opens a workspace and stops its channels.
func revokeSlack(tx *gorm.DB, team string) error {
	err := tx.Exec("UPDATE slack_installs SET bot_token = NULL, refresh_token = NULL WHERE team_id = ?", team).Error
	if err != nil {
		return err
	}
	err = tx.Exec("UPDATE conversations SET state = 'stopped', stopped_for = ? WHERE surface = 'slack' AND site = ?",
		string(glance.ReasonRevoked), team).Error
	if err != nil {
		return err
	}
	return tx.Exec("UPDATE glances SET lease = '', next_attempt = 0 WHERE surface = 'slack' AND site = ?", team).Error
}

// TryAll opens every sealed value and returns how many there are, and those that no key
// opens.
func (s *Store) TryAll(ctx context.Context) (count int, closed []Sealed, err error) {
	for _, column := range sealedColumns() {
		after, more := "", true
		for more && err == nil {
			var rows []sealedRow
			err = s.db.Reading(ctx, func(db *gorm.DB) error {
				return db.Table(column.table).Select(column.key+" AS id, "+column.value+" AS value").
					Where(column.key+" > ? AND "+column.value+" IS NOT NULL", after).
					Order(column.key).Limit(rekeyBatch).Scan(&rows).Error
			})
			for _, row := range rows {
				after, count = row.ID, count+1
				if _, wrong := s.keys.Open(row.Value, column.aad(row.ID)); wrong != nil {
					closed = append(closed, Sealed{Kind: column.name, ID: row.ID})
				}
			}
			more = len(rows) == rekeyBatch
		}
	}
	if err != nil {
		return 0, nil, fmt.Errorf("open all secrets: %w", err)
	}
	return count, closed, nil
}
