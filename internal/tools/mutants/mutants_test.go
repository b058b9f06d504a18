package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const root = "../../.."

// Every mutant of the tree can be made.
func TestTables(t *testing.T) {
	t.Parallel()
	tables, err := filepath.Glob(filepath.Join(root, "connect/testdata/*-refusals.tsv"))
	if err != nil || len(tables) == 0 {
		t.Fatal(tables, err)
	}
	for _, file := range tables {
		rows, err := Read(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(root, rows); err != nil {
			t.Error(err)
		}
	}
}

// An out-of-date row is reported.
func TestCheck(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "x.go"), []byte("package x\n\nvar a, b = 1, 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	row := func(name, code, mutant string) Row { return Row{Case: name, File: "x.go", Code: code, Mutant: mutant} }
	for name, tt := range map[string]struct {
		rows []Row
		want string
	}{
		"good":            {[]Row{row("A", "a, b", "a, c"), row("B", "a, b", "a, d")}, ""},
		"gone":            {[]Row{row("A", "var c", "var d")}, "0 times"},
		"twice":           {[]Row{row("A", "1", "2")}, "2 times"},
		"nothing changes": {[]Row{row("A", "a, b", "a, b")}, "A: "},
		"no Go":           {[]Row{row("A", "a, b", "a, , b")}, "not Go"},
		"two rows":        {[]Row{row("A", "a, b", "a, c"), row("A", "a, b", "a, d")}, "two rows"},
		"no file":         {[]Row{{Case: "A", File: "y.go", Code: "x", Mutant: "y"}}, "y.go"},
	} {
		got := ""
		if err := Check(folder, tt.rows); err != nil {
			got = err.Error()
		}
		if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "table.tsv")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("headings\n# a comment\nR1\tno token\tpkg\tTestA/b + TestA/c\tx.go\tif a {⏎⇥b\tc\n")
	got, err := Read(file)
	want := []Row{{"R1", "no token", "pkg", "TestA/b", []string{"TestA/c"}, "x.go", "if a {\n\tb", "c"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	for _, text := range []string{"headings\n", "headings\na\tb\n"} {
		write(text)
		if _, err := Read(file); err == nil {
			t.Errorf("%q: read", text)
		}
	}
}

func TestFailedCases(t *testing.T) {
	t.Parallel()
	exit := errors.New("exit status 1")
	for name, tt := range map[string]struct {
		out  string
		err  error
		want []string
		ok   bool
	}{
		"passes":    {"PASS\n", nil, nil, true},
		"cases":     {"--- FAIL: TestA (0s)\n    --- FAIL: TestA/c (0s)\n    --- FAIL: TestA/b (0s)\n        --- FAIL: TestA/b/d (0s)\n", exit, []string{"TestA/b", "TestA/c"}, true},
		"the test":  {"--- FAIL: TestA (0s)\n    x_test.go:1: no\n", exit, []string{"TestA"}, true},
		"a panic":   {"--- FAIL: TestA (0s)\n    --- FAIL: TestA/c (0s)\npanic: x\n", exit, nil, false},
		"no test":   {"testing: warning: no tests to run\nPASS\n", nil, nil, false},
		"no result": {"killed", exit, nil, false},
	} {
		got, err := failedCases(tt.out, "TestA", tt.err)
		if diff := cmp.Diff(tt.want, got); diff != "" || (err == nil) != tt.ok {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
	}
}
