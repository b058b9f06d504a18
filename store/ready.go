package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/internal/seal"
)

// secretsEvery is how often Ready looks at the sealed values: another replica
// may seal them anew under a key that this one does not have.
const secretsEvery = time.Minute

// opened remembers when the stored secrets were looked at, and how it went.
type opened struct {
	mu  sync.Mutex
	at  time.Time
	err error
}

// Ready reports why the database cannot be used: it does not answer, it is not
// migrated, it has been migrated since and needs a newer program, it takes no
// writes, or the keys do not open what it holds. It writes one row and ends
// within [Limits.Call].
func (s *Store) Ready(ctx context.Context) error {
	within, cancel := s.db.Within(ctx)
	defer cancel()
	if err := s.db.Ready(within); err != nil {
		return err
	}
	s.opened.mu.Lock()
	defer s.opened.mu.Unlock()
	if now := time.Now(); now.Sub(s.opened.at) >= secretsEvery {
		s.opened.at, s.opened.err = now, s.checkSecrets(within)
	}
	return s.opened.err
}

// checkSecrets reports a stored value that the keys do not open. It looks at the
// key id of every value, and opens a few of each key.
func (s *core) checkSecrets(ctx context.Context) error {
	return s.db.Reading(ctx, func(db *gorm.DB) error {
		for _, column := range sealedColumns() {
			if err := s.checkForeign(db, column); err != nil {
				return err
			}
			for _, header := range s.keys.Headers() {
				if err := s.checkKey(db, column, header); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// checkForeign looks for a value that is sealed under a key that is not there.
func (s *core) checkForeign(db *gorm.DB, column sealedColumn) error {
	conditions := []string{column.value + " IS NOT NULL"}
	var prefixes []any
	headers := s.keys.Headers()
	for _, id := range s.lost {
		headers = append(headers, seal.Header(id))
	}
	for _, header := range headers {
		conditions = append(conditions, "NOT "+column.begins(header))
		prefixes = append(prefixes, header)
	}
	rows, err := column.some(db, strings.Join(conditions, " AND "), 1, prefixes...)
	if err != nil || len(rows) == 0 {
		return err
	}
	_, err = s.keys.Open(rows[0].Value, column.aad(rows[0].ID))
	return fmt.Errorf("%s %q: %w", column.name, rows[0].ID, err)
}

// triedValues is how many values are tried before a key is held for a wrong one:
// a single value may be damaged.
const triedValues = 5

// checkKey tells a key that bears the id of another one.
func (s *core) checkKey(db *gorm.DB, column sealedColumn, header []byte) error {
	rows, err := column.some(db, column.begins(header), triedValues, header)
	if err != nil {
		return err
	}
	var failures []error
	for _, row := range rows {
		if _, err = s.keys.Open(row.Value, column.aad(row.ID)); err == nil {
			return nil
		}
		failures = append(failures, fmt.Errorf("%s %q: %w", column.name, row.ID, err))
	}
	return errors.Join(failures...)
}

// begins is the condition of a value that is sealed under a key; it takes the
// key's header.
func (c sealedColumn) begins(header []byte) string {
	return fmt.Sprintf("substr(%s, 1, %d) = ?", c.value, len(header))
}

// some reads values that meet a condition.
func (c sealedColumn) some(db *gorm.DB, where string, limit int, args ...any) (rows []sealedRow, err error) {
	err = db.Table(c.table).Select(c.key+" AS id, "+c.value+" AS value").Where(where, args...).Limit(limit).Scan(&rows).Error
	return rows, err
}
