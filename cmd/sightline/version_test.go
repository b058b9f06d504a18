package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/sightline-go/sightline"
)

// TestVersion: the command and the flag, also after a command, print one line
// that starts with the version, whatever the environment says.
func TestVersion(t *testing.T) {
	t.Parallel()
	line := regexp.MustCompile(`^` + regexp.QuoteMeta(sightline.Version) + ` \(commit \S+, \S+\)\n$`)
	for _, args := range [][]string{{"version"}, {"--version"}, {"serve", "--version"}} {
		code, stdout, stderr := runCommand(t, map[string]string{"SIGHTLINE_VERSION": "9"}, args...)
		if code != 0 || !line.MatchString(stdout) || stderr != "" {
			t.Errorf("%v: exit %d, %q, %q, want %s", args, code, stdout, stderr, line)
		}
	}
}

// TestChangelogNamesTheVersion: its first heading is the program's version, with
// a day once it is one of a release.
func TestChangelogNamesTheVersion(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	heading := regexp.MustCompile(`(?m)^## (.+)$`).FindStringSubmatch(string(text))
	if heading == nil {
		t.Fatal("CHANGELOG.md has no version")
	}
	number, _, development := strings.Cut(sightline.Version, "-")
	want := regexp.QuoteMeta(number) + ` \(\d{4}-\d\d-\d\d\)`
	if development {
		want = regexp.QuoteMeta(number) + ` \(unreleased\)`
	}
	if !regexp.MustCompile(`^` + want + `$`).MatchString(heading[1]) {
		t.Errorf("CHANGELOG.md begins with %q, the version is %s: want %s", heading[1], sightline.Version, want)
	}
}
