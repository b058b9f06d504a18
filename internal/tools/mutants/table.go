package main

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// Row is one line of a table: what is refused, which case shows it, and the
// change of the code that only this case notices.
type Row struct {
	// List names the list that asks for the refusal; What describes it.
	List, What string
	// Package is the folder of the case, Case the name of its test, with the
	// subtest behind a slash.
	Package, Case string
	// Also are cases that inevitably fail with it on the same mutant.
	Also []string
	// File is the file that the mutant changes: Code, which occurs once,
	// becomes Mutant.
	File, Code, Mutant string
}

// Read reads a table of tab-separated columns below a line of headings. A plus
// separates a case from those that inevitably fail with it. In code ⏎ stands
// for a line break and ⇥ for a tab. Lines with # are comments.
func Read(file string) ([]Row, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var (
		rows []Row
		code = strings.NewReplacer("⏎", "\n", "⇥", "\t")
	)
	for n, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		if n == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != 7 {
			return nil, fmt.Errorf("%s:%d: %d columns, want 7", file, n+1, len(cells))
		}
		cases := strings.Split(cells[3], " + ")
		rows = append(rows, Row{
			List: cells[0], What: cells[1], Package: cells[2], Case: cases[0], Also: cases[1:],
			File: cells[4], Code: code.Replace(cells[5]), Mutant: code.Replace(cells[6]),
		})
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: no rows", file)
	}
	return rows, nil
}

// Check finds out-of-date rows: their code does not occur exactly once, their
// mutant is not Go, or their case has another row. The root is the module's
// folder.
func Check(root string, rows []Row) error {
	var (
		errs []error
		seen = map[string]bool{}
	)
	for _, row := range rows {
		if name := row.Package + " " + row.Case; seen[name] {
			errs = append(errs, fmt.Errorf("%s: two rows", name))
		} else {
			seen[name] = true
		}
		if _, err := row.mutated(root); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", row.Case, err))
		}
	}
	return errors.Join(errs...)
}

// mutated is the row's file with its change.
func (r Row) mutated(root string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(r.File)))
	if err != nil {
		return nil, err
	}
	source := string(data)
	if n := strings.Count(source, r.Code); n != 1 || r.Code == r.Mutant {
		return nil, fmt.Errorf("%s has the code %d times, want 1: %q", r.File, n, r.Code)
	}
	source = strings.Replace(source, r.Code, r.Mutant, 1)
	if _, err := parser.ParseFile(token.NewFileSet(), r.File, source, parser.SkipObjectResolution); err != nil {
		return nil, fmt.Errorf("the mutant is not Go: %w", err)
	}
	return []byte(source), nil
}
