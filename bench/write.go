package main

import (
	"bytes"
	"fmt"
	"os"
)

// writeInto puts a run's tables into a document: in place of those of an earlier
// run with the same database and as many tenants, else at the end.
func (o options) writeInto(file string, tables []byte) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	begin := fmt.Appendf(nil, "<!-- %s, %d tenants -->\n", o.databaseName(), o.tenants)
	end := []byte("<!-- end -->\n")
	before, rest, found := bytes.Cut(old, begin)
	after := []byte(nil)
	if found {
		_, after, _ = bytes.Cut(rest, end)
	}
	return os.WriteFile(file, bytes.Join([][]byte{before, begin, tables, end, after}, nil), 0o644) //nolint:gosec // a document that everybody may read
}
