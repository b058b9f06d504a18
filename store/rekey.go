package store

import (
	"context"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/sightline-go/sightline/connect"
)

// rekeyBatch is how many secrets one transaction seals anew.
const rekeyBatch = 100

// sealedColumn is a column of sealed values. aad returns what a value is bound
// to, from the row's key.
type sealedColumn struct {
	table, key, value, name string
	aad                     func(key string) string
}

// sealedColumns returns every sealed column of the schema.
func sealedColumns() []sealedColumn {
	return []sealedColumn{
		{"connect_installs", "client_key", "shared_secret", "client key", func(key string) string { return secretAAD(connect.ClientKey(key)) }},
		{"forge_tokens", "installation_id", "token", "installation", forgeAAD},
		{"slack_installs", "team_id", "bot_token", "slack workspace", slackAAD},
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
		err := s.transaction(ctx, func(tx *gorm.DB) (err error) {
			n, after, more, err = s.rekeySome(tx, column, after)
			return err
		})
		if err != nil {
			return count, err
		}
		count += n
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
		if s.keys.newest(row.Value) {
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
