package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTablesAreReplaced(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(file, []byte("# Words\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	one, many := options{tenants: 1}, options{tenants: 1000, postgres: "postgres://"}
	for _, step := range []struct {
		o      options
		tables string
	}{{one, "old\n"}, {many, "many\n"}, {one, "new\n"}} {
		if err := step.o.writeInto(file, []byte(step.tables)); err != nil {
			t.Fatal(err)
		}
	}
	const want = "# Words\n<!-- SQLite, 1 tenants -->\nnew\n<!-- end -->\n<!-- PostgreSQL, 1000 tenants -->\nmany\n<!-- end -->\n"
	if got, err := os.ReadFile(file); err != nil || string(got) != want {
		t.Errorf("got %q, %v", got, err)
	}
}
