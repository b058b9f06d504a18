package database

import (
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// Column is one of a table.
type Column struct {
	Name string
	// Boolean says that it holds true and false, which SQLite keeps as 1 and 0.
	Boolean bool
}

// Columns are those of a table, in their order.
func Columns(db *gorm.DB, table string) (columns []Column, err error) {
	text := "SELECT name, lower(type) = 'boolean' AS boolean FROM pragma_table_info(?) ORDER BY cid"
	if OnPostgres(db) {
		text = `SELECT attname AS name, atttypid = 'boolean'::regtype AS boolean FROM pg_attribute
			WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`
	}
	if err := db.Raw(text, table).Scan(&columns).Error; err != nil {
		return nil, fmt.Errorf("columns of %s: %w", table, err)
	}
	return columns, nil
}

// Names are those of columns, as a statement lists them.
func Names(columns []Column) string {
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// EachRow reads columns of a query's rows: db.Table(name), perhaps with conditions.
// Values are of the same types on both databases: int64, string, []byte, bool, and nil.
func EachRow(query *gorm.DB, columns []Column, f func(values []any) error) (err error) {
	rows, err := query.Select(Names(columns)).Rows()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	targets := make([]any, len(columns))
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		for i, c := range columns {
			if number, ok := values[i].(int64); ok && c.Boolean {
				values[i] = number != 0
			}
		}
		if err := f(values); err != nil {
			return err
		}
	}
	return rows.Err()
}
