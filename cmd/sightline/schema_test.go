package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sightline-go/sightline"
)

// The operators' document says which schema this release makes and who else works with
// it, as the migrations say.
func TestSchemaIsDocumented(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../store/migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	newest, err := os.ReadFile(files[len(files)-1])
	if err != nil {
		t.Fatal(err)
	}
	needs, _, _ := strings.Cut(strings.TrimPrefix(string(newest), "-- needs "), "\n")
	release, _, _ := strings.Cut(sightline.Version, "-")
	text, err := os.ReadFile("../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	if line := fmt.Sprintf("| %s | %d | %s |", release, len(files), needs); !strings.Contains(string(text), line) {
		t.Errorf("docs/operate.md has no line %q", line)
	}
	changes, err := os.ReadFile("../../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	if said := fmt.Sprintf("to schema %d", len(files)); !strings.Contains(string(changes), said) {
		t.Errorf("CHANGELOG.md does not say %q", said)
	}
}
