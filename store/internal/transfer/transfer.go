// Package transfer copies the tables of one database into another, whichever engines
// they are on, and says whether two databases hold the same. It knows no table.
package transfer

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/store/internal/database"
)

// ErrDiffers says that what was written is not what is read back.
var ErrDiffers = errors.New("what was written is not what is read back")

// Content is what a table holds: how many rows, and a sum over them that does not
// depend on their order.
type Content struct {
	Rows int
	sum  [4]uint64
}

// add counts a row.
func (c *Content) add(hash [sha256.Size]byte) {
	c.Rows++
	for i := range c.sum {
		c.sum[i] += binary.BigEndian.Uint64(hash[i*8:])
	}
}

// The most rows and bytes that one statement writes, and the most values: SQLite takes
// no more than 32,766.
const (
	maxRows   = 200
	maxBytes  = 1 << 20
	maxValues = 30_000
)

// Copy copies tables, each after those that its rows belong to, into empty ones with
// the same columns, and reads back what it wrote. It returns what each table holds. An
// error wraps [ErrDiffers] if the two differ.
func Copy(to, from *gorm.DB, tables []string) (map[string]Content, error) {
	copied := map[string]Content{}
	for _, table := range tables {
		content, err := copyTable(to, from, table)
		if err != nil {
			return nil, fmt.Errorf("copy %s: %w", table, err)
		}
		copied[table] = content
	}
	return copied, Check(to, copied)
}

// Check reads tables and reports an error that wraps [ErrDiffers] if one does not hold
// what it should.
func Check(db *gorm.DB, want map[string]Content) error {
	for table, content := range want {
		columns, err := database.Columns(db, table)
		if err != nil {
			return err
		}
		var got Content
		err = database.EachRow(db.Table(table), columns, func(row []any) error {
			got.add(hash(row))
			return nil
		})
		if err != nil {
			return fmt.Errorf("read back %s: %w", table, err)
		}
		if got != content {
			return fmt.Errorf("%w: %s, with %d rows instead of %d", ErrDiffers, table, got.Rows, content.Rows)
		}
	}
	return nil
}

func copyTable(to, from *gorm.DB, table string) (content Content, err error) {
	columns, err := database.Columns(to, table)
	if err != nil {
		return content, err
	}
	w := &writer{db: to, table: table, columns: columns, most: min(maxRows, maxValues/max(len(columns), 1))}
	err = database.EachRow(from.Table(table), columns, func(row []any) error {
		content.add(hash(row))
		return w.add(row)
	})
	if err == nil {
		err = w.flush()
	}
	return content, err
}

// writer writes rows, many in one statement.
type writer struct {
	db      *gorm.DB
	table   string
	columns []database.Column
	most    int
	values  []any
	rows    int
	bytes   int
}

func (w *writer) add(row []any) error {
	w.values, w.rows = append(w.values, row...), w.rows+1
	for _, value := range row {
		w.bytes += size(value)
	}
	if w.rows < w.most && w.bytes < maxBytes {
		return nil
	}
	return w.flush()
}

func (w *writer) flush() error {
	if w.rows == 0 {
		return nil
	}
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(w.columns)), ", ") + ")"
	text := "INSERT INTO " + w.table + " (" + database.Names(w.columns) + ") VALUES " + row + strings.Repeat(", "+row, w.rows-1)
	err := w.db.Exec(text, w.values...).Error
	w.values, w.rows, w.bytes = w.values[:0], 0, 0
	return err
}

func size(value any) int {
	switch v := value.(type) {
	case string:
		return len(v)
	case []byte:
		return len(v)
	}
	return 8
}

// hash is of a row's values.
func hash(row []any) [sha256.Size]byte {
	var text []byte
	for _, value := range row {
		switch v := value.(type) {
		case nil:
			text = append(text, 'n')
		case bool:
			text = append(text, 'b', map[bool]byte{true: 1}[v])
		case string:
			text = sized(append(text, 't'), []byte(v))
		case []byte:
			text = sized(append(text, 'x'), v)
		default: // whole numbers
			text = sized(append(text, 'i'), fmt.Append(nil, v))
		}
	}
	return sha256.Sum256(text)
}

// sized appends bytes after their length, so that no two rows read the same.
func sized(text, value []byte) []byte {
	return append(binary.AppendUvarint(text, uint64(len(value))), value...)
}
