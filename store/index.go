package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/store/internal/database"
)

// Index holds the pages of the tenants' facts. It implements [index.Storage].
type Index struct{ *core }

// Scan implements [index.Storage].
func (s *Index) Scan(ctx context.Context, tenant string, ranges []index.Range, f func(index.Key, []byte) error) error {
	if len(ranges) == 0 {
		return nil
	}
	err := s.db.Reading(ctx, func(db *gorm.DB) error { return scanPages(db, tenant, ranges, f) })
	if err != nil {
		return fmt.Errorf("scan index pages: %w", err)
	}
	return nil
}

// Load implements [index.Storage].
func (s *Index) Load(ctx context.Context, tenant string, keys []index.Key) (pages map[index.Key][]byte, err error) {
	err = s.db.Reading(ctx, func(db *gorm.DB) (err error) {
		pages, err = loadPages(db, tenant, keys)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load index pages: %w", err)
	}
	return pages, nil
}

// Change implements [index.Storage]. A tenant that is uninstalled or unknown is
// connect.ErrNotFound: what is under way at an uninstall leaves nothing behind. On
// SQLite the transaction has the write lock from its first statement on.
func (s *Index) Change(ctx context.Context, tenant string, f func(index.Pages) error) error {
	return s.db.Sweep(ctx, func(tx *gorm.DB) error {
		if err := lockSite(tx, "index of "+tenant); err != nil {
			return err
		}
		if err := holdInstalled(tx, tenant); err != nil {
			return err
		}
		return f(indexPages{tx, tenant})
	})
}

// holdInstalled keeps a tenant from being uninstalled until the transaction ends.
func holdInstalled(tx *gorm.DB, tenant string) error {
	var id string
	query := tx.Table("tenants").Clauses(clause.Locking{Strength: "SHARE"}).
		Select("id").Where("id = ? AND state <> 'uninstalled'", tenant)
	return absent(query.Take(&id).Error)
}

// Each implements [index.Storage].
func (s *Index) Each(ctx context.Context, k index.Key, f func(tenant string, body []byte) error) error {
	err := s.db.Reading(ctx, func(db *gorm.DB) error {
		rows, err := db.Raw(`SELECT p.tenant_id, p.body FROM tenants t
			JOIN index_pages p ON p.tenant_id = t.id AND p.shelf = ? AND p.project = ? AND p.bucket = ?`,
			int(k.Shelf), k.Project, k.Bucket).Rows()
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var (
				tenant string
				body   sql.RawBytes
			)
			if err := rows.Scan(&tenant, &body); err != nil {
				return err
			}
			if err := f(tenant, body); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	if err != nil {
		return fmt.Errorf("read index pages: %w", err)
	}
	return nil
}

// Holding implements [index.Storage].
func (s *Index) Holding(ctx context.Context, text string) (tenants []string, err error) {
	err = s.db.Reading(ctx, func(db *gorm.DB) error {
		contains := "instr(body, ?) > 0"
		if database.OnPostgres(db) {
			contains = "position( ? IN body) > 0" // after a parenthesis GORM makes a list of bytes
		}
		return db.Raw("SELECT DISTINCT tenant_id FROM index_pages WHERE "+contains+" ORDER BY tenant_id", []byte(text)).Scan(&tenants).Error
	})
	if err != nil {
		return nil, fmt.Errorf("look for text in index pages: %w", err)
	}
	return tenants, nil
}

// Drop implements [index.Storage].
func (s *Index) Drop(ctx context.Context, tenant string) error {
	err := s.db.Sweep(ctx, func(tx *gorm.DB) error {
		return tx.Exec("DELETE FROM index_pages WHERE tenant_id = ?", tenant).Error
	})
	if err != nil {
		return fmt.Errorf("drop index pages: %w", err)
	}
	return nil
}

// indexPages are a tenant's pages within a transaction.
type indexPages struct {
	tx     *gorm.DB
	tenant string
}

func (p indexPages) Load(keys []index.Key) (map[index.Key][]byte, error) {
	return loadPages(p.tx, p.tenant, keys)
}

func (p indexPages) Scan(r index.Range) (map[index.Key][]byte, error) {
	pages := map[index.Key][]byte{}
	err := scanPages(p.tx, p.tenant, []index.Range{r}, copyInto(pages))
	return pages, err
}

func (p indexPages) Save(k index.Key, body []byte) error {
	if len(body) == 0 {
		return p.tx.Exec("DELETE FROM index_pages WHERE tenant_id = ? AND shelf = ? AND project = ? AND bucket = ?",
			p.tenant, int(k.Shelf), k.Project, k.Bucket).Error
	}
	return p.tx.Exec(`INSERT INTO index_pages (tenant_id, shelf, project, bucket, body) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (tenant_id, shelf, project, bucket) DO UPDATE SET body = excluded.body`,
		p.tenant, int(k.Shelf), k.Project, k.Bucket, body).Error
}

const selectPages = "SELECT shelf, project, bucket, body FROM index_pages WHERE tenant_id = ? AND shelf = ?"

// scanPages reads all ranges in one statement, so that they are of one moment.
func scanPages(db *gorm.DB, tenant string, ranges []index.Range, f func(index.Key, []byte) error) error {
	var (
		parts []string
		args  []any
	)
	for _, r := range ranges {
		part := selectPages
		args = append(args, tenant, int(r.Shelf))
		if r.Projects != nil {
			part += " AND project IN ?"
			args = append(args, r.Projects)
		}
		parts = append(parts, part+" AND bucket BETWEEN ? AND ?")
		args = append(args, r.From, r.To)
	}
	return readPages(db, strings.Join(parts, " UNION ALL "), args, f)
}

// keysAtOnce is how many pages one statement names.
const keysAtOnce = 100

// loadPages reads pages by their keys. Those of one shelf and project are named
// together.
func loadPages(db *gorm.DB, tenant string, keys []index.Key) (map[index.Key][]byte, error) {
	type drawer struct {
		shelf   index.Shelf
		project string
	}
	buckets := map[drawer][]int64{}
	for _, k := range keys {
		at := drawer{k.Shelf, k.Project}
		buckets[at] = append(buckets[at], k.Bucket)
	}
	pages := make(map[index.Key][]byte, len(keys))
	for at, list := range buckets {
		slices.Sort(list)
		for some := range slices.Chunk(slices.Compact(list), keysAtOnce) {
			args := []any{tenant, int(at.shelf), at.project, some}
			if err := readPages(db, selectPages+" AND project = ? AND bucket IN ?", args, copyInto(pages)); err != nil {
				return nil, err
			}
		}
	}
	return pages, nil
}

// copyInto keeps pages as copies.
func copyInto(pages map[index.Key][]byte) func(index.Key, []byte) error {
	return func(k index.Key, body []byte) error {
		pages[k] = slices.Clone(body)
		return nil
	}
}

func readPages(db *gorm.DB, text string, args []any, f func(index.Key, []byte) error) error {
	rows, err := db.Raw(text, args...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	var (
		k     index.Key
		shelf int64 // of a type that the driver fills without reflection
		body  sql.RawBytes
	)
	for rows.Next() {
		if err := rows.Scan(&shelf, &k.Project, &k.Bucket, &body); err != nil {
			return err
		}
		k.Shelf = index.Shelf(shelf)
		if err := f(k, body); err != nil {
			return err
		}
	}
	return rows.Err()
}
