package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

func TestFlagsAreChecked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"-runs", "0"}, "-runs: want 1 to 50"},
		{[]string{"-runs", "51"}, "-runs: want 1 to 50"},
		{[]string{"-runs", "many"}, "invalid value"},
		{[]string{"-time", "1ms"}, "-time: want 10ms to 15m0s"},
		{[]string{"-time", "2h"}, "-time: want"},
		{[]string{"-count", "0"}, "-count: want 1 to 5000000"},
		{[]string{"-clients", "65"}, "-clients: want 1 to 64"},
		{[]string{"-tenants", "0"}, "-tenants: want 1 to 20000"},
		{[]string{"-case", "verify,nothing"}, `no case "nothing"`},
		{[]string{"-case", "verify,"}, `no case ""`},
		{[]string{"-cases"}, "not defined"},
		{[]string{"verify"}, "only flags are accepted"},
	} {
		_, err := parse(tt.args, io.Discard)
		if !errors.Is(err, errUsage) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %s", tt.args, err, tt.want)
		}
	}
	_, err := parse([]string{"-runs", "0", "-clients", "0", "-case", "x"}, io.Discard)
	for _, part := range []string{"-runs", "-clients", "-case"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("got %v, want all that is wrong", err)
		}
	}
	if _, err := parse([]string{"-help"}, io.Discard); !errors.Is(err, flag.ErrHelp) || errors.Is(err, errUsage) {
		t.Errorf("help: got %v", err)
	}
}

func TestCasesAreChosen(t *testing.T) {
	t.Parallel()
	all, err := parse(nil, io.Discard)
	if err != nil || len(all.cases) != len(cases()) || all.runs != 5 || all.limits.Clients != 8 {
		t.Errorf("got %+v, %v", all, err)
	}
	some, err := parse([]string{"--case", "call,verify", "--runs", "1"}, io.Discard)
	if err != nil || len(some.cases) != 2 || some.cases[0].name != "call" || some.runs != 1 {
		t.Errorf("got %+v, %v", some, err)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-list"}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range cases() {
		if seen[c.name] || c.about == "" || c.floor == "" || c.shown == "" || !strings.Contains(out.String(), c.name+" ") {
			t.Errorf("case %+v: twice, not described, or not listed in\n%s", c, &out)
		}
		seen[c.name] = true
	}
}

func TestNoSuchCommit(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	for _, ref := range []string{"no-such-commit", "--help", "HEAD:go.mod"} {
		err := run(t.Context(), []string{"-case", "verify", "-against=" + ref}, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), ref) {
			t.Errorf("%s: got %v, want an error that names it", ref, err)
		}
	}
}

// A run of the smallest case builds a worker, measures and prints a table.
func TestRun(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := run(t.Context(), []string{"-case", "verify", "-runs", "2", "-time", "10ms"}, &out, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`2 rounds of 10ms, 8 clients, SQLite, 1 tenants; this is `, `verify: verify one signed page`, `floor +this +this/floor`,
		`op/s +\d+ ±\d+% +\d+ ±\d+% +[\d.]+ ±\d+%`, `p50 \* .*[nµ]s`, `allocs +7\.\d+ ±0%`,
	} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("want %s in\n%s", want, &out)
		}
	}
}

// A run of everything, against the last commit, starts programs and sites and
// leaves nothing behind.
func TestRunAgainst(t *testing.T) {
	t.Parallel()
	if os.Getenv("SIGHTLINE_TEST_SCALE") != "1" {
		t.Skip("builds two programs; make scale runs it")
	}
	var out bytes.Buffer
	var names []string
	for _, c := range cases() {
		// The others are tests and benchmarks, which go test runs.
		if !strings.HasPrefix(c.name, "index-") && !strings.HasPrefix(c.name, "readers-") {
			names = append(names, c.name)
		}
	}
	err := run(t.Context(), []string{"-case", strings.Join(names, ","), "-runs", "1", "-time", "50ms", "-count", "200", "-clients", "2", "-against", "HEAD", "-markdown"}, &out, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range names {
		if !strings.Contains(out.String(), "**"+c+": ") {
			t.Errorf("no %s in\n%s", c, &out)
		}
	}
	if rows := strings.Count(out.String(), "| allocs | "); rows != 5 || !strings.Contains(out.String(), "| this/HEAD |") {
		t.Errorf("got %d rows of allocations\n%s", rows, &out)
	}
	left, err := git(t.Context(), ".", "worktree", "list")
	if err != nil || strings.Contains(left, "sightline-bench-") {
		t.Errorf("left: %s, %v", left, err)
	}
}
