package store

import (
	"context"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sightline/connect"
)

// rekeyBatch is how many secrets one transaction seals anew.
const rekeyBatch = 100

// Rekey seals everything that is not under the newest key anew under it and
// returns how many values that were. It works in small transactions beside a
// serving program; stopped half-way, the next run does the rest. The old keys
// must stay in the ring until it has returned without an error.
func (s *Store) Rekey(ctx context.Context) (int, error) {
	count, after, more := 0, "", true
	for more {
		var n int
		err := s.transaction(ctx, func(tx *gorm.DB) (err error) {
			n, after, more, err = s.rekeySome(tx, after)
			return err
		})
		if err != nil {
			return count, fmt.Errorf("rekey: %w", err)
		}
		count += n
	}
	return count, nil
}

type installSecret struct {
	ClientKey    string
	SharedSecret []byte
}

// rekeySome does the installations that follow a client key. It locks them,
// so that a secret that an install brings meanwhile is not overwritten.
func (s *Store) rekeySome(tx *gorm.DB, after string) (n int, last string, more bool, err error) {
	var rows []installSecret
	err = tx.Table("connect_installs").Clauses(clause.Locking{Strength: "UPDATE"}).
		Where("client_key > ? AND shared_secret IS NOT NULL", after).
		Order("client_key").Limit(rekeyBatch).Scan(&rows).Error
	if err != nil {
		return 0, after, false, err
	}
	for _, row := range rows {
		last = row.ClientKey
		if s.keys.newest(row.SharedSecret) {
			continue
		}
		if err := s.rekeyOne(tx, row); err != nil {
			return 0, last, false, fmt.Errorf("client key %q: %w", row.ClientKey, err)
		}
		n++
	}
	return n, last, len(rows) == rekeyBatch, nil
}

func (s *Store) rekeyOne(tx *gorm.DB, row installSecret) error {
	aad := secretAAD(connect.ClientKey(row.ClientKey))
	plain, err := s.keys.Open(row.SharedSecret, aad)
	if err != nil {
		return err
	}
	sealed, err := s.keys.Seal(plain, aad)
	if err != nil {
		return err
	}
	return tx.Exec("UPDATE connect_installs SET shared_secret = ? WHERE client_key = ?", sealed, row.ClientKey).Error
}
