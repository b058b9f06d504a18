package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

var (
	versionLine = regexp.MustCompile(`(?m)^const Version = "([^"]+)"$`)
	releaseForm = regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	headingLine = regexp.MustCompile(`(?m)^## (\S+) \((.+)\)$`)
	dayForm     = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
)

// version returns what the tree in root calls itself, if that can be released:
// a version without a suffix, which heads the changelog with its day.
func version(root string) (string, error) {
	own, err := find(filepath.Join(root, "app.go"), versionLine)
	if err != nil {
		return "", err
	}
	heading, err := find(filepath.Join(root, "CHANGELOG.md"), headingLine)
	if err != nil {
		return "", err
	}
	switch {
	case !releaseForm.MatchString(own[1]):
		return "", fmt.Errorf("app.go: %s is a development version", own[1])
	case heading[1] != own[1]:
		return "", fmt.Errorf("CHANGELOG.md: the first version is %s, and app.go says %s", heading[1], own[1])
	case !dayForm.MatchString(heading[2]):
		return "", fmt.Errorf("CHANGELOG.md: %s has no day but %q", own[1], heading[2])
	}
	return own[1], nil
}

func find(file string, line *regexp.Regexp) ([]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	found := line.FindStringSubmatch(string(text))
	if found == nil {
		return nil, fmt.Errorf("%s has no line %s", filepath.Base(file), line)
	}
	return found, nil
}

// clean refuses a tree with anything that is not committed.
func clean(ctx context.Context, root string) error {
	changes, err := output(ctx, root, "git", "status", "--porcelain")
	if err != nil {
		return err
	}
	if changes != "" {
		return errors.New("commit these first:\n" + changes)
	}
	return nil
}
