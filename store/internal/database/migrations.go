package database

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// migration is one step of the schema.
type migration struct {
	name, text string
	// needs is the oldest release that can work on a database after this step.
	needs release
}

// needsPrefix begins the first line of a migration; the release follows.
const needsPrefix = "-- needs "

// readMigrations reads the steps in their order. Their files are numbered from
// 1 without a gap, 0001_what.sql, and begin with the line "-- needs 0.1.0".
func readMigrations(files fs.FS) ([]migration, error) {
	entries, err := fs.ReadDir(files, "migrations")
	if err != nil {
		return nil, err
	}
	steps := make([]migration, 0, len(entries))
	for i, entry := range entries {
		step, err := readMigration(files, entry.Name(), i+1)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", entry.Name(), err)
		}
		steps = append(steps, step)
	}
	return steps, nil
}

func readMigration(files fs.FS, name string, number int) (migration, error) {
	if want := fmt.Sprintf("%04d_", number); !strings.HasPrefix(name, want) {
		return migration{}, fmt.Errorf("want a name that begins with %s", want)
	}
	text, err := fs.ReadFile(files, "migrations/"+name)
	if err != nil {
		return migration{}, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	version, ok := strings.CutPrefix(first, needsPrefix)
	if !ok {
		return migration{}, fmt.Errorf("its first line does not begin with %q", needsPrefix)
	}
	needs, err := parseRelease(version)
	if err == nil && needs.dev {
		err = errors.New("needs a development build")
	}
	return migration{name: name, text: string(text), needs: needs}, err
}
