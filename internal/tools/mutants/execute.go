package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// runUnchanged checks that every test of the rows passes on the unchanged code.
func runUnchanged(ctx context.Context, rows []Row) error {
	done := map[string]bool{}
	for _, row := range rows {
		key := row.Package + " " + row.top()
		if done[key] {
			continue
		}
		done[key] = true
		failed, err := row.failures(ctx, nil)
		if err == nil && len(failed) > 0 {
			err = fmt.Errorf("fails: %s", strings.Join(failed, ", "))
		}
		if err != nil {
			return fmt.Errorf("%s without a change: %w", key, err)
		}
	}
	return nil
}

// runMutant checks that the row's case fails on its mutant, and no other case
// of its test except those listed with it.
func runMutant(ctx context.Context, row Row) error {
	mutant, err := row.mutated(".")
	if err != nil {
		return err
	}
	failed, err := row.failures(ctx, mutant)
	if err != nil {
		return err
	}
	if !slices.Equal(failed, slices.Sorted(slices.Values(append([]string{row.Case}, row.Also...)))) {
		return fmt.Errorf("fails: %s", strings.Join(failed, ", "))
	}
	return nil
}

// top is the row's test without the subtest.
func (r Row) top() string {
	name, _, _ := strings.Cut(r.Case, "/")
	return name
}

// failures builds the row's tests with the mutant in place of its file, runs
// the row's test and returns the cases that failed.
func (r Row) failures(ctx context.Context, mutant []byte) ([]string, error) {
	folder, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	binary := filepath.Join(folder, "mutant.test")
	args := []string{"test", "-c", "-vet=off", "-ldflags=-s -w", "-o", binary}
	if mutant != nil {
		overlay, err := r.overlay(folder, mutant)
		if err != nil {
			return nil, err
		}
		args = append(args, "-overlay="+overlay)
	}
	build := exec.CommandContext(ctx, "go", append(args, "./"+r.Package)...)
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	test := exec.CommandContext(ctx, binary, "-test.run=^"+r.top()+"$", "-test.timeout=2m")
	test.Dir = filepath.FromSlash(r.Package)
	out, err := test.CombinedOutput()
	return failedCases(string(out), r.top(), err)
}

// overlay writes the mutant and the file that puts it in place.
func (r Row) overlay(folder string, mutant []byte) (string, error) {
	real, err := filepath.Abs(filepath.FromSlash(r.File))
	if err != nil {
		return "", err
	}
	file, overlay := filepath.Join(folder, "mutant.go"), filepath.Join(folder, "overlay.json")
	data, err := json.Marshal(map[string]map[string]string{"Replace": {real: file}})
	if err != nil {
		return "", err
	}
	return overlay, errors.Join(os.WriteFile(file, mutant, 0o600), os.WriteFile(overlay, data, 0o600))
}

var (
	errNoResult = errors.New("no test ran to its end")
	failedLine  = regexp.MustCompile(`(?m)^ *--- FAIL: (\S+)`)
)

// failedCases are the failed cases in a run's output, sorted by name; a test
// without cases counts as one. A run that did not end properly is an error.
func failedCases(out, top string, err error) ([]string, error) {
	var cases []string
	for _, found := range failedLine.FindAllStringSubmatch(out, -1) {
		if strings.Count(found[1], "/") == 1 {
			cases = append(cases, found[1])
		}
	}
	if len(cases) == 0 && strings.Contains(out, "--- FAIL: "+top+" ") {
		cases = []string{top}
	}
	if strings.Contains(out, "panic: ") || err != nil && len(cases) == 0 || strings.Contains(out, "no tests to run") {
		return nil, fmt.Errorf("the run broke: %w\n%s", cmp.Or(err, errNoResult), out[:min(len(out), 2000)])
	}
	slices.Sort(cases)
	return cases, nil
}
